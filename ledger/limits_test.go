package ledger_test

import (
	"errors"
	"testing"

	. "communityconnect/ledger"
)

func TestRoom(t *testing.T) {
	for _, c := range []struct {
		a        Account
		r        Reserved
		down, up Minutes
	}{
		{Account{Floor: -600, Ceiling: 1200}, Reserved{}, 600, 1200},
		{Account{Floor: -600, Ceiling: 1200, Balance: -600}, Reserved{}, 0, 1800},
		{Account{Floor: -600, Ceiling: 1200, Balance: -700}, Reserved{}, 0, 1900},
		{Account{Floor: -600, Ceiling: 1200, Balance: 1300}, Reserved{}, 1900, 0},
		{Account{Floor: -600, Ceiling: 1200}, Reserved{Down: 100, Up: 200}, 500, 1000},
		{Account{Floor: -600, Ceiling: 1200}, Reserved{Down: 700, Up: 1300}, 0, 0},
	} {
		if down, up := c.a.RoomDown(c.r), c.a.RoomUp(c.r); down != c.down || up != c.up {
			t.Errorf("%+v with %+v: %d down, %d up, want %d and %d", c.a, c.r, down, up, c.down, c.up)
		}
	}
}

func TestCheckLimits(t *testing.T) {
	for _, c := range []struct {
		floor, ceiling Minutes
		want           Code
	}{
		{0, 0, ""}, {-MaxLimit, MaxLimit, ""}, {1, 60, LimitsCrossed}, {-60, -1, LimitsCrossed}, {-MaxLimit - 1, 0, AmountTooLarge}, {0, MaxLimit + 1, AmountTooLarge},
	} {
		if err := CheckLimits(c.floor, c.ceiling); CodeOf(err) != c.want {
			t.Errorf("CheckLimits(%d, %d) = %v, want %q", c.floor, c.ceiling, err, c.want)
		}
	}
}

// To the limit and no further, on either side, and the refusal says how far it is.
func TestLimitsHold(t *testing.T) {
	s := newStage(t)
	_, err := Propose(s, Trade{Giver: s.ann, Receiver: s.ben, LoggedBy: s.ben, Minutes: 10*Hour + 1, What: s.what}, true)
	s.refused(err, BelowFloor)
	var e *Error
	if errors.As(err, &e); e.Account != s.ben || e.Limit != -10*Hour || e.Room != 10*Hour {
		t.Errorf("%+v", e)
	}
	s.done(s.ann, s.ben, 10*Hour)
	s.done(s.ann, s.cleo, 10*Hour)
	s.balances(20*Hour, -10*Hour, -10*Hour, 0)
	_, err = Propose(s, Trade{Giver: s.ann, Receiver: s.ben, LoggedBy: s.ann, Minutes: 1, What: s.what}, true)
	s.refused(err, AboveCeiling)
	if errors.As(err, &e); e.Account != s.ann || e.Limit != 20*Hour || e.Room != 0 {
		t.Errorf("%+v", e)
	}
	s.done(s.ben, s.ann, 20*Hour) // back again, and across
	s.balances(0, 10*Hour, -10*Hour, 0)
}

// A claim on somebody is not their word: it uses up none of their room.
func TestOnlyOwnWordReserves(t *testing.T) {
	s := newStage(t)
	s.between(s.ann, s.ben, s.ann, 10*Hour, true) // Ann says she helped Ben
	s.between(s.cleo, s.ben, s.ben, 10*Hour, true)
	_, err := Propose(s, Trade{Giver: s.cleo, Receiver: s.ben, LoggedBy: s.ben, Minutes: 1, What: s.what}, true)
	s.refused(err, BelowFloor)
	_, err = Propose(s, Trade{Giver: s.ann, Receiver: s.cleo, LoggedBy: s.ann, Minutes: 10*Hour + 1, What: s.what}, true)
	s.refused(err, AboveCeiling)
	s.between(s.ann, s.cleo, s.ann, 10*Hour, true)
}

// A yes taken back, a no, and an end give the reserved room back.
func TestReservedRoomComesBack(t *testing.T) {
	for name, undo := range map[string]func(stage, Trade) error{
		"unconfirm": func(s stage, t Trade) error { _, err := Unconfirm(s, t.ID, s.ben); return err },
		"decline":   func(s stage, t Trade) error { _, err := Decline(s, t.ID, s.ann, noon); return err },
		"cancel":    func(s stage, t Trade) error { _, err := Cancel(s, t.ID, s.ben, noon); return err },
		"expire":    func(s stage, t Trade) error { _, err := Expire(s, t.Expires); return err },
		"amended":   func(s stage, t Trade) error { _, err := Amend(s, t.ID, s.ann, 5*Hour, t.Expires); return err },
	} {
		s := newStage(t)
		tr := s.between(s.ann, s.ben, s.ben, 10*Hour, true)
		other := s.between(s.cleo, s.ben, s.cleo, 10*Hour, true)
		other.Expires = tr.Expires.AddDate(0, 0, 1)
		s.fine(s.SetTrade(other))
		_, err := Confirm(s, other.ID, s.ben, 1, noon)
		s.refused(err, BelowFloor)
		s.fine(undo(s, tr))
		if _, err := Confirm(s, other.ID, s.ben, 1, noon); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Its own amount is not in a trade's way when it is amended within the room there is.
func TestAmendReservesOnce(t *testing.T) {
	s := newStage(t)
	tr := s.between(s.ann, s.ben, s.ben, 8*Hour, true)
	_, err := Amend(s, tr.ID, s.ben, 10*Hour, tr.Expires)
	s.fine(err)
	_, err = Amend(s, tr.ID, s.ben, 10*Hour+1, tr.Expires)
	s.refused(err, BelowFloor)
	if kept := s.trade(tr.ID); kept.Minutes != 10*Hour || kept.Version != 2 {
		t.Errorf("a refused amendment was kept: %+v", kept)
	}
}

// Limits and balances may have changed between the first yes and the second.
func TestLimitsAreCheckedAgainWhenPosting(t *testing.T) {
	s := newStage(t)
	tr := s.between(s.ann, s.ben, s.ben, 10*Hour, true)
	s.fine(s.SetLimits(s.ben, -5*Hour, 20*Hour, true))
	_, err := Confirm(s, tr.ID, s.ann, 1, noon)
	s.refused(err, BelowFloor)
	var e *Error
	if errors.As(err, &e); e.Account != s.ben {
		t.Errorf("the limit is said to be account %d's", e.Account)
	}
	s.balances(0, 0, 0, 0)
	s.fine(s.SetLimits(s.ben, -10*Hour, 20*Hour, true))
	s.fine(s.SetLimits(s.ann, -10*Hour, 5*Hour, true))
	_, err = Confirm(s, tr.ID, s.ann, 1, noon)
	s.refused(err, AboveCeiling)
	s.balances(0, 0, 0, 0)
}

// Who stands outside after the limits were narrowed can come back but go no further.
func TestOutsideMayComeBack(t *testing.T) {
	s := newStage(t)
	s.done(s.ann, s.ben, 8*Hour)
	s.fine(s.SetLimits(s.ben, -2*Hour, 5*Hour, true))
	s.fine(s.SetLimits(s.ann, -2*Hour, 5*Hour, true))
	_, err := Propose(s, Trade{Giver: s.cleo, Receiver: s.ben, LoggedBy: s.ben, Minutes: 1, What: s.what}, true)
	s.refused(err, BelowFloor)
	_, err = Propose(s, Trade{Giver: s.ann, Receiver: s.cleo, LoggedBy: s.ann, Minutes: 1, What: s.what}, true)
	s.refused(err, AboveCeiling)
	s.done(s.ben, s.ann, Hour)
	s.balances(7*Hour, -7*Hour, 0, 0)
}

// What is above the giver's ceiling goes to the commons, and is taken back with the rest.
func TestSpill(t *testing.T) {
	for _, c := range []struct{ before, kept Minutes }{{0, 4 * Hour}, {18 * Hour, 2 * Hour}, {20 * Hour, 0}} {
		s := newStage(t)
		if c.before > 0 {
			s.fine(s.SetLimits(s.cleo, -50*Hour, 20*Hour, true))
			s.done(s.ann, s.cleo, c.before)
		}
		tr := s.propose(4 * Hour)
		s.confirm(tr, s.ben)
		if c.kept < 4*Hour {
			_, err := Confirm(s, tr.ID, s.ann, 1, noon)
			s.refused(err, AboveCeiling)
		}
		_, err := AllowSpill(s, tr.ID, s.ann)
		s.fine(err)
		tr = s.confirm(tr, s.ann)
		if tr.State != Posted || tr.Minutes != 4*Hour {
			t.Errorf("%+v", tr)
		}
		s.balances(c.before+c.kept, -4*Hour, -c.before, 4*Hour-c.kept)
		_, err = Reverse(s, tr.ID, s.why, noon)
		s.fine(err)
		s.balances(c.before, 0, -c.before, 0)
	}
}

// The commons has limits of its own, for what spills over and for what it grants.
func TestCommonsHasLimits(t *testing.T) {
	s := newStage(t)
	s.fine(s.SetLimits(Commons, -2*Hour, Hour, true))
	s.fine(s.SetLimits(s.ann, -10*Hour, 30, true))
	tr := s.propose(2 * Hour)
	_, err := AllowSpill(s, tr.ID, s.ann)
	s.fine(err)
	s.confirm(tr, s.ann)
	_, err = Confirm(s, tr.ID, s.ben, 1, noon)
	s.refused(err, CommonsLimit)
	s.balances(0, 0, 0, 0)
	_, err = Move(s, Transfer{From: Commons, To: s.cleo, Minutes: 2*Hour + 1, Kind: OfGrant, At: noon, What: s.what})
	s.refused(err, CommonsLimit)
	_, err = Move(s, Transfer{From: Commons, To: s.cleo, Minutes: 2 * Hour, Kind: OfGrant, At: noon, What: s.what})
	s.fine(err)
	s.balances(0, 0, 2*Hour, -2*Hour)
}

// Help for the commons, or by it, can't be left to the commons.
func TestNoSpillWithTheCommons(t *testing.T) {
	for _, forCommons := range []bool{true, false} {
		s := newStage(t)
		giver, receiver, want := s.ann, Commons, AboveCeiling
		if !forCommons {
			giver, receiver, want = Commons, s.ann, CommonsLimit
		}
		s.fine(s.SetLimits(giver, -10*Hour, Hour, true))
		tr := s.between(giver, receiver, giver, Hour+1, false)
		_, err := AllowSpill(s, tr.ID, giver)
		s.fine(err)
		s.confirm(tr, giver)
		_, err = Confirm(s, tr.ID, receiver, 1, noon)
		s.refused(err, want)
		s.balances(0, 0, 0, 0)
	}
}

func TestMoveRefuses(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		from, to AccountID
		m        Minutes
		want     Code
	}{
		{s.ann, s.ann, 60, SameAccount}, {s.ann, 99, 60, UnknownAccount}, {99, s.ann, 60, UnknownAccount},
		{s.ann, s.ben, 0, AmountZero}, {s.ann, s.ben, -1, AmountNegative}, {s.ann, s.ben, MaxAmount + 1, AmountTooLarge},
		{s.ann, s.ben, 10*Hour + 1, BelowFloor}, {Commons, s.ben, 20*Hour + 1, AboveCeiling},
	} {
		kind := OfGift
		if c.from == Commons {
			kind = OfGrant
		}
		if _, err := Move(s, Transfer{From: c.from, To: c.to, Minutes: c.m, Kind: kind, At: noon, What: s.what}); CodeOf(err) != c.want {
			t.Errorf("from %d to %d, %d: %v, want %s", c.from, c.to, c.m, err, c.want)
		}
	}
	s.balances(0, 0, 0, 0)
}
