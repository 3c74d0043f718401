package ledger_test

import (
	"testing"
	"time"

	. "communityconnect/ledger"
)

// What each act does in each state of a trade: the state after it, or the code of the
// refusal. The trade is Ann's word that she helped Ben for 2h, unconfirmed at first.
func TestEveryActInEveryState(t *testing.T) {
	acts := []struct {
		name string
		do   func(stage, TradeID) error
	}{
		{"giver confirms", func(s stage, id TradeID) error { _, err := Confirm(s, id, s.ann, 1, noon); return err }},
		{"receiver confirms", func(s stage, id TradeID) error { _, err := Confirm(s, id, s.ben, 1, noon); return err }},
		{"stranger confirms", func(s stage, id TradeID) error { _, err := Confirm(s, id, s.cleo, 1, noon); return err }},
		{"old amount confirmed", func(s stage, id TradeID) error { _, err := Confirm(s, id, s.ben, 0, noon); return err }},
		{"giver takes yes back", func(s stage, id TradeID) error { _, err := Unconfirm(s, id, s.ann); return err }},
		{"amend", func(s stage, id TradeID) error { _, err := Amend(s, id, s.ben, 60, noon.Add(time.Hour)); return err }},
		{"amend to the same", func(s stage, id TradeID) error { _, err := Amend(s, id, s.ben, 120, noon); return err }},
		{"stranger amends", func(s stage, id TradeID) error { _, err := Amend(s, id, s.cleo, 60, noon); return err }},
		{"decline", func(s stage, id TradeID) error { _, err := Decline(s, id, s.ben, noon); return err }},
		{"stranger declines", func(s stage, id TradeID) error { _, err := Decline(s, id, s.cleo, noon); return err }},
		{"cancel", func(s stage, id TradeID) error { _, err := Cancel(s, id, s.ann, noon); return err }},
		{"other side cancels", func(s stage, id TradeID) error { _, err := Cancel(s, id, s.ben, noon); return err }},
		{"expire", func(s stage, _ TradeID) error { _, err := Expire(s, noon.AddDate(0, 0, 7)); return err }},
		{"allow spill", func(s stage, id TradeID) error { _, err := AllowSpill(s, id, s.ann); return err }},
		{"receiver allows spill", func(s stage, id TradeID) error { _, err := AllowSpill(s, id, s.ben); return err }},
		{"reverse", func(s stage, id TradeID) error { _, err := Reverse(s, id, s.why, noon); return err }},
		{"reverse without reason", func(s stage, id TradeID) error { _, err := Reverse(s, id, Text{}, noon); return err }},
	}
	ways := []struct {
		name string
		get  func(stage, Trade)
		want []any // in the order of acts: a TradeState, or a Code
	}{
		{"proposed", func(stage, Trade) {},
			[]any{Proposed, Proposed, NotAParty, OldAmount, Proposed, Proposed, SameAmount, NotAParty, Declined, NotAParty, Cancelled, NotProposer, Expired, Proposed, NotAParty, NotPosted, NotPosted}},
		{"giver confirmed", func(s stage, tr Trade) { s.confirm(tr, s.ann) },
			[]any{AlreadyConfirmed, Posted, NotAParty, OldAmount, Proposed, Proposed, SameAmount, NotAParty, Declined, NotAParty, Cancelled, NotProposer, Expired, Proposed, NotAParty, NotPosted, NotPosted}},
		{"receiver confirmed", func(s stage, tr Trade) { s.confirm(tr, s.ben) },
			[]any{Posted, AlreadyConfirmed, NotAParty, OldAmount, Proposed, Proposed, SameAmount, NotAParty, Declined, NotAParty, Cancelled, NotProposer, Expired, Proposed, NotAParty, NotPosted, NotPosted}},
		{"posted", func(s stage, tr Trade) { s.confirm(tr, s.ann); s.confirm(tr, s.ben) },
			[]any{NotOpen, NotOpen, NotAParty, NotOpen, NotOpen, NotOpen, NotOpen, NotAParty, NotOpen, NotAParty, NotOpen, NotProposer, Posted, NotOpen, NotOpen, Reversed, ReasonMissing}},
		{"declined", func(s stage, tr Trade) { _, err := Decline(s, tr.ID, s.ben, noon); s.fine(err) },
			[]any{NotOpen, NotOpen, NotAParty, NotOpen, NotOpen, NotOpen, NotOpen, NotAParty, NotOpen, NotAParty, NotOpen, NotProposer, Declined, NotOpen, NotOpen, NotPosted, NotPosted}},
		{"cancelled", func(s stage, tr Trade) { _, err := Cancel(s, tr.ID, s.ann, noon); s.fine(err) },
			[]any{NotOpen, NotOpen, NotAParty, NotOpen, NotOpen, NotOpen, NotOpen, NotAParty, NotOpen, NotAParty, NotOpen, NotProposer, Cancelled, NotOpen, NotOpen, NotPosted, NotPosted}},
		{"expired", func(s stage, _ Trade) { _, err := Expire(s, noon.AddDate(0, 0, 7)); s.fine(err) },
			[]any{NotOpen, NotOpen, NotAParty, NotOpen, NotOpen, NotOpen, NotOpen, NotAParty, NotOpen, NotAParty, NotOpen, NotProposer, Expired, NotOpen, NotOpen, NotPosted, NotPosted}},
		{"disputed", func(s stage, tr Trade) {
			s.confirm(tr, s.ann)
			tr = s.confirm(tr, s.ben)
			tr.State = Disputed
			s.fine(s.SetTrade(tr))
		},
			[]any{NotOpen, NotOpen, NotAParty, NotOpen, NotOpen, NotOpen, NotOpen, NotAParty, NotOpen, NotAParty, NotOpen, NotProposer, Disputed, NotOpen, NotOpen, Reversed, ReasonMissing}},
		{"reversed", func(s stage, tr Trade) {
			s.confirm(tr, s.ann)
			s.confirm(tr, s.ben)
			_, err := Reverse(s, tr.ID, s.why, noon)
			s.fine(err)
		},
			[]any{NotOpen, NotOpen, NotAParty, NotOpen, NotOpen, NotOpen, NotOpen, NotAParty, NotOpen, NotAParty, NotOpen, NotProposer, Reversed, NotOpen, NotOpen, AlreadyReversed, AlreadyReversed}},
	}
	for _, w := range ways {
		for i, act := range acts {
			s := newStage(t)
			tr := s.propose(2 * Hour)
			w.get(s, tr)
			before := s.trade(tr.ID)
			err := act.do(s, tr.ID)
			after := s.trade(tr.ID)
			if code, ok := w.want[i].(Code); ok {
				if CodeOf(err) != code || after != before {
					t.Errorf("%s, %s: %v and %+v, want %s and nothing changed", w.name, act.name, err, after, code)
				}
			} else if err != nil || after.State != w.want[i].(TradeState) {
				t.Errorf("%s, %s: %v and %s, want %s", w.name, act.name, err, after.State, w.want[i])
			}
			if left := after.State != Proposed; left == after.Ended.IsZero() {
				t.Errorf("%s, %s: %s ended at %s", w.name, act.name, after.State, after.Ended)
			}
			if r := s.Audit(); !r.OK() {
				t.Errorf("%s, %s: %v", w.name, act.name, r.Faults)
			}
		}
	}
}

func TestProposeRefuses(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		giver, receiver AccountID
		m               Minutes
		want            Code
	}{
		{s.ann, s.ann, 60, SameAccount}, {s.ann, 99, 60, UnknownAccount}, {99, s.ann, 60, UnknownAccount}, {0, s.ann, 60, UnknownAccount},
		{s.ann, s.ben, 0, AmountZero}, {s.ann, s.ben, -60, AmountNegative}, {s.ann, s.ben, MaxAmount + 1, AmountTooLarge},
	} {
		_, err := Propose(s, Trade{Giver: c.giver, Receiver: c.receiver, LoggedBy: c.giver, Minutes: c.m, What: s.what}, false)
		if CodeOf(err) != c.want {
			t.Errorf("%d helped %d for %d: %v, want %s", c.giver, c.receiver, c.m, err, c.want)
		}
	}
	if _, err := s.Trade(1); CodeOf(err) != UnknownTrade {
		t.Errorf("a refused trade was kept: %v", err)
	}
}

// With consent the one who logs has confirmed; without it, or logging for two others,
// nobody has.
func TestProposeConsent(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		by              AccountID
		consent         bool
		giver, receiver bool
	}{{s.ann, true, true, false}, {s.ben, true, false, true}, {s.cleo, true, false, false}, {s.ann, false, false, false}} {
		tr := s.between(s.ann, s.ben, c.by, 60, c.consent)
		if kept := s.trade(tr.ID); kept != tr || tr.GiverConfirmed != c.giver || tr.ReceiverConfirmed != c.receiver || tr.Version != 1 || tr.State != Proposed {
			t.Errorf("logged by %d with %t: %+v", c.by, c.consent, tr)
		}
	}
	// What the caller fills in of the answers does not count.
	tr, err := Propose(s, Trade{Giver: s.ann, Receiver: s.ben, LoggedBy: s.cleo, Minutes: 60, What: s.what, GiverConfirmed: true, ReceiverConfirmed: true, State: Posted, Version: 9}, true)
	if err != nil || tr.GiverConfirmed || tr.ReceiverConfirmed || tr.State != Proposed || tr.Version != 1 {
		t.Errorf("%+v, %v", tr, err)
	}
}

// The one who was helped goes down, the one who helped goes up, and one transfer says so.
func TestPostedTrade(t *testing.T) {
	s := newStage(t)
	tr := s.done(s.ann, s.ben, 90)
	s.balances(90, -90, 0, 0)
	transfers, err := s.TransfersOf(tr.ID)
	s.fine(err)
	if len(transfers) != 1 {
		t.Fatalf("%d transfers", len(transfers))
	}
	got := transfers[0]
	want := Transfer{Seq: 1, From: s.ben, To: s.ann, Minutes: 90, Kind: OfTrade, Trade: tr.ID, At: noon, What: s.what, Hash: got.Hash}
	if got != want || got.Seal(Hash{}) != got.Hash {
		t.Errorf("%+v", got)
	}
}

// "No, it was only an hour": the amender's yes, the other's yes gone, old answers void.
func TestAmend(t *testing.T) {
	s := newStage(t)
	tr := s.between(s.ann, s.ben, s.ann, 120, true)
	later := noon.AddDate(0, 0, 9)
	tr, err := Amend(s, tr.ID, s.ben, 60, later)
	s.fine(err)
	if tr != s.trade(tr.ID) || tr.Minutes != 60 || tr.Version != 2 || tr.GiverConfirmed || !tr.ReceiverConfirmed || tr.Expires != later {
		t.Fatalf("%+v", tr)
	}
	_, err = Confirm(s, tr.ID, s.ann, 1, noon)
	s.refused(err, OldAmount)
	s.balances(0, 0, 0, 0)
	tr, err = Confirm(s, tr.ID, s.ann, 2, noon)
	s.fine(err)
	if tr.State != Posted {
		t.Fatalf("%+v", tr)
	}
	s.balances(60, -60, 0, 0)
	for m, code := range map[Minutes]Code{0: AmountZero, -5: AmountNegative, MaxAmount + 1: AmountTooLarge} {
		tr := s.propose(60)
		_, err := Amend(s, tr.ID, s.ben, m, later)
		s.refused(err, code)
	}
}

// Silence never posts: what is due expires, what is not stays, and it happens once.
func TestExpire(t *testing.T) {
	s := newStage(t)
	first := s.between(s.ann, s.ben, s.ann, 60, true)
	done := s.done(s.ann, s.ben, 30)
	gone, err := Expire(s, first.Expires.Add(-time.Second))
	s.fine(err)
	if len(gone) != 0 {
		t.Fatalf("expired too early: %+v", gone)
	}
	gone, err = Expire(s, first.Expires)
	s.fine(err)
	if len(gone) != 1 || gone[0].ID != first.ID || gone[0].State != Expired || gone[0] != s.trade(first.ID) {
		t.Fatalf("%+v", gone)
	}
	gone, err = Expire(s, first.Expires.AddDate(1, 0, 0))
	s.fine(err)
	if len(gone) != 0 || s.trade(done.ID).State != Posted {
		t.Fatalf("%+v", gone)
	}
	s.balances(30, -30, 0, 0)
}

func TestSidesOfATrade(t *testing.T) {
	tr := Trade{Giver: 2, Receiver: 3, GiverConfirmed: true}
	if !tr.Party(2) || !tr.Party(3) || tr.Party(1) || tr.Other(2) != 3 || tr.Other(3) != 2 || !tr.Confirmed(2) || tr.Confirmed(3) || tr.Confirmed(1) {
		t.Errorf("%+v", tr)
	}
}
