package signal_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// A daemon that no longer answers is left within a minute, for a new connection, and what
// people write meanwhile is not lost.
func TestHeartbeat(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		asked := w.Answered("version")
		w.wait(10 * time.Minute)
		if n := w.Answered("version") - asked; n < 10 || n > 20 {
			t.Errorf("%d heartbeats in ten minutes", n)
		}
		w.Fail("version", 1, signaltest.Fault{Silent: true})
		w.wait(time.Minute)
		if n := w.line.Metrics().Connections; n != 2 {
			t.Errorf("%d connections, want a second one", n)
		}
		if s := w.line.Metrics().State; s != signal.Online || w.Subscribed() != 1 {
			t.Errorf("the state is %s, with %d subscriptions", s, w.Subscribed())
		}
		ann := w.Person("Ann")
		w.Say(ann, signaltest.Direct(ann), "hello")
		synctest.Wait()
		if got := w.texts(); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("delivered %q", got)
		}
	})
}

// A handler that takes long is not mistaken for a dead daemon: the connection stays.
func TestSlowHandlerIsNotADeadDaemon(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		w.first(func() { time.Sleep(10 * time.Minute) })
		for range 5000 {
			w.Say(ann, signaltest.Direct(ann), "x")
		}
		w.wait(5 * time.Minute)
		if w.Waiting() == 0 {
			t.Error("all of it was read, although the handler is stuck with the first")
		}
		w.first(nil)
		w.wait(20 * time.Minute)
		if n := len(w.texts()); n != 5000 {
			t.Errorf("%d delivered", n)
		}
		if n := w.line.Metrics().Connections; n != 1 {
			t.Errorf("%d connections", n)
		}
	})
}

// While the daemon is away the line tries again, at first soon, then every half minute or
// so, and not in step with others.
func TestBackoff(t *testing.T) {
	dials := func(t *testing.T) []time.Duration {
		var at []time.Duration
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			line, err := signal.New(signal.Options{Dial: func(context.Context) (net.Conn, error) {
				at = append(at, time.Since(start))
				return nil, errors.New("no such file")
			}}, &keeper{})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			if err := line.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		return at
	}
	first, second := dials(t), dials(t)
	if slices.Equal(first, second) {
		t.Error("two lines try in step")
	}
	for _, at := range [][]time.Duration{first, second} {
		if len(at) < 15 || len(at) > 50 {
			t.Errorf("%d attempts in ten minutes", len(at))
		}
		if at[1] > time.Second {
			t.Errorf("the second attempt comes after %v", at[1])
		}
		for i := 1; i < len(at); i++ {
			if gap := at[i] - at[i-1]; gap > 45*time.Second {
				t.Errorf("%v between two attempts", gap)
			}
		}
	}
}

// Restarts of the daemon lose nothing, and the line subscribes again each time.
func TestRestarts(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		for i := range 20 {
			w.Restart()
			w.Say(ann, signaltest.Direct(ann), string(rune('a'+i)))
			w.wait(time.Minute)
		}
		var want []string
		for i := range 20 {
			want = append(want, string(rune('a'+i)))
		}
		if got := w.texts(); !slices.Equal(got, want) {
			t.Errorf("delivered %q", got)
		}
		if !slices.Contains(w.states, signal.Offline) || w.states[len(w.states)-1] != signal.Online {
			t.Errorf("the states were %v", w.states)
		}
	})
}

// A send that is never answered has an unknown outcome after two minutes, and holds up
// nothing else.
func TestSendDeadline(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		dm := signaltest.Direct(ann)
		w.Fail("send", 1, signaltest.Fault{Silent: true})
		start := time.Now()
		lost := make(chan error, 1)
		go func() {
			_, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: dm, Text: "one"})
			lost <- err
		}()
		synctest.Wait()
		if _, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: dm, Text: "two"}); err != nil {
			t.Errorf("the second send: %v", err)
		}
		if e := asSendError(t, <-lost); e.Outcome != chat.Unknown {
			t.Errorf("the outcome is %s", e.Outcome)
		}
		if took := time.Since(start); took != 2*time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}

// The caller's own deadline counts if it is sooner.
func TestCallersDeadline(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		w.Fail("send", 1, signaltest.Fault{Silent: true})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		_, err := w.line.Send(ctx, chat.Outgoing{Act: chat.Send, To: signaltest.Direct(ann), Text: "one"})
		if e := asSendError(t, err); e.Outcome != chat.Unknown || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the outcome is %v", err)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// Calls from within Deliver are answered, even when what waits to be delivered has filled
// the queue and stands before the answer.
func TestCallWithinDeliver(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		dm := signaltest.Direct(ann)
		calls := 0
		w.first(func() {
			if calls++; calls > 1 {
				return
			}
			time.Sleep(time.Minute) // until the queue is full
			for range 10 {
				if _, err := w.line.Send(context.Background(), chat.Outgoing{Act: chat.Send, To: dm, Text: "hi"}); err != nil {
					t.Errorf("a call within Deliver: %v", err)
				}
			}
		})
		for range 5000 {
			w.Say(ann, dm, "x")
		}
		w.wait(5 * time.Minute)
		if n := len(w.texts()); n != 5000 || len(w.Sent()) != 10 {
			t.Errorf("%d delivered, %d sent", n, len(w.Sent()))
		}
		if w.largest > 256 {
			t.Errorf("a batch of %d", w.largest)
		}
	})
}

// What the daemon had written before it went silent, and the answers it still gives, are
// not thrown away with the connection.
func TestWhatComesLate(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann := w.Person("Ann")
		dm := signaltest.Direct(ann)
		w.Fail("version", 1, signaltest.Fault{Silent: true})
		held := make(chan struct{})
		w.Fail("send", 1, signaltest.Fault{Hold: held})
		answer := make(chan error, 1)
		go func() {
			_, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: dm, Text: "hello"})
			answer <- err
		}()
		w.wait(57 * time.Second) // the heartbeat was missed two seconds ago
		if n := w.line.Metrics().Connections; n != 1 {
			t.Fatalf("%d connections", n)
		}
		w.Say(ann, dm, "late")
		synctest.Wait()
		close(held)
		if err := <-answer; err != nil {
			t.Errorf("an answer that came in time: %v", err)
		}
		w.wait(time.Minute)
		if got := w.texts(); !slices.Equal(got, []string{"late"}) {
			t.Errorf("delivered %q", got)
		}
		if n := w.line.Metrics().Connections; n != 2 {
			t.Errorf("%d connections", n)
		}
	})
}
