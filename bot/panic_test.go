package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"communityconnect/bot"
	"communityconnect/storage"
)

// A handler that falls over takes nothing with it: its author is told, what it had
// changed is undone, the message is kept to be looked at, and the next one is handled.
func TestAPanicIsAnswered(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		h.engine.AddCommand(bot.Command{Name: "explode", Brief: "falls over", Places: bot.InDM, Run: func(*bot.Call) error {
			panic("as it was told to")
		}})
		h.deliver(h.said(1, inDM(1), "/explode"), h.said(1, inDM(1), "/balance"))
		synctest.Wait()
		got := toNeighbours(h.line.arrived())
		if len(got) != 2 || !strings.Contains(got[0].out.Text, "went wrong on my side") || !strings.Contains(got[1].out.Text, "You're at 0h") {
			t.Errorf("the bot said %d things: %+v", len(got), got)
		}
		if err := h.db.View(func(tx *storage.Tx) error {
			n, err := tx.DeadMessages()
			if n != 1 {
				t.Errorf("%d messages are kept as dead, want 1", n)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}
