package bot_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/storage"
)

// onTheDay runs f in a house on a Sunday noon in Dublin, with something to tell of.
func onTheDay(t *testing.T, f func(h *house, noon time.Time)) {
	t.Helper()
	path := t.TempDir() + "/house.db"
	synctest.Test(t, func(t *testing.T) {
		noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		time.Sleep(time.Until(noon.AddDate(0, 0, -20)))
		h := openHouseSlowly(t, path, 4)
		defer func() {
			h.end()
			if err := h.db.Close(); err != nil {
				t.Error(err)
			}
		}()
		time.Sleep(time.Until(noon))
		h.deliver(h.said(1, inGroup, "/offer Guitar lessons"))
		h.settle()
		f(h, noon)
	})
}

func (h *house) do(name string, due time.Time) bool {
	h.t.Helper()
	over, err := h.engine.Do(h.t.Context(), name, due)
	if err != nil {
		h.t.Fatal(err)
	}
	h.settle()
	return over
}

// digests counts what the group was told of its weeks.
func (h *house) digests() (n int) {
	for _, d := range h.line.arrived() {
		if strings.HasPrefix(d.out.Text, "📰") {
			n++
		}
	}
	return n
}

// What is due is done once, whatever asks for it again: twice at once, after a restart, or
// after a clock that was put back an hour.
func TestAJobIsDoneOnce(t *testing.T) {
	onTheDay(t, func(h *house, noon time.Time) {
		due := noon.Add(6 * time.Hour)
		if h.do("digest", due) || h.digests() != 0 {
			t.Error("what is not due yet was done")
		}
		time.Sleep(7 * time.Hour)
		for range 2 {
			if !h.do("digest", due) || h.digests() != 1 {
				t.Errorf("%d digests for one evening", h.digests())
			}
			h.restart()
		}
		if _, err := h.engine.Do(h.t.Context(), "nonsense", due); err == nil {
			t.Error("a job that there is not was done")
		}
	})
}

// After a long stop what was missed is made up once; what fell into the time before the
// founding is not.
func TestAMissedJobIsMadeUpOnce(t *testing.T) {
	onTheDay(t, func(h *house, noon time.Time) {
		if !h.do("digest", noon.AddDate(0, 0, -21)) || h.digests() != 0 {
			t.Error("a week before the founding was told of")
		}
		time.Sleep(23 * 24 * time.Hour)
		h.do("digest", noon.AddDate(0, 0, 21).Add(6*time.Hour))
		h.do("digest", noon.AddDate(0, 0, 14).Add(6*time.Hour)) // an older one is past
		if h.digests() != 1 || !strings.Contains(h.line.last(inGroup).out.Text, "🎁 1 new") {
			t.Errorf("%d digests after three weeks: %s", h.digests(), h.line.last(inGroup).out.Text)
		}
	})
}

// What speaks in a group waits for the end of the quiet hours.
func TestAJobWaitsForTheMorning(t *testing.T) {
	onTheDay(t, func(h *house, noon time.Time) {
		due := noon.Add(6 * time.Hour)
		time.Sleep(10 * time.Hour)
		if h.do("digest", due) || h.digests() != 0 {
			t.Error("the group was woken at ten in the evening")
		}
		time.Sleep(10*time.Hour + time.Minute)
		if !h.do("digest", due) || h.digests() != 1 {
			t.Error("the digest of the evening did not come in the morning")
		}
	})
}

// A job that was done by a clock years ahead does not wait for those years.
func TestAClockThatWasWrong(t *testing.T) {
	onTheDay(t, func(h *house, noon time.Time) {
		due := noon.Add(6 * time.Hour)
		time.Sleep(7 * time.Hour)
		note := func(at time.Time) {
			if err := h.db.Update(func(tx *storage.Tx) error { return tx.NoteJob("digest", at, at) }); err != nil {
				t.Fatal(err)
			}
		}
		note(due.Add(time.Hour)) // an hour put back, as may be on any day
		if h.do("digest", due); h.digests() != 0 {
			t.Error("what was done is done again because the clock was put back an hour")
		}
		note(due.AddDate(3, 0, 0))
		if h.do("digest", due); h.digests() != 1 {
			t.Error("the calendar stands still for three years")
		}
	})
}

// A deadline or a job that falls over leaves nothing half done, is logged without a word
// of anybody's, and the bot goes on.
func TestAJobThatPanics(t *testing.T) {
	onTheDay(t, func(h *house, noon time.Time) {
		var log bytes.Buffer
		h.log = &log
		h.restart()
		h.engine.AddJob("falls", func() error { panic("secret-word") })
		h.engine.AddJob("fails", func() error { return errors.New("secret-word") })
		h.do("falls", noon)
		h.do("fails", noon)
		h.deliver(h.said(2, inDM(2), "/balance"))
		h.settle()
		if got := h.line.last(inDM(2)).out.Text; !strings.HasPrefix(got, "You're at 0h") {
			t.Errorf("after that the bot says %q", got)
		}
		if !strings.Contains(log.String(), "falls") || !strings.Contains(log.String(), "fails") || strings.Contains(log.String(), "secret") {
			t.Errorf("the log says %s", log.String())
		}
	})
}

// What is done outside the engine counts as done once it has succeeded.
func TestOnce(t *testing.T) {
	onTheDay(t, func(h *house, noon time.Time) {
		broken, times := errors.New("no disk"), 0
		run := func(err error) error {
			return h.engine.Once(h.t.Context(), "backup", noon, func(context.Context) error { times++; return err })
		}
		if err := run(broken); !errors.Is(err, broken) {
			t.Errorf("a failure is told as %v", err)
		}
		for range 3 {
			if err := run(nil); err != nil {
				t.Error(err)
			}
			h.restart()
		}
		if times != 2 {
			t.Errorf("done %d times, want one failure and one success", times)
		}
	})
}
