package bot_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"communityconnect/chat"
)

// unasked returns what the bot has said of itself: digests and reminders.
func (h *house) unasked() (all []string) {
	for _, d := range h.line.arrived() {
		if strings.HasPrefix(d.out.Text, "📰") || strings.Contains(d.out.Text, "still waits for your word") || strings.Contains(d.out.Text, "a word") {
			all = append(all, d.out.Text)
		}
	}
	return all
}

// What nobody has asked for and could not go out, because signal-cli or Signal was out of
// reach for days, doesn't go out in the night in which that is over, and has not piled up:
// in the morning everybody hears each thing once. An answer goes out at any hour.
func TestBackInTheNight(t *testing.T) {
	for name, known := range map[string]bool{"signal-cli is away": true, "Signal is away": false} {
		onTheDay(t, func(h *house, noon time.Time) {
			var away atomic.Bool
			h.online = func() bool { return !known || !away.Load() }
			h.line.answer = func(context.Context, int, chat.Outgoing) error {
				if away.Load() {
					return &chat.SendError{Outcome: chat.Later, After: time.Hour}
				}
				return nil
			}
			h.restart()
			for n := range 4 {
				h.deliver(h.said(n+1, inDM(n+1), "hello"))
			}
			h.deliver(h.gave(1, 2, inDM(1), "1h hedge"))
			h.deliver(h.gave(3, 2, inDM(3), "1h lawn"))
			h.settle()
			sleepUntil(noon.Add(11 * time.Hour)) // eleven in the evening
			away.Store(true)
			sleepUntil(noon.Add(21 * time.Hour))
			h.try("digest", noon.Add(6*time.Hour))
			if err := h.engine.Tell(h.t.Context(), inCouncil, "a word"); err != nil {
				t.Fatal(err)
			}
			day := noon.AddDate(0, 0, 8) // meanwhile the two are reminded of, and expire
			sleepUntil(day)
			h.try("digest", noon.AddDate(0, 0, 7).Add(6*time.Hour))
			sleepUntil(day.Add(14 * time.Hour)) // two in the morning
			if known {
				h.restart()
			}
			away.Store(false)
			sleepUntil(day.Add(15*time.Hour + time.Minute))
			h.deliver(h.said(2, inDM(2), "/balance"))
			h.settle()
			h.try("digest", noon.AddDate(0, 0, 7).Add(6*time.Hour))
			if got := h.unasked(); len(got) != 0 {
				t.Errorf("%s: in the night they read %q", name, got)
			}
			if last := h.line.last(inDM(2)).out.Text; !strings.Contains(last, "You're at 0h") {
				t.Errorf("%s: the answer in the night was %q", name, last)
			}
			sleepUntil(day.Add(21 * time.Hour))
			h.settle()
			h.try("digest", noon.AddDate(0, 0, 7).Add(6*time.Hour))
			sleepUntil(day.Add(22 * time.Hour))
			h.settle()
			said := map[string]int{}
			for _, text := range h.unasked() {
				said[text[:4]]++
			}
			reminders := 0 // of what is past
			if !known {
				reminders = 1 // that was under way before anybody could know
			}
			if said["1. N"] != reminders || said["📰"] != 1 || said["a wo"] != 1 {
				t.Errorf("%s: in the morning they read %q", name, h.unasked())
			}
		})
	}
}

func sleepUntil(at time.Time) { time.Sleep(time.Until(at)) }

// try asks for a job without waiting for what it brings about.
func (h *house) try(name string, due time.Time) (over bool) {
	h.t.Helper()
	over, err := h.engine.Do(h.t.Context(), name, due)
	if err != nil {
		h.t.Fatal(err)
	}
	return over
}

// What a clock said that was a year ahead for an hour keeps nobody from being reminded in
// the year that follows.
func TestAClockThatWasAhead(t *testing.T) {
	onTheDay(t, func(h *house, noon time.Time) {
		var ahead atomic.Int64
		h.now = func() time.Time { return time.Now().AddDate(int(ahead.Load()), 0, 0) }
		h.restart()
		for n := range 4 {
			h.deliver(h.said(n+1, inDM(n+1), "hello"))
		}
		h.deliver(h.gave(1, 2, inDM(1), "1h hedge"))
		h.settle()
		ahead.Store(1)
		time.Sleep(time.Hour)
		h.settle()
		ahead.Store(0)
		h.sent = chat.TimestampOf(time.Now())
		if last := h.line.last(inDM(1)).out.Text; !strings.Contains(last, "was never confirmed") {
			t.Errorf("meanwhile they read %q", last)
		}
		h.deliver(h.gave(2, 1, inDM(2), "1h lawn"))
		time.Sleep(48 * time.Hour)
		h.settle()
		if got := h.unasked(); len(got) != 1 {
			t.Errorf("they were reminded with %q", got)
		}
	})
}

// What runs out while the bot is off for three weeks, or signal-cli gone for as long, has
// not run out for those who could not answer: a question can still be answered, and a
// request and a vote stand, as long as they could when the bot went away.
func TestThreeWeeksOff(t *testing.T) {
	for name, running := range map[string]bool{"the bot is off": false, "signal-cli is gone": true} {
		onTheDay(t, func(h *house, noon time.Time) {
			var away atomic.Bool
			h.online = func() bool { return !away.Load() }
			h.sweep = 6 * time.Hour
			h.restart()
			for n := range 4 {
				h.deliver(h.said(n+1, inDM(n+1), "hello"))
			}
			h.deliver(h.said(3, inGroup, "/request Help with the hedge"))
			time.Sleep(12 * 24 * time.Hour)
			h.deliver(h.gave(1, 2, inDM(1), "1h hedge"), h.said(3, inGroup, "/propose A bench at the river"))
			h.settle()
			time.Sleep(time.Hour)
			if running {
				away.Store(true)
			} else {
				h.end()
			}
			time.Sleep(10 * time.Hour)
			yes := h.said(2, inDM(2), "yes")
			time.Sleep(21 * 24 * time.Hour)
			if running {
				away.Store(false)
			} else {
				h.start()
			}
			yes.Served = yes.Sent
			h.deliver(yes)
			h.settle()
			h.deliver(h.said(2, inDM(2), "yes"))
			h.deliver(h.said(4, inDM(4), "/vote #1 yes"))
			h.settle()
			if vote := h.line.last(inDM(4)).out.Text; !strings.HasPrefix(vote, "Noted: your household is for it") {
				t.Errorf("%s: who votes reads %q", name, vote)
			}
			h.deliver(h.said(4, inDM(4), "/board"))
			h.settle()
			if last := h.line.last(inDM(1)).out.Text; !strings.Contains(last, "said yes: 1h (hedge) is recorded") {
				t.Errorf("%s: the giver read %q, and the receiver %q", name, last, h.line.last(inDM(2)).out.Text)
			}
			if board := h.line.last(inDM(4)).out.Text; !strings.Contains(board, "Help with the hedge") {
				t.Errorf("%s: on the board is %q", name, board)
			}
			time.Sleep(20 * 24 * time.Hour) // and then it ends
			h.deliver(h.said(4, inDM(4), "/board"))
			h.settle()
			if board := h.line.last(inDM(4)).out.Text; strings.Contains(board, "Help with the hedge") {
				t.Errorf("%s: on the board is still %q", name, board)
			}
		})
	}
}
