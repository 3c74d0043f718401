package signaltest

import (
	"encoding/json"
	"time"

	"communityconnect/chat"
)

// The shapes of what signal-cli writes, with its own order of keys: fields that it always
// writes are here without omitempty, so that they are null.

type received struct {
	Exception *exception `json:"exception,omitempty"`
	Envelope  *envelope  `json:"envelope"`
	Account   string     `json:"account"`
}

type exception struct {
	Message string `json:"message"`
	Type    string `json:"type"`
}

type envelope struct {
	Source    *string        `json:"source"`
	Number    *string        `json:"sourceNumber"`
	UUID      *string        `json:"sourceUuid"`
	Name      *string        `json:"sourceName"`
	Device    *int           `json:"sourceDevice"`
	Timestamp chat.Timestamp `json:"timestamp"`
	Received  chat.Timestamp `json:"serverReceivedTimestamp"`
	Delivered chat.Timestamp `json:"serverDeliveredTimestamp"`

	Data    *dataMessage    `json:"dataMessage,omitempty"`
	Edit    *editMessage    `json:"editMessage,omitempty"`
	Story   map[string]any  `json:"storyMessage,omitempty"`
	Sync    *syncMessage    `json:"syncMessage,omitempty"`
	Call    json.RawMessage `json:"callMessage,omitempty"`
	Receipt *receiptMessage `json:"receiptMessage,omitempty"`
	Typing  *typingMessage  `json:"typingMessage,omitempty"`
}

type dataMessage struct {
	Timestamp   chat.Timestamp `json:"timestamp"`
	Message     *string        `json:"message"`
	Expires     int            `json:"expiresInSeconds"`
	TimerUpdate bool           `json:"isExpirationUpdate"`
	ViewOnce    bool           `json:"viewOnce"`
	Reaction    *reaction      `json:"reaction,omitempty"`
	Quote       *quote         `json:"quote,omitempty"`
	Mentions    []mention      `json:"mentions,omitempty"`
	Attachments []any          `json:"attachments,omitempty"`
	Sticker     map[string]any `json:"sticker,omitempty"`
	Delete      *remoteDelete  `json:"remoteDelete,omitempty"`
	Group       *groupInfo     `json:"groupInfo,omitempty"`
}

type reaction struct {
	Emoji        string         `json:"emoji"`
	Author       string         `json:"targetAuthor"`
	AuthorNumber *string        `json:"targetAuthorNumber"`
	AuthorUUID   string         `json:"targetAuthorUuid"`
	Target       chat.Timestamp `json:"targetSentTimestamp"`
	Remove       bool           `json:"isRemove"`
}

type quote struct {
	ID           chat.Timestamp `json:"id"`
	Author       string         `json:"author"`
	AuthorNumber *string        `json:"authorNumber"`
	AuthorUUID   string         `json:"authorUuid"`
	Text         string         `json:"text"`
	Attachments  []any          `json:"attachments"`
}

type mention struct {
	Name   string  `json:"name"`
	Number *string `json:"number"`
	UUID   string  `json:"uuid"`
	Start  int     `json:"start"`
	Length int     `json:"length"`
}

type remoteDelete struct {
	Timestamp chat.Timestamp `json:"timestamp"`
}

type groupInfo struct {
	ID       string `json:"groupId"`
	Name     string `json:"groupName"`
	Revision int    `json:"revision"`
	Type     string `json:"type"`
}

type editMessage struct {
	Target chat.Timestamp `json:"targetSentTimestamp"`
	Data   *dataMessage   `json:"dataMessage"`
}

type syncMessage struct {
	Sent *sentMessage `json:"sentMessage,omitempty"`
}

type sentMessage struct {
	Destination     *string        `json:"destination"`
	DestinationUUID string         `json:"destinationUuid"`
	Timestamp       chat.Timestamp `json:"timestamp"`
	Message         string         `json:"message"`
}

type receiptMessage struct {
	When       chat.Timestamp   `json:"when"`
	Delivery   bool             `json:"isDelivery"`
	Read       bool             `json:"isRead"`
	Viewed     bool             `json:"isViewed"`
	Timestamps []chat.Timestamp `json:"timestamps"`
}

type typingMessage struct {
	Action    string         `json:"action"`
	Timestamp chat.Timestamp `json:"timestamp"`
	Group     chat.GroupID   `json:"groupId,omitempty"`
}

// shown is the number that a person lets others see.
func (p *person) shown() *string {
	if p.hidden {
		return nil
	}
	return &p.number
}

// address is what signal-cli shows in its outdated fields: the number if there is one.
func (p *person) address() string {
	if p.hidden {
		return string(p.id)
	}
	return p.number
}

// envelope starts an envelope of a person. d.mu is held.
func (d *Daemon) envelope(from *person, sent chat.Timestamp) *envelope {
	source, id, device := from.address(), string(from.id), 1
	return &envelope{
		Source: &source, Number: from.shown(), UUID: &id, Name: &from.name, Device: &device,
		Timestamp: sent, Received: sent, Delivered: sent,
	}
}

// heldBack is an envelope of somebody whose key is not trusted.
type heldBack struct {
	from *person
	line []byte
}

// deliver puts an envelope into Signal's keeping for the bot. What is held back because of
// a changed key comes as an exception now, and by itself with the first envelope or the
// first subscription after the key was trusted. d.mu is held.
func (d *Daemon) deliver(from *person, e *envelope) {
	line := d.line(&received{Envelope: e, Account: d.bot.number})
	if from.phone != from.trusted {
		from.meet(time.Second)
		d.held = append(d.held, heldBack{from, line})
		bare := *e
		bare.Data, bare.Edit, bare.Receipt, bare.Typing = nil, nil, nil, nil
		line = d.line(&received{
			Exception: &exception{Message: "Untrusted identity: " + string(from.id), Type: "UntrustedIdentityException"},
			Envelope:  &bare, Account: d.bot.number,
		})
	}
	d.queue = append(d.queue, line)
	d.release()
}

// release lets what was held back come if its sender is trusted by now. d.mu is held.
func (d *Daemon) release() {
	var still []heldBack
	for _, h := range d.held {
		if h.from.phone == h.from.trusted {
			d.queue = append(d.queue, h.line)
		} else {
			still = append(still, h)
		}
	}
	d.held = still
	d.moved.Broadcast()
}

func (d *Daemon) line(r *received) []byte {
	line, err := json.Marshal(r)
	if err != nil {
		panic(err) // the shapes above can always be written
	}
	return line
}
