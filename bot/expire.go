package bot

import (
	"communityconnect/ledger"
)

// expire ends what nobody answered in time: trades, questions, posts. Silence never
// posts a trade.
func (c *Call) expire() error {
	trades, err := ledger.Expire(c.book, c.now)
	if err != nil {
		return err
	}
	for _, t := range trades {
		if err := c.expireTrade(t); err != nil {
			return err
		}
	}
	if _, err := c.tx.ExpireQuestions(c.now); err != nil {
		return err
	}
	return c.tx.ExpirePosts(c.now)
}

func (c *Call) expireTrade(t ledger.Trade) error {
	args := c.tradeArgs(t)
	if err := c.endPrompt(t, c.text(tradeExpired, args...), "⌛"); err != nil {
		return err
	}
	c.tellInPrivate(t.LoggedBy, c.whereAsked(t), tradeExpiredTell, args...)
	return nil
}
