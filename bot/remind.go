package bot

import (
	"fmt"
	"time"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// remindAfter is when somebody is reminded of what another's act has made the bot ask
// them: once each.
var remindAfter = [...]time.Duration{24 * time.Hour, 72 * time.Hour}

// remind reminds people of the questions that have waited for them.
func (c *Call) remind() error {
	for _, kind := range []string{askTrade, askUndo} {
		waiting, err := c.tx.OpenQuestionsBefore(kind, c.now.Add(-remindAfter[0]))
		if err != nil {
			return err
		}
		for _, q := range waiting {
			if err := c.remindOf(q); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Call) remindOf(q storage.Question) error {
	nth := 0
	for _, after := range remindAfter {
		if c.now.Sub(q.At) >= after {
			nth++
		}
	}
	t, err := c.tx.Trade(ledger.TradeID(q.TopicID))
	if err != nil {
		return err
	}
	who := c.people.byID[q.Asked]
	args := append(c.tradeArgs(t), "by", c.people.byID[q.Asker], "date", c.until(t.Created))
	n := nudge{
		kind: community.NudgeReminder, key: fmt.Sprintf("question %d, %d", q.ID, nth),
		how: c.text(howToAnswer), topic: tradeTopic(t), until: q.Expires,
	}
	if nth < len(remindAfter) {
		n.until = q.At.Add(remindAfter[nth]) // the next one comes then
	}
	switch {
	case q.Kind == askUndo:
		n.text, n.how = c.text(remindUndo, args...), c.text(howToUndo)
		n.topic = storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}
	case who.Account == t.Receiver:
		n.text = c.text(remindReceiver, args...)
	default:
		n.text = c.text(remindGiver, args...)
	}
	return c.nudge(who, n)
}
