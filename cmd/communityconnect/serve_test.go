package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
	"communityconnect/config"
	"communityconnect/storage"
)

// village is a community on a pretended signal-cli, with the real bot.
type village struct {
	*signaltest.Daemon
	t       *testing.T
	conf    config.Config
	group   chat.GroupID
	council chat.GroupID
	log     *captured
	ended   chan error
	stop    context.CancelFunc
}

// captured is a log that may be written and read at once.
type captured struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (c *captured) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.Write(p)
}

func (c *captured) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.String()
}

// newVillage makes a daemon with the named neighbours, of whom the first so many are the
// council.
func newVillage(t *testing.T, opts signaltest.Options, council int, names ...string) (*village, []chat.PersonID) {
	v := &village{Daemon: signaltest.New(opts), t: t, log: &captured{}}
	t.Cleanup(v.Close)
	var people []chat.PersonID
	for _, n := range names {
		people = append(people, v.HiddenPerson(n))
	}
	v.group, v.council = v.Group("Riverside", people...), v.Group("Riverside council", people[:council]...)
	v.GroupRules(v.council, false, false, true, false)
	v.conf = config.Config{Communities: []config.Community{{
		Name: "Riverside", Timezone: "Europe/Dublin", Group: string(v.group), CouncilGroup: string(v.council),
		Database: filepath.Join(t.TempDir(), "riverside.db"), Policy: config.DefaultPolicy(),
	}}}
	return v, people
}

// service is the bot, over a pipe.
func (v *village) service() *service {
	v.t.Helper()
	s := newService(v.conf, v.conf.Communities[0], zerolog.New(v.log))
	s.signal.Dial = v.Dial
	return s
}

// start lets the bot run until end, in a bubble.
func (v *village) start() {
	v.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	v.stop, v.ended = stop, make(chan error, 1)
	s := v.service()
	go func() { v.ended <- s.run(ctx) }()
	v.pass(time.Second)
}

func (v *village) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (v *village) end() {
	v.t.Helper()
	v.stop()
	if err := <-v.ended; err != nil {
		v.t.Error(err)
	}
}

// texts lists what the bot wrote to a conversation.
func (v *village) texts(to chat.Conversation) []string {
	var all []string
	for _, s := range v.Sent() {
		if s.To == to && s.Text != "" {
			all = append(all, s.Text)
		}
	}
	return all
}

// view reads the file, which must not be open for writing elsewhere for long.
func (v *village) view(f func(*storage.Tx) error) {
	v.t.Helper()
	db, err := storage.OpenReader(v.conf.Communities[0].Database)
	if err != nil {
		v.t.Fatal(err)
	}
	if err := errors.Join(db.View(f), db.Close()); err != nil {
		v.t.Fatal(err)
	}
}

// inBubble runs a test in a bubble of time. Directories are made outside of it.
func inBubble(t *testing.T, f func(*testing.T)) { synctest.Test(t, f) }

// A signal-cli that was linked a moment ago learns the names only when it is asked.
func TestFoundersHaveNames(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		names := []string{"Ann", "Ben", "Cat", "Dee", "Eve", "Finn", "Gus"}
		v, _ := newVillage(t, signaltest.Options{Fresh: true}, 2, names...)
		v.start()
		v.pass(time.Minute)
		v.end()
		v.view(func(tx *storage.Tx) error {
			members, err := tx.Members()
			for i, m := range members {
				if m.Name != names[i] {
					t.Errorf("%s is called %s", names[i], m.Name)
				}
			}
			return err
		})
	})
}

// A crash between the founding and the introduction makes it neither lost nor doubled, and
// A second bot on the same file is refused.
func TestOneProcessPerFile(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.start()
		defer v.end()
		if err := v.service().run(t.Context()); !errors.Is(err, storage.ErrLocked) {
			t.Errorf("got %v", err)
		}
	})
}

// What waits at Signal while the bot is away is answered when it is back, each once, and a
// stop in the middle of a conversation loses nothing.
func TestConversationAcrossRestarts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{Receipts: true}, 2, "Ann Kelly", "Ben Byrne", "Cleo")
		ann, ben := people[0], people[1]
		v.start()
		v.pass(time.Minute)
		v.Say(ann, signaltest.Direct(ann), "hello")
		v.Say(ben, signaltest.Direct(ben), "hello")
		v.pass(time.Minute)
		v.Say(ann, signaltest.Direct(ann), "/gave ben 2h moving boxes")
		v.end()
		v.Say(ben, signaltest.Direct(ben), "hello again")
		v.start()
		v.pass(time.Minute)
		v.Say(ben, signaltest.Direct(ben), "yes")
		v.pass(time.Minute)
		v.end()
		v.view(func(tx *storage.Tx) error {
			seq, _, err := tx.Head()
			if seq != 1 {
				t.Errorf("%d transfers, the conversation was %q, %q", seq, v.texts(signaltest.Direct(ann)), v.texts(signaltest.Direct(ben)))
			}
			return err
		})
		for _, s := range v.Sent() {
			if strings.HasPrefix(s.Text, "(Again") {
				t.Errorf("something was sent twice: %q", s.Text)
			}
		}
	})
}

// What can't be decoded is kept apart, without numbers.
func TestUndecodedIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.start()
		v.Garble("what +353870000001 is this")
		v.pass(time.Minute)
		v.end()
		v.view(func(tx *storage.Tx) error {
			n, err := tx.Undecoded()
			if n != 1 {
				t.Errorf("%d lines are kept", n)
			}
			return err
		})
	})
}

// The roster is remembered: who joins while the bot is away is noticed, and nobody twice.
func TestRosterAcrossRestarts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.start()
		v.pass(time.Minute)
		v.end()
		dee := v.HiddenPerson("Dee")
		v.Join(v.group, dee)
		v.Leave(v.group, people[1])
		for range 2 {
			v.start()
			v.pass(time.Minute)
			v.end()
		}
		v.view(func(tx *storage.Tx) error {
			members, err := tx.Roster(v.group)
			want := []chat.PersonID{people[0], dee}
			slices.Sort(want)
			if !slices.Equal(members, want) {
				t.Errorf("the roster has %d people", len(members))
			}
			return err
		})
	})
}

// A daemon that receives by itself loses messages while the bot is away: the council hears
// An account that changes under the bot ends it, since it would not know itself.
func TestAnotherAccount(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.start()
		v.pass(time.Minute)
		v.end()
		w, err := v.wired("00000000-0000-0000-0000-000000000000")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.run(t.Context()); err == nil || !strings.Contains(err.Error(), "another account") {
			t.Errorf("got %v", err)
		}
		if err := w.db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// wired is the bot under a given account.
func (v *village) wired(self chat.PersonID) (*wire, error) {
	db, err := storage.Open(v.conf.Communities[0].Database)
	if err != nil {
		return nil, err
	}
	return v.service().wire(db, self)
}
