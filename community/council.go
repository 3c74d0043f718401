package community

import (
	"slices"
	"time"

	"communityconnect/ledger"
)

// CouncilNotice is how long the members know of somebody who is to join the council
// before it takes effect.
const CouncilNotice = 48 * time.Hour

// CouncilMemory is how long a council that has shrunk keeps the sign-off it had, so that
// nobody comes to decide alone by removing the others.
const CouncilMemory = 7 * 24 * time.Hour

// SignOff is whose word an act of the council waits for.
type SignOff string

// The ways in which an act of the council comes to be carried out.
const (
	Alone     SignOff = "alone"     // nobody's: the members have voted that one is enough
	BySecond  SignOff = "second"    // another member of the council's
	ByMembers SignOff = "members"   // the members', in a vote: there is no other on the council, or none without a part in it
	Shrunk    SignOff = "shrunk"    // that of those who were on the council lately; until CouncilMemory has passed, nobody's
	NoSecond  SignOff = "no-second" // nobody's: the others on the council can't act just now
)

// SignOffFor tells whose word an act waits for that actor begins and that the parties
// have a part in.
func (p Policy) SignOffFor(all []Member, actor Member, parties []ledger.AccountID, now time.Time) SignOff {
	if p.SignOff < 2 {
		return Alone
	}
	able, seated, lately := false, false, false
	for _, m := range all {
		if m.Account == actor.Account || m.Council && slices.Contains(parties, m.Account) {
			continue
		}
		able = able || m.CanCouncil()
		seated = seated || m.Council
		lately = lately || !m.Council && m.onCouncilLately(now)
	}
	switch {
	case able:
		return BySecond
	case seated:
		return NoSecond
	case lately:
		return Shrunk
	}
	return ByMembers
}

// CanCouncil reports whether somebody is on the council and may act for it now.
func (m Member) CanCouncil() bool { return m.Council && m.Active() && m.Frozen.IsZero() }

// MayStand reports whether somebody may become a member of the council: a newcomer's
// limits have to have opened first.
func (m Member) MayStand() bool { return m.Status == Full && m.Frozen.IsZero() && !m.Council }

func (m Member) onCouncilLately(now time.Time) bool {
	return !m.LeftCouncil.IsZero() && now.Sub(m.LeftCouncil) < CouncilMemory
}

// ShrunkUntil is when a council that has shrunk forgets the sign-off it had.
func ShrunkUntil(all []Member) (until time.Time) {
	for _, m := range all {
		if end := m.LeftCouncil.Add(CouncilMemory); !m.Council && !m.LeftCouncil.IsZero() && end.After(until) {
			until = end
		}
	}
	return until
}
