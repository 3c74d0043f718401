package community

import (
	"slices"
	"time"

	"communityconnect/ledger"
)

// CaseID is a case's number, from 1.
type CaseID int64

// Stage is how far a case has come.
type Stage string

// The stages of a case. Each but the last has a deadline, after which the case goes to
// the council, and from there comes to an end.
const (
	Seeking     Stage = "seeking"   // a neighbour is asked to mediate
	Mediating   Stage = "mediating" // somebody does
	Offered     Stage = "offered"   // an outcome waits for both to agree
	WithCouncil Stage = "council"   // it was passed to the council
	CaseOver    Stage = "closed"
)

// Verdict is how a case ends.
type Verdict string

// The verdicts.
const (
	Stands   Verdict = "stands"   // the trade was right
	Amended  Verdict = "amended"  // it was another amount
	Undone   Verdict = "reversed" // it is taken back
	Agreed   Verdict = "agreed"   // the two have settled it between them, and it stands
	TimedOut Verdict = "deadline" // nobody settled it in time, and it stands
	Voting   Verdict = "vote"     // the members have been asked; no verdict yet
)

// Outcome is what somebody proposes as the end of a case, and why.
type Outcome struct {
	Verdict Verdict
	Minutes ledger.Minutes // of an Amended one
	Reason  ledger.Text
}

// Case is a disagreement about a trade, from the day it is opened.
type Case struct {
	ID       CaseID
	Trade    ledger.TradeID
	Opener   MemberID
	By       ledger.AccountID // the opener's household, then
	Answerer MemberID         // who speaks for the other side; 0 where it is the commons
	Mediator MemberID
	Stage    Stage
	Outcome  Outcome // offered, or the end of it
	// OpenerAgrees and AnswererAgrees tell who has said yes to what is offered.
	OpenerAgrees, AnswererAgrees bool
	Opened, Due                  time.Time
	HoldUntil                    time.Time // until then the giver's minutes are held at most
	Closed                       time.Time // zero while it is open
}

// The limits of a case.
const (
	// MaxOpenCases is how many cases one household may have opened at a time.
	MaxOpenCases = 2
	// CaseHold is how long a case can keep somebody from spending what they were given.
	CaseHold = 30 * day
	// TurnToMediate is how long somebody has to say whether they will.
	TurnToMediate = 2 * day
)

// CaseDue is when a case that comes to a stage now has to have left it.
func (p Policy) CaseDue(now time.Time) time.Time { return now.AddDate(0, 0, p.CaseDays) }

// Willing is somebody who would mediate, and when it was their turn last.
type Willing struct {
	Member MemberID
	Turn   time.Time
}

// MayMediate reports whether a member may mediate between these households: a full member
// whom the bot can write to, who is none of them and has vouched for nobody of them, and
// who isn't a witness.
func MayMediate(m Member, households []ledger.AccountID, sponsors, witnesses []MemberID) bool {
	return m.Status == Full && m.Met && m.Person != "" && m.Frozen.IsZero() && !slices.Contains(households, m.Account) &&
		!slices.Contains(sponsors, m.ID) && !slices.Contains(witnesses, m.ID)
}

// NextMediator is whose turn it is among those who may: whoever's last one is longest
// ago. Found is false when nobody is left.
func NextMediator(willing []Willing, may func(MemberID) bool) (next MemberID, found bool) {
	var turn time.Time
	for _, w := range willing {
		if may(w.Member) && (!found || w.Turn.Before(turn) || w.Turn.Equal(turn) && w.Member < next) {
			next, turn, found = w.Member, w.Turn, true
		}
	}
	return next, found
}

// AtDeadline is the stage to which a case goes when its time is up. A hard case gets a
// second look by the council, if there is one; after that the trade stands, because
// nobody has shown otherwise.
func (c Case) AtDeadline(council bool) Stage {
	if council && c.Stage != WithCouncil {
		return WithCouncil
	}
	return CaseOver
}

// Open reports whether the case is not over.
func (c Case) Open() bool { return c.Stage != CaseOver }

// CouncilReads reports whether the case was passed to the council, which sees no more of
// any other than that it is open, and how late.
func (c Case) CouncilReads() bool { return c.Stage == WithCouncil }
