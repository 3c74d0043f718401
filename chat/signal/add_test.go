package signal_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
)

// The bot takes somebody into a group where it may, hears of it as of any change, and
// finds nothing to do the second time. Where only admins may and it is none, it never tries.
func TestAdd(t *testing.T) {
	inBubble(t, signaltest.Options{}, nil, func(t *testing.T, w *world) {
		ann, zed := w.Person("Ann"), w.Person("Zed")
		g := w.Group("Riverside", ann)
		add := func(who ...chat.PersonID) error {
			_, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Add, To: signaltest.In(g), Add: who})
			return err
		}
		time.Sleep(time.Minute)
		w.joined()
		w.GroupRules(g, false, false, true, false)
		var failed *chat.SendError
		if err := add(zed); !errors.As(err, &failed) || failed.Outcome != chat.Never || w.Answered("updateGroup") != 0 {
			t.Fatalf("without a right to: %v after %d calls", err, w.Answered("updateGroup"))
		}
		for _, rights := range []struct{ anyone, admin bool }{{true, false}, {false, true}} {
			w.GroupRules(g, false, rights.anyone, true, rights.admin)
			if err := add(zed); err != nil || w.Answered("updateGroup") == 0 {
				t.Fatalf("%+v: %v", rights, err)
			}
			calls := w.Answered("updateGroup")
			if err := add(zed); err != nil || w.Answered("updateGroup") != calls {
				t.Fatalf("%+v, again: %v", rights, err)
			}
			time.Sleep(time.Minute)
			if joined := w.joined(); !slices.Contains(joined, zed) {
				t.Errorf("%+v: the line says that %v joined", rights, joined)
			}
			w.Leave(g, zed)
			time.Sleep(time.Minute)
		}
		if err := add("PNI:not-an-account"); !errors.As(err, &failed) || failed.Outcome != chat.Never {
			t.Errorf("nobody's account: %v", err)
		}
	})
}

// joined returns who the line says have joined a group since it was asked last.
func (w *world) joined() (joined []chat.PersonID) {
	w.keeper.mu.Lock()
	defer w.keeper.mu.Unlock()
	for _, d := range w.keeper.got {
		if d.Message != nil && d.Message.Kind == chat.Roster {
			joined = append(joined, d.Message.Joined...)
		}
	}
	w.keeper.got = nil
	return joined
}
