package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
	"communityconnect/community"
	"communityconnect/storage"
)

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
		"unknown group": {func(v *village) { v.conf.Communities[0].Group = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" }, "not known to the bot's account"},
		"not a member":  {func(v *village) { v.Leave(v.group, v.Bot()) }, "not a member"},
		"wrong account": {func(v *village) { v.conf.Signal.Account = "+353879999999" }, "another one"},
		"empty council": {func(v *village) { v.conf.Communities[0].CouncilGroup = string(v.Group("Nobody")) }, "add the council first"},
		"empty group":   {func(v *village) { v.conf.Communities[0].Group = string(v.Group("Nobody")) }, "add the neighbours first"},
		"no directory": {func(v *village) {
			v.conf.Communities[0].Database = filepath.Join(v.conf.Communities[0].Database, "none", "x.db")
		}, "there is no directory"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
				c.spoil(v)
				s := newService(v.conf, v.conf.Communities[0], zerolog.New(v.log))
				s.signal.Dial = v.Dial
				err := s.run(t.Context())
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
			})
		})
	}
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
