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
