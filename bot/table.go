package bot

import "slices"

// Chapter is a group of commands that help shows together.
type Chapter struct {
	Name     string // what follows /help
	Brief    string // over its page
	Commands []Command
}

// Chapters returns the table of all commands, in the order in which help lists them.
func Chapters() []Chapter {
	return []Chapter{
		{"posts", "offers and requests", boardCommands()},
		{"trades", "logging help, and putting it right", slices.Concat(tradeCommands(), disputeCommands())},
		{"numbers", "where you and the community stand", ownCommands()},
		{"people", "coming, going, who is who", peopleCommands()},
		{"leaving", "being away, going, giving away", leavingCommands()},
		{"deciding", "votes of the members", voteCommands()},
		{"council", "for the council, in its own group", councilCommands()},
	}
}

// Commands returns the commands of all chapters.
func Commands() (all []Command) {
	for _, chapter := range Chapters() {
		all = append(all, chapter.Commands...)
	}
	return all
}

// boardCommands are for what people offer and ask for.
func boardCommands() []Command {
	return []Command{
		{Name: "offer", Usage: "Guitar lessons for beginners, weekday evenings", Brief: "put an offer on the board", Places: InDM | InGroup, Bare: bareAny, First: true, Run: offer},
		{Name: "request", Aliases: []string{"need"}, Usage: "Help to move boxes on Saturday, 2h", Brief: "ask for help", Places: InDM | InGroup, Bare: bareAny, First: true, Run: request},
		{Name: "board", Aliases: []string{"browse"}, Usage: "[offers|requests] [word]", Brief: "what is open", Places: anywhere, Suspended: true, Bare: bareWord, Run: showBoard},
		{Name: "find", Aliases: []string{"who"}, Usage: "washing machine", Brief: "who can do something, or did it before", Places: anywhere, Suspended: true, Bare: bareAny, First: true, Run: find},
		{Name: "mine", Brief: "your posts, and what waits for you", Places: anywhere, Suspended: true, First: true, Run: mine},
		{Name: "renew", Usage: "[#12]", Brief: "keep your post on the board", Places: InDM | InGroup, Hidden: true, Bare: bareWord, Run: renew},
		{Name: "take", Usage: "[#12]", Brief: "take a post up, like 🙋", Places: InDM | InGroup, Hidden: true, Bare: bareWord, Run: take},
		{Name: "close", Aliases: []string{"sorted"}, Usage: "[#12]", Brief: "take your post off the board", Places: InDM | InGroup, Suspended: true, Bare: bareWord, Run: closePost},
	}
}

// tradeCommands are for help that was given, and what became of it.
func tradeCommands() []Command {
	return []Command{
		{Name: "gave", Usage: "@Ann 2h moving boxes", Brief: "log help you gave", Places: InDM | InGroup, Suspended: true, Bare: bareAny, First: true, Run: gave},
		{Name: "got", Usage: "@Ben 30m lift to town", Brief: "log help you got", Places: InDM | InGroup, Bare: bareAny, Run: got},
		{Name: "trade", Usage: "@giver @receiver 2h what", Brief: "log help between two others", Places: InDM | InGroup, Bare: bareAny, Hidden: true, Run: trade},
		{Name: "confirm", Usage: "[#12]", Brief: "yes, that's right", Places: InDM | InGroup, Suspended: true, Bare: bareWord, Hidden: true, Run: confirm},
		{Name: "decline", Usage: "[#12] [why]", Brief: "no, that's wrong", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Hidden: true, Run: decline},
		{Name: "amend", Usage: "1h30", Brief: "yes, but another amount", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Hidden: true, Run: amend},
		{Name: "cancel", Usage: "[#12]", Brief: "take back what you logged", Places: InDM | InGroup, Suspended: true, Bare: bareWord, Hidden: true, Run: cancel},
		{Name: "undo", Usage: "[#12] [why]", Brief: "put a finished trade right", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Run: undo},
	}
}

// ownCommands are for what one wants to know.
func ownCommands() []Command {
	return []Command{
		{Name: "balance", Brief: "where you stand", Places: anywhere, Suspended: true, First: true, Run: balance},
		{Name: "history", Usage: "[10] [@Ann]", Brief: "your latest trades", Places: anywhere, Suspended: true, Bare: bareWord, Run: history},
		{Name: "limits", Brief: "how far you can go", Places: InDM | InGroup | InCouncil, Suspended: true, Bare: bareAlone, Run: limits},
		{Name: "books", Brief: "the sum of all balances, for anyone to check", Places: anywhere, Suspended: true, Run: books},
	}
}

// peopleCommands are for coming, going and being among others.
func peopleCommands() []Command {
	return []Command{
		{Name: "vouch", Usage: "CODE | @Ann", Brief: "stand for somebody new by their code, or for a member with a new phone", Places: InDM | InGroup, Bare: bareAny, Run: vouch},
		{Name: "lost", Usage: "@Ann", Brief: "say that a neighbour's phone is lost, so that nobody can act for them", Places: InDM | InGroup, Frozen: true, Bare: bareAny, Run: lost},
		{Name: "join", Brief: "how somebody new comes in", Places: InDM | InGroup, Hidden: true, Outside: true, Run: join},
		{Name: "profile", Usage: "[@Ann] | about I fix bikes | name Ann Kelly", Brief: "who somebody is; what others see of you", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Run: profile},
		{Name: "feedback", Usage: "The board is hard to read", Brief: "a word to the council, with your name or without", Places: anywhere, Suspended: true, Bare: bareAny, Run: feedback},
		{Name: "mydata", Brief: "everything I hold about you, as a file", Places: InDM | InGroup, Suspended: true, Former: true, Run: mydata},
		{Name: "forget", Brief: "have me forget what you wrote; all of you once you've left", Places: InDM | InGroup, Suspended: true, Former: true, Run: forget},
		{Name: "listen", Usage: "off", Brief: "whether I read your plain sentences in the group", Places: InDM | InGroup, Suspended: true, Hidden: true, Bare: bareWord, Run: listen},
		{Name: "quiet", Usage: "[asks|all] [on|off]", Brief: "what I write to you unasked", Places: anywhere, Suspended: true, Bare: bareWord, Run: quiet},
		{Name: "portal", Aliases: []string{"website"}, Brief: "the same in a browser", Places: InDM, Suspended: true, Run: portal},
		{Name: "help", Usage: "[word]", Brief: "this list, or more about one word", Places: anywhere, Suspended: true, Frozen: true, Hidden: true, Bare: bareWord, Run: help},
	}
}

// councilCommands are for the members of the council, in their own group.
func councilCommands() []Command {
	return []Command{
		{Name: "members", Usage: "[add Tom Byrne]", Brief: "who is in; add somebody who has no phone", Places: InCouncil, Council: true, Run: members},
		{Name: "policy", Usage: "[name value]", Brief: "what the community has agreed on", Places: InCouncil, Council: true, Run: policy},
		{Name: "enter", Usage: "@giver @receiver 1h what", Brief: "enter a trade from paper", Places: InCouncil, Council: true, Run: enter},
		{Name: "reverse", Usage: "#12 why", Brief: "take back a finished trade", Places: InCouncil, Council: true, Run: reverse},
		{Name: "grant", Usage: "@who 2h why", Brief: "give somebody from the commons", Places: InCouncil, Council: true, Run: grant},
		{Name: "settle", Usage: "@who why", Brief: "have the commons settle what a leaver leaves behind", Places: InCouncil, Council: true, Run: settleAccount},
		{Name: "cases", Usage: "[#3]", Brief: "which disagreements are open, and what was passed to you", Places: InCouncil, Council: true, Run: cases},
		{Name: "pending", Brief: "what waits for you, and who waits to be let in", Places: InCouncil, Council: true, Run: pending},
		{Name: "approve", Usage: "CODE", Brief: "let somebody in, back in, or move their account", Places: InCouncil, Council: true, Run: approve},
		{Name: "suspend", Usage: "@who why", Brief: "stop somebody from getting help and posting", Places: InCouncil, Council: true, Run: suspend},
		{Name: "restore", Usage: "@who", Brief: "end a suspension, or let somebody act again after a new phone", Places: InCouncil, Council: true, Run: restore},
		{Name: "household", Usage: "@Ben @Ann", Brief: "let Ben share Ann's account; @Ben alone parts them", Places: InCouncil, Council: true, Run: household},
		{Name: "takedown", Usage: "#12 why", Brief: "take a post off the board", Places: InCouncil, Council: true, Run: takedown},
		{Name: "announce", Usage: "We meet on Sunday at three", Brief: "say something to everybody", Places: InCouncil, Council: true, Run: announce},
		{Name: "health", Brief: "how the community does", Places: InCouncil, Council: true, Run: health},
		{Name: "audit", Brief: "recompute the books", Places: InCouncil, Council: true, Run: audit},
		{Name: "log", Usage: "[10]", Brief: "what the council has done", Places: InCouncil, Council: true, Run: councilLog},
	}
}
