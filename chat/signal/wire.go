package signal

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The shapes of signal-cli's lines, as far as we use them. What is not named here is
// skipped, whatever its type: the daemon's JSON grows with every release. null and absent
// are the same.

// lenient accepts what a Java program may write that strict JSON would refuse.
var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// frame is any line that the daemon writes.
type frame struct {
	Method string         `json:"method"`
	Params jsontext.Value `json:"params"`
	ID     jsontext.Value `json:"id"`
	Result jsontext.Value `json:"result"`
	Error  *wireError     `json:"error"`
}

type wireError struct {
	Code    int            `json:"code"`
	Message string         `json:"message"`
	Data    jsontext.Value `json:"data"`
}

// notification is a frame that brings an envelope: in params if the daemon subscribes
// every client by itself, in params.result if the client has subscribed.
type notification struct {
	Method string `json:"method"`
	Params struct {
		wireReceived
		Subscription present      `json:"subscription"`
		Result       wireReceived `json:"result"`
	} `json:"params"`
}

type wireReceived struct {
	Account   string        `json:"account"`
	Envelope  *wireEnvelope `json:"envelope"`
	Exception *struct {
		Type string `json:"type"`
	} `json:"exception"`
}

type wireEnvelope struct {
	Source       string `json:"source"`
	SourceNumber string `json:"sourceNumber"`
	SourceUUID   string `json:"sourceUuid"`
	SourceName   string `json:"sourceName"`
	Timestamp    int64  `json:"timestamp"`
	Served       int64  `json:"serverReceivedTimestamp"`

	Data    *wireData `json:"dataMessage"`
	Edit    *wireEdit `json:"editMessage"`
	Receipt *struct {
		Timestamps []int64 `json:"timestamps"`
	} `json:"receiptMessage"`
	Typing present `json:"typingMessage"`
	Call   present `json:"callMessage"` // ids beyond 64 signed bits occur inside
	Story  present `json:"storyMessage"`
	Sync   present `json:"syncMessage"`
}

type wireEdit struct {
	Target int64     `json:"targetSentTimestamp"`
	Data   *wireData `json:"dataMessage"`
}

type wireData struct {
	Message  string        `json:"message"`
	Reaction *wireReaction `json:"reaction"`
	Quote    *struct {
		ID         int64  `json:"id"`
		AuthorUUID string `json:"authorUuid"`
	} `json:"quote"`
	Mentions []struct {
		UUID   string `json:"uuid"`
		Start  int    `json:"start"`
		Length int    `json:"length"`
	} `json:"mentions"`
	Delete *struct {
		Timestamp int64 `json:"timestamp"`
	} `json:"remoteDelete"`
	Group *struct {
		ID   string `json:"groupId"`
		Type string `json:"type"`
	} `json:"groupInfo"`
	StoryContext present `json:"storyContext"`
}

type wireReaction struct {
	Emoji            string `json:"emoji"`
	TargetAuthorUUID string `json:"targetAuthorUuid"`
	Target           int64  `json:"targetSentTimestamp"`
	Removed          bool   `json:"isRemove"`
}

// wireSent is the answer to everything that sends.
type wireSent struct {
	Timestamp int64        `json:"timestamp"`
	Results   []wireResult `json:"results"`
}

type wireResult struct {
	Recipient struct {
		UUID string `json:"uuid"`
	} `json:"recipientAddress"`
	Type       string  `json:"type"`
	Token      string  `json:"token"`
	RetryAfter float64 `json:"retryAfterSeconds"`
}

// present is true if there is a value and it is not null, of whatever type.
type present bool

// UnmarshalJSONFrom skips the value.
func (p *present) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*p = d.PeekKind() != 'n'
	return d.SkipValue()
}
