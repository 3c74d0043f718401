package signal

import (
	"errors"
	"fmt"
	"unicode/utf16"

	"github.com/go-json-experiment/json"

	"communityconnect/chat"
)

// account is the bot's own account.
type account struct {
	aci    chat.PersonID
	number string // only to recognise the bot's own messages; never handed on
}

// decoded is what a line turned out to be.
type decoded struct {
	delivery  Delivery      // empty if there is nothing to hand over
	from      chat.PersonID // the sender, if there is one
	exception string        // why the daemon could not decrypt it
	changed   chat.GroupID  // the group that has changed
	ignored   string        // why it is dropped
	automatic bool          // it came without a subscription of ours
}

// Why a notification is dropped, as the metrics name it.
const (
	ignoredOwn     = "own"     // the bot's own, or a copy for its other devices
	ignoredForeign = "foreign" // for another account, or of a group that is not ours
	ignoredTyping  = "typing"
	ignoredCall    = "call"
	ignoredStory   = "story"
	ignoredEmpty   = "empty" // no text: keys, timers, stickers, files, polls
	ignoredGroup   = "group" // only says that a group has changed
)

var errNotEnvelope = errors.New("not a received envelope")

// decode reads a notification. Its error never shows what is in the line.
func decode(line []byte, me account) (decoded, error) {
	var n notification
	if err := json.Unmarshal(line, &n, lenient); err != nil {
		return decoded{}, errNotEnvelope // the parser's own words quote the line
	}
	r := n.Params.wireReceived
	if n.Params.Result.Envelope != nil {
		r = n.Params.Result
	}
	if n.Method != "receive" || r.Envelope == nil {
		return decoded{}, errNotEnvelope
	}
	d, err := r.read(me)
	d.automatic = !bool(n.Params.Subscription)
	return d, err
}

// read sorts an envelope.
func (r wireReceived) read(me account) (decoded, error) {
	e := r.Envelope
	d := decoded{from: e.sender()}
	if r.Account != "" && me.number != "" && r.Account != me.number && r.Account != string(me.aci) {
		d.ignored = ignoredForeign
		return d, nil
	}
	if r.Exception != nil {
		d.exception = word(r.Exception.Type)
		return d, nil
	}
	switch {
	case bool(e.Sync), d.from == me.aci && me.aci != "", e.SourceNumber == me.number && me.number != "":
		d.ignored = ignoredOwn
	case e.Receipt != nil:
		return e.arrival(d)
	case bool(e.Typing):
		d.ignored = ignoredTyping
	case bool(e.Call):
		d.ignored = ignoredCall
	case bool(e.Story):
		d.ignored = ignoredStory
	case e.Edit != nil:
		return e.edited(d)
	case e.Data != nil:
		return e.said(d)
	default:
		d.ignored = ignoredEmpty
	}
	return d, nil
}

// sender returns the sender's account identifier, "" if it is not known.
func (e *wireEnvelope) sender() chat.PersonID {
	switch {
	case isACI(e.SourceUUID):
		return chat.PersonID(e.SourceUUID)
	case isACI(e.Source):
		return chat.PersonID(e.Source)
	}
	return ""
}

func (e *wireEnvelope) arrival(d decoded) (decoded, error) {
	if d.from == "" || len(e.Receipt.Timestamps) == 0 {
		d.ignored = ignoredEmpty
		return d, nil
	}
	a := &Arrival{By: d.from, Sent: make([]chat.Timestamp, len(e.Receipt.Timestamps))}
	for i, t := range e.Receipt.Timestamps {
		a.Sent[i] = chat.Timestamp(t)
	}
	d.delivery.Arrival = a
	return d, nil
}

// message starts a message of any kind.
func (e *wireEnvelope) message(kind chat.Kind, d decoded, data *wireData) (*chat.Message, error) {
	if d.from == "" {
		return nil, errors.New("the sender is not known")
	}
	if e.Timestamp <= 0 {
		return nil, errors.New("there is no timestamp")
	}
	m := &chat.Message{Kind: kind, From: d.from, Sent: chat.Timestamp(e.Timestamp), Served: chat.Timestamp(max(e.Served, 0)), Name: displayName(e.SourceName)}
	if data.Group == nil {
		m.In.Person = d.from
		return m, nil
	}
	if data.Group.ID == "" {
		return nil, errors.New("the group has no identifier")
	}
	m.In.Group = chat.GroupID(data.Group.ID)
	return m, nil
}

func (e *wireEnvelope) edited(d decoded) (decoded, error) {
	data := e.Edit.Data
	if data == nil || e.Edit.Target <= 0 {
		return d, errors.New("an edit does not say of what")
	}
	m, err := e.message(chat.Edited, d, data)
	if err != nil {
		return d, err
	}
	m.Original = chat.Timestamp(e.Edit.Target)
	data.text(m)
	d.delivery.Message = m
	return d, nil
}

// said reads everything that comes as a data message: texts, reactions, deletions, and
// news of the group itself.
func (e *wireEnvelope) said(d decoded) (decoded, error) {
	data := e.Data
	if data.Group != nil && data.Group.Type == "UPDATE" {
		d.changed = chat.GroupID(data.Group.ID)
	}
	if bool(data.StoryContext) {
		d.ignored = ignoredStory
		return d, nil
	}
	var kind chat.Kind
	switch {
	case data.Reaction != nil:
		kind = chat.Reacted
	case data.Delete != nil:
		kind = chat.Deleted
	case data.Message != "":
		kind = chat.Said
	case d.changed != "":
		d.ignored = ignoredGroup
		return d, nil
	default:
		d.ignored = ignoredEmpty
		return d, nil
	}
	m, err := e.message(kind, d, data)
	if err != nil {
		return d, err
	}
	switch kind {
	case chat.Reacted:
		m.Reaction, err = data.Reaction.read()
	case chat.Deleted:
		if m.Original = chat.Timestamp(data.Delete.Timestamp); m.Original <= 0 {
			err = errors.New("a deletion does not say of what")
		}
	case chat.Said:
		data.text(m)
		if q := data.Quote; q != nil && isACI(q.AuthorUUID) && q.ID > 0 {
			m.ReplyTo = &chat.Ref{Author: chat.PersonID(q.AuthorUUID), Sent: chat.Timestamp(q.ID)}
		}
	}
	d.delivery.Message = m
	return d, err
}

func (r *wireReaction) read() (*chat.Reaction, error) {
	if !isACI(r.TargetAuthorUUID) || r.Target <= 0 || r.Emoji == "" {
		return nil, errors.New("a reaction does not say to what")
	}
	return &chat.Reaction{
		Emoji:   chat.PlainEmoji(r.Emoji),
		Target:  chat.Ref{Author: chat.PersonID(r.TargetAuthorUUID), Sent: chat.Timestamp(r.Target)},
		Removed: r.Removed,
	}, nil
}

// text sets a message's text and those of its mentions that stand inside it.
func (w *wireData) text(m *chat.Message) {
	m.Text = w.Message
	if len(w.Mentions) == 0 {
		return
	}
	units := utf16Len(m.Text)
	for _, at := range w.Mentions {
		if isACI(at.UUID) && at.Start >= 0 && at.Length > 0 && at.Length <= units && at.Start <= units-at.Length {
			m.Mentions = append(m.Mentions, chat.Mention{Person: chat.PersonID(at.UUID), Start: at.Start, Length: at.Length})
		}
	}
}

// utf16Len counts UTF-16 code units, in which Signal counts.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// isReceive tells a notification from an answer. A line that the daemon itself writes is
// known by its first bytes; any other spelling of it is parsed.
func isReceive(line []byte) (bool, frame, error) {
	const head = `{"jsonrpc":"2.0","method":"`
	if len(line) > len(head) && string(line[:len(head)]) == head {
		return true, frame{}, nil
	}
	var f frame
	if err := json.Unmarshal(line, &f, lenient); err != nil {
		return false, frame{}, fmt.Errorf("a line of %d bytes is not JSON", len(line))
	}
	return f.Method != "", f, nil
}
