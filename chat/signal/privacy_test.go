package signal_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// Nothing that somebody typed, is called, or can be reached by occurs in the log, whatever
// happens; and phone numbers get no further than the line.
func TestNothingPrivateIsLoggedOrKept(t *testing.T) {
	const text = "zanzibar quince"
	var ann, ben chat.PersonID
	inBubble(t, signaltest.Options{Receipts: true}, func(w *world) {
		w.opts.Account = w.Number()
		ann, ben = w.Person("Annzibar"), w.HiddenPerson("Benzibar")
		w.opts.Groups = []chat.GroupID{w.Group("Zanzigroup", ann, ben), w.Invitation("Zanzinvited", ann)}
	}, func(t *testing.T, w *world) {
		cleo := w.Person("Cleozibar")
		g := w.opts.Groups[0]
		there := signaltest.In(g)
		first := w.Say(ann, there, text+" +353870011111")
		w.Say(ben, signaltest.Direct(ben), text)
		w.Edit(ann, there, first, signaltest.Words{Text: text})
		w.React(ben, there, "👍", chat.Ref{Author: ann, Sent: first})
		w.Garble("garbled " + text + " +353870022222")
		w.Envelope(`{"envelope":{"source":"+353870033333","sourceNumber":"+353870033333","sourceUuid":null,"timestamp":1795331900001,"dataMessage":{"message":"` + text + `"}},"account":"` + w.Number() + `"}`)
		w.Envelope(`{"envelope":{"sourceUuid":5,"dataMessage":{"message":"` + text + `"}}}`)
		w.Undecryptable(ann, "ProtocolInvalidMessageException")
		w.Undecryptable(ann, text)
		w.Join(g, cleo)
		w.Reinstall(ben)
		w.Say(ben, there, text)
		w.wait(time.Minute)
		var careless strings.Builder // what a caller might log
		out := chat.Outgoing{Act: chat.Send, To: there, Text: text, QuoteText: text, Quote: &chat.Ref{Author: ann, Sent: first},
			Files: []chat.File{{Name: "zanzibar.txt", Type: "text/plain", Data: []byte(text)}}}
		for _, f := range []signaltest.Fault{
			{}, {Drop: signaltest.During}, {Silent: true},
			{Error: &signaltest.Error{Code: -1, Message: "User is not a member in group: Zanzigroup (" + string(g) + ")"}},
			{Error: &signaltest.Error{Code: -32603, Message: "Failed to send message: " + text + " (" + text + ")"}},
			{Everyone: signaltest.Result{Type: signaltest.Network}},
			{Everyone: signaltest.Result{Type: signaltest.RateLimit, Token: "zanzitoken", RetryAfter: 5}},
			{Everyone: signaltest.Result{Type: text}},
		} {
			w.Fail("send", 1, f)
			_, err := w.line.Send(t.Context(), out)
			if err != nil {
				careless.WriteString(err.Error())
			}
			w.wait(time.Minute)
		}
		w.fail(errors.New(text))
		w.Say(ann, there, text)
		synctest.Wait()
		w.fail(nil)
		w.line.Resume()
		w.CutNext()
		w.Say(ann, there, text)
		w.wait(time.Minute)
		for _, d := range w.all() {
			fmt.Fprintf(&careless, "%v %+v %#v", d, d, d)
			if d.Message != nil {
				fmt.Fprintf(&careless, "%v %+v %#v", d.Message, *d.Message, d.Message)
			}
		}
		fmt.Fprintf(&careless, "%v %+v %#v", out, out, out)
		w.Leave(g, w.Bot())
		w.wait(time.Minute)

		if err := w.stop(); err != nil {
			t.Error(err)
		}
		log := strings.ToLower(w.log.String() + careless.String())
		private := []string{"zanzi", "zibar", "quince", strings.ToLower(string(g)), strings.ToLower(string(w.opts.Groups[1])), "35387"}
		for _, p := range []chat.PersonID{ann, ben, cleo, w.Bot()} {
			private = append(private, string(p))
		}
		for _, p := range private {
			if at := strings.Index(log, p); at >= 0 {
				t.Errorf("the log has %q: ...%s...", p, log[max(0, at-200):min(len(log), at+100)])
			}
		}
		if !strings.Contains(log, "connected") || !strings.Contains(log, "not understood") {
			t.Errorf("the log has not been captured: %s", log)
		}
		kept := ""
		for _, d := range w.all() {
			kept += string(d.Undecoded) + "\n"
			if d.Message != nil && d.Message.Text != text+" +353870011111" {
				kept += show(*d.Message)
			}
		}
		if strings.Contains(kept, "35387") || !strings.Contains(kept, "garbled") {
			t.Errorf("a number is kept: %s", kept)
		}
	})
}

// No metric has anything private in its name.
func TestMetricsAreNotPrivate(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		for i := range 200 {
			w.Undecryptable(ann, fmt.Sprintf("Kind%s", strings.Repeat("x", i)))
		}
		w.Fail("send", 1, signaltest.Fault{Everyone: signaltest.Result{Type: "+353870012345"}})
		_, _ = w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: signaltest.Direct(ann), Text: "x"})
		synctest.Wait()
		m := w.line.Metrics()
		if len(m.Exceptions) > 65 || m.Exceptions["other"] == 0 {
			t.Errorf("%d kinds of exceptions", len(m.Exceptions))
		}
		if s := fmt.Sprint(m); strings.Contains(s, "35387") {
			t.Error(s)
		}
	})
}

var _ signal.Handler = (*keeper)(nil)
