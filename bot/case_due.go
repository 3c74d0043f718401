package bot

import (
	"fmt"
	"time"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// remindCase is how long before its deadline those on whom a case waits are reminded.
const remindCase = 4 * 24 * time.Hour

// remindSoonest is how long somebody has had to answer before they are reminded.
const remindSoonest = 24 * time.Hour

// caseDeadlines looks at what is open: what has waited too long goes on, nobody's minutes
// are held for too long, and a mediator who can't go on is replaced.
func (c *Call) caseDeadlines() error {
	return c.eachOpenCase(c.caseDeadline)
}

// eachOpenCase goes through the cases that are open, each with the trade that it is about.
func (c *Call) eachOpenCase(do func(community.Case, ledger.Trade) error) error {
	open, err := c.tx.OpenCases()
	if err != nil {
		return err
	}
	for _, cs := range open {
		t, err := c.tx.Trade(cs.Trade)
		if err != nil {
			return err
		}
		if err := do(cs, t); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) caseDeadline(cs community.Case, t ledger.Trade) error {
	if t.Held > 0 && !c.now.Before(cs.HoldUntil) {
		var err error
		if t, err = ledger.Release(c.book, t.ID); err != nil {
			return err
		}
	}
	mediator := c.people.byID[cs.Mediator]
	mediates := cs.Stage == community.Mediating || cs.Stage == community.Offered
	switch {
	case !c.now.Before(cs.Due):
		if cs.AtDeadline(c.world.council != "") == community.WithCouncil {
			return c.passToCouncil(cs, t, caseToCouncil)
		}
		return c.timeOut(cs, t)
	case mediates && (!mediator.Active() || !mediator.Frozen.IsZero()):
		if err := c.tx.CloseQuestions(askOutcome, int64(cs.ID), "withdrawn"); err != nil {
			return err
		}
		c.tellParties(cs, t, mediateGone, c.caseArgs(cs, t)...)
		return c.seekMediator(cs, t)
	case mediates && !c.now.Before(cs.Due.Add(-remindCase)):
		return c.remindOfCase(cs, t)
	}
	return nil
}

// timeOut ends a case that nobody has settled: the trade stands.
func (c *Call) timeOut(cs community.Case, t ledger.Trade) error {
	if _, err := ledger.Stand(c.book, t.ID); err != nil {
		return err
	}
	cs.Outcome = community.Outcome{Verdict: community.TimedOut}
	c.tellParties(cs, t, caseTimedOut, c.caseArgs(cs, t)...)
	return c.closeCase(cs)
}

// remindOfCase reminds whoever a case waits for.
func (c *Call) remindOfCase(cs community.Case, t ledger.Trade) error {
	key := fmt.Sprintf("case %d, %s", cs.ID, cs.Stage)
	if cs.Stage == community.Mediating {
		asked, err := c.tx.QuestionsAbout(askMediate, int64(cs.ID))
		if err != nil || len(asked) == 0 || c.now.Sub(asked[len(asked)-1].At) < remindSoonest {
			return err
		}
		return c.nudge(c.people.byID[cs.Mediator], nudge{
			kind: community.NudgeReminder, key: key, text: c.text(mediateRemind, c.caseArgs(cs, t)...), until: cs.Due,
		})
	}
	waiting, err := c.tx.OpenQuestionsAbout(askOutcome, int64(cs.ID))
	if err != nil {
		return err
	}
	for _, q := range waiting {
		if c.now.Sub(q.At) < remindSoonest {
			continue
		}
		n := nudge{kind: community.NudgeReminder, key: key, text: c.text(outcomeRemind, c.outcomeArgs(cs, t, false)...), how: c.text(outcomeHow), topic: storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}, until: cs.Due}
		if err := c.nudge(c.people.byID[q.Asked], n); err != nil {
			return err
		}
	}
	return nil
}

// tryAnother asks the next one when somebody did not say whether they would mediate.
func (c *Call) tryAnother(id community.CaseID) error {
	cs, t, err := c.caseOf(id)
	if err != nil || cs.Stage != community.Seeking {
		return err
	}
	return c.seekMediator(cs, t)
}
