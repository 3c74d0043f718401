package signal_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// What people do arrives as what it is, in order, and everything else is dropped.
func TestEverythingArrivesAsWhatItIs(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann, ben := w.Person("Ann"), w.HiddenPerson("Ben")
		g := w.Group("Riverside", ann, ben)
		there := signaltest.In(g)

		first := w.Say(ann, there, "hello all")
		w.Type(ben, there)
		w.Write(ben, there, signaltest.Words{
			Text: "🐎 \ufffc yes", Mentions: []chat.Mention{{Person: ann, Start: 3, Length: 1}},
			Quote: &chat.Ref{Author: ann, Sent: first}, QuoteText: "something else",
		})
		w.React(ben, there, "🙋🏽‍♀️", chat.Ref{Author: ann, Sent: first})
		w.Unreact(ben, there, "🙋🏽‍♀️", chat.Ref{Author: ann, Sent: first})
		w.Edit(ann, there, first, signaltest.Words{Text: "hello everybody"})
		w.Delete(ann, there, first)
		w.Say(ben, signaltest.Direct(ben), "just you")
		w.Call(ann)
		w.Story(ann)
		w.Keys(ann)
		w.Sticker(ann, there)
		w.Timer(ann, there, 3600)
		w.OwnPhone(ann, "from the owner's phone")
		w.Say(w.Bot(), there, "the bot itself")
		w.Arrive(ben, false, 5, 6)
		w.Garble("nonsense +353870000123")
		synctest.Wait()

		ref := chat.Ref{Author: ann, Sent: first}
		want := []chat.Message{
			{Kind: chat.Said, From: ann, In: there, Text: "hello all", Name: "Ann"},
			{Kind: chat.Said, From: ben, In: there, Text: "🐎 \ufffc yes", Mentions: []chat.Mention{{Person: ann, Start: 3, Length: 1}}, ReplyTo: &ref, Name: "Ben"},
			{Kind: chat.Reacted, From: ben, In: there, Reaction: &chat.Reaction{Emoji: "🙋", Target: ref}, Name: "Ben"},
			{Kind: chat.Reacted, From: ben, In: there, Reaction: &chat.Reaction{Emoji: "🙋", Target: ref, Removed: true}, Name: "Ben"},
			{Kind: chat.Edited, From: ann, In: there, Text: "hello everybody", Original: first, Name: "Ann"},
			{Kind: chat.Deleted, From: ann, In: there, Original: first, Name: "Ann"},
			{Kind: chat.Said, From: ben, In: signaltest.Direct(ben), Text: "just you", Name: "Ben"},
		}
		got := w.all()
		if len(got) != len(want)+2 {
			t.Fatalf("%d deliveries, want %d: %v", len(got), len(want)+2, got)
		}
		for i, m := range want {
			if got[i].Message == nil {
				t.Fatalf("delivery %d is no message", i)
			}
			m.Sent, m.Served = got[i].Message.Sent, got[i].Message.Served
			if !equal(*got[i].Message, m) {
				t.Errorf("delivery %d is\n%s, want\n%s", i, show(*got[i].Message), show(m))
			}
		}
		if a := got[len(want)].Arrival; a == nil || a.By != ben || !slices.Equal(a.Sent, []chat.Timestamp{5, 6}) {
			t.Errorf("the arrival is %+v", a)
		}
		if u := string(got[len(want)+1].Undecoded); u != "nonsense +..." {
			t.Errorf("the undecoded line is %q", u)
		}
		ignored := w.line.Metrics().Ignored
		for reason, n := range map[string]uint64{"typing": 1, "call": 1, "story": 1, "empty": 3, "own": 2} {
			if ignored[reason] != n {
				t.Errorf("%d lines ignored as %s, want %d", ignored[reason], reason, n)
			}
		}
	})
}

// While the store fails the line unsubscribes, so that Signal keeps what comes, and gives
// the same batch again when it is told that the store is well.
func TestStoreFails(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		dm := signaltest.Direct(ann)
		w.Say(ann, dm, "one")
		synctest.Wait()
		w.fail(errors.New("disk full"))
		w.Say(ann, dm, "two")
		synctest.Wait()
		if w.Subscribed() != 0 {
			t.Fatal("it is still subscribed while the store fails")
		}
		if s := w.line.Metrics().State; s != signal.Paused {
			t.Errorf("the state is %s", s)
		}
		if len(w.trouble(signal.NotDelivered)) != 1 {
			t.Error("nobody was told")
		}
		w.Say(ann, dm, "three")
		if _, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: dm, Text: "still here"}); err != nil {
			t.Errorf("nothing can be sent while it is paused: %v", err)
		}
		w.wait(time.Hour)
		if n := w.Waiting(); n != 1 {
			t.Errorf("%d messages wait at Signal, want 1", n)
		}
		before := w.Answered("subscribeReceive")
		w.first(func() { time.Sleep(time.Second) })
		w.line.Resume() // too early
		w.wait(2 * time.Second)
		if w.Answered("subscribeReceive") != before {
			t.Error("it subscribed although the batch still waits")
		}
		w.fail(nil)
		w.first(nil)
		w.line.Resume()
		synctest.Wait()
		if got := w.texts(); !slices.Equal(got, []string{"one", "two", "three"}) {
			t.Errorf("delivered %q", got)
		}
		if w.Subscribed() != 1 {
			t.Error("it did not subscribe again")
		}
		for i, batch := range w.refused {
			if len(batch) != 1 || batch[0].Message.Text != "two" {
				t.Errorf("the refused batch came as %v the %d. time", batch, i+1)
			}
		}
		if len(w.refused) != 2 {
			t.Errorf("the batch was refused %d times, want 2", len(w.refused))
		}
	})
}

// Told to pause, the line hands nothing over until it is told to go on.
func TestPause(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		w.line.Pause()
		synctest.Wait()
		w.Say(ann, signaltest.Direct(ann), "one")
		w.Restart()
		w.wait(time.Minute)
		if got := w.texts(); len(got) != 0 || w.Waiting() != 1 || w.Subscribed() != 0 {
			t.Fatalf("paused, it delivered %q; %d wait, %d subscriptions", got, w.Waiting(), w.Subscribed())
		}
		w.line.Resume()
		synctest.Wait()
		if got := w.texts(); !slices.Equal(got, []string{"one"}) {
			t.Errorf("delivered %q", got)
		}
	})
}

// At the end the line unsubscribes, delivers what the daemon had taken, and leaves the rest
// with Signal for the next start.
func TestOrderlyEnd(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		dm := signaltest.Direct(ann)
		slow := make(chan struct{})
		w.first(func() { <-slow })
		for range 10 {
			w.Say(ann, dm, "x")
		}
		synctest.Wait()
		go func() {
			time.Sleep(time.Second)
			close(slow)
		}()
		if err := w.stop(); err != nil {
			t.Fatal(err)
		}
		if n := w.Answered("unsubscribeReceive"); n != 1 {
			t.Errorf("it unsubscribed %d times", n)
		}
		w.Say(ann, dm, "later")
		if n, got := w.Waiting(), len(w.texts()); got != 10 || n != 1 {
			t.Errorf("%d delivered and %d kept at Signal, want 10 and 1", got, n)
		}
		w.start()
		synctest.Wait()
		if got := w.texts(); len(got) != 11 || got[10] != "later" {
			t.Errorf("after the next start there are %q", got)
		}
	})
}

// Told to end while it is about to subscribe, it still unsubscribes: nothing comes in
// between and is lost.
func TestEndWhileSubscribing(t *testing.T) {
	held := make(chan chan struct{}, 1)
	inBubble(t, signaltest.Options{}, func(w *world) {
		hold := make(chan struct{}) // of the bubble
		held <- hold
		w.Fail("subscribeReceive", 1, signaltest.Fault{Hold: hold})
	}, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		w.Say(ann, signaltest.Direct(ann), "just in time")
		ended := make(chan error, 1)
		go func() { ended <- w.stop() }()
		w.wait(time.Second)
		close(<-held)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := w.texts(); !slices.Equal(got, []string{"just in time"}) || w.Answered("unsubscribeReceive") != 1 {
			t.Errorf("delivered %q, unsubscribed %d times", got, w.Answered("unsubscribeReceive"))
		}
	})
}

// If the store fails to the very end, Run says so.
func TestEndWithFailingStore(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		w.fail(errors.New("disk full"))
		w.Say(ann, signaltest.Direct(ann), "lost")
		synctest.Wait()
		if err := w.stop(); err == nil {
			t.Error("a lost message was not reported")
		}
		w.stop = func() error { return nil }
	})
}

// A daemon that receives by itself loses messages when the bot is away: it is said once.
func TestAutomaticDaemonIsReported(t *testing.T) {
	inBubble(t, signaltest.Options{Automatic: true}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		w.Say(ann, signaltest.Direct(ann), "one")
		w.Say(ann, signaltest.Direct(ann), "two")
		synctest.Wait()
		if got := w.texts(); len(got) != 2 {
			t.Errorf("delivered %q", got)
		}
		if n := len(w.trouble(signal.NotManual)); n != 1 {
			t.Errorf("reported %d times", n)
		}
	})
}

// A message that cannot be decrypted is counted by its kind, and not delivered.
func TestUndecryptable(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		w.Undecryptable(ann, "ProtocolNoSessionException")
		w.Undecryptable("", "ProtocolNoSessionException")
		w.Undecryptable("", "not a class name, +353870000123")
		synctest.Wait()
		m := w.line.Metrics()
		if m.Exceptions["ProtocolNoSessionException"] != 2 || m.Exceptions["other"] != 1 {
			t.Errorf("counted %v", m.Exceptions)
		}
		if got := w.trouble(signal.Undecryptable); len(got) != 3 || got[0].Person != ann {
			t.Errorf("reported %v", got)
		}
		if len(w.all()) != 0 {
			t.Errorf("delivered %v", w.all())
		}
	})
}

// Groups that are none of the bot's business are.
func TestForeignGroups(t *testing.T) {
	inBubble(t, signaltest.Options{}, func(w *world) {
		ann := w.Person("Ann")
		w.opts.Groups = []chat.GroupID{w.Group("Ours", ann)}
	}, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		w.Say(ann, signaltest.In(w.Group("Theirs", ann)), "not for you")
		w.Say(ann, signaltest.In(w.opts.Groups[0]), "for you")
		w.Say(ann, signaltest.Direct(ann), "and for you")
		synctest.Wait()
		if got := w.texts(); !slices.Equal(got, []string{"for you", "and for you"}) {
			t.Errorf("delivered %q", got)
		}
	})
}
