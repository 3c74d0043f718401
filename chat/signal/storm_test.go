package signal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// Everything a storm lets come has a number in it that is found in the line that was
// written as well as in what was delivered.
var stormNumber = regexp.MustCompile(`storm-([0-9]+)`)

func numberIn(b []byte) string {
	if m := stormNumber.FindSubmatch(b); m != nil {
		return string(m[1])
	}
	return ""
}

// stormy is a handler whose store fails now and then.
type stormy struct {
	mu      sync.Mutex
	rng     *rand.Rand
	line    *signal.Line
	got     []string
	pending []byte // a batch that was refused and must come again as it was
	refused int
	faults  []string
	calm    bool
}

func (s *stormy) Deliver(_ context.Context, batch []signal.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, err := json.Marshal(batch)
	if err != nil {
		s.faults = append(s.faults, err.Error())
	}
	if s.pending != nil && !bytes.Equal(s.pending, seen) {
		s.faults = append(s.faults, fmt.Sprintf("a refused batch came again as another:\n%s\n%s", s.pending, seen))
	}
	s.pending = nil
	if !s.calm && s.rng.IntN(20) == 0 {
		s.pending = seen
		s.refused++
		wait := time.Duration(s.rng.IntN(1000)) * time.Millisecond
		time.AfterFunc(wait, func() { s.line.Resume() })
		return errors.New("the store fails")
	}
	for _, d := range batch {
		switch {
		case d.Message != nil && d.Message.Kind == chat.Said:
			s.got = append(s.got, numberIn([]byte(d.Message.Text)))
		case d.Arrival != nil:
			s.got = append(s.got, fmt.Sprint(d.Arrival.Sent[0]))
		case d.Undecoded != nil && !bytes.Contains(d.Undecoded, []byte(`"receive"`)):
			s.got = append(s.got, numberIn(d.Undecoded))
		}
	}
	return nil
}

func (s *stormy) Roster(context.Context, chat.GroupID) ([]chat.PersonID, error) { return nil, nil }

// wrote keeps the numbers of the lines that went out whole.
type wrote struct {
	mu    sync.Mutex
	lines []string
	cut   int
}

func (w *wrote) line(line []byte, whole bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := numberIn(line)
	if n == "" {
		return // something that is dropped
	}
	if !whole {
		w.cut++
		return
	}
	w.lines = append(w.lines, n)
}

// storm lets everything go wrong with a line that can go wrong on its way. A step is one
// thing that happens; between them pass the given pauses.
func storm(t *testing.T, seed uint64, steps int, dial func(*signaltest.Daemon) signal.Options, breaks int, pause func(*rand.Rand)) {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := &wrote{}
	d := signaltest.New(signaltest.Options{Shuffle: rand.New(rand.NewPCG(seed, 2)), Wrote: out.line})
	defer d.Close()
	s := &stormy{rng: rand.New(rand.NewPCG(seed, 3))}
	opts := dial(d)
	opts.Log = zerolog.Nop()
	line, err := signal.New(opts, s)
	if err != nil {
		t.Fatal(err)
	}
	s.line = line
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- line.Run(ctx) }()

	people := []chat.PersonID{d.Person("Ann"), d.HiddenPerson("Ben"), d.Person("Cleo")}
	g := d.Group("Riverside", people...)
	var sends sync.WaitGroup
	number := 0
	next := func() string {
		number++
		return fmt.Sprintf("storm-%d", 1_000_000+number)
	}
	for range steps {
		from := people[rng.IntN(len(people))]
		where := signaltest.In(g)
		if rng.IntN(2) == 0 {
			where = signaltest.Direct(from)
		}
		switch dice := rng.IntN(100); {
		case dice < 40:
			d.Say(from, where, next())
		case dice < 42:
			d.Say(from, where, next()+strings.Repeat(" long", 40<<10))
		case dice < 47:
			d.Garble(next() + ` {"not json`)
		case dice < 52:
			d.Envelope(fmt.Sprintf(`{"envelope":{"sourceUuid":%q,"timestamp":1,"x":%q,"receiptMessage":{"timestamps":[%s]}},"account":%q}`, from, next(), fmt.Sprint(1_000_000+number), d.Number()))
		case dice < 57:
			d.Type(from, where)
		case dice < 60:
			d.Undecryptable(from, "ProtocolNoSessionException")
		case dice < 65:
			d.Repeat()
		case dice < 80:
			sends.Go(func() {
				_, err := line.Send(ctx, chat.Outgoing{Act: chat.Send, To: where, Text: "hello"})
				var e *chat.SendError
				if err != nil && !errors.As(err, &e) {
					t.Errorf("a send failed with %v", err)
				}
			})
		case dice < 85:
			d.Fail("send", 1, signaltest.Fault{Everyone: signaltest.Result{Type: signaltest.Network}})
		case dice < 86:
			d.Fail("unsubscribeReceive", 1, signaltest.Fault{Error: &signaltest.Error{Code: -1, Message: "?"}})
		case dice < 88:
			line.Pause()
		case dice < 92:
			line.Resume()
		case breaks > 0:
			breaks--
			switch rng.IntN(5) {
			case 0:
				d.Drop()
			case 1:
				d.CutNext()
			default:
				moment := []signaltest.Moment{signaltest.Before, signaltest.During, signaltest.After}[rng.IntN(3)]
				d.Fail("send", 1, signaltest.Fault{Drop: moment})
			}
		}
		pause(rng)
	}
	sends.Wait()
	s.mu.Lock()
	s.calm = true
	s.mu.Unlock()
	line.Resume()
	for d.Waiting() > 0 {
		pause(rng)
		line.Resume()
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	d.Close()
	if len(s.faults) > 0 {
		t.Error(s.faults)
	}
	if !slices.Equal(s.got, out.lines) {
		t.Errorf("seed %d: %d lines were written whole and %d were delivered, or in another order", seed, len(out.lines), len(s.got))
		for i := range min(len(s.got), len(out.lines)) {
			if s.got[i] != out.lines[i] {
				t.Errorf("the first difference is at %d: written %s, delivered %s", i, out.lines[i:min(i+5, len(out.lines))], s.got[i:min(i+5, len(s.got))])
				break
			}
		}
	}
	m := line.Metrics()
	t.Logf("seed %d: %d lines, %d cut, %d connections, %d refused batches, sends %v", seed, len(out.lines), out.cut, m.Connections, s.refused, m.Sends)
}

// Whatever happens to the connection, the daemon and the store: every line that was written
// whole is delivered exactly once, in order, and a batch that the store refused comes again
// as it was.
func TestStorm(t *testing.T) {
	for seed := range uint64(12) {
		stormInBubble(t, seed)
	}
}

func stormInBubble(t *testing.T, seed uint64) {
	synctest.Test(t, func(t *testing.T) {
		storm(t, seed, 400, func(d *signaltest.Daemon) signal.Options { return signal.Options{Dial: d.Dial} }, 1000,
			func(rng *rand.Rand) {
				if rng.IntN(4) == 0 {
					time.Sleep(time.Duration(rng.IntN(60)) * time.Second) // time to come back
				}
			})
	})
}

// The same over a real socket, where lines break where they like.
func TestStormOnSocket(t *testing.T) {
	t.Parallel()
	stormOnSocket(t, 99, 1500, 3)
}

func stormOnSocket(t *testing.T, seed uint64, steps, breaks int) {
	storm(t, seed, steps, func(d *signaltest.Daemon) signal.Options {
		socket := filepath.Join(t.TempDir(), "s")
		if err := d.ListenUnix(socket); err != nil {
			t.Fatal(err)
		}
		return signal.Options{Socket: socket}
	}, breaks, func(*rand.Rand) { time.Sleep(time.Millisecond) })
}
