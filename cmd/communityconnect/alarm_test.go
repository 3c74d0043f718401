package main

import (
	"bytes"
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
