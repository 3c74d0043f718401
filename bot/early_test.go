package bot_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/chat"
)

// A tap that comes in before the line has said how to know the tapped message counts all
// the same, and does not let later ones overtake it.
func TestTapOvertakesReceipt(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		const slow = 5 * time.Second
		h.line.answer = func(context.Context, int, chat.Outgoing) error { time.Sleep(slow); return nil }
		h.deliver(h.gave(1, 2, inGroup, "1h hedge"))
		identity := chat.TimestampOf(time.Now().Add(slow))
		synctest.Wait() // the prompt is in flight
		yes, back := h.tapped(2, inGroup, "✅", identity), h.tapped(2, inGroup, "✅", identity)
		back.Reaction.Removed = true
		begun := time.Now()
		h.deliver(yes, back)
		if waited := time.Since(begun); waited != slow {
			t.Errorf("the tap was durable after %v, and the message landed after %v", waited, slow)
		}
		h.settle()
		if got := h.line.arrived(); len(got) != 2 || got[1].out.Act != chat.Edit {
			t.Errorf("the bot did %d things", len(got))
		}
	})
}

// A tap on a message that nobody can know is no more than let be once nothing is in flight.
func TestTapOnUnknownMessage(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		h.deliver(h.gave(1, 2, inGroup, "1h hedge"))
		h.settle()
		h.deliver(h.tapped(2, inGroup, "✅", 12345))
		h.settle()
		if got := len(h.line.arrived()); got != 1 {
			t.Errorf("the bot did %d things", got)
		}
	})
}
