package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

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
		if err := submit(t.Context(), c, "token-1", "signalcaptcha://solved", path); err != nil {
			t.Fatal(err)
		}
		c.Close()
		v.pass(2 * time.Minute)
		if after := len(v.texts(signaltest.Direct(ann))); after != before+1 {
			t.Errorf("%d answers went out after the captcha", after-before)
		}
		if told := v.texts(signaltest.In(v.council)); len(told) != 2 || told[1] != "✅ Signal lets me write again." || told[0] != "⚠️ Signal wants proof that I'm no spammer before I may write much more. Whoever looks after my computer: communityconnect check says what to do. I hear everything, but some answers will be late." {
			t.Errorf("the council heard %q", told)
		}
		v.end()
	})
}

// heard fails unless the council has heard of just these alarms, in this order.
func (v *village) heard(beginnings ...string) {
	v.t.Helper()
	told := slices.DeleteFunc(v.texts(signaltest.In(v.council)), func(s string) bool {
		return strings.Contains(s, "Once a month") || !strings.HasPrefix(s, "⚠️") && !strings.HasPrefix(s, "✅")
	})
	for i, text := range told {
		if i >= len(beginnings) || !strings.HasPrefix(text, beginnings[i]) {
			v.t.Errorf("the council heard\n%s", strings.Join(told, "\n"))
			return
		}
	}
	if len(told) < len(beginnings) {
		v.t.Errorf("the council did not hear %q, but\n%s", beginnings[len(told)], strings.Join(told, "\n"))
	}
}

// The council hears of each trouble once, over reconnections and restarts of the bot, and
// once when it is over.
func TestCouncilHearsOfTroubles(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{Version: "0.14.4"}, 1, "Ann", "Ben")
		const old, out, in = "⚠️ The program that connects me", "⚠️ I'm no longer in the community's group", "✅ I'm in the community's group again"
		v.start()
		for range 3 {
			v.pass(time.Hour)
			v.Drop()
			v.pass(time.Hour)
			v.end()
			v.start()
		}
		v.pass(time.Minute)
		v.heard(old)
		v.Leave(v.group, v.Bot())
		v.pass(13 * time.Hour)
		v.end()
		v.start()
		v.pass(13 * time.Hour)
		v.heard(old, out)
		v.Join(v.group, v.Bot())
		v.Say(people[0], signaltest.In(v.group), "there you are")
		v.pass(time.Hour)
		v.heard(old, out, in)
		v.end()
	})
}

// The council hears of a signal-cli that takes messages while nobody listens, and the bot
// works all the same.
func TestCouncilHearsOfTheWrongMode(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{Automatic: true}, 1, "Ann", "Ben")
		v.start()
		v.pass(time.Minute)
		for range 3 {
			v.Say(people[0], signaltest.Direct(people[0]), "hello")
			v.pass(time.Minute)
		}
		v.heard("⚠️ I may miss messages while I'm restarted.")
		if n := len(v.texts(signaltest.Direct(people[0]))); n != 3 {
			t.Errorf("%d answers to three messages", n)
		}
		v.end()
	})
}

// An absence of signal-cli is told when it is over, with its beginning, also if the bot is
// restarted meanwhile; a moment's absence is nobody's business.
func TestCouncilHearsOfAnAbsence(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.start()
		v.pass(time.Hour)
		v.Stop()
		v.pass(5 * time.Minute)
		v.Start()
		v.pass(time.Hour)
		v.heard()
		v.Stop()
		v.pass(time.Hour)
		v.end()
		v.start()
		v.pass(time.Hour)
		v.heard()
		v.Start()
		v.pass(time.Hour)
		v.heard("⚠️ From 02:05 until now I had no connection with Signal.")
		v.end()
	})
}

// Two days without a word from Signal are told, and so is the first word after them.
func TestCouncilHearsOfSilence(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.conf.Backup.Directory = t.TempDir()
		v.start()
		v.pass(47 * time.Hour)
		v.heard()
		v.pass(2 * time.Hour)
		v.heard("⚠️ I'm connected with Signal, but nothing")
		v.Say(people[0], signaltest.In(v.group), "is anybody there?")
		v.pass(time.Minute)
		v.heard("⚠️ I'm connected with Signal, but nothing", "✅ I hear from Signal again.")
		v.end()
	})
}

// The bot backs up every night by itself. When the directory for it is gone, with all that
// was in it, the council hears of that after two days, once, and when it works again.
func TestCouncilHearsOfOldBackups(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		disk := filepath.Join(t.TempDir(), "disk")
		v.conf.Backup.Directory = filepath.Join(disk, "backups")
		fine(t, os.Mkdir(disk, 0o700))
		v.start()
		days := func(n int) {
			for range n {
				v.pass(24 * time.Hour)
				v.Say(people[0], signaltest.In(v.group), "good morning")
			}
		}
		days(4)
		v.heard()
		fine(t, os.RemoveAll(disk))
		days(2)
		v.end()
		v.start()
		days(1)
		v.heard("⚠️ There has been no good backup since")
		fine(t, os.Mkdir(disk, 0o700))
		days(2)
		v.heard("⚠️ There has been no good backup since", "✅ There is a fresh backup again.")
		v.end()
	})
}
