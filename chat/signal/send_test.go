package signal_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// Everything the bot can do reaches Signal as it was meant.
func TestSend(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann, ben := w.Person("Ann"), w.HiddenPerson("Ben")
		g := w.Group("Riverside", ann, ben)
		there, dm := signaltest.In(g), signaltest.Direct(ben)
		asked := chat.Ref{Author: ben, Sent: w.Say(ben, there, "who can help?")}
		do := func(o chat.Outgoing) chat.Timestamp {
			t.Helper()
			r, err := w.line.Send(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Missed) > 0 || r.Sent == 0 {
				t.Errorf("the receipt is %+v", r)
			}
			return r.Sent
		}
		card := do(chat.Outgoing{
			Act: chat.Send, To: there, Text: "🐎 \ufffc can help \ufffc", Quote: &asked, QuoteText: "\ufffc who can help?",
			Mentions: []chat.Mention{{Person: ann, Start: 3, Length: 1}, {Person: ben, Start: 14, Length: 1}},
		})
		do(chat.Outgoing{Act: chat.React, To: there, Emoji: "👍", Target: &asked})
		do(chat.Outgoing{Act: chat.Edit, To: there, Text: "done", Target: &chat.Ref{Author: w.Bot(), Sent: card}})
		do(chat.Outgoing{Act: chat.Typing, To: dm})
		do(chat.Outgoing{Act: chat.Send, To: dm, Text: "just you\n\"quoted\" \\ end"})
		files := []chat.File{{Name: "my-data.txt", Type: "text/plain", Data: []byte("Grüße;base64,\x00")}, {Name: "my-data.json", Type: "application/json", Data: []byte("{}")}}
		do(chat.Outgoing{Act: chat.Send, To: dm, Text: "there you go", Files: files})

		got := w.Sent()
		if len(got) != 6 {
			t.Fatalf("%d sends", len(got))
		}
		if s := got[0]; s.To != there || s.Text != "🐎 \ufffc can help \ufffc" || *s.Quote != asked || s.QuoteText != "@ who can help?" || s.Stamp != card ||
			!slices.Equal(s.Mentions, []string{"3:1:" + string(ann), "14:1:" + string(ben)}) || !slices.Equal(s.Reached, []chat.PersonID{ann, ben}) {
			t.Errorf("the card went out as %+v", s)
		}
		if s := got[1]; s.Emoji != "👍" || *s.Target != asked || s.To != there {
			t.Errorf("the reaction went out as %+v", s)
		}
		if s := got[2]; s.Edits != card || s.Text != "done" || s.Stamp == card {
			t.Errorf("the edit went out as %+v", s)
		}
		if s := got[3]; !s.Typing || s.To != dm {
			t.Errorf("typing went out as %+v", s)
		}
		if s := got[4]; s.To != dm || s.Text != "just you\n\"quoted\" \\ end" || s.Quote != nil || s.Edits != 0 {
			t.Errorf("the message went out as %+v", s)
		}
		if s := got[5]; s.Text != "there you go" || !reflect.DeepEqual(s.Files, files) {
			t.Errorf("the files went out as %+v", s)
		}
	})
}

// What can't be right never leaves the house.
func TestSendWrong(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		dm, ref := signaltest.Direct(ann), &chat.Ref{Author: ann, Sent: 7}
		for name, o := range map[string]chat.Outgoing{
			"nowhere":               {Act: chat.Send, Text: "x"},
			"to a number":           {Act: chat.Send, Text: "x", To: chat.Conversation{Person: "+353870000001"}},
			"to both":               {Act: chat.Send, Text: "x", To: chat.Conversation{Person: ann, Group: "g"}},
			"no act":                {Text: "x", To: dm},
			"no text":               {Act: chat.Send, To: dm},
			"too long":              {Act: chat.Send, To: dm, Text: strings.Repeat("x", 65537)},
			"mention outside":       {Act: chat.Send, To: dm, Text: "x", Mentions: []chat.Mention{{Person: ann, Start: 1, Length: 1}}},
			"mention overflow":      {Act: chat.Send, To: dm, Text: "x", Mentions: []chat.Mention{{Person: ann, Start: 1<<63 - 1, Length: 1<<63 - 1}}},
			"mention of nobody":     {Act: chat.Send, To: dm, Text: "x", Mentions: []chat.Mention{{Length: 1}}},
			"quote without author":  {Act: chat.Send, To: dm, Text: "x", Quote: &chat.Ref{Sent: 7}},
			"reaction to nothing":   {Act: chat.React, To: dm, Emoji: "👍"},
			"reaction to nobody":    {Act: chat.React, To: dm, Emoji: "👍", Target: &chat.Ref{Sent: 7}},
			"reaction with no face": {Act: chat.React, To: dm, Target: ref},
			"edit of nothing":       {Act: chat.Edit, To: dm, Text: "x"},
			"an empty file":         {Act: chat.Send, To: dm, Text: "x", Files: []chat.File{{Name: "a.txt", Type: "text/plain"}}},
			"a file with a path":    {Act: chat.Send, To: dm, Text: "x", Files: []chat.File{{Name: "../a.txt", Type: "text/plain", Data: []byte("x")}}},
			"a file of two types":   {Act: chat.Send, To: dm, Text: "x", Files: []chat.File{{Name: "a.txt", Type: "text/plain;x=1", Data: []byte("x")}}},
			"files without end":     {Act: chat.Send, To: dm, Text: "x", Files: []chat.File{{Name: "a.txt", Type: "text/plain", Data: make([]byte, chat.MaxFiles+1)}}},
		} {
			_, err := w.line.Send(t.Context(), o)
			if e := asSendError(t, err); e.Outcome != chat.Never {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := len(w.Sent()); n != 0 {
			t.Errorf("%d things were sent", n)
		}
	})
}

// Every way in which a send can fail has the outcome that says whether it may be tried
// again.
func TestSendFailures(t *testing.T) {
	type fault = signaltest.Fault
	everyone := func(r signaltest.Result) fault { return fault{Everyone: r} }
	refused := func(code int, text string) fault { return fault{Error: &signaltest.Error{Code: code, Message: text}} }
	for name, c := range map[string]struct {
		fault fault
		want  chat.Outcome
		check func(*chat.SendError) bool
	}{
		"untrusted":            {everyone(signaltest.Result{Type: signaltest.Identity}), chat.NotSent, func(e *chat.SendError) bool { return len(e.Missed) == 2 }},
		"unregistered":         {everyone(signaltest.Result{Type: signaltest.Unregistered}), chat.Never, nil},
		"network":              {everyone(signaltest.Result{Type: signaltest.Network}), chat.Unknown, func(e *chat.SendError) bool { return e.Sent > 0 }},
		"pre-keys":             {everyone(signaltest.Result{Type: signaltest.InvalidPreKey}), chat.NotSent, nil},
		"rate limit":           {everyone(signaltest.Result{Type: signaltest.RateLimit}), chat.Later, func(e *chat.SendError) bool { return e.After == 0 && e.Challenge == "" }},
		"rate limit, how long": {everyone(signaltest.Result{Type: signaltest.RateLimit, RetryAfter: 90}), chat.Later, func(e *chat.SendError) bool { return e.After == 90*time.Second }},
		"captcha": {everyone(signaltest.Result{Type: signaltest.RateLimit, RetryAfter: 86400, Token: "tok"}), chat.Later,
			func(e *chat.SendError) bool { return e.After == 24*time.Hour && e.Challenge == "tok" }},
		"broken inside":    {refused(-32603, "Failed to send message: [429] Rate Limited (RateLimitException) (UnexpectedErrorException)"), chat.Unknown, nil},
		"no network":       {refused(-3, "Failed to connect (IOException)"), chat.Later, nil},
		"no such group":    {refused(-1, "Group not found: x"), chat.Never, nil},
		"wrong parameters": {refused(-32602, "Specified account does not exist"), chat.Never, nil},
		"no such method":   {refused(-32601, "Method not implemented"), chat.Never, nil},
		"bad request":      {refused(-32600, "Cannot deserialize"), chat.Never, nil},
		"not JSON":         {refused(-32700, "Unexpected character"), chat.Never, nil},
		"unheard-of":       {refused(-2, "?"), chat.Unknown, nil},
		"dropped before":   {fault{Drop: signaltest.Before}, chat.Unknown, nil},
		"dropped during":   {fault{Drop: signaltest.During}, chat.Unknown, nil},
		"dropped after":    {fault{Drop: signaltest.After}, chat.Unknown, nil},
		"never answered":   {fault{Silent: true}, chat.Unknown, nil},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
				ann, ben := w.Person("Ann"), w.Person("Ben")
				out := chat.Outgoing{Act: chat.Send, To: signaltest.In(w.Group("Riverside", ann, ben)), Text: "hello"}
				w.Fail("send", 1, c.fault)
				_, err := w.line.Send(t.Context(), out)
				e := asSendError(t, err)
				if e.Outcome != c.want || c.check != nil && !c.check(e) {
					t.Errorf("the outcome is %+v", *e)
				}
				if n := len(w.trouble(signal.Challenged)); (n == 1) != (e.Challenge != "") {
					t.Errorf("%d calls for a captcha", n)
				}
				w.wait(time.Minute)
				if _, err := w.line.Send(t.Context(), out); err != nil {
					t.Errorf("the next send: %v", err)
				}
				if m := w.line.Metrics(); m.Sends[string(c.want)] != 1 || m.Sends["sent"] != 1 {
					t.Errorf("counted %v", m.Sends)
				}
			})
		})
	}
}

// Reaching some of a group is reaching it; the receipt names the others.
func TestPartialFailure(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann, ben, cleo, dan := w.Person("Ann"), w.Person("Ben"), w.Person("Cleo"), w.Person("Dan")
		w.Fail("send", 1, signaltest.Fault{Results: map[chat.PersonID]signaltest.Result{
			ben: {Type: signaltest.Unregistered}, cleo: {Type: signaltest.Network}, dan: {Type: "SOMETHING_NEW"},
		}})
		r, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: signaltest.In(w.Group("R", ann, ben, cleo, dan)), Text: "hi"})
		if err != nil {
			t.Fatal(err)
		}
		want := []chat.Missed{{Person: ben, Why: signaltest.Unregistered}, {Person: cleo, Why: signaltest.Network}, {Person: dan, Why: "SOMETHING_NEW"}}
		if !slices.Equal(r.Missed, want) {
			t.Errorf("missed %v", r.Missed)
		}
		if m := w.line.Metrics().Results; m["SUCCESS"] != 1 || m["SOMETHING_NEW"] != 1 {
			t.Errorf("counted %v", m)
		}
	})
}

// A group of the bot alone is no failure.
func TestSendToEmptyGroup(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		if _, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: signaltest.In(w.Group("Alone")), Text: "hi"}); err != nil {
			t.Error(err)
		}
	})
}

// Without a connection nothing was sent, and it is known at once.
func TestSendOffline(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		w.Stop()
		synctest.Wait()
		_, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: signaltest.Direct(ann), Text: "hi"})
		if e := asSendError(t, err); e.Outcome != chat.NotSent {
			t.Errorf("the outcome is %v", err)
		}
	})
}

// The arrivals after a send of unknown outcome prove that it went out.
func TestUnknownIsProved(t *testing.T) {
	inBubble(t, signaltest.Options{Receipts: true}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		before := chat.TimestampOf(time.Now())
		w.Fail("send", 1, signaltest.Fault{Drop: signaltest.After})
		_, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: signaltest.Direct(ann), Text: "hi"})
		if e := asSendError(t, err); e.Outcome != chat.Unknown {
			t.Fatalf("the outcome is %v", err)
		}
		w.wait(time.Minute)
		all := w.all()
		if len(all) != 1 || all[0].Arrival == nil || all[0].Arrival.By != ann || all[0].Arrival.Sent[0] < before || all[0].Arrival.Sent[0] != w.Sent()[0].Stamp {
			t.Errorf("delivered %v", all)
		}
	})
}

// A captcha is handed on, and a wrong one is refused in words.
func TestSubmitChallenge(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		if err := w.line.SubmitChallenge(t.Context(), "tok", " signalcaptcha://x\n"); err != nil {
			t.Error(err)
		}
		if err := w.line.SubmitChallenge(t.Context(), "tok", "nonsense"); err == nil || !strings.Contains(err.Error(), "captcha") {
			t.Errorf("a wrong captcha: %v", err)
		}
		if err := w.line.SubmitChallenge(t.Context(), "", "x"); err == nil {
			t.Error("a challenge without a token")
		}
	})
}
