package signaltest

import (
	"encoding/json"

	"communityconnect/chat"
)

// Words are what a person writes.
type Words struct {
	Text      string
	Mentions  []chat.Mention
	Quote     *chat.Ref // the message it answers
	QuoteText string
}

// Direct is a person's conversation with the bot.
func Direct(p chat.PersonID) chat.Conversation { return chat.Conversation{Person: p} }

// In is the conversation of a group.
func In(g chat.GroupID) chat.Conversation { return chat.Conversation{Group: g} }

// Say lets a person write, to the bot or in a group, and returns the message's time, which
// with the person is its identity.
func (d *Daemon) Say(from chat.PersonID, where chat.Conversation, text string) chat.Timestamp {
	return d.Write(from, where, Words{Text: text})
}

// Write is Say with mentions and a quote.
func (d *Daemon) Write(from chat.PersonID, where chat.Conversation, w Words) chat.Timestamp {
	return d.post(from, where, func(e *envelope, data *dataMessage) {
		d.write(data, w)
		e.Data = data
	})
}

// Edit lets a person change the text of a message of theirs.
func (d *Daemon) Edit(from chat.PersonID, where chat.Conversation, original chat.Timestamp, w Words) chat.Timestamp {
	return d.post(from, where, func(e *envelope, data *dataMessage) {
		d.write(data, w)
		e.Edit = &editMessage{Target: original, Data: data}
	})
}

// React lets a person put an emoji on a message.
func (d *Daemon) React(from chat.PersonID, where chat.Conversation, emoji string, target chat.Ref) chat.Timestamp {
	return d.react(from, where, emoji, target, false)
}

// Unreact lets a person take an emoji away.
func (d *Daemon) Unreact(from chat.PersonID, where chat.Conversation, emoji string, target chat.Ref) chat.Timestamp {
	return d.react(from, where, emoji, target, true)
}

func (d *Daemon) react(from chat.PersonID, where chat.Conversation, emoji string, target chat.Ref, remove bool) chat.Timestamp {
	return d.post(from, where, func(e *envelope, data *dataMessage) {
		author := d.people[target.Author]
		data.Reaction = &reaction{
			Emoji: emoji, Author: author.address(), AuthorNumber: author.shown(), AuthorUUID: string(author.id),
			Target: target.Sent, Remove: remove,
		}
		e.Data = data
	})
}

// Delete lets a person delete a message of theirs for everyone.
func (d *Daemon) Delete(from chat.PersonID, where chat.Conversation, original chat.Timestamp) chat.Timestamp {
	return d.post(from, where, func(e *envelope, data *dataMessage) {
		data.Delete = &remoteDelete{original}
		e.Data = data
	})
}

// Sticker lets a person send something without any text.
func (d *Daemon) Sticker(from chat.PersonID, where chat.Conversation) chat.Timestamp {
	return d.post(from, where, func(e *envelope, data *dataMessage) {
		data.Sticker = map[string]any{"packId": "9acc9e8aba563d26a4994e69263e3b25", "stickerId": 7}
		e.Data = data
	})
}

// Timer lets a person change after how long messages disappear.
func (d *Daemon) Timer(from chat.PersonID, where chat.Conversation, seconds int) chat.Timestamp {
	return d.post(from, where, func(e *envelope, data *dataMessage) {
		data.Expires, data.TimerUpdate = seconds, true
		e.Data = data
	})
}

// Type shows that a person is typing.
func (d *Daemon) Type(from chat.PersonID, where chat.Conversation) {
	d.post(from, where, func(e *envelope, _ *dataMessage) {
		e.Typing = &typingMessage{Action: "STARTED", Timestamp: e.Timestamp, Group: where.Group}
	})
}

// Call rings. The identifier of the call does not fit into 63 bits.
func (d *Daemon) Call(from chat.PersonID) {
	d.post(from, Direct(from), func(e *envelope, _ *dataMessage) {
		e.Call = json.RawMessage(`{"offerMessage":{"id":17446744073709551615,"type":"AUDIO_CALL","opaque":"eA=="}}`)
	})
}

// Story shows a story.
func (d *Daemon) Story(from chat.PersonID) {
	d.post(from, Direct(from), func(e *envelope, _ *dataMessage) {
		e.Story = map[string]any{"allowsReplies": true, "fileAttachment": nil}
	})
}

// Keys lets a person's phone distribute keys: an envelope with nothing in it.
func (d *Daemon) Keys(from chat.PersonID) {
	d.post(from, Direct(from), func(*envelope, *dataMessage) {})
}

// Arrive lets a person's phone say that messages of the bot have arrived or were read.
func (d *Daemon) Arrive(from chat.PersonID, read bool, stamps ...chat.Timestamp) {
	d.post(from, Direct(from), func(e *envelope, _ *dataMessage) {
		e.Receipt = &receiptMessage{When: e.Timestamp, Delivery: !read, Read: read, Timestamps: stamps}
	})
}

// OwnPhone lets the owner of the bot's account write from another device.
func (d *Daemon) OwnPhone(to chat.PersonID, text string) {
	d.post(d.bot.id, Direct(d.bot.id), func(e *envelope, _ *dataMessage) {
		e.Sync = &syncMessage{Sent: &sentMessage{
			Destination: d.people[to].shown(), DestinationUUID: string(to), Timestamp: e.Timestamp, Message: text,
		}}
	})
}

// Undecryptable lets a message come that the daemon cannot decrypt. from may be empty: it
// is not always known.
func (d *Daemon) Undecryptable(from chat.PersonID, kind string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := &envelope{Timestamp: d.now()}
	if from != "" {
		e = d.envelope(d.people[from], e.Timestamp)
	}
	d.queue = append(d.queue, d.line(&received{
		Exception: &exception{Message: "invalid", Type: kind}, Envelope: e, Account: d.bot.number,
	}))
	d.moved.Broadcast()
}

// Garble lets a line come that is no JSON. It must not begin with a brace or have a line
// break in it.
func (d *Daemon) Garble(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue = append(d.queue, []byte(line))
	d.moved.Broadcast()
}

// Envelope lets anything come in the place of what the daemon says that it has received:
// {"envelope":{...},"account":"..."}.
func (d *Daemon) Envelope(params string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue = append(d.queue, []byte(params))
	d.moved.Broadcast()
}

// Repeat lets the last message that waits at Signal come twice.
func (d *Daemon) Repeat() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.queue); n > 0 {
		d.queue = append(d.queue, d.queue[n-1])
	}
	d.moved.Broadcast()
}

func (d *Daemon) post(from chat.PersonID, where chat.Conversation, fill func(*envelope, *dataMessage)) chat.Timestamp {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.people[from]
	e := d.envelope(p, d.now())
	data := &dataMessage{Timestamp: e.Timestamp}
	if where.Group != "" {
		g := d.groups[where.Group]
		g.unknown = false
		data.Group = g.info("DELIVER")
	}
	fill(e, data)
	d.deliver(p, e)
	return e.Timestamp
}

func (d *Daemon) write(data *dataMessage, w Words) {
	data.Message = &w.Text
	for _, m := range w.Mentions {
		p := d.people[m.Person]
		data.Mentions = append(data.Mentions, mention{Name: p.address(), Number: p.shown(), UUID: string(p.id), Start: m.Start, Length: m.Length})
	}
	if w.Quote != nil {
		author := d.people[w.Quote.Author]
		data.Quote = &quote{
			ID: w.Quote.Sent, Author: author.address(), AuthorNumber: author.shown(), AuthorUUID: string(author.id),
			Text: w.QuoteText, Attachments: []any{},
		}
	}
}
