package ledger_test

import (
	"testing"

	. "communityconnect/ledger"
)

// A reversal mirrors the transfer, says why, and puts both back where they stood,
// whatever the limits have become in the meantime.
func TestReverse(t *testing.T) {
	s := newStage(t)
	first := s.done(s.ann, s.ben, 5*Hour)
	s.done(s.ann, s.ben, 3*Hour)
	s.fine(s.SetLimits(s.ann, 0, 0, true))
	s.fine(s.SetLimits(s.ben, 0, 0, true))
	tr, err := Reverse(s, first.ID, s.why, noon.AddDate(0, 1, 0))
	s.fine(err)
	if tr.State != Reversed || tr != s.trade(first.ID) {
		t.Errorf("%+v", tr)
	}
	s.balances(3*Hour, -3*Hour, 0, 0)
	transfers, err := s.TransfersOf(first.ID)
	s.fine(err)
	if len(transfers) != 2 {
		t.Fatalf("%d transfers", len(transfers))
	}
	got := transfers[1]
	want := Transfer{Seq: 3, From: s.ann, To: s.ben, Minutes: 5 * Hour, Kind: OfReversal, Trade: first.ID, Reverses: 1, At: noon.AddDate(0, 1, 0), What: s.why, Hash: got.Hash}
	if got != want {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	_, err = Reverse(s, first.ID, s.why, noon)
	s.refused(err, AlreadyReversed)
	s.balances(3*Hour, -3*Hour, 0, 0)
}

func TestReverseRefuses(t *testing.T) {
	s := newStage(t)
	_, err := Reverse(s, 99, s.why, noon)
	s.refused(err, UnknownTrade)
	// Books that hold a reversal for a trade that still says it is posted are wrong; a
	// reversal of a reversal would make it worse.
	tr := s.done(s.ann, s.ben, 60)
	_, err = Reverse(s, tr.ID, s.why, noon)
	s.fine(err)
	tr = s.trade(tr.ID)
	tr.State = Posted
	s.fine(s.SetTrade(tr))
	before := s.Clone()
	_, err = Reverse(s, tr.ID, s.why, noon)
	s.refused(err, NotReversible)
	s.Model = before
}

// The lines of a statement add up, newest first, to where the account stands.
func TestStatement(t *testing.T) {
	s := newStage(t)
	s.done(s.ann, s.ben, 90)
	s.done(s.ben, s.ann, 30)
	s.done(s.cleo, s.ann, 45)
	s.done(s.cleo, s.ben, 15) // not Ann's
	a, err := s.Account(s.ann)
	s.fine(err)
	var newestFirst []Transfer
	for _, tr := range s.Transfers() {
		if tr.From == s.ann || tr.To == s.ann {
			newestFirst = append([]Transfer{tr}, newestFirst...)
		}
	}
	want := []Line{{newestFirst[0], -45, 15}, {newestFirst[1], -30, 60}, {newestFirst[2], 90, 90}}
	got := Statement(a, newestFirst)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d: %+v, want %+v", i, got[i], want[i])
		}
	}
	if first := Statement(a, newestFirst[:1]); len(first) != 1 || first[0] != want[0] {
		t.Errorf("a page of one: %+v", first)
	}
	if none := Statement(a, nil); len(none) != 0 {
		t.Errorf("an empty statement: %+v", none)
	}
}
