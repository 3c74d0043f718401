package bot

import (
	"errors"
	"strings"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// askGift is the question whether somebody really gives something away.
const askGift = "gift"

// gift gives somebody, or the commons, of what one has. It is asked back: nobody has done
// anything for it, and only they could give it back.
func gift(c *Call) error {
	if c.place != InDM && !c.from.Met {
		return refuse(helloFirst)
	}
	to, m, why, err := c.readGift()
	if err != nil {
		return err
	}
	if err := ledger.MayGiveAway(c.book, c.from.Account, m); err != nil {
		return err
	}
	line := "gift " + giftMark(to) + " " + m.String() + " " + why
	if c.place != InDM {
		c.react("👍")
		c.in, c.place = direct(c.from), InDM
	}
	return c.askAuthor(askGift, line, 0, c.text(giftAsk, "to", to, "amount", m, "why", why))
}

// giftMark writes who gets a gift as a line remembers it.
func giftMark(to community.Member) string {
	if to.Account == ledger.Commons {
		return "commons"
	}
	return personMark(to.ID)
}

// readGift reads to whom, how much and why.
func (c *Call) readGift() (to community.Member, m ledger.Minutes, why string, err error) {
	words := strings.TrimPrefix(strings.TrimSpace(c.words), "to ")
	if word, rest := nextWord(strings.TrimPrefix(words, "the ")); strings.EqualFold(strings.TrimLeft(word, "@"), "commons") {
		to, c.words = c.people.holder(ledger.Commons), rest
	} else {
		c.words = words
		if to, err = c.person(); err != nil {
			return to, 0, "", err
		}
	}
	if to.Account == c.from.Account {
		return to, 0, "", refuse(personYourself)
	}
	if m, err = c.amount(); err != nil {
		return to, 0, "", err
	}
	why = c.plainWords(c.words)
	if why == "" {
		why = "a gift"
	}
	return to, m, why, nil
}

// answerGift carries a gift out once its giver has said yes.
func (c *Call) answerGift(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	if a.kind == no {
		c.answer(leftIt)
		return nil
	}
	c.resume(q.Line)
	to, m, why, err := c.readGift()
	if err != nil {
		return err
	}
	err = c.tx.Savepoint(func() error {
		text, err := c.tx.Write(why)
		if err != nil {
			return err
		}
		_, err = ledger.Give(c.book, c.from.Account, to.Account, m, text, c.now)
		return err
	})
	if err != nil { // the question is over all the same
		told, failure := c.refused(c.moveRefused(err, to, m))
		if failure != nil || !told {
			return errors.Join(err, failure)
		}
		return nil
	}
	mine, err := c.tx.Account(c.from.Account)
	if err != nil {
		return err
	}
	c.answer(giftDone, "to", to, "amount", m, "why", why, "balance", mine.Balance.Signed())
	if err := c.tellReceived(to, giftGot, "who", c.from, "amount", m, "why", why); err != nil {
		return err
	}
	return c.leavers()
}

// moveRefused turns a limit that is in the way of a gift into what may be said
// about it: whose limit it is hears it, and nobody else.
func (c *Call) moveRefused(err error, to community.Member, m ledger.Minutes) error {
	if ledger.CodeOf(err) == ledger.AboveCeiling {
		return &limitRefusal{cause: err, trade: ledger.Trade{Giver: to.Account, Receiver: c.from.Account, Minutes: m}}
	}
	return err
}

// tellReceived tells somebody what they were given.
func (c *Call) tellReceived(to community.Member, phrase string, args ...any) error {
	if to.ID == 0 || !to.Met {
		return nil
	}
	a, err := c.tx.Account(to.Account)
	if err != nil {
		return err
	}
	c.send(direct(to), storage.Topic{}, c.text(phrase, append(args, "balance", a.Balance.Signed())...))
	return nil
}

// grant gives somebody of what is everybody's.
func grant(c *Call) error {
	who, err := c.person()
	if err != nil {
		return err
	}
	m, err := c.amount()
	if err != nil {
		return err
	}
	why := c.plainWords(c.words)
	if why == "" {
		return refuse(reasonMissing, "usage", "/grant @Ann 2h she looked after the tools")
	}
	args := []any{"who", who, "amount", m, "why", why}
	act := c.deed(actGrant, args...)
	if ok, err := c.second("grant "+personMark(who.ID)+" "+m.String()+" "+why, act, who.Account); err != nil || !ok {
		return err
	}
	text, err := c.tx.Write(why)
	if err != nil {
		return err
	}
	t := ledger.Transfer{From: ledger.Commons, To: who.Account, Minutes: m, Kind: ledger.OfGrant, At: c.now, What: text}
	if _, err := ledger.Move(c.book, t); err != nil {
		return withoutFigures(err)
	}
	if err := c.tellReceived(who, grantGot, args...); err != nil {
		return err
	}
	return c.log(act.words)
}

// settleAccount has the commons take over what somebody leaves behind, or get it: of whoever is
// leaving, has left, is suspended or has not been heard of.
func settleAccount(c *Call) error {
	who, err := c.memberOrFormer()
	if err != nil {
		return err
	}
	if err := c.maySettle(who); err != nil {
		return err
	}
	a, err := c.tx.Account(who.Account)
	if err != nil {
		return err
	}
	why := c.plainWords(c.words)
	if why == "" {
		why = "settled by the council"
	}
	args := []any{"who", who, "amount", max(a.Balance, -a.Balance), "why", why}
	phrase := actSettleOwes
	switch {
	case a.Balance == 0:
		return refuse(settledAlready, "who", who)
	case a.Balance > 0:
		phrase = actSettleHas
	}
	act := c.deed(phrase, args...)
	if ok, err := c.second("settle "+personMark(who.ID)+" "+why, act, who.Account); err != nil || !ok {
		return err
	}
	text, err := c.tx.Write(why)
	if err != nil {
		return err
	}
	if _, err := ledger.Settle(c.book, who.Account, text, c.now); err != nil {
		return err
	}
	if err := c.tellReceived(who, settledYou, args...); err != nil {
		return err
	}
	if err := c.log(act.words); err != nil {
		return err
	}
	return c.leavers()
}

// memberOrFormer takes a person off the front of the words, who may have left.
func (c *Call) memberOrFormer() (community.Member, error) {
	if id, rest, ok := markedPerson(c.words); ok {
		if m, known := c.people.byID[id]; known {
			c.takePerson(m, strings.TrimSpace(rest))
			return m, nil
		}
	}
	who, err := c.person()
	if codeOf(err) != personUnknown {
		return who, err
	}
	parts := strings.Fields(c.words)
	for n := min(maxNameWords, len(parts)); n > 0; n-- {
		name := community.Fold(strings.TrimLeft(strings.Join(parts[:n], " "), "@"))
		for _, m := range c.people.all {
			if m.Status == community.Former && community.Fold(m.Name) == name {
				c.takePerson(m, strings.Join(parts[n:], " "))
				return m, nil
			}
		}
	}
	return who, err
}

// maySettle refuses to settle the account of somebody who is in the middle of things.
func (c *Call) maySettle(who community.Member) error {
	_, leaving := c.people.leaving[who.ID]
	a, away := c.people.away[who.ID]
	if who.Active() && !leaving && (!away || a.Why == community.SaidAway) {
		return refuse(notLeaving, "who", who)
	}
	if c.householdGoesOn(who) {
		return refuse(notLeaving, "who", who)
	}
	if open, err := c.openOf(who); err != nil || open != "" {
		if err == nil {
			err = refuse(settleOpen, "who", who)
		}
		return err
	}
	return nil
}
