package storage

import "time"

// How long is kept what nobody reads any more, where the policy does not say.
const (
	keysFor     = 30 * 24 * time.Hour  // a message's identity: the line may hand it over again
	answersFor  = 400 * 24 * time.Hour // by what a card is answered: a post stands a year at most
	strangerFor = 2 * 24 * time.Hour   // one answer a day
	missedFor   = 90 * 24 * time.Hour
	nudgesFor   = 60 * 24 * time.Hour // twice as long as the same is not said again
)

// retireAtMost is how many messages of each direction one call of Retire lets go, so that
// nobody waits long for the transaction it is in.
const retireAtMost = 20000

// Retire lets go what has been kept long enough: what people wrote to the bot and what it
// asked them, for as long as the policy says; and the traces of messages.
func (tx *Tx) Retire(now time.Time, words time.Duration) error {
	before := func(d time.Duration) int64 { return now.Add(-d).UnixMilli() }
	for _, s := range []struct {
		query string
		args  []any
	}{
		{"UPDATE inbox SET message = NULL WHERE id IN (SELECT id FROM inbox ORDER BY id LIMIT ?2) AND arrived < ?1 AND message IS NOT NULL", []any{before(words), retireAtMost}},
		{"DELETE FROM inbox WHERE id IN (SELECT id FROM inbox ORDER BY id LIMIT ?2) AND arrived < ?1", []any{before(max(words, keysFor)), retireAtMost}},
		{`DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT ?2) AND created_at < ?1
			AND (state = 'sent' OR state = 'failed')`, []any{before(words), retireAtMost}},
		{"UPDATE question SET line = '', options = '' WHERE state <> 'open' AND (line <> '' OR options <> '') AND asked_at < ?", []any{before(words)}},
		{"DELETE FROM undecoded WHERE arrived < ?", []any{before(words)}},
		{"DELETE FROM said WHERE sent < ?", []any{before(answersFor)}},
		{"DELETE FROM stranger WHERE answered < ?", []any{before(strangerFor) / 1000}},
		{"DELETE FROM nudge WHERE state <> 'waiting' AND ended_at < ?", []any{before(nudgesFor) / 1000}},
		{"DELETE FROM missed WHERE last < ?", []any{before(missedFor) / 1000}},
	} {
		if err := tx.exec(s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}
