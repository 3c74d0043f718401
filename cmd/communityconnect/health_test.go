package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"communityconnect/chat/signal/signaltest"
	"communityconnect/storage"
)

// running lets a bot run on a village's file until the test ends, and shows its inside.
func (v *village) running() *wire {
	v.t.Helper()
	db, err := storage.Open(v.conf.Communities[0].Database)
	fine(v.t, err)
	w, err := v.service().wire(db, v.Bot())
	fine(v.t, err)
	ended := make(chan error, 1)
	ctx, stop := context.WithCancel(context.Background())
	go func() { ended <- w.run(ctx) }()
	v.stop = func() {
		stop()
		fine(v.t, <-ended)
		fine(v.t, db.Close())
	}
	v.pass(time.Minute)
	return w
}

// Health is a line for each thing that keeps the bot from its work.
func TestAilments(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.start()
		v.pass(time.Minute)
		v.end()
		w := v.running()
		check := func(want string) {
			t.Helper()
			if got := strings.Join(w.ailments(t.Context()), "; "); want == "" && got != "" || !strings.Contains(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		check("")
		w.Pause()
		check("is the disk full?")
		w.Resume()
		check("")
		w.challenged("token")
		check("Signal wants a captcha")
		v.Stop()
		v.pass(time.Second)
		check("no connection with signal-cli")
		v.stop()
		check("the engine does not answer")

		tamper(t, v.conf.Communities[0].Database, "DROP TRIGGER account_balance_follows_transfers; UPDATE account SET balance = 60 WHERE id = 2")
		v.Start()
		w = v.running()
		check("the books do not add up")
		v.stop()
	})
}

// metricLine is a line as Prometheus reads it.
var metricLine = regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[A-Za-z]+="[^"\\]*"(, ?[A-Za-z]+="[^"\\]*")*\})? -?[0-9.e+-]+)\n$`)

// What the metrics tell is nobody's secret.
func TestMetricsAreNotPrivate(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{Receipts: true}, 1, "Annzibar", "Benzibar")
		v.start()
		v.pass(time.Minute)
		v.end()
		w := v.running()
		v.Say(people[0], signaltest.Direct(people[0]), "hello zanzi")
		v.Garble("zanzi +353870022222")
		v.Undecryptable(people[0], "zanzi +353870022222")
		v.Fail("send", 1, signaltest.Fault{Everyone: signaltest.Result{Type: "zanzi +353870022222"}})
		v.Say(people[0], signaltest.Direct(people[0]), "/books zanzi")
		v.pass(time.Minute)
		var out strings.Builder
		writeMetrics(&out, []*wire{w})
		for line := range strings.Lines(out.String()) {
			if !metricLine.MatchString(line) {
				t.Errorf("%q is in no form of Prometheus", line)
			}
		}
		text := strings.ToLower(out.String())
		for _, private := range []string{"zanzi", "zibar", "35387", string(people[0]), strings.ToLower(string(v.group))} {
			if strings.Contains(text, private) {
				t.Errorf("the metrics have %q: %s", private, text)
			}
		}
		for _, want := range []string{"signal_undecoded_total", "outbox_failed", "undecoded_kept", "signal_sends_total", "challenge_waiting"} {
			if !strings.Contains(text, want) {
				t.Errorf("the metrics miss %s", want)
			}
		}
		v.stop()
	})
}
