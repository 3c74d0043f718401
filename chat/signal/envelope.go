package signal

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A notification is read token by token into these structs: by reflection it would take
// twice as long. Each struct names its fields in a method; what is not named there is
// skipped, whatever its type.

// notification is a frame that brings an envelope: in params if the daemon subscribes
// every client by itself, in params.result if the client has subscribed.
type notification struct {
	method     string
	params     received
	subscribed bool
}

type received struct {
	account   string
	envelope  *envelope
	failed    bool // there is an exception in place of a content
	exception string
}

type envelope struct {
	sourceUUID, sourceName string
	timestamp, served      int64

	data        *dataMessage
	edit        *editMessage
	hasReceipt  bool
	receipt     []int64 // timestamps
	typing      bool
	call, story bool
	sync        bool
}

type editMessage struct {
	target int64
	data   *dataMessage
}

type dataMessage struct {
	message  string
	reaction *reaction
	quote    *ref
	mentions []mention
	deleted  *ref
	group    *groupInfo
	ofStory  bool
}

type reaction struct {
	emoji   string
	target  ref
	removed bool
}

// ref points at a message.
type ref struct {
	author string
	stamp  int64
}

type mention struct {
	uuid          string
	start, length int64
}

type groupInfo struct {
	id     string
	update bool
}

// UnmarshalJSONFrom makes json.Unmarshal read it token by token.
func (n *notification) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var bare, wrapped received
	err := object(d, func(name []byte) error {
		switch string(name) {
		case `"method"`:
			return text(d, &n.method)
		case `"params"`:
			return object(d, func(name []byte) error {
				switch string(name) {
				case `"subscription"`:
					return exists(d, &n.subscribed)
				case `"result"`:
					return object(d, func(name []byte) error { return wrapped.field(d, name) })
				}
				return bare.field(d, name)
			})
		}
		return d.SkipValue()
	})
	n.params = bare
	if wrapped.envelope != nil {
		n.params = wrapped
	}
	return err
}

func (r *received) field(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"account"`:
		return text(d, &r.account)
	case `"envelope"`:
		return optional(d, &r.envelope, (*envelope).field)
	case `"exception"`:
		r.failed = d.PeekKind() != 'n'
		return object(d, func(name []byte) error {
			if string(name) == `"type"` {
				return text(d, &r.exception)
			}
			return d.SkipValue()
		})
	}
	return d.SkipValue()
}

func (e *envelope) field(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"sourceUuid"`:
		return text(d, &e.sourceUUID)
	case `"sourceName"`:
		return text(d, &e.sourceName)
	case `"timestamp"`:
		return number(d, &e.timestamp)
	case `"serverReceivedTimestamp"`:
		return number(d, &e.served)
	case `"dataMessage"`:
		return optional(d, &e.data, (*dataMessage).field)
	case `"editMessage"`:
		return optional(d, &e.edit, (*editMessage).field)
	case `"receiptMessage"`:
		e.hasReceipt = d.PeekKind() != 'n'
		return object(d, func(name []byte) error {
			if string(name) == `"timestamps"` {
				return list(d, func() error {
					e.receipt = append(e.receipt, 0)
					return number(d, &e.receipt[len(e.receipt)-1])
				})
			}
			return d.SkipValue()
		})
	case `"typingMessage"`:
		return exists(d, &e.typing)
	case `"callMessage"`:
		return exists(d, &e.call)
	case `"storyMessage"`:
		return exists(d, &e.story)
	case `"syncMessage"`:
		return exists(d, &e.sync)
	}
	return d.SkipValue()
}

func (e *editMessage) field(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"targetSentTimestamp"`:
		return number(d, &e.target)
	case `"dataMessage"`:
		return optional(d, &e.data, (*dataMessage).field)
	}
	return d.SkipValue()
}

func (m *dataMessage) field(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"message"`:
		return text(d, &m.message)
	case `"reaction"`:
		return optional(d, &m.reaction, (*reaction).field)
	case `"quote"`, `"remoteDelete"`:
		to := &m.quote
		if string(name) == `"remoteDelete"` {
			to = &m.deleted
		}
		return optional(d, to, (*ref).field)
	case `"mentions"`:
		return list(d, func() error {
			m.mentions = append(m.mentions, mention{})
			at := &m.mentions[len(m.mentions)-1]
			return object(d, func(name []byte) error { return at.field(d, name) })
		})
	case `"groupInfo"`:
		return optional(d, &m.group, (*groupInfo).field)
	case `"storyContext"`:
		return exists(d, &m.ofStory)
	}
	return d.SkipValue()
}

func (r *reaction) field(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"emoji"`:
		return text(d, &r.emoji)
	case `"isRemove"`:
		return truth(d, &r.removed)
	}
	return r.target.field(d, name)
}

func (r *ref) field(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"authorUuid"`, `"targetAuthorUuid"`:
		return text(d, &r.author)
	case `"id"`, `"timestamp"`, `"targetSentTimestamp"`:
		return number(d, &r.stamp)
	}
	return d.SkipValue()
}

func (m *mention) field(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"uuid"`:
		return text(d, &m.uuid)
	case `"start"`:
		return number(d, &m.start)
	case `"length"`:
		return number(d, &m.length)
	}
	return d.SkipValue()
}

func (g *groupInfo) field(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"groupId"`:
		return text(d, &g.id)
	case `"type"`:
		var kind string
		err := text(d, &kind)
		g.update = kind == "UPDATE"
		return err
	}
	return d.SkipValue()
}

var errShape = errors.New("a value is not of the expected type")

// object calls field for each name, in quotes, of an object; field reads the value. null
// is an object without fields.
func object(d *jsontext.Decoder, field func(name []byte) error) error {
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		if err == nil && t.Kind() != 'n' {
			err = errShape
		}
		return err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadValue()
		if err != nil {
			return err
		}
		if err := field(name); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// optional reads an object that is absent if it is null.
func optional[T any](d *jsontext.Decoder, to **T, field func(*T, *jsontext.Decoder, []byte) error) error {
	if d.PeekKind() == 'n' {
		return d.SkipValue()
	}
	v := new(T)
	*to = v
	return object(d, func(name []byte) error { return field(v, d, name) })
}

// list calls element for each element of an array; null is an empty one.
func list(d *jsontext.Decoder, element func() error) error {
	if t, err := d.ReadToken(); err != nil || t.Kind() != '[' {
		if err == nil && t.Kind() != 'n' {
			err = errShape
		}
		return err
	}
	for d.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// scalar reads a value of a kind, or null, for which it returns nothing.
func scalar(d *jsontext.Decoder, kind jsontext.Kind) (jsontext.Value, error) {
	v, err := d.ReadValue()
	switch {
	case err != nil:
		return nil, err
	case v.Kind() == 'n':
		return nil, nil
	case v.Kind() != kind:
		return nil, errShape
	}
	return v, nil
}

func text(d *jsontext.Decoder, to *string) error {
	v, err := scalar(d, '"')
	if v == nil {
		return err
	}
	if bytes.IndexByte(v, '\\') < 0 && utf8.Valid(v) {
		*to = string(v[1 : len(v)-1])
		return nil
	}
	b, _ := jsontext.AppendUnquote(nil, v) // the value is a string; what is no character becomes U+FFFD
	*to = string(b)
	return nil
}

func number(d *jsontext.Decoder, to *int64) error {
	v, err := scalar(d, '0')
	if v == nil {
		return err
	}
	*to, err = strconv.ParseInt(string(v), 10, 64)
	return err
}

func truth(d *jsontext.Decoder, to *bool) error {
	switch k := d.PeekKind(); k {
	case 't', 'f':
		*to = k == 't'
	case 'n':
	default:
		return errShape
	}
	return d.SkipValue()
}

// exists notes whether there is anything.
func exists(d *jsontext.Decoder, to *bool) error {
	*to = d.PeekKind() != 'n'
	return d.SkipValue()
}
