package community

import (
	"time"

	"communityconnect/ledger"
)

// MemberID is a person's number in this community, from 1. Households share an
// account, so a member is not an account.
type MemberID int64

// Status is where a person stands with the community.
type Status string

// The statuses, on the way in and on the way out.
const (
	Applicant Status = "applicant" // has said hello, waits to be vouched for
	Newcomer  Status = "newcomer"  // vouched for, with the narrower limits
	Full      Status = "member"    // with the community's limits
	Suspended Status = "suspended" // may read their own things and give help to get back
	Former    Status = "former"    // has left
)

// Member is one person.
type Member struct {
	ID      MemberID
	Account ledger.AccountID
	Person  string // who they are on the line; "" for somebody without a phone
	Name    string // unique in the community, also for look-alike letters
	Status  Status
	Council bool
	Met     bool      // has written to the bot, so the bot may write to them
	Deaf    bool      // wants the bot to read commands only, not plain sentences
	Frozen  time.Time // when their safety number changed or their phone was lost; zero once others have stood for them
	Joined  time.Time
	Heard   time.Time // when they last wrote or reacted, to the day; zero if that was never noted

	SponsorHears bool      // whoever vouched for them may hear early of trouble
	LeftCouncil  time.Time // when they were last on the council; zero for never, and while they are
	Lost         bool      // others say that somebody else may have their phone
	LostBy       MemberID  // who said so last
	LostAt       time.Time // when that was; it stays when they are found to be themselves
	Nameless     bool      // the line did not know their name, and this one stands in for it
}

// Active reports whether the person may trade and post.
func (m Member) Active() bool { return m.Status == Full || m.Status == Newcomer }

// Known reports whether the person belongs, or once belonged, to the community.
func (m Member) Known() bool { return m.ID != 0 && m.Status != Applicant }
