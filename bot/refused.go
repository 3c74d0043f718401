package bot

import (
	"errors"

	"communityconnect/ledger"
)

// refused says why something was not done. Whatever the handler had changed or wanted
// said is gone by now. It reports false for an error that is nobody's no but a fault.
func (c *Call) refused(err error) (bool, error) {
	c.replies, c.indexed, c.refusal = nil, nil, true
	var which *whichPerson
	var limit *limitRefusal
	switch {
	case errors.As(err, &which):
		return true, c.askWhichPerson(which)
	case errors.As(err, &limit):
		return true, c.explainLimit(limit)
	}
	code := codeOf(err)
	phrase, ok := phrases[code]
	if !ok {
		return false, nil
	}
	switch {
	case !c.forUs:
	case c.place == InDM || !privateCodes[code]:
		c.answer(phrase, c.phraseArgs(err)...)
	default:
		c.private(phrase, c.phraseArgs(err)...)
	}
	return true, nil
}

// withoutFigures is what the council may know of a limit that is in the way of its acts:
// that there is one. How near to it somebody stands is nobody else's business.
func withoutFigures(err error) error {
	switch ledger.CodeOf(err) {
	case ledger.BelowFloor, ledger.AboveCeiling:
		return refuse(limitInWay)
	}
	return err
}

// privateCodes are answered in a direct message wherever they arise.
var privateCodes = map[ledger.Code]bool{
	ledger.BelowFloor: true, ledger.MoreThanOwn: true, ledger.AboveCeiling: true, notForSuspended: true, frozen: true,
	nothingOpen: true, severalOpen: true, elsewhere: true, councilOnly: true, ledger.NotAParty: true, noVote: true, disputeOpen: true, disputedNow: true, disputedBefore: true, casesOpen: true, whyDispute: true, statementLong: true, noCase: true, voteNonsense: true, severalVotes: true,
	phoneLost: true, notVouching: true,
}
