package signaltest

import (
	"encoding/json"
	"slices"

	"communityconnect/chat"
)

// Moment is when a connection breaks.
type Moment string

// The moments of a call.
const (
	Before Moment = "before" // the call is read and not carried out
	During Moment = "during" // it is carried out, and the answer breaks off in the middle
	After  Moment = "after"  // it is carried out, and there is no answer
)

// Fault is what goes wrong with a call. The zero value is nothing.
type Fault struct {
	Drop   Moment          // the connection ends
	Silent bool            // carried out, never answered
	Hold   <-chan struct{} // answered only when it is closed
	Error  *Error          // refused, not carried out
	Code   int             // a send that reached nobody: the error it gets; chosen by the results if 0

	// Results are what becomes of a send for its recipients, SUCCESS where nothing is said.
	Results  map[chat.PersonID]Result
	Everyone Result // the same for all that Results does not name
}

// Error is a JSON-RPC error.
type Error struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

// Result is what becomes of a send for one recipient.
type Result struct {
	Type       string // one of the types below
	Token      string // with RateLimit: the captcha's
	RetryAfter int    // with RateLimit: seconds
}

// The types of results.
const (
	Success       = "SUCCESS"
	RateLimit     = "RATE_LIMIT_FAILURE"
	Network       = "NETWORK_FAILURE"
	Unregistered  = "UNREGISTERED_FAILURE"
	InvalidPreKey = "INVALID_PRE_KEY_FAILURE"
	Identity      = "IDENTITY_FAILURE"
)

// planned is a fault that waits for its call.
type planned struct {
	method string
	left   int
	fault  Fault
}

// Fail lets the next calls of a method go wrong, as many as n says.
func (d *Daemon) Fail(method string, n int, f Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = append(d.faults, &planned{method, n, f})
}

// fault returns what goes wrong with a call. d.mu is held.
func (d *Daemon) fault(method string) Fault {
	at := slices.IndexFunc(d.faults, func(p *planned) bool { return p.method == method && p.left > 0 })
	if at < 0 {
		return Fault{}
	}
	p := d.faults[at]
	if p.left--; p.left == 0 {
		d.faults = slices.Delete(d.faults, at, at+1)
	}
	return p.fault
}

// refuse picks the error for a send that reached nobody, as the real daemon does.
func refuse(results []Result) *Error {
	same := func(t string) bool {
		return !slices.ContainsFunc(results, func(r Result) bool { return r.Type != t })
	}
	switch {
	case same(Identity):
		return &Error{Code: -4, Message: "Failed to send message due to untrusted identities"}
	case same(RateLimit):
		return &Error{Code: -5, Message: "Failed to send message due to rate limiting"}
	}
	return &Error{Code: -1, Message: "Failed to send message"}
}
