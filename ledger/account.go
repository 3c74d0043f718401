package ledger

// AccountID is an account's number, from 1.
type AccountID int64

// Commons is the account of everybody together: grants come from it, gifts and what
// leavers leave behind go to it. Every community has it, under this number.
const Commons AccountID = 1

// AccountKind tells a household's account from the commons.
type AccountKind string

// The kinds of accounts.
const (
	MemberAccount  AccountKind = "member"
	CommonsAccount AccountKind = "commons"
)

// Account is where one household, or the commons, stands.
type Account struct {
	ID      AccountID
	Kind    AccountKind
	Balance Minutes
	Floor   Minutes // the lowest the balance may go, zero or below
	Ceiling Minutes // the highest it may go, zero or above
}

// Reserved is what an account has itself confirmed and what still waits for the
// other side. Somebody else's claim on the account reserves nothing; only what is
// disputed of what it has got is held back for a while.
type Reserved struct {
	Down Minutes // help received, not posted yet
	Up   Minutes // help given, not posted yet
	Held Minutes // got for help that is disputed
}

// RoomDown is how much help the account can still receive: never below zero, also
// for an account that is outside its limits already.
func (a Account) RoomDown(r Reserved) Minutes { return max(0, a.Balance-a.Floor-r.Down-r.Held) }

// RoomUp is how much help the account can still give.
func (a Account) RoomUp(r Reserved) Minutes { return max(0, a.Ceiling-a.Balance-r.Up) }

// CheckLimits refuses a floor above zero, a ceiling below zero, and either beyond MaxLimit.
func CheckLimits(floor, ceiling Minutes) error {
	switch {
	case floor > 0 || ceiling < 0:
		return refuse(LimitsCrossed)
	case floor < -MaxLimit || ceiling > MaxLimit:
		return &Error{Code: AmountTooLarge, Limit: MaxLimit}
	}
	return nil
}

// mayReceive refuses m minutes of help that would take a below its floor.
func mayReceive(a Account, m Minutes, r Reserved) error {
	if room := a.RoomDown(r); m > room {
		return &Error{Code: limitCode(a, BelowFloor), Account: a.ID, Limit: a.Floor, Room: room}
	}
	return nil
}

// mayGive refuses m minutes of help that would take a above its ceiling.
func mayGive(a Account, m Minutes, r Reserved) error {
	if room := a.RoomUp(r); m > room {
		return &Error{Code: limitCode(a, AboveCeiling), Account: a.ID, Limit: a.Ceiling, Room: room}
	}
	return nil
}

func limitCode(a Account, c Code) Code {
	if a.Kind == CommonsAccount {
		return CommonsLimit
	}
	return c
}
