package ledger

import "time"

// Reverse takes a posted trade back: each of its transfers is mirrored exactly, once,
// whatever the limits say. Who may ask for it is the caller's business (both sides
// together, or the council); that there is a reason is checked here.
func Reverse(b Book, id TradeID, reason Text, now time.Time) (Trade, error) {
	t, err := b.Trade(id)
	switch {
	case err != nil:
		return t, err
	case t.State == Reversed:
		return t, refuse(AlreadyReversed)
	case t.State != Posted && t.State != Disputed:
		return t, refuse(NotPosted)
	case reason.ID == 0:
		return t, refuse(ReasonMissing)
	}
	transfers, err := b.TransfersOf(id)
	if err != nil {
		return t, err
	}
	for _, original := range transfers {
		if _, err := mirror(b, original, reason, now); err != nil {
			return t, err
		}
	}
	t.State, t.Held = Reversed, 0
	return t, b.SetTrade(t)
}

// mirror posts the exact opposite of one transfer.
func mirror(b Book, original Transfer, reason Text, now time.Time) (Transfer, error) {
	if original.Kind == OfReversal {
		return Transfer{}, refuse(NotReversible)
	}
	return appendTo(b, Transfer{
		From: original.To, To: original.From, Minutes: original.Minutes, Kind: OfReversal,
		Trade: original.Trade, Reverses: original.Seq, At: now, What: reason,
	})
}
