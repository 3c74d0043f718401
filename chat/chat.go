package chat

import (
	"fmt"
	"time"
)

// PersonID is who somebody is on the line: opaque, stable, compared byte for byte.
type PersonID string

// GroupID is a group on the line: opaque and case-sensitive.
type GroupID string

// Timestamp is a message's time in milliseconds since 1970 by its author's clock.
// Together with the author it is the identity of a message.
type Timestamp int64

// TimestampOf converts a time to the line's own unit.
func TimestampOf(t time.Time) Timestamp { return Timestamp(t.UnixMilli()) }

// Time converts back, in UTC.
func (t Timestamp) Time() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Conversation is where something is said: a group, or a direct conversation between
// the bot and one person. Exactly one of the two is set.
type Conversation struct {
	Group  GroupID  `json:"group,omitempty"`
	Person PersonID `json:"person,omitempty"`
}

// Direct reports whether it is a direct conversation with one person.
func (c Conversation) Direct() bool { return c.Group == "" }

// Ref points at a message by its identity.
type Ref struct {
	Author PersonID  `json:"author"`
	Sent   Timestamp `json:"sent"`
}

// Kind tells what happened.
type Kind string

// The kinds of things that happen on a line.
const (
	Said      Kind = "said"      // a message with a text
	Reacted   Kind = "reacted"   // a reaction was put on a message or taken away
	Edited    Kind = "edited"    // a message's text was changed; never carried out again
	Deleted   Kind = "deleted"   // a message was deleted for everyone
	Roster    Kind = "roster"    // people joined or left the group
	NewDevice Kind = "newdevice" // the person's safety number changed
	Acted     Kind = "acted"     // done on the web pages: a line they could have typed; never from a line
	Guessed   Kind = "guess"     // a second reading of what the person said, by a slower reader; never from a line
)

// Mention is a person named in a text. Start and Length count UTF-16 code units, as
// Signal does, and the text has U+FFFC in that place.
type Mention struct {
	Person PersonID `json:"person"`
	Start  int      `json:"start"`
	Length int      `json:"length"`
}

// Reaction is an emoji put on a message, or taken away from it.
type Reaction struct {
	Emoji   string `json:"emoji"`
	Target  Ref    `json:"target"`
	Removed bool   `json:"removed,omitempty"`
}

// Message is one thing that happened in a conversation. It is what the inbox keeps.
// (From, Sent, Kind) is unique: a second one is the same message delivered again.
type Message struct {
	Kind   Kind         `json:"kind"`
	From   PersonID     `json:"from"`
	Sent   Timestamp    `json:"sent"`             // by the sender's clock
	Served Timestamp    `json:"served,omitempty"` // by the server's clock, 0 if unknown
	In     Conversation `json:"in"`

	Text     string    `json:"text,omitempty"`     // Said and Edited
	Mentions []Mention `json:"mentions,omitempty"` // Said and Edited
	ReplyTo  *Ref      `json:"reply_to,omitempty"` // Said: the message it quotes
	Reaction *Reaction `json:"reaction,omitempty"` // Reacted
	Original Timestamp `json:"original,omitempty"` // Edited and Deleted: which of the sender's messages
	Name     string    `json:"name,omitempty"`     // what the sender calls themselves on the line, if known

	Joined []PersonID `json:"joined,omitempty"` // Roster
	Left   []PersonID `json:"left,omitempty"`   // Roster

	Names map[PersonID]string `json:"names,omitempty"` // Roster: what those who joined call themselves, where known
}

// String never shows what was written or by whom, so that a message can't leak into a log.
func (m Message) String() string { return fmt.Sprintf("%s message, %d bytes", m.Kind, len(m.Text)) }

// GoString keeps %#v from showing it, too.
func (m Message) GoString() string { return m.String() }

// Act tells what the bot does.
type Act string

// The acts of the bot.
const (
	Send   Act = "send"   // a new message
	React  Act = "react"  // an emoji on a message
	Edit   Act = "edit"   // a new text for one of the bot's own messages
	Typing Act = "typing" // shows that the bot is thinking; lost without harm
	Add    Act = "add"    // takes people into a group; never, where the bot may not
)

// Outgoing is one thing for the line to do.
type Outgoing struct {
	Act      Act          `json:"act"`
	To       Conversation `json:"to"`
	Text     string       `json:"text,omitempty"`
	Mentions []Mention    `json:"mentions,omitempty"`
	Quote    *Ref         `json:"quote,omitempty"`  // Send: the message it answers
	Target   *Ref         `json:"target,omitempty"` // React and Edit: the message it changes
	Emoji    string       `json:"emoji,omitempty"`  // React
	Add      []PersonID   `json:"add,omitempty"`    // Add: who is taken in

	QuoteText string `json:"quote_text,omitempty"` // Send: what the quoted message said, for phones that no longer have it

	Files []File `json:"files,omitempty"` // Send: what goes with the text
}

// File is an attachment.
type File struct {
	Name string `json:"name"` // letters, digits, dots and hyphens
	Type string `json:"type"` // the media type, such as text/plain
	Data []byte `json:"data"`
}

// MaxFiles is how many bytes the files of one message may have together.
const MaxFiles = 8 << 20

// String never shows what is in it.
func (f File) String() string { return fmt.Sprintf("a file, %d bytes", len(f.Data)) }

// GoString keeps %#v from showing it, too.
func (f File) GoString() string { return f.String() }

// String never shows what is said or to whom.
func (o Outgoing) String() string { return fmt.Sprintf("%s, %d bytes", o.Act, len(o.Text)) }

// GoString keeps %#v from showing it, too.
func (o Outgoing) GoString() string { return o.String() }

// Receipt is what a line says of a message that went out.
type Receipt struct {
	Sent   Timestamp // the message's identity, with the bot as author
	Missed []Missed  // people of a group who did not get it; the others did
}

// Missed is one person a message did not reach, and why, in the line's own word.
type Missed struct {
	Person PersonID
	Why    string
}

// Outcome says what became of an outgoing message that was not plainly sent.
type Outcome string

// The outcomes of a failed send.
const (
	NotSent Outcome = "not-sent" // it never left; the same message may be tried again
	Unknown Outcome = "unknown"  // it may have arrived; a second one would be seen twice
	Later   Outcome = "later"    // the line wants a pause first, see After
	Never   Outcome = "never"    // this message can't be delivered, now or later
)

// SendError is a send that did not plainly succeed.
type SendError struct {
	Outcome   Outcome
	After     time.Duration // Later: how long to wait, 0 if the line did not say
	Challenge string        // Later: what an operator has to answer first (a captcha's token)
	Missed    []Missed      // whom it did not reach, where the line said
	Sent      Timestamp     // Unknown: the message's identity if it went out, 0 if the line did not say
	Cause     error
}

func (e *SendError) Error() string { return fmt.Sprintf("send %s: %v", e.Outcome, e.Cause) }

func (e *SendError) Unwrap() error { return e.Cause }
