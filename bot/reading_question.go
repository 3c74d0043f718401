package bot

import (
	"strings"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// questionText is what a question asks, as its message in the chat had it, or near enough:
// whoever answers it on a page has to know what a yes does.
func (c *Call) questionText(q storage.Question) (string, error) {
	if q.Kind == askHappened { // a yes names an amount
		p, _, err := c.tx.Post(board.PostID(q.TopicID))
		return c.happenedQuestion(p, c.people.byID[q.Asker]), err
	}
	if line, ok := c.postQuestion(q); ok {
		return line, nil
	}
	switch q.Kind {
	case askUndo:
		t, err := c.tx.Trade(ledger.TradeID(q.TopicID))
		asker := *c
		asker.from = c.people.byID[q.Asker]
		return asker.undoPrompt(t, q.Line, direct(c.from)), err
	case askSame:
		t, err := c.tx.Trade(ledger.TradeID(q.TopicID))
		return c.text(loggedBefore, c.tradeArgs(t)...), err
	case askMediate, askOutcome:
		cs, t, err := c.caseOf(community.CaseID(q.TopicID))
		if q.Kind == askMediate {
			return c.text(mediatePrompt, c.caseArgs(cs, t)...), err
		}
		return c.text(outcomePrompt, c.outcomeArgs(cs, t, false)...), err
	case askForget:
		if q.Line == wholeLine {
			return forgetAsksAll, nil
		}
		return forgetAsksOld, nil
	case askFeedback:
		return "“" + q.Line + "”\n" + c.text(feedbackAsks), nil
	case askLeave:
		return c.leaveText()
	case askGift:
		return c.giftQuestion(q)
	case askSpill:
		return c.spillQuestion(q)
	}
	if _, ok := aboutPeople[q.Kind]; ok {
		return c.peopleQuestion(q)
	}
	if q.Line == "" {
		return "", nil // of a kind that only the chat has the words of
	}
	return c.text(didYouMean, "line", "/"+c.plainWords(strings.ReplaceAll(q.Line, whoSlot, "?"))), nil
}

// happenedQuestion asks whether help was given, and how long it took.
func (c *Call) happenedQuestion(p board.Post, other community.Member) string {
	text, how := c.happenedWords(p, other)
	return text + "\n" + how
}

// peopleQuestion asks what is about people and no trade.
func (c *Call) peopleQuestion(q storage.Question) (string, error) {
	switch q.Kind {
	case askEarly:
		return c.earlyText(q)
	case askHousehold:
		return c.householdText(q), nil
	case askOld:
		return c.text(claimOld, "by", c.people.byID[q.Asker]), nil
	}
	a, _, err := c.tx.Applicant(storage.ApplicantID(q.TopicID))
	return c.text(claimAsk, "who", c.people.byID[a.Member]), err
}

// giftQuestion asks whether a gift is meant.
func (c *Call) giftQuestion(q storage.Question) (string, error) {
	giver := *c
	giver.resume(q.Line)
	to, m, why, err := giver.readGift()
	if codeOf(err) != "" { // whoever was to get it is not here any more: a yes will say so
		return c.text(didYouMean, "line", "/"+c.plainWords(q.Line)), nil
	}
	return c.text(giftAsk, "to", to, "amount", m, "why", why), err
}

// spillQuestion asks whether the commons may get what is above the giver's ceiling.
func (c *Call) spillQuestion(q storage.Question) (string, error) {
	var m ledger.Minutes
	if q.TopicID != 0 {
		t, err := c.tx.Trade(ledger.TradeID(q.TopicID))
		if err != nil {
			return "", err
		}
		m = t.Minutes
	} else {
		giver := *c
		giver.resume(q.Line)
		if _, err := giver.person(); err != nil && codeOf(err) == "" {
			return "", err
		}
		m, _ = giver.amount() // it has been read before
	}
	a, err := c.tx.Account(c.from.Account)
	if err != nil {
		return "", err
	}
	r, err := c.tx.Reserved(a.ID, ledger.TradeID(q.TopicID))
	return c.text(mayGoToCommons, "amount", m, "limit", a.Ceiling.Signed(), "room", a.RoomUp(r)), err
}
