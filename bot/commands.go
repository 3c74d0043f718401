package bot

import (
	"fmt"
	"slices"
	"strings"

	"communityconnect/community"
)

// Command is one thing that people can tell the bot to do.
type Command struct {
	Name    string
	Aliases []string
	Usage   string // what follows the name, with an example of a person, an amount
	Brief   string // one line for /help
	Places  Place
	Council bool // for members of the council only
	// Suspended tells that a suspended member may still do this.
	Suspended bool
	// Hidden commands are not in the list that /help shows, only in /help WORD.
	Hidden bool
	// Bare tells how much may follow the command when it is typed without a slash: a
	// plain sentence may begin with any word.
	Bare bareness
	Run  func(*Call) error
}

// bareness is how freely a command may be typed without its slash in a direct message.
type bareness int

const (
	bareAlone bareness = iota // only the word by itself
	bareWord                  // with one word or number after it
	bareAny                   // whatever follows
)

// Commands returns the table of all commands, in the order in which help lists them.
func Commands() []Command {
	return []Command{
		{Name: "offer", Usage: "Guitar lessons for beginners, weekday evenings", Brief: "put an offer on the board", Places: InDM | InGroup, Bare: bareAny, Run: offer},
		{Name: "request", Aliases: []string{"need"}, Usage: "Help to move boxes on Saturday, 2h", Brief: "ask for help", Places: InDM | InGroup, Bare: bareAny, Run: request},
		{Name: "board", Aliases: []string{"browse"}, Usage: "[offers|requests] [word]", Brief: "what is open", Places: anywhere, Suspended: true, Bare: bareWord, Run: showBoard},
		{Name: "find", Aliases: []string{"who"}, Usage: "washing machine", Brief: "who can do something, or did it before", Places: anywhere, Suspended: true, Bare: bareAny, Run: find},
		{Name: "mine", Brief: "your posts, and what waits for you", Places: anywhere, Suspended: true, Run: mine},
		{Name: "renew", Usage: "[#12]", Brief: "keep your post on the board", Places: InDM | InGroup, Hidden: true, Bare: bareWord, Run: renew},
		{Name: "take", Usage: "[#12]", Brief: "take a post up, like 🙋", Places: InDM | InGroup, Hidden: true, Bare: bareWord, Run: take},
		{Name: "close", Aliases: []string{"sorted"}, Usage: "[#12]", Brief: "take your post off the board", Places: InDM | InGroup, Suspended: true, Bare: bareWord, Run: closePost},
		{Name: "gave", Usage: "@Ann 2h moving boxes", Brief: "log help you gave", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Run: gave},
		{Name: "got", Usage: "@Ben 30m lift to town", Brief: "log help you got", Places: InDM | InGroup, Bare: bareAny, Run: got},
		{Name: "trade", Usage: "@giver @receiver 2h what", Brief: "log help between two others", Places: InDM | InGroup, Bare: bareAny, Hidden: true, Run: trade},
		{Name: "confirm", Usage: "[#12]", Brief: "yes, that's right", Places: InDM | InGroup, Suspended: true, Bare: bareWord, Hidden: true, Run: confirm},
		{Name: "decline", Usage: "[#12] [why]", Brief: "no, that's wrong", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Hidden: true, Run: decline},
		{Name: "amend", Usage: "1h30", Brief: "yes, but another amount", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Hidden: true, Run: amend},
		{Name: "cancel", Usage: "[#12]", Brief: "take back what you logged", Places: InDM | InGroup, Suspended: true, Bare: bareWord, Hidden: true, Run: cancel},
		{Name: "undo", Usage: "[#12] [why]", Brief: "put a finished trade right", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Run: undo},
		{Name: "balance", Brief: "where you stand", Places: anywhere, Suspended: true, Run: balance},
		{Name: "history", Usage: "[10] [@Ann]", Brief: "your latest trades", Places: anywhere, Suspended: true, Bare: bareWord, Run: history},
		{Name: "limits", Brief: "how far you can go", Places: InDM | InGroup | InCouncil, Suspended: true, Bare: bareAlone, Run: limits},
		{Name: "books", Brief: "the sum of all balances, for anyone to check", Places: anywhere, Suspended: true, Run: books},
		{Name: "vouch", Usage: "@Ann", Brief: "say that it is really her, after a new phone", Places: InDM | InGroup, Hidden: true, Bare: bareAny, Run: vouch},
		{Name: "listen", Usage: "off", Brief: "whether I read your plain sentences in the group", Places: InDM | InGroup, Suspended: true, Hidden: true, Bare: bareWord, Run: listen},
		{Name: "help", Usage: "[word]", Brief: "this list, or more about one word", Places: anywhere, Suspended: true, Bare: bareWord, Run: help},

		{Name: "members", Brief: "who is in", Places: InCouncil, Council: true, Run: members},
		{Name: "policy", Usage: "[name value]", Brief: "what the community has agreed on", Places: InCouncil, Council: true, Run: policy},
		{Name: "enter", Usage: "@giver @receiver 1h what", Brief: "enter a trade from paper", Places: InCouncil, Council: true, Run: enter},
		{Name: "reverse", Usage: "#12 why", Brief: "take back a finished trade", Places: InCouncil, Council: true, Run: reverse},
		{Name: "restore", Usage: "@who", Brief: "let somebody act again after a new phone", Places: InCouncil, Council: true, Run: restore},
		{Name: "audit", Brief: "recompute the books", Places: InCouncil, Council: true, Run: audit},
		{Name: "log", Usage: "[10]", Brief: "what the council has done", Places: InCouncil, Council: true, Run: councilLog},
	}
}

// checkCommands refuses a table in which a word means two things.
func checkCommands(all []Command) error {
	seen := map[string]bool{}
	for _, cmd := range all {
		for _, word := range append([]string{cmd.Name}, cmd.Aliases...) {
			if seen[word] || word != strings.ToLower(word) || cmd.Brief == "" || cmd.Run == nil || cmd.Places == 0 {
				return fmt.Errorf("command %q is double or incomplete", word)
			}
			seen[word] = true
		}
	}
	return nil
}

// lookUp finds a command by its exact name or alias: a prefix never moves credits.
func (w *world) lookUp(word string) *Command {
	i := slices.IndexFunc(w.commands, func(cmd Command) bool {
		return cmd.Name == word || slices.Contains(cmd.Aliases, word)
	})
	if i < 0 {
		return nil
	}
	return &w.commands[i]
}

// fitsBare reports whether a line that begins with the command's word but no slash is
// meant as the command, and is not a sentence that happens to begin so.
func (cmd *Command) fitsBare(rest string) bool {
	switch cmd.Bare {
	case bareAny:
		return true
	case bareWord:
		return len(strings.Fields(rest)) <= 1
	default:
		return rest == ""
	}
}

// allowed refuses a command to somebody who may not use it, or not here.
func (c *Call) allowed(cmd *Command) error {
	switch {
	case cmd.Council && !c.from.Council:
		return refuse(councilOnly)
	case cmd.Council && !c.from.Frozen.IsZero():
		return refuse(frozen)
	case cmd.Places&c.place == 0:
		return refuse(elsewhere, "command", "/"+cmd.Name, "place", placeNames(cmd.Places))
	case c.from.Status == community.Suspended && !cmd.Suspended:
		return refuse(notForSuspended)
	}
	return nil
}

func placeNames(p Place) string {
	var names []string
	if p&InDM != 0 {
		names = append(names, "a direct message to me")
	}
	if p&InGroup != 0 {
		names = append(names, "the group")
	}
	if p&InCouncil != 0 {
		names = append(names, "the council's group")
	}
	return strings.Join(names, " or ")
}

// run carries a command out.
func (c *Call) run(cmd *Command, words string) error {
	if err := c.allowed(cmd); err != nil {
		return err
	}
	c.command, c.words, c.taken = cmd, words, ""
	return cmd.Run(c)
}
