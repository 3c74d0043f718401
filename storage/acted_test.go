package storage

import (
	"testing"

	"communityconnect/chat"
)

// Somebody has acted since one of their messages if anything else of theirs has come in
// after it, but for second readings, and for rosters, which nobody writes.
func TestActedSince(t *testing.T) {
	db := fresh(t)
	fine(t, db.Update(func(tx *Tx) error {
		var first InboxID
		for i, step := range []struct {
			m    chat.Message
			want bool // acted since the first
		}{
			{said("ann", 1000, "before"), false},
			{said("ann", 1001, "the message"), false},
			{said("ben", 1002, "another's"), false},
			{chat.Message{Kind: chat.Guessed, From: "ann", Sent: 1001}, false},
			{chat.Message{Kind: chat.Roster, From: "ann", Sent: 1003}, false},
			{chat.Message{Kind: chat.Reacted, From: "ann", Sent: 900}, true}, // by whatever clock
		} {
			id, _, err := tx.Receive(step.m, 5000)
			fine(t, err)
			if i <= 1 {
				first = id
			}
			acted, err := tx.ActedSince(first, "ann")
			fine(t, err)
			if acted != step.want {
				t.Errorf("after %d: acted %t", i, acted)
			}
		}
		return nil
	}))
}
