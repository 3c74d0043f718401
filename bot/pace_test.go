package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/bot"
	"communityconnect/chat"
)

// The first few messages of a burst go at once, the others one by one; what waits for
// one person becomes one message, in which at most one thing can be answered.
func TestPace(t *testing.T) {
	inBubble(t, 12, func(h *house) {
		h.pace(bot.Pace{Burst: 3, Every: time.Second})
		begun := time.Now()
		var all []chat.Message
		for n := 1; n <= 12; n++ {
			all = append(all, h.said(n, inDM(n), "/balance"))
		}
		h.deliver(all...)
		synctest.Wait()
		if got := len(h.line.arrived()); got != 3 {
			t.Errorf("%d messages went out at once, want the burst of 3", got)
		}
		h.settle()
		if took := time.Since(begun); len(h.line.arrived()) != 12 || took < 8*time.Second || took > 12*time.Second {
			t.Errorf("%d of 12 messages went out in %v", len(h.line.arrived()), took)
		}
	})
}

func TestWaitingMessagesBecomeOne(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		h.pace(bot.Pace{Burst: 1, Every: time.Second})
		h.deliver(h.said(1, inDM(1), "/balance"), h.said(1, inDM(1), "/limits"), h.said(1, inDM(1), "/mine"),
			h.gave(2, 1, inDM(2), "1h tea"), h.gave(3, 1, inDM(3), "2h cake"))
		h.settle()
		var toFirst []string
		for _, d := range h.line.arrived() {
			if d.out.To == inDM(1) {
				toFirst = append(toFirst, d.out.Text)
			}
		}
		if len(toFirst) != 2 || strings.Count(toFirst[0], "Is that right?") != 1 {
			t.Errorf("the first member got %d messages: %q", len(toFirst), toFirst)
		}
		// Both questions can be answered by a tap on the message that asks them.
		for _, d := range h.line.arrived() {
			if d.out.To == inDM(1) && strings.Contains(d.out.Text, "Is that right?") {
				h.deliver(h.tapped(1, inDM(1), "✅", d.sent))
			}
		}
		h.deliver(h.said(1, inDM(1), "/balance"))
		h.settle()
		arrived := h.line.arrived()
		if last := arrived[len(arrived)-1].out.Text; !strings.Contains(last, "-3h") {
			t.Errorf("after both taps: %q", last)
		}
	})
}
