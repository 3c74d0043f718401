package ledger

import "time"

// TradeID is a trade's number, from 1: the #12 that people may type.
type TradeID int64

// TradeState is where a trade stands.
type TradeState string

// The states of a trade. Proposed is the only one from which it can still be
// answered; Posted and Disputed the only ones from which it can be reversed.
const (
	Proposed  TradeState = "proposed"
	Posted    TradeState = "posted"
	Declined  TradeState = "declined"
	Cancelled TradeState = "cancelled"
	Expired   TradeState = "expired"
	Disputed  TradeState = "disputed"
	Reversed  TradeState = "reversed"
)

// Trade is help that one side gave the other, on its way into the books. It is posted
// once both sides have confirmed the same amount.
type Trade struct {
	ID       TradeID
	Giver    AccountID
	Receiver AccountID
	LoggedBy AccountID // whose member told the bot; may be neither side
	Minutes  Minutes
	What     Text

	// Version counts the amounts that were asked about, from 1. An answer names the
	// version it saw, so that a tick on an old amount confirms nothing.
	Version           int
	GiverConfirmed    bool
	ReceiverConfirmed bool
	// Spill says that the giver has agreed to leave to the commons what would take
	// them above their ceiling.
	Spill bool

	// Held is what the giver can't spend while the trade is disputed.
	Held Minutes

	State   TradeState
	Created time.Time
	Expires time.Time // a trade still proposed then expires
	Ended   time.Time // when it left Proposed; zero before
}

// Party reports whether the account is giver or receiver.
func (t Trade) Party(a AccountID) bool { return a == t.Giver || a == t.Receiver }

// Other returns the other side's account.
func (t Trade) Other(a AccountID) AccountID {
	if a == t.Giver {
		return t.Receiver
	}
	return t.Giver
}

// Confirmed reports whether that side has confirmed the present amount.
func (t Trade) Confirmed(a AccountID) bool {
	return a == t.Giver && t.GiverConfirmed || a == t.Receiver && t.ReceiverConfirmed
}

func (t *Trade) setConfirmed(a AccountID, yes bool) {
	if a == t.Giver {
		t.GiverConfirmed = yes
	} else {
		t.ReceiverConfirmed = yes
	}
}

// Propose opens a trade from its sides, amount, text, LoggedBy, Spill, Created and
// Expires. With consent it counts as LoggedBy's own confirmation if that is a side;
// that side's limits are checked now. The other side's are checked when it answers:
// a refusal now would tell one neighbour where another stands.
func Propose(b Book, t Trade, consent bool) (Trade, error) {
	receiver, giver, err := sides(b, t.Receiver, t.Giver)
	if err != nil {
		return Trade{}, err
	}
	if err := checkAmount(t.Minutes); err != nil {
		return Trade{}, err
	}
	t.Version, t.State = 1, Proposed
	t.GiverConfirmed, t.ReceiverConfirmed = false, false
	if consent && t.Party(t.LoggedBy) {
		if err := checkSide(b, t, own(t.LoggedBy, receiver, giver)); err != nil {
			return Trade{}, err
		}
		t.setConfirmed(t.LoggedBy, true)
	}
	id, err := b.AddTrade(t)
	t.ID = id
	return t, err
}

// Confirm is one side's yes to the amount of that version; with the second one the
// trade is posted. An Error's Account says whose limit stands in the way: it may be
// the other side's, whose position has changed since it confirmed.
func Confirm(b Book, id TradeID, side AccountID, version int, now time.Time) (Trade, error) {
	t, err := open(b, id, side)
	if err != nil {
		return t, err
	}
	if version != t.Version {
		return t, refuse(OldAmount)
	}
	if t.Confirmed(side) {
		return t, refuse(AlreadyConfirmed)
	}
	receiver, giver, err := sides(b, t.Receiver, t.Giver)
	if err != nil {
		return t, err
	}
	if err := checkSide(b, t, own(side, receiver, giver)); err != nil {
		return t, err
	}
	t.setConfirmed(side, true)
	if t.GiverConfirmed && t.ReceiverConfirmed {
		return post(b, t, receiver, giver, now)
	}
	return t, b.SetTrade(t)
}

// Unconfirm takes a side's yes back while the other's is still missing.
func Unconfirm(b Book, id TradeID, side AccountID) (Trade, error) {
	t, err := open(b, id, side)
	if err != nil {
		return t, err
	}
	t.setConfirmed(side, false)
	return t, b.SetTrade(t)
}

// AllowSpill records that the giver leaves to the commons what is above their ceiling.
func AllowSpill(b Book, id TradeID, giver AccountID) (Trade, error) {
	t, err := open(b, id, giver)
	if err != nil {
		return t, err
	}
	if giver != t.Giver {
		return t, refuse(NotAParty)
	}
	t.Spill = true
	return t, b.SetTrade(t)
}

// Amend changes the amount. It is that side's yes to the new amount and takes the
// other side's away. Answers to the versions before no longer count.
func Amend(b Book, id TradeID, side AccountID, m Minutes, expires time.Time) (Trade, error) {
	t, err := open(b, id, side)
	if err != nil {
		return t, err
	}
	if err := checkAmount(m); err != nil {
		return t, err
	}
	if m == t.Minutes {
		return t, refuse(SameAmount)
	}
	t.Minutes, t.Version, t.Expires = m, t.Version+1, expires
	t.GiverConfirmed, t.ReceiverConfirmed = false, false
	a, err := b.Account(side)
	if err != nil {
		return t, err
	}
	if err := checkSide(b, t, a); err != nil {
		return t, err
	}
	t.setConfirmed(side, true)
	return t, b.SetTrade(t)
}

// Decline is one side's no. The trade is over.
func Decline(b Book, id TradeID, side AccountID, now time.Time) (Trade, error) {
	return end(b, id, side, Declined, now)
}

// Cancel takes back a trade that is not posted yet; only who logged it may.
func Cancel(b Book, id TradeID, by AccountID, now time.Time) (Trade, error) {
	t, err := b.Trade(id)
	if err != nil {
		return t, err
	}
	if by != t.LoggedBy {
		return t, refuse(NotProposer)
	}
	return finish(b, t, Cancelled, now)
}

// Expire ends the trades whose time is up. Silence never posts a trade.
func Expire(b Book, now time.Time) ([]Trade, error) {
	due, err := b.DueTrades(now)
	if err != nil {
		return nil, err
	}
	for i, t := range due {
		if due[i], err = finish(b, t, Expired, now); err != nil {
			return nil, err
		}
	}
	return due, nil
}

// open reads a trade that side may answer now.
func open(b Book, id TradeID, side AccountID) (Trade, error) {
	return ownTrade(b, id, side, Proposed, NotOpen)
}

// ownTrade reads a trade of that side, in that state; in any other it is refused with the
// code.
func ownTrade(b Book, id TradeID, side AccountID, s TradeState, otherwise Code) (Trade, error) {
	t, err := b.Trade(id)
	switch {
	case err != nil:
		return t, err
	case !t.Party(side):
		return t, refuse(NotAParty)
	case t.State != s:
		return t, refuse(otherwise)
	}
	return t, nil
}

func end(b Book, id TradeID, side AccountID, s TradeState, now time.Time) (Trade, error) {
	t, err := open(b, id, side)
	if err != nil {
		return t, err
	}
	return finish(b, t, s, now)
}

func finish(b Book, t Trade, s TradeState, now time.Time) (Trade, error) {
	if t.State != Proposed {
		return t, refuse(NotOpen)
	}
	t.State, t.Ended = s, now
	return t, b.SetTrade(t)
}

// checkSide checks one side's own limits, less what it has confirmed elsewhere.
func checkSide(b Book, t Trade, side Account) error {
	r, err := b.Reserved(side.ID, t.ID)
	if err != nil {
		return err
	}
	if side.ID == t.Receiver {
		return mayReceive(side, t.Minutes, r)
	}
	if t.Spill {
		return nil
	}
	return mayGive(side, t.Minutes, r)
}

// own picks a side's own account out of both.
func own(side AccountID, receiver, giver Account) Account {
	if side == receiver.ID {
		return receiver
	}
	return giver
}

// post checks both limits once more, against the balances alone: what else a side has
// confirmed since took this trade into account already.
func post(b Book, t Trade, receiver, giver Account, now time.Time) (Trade, error) {
	if err := mayReceive(receiver, t.Minutes, Reserved{}); err != nil {
		return t, err
	}
	kept := t.Minutes
	// What was done for the commons, or by it, can't be left to the commons.
	if t.Spill && !t.Party(Commons) {
		kept = min(kept, giver.RoomUp(Reserved{}))
	} else if err := mayGive(giver, t.Minutes, Reserved{}); err != nil {
		return t, err
	}
	if err := postParts(b, t, kept, now); err != nil {
		return t, err
	}
	t.State, t.Ended = Posted, now
	return t, b.SetTrade(t)
}

// postParts gives the giver what they keep and the commons the rest. Nothing is
// written unless both will do.
func postParts(b Book, t Trade, kept Minutes, now time.Time) error {
	transfer := Transfer{From: t.Receiver, To: t.Giver, Minutes: kept, Kind: OfTrade, Trade: t.ID, At: now, What: t.What}
	rest := t.Minutes - kept
	if rest > 0 {
		commons, err := b.Account(Commons)
		if err != nil {
			return err
		}
		if err := mayGive(commons, rest, Reserved{}); err != nil {
			return err
		}
	}
	if kept > 0 {
		if _, err := appendTo(b, transfer); err != nil {
			return err
		}
	}
	if rest > 0 {
		transfer.To, transfer.Minutes, transfer.Kind = Commons, rest, OfGift
		if _, err := appendTo(b, transfer); err != nil {
			return err
		}
	}
	return nil
}
