package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
	"communityconnect/storage"
)

// Nothing that anybody typed or is called, no number and no identifier of a person or a
// group reaches the log of the whole bot, whatever goes wrong.
func TestNothingPrivateIsLogged(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{Receipts: true}, 2, "Annzibar Kelly", "Benzibar", "Benzibar", "Zanzicleo")
		ann, ben, cleo := people[0], people[1], people[3]
		v.conf.Communities[0].Name = "Zanziside"
		v.start()
		v.pass(time.Minute)
		inGroup, council := signaltest.In(v.group), signaltest.In(v.council)
		talk := func(from chat.PersonID, where chat.Conversation, text string) chat.Timestamp {
			defer v.pass(time.Minute)
			return v.Say(from, where, text)
		}
		for _, p := range people {
			talk(p, signaltest.Direct(p), "hello zanzi")
		}
		talk(ann, inGroup, "/offer zanzilessons on the guitar +353870011111")
		talk(cleo, inGroup, "/request zanzihelp with a fence, 2h")
		talk(ann, inGroup, "/gave zanzicleo 2h zanzifence")
		for _, s := range v.Sent() {
			if s.To == inGroup && s.Text != "" {
				v.React(cleo, inGroup, "👍", chat.Ref{Author: v.Bot(), Sent: s.Stamp})
				v.React(ben, inGroup, "🙋", chat.Ref{Author: v.Bot(), Sent: s.Stamp})
			}
		}
		v.pass(time.Minute)
		talk(ann, signaltest.Direct(ann), "/gave benzibar 1h zanzi")
		talk(ann, signaltest.Direct(ann), "1")
		talk(ann, signaltest.Direct(ann), "/gave zanzinobody 90 zanzihours")
		talk(ann, signaltest.Direct(ann), "zanzi zanzi zanzi?")
		talk(ann, signaltest.Direct(ann), "/dispute zanzi")
		talk(cleo, signaltest.Direct(cleo), "/balance")
		talk(ben, council, "/limits zanzicleo -20h +60h")
		first := talk(ann, inGroup, "zanzi told cleo")
		v.Edit(ann, inGroup, first, signaltest.Words{Text: "/gave zanzicleo 3h zanzi"})
		v.Delete(ann, inGroup, first)
		v.Garble("zanzigarble +353870022222")
		v.Envelope(`{"envelope":{"sourceUuid":5,"dataMessage":{"message":"zanzi"}}}`)
		v.Undecryptable(ann, "ProtocolInvalidMessageException")
		stranger := v.Person("Zanzidora")
		talk(stranger, signaltest.Direct(stranger), "zanzi who is here")
		v.Join(v.group, stranger)
		v.Reinstall(ben)
		talk(ben, inGroup, "zanzi")
		for _, f := range []signaltest.Fault{
			{Drop: signaltest.During}, {Silent: true}, {Drop: signaltest.Before},
			{Error: &signaltest.Error{Code: -1, Message: "User is not a member in group: Zanzigroup (" + string(v.group) + ")"}},
			{Error: &signaltest.Error{Code: -32603, Message: "Failed to send message: zanzi (zanzi)"}},
			{Everyone: signaltest.Result{Type: signaltest.Network}},
			{Everyone: signaltest.Result{Type: signaltest.RateLimit, RetryAfter: 5}},
			{Everyone: signaltest.Result{Type: signaltest.Unregistered}},
		} {
			v.Fail("send", 1, f)
			talk(ann, signaltest.Direct(ann), "/history zanzi")
			v.pass(5 * time.Minute)
		}
		v.Leave(v.group, stranger)
		v.pass(time.Minute)
		v.end()
		v.Leave(v.group, v.Bot())
		v.start()
		v.pass(time.Hour)
		v.end()

		log := strings.ToLower(v.log.String())
		private := []string{"zanzi", "zibar", "fence", "35387", strings.ToLower(string(v.group)), strings.ToLower(string(v.council))}
		for _, p := range append(people, stranger, v.Bot()) {
			private = append(private, string(p))
		}
		for _, p := range private {
			if at := strings.Index(log, p); at >= 0 {
				t.Errorf("the log has %q: …%s…", p, log[max(0, at-200):min(len(log), at+100)])
			}
		}
		if aci := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}`).FindString(log); aci != "" {
			t.Errorf("the log has an identifier: %s", aci)
		}
		for _, want := range []string{"founded", "connected", "not understood", "the bot is up", "stopped", "will be tried again"} {
			if !strings.Contains(log, want) {
				t.Errorf("the log has no %q: it was not captured, or the conversation did not happen", want)
			}
		}
		v.view(func(tx *storage.Tx) error {
			seq, _, err := tx.Head()
			if seq == 0 {
				t.Error("no trade was posted: the conversation did not happen")
			}
			return err
		})
	})
}
