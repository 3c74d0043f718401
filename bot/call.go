package bot

import (
	"time"

	"communityconnect/board"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/nlp"
	"communityconnect/storage"
)

// Place is where something is said.
type Place int

// The places. A command's places are a sum of these.
const (
	InDM Place = 1 << iota
	InGroup
	InCouncil

	anywhere = InDM | InGroup | InCouncil
)

// Call is everything a handler sees: one thing that one member said, in one
// transaction. What the handler wants said it leaves here as data.
type Call struct {
	tx       *storage.Tx
	book     ledger.Book // tx, or books that refuse to post
	now      time.Time
	people   *people
	world    *world
	from     community.Member
	seconder community.Member // of a council act that has its second; ID 0 before
	agreed   string           // what the seconder, or the members, agreed to
	byVote   string           // how the members voted for a council act, in words; "" where it was not put to them
	place    Place
	in       chat.Conversation
	msg      chat.Message
	apart    bool           // what it logs is known to be another piece of help
	late     bool           // it reached us more than an hour after it was sent
	about    *storage.Topic // the bot's message that it replies to or reacts to
	command  *Command
	words    string // what follows the command and has not been read yet, persons marked
	taken    string // the persons read so far, marked

	replies []reply
	indexed []func(*board.Index) // changes of the index, for after the commit
	guessed bool                 // the command was read out of a sentence
	guess   *nlp.Reading         // what the guesser says of the message; nil if it wasn't asked
	noGuess bool                 // it was asked and failed
	first   bool                 // it is the member's first direct message
	unseen  bool                 // questions wait that the member has not been shown yet
	forUs   bool                 // it was addressed to us and is kept for the record
	changed bool                 // people or policy are no longer what they were
	unasked bool                 // nobody's act has brought it: what it says keeps the quiet hours

	act     *Act // what it is on the portal's pages; nil for what came over the line
	refusal bool // it was refused

	forgotten []chat.PersonID // nothing more is said to them
	sweepFile bool            // words were erased, and the file has to be swept of them

	wondered *nlp.Utterance // what the guesser is to be asked; nil for nothing
}

// world is what does not change while the engine runs.
type world struct {
	self     chat.PersonID
	group    chat.GroupID
	council  chat.GroupID
	portal   string // the web pages' address; "" for none
	zone     *time.Location
	online   func() bool // the line can take something
	commands []Command
	jobs     []Job
	audit    func() (ledger.Report, error)
	index    *board.Index
	language *Language
	guesser  Guesser // nil for none
}

// reply is one thing for the bot to do, before it is rendered for the line.
type reply struct {
	act   chat.Act
	to    chat.Conversation
	text  string // persons marked
	quote *chat.Ref
	emoji string
	on    *chat.Ref // what a reaction is put on
	add   []chat.PersonID
	topic storage.Topic
	files []chat.File
	own   bool // an answer to whoever spoke
}

func (c *Call) group() chat.Conversation   { return chat.Conversation{Group: c.world.group} }
func (c *Call) council() chat.Conversation { return chat.Conversation{Group: c.world.council} }

func direct(m community.Member) chat.Conversation {
	return chat.Conversation{Person: chat.PersonID(m.Person)}
}

// text fills a phrase.
func (c *Call) text(phrase string, args ...any) string { return c.people.fill(phrase, args...) }

// send queues a message about a topic.
func (c *Call) send(to chat.Conversation, topic storage.Topic, text string) {
	if to != (chat.Conversation{}) {
		c.replies = append(c.replies, reply{act: chat.Send, to: to, text: text, topic: topic})
	}
}

// edit gives the newest message about a topic in a conversation a new text. Where it
// can't be edited any more it gets a reaction instead.
func (c *Call) edit(to chat.Conversation, topic storage.Topic, text, emoji string) {
	if to != (chat.Conversation{}) {
		c.replies = append(c.replies, reply{act: chat.Edit, to: to, text: text, topic: topic, emoji: emoji})
	}
}

// react puts an emoji on the message that is being answered.
func (c *Call) react(emoji string) {
	if c.act != nil {
		c.replies = append(c.replies, reply{act: chat.React, text: doneOnPage, own: true})
		return
	}
	if c.msg.Kind != chat.Said || c.msg.In != c.in {
		return // the act being answered is itself a reaction, or was elsewhere
	}
	c.replies = append(c.replies, reply{act: chat.React, to: c.in, emoji: emoji, on: &chat.Ref{Author: c.msg.From, Sent: c.msg.Sent}})
}

// answer says something in the conversation in which the member spoke. In a group it
// quotes them, or names them if all they did was tap.
func (c *Call) answer(phrase string, args ...any) {
	r := reply{act: chat.Send, to: c.in, text: c.text(phrase, args...), own: true}
	switch {
	case c.in.Direct() || c.msg.In != c.in || c.act != nil:
	case c.msg.Kind == chat.Said:
		r.quote = &chat.Ref{Author: c.msg.From, Sent: c.msg.Sent}
	default:
		r.text = personMark(c.from.ID) + ": " + r.text
	}
	c.replies = append(c.replies, r)
}

// private tells the member something that is nobody else's business: in a direct
// message, wherever they asked, and the others see a thumb.
func (c *Call) private(phrase string, args ...any) {
	if c.place == InDM {
		c.answer(phrase, args...)
		return
	}
	if !c.from.Met {
		c.answer(sayHelloFirst)
		return
	}
	c.react("👍")
	c.replies = append(c.replies, reply{act: chat.Send, to: direct(c.from), text: c.text(phrase, args...), own: true})
}

// aside tells the member what is no secret but concerns nobody else.
func (c *Call) aside(phrase string, args ...any) {
	if c.place == InDM || c.from.Met {
		c.private(phrase, args...)
		return
	}
	c.answer(phrase, args...)
}

// quietly tells the member what they hardly need to hear: in their direct messages if
// they have any; in the group a thumb is enough.
func (c *Call) quietly(phrase string, args ...any) {
	if c.place == InDM || c.from.Met {
		c.private(phrase, args...)
		return
	}
	c.react("👍")
}

// tell lets a member know what somebody else's act has brought. It is written to them
// if they talk with the bot; otherwise, if it is no secret, it is said in the group
// where the matter was begun.
func (c *Call) tell(m community.Member, where chat.Conversation, phrase string, args ...any) {
	switch {
	case m.ID == 0 || m.Person == "":
	case m.Met:
		c.send(direct(m), storage.Topic{}, c.text(phrase, args...))
	case !where.Direct():
		c.send(where, storage.Topic{}, personMark(m.ID)+": "+c.text(phrase, args...))
	}
}

// household reports whether both belong to one account.
func (c *Call) household(m community.Member) bool { return m.Account == c.from.Account }

// day prints a day as people say it: today, yesterday, Thursday, 4 May, 4 May 2025.
func (c *Call) day(t time.Time) string {
	t, now := t.In(c.world.zone), c.now.In(c.world.zone)
	y, m, d := now.Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, c.world.zone)
	switch {
	case !t.Before(midnight):
		return "today"
	case !t.Before(midnight.AddDate(0, 0, -1)):
		return "yesterday"
	case !t.Before(midnight.AddDate(0, 0, -6)):
		return t.Format("Monday")
	case t.Year() == y:
		return t.Format("2 January")
	}
	return t.Format("2 January 2006")
}

// clock prints when something was: at 14:05, yesterday at 14:05, on Thursday at 14:05.
func (c *Call) clock(t time.Time) string {
	at := "at " + t.In(c.world.zone).Format("15:04")
	switch day := c.day(t); day {
	case "today":
		return at
	case "yesterday":
		return "yesterday " + at
	default:
		return "on " + day + " " + at
	}
}
