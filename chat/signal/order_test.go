package signal_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// counter is a handler that checks that the numbers it gets have no gap.
type counter struct {
	mu    sync.Mutex
	moved sync.Cond
	next  int
	wrong int
	most  int // goroutines
	gate  chan struct{}
}

func newCounter() *counter {
	c := &counter{}
	c.moved.L = &c.mu
	return c
}

func (c *counter) Deliver(_ context.Context, batch []signal.Delivery) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if g := c.gate; g != nil {
		c.mu.Unlock()
		<-g
		c.mu.Lock()
	}
	for _, d := range batch {
		if d.Message == nil || d.Message.Text != fmt.Sprint(c.next) {
			c.wrong++
		}
		c.next++
	}
	c.most = max(c.most, runtime.NumGoroutine())
	c.moved.Broadcast()
	return nil
}

func (c *counter) Roster(context.Context, chat.GroupID) ([]chat.PersonID, error) { return nil, nil }

func (c *counter) wait(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.next < n {
		c.moved.Wait()
	}
}

// A hundred bursts of a thousand messages arrive in their order, while a hundred callers
// make calls, and while the handler stands still no goroutines pile up.
func TestOrderUnderLoad(t *testing.T) {
	t.Parallel()
	const bursts, size, callers = 100, 1000, 100
	d := signaltest.New(signaltest.Options{})
	defer d.Close()
	socket := filepath.Join(t.TempDir(), "s")
	if err := d.ListenUnix(socket); err != nil {
		t.Fatal(err)
	}
	ann := d.Person("Ann")
	dm := signaltest.Direct(ann)
	c := newCounter()
	online := make(chan struct{}, 8)
	line, err := signal.New(signal.Options{Socket: socket, Log: zerolog.Nop(), Changed: func(s signal.State) {
		if s == signal.Online {
			online <- struct{}{}
		}
	}}, c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := line.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	<-online

	var calls sync.WaitGroup
	for b := range bursts {
		for range callers {
			calls.Go(func() {
				if _, err := line.Send(context.Background(), chat.Outgoing{Act: chat.Typing, To: dm}); err != nil {
					t.Errorf("a call under load: %v", err)
				}
			})
		}
		stands := b%10 == 0 // the handler stands still until the whole burst is written and every call answered
		if stands {
			c.mu.Lock()
			c.gate = make(chan struct{})
			c.mu.Unlock()
		}
		for i := range size {
			d.Say(ann, dm, fmt.Sprint(b*size+i))
		}
		if stands {
			calls.Wait()
			c.mu.Lock()
			c.most = max(c.most, runtime.NumGoroutine())
			close(c.gate)
			c.gate = nil
			c.mu.Unlock()
		}
		c.wait((b + 1) * size)
	}
	calls.Wait()
	cancel()
	running.Wait()
	if c.wrong > 0 || c.next != bursts*size {
		t.Errorf("%d of %d out of order", c.wrong, c.next)
	}
	// The calls are some goroutines each, here and in the daemon; the messages must be none.
	if c.most > size {
		t.Errorf("%d goroutines at a time", c.most)
	}
}

// Lines are as long as they like.
func TestLongLines(t *testing.T) {
	t.Parallel()
	d := signaltest.New(signaltest.Options{})
	defer d.Close()
	address, err := d.ListenTCP()
	if err != nil {
		t.Fatal(err)
	}
	ann := d.Person("Ann")
	k := &keeper{arrived: make(chan struct{}, 1)}
	line, err := signal.New(signal.Options{Address: address}, k)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- line.Run(ctx) }()
	lengths := []int{1, 4095, 65<<10 - 1, 65 << 10, 200 << 10, 5 << 20}
	for _, n := range lengths {
		d.Say(ann, signaltest.Direct(ann), string(make([]byte, n)))
	}
	last := d.Say(ann, signaltest.Direct(ann), "end")
	for len(k.texts()) <= len(lengths) {
		<-k.arrived
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	got := k.messages(chat.Said)
	for i, n := range lengths {
		if len(got[i].Text) != n {
			t.Errorf("a text of %d bytes has become %d", n, len(got[i].Text))
		}
	}
	if m := got[len(lengths)]; m.Sent != last || m.Text != "end" {
		t.Errorf("the last message is %s", show(m))
	}
}
