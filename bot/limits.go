package bot

import (
	"errors"

	"communityconnect/ledger"
	"communityconnect/storage"
)

// limitRefusal is a limit that stands in the way of a trade.
type limitRefusal struct {
	cause error // a *ledger.Error that says whose limit it is
	trade ledger.Trade
	line  string // the command to carry out if the giver leaves the rest to the commons
}

func (l *limitRefusal) Error() string { return l.cause.Error() }
func (l *limitRefusal) Unwrap() error { return l.cause }

// explainLimit tells whoever's limit it is what is in the way and how to go on, in
// private. Everybody else learns no more than that it can't be done just now.
func (c *Call) explainLimit(l *limitRefusal) error {
	var limit *ledger.Error
	if !errors.As(l.cause, &limit) {
		return l.cause
	}
	args := append(c.phraseArgs(limit), c.tradeArgs(l.trade)...)
	owner := c.people.holder(limit.Account)
	switch {
	case limit.Code == ledger.CommonsLimit:
		c.answer(phrases[limit.Code], args...)
	case owner.Account != c.from.Account && owner.Met:
		c.send(direct(owner), storage.Topic{}, c.text(phrases[limit.Code], args...))
		c.answer(notJustNow, "who", owner)
	case owner.Account != c.from.Account:
		c.answer(notJustNowUnmet, "who", owner)
	case limit.Code == ledger.AboveCeiling && l.line != "":
		return c.askSpill(l, args)
	default:
		c.private(phrases[limit.Code], args...)
		c.tellAuthor(l.trade)
	}
	return nil
}

// tellAuthor lets whoever logged a trade know that the other side could not confirm
// it; not why, which is nobody else's business.
func (c *Call) tellAuthor(t ledger.Trade) {
	other := t.Other(c.from.Account) // whoever else may have logged it has no part in it
	if author := c.people.holder(other); t.ID != 0 && t.Confirmed(other) {
		c.tell(author, c.whereAsked(t), otherCannotYet, append(c.tradeArgs(t), "who", c.from)...)
	}
}

// askSpill asks a giver at their ceiling whether the rest may go to the commons: help
// already given is never just refused.
func (c *Call) askSpill(l *limitRefusal, args []any) error {
	if c.place != InDM && !c.from.Met {
		c.answer(sayHelloFirst)
		return nil
	}
	c.react("👍")
	var begun []string
	if c.place == InGroup {
		begun = []string{string(c.in.Group)}
	}
	c.in, c.place = direct(c.from), InDM
	return c.askAuthor(askSpill, l.line, int64(l.trade.ID), c.text(mayGoToCommons, args...), begun...)
}

// spill carries out what was agreed to be split between the giver and the commons.
func (c *Call) spill(q storage.Question) error {
	if q.TopicID != 0 {
		t, err := ledger.AllowSpill(c.book, ledger.TradeID(q.TopicID), c.from.Account)
		if err != nil {
			return err
		}
		return c.confirmTrade(t, t.Version, answer{kind: yes, typed: true})
	}
	if len(q.Options) > 0 { // it was logged in the group: the other side is asked there
		c.in, c.place = c.group(), InGroup
	}
	c.resume(q.Line)
	receiver, err := c.person()
	if err != nil {
		return err
	}
	m, err := c.amount()
	if err != nil {
		return err
	}
	return c.propose(c.from, receiver, m, c.what(), withSpill)
}
