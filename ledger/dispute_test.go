package ledger_test

import (
	"testing"

	"pgregory.net/rapid"

	. "communityconnect/ledger"
	"communityconnect/ledger/booktest"
)

func TestDisputeHoldsBack(t *testing.T) {
	s := newStage(t)
	s.done(s.ann, s.ben, 8*Hour)
	_, err := Dispute(s, 1, s.cleo)
	s.refused(err, NotAParty)
	tr, err := Dispute(s, 1, s.ben)
	s.fine(err)
	if tr.State != Disputed || tr.Held != 8*Hour {
		t.Fatalf("%+v", tr)
	}
	_, err = Dispute(s, 1, s.ann)
	s.refused(err, NotPosted)
	// Ann has her ten hours of credit, and none of the eight that Ben disputes.
	_, err = Propose(s, Trade{Giver: s.cleo, Receiver: s.ann, LoggedBy: s.ann, Minutes: 10*Hour + 1, What: s.what}, true)
	s.refused(err, BelowFloor)
	_, err = Give(s, s.ann, s.cleo, 1, s.why, noon)
	s.refused(err, MoreThanOwn)
	_, err = Release(s, 1)
	s.fine(err)
	_, err = Give(s, s.ann, s.cleo, Hour, s.why, noon)
	s.fine(err)
	_, err = Stand(s, 1)
	s.fine(err)
	_, err = Stand(s, 1)
	s.refused(err, NotDisputed)
	s.balances(7*Hour, -8*Hour, Hour, 0)
}

func TestCorrect(t *testing.T) {
	s := newStage(t)
	s.done(s.ann, s.ben, 2*Hour)
	_, _, err := Correct(s, 1, Hour, s.why, noon)
	s.refused(err, NotDisputed)
	_, err = Dispute(s, 1, s.ben)
	s.fine(err)
	_, _, err = Correct(s, 1, 2*Hour, s.why, noon)
	s.refused(err, SameAmount)
	_, _, err = Correct(s, 1, 0, s.why, noon)
	s.refused(err, AmountZero)
	wrong, right, err := Correct(s, 1, Hour, s.why, noon)
	s.fine(err)
	if wrong.State != Reversed || right.State != Posted || right.Minutes != Hour || right.What != wrong.What {
		t.Errorf("%+v, %+v", wrong, right)
	}
	s.balances(Hour, -Hour, 0, 0)
	if report := s.Audit(); !report.OK() {
		t.Error(report.Faults)
	}
}

// What went to the commons when it was posted is no more the giver's than before.
func TestDisputeOfASpill(t *testing.T) {
	s := newStage(t)
	s.fine(s.SetLimits(s.ann, -10*Hour, Hour, true))
	tr := s.propose(3 * Hour)
	s.confirm(tr, s.ben)
	_, err := AllowSpill(s, tr.ID, s.ann)
	s.fine(err)
	s.confirm(tr, s.ann)
	disputed, err := Dispute(s, tr.ID, s.ben)
	s.fine(err)
	if disputed.Held != Hour {
		t.Errorf("held %v", disputed.Held)
	}
	_, _, err = Correct(s, tr.ID, 2*Hour, s.why, noon)
	s.fine(err)
	s.balances(Hour, -2*Hour, 0, Hour)
}

func TestSidesOfAKind(t *testing.T) {
	s := newStage(t)
	s.done(s.ann, s.ben, 2*Hour)
	for kind, sides := range map[TransferKind][2]AccountID{
		OfGrant: {s.ann, s.ben}, OfSettlement: {s.ann, s.cleo}, OfGift: {Commons, s.ann},
	} {
		_, err := Move(s, Transfer{From: sides[0], To: sides[1], Minutes: 1, Kind: kind, At: noon, What: s.why})
		s.refused(err, WrongSides)
	}
	_, err := Give(s, Commons, s.ann, 1, s.why, noon)
	s.refused(err, MoreThanOwn)
	_, err = Give(s, s.ben, s.ann, 1, s.why, noon)
	s.refused(err, MoreThanOwn)
	_, err = Give(s, s.ann, 99, 1, s.why, noon)
	s.refused(err, UnknownAccount)
}

// Nobody leaves a debt or a credit behind but to the commons, within its own limits.
func TestSettle(t *testing.T) {
	s := newStage(t)
	s.done(s.ann, s.ben, 9*Hour)
	for id, want := range map[AccountID]Minutes{s.ann: -9 * Hour, s.ben: 9 * Hour, s.cleo: 0} {
		moved, err := Settle(s, id, s.why, noon)
		s.fine(err)
		if moved != want {
			t.Errorf("moved %v, want %v", moved, want)
		}
	}
	s.balances(0, 0, 0, 0)
	s.done(s.ann, s.ben, 9*Hour)
	s.fine(s.SetLimits(Commons, -8*Hour, Hour, false))
	_, err := Settle(s, s.ben, s.why, noon)
	s.refused(err, CommonsLimit)
	_, err = Settle(s, s.ann, s.why, noon)
	s.refused(err, CommonsLimit)
	_, err = Settle(s, 99, s.why, noon)
	s.refused(err, UnknownAccount)
}

// However trades are disputed, settled, given away and written off, all balances add up
// to zero, the books are sound, and no giver spends what is held.
func TestDisputesKeepTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := booktest.New()
		limits := func(kind AccountKind) AccountID {
			id, err := b.AddAccount(kind, -20*Hour, 30*Hour)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		limits(CommonsAccount)
		accounts := []AccountID{limits(MemberAccount), limits(MemberAccount), limits(MemberAccount)}
		some := rapid.SampledFrom(accounts)
		text := func() Text {
			w, err := b.Write("why")
			if err != nil {
				t.Fatal(err)
			}
			return w
		}
		trades := 0
		for range rapid.IntRange(1, 30).Draw(t, "acts") {
			before := b.Clone()
			var err error
			m := Minutes(rapid.IntRange(1, 700).Draw(t, "minutes"))
			id := TradeID(rapid.IntRange(1, max(1, trades)).Draw(t, "trade"))
			switch rapid.SampledFrom([]string{"trade", "trade", "dispute", "dispute", "stand", "correct", "reverse", "release", "give", "settle"}).Draw(t, "act") {
			case "trade":
				var tr Trade
				giver, receiver := some.Draw(t, "giver"), some.Draw(t, "receiver")
				if tr, err = Propose(b, Trade{Giver: giver, Receiver: receiver, LoggedBy: giver, Minutes: m, What: text()}, true); err == nil {
					_, err = Confirm(b, tr.ID, receiver, 1, noon)
				}
			case "dispute":
				_, err = Dispute(b, id, some.Draw(t, "by"))
			case "stand":
				_, err = Stand(b, id)
			case "correct":
				_, _, err = Correct(b, id, m, text(), noon)
			case "reverse":
				_, err = Reverse(b, id, text(), noon)
			case "release":
				_, err = Release(b, id)
			case "give":
				_, err = Give(b, some.Draw(t, "from"), some.Draw(t, "to"), m, text(), noon)
			case "settle":
				_, err = Settle(b, some.Draw(t, "who"), text(), noon)
			}
			if err != nil {
				if CodeOf(err) == "" {
					t.Fatal(err)
				}
				b = before
				continue
			}
			for trades = 0; ; trades++ {
				if _, err := b.Trade(TradeID(trades + 1)); err != nil {
					break
				}
			}
		}
		if report := b.Audit(); !report.OK() || report.Sum != 0 {
			t.Fatalf("%v", report.Faults)
		}
	})
}
