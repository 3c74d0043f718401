package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
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
	"communityconnect/community"
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
	s, err := newService(v.conf, zerolog.New(v.log))
	if err != nil {
		v.t.Fatal(err)
	}
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

// The first start takes everybody in, and introduces the bot once; the second does neither.
func TestFounding(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{}, 2, "Ann Kelly", "Ben", "Ben", "🌻", strings.Repeat("Maximilian ", 6), "Ann Byrne")
		outsider := v.HiddenPerson("Olive")
		v.council = v.Group("The council", people[0], people[1], outsider)
		v.conf.Communities[0].CouncilGroup = string(v.council)
		v.conf.Communities[0].Policy.Floor = -2400
		v.start()
		v.pass(time.Minute)
		v.end()
		v.start()
		v.pass(time.Hour)
		v.end()
		v.view(func(tx *storage.Tx) error {
			members, err := tx.Members()
			if err != nil {
				return err
			}
			names, council := map[string]bool{}, 0
			for _, m := range members {
				names[m.Name] = true
				if m.Council {
					council++
				}
				if m.Status != community.Full || m.Person == "" || m.Met {
					t.Errorf("%+v is no founder", m)
				}
			}
			for _, want := range []string{"Ann Kelly", "Ann Byrne", "Ben", "Ben 2", "Neighbour", "Maximilian Maximilian Maximilian", "Olive"} {
				if !names[want] {
					t.Errorf("nobody is called %q: %v", want, names)
				}
			}
			if len(members) != 7 || council != 3 {
				t.Errorf("%d members, %d of the council", len(members), council)
			}
			policy, err := tx.Policy()
			if policy.Floor != -2400 {
				t.Errorf("the floor is %v", policy.Floor)
			}
			return err
		})
		introductions := v.texts(signaltest.In(v.group))
		if len(introductions) != 1 || strings.Count(introductions[0], "\n") != 4 || !strings.Contains(introductions[0], "Riverside") {
			t.Errorf("the group heard %q", introductions)
		}
		if all := v.Sent(); len(all) != 1 {
			t.Errorf("%d things were sent", len(all))
		}
		if c := v.Complaints(); len(c) > 0 {
			t.Error(c)
		}
	})
}

// A crash between the founding and the introduction makes it neither lost nor doubled, and
// one before the founding leaves nothing behind.
func TestIntroductionAfterACrash(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		s := v.service()
		for _, fault := range []bool{true, false, false} {
			db, err := storage.Open(s.community.Database)
			fine(t, err)
			if fault {
				v.Fail("listContacts", 1, signaltest.Fault{Drop: signaltest.During})
			}
			if err := s.found(t.Context(), db); (err != nil) != fault {
				t.Errorf("founding ended with %v", err)
			}
			fine(t, db.Close()) // and the program is gone
		}
		for range 2 {
			v.start()
			v.pass(time.Minute)
			v.end()
		}
		if told := v.texts(signaltest.In(v.group)); len(told) != 1 || strings.HasPrefix(told[0], "(Again") {
			t.Errorf("the group heard %q", told)
		}
	})
}

// Founding waits for signal-cli, and says what no waiting puts right.
func TestFoundingTroubles(t *testing.T) {
	t.Run("signal-cli comes late", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
			v.Stop()
			v.start()
			v.pass(5 * time.Minute)
			v.Start()
			v.pass(2 * time.Minute)
			v.end()
			if n := len(v.texts(signaltest.In(v.group))); n != 1 {
				t.Errorf("%d introductions", n)
			}
			if log := v.log.String(); !strings.Contains(log, "waiting for signal-cli") {
				t.Error(log)
			}
		})
	})
	t.Run("it never comes", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			v, _ := newVillage(t, signaltest.Options{}, 1, "Ann")
			v.Stop()
			v.start()
			v.end()
		})
	})
	t.Run("invited", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			v, people := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
			v.conf.Communities[0].Group = string(v.Invitation("Hillside", people...))
			v.start()
			v.pass(time.Minute)
			v.end()
			v.view(func(tx *storage.Tx) error {
				members, err := tx.Members()
				if len(members) != 2 {
					t.Errorf("%d members", len(members))
				}
				return err
			})
		})
	})
	for name, c := range map[string]struct {
		spoil func(*village)
		want  string
	}{
		"unknown group":   {func(v *village) { v.conf.Communities[0].Group = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" }, "not known to the bot's account"},
		"not a member":    {func(v *village) { v.Leave(v.group, v.Bot()) }, "not a member"},
		"wrong account":   {func(v *village) { v.conf.Signal.Account = "+353879999999" }, "another one"},
		"empty council":   {func(v *village) { v.conf.Communities[0].CouncilGroup = string(v.Group("Nobody")) }, "add the council first"},
		"empty group":     {func(v *village) { v.conf.Communities[0].Group = string(v.Group("Nobody")) }, "add the neighbours first"},
		"two communities": {func(v *village) { v.conf.Communities = append(v.conf.Communities, v.conf.Communities[0]) }, "one bot runs one community"},
		"no directory": {func(v *village) {
			v.conf.Communities[0].Database = filepath.Join(v.conf.Communities[0].Database, "none", "x.db")
		}, "there is no directory"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
				c.spoil(v)
				s, err := newService(v.conf, zerolog.New(v.log))
				if err == nil {
					s.signal.Dial = v.Dial
					err = s.run(t.Context())
				}
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
			})
		})
	}
}

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

// A captcha reaches the log, a file and the council, once; answered, all goes on.
func TestCaptcha(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		ann := people[0]
		v.start()
		v.pass(time.Minute)
		v.Say(ann, signaltest.Direct(ann), "hello")
		v.pass(time.Minute)
		v.Fail("send", 2, signaltest.Fault{Everyone: signaltest.Result{Type: signaltest.RateLimit, Token: "token-1", RetryAfter: 86400}})
		v.Say(ann, signaltest.Direct(ann), "/books")
		v.pass(5 * time.Minute)
		path := v.conf.Communities[0].Database
		if c := readChallenge(path); c == nil || c.Token != "token-1" {
			t.Fatalf("the file says %+v", c)
		}
		if log := v.log.String(); !strings.Contains(log, "token-1") {
			t.Error(log)
		}
		var out bytes.Buffer
		l := &findings{out: &out}
		l.database(v.conf.Communities[0])
		if !l.failed || !strings.Contains(out.String(), "--token token-1") {
			t.Error(out.String())
		}
		before := len(v.texts(signaltest.Direct(ann)))
		c, err := signal.Dial(t.Context(), signal.Options{Dial: v.Dial})
		if err != nil {
			t.Fatal(err)
		}
		if err := submit(t.Context(), c, path, "token-1", "signalcaptcha://solved"); err != nil {
			t.Fatal(err)
		}
		c.Close()
		v.pass(2 * time.Minute)
		if after := len(v.texts(signaltest.Direct(ann))); after != before+1 {
			t.Errorf("%d answers went out after the captcha", after-before)
		}
		if told := v.texts(signaltest.In(v.council)); len(told) != 1 || told[0] != tellChallenged {
			t.Errorf("the council heard %q", told)
		}
		v.end()
	})
}

// The council hears of an old signal-cli and of a lost group, once a day at most.
func TestCouncilHearsOfTroubles(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{Version: "0.14.4"}, 1, "Ann", "Ben")
		v.start()
		v.pass(time.Minute)
		for range 3 {
			v.Drop()
			v.pass(time.Hour)
		}
		v.Leave(v.group, v.Bot())
		v.pass(13 * time.Hour)
		told := v.texts(signaltest.In(v.council))
		if len(told) != 2 || told[0] != tellOutdated || told[1] != tellNotMember {
			t.Errorf("the council heard %q", told)
		}
		v.end()
	})
}

// A daemon that receives by itself loses messages while the bot is away: the council hears
// of it, and the bot works all the same.
func TestCouncilHearsOfTheWrongMode(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{Automatic: true}, 1, "Ann", "Ben")
		v.start()
		v.pass(time.Minute)
		for range 3 {
			v.Say(people[0], signaltest.Direct(people[0]), "hello")
			v.pass(time.Minute)
		}
		if told := v.texts(signaltest.In(v.council)); len(told) != 1 || told[0] != tellNotManual {
			t.Errorf("the council heard %q", told)
		}
		if n := len(v.texts(signaltest.Direct(people[0]))); n != 3 {
			t.Errorf("%d answers to three messages", n)
		}
		v.end()
	})
}

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

// Names are unique however alike people are called.
func TestUniqueNames(t *testing.T) {
	var people []chat.PersonID
	known := map[chat.PersonID]string{}
	for i, n := range []string{"Ben", "ben", "Вen", "Ben 2", "", "@", strings.Repeat("x", 80), strings.Repeat("x", 81), "B\u202een"} {
		p := chat.PersonID(fmt.Sprint(i))
		people, known[p] = append(people, p), n
	}
	folded := map[string]bool{}
	for _, n := range uniqueNames(people, known) {
		if clean, err := community.CleanName(n); err != nil || clean != n || folded[community.Fold(n)] {
			t.Errorf("%q: %v", n, err)
		}
		folded[community.Fold(n)] = true
	}
}
