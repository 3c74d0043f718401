package bot

import (
	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// deadlines are looked at every minute, one after the other: what nobody answered in time
// ends, and what has waited for its hour is said. Silence never posts a trade.
func deadlines() []func(*Call) error {
	return []func(*Call) error{
		inTouchOnly((*Call).expireTrades), inTouchOnly((*Call).expireQuestions), inTouchOnly((*Call).expirePosts),
		(*Call).expirePortal, (*Call).erase,
		inTouchOnly((*Call).closeVotes), inTouchOnly((*Call).remindVotes), (*Call).takeEffect, inTouchOnly((*Call).caseDeadlines),
		(*Call).absences, (*Call).leavers,
		inTouchOnly((*Call).expireApplicants), (*Call).seatCandidates, (*Call).watchNewcomers, (*Call).openLimits,
		(*Call).remind, (*Call).deliverNudges,
	}
}

func (c *Call) expireTrades() error {
	trades, err := ledger.Expire(c.book, c.now)
	if err != nil {
		return err
	}
	for _, t := range trades {
		if err := c.expireTrade(t); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) expireQuestions() error {
	questions, err := c.tx.ExpireQuestions(c.now)
	if err != nil {
		return err
	}
	for _, q := range questions {
		if err := c.expireQuestion(q); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) expirePosts() error {
	posts, err := c.tx.ExpirePosts(c.now)
	for _, p := range posts {
		c.index(func(x *board.Index) { x.RemovePost(p.ID) })
	}
	return err
}

// expireQuestion lets whoever made the bot ask know that no answer came. A question
// to somebody about their own words just goes.
func (c *Call) expireQuestion(q storage.Question) error {
	asker := c.people.byID[q.Asker]
	topic := storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}
	switch q.Kind {
	case askMay:
		return c.tx.ChooseNudge(q.Asked, community.NudgeAsk, false) // it is asked once
	case askSecond:
		c.edit(q.In, topic, "", "⌛")
		return c.tellExpired(asker, q, c.text(actExpired, "act", secondAct(q)))
	case askFeedback:
		return c.keepFeedback(q, 0)
	case askMediate:
		return c.tryAnother(community.CaseID(q.TopicID))
	case askUndo:
		t, err := c.tx.Trade(ledger.TradeID(q.TopicID))
		if err != nil {
			return err
		}
		c.edit(q.In, topic, "", "⌛")
		return c.tellExpired(asker, q, c.text(undoExpired, append(c.tradeArgs(t), "asked", c.people.byID[q.Asked])...))
	}
	return nil
}

// tellExpired lets whoever made the bot ask know that no answer came: at a decent hour, or
// where they asked if they can't be written to.
func (c *Call) tellExpired(asker community.Member, q storage.Question, text string) error {
	if !asker.Met {
		c.tell(asker, q.In, "{text}", "text", text)
		return nil
	}
	return c.nudge(asker, nudge{kind: community.NudgeNews, key: "expired " + itoa(int64(q.ID)), text: text})
}

func (c *Call) expireTrade(t ledger.Trade) error {
	args := c.tradeArgs(t)
	if err := c.endPrompt(t, c.text(tradeExpired, args...), "⌛"); err != nil {
		return err
	}
	if !c.whereAsked(t).Direct() {
		return nil // its card says so
	}
	return c.nudge(c.people.holder(t.LoggedBy), nudge{
		kind: community.NudgeNews, key: "expired trade " + itoa(int64(t.ID)), text: c.text(tradeExpiredTell, args...),
	})
}
