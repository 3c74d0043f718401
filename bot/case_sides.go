package bot

import (
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// speaker is who speaks for a side of a case: whoever did when it was opened or, where they
// are of that household no more, who speaks for it now.
func (c *Call) speaker(id community.MemberID, account ledger.AccountID) community.Member {
	m, known := c.people.byID[id]
	if known && m.Account == account && m.Status != community.Former {
		return m
	}
	if h := c.people.holder(account); !known || h.ID != 0 && h.Status != community.Former {
		return h
	}
	return m
}

// openingSide is who speaks for those who opened a case.
func (c *Call) openingSide(cs community.Case) community.Member { return c.speaker(cs.Opener, cs.By) }

// otherSide is who answers in a case.
func (c *Call) otherSide(cs community.Case, t ledger.Trade) community.Member {
	return c.speaker(cs.Answerer, t.Other(cs.By))
}

// tellParties tells both sides the same, in private.
func (c *Call) tellParties(cs community.Case, t ledger.Trade, phrase string, args ...any) {
	for _, m := range []community.Member{c.openingSide(cs), c.otherSide(cs, t)} {
		if m.Person != "" {
			c.send(direct(m), caseTopic(cs), c.text(phrase, args...))
		}
	}
}

// holdText tells one side what can't be spent while a case is open, if anything.
func (c *Call) holdText(t ledger.Trade, m community.Member) string {
	switch {
	case t.Held == 0:
		return ""
	case m.Account == t.Giver:
		return caseHoldsYours
	}
	return c.text(caseHolds, c.tradeArgs(t)...)
}

// handCasesOver lets whoever is left of a household speak for it, in the cases in which
// somebody did who goes.
func (c *Call) handCasesOver(gone community.Member) error {
	return c.eachOpenCase(func(cs community.Case, t ledger.Trade) error {
		heir := c.otherSide(cs, t)
		if cs.Opener == gone.ID && cs.By == gone.Account {
			heir = c.openingSide(cs)
		} else if cs.Answerer != gone.ID || !t.Party(gone.Account) {
			return nil
		}
		if heir.ID == gone.ID || heir.Person == "" {
			return nil
		}
		c.send(direct(heir), caseTopic(cs), c.text(caseHandedOver, append(c.caseArgs(cs, t), "who", gone)...))
		return c.handOutcomeOver(cs, t, gone, heir)
	})
}

// handOutcomeOver asks the heir what somebody who goes has not answered.
func (c *Call) handOutcomeOver(cs community.Case, t ledger.Trade, gone, heir community.Member) error {
	asked, err := c.tx.OpenQuestionsAbout(askOutcome, int64(cs.ID))
	for _, q := range asked {
		if q.Asked != gone.ID || err != nil {
			continue
		}
		if err = c.tx.CloseQuestion(q.ID, "withdrawn"); err == nil {
			err = c.askAboutOutcome(cs, t, c.people.byID[q.Asker], heir)
		}
	}
	return err
}

// askAboutOutcome asks one side whether they agree to what the mediator proposes.
func (c *Call) askAboutOutcome(cs community.Case, t ledger.Trade, mediator, m community.Member) error {
	args := c.outcomeArgs(cs, t, false)
	id, err := c.tx.Ask(storage.Question{
		Kind: askOutcome, Asked: m.ID, Asker: mediator.ID, TopicID: int64(cs.ID), Options: []string{c.text("{amount} ({what}): {outcome}", args...)},
		In: direct(m), At: c.now, Expires: cs.Due,
	})
	if err == nil {
		c.send(direct(m), storage.Topic{Kind: topicQuestion, ID: int64(id)}, c.text(outcomePrompt, args...))
	}
	return err
}
