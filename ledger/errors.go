package ledger

import "errors"

// Code names what went wrong, for programs. Every code has a phrase for people in
// the room that talks with them; a test there holds the two lists together.
type Code string

// The codes of amounts.
const (
	AmountMissing     Code = "amount-missing"      // no amount was given
	AmountNonsense    Code = "amount-nonsense"     // the words are no amount
	AmountZero        Code = "amount-zero"         // 0h
	AmountNegative    Code = "amount-negative"     // -2h
	AmountBelowMinute Code = "amount-below-minute" // 30s, 0.5m
	AmountNotWhole    Code = "amount-not-whole"    // 1.01h is 60.6 minutes
	AmountTooLarge    Code = "amount-too-large"    // more than MaxAmount
	AmountOverflow    Code = "amount-overflow"     // no number of minutes at all
)

// The codes of trades, transfers and limits.
const (
	SameAccount      Code = "same-account"      // giver and receiver share an account
	UnknownAccount   Code = "unknown-account"   // no such account
	UnknownTrade     Code = "unknown-trade"     // no such trade
	NotAParty        Code = "not-a-party"       // neither giver nor receiver, nor who logged it
	NotOpen          Code = "not-open"          // the trade is over
	AlreadyConfirmed Code = "already-confirmed" // this side has confirmed this very amount
	OldAmount        Code = "old-amount"        // the answer is about an amount that was changed since
	SameAmount       Code = "same-amount"       // an amendment that changes nothing
	NotProposer      Code = "not-proposer"      // only who logged a trade takes it back
	BelowFloor       Code = "below-floor"       // the helped side would go below its floor
	AboveCeiling     Code = "above-ceiling"     // the helping side would go above its ceiling
	CommonsLimit     Code = "commons-limit"     // the commons would go past a limit of its own
	NotPosted        Code = "not-posted"        // only a posted trade can be reversed, or disputed
	NotDisputed      Code = "not-disputed"      // only a disputed trade is settled
	WrongSides       Code = "wrong-sides"       // a grant not from the commons, a settlement without it
	MoreThanOwn      Code = "more-than-own"     // a gift of what one doesn't have
	AlreadyReversed  Code = "already-reversed"  // a transfer is reversed once
	NotReversible    Code = "not-reversible"    // a reversal is final
	ReasonMissing    Code = "reason-missing"    // a reversal says why
	LimitsCrossed    Code = "limits-crossed"    // a floor above zero, or a ceiling below it
)

// Codes lists every code, so that a test can ask whether each has a phrase.
func Codes() []Code {
	return []Code{
		AmountMissing, AmountNonsense, AmountZero, AmountNegative, AmountBelowMinute, AmountNotWhole, AmountTooLarge, AmountOverflow,
		SameAccount, UnknownAccount, UnknownTrade, NotAParty, NotOpen, AlreadyConfirmed, OldAmount, SameAmount, NotProposer,
		BelowFloor, AboveCeiling, CommonsLimit, NotPosted, NotDisputed, WrongSides, MoreThanOwn, AlreadyReversed, NotReversible, ReasonMissing, LimitsCrossed,
	}
}

// Error is a rule that said no. It is an answer to a person, not a fault of the program.
type Error struct {
	Code    Code
	Account AccountID // whose limit or side it is, where that matters
	Limit   Minutes   // the floor or ceiling that stands in the way
	Room    Minutes   // how far that account could still go, never below 0
	Nearest Minutes   // the nearest amount that would do
}

func (e *Error) Error() string { return "ledger: " + string(e.Code) }

// CodeOf returns the code of a rule's refusal, or "" when err is something else.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func refuse(c Code) error { return &Error{Code: c} }
