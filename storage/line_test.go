package storage

import (
	"slices"
	"testing"
	"time"

	"communityconnect/chat"
)

func TestSelfIsRemembered(t *testing.T) {
	db := fresh(t)
	for _, want := range []chat.PersonID{"", "one", "two"} {
		if want != "" {
			fine(t, db.Update(func(tx *Tx) error { return tx.SetSelf(want) }))
		}
		var got chat.PersonID
		fine(t, db.View(func(tx *Tx) (err error) { got, err = tx.Self(); return err }))
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The roster is what joined and did not leave, however often either is said.
func TestRosterFollowsChanges(t *testing.T) {
	db := fresh(t)
	fine(t, db.Update(func(tx *Tx) error {
		for range 2 {
			if err := tx.NoteRoster("g", []chat.PersonID{"c", "a", "b"}, nil); err != nil {
				return err
			}
			if err := tx.NoteRoster("g", nil, []chat.PersonID{"b", "never there"}); err != nil {
				return err
			}
		}
		return tx.NoteRoster("other", []chat.PersonID{"b"}, nil)
	}))
	var got []chat.PersonID
	fine(t, db.View(func(tx *Tx) (err error) { got, err = tx.Roster("g"); return err }))
	if !slices.Equal(got, []chat.PersonID{"a", "c"}) {
		t.Errorf("got %v", got)
	}
}

// Lines that nobody understood are bounded in length, number and age.
func TestUndecodedIsBounded(t *testing.T) {
	db := fresh(t)
	start := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	count := func() (n int) {
		fine(t, db.View(func(tx *Tx) (err error) { n, err = tx.Undecoded(); return err }))
		return n
	}
	fine(t, db.Update(func(tx *Tx) error {
		for range undecodedLines + 100 {
			if err := tx.KeepUndecoded([]byte("?"), start); err != nil {
				return err
			}
		}
		return tx.KeepUndecoded(nil, start)
	}))
	if n := count(); n != undecodedLines {
		t.Errorf("%d lines are kept, want %d", n, undecodedLines)
	}
	fine(t, db.Update(func(tx *Tx) error { return tx.KeepUndecoded(make([]byte, 1<<20), start.AddDate(0, 0, 31)) }))
	if n := count(); n != 1 {
		t.Errorf("%d lines are kept after a month, want the new one", n)
	}
	var length int
	fine(t, db.View(func(tx *Tx) error {
		_, err := tx.row("SELECT length(line) FROM undecoded", nil, &length)
		return err
	}))
	if length != undecodedBytes {
		t.Errorf("%d bytes of a line are kept", length)
	}
}

func TestBacklogAndKnownSent(t *testing.T) {
	db := fresh(t)
	now := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	var known, unknown bool
	var waiting, failed int
	fine(t, db.Update(func(tx *Tx) error {
		for i := range 4 {
			row, err := tx.Queue(chat.Outgoing{Act: chat.Send, To: chat.Conversation{Group: "g"}, Text: "x"}, Topic{}, now)
			if err != nil {
				return err
			}
			switch i {
			case 0:
				err = tx.MarkSent(row, 17)
			case 1:
				err = tx.GiveUp(row.ID)
			case 2:
				err = tx.Doubt(row.ID)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}))
	fine(t, db.View(func(tx *Tx) (err error) {
		if known, err = tx.KnownSent(17); err != nil {
			return err
		}
		if unknown, err = tx.KnownSent(0); err != nil {
			return err
		}
		waiting, failed, err = tx.Backlog()
		return err
	}))
	if !known || unknown || waiting != 2 || failed != 1 {
		t.Errorf("known %v, unknown %v, waiting %d, failed %d", known, unknown, waiting, failed)
	}
}
