package signal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// keeper is a handler that keeps what it gets in memory.
type keeper struct {
	mu      sync.Mutex
	got     []signal.Delivery
	batches int
	largest int
	refuse  error // what Deliver returns, if not nil
	refused [][]signal.Delivery
	rosters map[chat.GroupID][]chat.PersonID
	before  func()        // called at the start of each Deliver
	arrived chan struct{} // if set, gets something when a batch is kept
}

func (k *keeper) Deliver(_ context.Context, batch []signal.Delivery) error {
	k.mu.Lock()
	before := k.before
	k.mu.Unlock()
	if before != nil {
		before()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.refuse != nil {
		k.refused = append(k.refused, slices.Clone(batch))
		return k.refuse
	}
	k.batches++
	k.largest = max(k.largest, len(batch))
	k.got = append(k.got, batch...)
	if k.arrived != nil {
		select {
		case k.arrived <- struct{}{}:
		default:
		}
	}
	return nil
}

func (k *keeper) Roster(_ context.Context, g chat.GroupID) ([]chat.PersonID, error) {
	return k.rosters[g], nil
}

func (k *keeper) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refuse = err
}

// first sets what is called at the start of each Deliver.
func (k *keeper) first(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.before = f
}

func (k *keeper) all() []signal.Delivery {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.got)
}

// messages returns the messages of some kinds.
func (k *keeper) messages(kinds ...chat.Kind) []chat.Message {
	var out []chat.Message
	for _, d := range k.all() {
		if d.Message != nil && slices.Contains(kinds, d.Message.Kind) {
			out = append(out, *d.Message)
		}
	}
	return out
}

func (k *keeper) texts() []string {
	var out []string
	for _, m := range k.messages(chat.Said) {
		out = append(out, m.Text)
	}
	return out
}

// world is a running line with a daemon, in a bubble of its own time.
type world struct {
	*signaltest.Daemon
	*keeper
	t        *testing.T
	line     *signal.Line
	opts     signal.Options
	log      *bytes.Buffer
	mu       sync.Mutex
	troubles []signal.Trouble
	states   []signal.State
	stop     func() error
}

// inBubble runs a test with a line that is connected and has nothing to do.
func inBubble(t *testing.T, daemon signaltest.Options, prepare func(*world), test func(*testing.T, *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{Daemon: signaltest.New(daemon), keeper: &keeper{rosters: map[chat.GroupID][]chat.PersonID{}}, t: t, log: &bytes.Buffer{}}
		w.opts = signal.Options{
			Dial: w.Dial, Log: zerolog.New(zerolog.SyncWriter(w.log)),
			Trouble: func(tr signal.Trouble) {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.troubles = append(w.troubles, tr)
			},
			Changed: func(s signal.State) {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.states = append(w.states, s)
			},
		}
		if prepare != nil {
			prepare(w)
		}
		w.start()
		synctest.Wait()
		test(t, w)
		if err := w.stop(); err != nil {
			t.Errorf("the line ended with: %v", err)
		}
		w.Close()
		if c := w.Complaints(); len(c) > 0 {
			t.Errorf("the line says what signal-cli does not know: %v", c)
		}
	})
}

func (w *world) start() {
	line, err := signal.New(w.opts, w.keeper)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- line.Run(ctx) }()
	w.line = line
	w.stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
}

func (w *world) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (w *world) trouble(kind signal.TroubleKind) []signal.Trouble {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.troubles), func(t signal.Trouble) bool { return t.Kind != kind })
}

func equal(a, b chat.Message) bool { return reflect.DeepEqual(a, b) }

// show writes out a message that would not show itself.
func show(m chat.Message) string {
	b, err := json.Marshal(m)
	return fmt.Sprint(string(b), err)
}

func asSendError(t *testing.T, err error) *chat.SendError {
	t.Helper()
	var e *chat.SendError
	if !errors.As(err, &e) {
		t.Fatalf("no send error: %v", err)
	}
	return e
}
