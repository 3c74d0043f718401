package ledger

import "time"

// Dispute notes that one side of a posted trade says it is wrong. What the giver got for
// it stays where it is, but is not theirs to spend until the trade is settled or the hold
// is released. What they have confirmed before goes ahead: nobody is forced to act.
func Dispute(b Book, id TradeID, side AccountID) (Trade, error) {
	t, err := ownTrade(b, id, side, Posted, NotPosted)
	if err != nil {
		return t, err
	}
	transfers, err := b.TransfersOf(id)
	if err != nil {
		return t, err
	}
	t.State, t.Held = Disputed, 0
	for _, transfer := range transfers {
		if transfer.To == t.Giver { // what spilled over to the commons is not theirs anyway
			t.Held += transfer.Minutes
		}
	}
	return t, b.SetTrade(t)
}

// Release ends the hold on a disputed trade, which stays disputed.
func Release(b Book, id TradeID) (Trade, error) {
	t, err := b.Trade(id)
	if err != nil {
		return t, err
	}
	t.Held = 0
	return t, b.SetTrade(t)
}

// Stand ends a dispute and leaves the trade as it is.
func Stand(b Book, id TradeID) (Trade, error) {
	t, err := b.Trade(id)
	switch {
	case err != nil:
		return t, err
	case t.State != Disputed:
		return t, refuse(NotDisputed)
	}
	t.State, t.Held = Posted, 0
	return t, b.SetTrade(t)
}

// Correct ends a dispute with another amount: the trade is reversed, and one with the
// same sides and words and the right amount is posted in its place. Both sides' limits
// hold for that one. After an error the books are as its first half left them: the caller
// has to go back.
func Correct(b Book, id TradeID, m Minutes, reason Text, now time.Time) (wrong, right Trade, err error) {
	if err := checkAmount(m); err != nil {
		return wrong, right, err
	}
	wrong, err = b.Trade(id)
	switch {
	case err != nil:
		return wrong, right, err
	case wrong.State != Disputed:
		return wrong, right, refuse(NotDisputed)
	case wrong.Minutes == m:
		return wrong, right, refuse(SameAmount)
	}
	if wrong, err = Reverse(b, id, reason, now); err != nil {
		return wrong, right, err
	}
	right = wrong
	right.Minutes, right.Version, right.State, right.Held = m, 1, Proposed, 0
	right.GiverConfirmed, right.ReceiverConfirmed = true, true
	right.Created, right.Expires, right.Ended = now, now, time.Time{}
	if right.ID, err = b.AddTrade(right); err != nil {
		return wrong, right, err
	}
	receiver, giver, err := sides(b, right.Receiver, right.Giver)
	if err != nil {
		return wrong, right, err
	}
	right, err = post(b, right, receiver, giver, now)
	return wrong, right, err
}
