package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	"communityconnect/chat"
)

// Bot is who the bot is on this line.
const Bot chat.PersonID = "bot"

// The groups of this line.
const (
	Group   chat.GroupID = "group"
	Council chat.GroupID = "council"
)

// Person is somebody who can speak.
type Person struct {
	ID   chat.PersonID
	Name string
}

// Line is the embedded line. It implements what the bot needs of a line.
type Line struct {
	mu      sync.Mutex
	out     io.Writer
	look    Look
	now     func() time.Time
	people  []Person
	stamp   chat.Timestamp
	said    []shown // by the bot, oldest first
	own     map[speaker]chat.Timestamp
	speaker speaker
	failing *chat.SendError
	closed  bool                   // to people whom the bot would add to a group
	beyond  map[chat.PersonID]bool // reach
	pace    time.Duration
}

// shown is one message of the bot.
type shown struct {
	in   chat.Conversation
	sent chat.Timestamp
	text string
}

// speaker is a person in a place.
type speaker struct {
	person chat.PersonID
	in     chat.Conversation
}

// Look says how things are printed.
type Look struct {
	Color bool // with terminal colours
}

// New makes a line for these people, whose output goes to out.
func New(out io.Writer, look Look, now func() time.Time, people []Person) *Line {
	return &Line{out: out, look: look, now: now, people: people, own: map[speaker]chat.Timestamp{}, beyond: map[chat.PersonID]bool{}}
}

// Pace makes every message of the bot take a moment, so that a story can be followed.
func (l *Line) Pace(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pace = d
}

// Fail makes every send fail in this way until it is called with nil.
func (l *Line) Fail(err *chat.SendError) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failing = err
}

// Close lets the bot add nobody to a group any more.
func (l *Line) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

// Unreachable lets nothing reach somebody any more.
func (l *Line) Unreachable(id chat.PersonID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.beyond[id] = true
}

// Name is what somebody calls themselves.
func (l *Line) Name(id chat.PersonID) string {
	for _, p := range l.people {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// Pause and Resume have nothing to do: nobody can type while the bot is working.
func (l *Line) Pause()  {}
func (l *Line) Resume() {}

// Send prints what the bot does.
func (l *Line) Send(ctx context.Context, o chat.Outgoing) (chat.Receipt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o.Act == chat.Typing {
		return chat.Receipt{}, nil
	}
	switch {
	case l.failing != nil:
		return chat.Receipt{}, l.failing
	case o.To.Direct() && l.beyond[o.To.Person]:
		return chat.Receipt{}, &chat.SendError{Outcome: chat.Never, Cause: errors.New("nobody is there")}
	case o.Act == chat.Add && l.closed:
		return chat.Receipt{}, &chat.SendError{Outcome: chat.Never, Cause: errors.New("the bot may not add people to this group")}
	}
	if err := l.wait(ctx); err != nil {
		return chat.Receipt{}, err
	}
	l.print(o)
	sent := l.next()
	if o.Act == chat.Send {
		l.said = append(l.said, shown{in: o.To, sent: sent, text: l.plain(o)})
	}
	return chat.Receipt{Sent: sent}, nil
}

func (l *Line) wait(ctx context.Context) error {
	if l.pace == 0 {
		return nil
	}
	timer := time.NewTimer(l.pace)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// next gives out a timestamp that nothing on this line has had.
func (l *Line) next() chat.Timestamp {
	l.stamp = max(l.stamp+1, chat.TimestampOf(l.now()))
	return l.stamp
}

// indent sets the bot apart from the neighbours.
const indent = "    "

func (l *Line) print(o chat.Outgoing) {
	head := "bot"
	switch {
	case o.To.Direct():
		head += " to " + l.handle(o.To.Person)
	case o.To.Group == Council:
		head += " to council"
	}
	text := l.plain(o)
	for _, f := range o.Files {
		text += "\n📎 " + f.Name
	}
	switch o.Act {
	case chat.Add:
		for _, p := range o.Add {
			head += " adds " + l.handle(p)
		}
	case chat.React:
		head += " reacts " + o.Emoji
		if o.Target != nil && o.Target.Author == Bot {
			head += " to itself"
		}
	case chat.Edit:
		head += " edits> " + text
	default:
		head += "> " + text
	}
	fmt.Fprintln(l.out, l.look.bot(o.To, indent+strings.ReplaceAll(head, "\n", "\n"+indent+indent)))
}

// plain writes mentions out as @name.
func (l *Line) plain(o chat.Outgoing) string {
	units := utf16.Encode([]rune(o.Text))
	var b strings.Builder
	at := 0
	for _, m := range o.Mentions {
		b.WriteString(string(utf16.Decode(units[at:m.Start])))
		b.WriteString("@" + l.handle(m.Person))
		at = m.Start + m.Length
	}
	b.WriteString(string(utf16.Decode(units[at:])))
	return b.String()
}

// handle is how a person is written: the first name in small letters where that is
// enough to tell them apart.
func (l *Line) handle(id chat.PersonID) string {
	for _, p := range l.people {
		if p.ID != id {
			continue
		}
		first := firstName(p.Name)
		for _, other := range l.people {
			if other.ID != id && firstName(other.Name) == first {
				return strings.ReplaceAll(strings.ToLower(p.Name), " ", "")
			}
		}
		return first
	}
	return "somebody"
}

func firstName(name string) string {
	first, _, _ := strings.Cut(strings.ToLower(name), " ")
	return first
}

// person finds who is meant by a handle or a whole name.
func (l *Line) person(word string) (chat.PersonID, bool) {
	word = strings.ReplaceAll(strings.ToLower(word), " ", "")
	if word == string(Bot) {
		return Bot, true
	}
	for _, p := range l.people {
		if l.handle(p.ID) == word {
			return p.ID, true
		}
	}
	return "", false
}

// Person finds somebody by how they are typed.
func (l *Line) Person(handle string) (chat.PersonID, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id, ok := l.person(handle); ok && id != Bot {
		return id, nil
	}
	return "", fmt.Errorf("who is %q? There are: %s", handle, strings.Join(l.Handles(), ", "))
}

// Handles lists everybody as they are typed.
func (l *Line) Handles() []string {
	all := make([]string, len(l.people))
	for i, p := range l.people {
		all[i] = l.handle(p.ID)
	}
	return all
}

// bot colours what the bot says: the group, the council and direct messages apart.
func (k Look) bot(to chat.Conversation, text string) string {
	if !k.Color {
		return text
	}
	colour := "36" // cyan: the group
	switch {
	case to.Direct():
		colour = "35" // magenta: a direct message
	case to.Group == Council:
		colour = "33" // yellow
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}
