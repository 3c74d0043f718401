package bot

import (
	"communityconnect/board"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// undo asks the other side of a finished trade whether it may be taken back. A trade
// that is not finished yet is just cancelled.
func undo(c *Call) error {
	t, err := c.finishedTrade()
	if err != nil {
		return err
	}
	if !t.Party(c.from.Account) {
		return &ledger.Error{Code: ledger.NotAParty}
	}
	switch t.State {
	case ledger.Proposed:
		t, err = ledger.Cancel(c.book, t.ID, c.from.Account, c.now)
		if err != nil {
			return err
		}
		return c.endPrompt(t, c.text(tradeCancelled, append(c.tradeArgs(t), "by", c.from)...), "🚫")
	case ledger.Reversed:
		return &ledger.Error{Code: ledger.AlreadyReversed}
	case ledger.Disputed:
		return refuse(disputedNow)
	case ledger.Posted:
	default:
		return &ledger.Error{Code: ledger.NotPosted}
	}
	if asked, err := c.undoAsked(t.ID); err != nil || asked {
		if asked {
			err = refuse(undoAsked)
		}
		return err
	}
	return c.askUndo(t, c.plainWords(c.words))
}

// finishedTrade finds the trade to undo: the one replied to, the one numbered, or the
// member's latest.
func (c *Call) finishedTrade() (ledger.Trade, error) {
	if c.about != nil && c.about.Kind == topicTrade {
		return c.tx.Trade(ledger.TradeID(c.about.ID))
	}
	if n, ok := c.number(); ok {
		return c.tx.Trade(ledger.TradeID(n))
	}
	t, found, err := c.tx.LatestTrade(c.from.Account)
	if err != nil || found {
		return t, err
	}
	transfers, err := c.tx.History(c.from.Account, 1)
	if err != nil {
		return t, err
	}
	if len(transfers) == 0 || transfers[0].Kind == ledger.OfReversal || transfers[0].Trade == 0 {
		return t, refuse(nothingToUndo, "command", "/"+c.command.Name)
	}
	return c.tx.Trade(transfers[0].Trade)
}

func (c *Call) undoAsked(id ledger.TradeID) (bool, error) {
	open, err := c.tx.OpenQuestionsAbout(askUndo, int64(id))
	return len(open) > 0, err
}

func (c *Call) askUndo(t ledger.Trade, why string) error {
	other := c.people.holder(t.Other(c.from.Account))
	if err := c.canBeAsked(other); err != nil {
		return err
	}
	if other.Status == community.Former {
		return refuse(hasLeft, "who", other, "id", int64(t.ID))
	}
	in := c.in
	if c.place == InDM {
		in = direct(other)
	}
	id, err := c.tx.Ask(storage.Question{
		Kind: askUndo, Asked: other.ID, Asker: c.from.ID, TopicID: int64(t.ID), Line: why, In: in,
		At: c.now, Expires: c.people.policy.PromptExpiry(c.now),
	})
	if err != nil {
		return err
	}
	if in.Direct() && !other.Met {
		c.answer(askThemToSayHello, "who", other)
		return nil
	}
	c.send(in, storage.Topic{Kind: topicQuestion, ID: int64(id)}, c.undoPrompt(t, why, in))
	if in.Direct() {
		c.answer(undoIsAsked, append(c.tradeArgs(t), "other", other)...)
	}
	return nil
}

// undoPrompt is written for the person asked.
func (c *Call) undoPrompt(t ledger.Trade, why string, in chat.Conversation) string {
	other := c.people.holder(t.Other(c.from.Account))
	if why != "" {
		why = " (“" + why + "”)"
	}
	phrase := promptUndo
	if in.Direct() {
		phrase = promptUndoDM
	}
	return c.text(phrase, append(c.tradeArgs(t), "by", c.from, "asked", other, "why", why)...)
}

// answerUndo is the other side's answer. A yes is the second half of their consent: an
// opposite entry is made, and the first one stays.
func (c *Call) answerUndo(q storage.Question, a answer) error {
	t, err := c.tx.Trade(ledger.TradeID(q.TopicID))
	if err != nil {
		return err
	}
	asker := c.people.byID[q.Asker]
	args := append(c.tradeArgs(t), "by", c.from, "asker", asker)
	topic := storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}
	switch a.kind {
	case yes:
		reason := q.Line
		if reason == "" {
			reason = "undone by both"
		}
		text, err := c.tx.Write(reason)
		if err != nil {
			return err
		}
		if _, err := ledger.Reverse(c.book, t.ID, text, c.now); err != nil {
			return err
		}
		if err := c.closeCaseOf(t, text); err != nil { // they may have asked the bot to undo it first, and then opened one
			return err
		}
		c.index(func(x *board.Index) { x.RemoveTrade(int64(t.ID)) })
		c.edit(q.In, topic, c.text(tradeUndone, args...), "✅")
		c.tellInPrivate(asker.Account, q.In, tradeUndone, args...)
	case no:
		c.edit(q.In, topic, c.text(undoRefused, args...), "❌")
		c.tellInPrivate(asker.Account, q.In, undoRefused, args...)
	default:
		return c.unclearAnswer(a)
	}
	return c.tx.CloseQuestion(q.ID, "answered")
}

// tellInPrivate tells the holder of an account what the edit of a card in a direct
// conversation can't show them.
func (c *Call) tellInPrivate(a ledger.AccountID, where chat.Conversation, phrase string, args ...any) {
	if where.Direct() {
		c.tell(c.people.holder(a), where, phrase, args...)
	}
}
