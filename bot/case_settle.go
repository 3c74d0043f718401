package bot

import (
	"strings"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// resolveCase is what a mediator proposes as the end of a case, or what the council decides
// where it was passed to it.
func resolveCase(c *Call) error {
	if c.place == InCouncil {
		return resolveByCouncil(c)
	}
	cs, t, err := c.myCase()
	if err != nil {
		return err
	}
	if cs.Mediator != c.from.ID || cs.Stage != community.Mediating && cs.Stage != community.Offered {
		return refuse(notMediator)
	}
	word, rest := nextWord(c.words)
	if strings.EqualFold(word, "council") {
		if why := c.plainWords(rest); why != "" {
			if err := c.tx.AddStatement(cs.ID, storage.Statement{Member: c.from.ID, Text: why, At: c.now}); err != nil {
				return err
			}
		}
		c.react("👍")
		return c.passToCouncil(cs, t, caseToCouncil)
	}
	if cs.Outcome, err = c.readOutcome(t); err != nil {
		return err
	}
	if cs.Outcome.Reason, err = c.tx.Write(cs.Outcome.Reason.Body); err != nil {
		return err
	}
	return c.offer(cs, t)
}

// readOutcome reads how a case is to end, and why. The reason is not in the file yet: what
// comes to nothing leaves no words behind.
func (c *Call) readOutcome(t ledger.Trade) (o community.Outcome, err error) {
	word, rest := nextWord(c.words)
	switch strings.ToLower(word) {
	case "stands", "stand":
		o.Verdict = community.Stands
	case "reversed", "reverse", "undo", "undone":
		o.Verdict = community.Undone
	case "agreed", "agree":
		o.Verdict = community.Agreed
	default:
		m, err := ledger.ParseAmount(word)
		if err != nil {
			return o, refuse(verdictNonsense)
		}
		if o.Verdict, o.Minutes = community.Amended, m; m == t.Minutes {
			o.Verdict, o.Minutes = community.Stands, 0
		}
	}
	why := c.plainWords(rest)
	if why == "" {
		return o, refuse(reasonMissing, "usage", "/resolve 1h30 it took half as long")
	}
	o.Reason.Body = why
	return o, nil
}

// outcomeWords says how a case ends, or would end.
func (c *Call) outcomeWords(o community.Outcome, done bool) string {
	phrase := map[community.Verdict]string{
		community.Stands: caseStands, community.Amended: caseAmends, community.Undone: caseUndoes, community.Agreed: caseAgreed,
	}[o.Verdict]
	if done && o.Verdict == community.Amended {
		phrase = caseAmended
	} else if done && o.Verdict == community.Undone {
		phrase = caseUndone
	}
	return c.text(phrase, "minutes", o.Minutes)
}

// outcomeArgs are the arguments of the phrases about an outcome.
func (c *Call) outcomeArgs(cs community.Case, t ledger.Trade, done bool) []any {
	return append(c.caseArgs(cs, t), "outcome", c.outcomeWords(cs.Outcome, done), "why", cs.Outcome.Reason.Body)
}

// offer asks both sides whether they agree to an outcome, in the same words. An earlier
// offer is off the table.
func (c *Call) offer(cs community.Case, t ledger.Trade) error {
	cs.Stage, cs.OpenerAgrees, cs.AnswererAgrees = community.Offered, false, false
	if err := c.tx.SetCase(cs); err != nil {
		return err
	}
	if err := c.tx.CloseQuestions(askOutcome, int64(cs.ID), "withdrawn"); err != nil {
		return err
	}
	for _, m := range []community.Member{c.openingSide(cs), c.otherSide(cs, t)} {
		if err := c.askAboutOutcome(cs, t, c.from, m); err != nil {
			return err
		}
	}
	c.answer(outcomeAsked)
	return nil
}

// answerOutcome is one side's answer to what the mediator proposes. It is carried out
// when both have said yes.
func (c *Call) answerOutcome(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	cs, t, err := c.caseOf(community.CaseID(q.TopicID))
	if err != nil || cs.Stage != community.Offered {
		return err
	}
	if a.kind == no {
		return c.refuseOutcome(cs, t, outcomeRefused)
	}
	switch c.people.byID[q.Asked].Account {
	case cs.By:
		cs.OpenerAgrees = true
	case t.Other(cs.By):
		cs.AnswererAgrees = true
	default: // they have moved out since, and speak for neither side
		return nil
	}
	if cs.OpenerAgrees && cs.AnswererAgrees {
		return c.settle(cs, t)
	}
	c.answer(outcomeWaits)
	return c.tx.SetCase(cs)
}

// refuseOutcome takes what was proposed off the table; the mediator can propose anew.
func (c *Call) refuseOutcome(cs community.Case, t ledger.Trade, phrase string) error {
	if err := c.tx.CloseQuestions(askOutcome, int64(cs.ID), "withdrawn"); err != nil {
		return err
	}
	args := c.outcomeArgs(cs, t, false)
	c.tellParties(cs, t, phrase, args...)
	c.send(direct(c.people.byID[cs.Mediator]), caseTopic(cs), c.text(phrase, args...))
	cs.Stage, cs.OpenerAgrees, cs.AnswererAgrees, cs.Outcome = community.Mediating, false, false, community.Outcome{}
	return c.tx.SetCase(cs)
}

// settle carries an outcome out in the books and tells both the same. Where a limit is in
// the way of another amount nothing has changed, and something else has to be found.
func (c *Call) settle(cs community.Case, t ledger.Trade) error {
	err := c.tx.Savepoint(func() error { return c.carryOutcome(cs, t) })
	switch code := ledger.CodeOf(err); {
	case (code == ledger.BelowFloor || code == ledger.AboveCeiling || code == ledger.CommonsLimit) && cs.Stage == community.Offered:
		return c.refuseOutcome(cs, t, outcomeLimit)
	case err != nil:
		return withoutFigures(err)
	}
	args := c.outcomeArgs(cs, t, true)
	c.tellParties(cs, t, caseSettled, args...)
	if m := c.people.byID[cs.Mediator]; m.ID != 0 {
		c.send(direct(m), storage.Topic{}, c.text(caseSettled, args...))
	}
	return c.closeCase(cs)
}

// carryOutcome puts the books right.
func (c *Call) carryOutcome(cs community.Case, t ledger.Trade) error {
	switch cs.Outcome.Verdict {
	case community.Undone:
		if _, err := ledger.Reverse(c.book, t.ID, cs.Outcome.Reason, c.now); err != nil {
			return err
		}
		c.index(func(x *board.Index) { x.RemoveTrade(int64(t.ID)) })
	case community.Amended:
		_, right, err := ledger.Correct(c.book, t.ID, cs.Outcome.Minutes, cs.Outcome.Reason, c.now)
		if err != nil {
			return err
		}
		past := pastTrade(right, c.people)
		c.index(func(x *board.Index) { x.RemoveTrade(int64(t.ID)); x.AddTrade(past) })
	default:
		_, err := ledger.Stand(c.book, t.ID)
		return err
	}
	return nil
}

// closeCase ends a case, and every question and vote about it.
func (c *Call) closeCase(cs community.Case) error {
	for _, kind := range []string{askMediate, askOutcome} {
		if err := c.tx.CloseQuestions(kind, int64(cs.ID), "withdrawn"); err != nil {
			return err
		}
	}
	cs.Stage, cs.Closed = community.CaseOver, c.now
	if err := c.tx.SetCase(cs); err != nil {
		return err
	}
	return c.dropVoteOn(cs)
}

// closeCaseOf ends the case about a trade that the council, or the two themselves, have
// reversed.
func (c *Call) closeCaseOf(t ledger.Trade, why ledger.Text) error {
	cs, found, err := c.tx.CaseAbout(t.ID)
	if err != nil || !found || !cs.Open() {
		return err
	}
	cs.Outcome = community.Outcome{Verdict: community.Undone, Reason: why}
	return c.closeCase(cs)
}

// takeCaseBack is the word of those who opened a case that nobody has to look at it any
// more: the trade stands.
func (c *Call) takeCaseBack(id community.CaseID) error {
	cs, t, err := c.caseOf(id)
	switch {
	case err != nil:
		return err
	case !cs.Open():
		return refuse(caseClosed)
	case cs.By != c.from.Account:
		return refuse(notYourCase)
	}
	if _, err := ledger.Stand(c.book, t.ID); err != nil {
		return err
	}
	args := c.caseArgs(cs, t)
	c.tellParties(cs, t, caseTakenBack, args...)
	if m := c.people.byID[cs.Mediator]; m.ID != 0 {
		c.send(direct(m), storage.Topic{}, c.text(caseTakenBack, args...))
	}
	if cs.CouncilReads() {
		c.tellCouncilOf(t, c.text(caseTakenBack, args...))
	}
	cs.Outcome = community.Outcome{Verdict: community.Agreed}
	return c.closeCase(cs)
}
