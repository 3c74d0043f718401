package signal

import (
	"context"
	"errors"
	"time"

	"github.com/go-json-experiment/json"

	"communityconnect/chat"
)

// signal-cli's error codes.
const (
	codeInvalidParams = -32602 // account missing or unknown
	codeUnknownMethod = -32601
	codeInvalid       = -32600
	codeNotJSON       = -32700
	codeUser          = -1 // a wrong request, or everybody failed for mixed reasons
	codeIO            = -3 // Signal could not be reached
	codeUntrusted     = -4 // everybody failed: changed safety numbers
	codeRateLimit     = -5 // everybody failed: too many messages
	codeCaptcha       = -6 // captcha rejected
)

// signal-cli's result types, one per recipient.
const (
	success         = "SUCCESS"
	rateLimit       = "RATE_LIMIT_FAILURE"
	networkFailure  = "NETWORK_FAILURE"
	unregistered    = "UNREGISTERED_FAILURE"
	invalidPreKey   = "INVALID_PRE_KEY_FAILURE"
	identityFailure = "IDENTITY_FAILURE"
)

// sendError says what became of a send that was not plainly answered.
func sendError(err error) *chat.SendError {
	var refused *CallError
	switch {
	case errors.Is(err, errNotWritten):
		return &chat.SendError{Outcome: chat.NotSent, Cause: err}
	case errors.As(err, &refused):
		return refused.sendError()
	}
	return &chat.SendError{Outcome: chat.Unknown, Cause: err}
}

func (e *CallError) sendError() *chat.SendError {
	sent := e.sent()
	out := &chat.SendError{Outcome: chat.Unknown, Missed: missed(sent.Results), Cause: e}
	switch e.Code {
	case codeUser:
		out.Outcome = fromResults(sent.Results)
	case codeRateLimit, codeIO:
		out.Outcome = chat.Later
	case codeUntrusted:
		out.Outcome = chat.NotSent // the keeper trusts the new key; then it may be tried again
	case codeNotJSON, codeInvalid, codeUnknownMethod, codeInvalidParams:
		out.Outcome = chat.Never
	}
	switch out.Outcome {
	case chat.Later:
		for _, r := range sent.Results {
			out.After = max(out.After, time.Duration(r.RetryAfter*float64(time.Second)))
			if out.Challenge == "" {
				out.Challenge = r.Token
			}
		}
	case chat.Unknown:
		out.Sent = chat.Timestamp(sent.Timestamp)
	}
	return out
}

// fromResults says what became of a message that reached nobody, for reasons that differ
// or have no code of their own. The network may have failed after Signal had taken the
// message. Without results the request itself was wrong.
func fromResults(results []wireResult) chat.Outcome {
	has := map[string]bool{}
	for _, r := range results {
		has[r.Type] = true
	}
	switch {
	case has[networkFailure], has[success]:
		return chat.Unknown
	case has[rateLimit]:
		return chat.Later
	case has[identityFailure], has[invalidPreKey]:
		return chat.NotSent
	}
	return chat.Never
}

// sent returns what the daemon says of a send that it refused.
func (e *CallError) sent() wireSent {
	var data struct {
		Response wireSent `json:"response"`
	}
	if len(e.data) == 0 || json.Unmarshal(e.data, &data, lenient) != nil {
		return wireSent{}
	}
	return data.Response
}

// missed lists the recipients that a message did not reach.
func missed(results []wireResult) []chat.Missed {
	var out []chat.Missed
	for _, r := range results {
		if r.Type != success {
			out = append(out, chat.Missed{Person: personOf(r), Why: word(r.Type)})
		}
	}
	return out
}

func personOf(r wireResult) chat.PersonID {
	if isACI(r.Recipient.UUID) {
		return chat.PersonID(r.Recipient.UUID)
	}
	return ""
}

// sendReason names for the log why a send failed.
func sendReason(err error) string {
	var refused *CallError
	switch {
	case errors.As(err, &refused):
		return lossReason(err) + refused.Class
	case errors.Is(err, ErrOffline):
		return "offline"
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline"
	case errors.Is(err, errNotWritten), errors.Is(err, errNoAnswer):
		return lossReason(err)
	}
	return "wrong-request"
}
