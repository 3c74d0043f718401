package signaltest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"communityconnect/chat"
)

// Sent is one thing that the bot has done and Signal has taken, even if the bot never got
// to know.
type Sent struct {
	To    chat.Conversation
	Stamp chat.Timestamp // its identity, with the bot as author

	Text      string
	Mentions  []string // as the daemon was told: "start:length:account"
	Quote     *chat.Ref
	QuoteText string
	Edits     chat.Timestamp // the message it changes

	Files []chat.File

	Emoji  string
	Target *chat.Ref
	Typing bool

	Reached []chat.PersonID
}

// Sent lists everything that was sent so far, in order.
func (d *Daemon) Sent() []Sent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.sent)
}

// Next returns what was sent next after the last Next, and waits for it.
func (d *Daemon) Next(ctx context.Context) (Sent, error) {
	stop := context.AfterFunc(ctx, d.moved.Broadcast)
	defer stop()
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.taken >= len(d.sent) {
		if ctx.Err() != nil {
			return Sent{}, fmt.Errorf("nothing more was sent: %w", ctx.Err())
		}
		d.moved.Wait()
	}
	d.taken++
	return d.sent[d.taken-1], nil
}

func (d *Daemon) typing(_ *session, c *call, f Fault) (any, *Error) { return d.transmit(c, f, true) }

func (d *Daemon) send(_ *session, c *call, f Fault) (any, *Error) {
	switch {
	case c.Method == "send" && c.p.text("message") == "":
		return nil, &Error{Code: -1, Message: "Sending empty message is not allowed, either a message, attachment or sticker must be given."}
	case c.p.number("quoteTimestamp") != 0 && c.p.text("quoteAuthor") == "":
		return nil, &Error{Code: -32603, Message: "Cannot invoke \"String.isEmpty()\" because \"quoteAuthor\" is null (NullPointerException)"}
	case c.Method == "sendReaction" && (c.p.number("targetTimestamp") == 0 || c.p.text("targetAuthor") == ""):
		return nil, &Error{Code: -32603, Message: "Cannot invoke \"java.lang.Long.longValue()\" because \"targetTimestamp\" is null (NullPointerException)"}
	}
	return d.transmit(c, f, false)
}

// result is one recipient's part of an answer.
type result struct {
	Recipient map[string]any `json:"recipientAddress"`
	Group     string         `json:"groupId,omitempty"`
	Type      string         `json:"type"`
	Token     string         `json:"token,omitempty"`
	After     int            `json:"retryAfterSeconds,omitempty"`
}

// transmit sends one thing to a group or a person.
func (d *Daemon) transmit(c *call, f Fault, typing bool) (any, *Error) {
	s := Sent{
		Stamp: d.now(), Text: c.p.text("message"), Mentions: c.p.list("mention"), Edits: chat.Timestamp(c.p.number("editTimestamp")),
		Quote: c.p.ref("quoteAuthor", "quoteTimestamp"), QuoteText: c.p.text("quoteMessage"),
		Emoji: c.p.text("emoji"), Target: c.p.ref("targetAuthor", "targetTimestamp"), Typing: typing,
	}
	for _, uri := range c.p.list("attachment") {
		f, ok := readFile(uri)
		if !ok {
			return nil, &Error{Code: -1, Message: "Failed to add attachment: " + shorten(uri)}
		}
		s.Files = append(s.Files, f)
	}
	recipients, refused := d.recipients(c, &s)
	if refused != nil {
		return nil, refused
	}
	results, all := []result{}, []Result{}
	for _, p := range recipients {
		r := f.of(p)
		if r.Type == Success {
			s.Reached = append(s.Reached, p.id)
		}
		all = append(all, r)
		results = append(results, result{
			Recipient: map[string]any{"uuid": p.id, "number": p.shown(), "username": nil},
			Group:     string(s.To.Group), Type: r.Type, Token: r.Token, After: r.RetryAfter,
		})
	}
	response := map[string]any{"timestamp": s.Stamp, "results": results}
	if len(s.Reached) == 0 && len(recipients) > 0 {
		e := refuse(all)
		if f.Code != 0 {
			e.Code = f.Code
		}
		e.Data, _ = json.Marshal(map[string]any{"response": response})
		return nil, e
	}
	d.sent = append(d.sent, s)
	d.moved.Broadcast()
	if d.opts.Receipts && !typing {
		for _, id := range s.Reached {
			e := d.envelope(d.people[id], d.now())
			e.Receipt = &receiptMessage{When: e.Timestamp, Delivery: true, Timestamps: []chat.Timestamp{s.Stamp}}
			d.deliver(d.people[id], e)
		}
	}
	return response, nil
}

// readFile reads an attachment that is given as a data URI: data:TYPE;filename=NAME;base64,DATA.
func readFile(uri string) (f chat.File, ok bool) {
	rest, ok := strings.CutPrefix(uri, "data:")
	head, data, cut := strings.Cut(rest, ";base64,")
	kind, name, named := strings.Cut(head, ";filename=")
	b, err := base64.StdEncoding.DecodeString(data)
	return chat.File{Name: name, Type: kind, Data: b}, ok && cut && named && err == nil
}

func shorten(s string) string { return s[:min(len(s), 40)] }

// of is what becomes of a send for one person.
func (f Fault) of(p *person) Result {
	r, ok := f.Results[p.id]
	if !ok {
		r = f.Everyone
	}
	switch {
	case r.Type != "":
		return r
	case p.phone != p.trusted:
		p.meet(0)
		return Result{Type: Identity}
	}
	return Result{Type: Success}
}

// recipients finds whom a send goes to.
func (d *Daemon) recipients(c *call, s *Sent) ([]*person, *Error) {
	var out []*person
	for _, id := range c.p.list("groupId") {
		g := d.groups[chat.GroupID(id)]
		switch {
		case g == nil:
			return nil, &Error{Code: -1, Message: "Group not found: " + id}
		case !slices.Contains(g.members, d.bot.id):
			return nil, &Error{Code: -1, Message: fmt.Sprintf("User is not a member in group: %s (%s)", g.title, g.id)}
		case g.announce && !slices.Contains(g.admins, d.bot.id):
			return nil, &Error{Code: -1, Message: fmt.Sprintf("User is not allowed to send message to group: %s (%s)", g.title, g.id)}
		}
		s.To.Group = g.id
		for _, m := range g.members {
			if m != d.bot.id {
				out = append(out, d.people[m])
			}
		}
	}
	for _, id := range c.p.list("recipient") {
		p := d.people[chat.PersonID(id)]
		if p == nil {
			return nil, &Error{Code: -1, Message: "Failed to send message", Data: json.RawMessage(fmt.Sprintf(
				`{"response":{"timestamp":%d,"results":[{"recipientAddress":{"uuid":%q,"number":null,"username":null},"type":"UNREGISTERED_FAILURE"}]}}`, s.Stamp, id))}
		}
		s.To.Person = p.id
		out = append(out, p)
	}
	if s.To == (chat.Conversation{}) {
		return nil, &Error{Code: -1, Message: "No recipients given"}
	}
	return out, nil
}
