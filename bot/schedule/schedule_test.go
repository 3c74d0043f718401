package schedule

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
)

func madrid(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// The bot's own jobs have hours that make sense, and none that a change of the clocks
// leaves out or repeats.
func TestTheBotsOwnJobs(t *testing.T) {
	c, err := New(madrid(t), Jobs(nil))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, e := range c.entries {
		if names[e.Name] {
			t.Errorf("%s stands twice", e.Name)
		}
		names[e.Name] = true
		if hour, _, _ := strings.Cut(strings.TrimPrefix(e.Spec, "0 "), " "); hour == "0" || hour == "1" || hour == "2" || hour == "3" {
			t.Errorf("%s is due at %s, when clocks are changed", e.Name, e.Spec)
		}
	}
	if _, err := New(madrid(t), []Job{{Name: "never", Spec: "61 * * * *"}}); err == nil {
		t.Error("a minute 61 is taken")
	}
	if len(bot.Jobs()) != len(c.entries) {
		t.Error("a job of the bot is missing")
	}
}

// What was due last is found across the changes of the clocks, by the clocks of the zone.
func TestLatest(t *testing.T) {
	zone := madrid(t)
	c, err := New(zone, []Job{{Name: "daily", Spec: "0 9 * * *"}, {Name: "weekly", Spec: "0 18 * * 0"}, {Name: "monthly", Spec: "0 10 1 * *"}, {Name: "leap", Spec: "0 9 29 2 *"}})
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string][]string{
		"2026-03-29 08:59": {"2026-03-28 09:00", "2026-03-22 18:00", "2026-03-01 10:00", ""}, // the clocks went forward in this night
		"2026-03-29 09:00": {"2026-03-29 09:00", "2026-03-22 18:00", "2026-03-01 10:00", ""},
		"2026-10-25 20:00": {"2026-10-25 09:00", "2026-10-25 18:00", "2026-10-01 10:00", ""}, // and back
		"2028-03-01 00:00": {"2028-02-29 09:00", "2028-02-27 18:00", "2028-02-01 10:00", "2028-02-29 09:00"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", now, zone)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range c.entries {
			got := ""
			if due, ok := c.latest(e.hours, at.UTC()); ok {
				got = due.Format("2006-01-02 15:04")
			}
			if got != want[i] {
				t.Errorf("at %s %s was due %q, want %q", now, e.Name, got, want[i])
			}
		}
	}
}

// Each job runs at its hours, also through the nights in which the clocks change, a job
// that fails or panics keeps no other from its work, and all end when they are told to.
func TestRun(t *testing.T) {
	zone := madrid(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 3, 27, 12, 0, 0, 0, zone)))
		var mu sync.Mutex // the jobs of one hour run side by side
		last := map[string]time.Time{}
		ran := map[string][]string{}
		once := func(name string, do func()) func(context.Context, time.Time) (bool, error) {
			return func(_ context.Context, due time.Time) (bool, error) {
				mu.Lock()
				done := !due.After(last[name])
				if !done {
					last[name] = due
					ran[name] = append(ran[name], time.Now().In(zone).Format("Mon 15:04"))
				}
				mu.Unlock()
				if done {
					return true, nil // as the engine's file would say
				}
				do()
				return false, errors.New("never mind")
			}
		}
		c, err := New(zone, []Job{
			{Name: "panics", Spec: "0 9 * * *", Run: once("panics", func() { panic("oh") })},
			{Name: "works", Spec: "0 9 * * *", Run: once("works", func() {})},
			{Name: "weekly", Spec: "0 18 * * 0", Run: once("weekly", func() {})},
		})
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		for range 2 { // stopped and started again
			ctx, cancel := context.WithTimeout(t.Context(), 36*time.Hour)
			c.Run(ctx, time.Now, zerolog.New(zerolog.SyncWriter(&log)))
			cancel()
		}
		want := "Fri 12:00 Sat 09:00 Sun 09:00 Mon 09:00"
		if got := strings.Join(ran["works"], " "); got != want {
			t.Errorf("the daily one ran %s, want %s", got, want)
		}
		if got := strings.Join(ran["panics"], " "); got != want {
			t.Errorf("the one that panics ran %s, want %s", got, want)
		}
		if got := strings.Join(ran["weekly"], " "); got != "Fri 12:00 Sun 18:00" {
			t.Errorf("the weekly one ran %s", got)
		}
		if !strings.Contains(log.String(), "failed") || !strings.Contains(log.String(), "panic") || strings.Contains(log.String(), "oh") {
			t.Errorf("the log says %s", log.String())
		}
	})
}
