package bot_test

import (
	"testing"

	"communityconnect/chat"
)

// TestPlainTradeBudget holds a plain trade between two people whom the bot knows to what
// it may cost: each of them one act, the bot two messages and one edit.
func TestPlainTradeBudget(t *testing.T) {
	for _, place := range []struct {
		name string
		in   func(n int) chat.Conversation
	}{
		{"in the group", func(int) chat.Conversation { return inGroup }},
		{"in direct messages", inDM},
	} {
		t.Run(place.name, func(t *testing.T) {
			inBubble(t, 3, func(h *house) {
				h.deliver(h.gave(1, 2, place.in(1), "2h hedge"))
				h.settle()
				h.deliver(h.tapped(2, place.in(2), "✅", h.line.last(place.in(2)).sent))
				h.settle()
				count := map[chat.Act]int{}
				for _, d := range h.line.arrived() {
					count[d.out.Act]++
				}
				if count[chat.Send] > 2 || count[chat.Edit] > 1 || count[chat.React] > 1 {
					t.Errorf("a plain trade took the bot %v", count)
				}
				h.line.forget()
				h.deliver(h.said(2, inDM(2), "/balance"))
				h.settle()
				if got := h.line.last(inDM(2)).out.Text; got == "" || got[:len("You're at -2h")] != "You're at -2h" {
					t.Errorf("after the trade the receiver hears %q", got)
				}
			})
		})
	}
}
