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
	number string // only to recognise the bot's own account; never handed on
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
	if n.method != "receive" || n.params.envelope == nil {
		return decoded{}, errNotEnvelope
	}
	d, err := n.params.read(me)
	d.automatic = !n.subscribed
	return d, err
}

// read sorts an envelope.
func (r received) read(me account) (decoded, error) {
	e := r.envelope
	d := decoded{from: e.sender()}
	if r.account != "" && me.number != "" && r.account != me.number && r.account != string(me.aci) {
		d.ignored = ignoredForeign
		return d, nil
	}
	if r.failed {
		d.exception = word(r.exception)
		return d, nil
	}
	switch {
	case e.sync, d.from == me.aci && me.aci != "":
		d.ignored = ignoredOwn
	case e.hasReceipt:
		return e.arrival(d)
	case e.typing:
		d.ignored = ignoredTyping
	case e.call:
		d.ignored = ignoredCall
	case e.story:
		d.ignored = ignoredStory
	case e.edit != nil:
		return e.edited(d)
	case e.data != nil:
		return e.said(d)
	default:
		d.ignored = ignoredEmpty
	}
	return d, nil
}

// sender returns the sender's account identifier, "" if it is not known.
func (e *envelope) sender() chat.PersonID {
	if isACI(e.sourceUUID) {
		return chat.PersonID(e.sourceUUID)
	}
	return ""
}

func (e *envelope) arrival(d decoded) (decoded, error) {
	if d.from == "" || len(e.receipt) == 0 {
		d.ignored = ignoredEmpty
		return d, nil
	}
	a := &Arrival{By: d.from, Sent: make([]chat.Timestamp, len(e.receipt))}
	for i, t := range e.receipt {
		a.Sent[i] = chat.Timestamp(t)
	}
	d.delivery.Arrival = a
	return d, nil
}

// message starts a message of any kind.
func (e *envelope) message(kind chat.Kind, d decoded, data *dataMessage) (*chat.Message, error) {
	if d.from == "" {
		return nil, errors.New("the sender is not known")
	}
	if e.timestamp <= 0 {
		return nil, errors.New("there is no timestamp")
	}
	m := &chat.Message{Kind: kind, From: d.from, Sent: chat.Timestamp(e.timestamp), Served: chat.Timestamp(max(e.served, 0)), Name: displayName(e.sourceName)}
	if data.group == nil {
		m.In.Person = d.from
		return m, nil
	}
	if data.group.id == "" {
		return nil, errors.New("the group has no identifier")
	}
	m.In.Group = chat.GroupID(data.group.id)
	return m, nil
}

func (e *envelope) edited(d decoded) (decoded, error) {
	data := e.edit.data
	if data == nil || e.edit.target <= 0 {
		return d, errors.New("an edit does not say of what")
	}
	m, err := e.message(chat.Edited, d, data)
	if err != nil {
		return d, err
	}
	m.Original = chat.Timestamp(e.edit.target)
	data.text(m)
	d.delivery.Message = m
	return d, nil
}

// said reads everything that comes as a data message: texts, reactions, deletions, and
// news of the group itself.
func (e *envelope) said(d decoded) (decoded, error) {
	data := e.data
	if data.group != nil && data.group.update {
		d.changed = chat.GroupID(data.group.id)
	}
	if data.ofStory {
		d.ignored = ignoredStory
		return d, nil
	}
	var kind chat.Kind
	switch {
	case data.reaction != nil:
		kind = chat.Reacted
	case data.deleted != nil:
		kind = chat.Deleted
	case data.message != "":
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
		m.Reaction, err = data.reaction.read()
	case chat.Deleted:
		if m.Original = chat.Timestamp(data.deleted.stamp); m.Original <= 0 {
			err = errors.New("a deletion does not say of what")
		}
	case chat.Said:
		data.text(m)
		if q := data.quote; q != nil && isACI(q.author) && q.stamp > 0 {
			m.ReplyTo = &chat.Ref{Author: chat.PersonID(q.author), Sent: chat.Timestamp(q.stamp)}
		}
	}
	d.delivery.Message = m
	return d, err
}

func (r *reaction) read() (*chat.Reaction, error) {
	if !isACI(r.target.author) || r.target.stamp <= 0 || r.emoji == "" {
		return nil, errors.New("a reaction does not say to what")
	}
	return &chat.Reaction{
		Emoji:   chat.PlainEmoji(r.emoji),
		Target:  chat.Ref{Author: chat.PersonID(r.target.author), Sent: chat.Timestamp(r.target.stamp)},
		Removed: r.removed,
	}, nil
}

// text sets a message's text and those of its mentions that stand inside it.
func (w *dataMessage) text(m *chat.Message) {
	m.Text = w.message
	if len(w.mentions) == 0 {
		return
	}
	units := int64(utf16Len(m.Text))
	for _, at := range w.mentions {
		if isACI(at.uuid) && at.start >= 0 && at.length > 0 && at.length <= units && at.start <= units-at.length {
			m.Mentions = append(m.Mentions, chat.Mention{Person: chat.PersonID(at.uuid), Start: int(at.start), Length: int(at.length)})
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
