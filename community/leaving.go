package community

import (
	"time"

	"communityconnect/ledger"
)

// Leaving is somebody on their way out: their account only comes nearer to zero, and once
// it is there and nothing of theirs is open any more, they have left.
type Leaving struct {
	Member MemberID
	Since  time.Time
	Until  time.Time // the plan: until then they can even it out themselves
	// What the account had before, for whoever thinks better of it.
	Floor, Ceiling ledger.Minutes
	OwnLimits      bool
	Told           bool // the council knows that the plan is over
}

// PlanEnds is until when somebody who begins to leave now can even out what they owe.
func (p Policy) PlanEnds(now time.Time) time.Time { return now.AddDate(0, 0, p.LeaveDays) }

// LeavingLimits are those of an account that only comes nearer to zero: no help for whoever
// owes some, and for nobody credit beyond what they have.
func LeavingLimits(balance ledger.Minutes) (floor, ceiling ledger.Minutes) {
	return min(0, balance), max(0, balance)
}
