package ledger

import "time"

// Give moves what is somebody's own to somebody else, or to the commons. Nobody can give
// away what they have not earned: not below zero, not what they have promised elsewhere,
// and not what is held of it. The receiver's ceiling holds.
func Give(b Book, from, to AccountID, m Minutes, what Text, now time.Time) (Transfer, error) {
	if err := MayGiveAway(b, from, m); err != nil {
		return Transfer{}, err
	}
	return Move(b, Transfer{From: from, To: to, Minutes: m, Kind: OfGift, At: now, What: what})
}

// MayGiveAway refuses more than an account has of its own.
func MayGiveAway(b Book, from AccountID, m Minutes) error {
	a, err := b.Account(from)
	if err != nil {
		return err
	}
	r, err := b.Reserved(from, 0)
	if err != nil {
		return err
	}
	if own := max(0, a.Balance-r.Down-r.Held); m > own {
		return &Error{Code: MoreThanOwn, Account: from, Room: own, Nearest: own}
	}
	return nil
}

// Settle brings an account to zero: the commons takes over what it owes, within the
// commons' own floor, or gets what is left on it. It returns what was moved to the
// account, or from it where that is below zero; nothing where it stands at zero already.
func Settle(b Book, id AccountID, what Text, now time.Time) (moved Minutes, err error) {
	a, err := b.Account(id)
	if err != nil {
		return 0, err
	}
	left := -a.Balance
	for left != 0 { // a transfer carries so much and no more
		t := Transfer{From: Commons, To: id, Minutes: min(left, MaxAmount), Kind: OfSettlement, At: now, What: what}
		step := t.Minutes
		if left < 0 {
			t.From, t.To, t.Minutes = id, Commons, min(-left, MaxAmount)
			step = -t.Minutes
		}
		if _, err := Move(b, t); err != nil {
			return moved, err
		}
		left, moved = left-step, moved+step
	}
	return moved, nil
}
