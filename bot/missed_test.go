package bot_test

import (
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

// A message to the group that reached some counts as sent, and whom it did not reach is
// remembered.
func TestWhoMissedAMessage(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		h.line.missed = []chat.Missed{{Person: person(3), Why: "UNREGISTERED_FAILURE"}}
		h.deliver(h.said(1, inGroup, "/offer tea"), h.said(2, inGroup, "/offer cake"))
		h.settle()
		if err := h.db.View(func(tx *storage.Tx) error {
			missed, err := tx.MissedSince(time.Now().Add(-time.Minute))
			if len(missed) != 1 || missed[0].Person != person(3) || missed[0].Times != 2 {
				t.Errorf("missed: %+v", missed)
			}
			waiting, err2 := tx.Waiting()
			if len(waiting) != 0 {
				t.Errorf("%d messages still wait", len(waiting))
			}
			if err == nil {
				err = err2
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}
