package signaltest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"time"

	"communityconnect/chat"
)

// Options say what kind of daemon it is. The zero value is a present-day one.
type Options struct {
	Version   string // "0.14.6" if empty
	Accounts  bool   // started without -a: serves any number of accounts by number
	Automatic bool   // started without --receive-mode=manual: every client receives at once
	Unlisted  bool   // does not list its own identity
	Fresh     bool   // was linked a moment ago: knows nobody's profile until it is asked again for a few
	Receipts  bool   // people's phones say when a message of the bot has arrived

	// Shuffle, if set, makes answers overtake each other and the messages that come in.
	Shuffle *rand.Rand

	// Wrote, if set, sees every message line in the order in which it went out: whole if
	// the socket took all of it.
	Wrote func(line []byte, whole bool)
}

// Daemon is the pretended signal-cli. All its methods may be called from any goroutine.
type Daemon struct {
	opts Options

	mu        sync.Mutex
	moved     sync.Cond
	bot       *person
	people    map[chat.PersonID]*person
	order     []chat.PersonID
	groups    map[chat.GroupID]*group
	queue     [][]byte // what Signal keeps for the bot
	held      []heldBack
	sent      []Sent
	taken     int // of sent, by Next
	faults    []*planned
	complains []string
	stamp     chat.Timestamp
	sessions  map[*session]bool
	listeners map[net.Listener]bool
	linked    bool
	closed    bool
	nextSub   int
	answered  map[string]int
	workers   sync.WaitGroup
}

// New makes a daemon with an account for the bot and nobody else. Close it.
func New(opts Options) *Daemon {
	if opts.Version == "" {
		opts.Version = "0.14.6"
	}
	d := &Daemon{
		opts: opts, people: map[chat.PersonID]*person{}, groups: map[chat.GroupID]*group{},
		sessions: map[*session]bool{}, listeners: map[net.Listener]bool{}, answered: map[string]int{}, linked: true,
	}
	d.moved.L = &d.mu
	d.bot = d.newPerson("Bot")
	return d
}

// Bot is the account of the bot.
func (d *Daemon) Bot() chat.PersonID { return d.bot.id }

// Number is the phone number of the bot's account.
func (d *Daemon) Number() string { return d.bot.number }

// ListenUnix accepts clients on a unix socket. Like the real one it refuses a path that
// exists.
func (d *Daemon) ListenUnix(path string) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("signaltest: %s exists", path)
	}
	_, err := d.listen("unix", path)
	return err
}

// ListenTCP accepts clients on a free port of the loopback interface and returns its
// address.
func (d *Daemon) ListenTCP() (address string, err error) { return d.listen("tcp", "127.0.0.1:0") }

func (d *Daemon) listen(network, address string) (string, error) {
	ln, err := net.Listen(network, address)
	if err != nil {
		return "", err
	}
	d.mu.Lock()
	d.listeners[ln] = true
	d.mu.Unlock()
	d.workers.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			d.serve(conn)
		}
	})
	return ln.Addr().String(), nil
}

// Dial connects over a net.Pipe. It fits signal.Options.Dial.
func (d *Daemon) Dial(ctx context.Context) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ours, theirs := net.Pipe()
	if !d.serve(ours) {
		theirs.Close()
		return nil, errors.New("signaltest: connection refused")
	}
	return theirs, nil
}

// Drop ends all connections, without a word.
func (d *Daemon) Drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s := range d.sessions {
		s.drop()
	}
	d.moved.Broadcast()
}

// Stop refuses new connections and ends those that there are, until Start. What people
// write in the meantime waits at Signal.
func (d *Daemon) Stop() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.Drop()
}

// Start takes connections again after Stop. Faults that were ordered are forgotten.
func (d *Daemon) Start() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed, d.faults = false, nil
}

// Restart is Stop and Start.
func (d *Daemon) Restart() {
	d.Stop()
	d.Start()
}

// Close ends everything and returns when all of the daemon's goroutines have.
func (d *Daemon) Close() {
	d.Stop()
	d.mu.Lock()
	for ln := range d.listeners {
		ln.Close()
	}
	d.mu.Unlock()
	d.workers.Wait()
}

// Complaints lists what a real daemon would swallow without a word and what is still a
// mistake: parameters that it does not know.
func (d *Daemon) Complaints() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.complains...)
}

// Answered counts the answered calls of a method.
func (d *Daemon) Answered(method string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.answered[method]
}

// Subscribed counts the subscriptions.
func (d *Daemon) Subscribed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for s := range d.sessions {
		n += len(s.subs)
	}
	return n
}

// Waiting counts the messages that Signal keeps because nobody is subscribed.
func (d *Daemon) Waiting() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.queue)
}

// now returns a timestamp that was never given out before. d.mu is held.
func (d *Daemon) now() chat.Timestamp {
	d.stamp = max(d.stamp+1, chat.TimestampOf(time.Now()))
	return d.stamp
}
