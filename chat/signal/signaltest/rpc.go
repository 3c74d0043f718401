package signaltest

import (
	"encoding/json"
	"fmt"
	"slices"

	"communityconnect/chat"
)

// call is one JSON-RPC call.
type call struct {
	Version string          `json:"jsonrpc"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	ID      json.RawMessage `json:"id"`

	p params
}

// answer is what the daemon writes back, in one of two orders of keys.
type answer struct {
	Version string          `json:"jsonrpc"`
	Result  any             `json:"result,omitempty"`
	Error   *Error          `json:"error,omitempty"`
	ID      json.RawMessage `json:"id"`
}

// method is what the daemon can do: the parameters it knows and what it does. d.mu is held
// while it works.
type method struct {
	params []string
	do     func(*Daemon, *session, *call, Fault) (any, *Error)
}

func methods() map[string]method {
	recipients := []string{"recipient", "groupId"}
	with := func(more ...string) []string { return append(slices.Clone(recipients), more...) }
	m := map[string]method{
		"version":                  {nil, (*Daemon).version},
		"listIdentities":           {[]string{"number"}, (*Daemon).listIdentities},
		"listGroups":               {[]string{"groupId"}, (*Daemon).listGroups},
		"listContacts":             {[]string{"recipient", "allRecipients"}, (*Daemon).listContacts},
		"subscribeReceive":         {nil, (*Daemon).subscribe},
		"unsubscribeReceive":       {[]string{"subscription"}, (*Daemon).unsubscribe},
		"updateGroup":              {[]string{"groupId", "member"}, (*Daemon).updateGroup},
		"trust":                    {[]string{"recipient", "trustAllKnownKeys"}, (*Daemon).trust},
		"submitRateLimitChallenge": {[]string{"challenge", "captcha"}, (*Daemon).submitChallenge},
		"updateProfile":            {[]string{"givenName"}, (*Daemon).nothing},
		"sendTyping":               {with("stop"), (*Daemon).typing},
		"sendReaction":             {with("emoji", "targetAuthor", "targetTimestamp", "remove"), (*Daemon).send},
		"send": {with("message", "mention", "quoteTimestamp", "quoteAuthor", "quoteMessage", "editTimestamp", "attachment"),
			(*Daemon).send},
	}
	return m
}

func accountMethods() map[string]method {
	return map[string]method{
		"listAccounts": {nil, (*Daemon).listAccounts},
		"startLink":    {nil, (*Daemon).startLink},
		"finishLink":   {[]string{"deviceLinkUri", "deviceName"}, (*Daemon).finishLink},
		"register":     {[]string{"captcha", "voice"}, (*Daemon).nothing},
		"verify":       {[]string{"verificationCode", "pin"}, (*Daemon).verify},
	}
}

// handle works on one line that a client wrote.
func (s *session) handle(line []byte) {
	var c call
	if err := json.Unmarshal(line, &c); err != nil {
		s.answer(&answer{Error: &Error{Code: -32700, Message: "Unexpected character"}, ID: json.RawMessage("null")}, "", Fault{})
		return
	}
	s.d.mu.Lock()
	f := s.d.fault(c.Method)
	if f.Drop == Before {
		s.drop()
		s.d.mu.Unlock()
		return
	}
	result, refused := f.result(s, &c)
	if c.Method == "unsubscribeReceive" && !f.Silent && f.Hold == nil {
		s.writeAnswer(&answer{Result: result, Error: refused, ID: c.ID}, c.Method, f) // it must not overtake
		s.d.mu.Unlock()
		return
	}
	s.d.mu.Unlock()
	if f.Silent || len(c.ID) == 0 {
		return
	}
	if f.Hold != nil {
		select {
		case <-f.Hold:
		case <-s.gone:
		}
	}
	s.answer(&answer{Result: result, Error: refused, ID: c.ID}, c.Method, f)
}

// result carries a call out, if it is to be. d.mu is held.
func (f Fault) result(s *session, c *call) (any, *Error) {
	if f.Error != nil {
		return nil, f.Error
	}
	m, known := methods()[c.Method]
	if !known && s.d.opts.Accounts {
		m, known = accountMethods()[c.Method]
	}
	if !known {
		return nil, &Error{Code: -32601, Message: "Method not implemented"}
	}
	if err := json.Unmarshal(c.Params, &c.p); err != nil && len(c.Params) > 0 {
		return nil, &Error{Code: -32600, Message: "Cannot deserialize value of type `java.util.LinkedHashMap`"}
	}
	for name := range c.p {
		if name != "account" && !slices.Contains(m.params, name) {
			s.d.complains = append(s.d.complains, fmt.Sprintf("%s does not know %s", c.Method, name))
		}
	}
	if _, without := accountMethods()[c.Method]; s.d.opts.Accounts && !without && c.Method != "version" {
		if a := c.p.text("account"); a != s.d.bot.number && a != string(s.d.bot.id) && (a != "" || !s.d.linked) {
			return nil, &Error{Code: -32602, Message: "Specified account does not exist"}
		}
	}
	return m.do(s.d, s, c, f)
}

func (s *session) answer(a *answer, method string, f Fault) {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	s.writeAnswer(a, method, f)
}

// writeAnswer has an answer written. d.mu is held.
func (s *session) writeAnswer(a *answer, method string, f Fault) {
	a.Version = "2.0"
	if a.Result == nil && a.Error == nil {
		a.Result = struct{}{}
	}
	line, err := json.Marshal(a)
	if err != nil {
		panic(err) // the shapes can always be written
	}
	line = append(line, '\n')
	switch f.Drop {
	case After:
		s.drop()
		return
	case During:
		s.cut = true
	}
	s.d.answered[method]++
	if method == "unsubscribeReceive" {
		s.ordered = append(s.ordered, line)
	} else {
		s.answers = append(s.answers, line)
	}
	s.d.moved.Broadcast()
}

// params are the parameters of a call.
type params map[string]json.RawMessage

func (p params) text(name string) string {
	var s string
	_ = json.Unmarshal(p[name], &s)
	return s
}

func (p params) number(name string) int64 {
	var n int64
	_ = json.Unmarshal(p[name], &n)
	return n
}

// list reads a parameter that may be one or several.
func (p params) list(name string) []string {
	var many []string
	if json.Unmarshal(p[name], &many) == nil {
		return many
	}
	if one := p.text(name); one != "" {
		return []string{one}
	}
	return nil
}

func (p params) ref(author, stamp string) *chat.Ref {
	if p.number(stamp) == 0 {
		return nil
	}
	return &chat.Ref{Author: chat.PersonID(p.text(author)), Sent: chat.Timestamp(p.number(stamp))}
}
