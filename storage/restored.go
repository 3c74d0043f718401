package storage

import "time"

// PutAside are the things that a restored file no longer waits for, since the people
// have gone on without it.
type PutAside struct {
	Messages  int // that had not gone out for certain
	Questions int // that nobody had answered
}

// putAside makes sure that a file that knows the world up to asOf brings up nothing old
// when it is used again at now: no waiting message goes out, no open question takes an
// answer, nothing unasked is said, and the clocks of open trades go on from where they stood. It notes that the
// people have yet to hear of it.
func (tx *Tx) putAside(asOf, now time.Time) (p PutAside, err error) {
	if p.Messages, err = tx.change("UPDATE outbox SET state = 'failed', message = NULL WHERE state <> 'sent' AND state <> 'failed'"); err != nil {
		return p, err
	}
	if p.Questions, err = tx.change("UPDATE question SET state = 'withdrawn' WHERE state = 'open'"); err != nil {
		return p, err
	}
	if err := tx.exec("UPDATE nudge SET state = 'dropped', text = '', question = '', ended_at = ? WHERE state = 'waiting'", seconds(now)); err != nil {
		return p, err
	}
	if gone := now.Sub(asOf); gone > 0 {
		if err := tx.tradesStoodStill(gone); err != nil {
			return p, err
		}
	}
	if err := tx.emptyPortal(); err != nil {
		return p, err
	}
	return p, tx.exec("INSERT INTO restored (id, as_of) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of", seconds(asOf))
}

// StoodStill gives open trades, questions, posts, votes and cases, and who waits to come in,
// back the time in which nobody could answer.
func (tx *Tx) StoodStill(gone time.Duration) error {
	if err := tx.tradesStoodStill(gone); err != nil {
		return err
	}
	if err := tx.exec("UPDATE question SET expires_at = expires_at + ? WHERE state = 'open'", gone.Milliseconds()); err != nil {
		return err
	}
	for _, s := range []string{
		"UPDATE post SET expires_at = expires_at + ?1 WHERE state = 'open'",
		"UPDATE proposal SET closes_at = closes_at + ?1, effect_at = effect_at + ?1 WHERE state = 'open'",
		"UPDATE dispute SET due_at = due_at + ?1 WHERE stage <> 'closed'",
		"UPDATE applicant SET expires_at = expires_at + ?1",
	} {
		if err := tx.exec(s, int64(gone/time.Second)); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) tradesStoodStill(gone time.Duration) error {
	return tx.exec("UPDATE trade SET expires_at = expires_at + ? WHERE state = 'proposed'", int64(gone/time.Second))
}

// Restored returns up to when the file knows what happened, if it was restored from a
// backup and the people have not been told yet.
func (tx *Tx) Restored() (asOf time.Time, found bool, err error) {
	var at int64
	found, err = tx.row("SELECT as_of FROM restored", nil, &at)
	return fromSeconds(at), found, err
}

// ToldRestored notes that the people hear of it.
func (tx *Tx) ToldRestored() error { return tx.exec("DELETE FROM restored") }

// LastTrace returns the newest moment at which the file noted anything; the zero time in
// one that never did.
func (tx *Tx) LastTrace() (time.Time, error) {
	var ms int64
	_, err := tx.row(`SELECT max(
		coalesce((SELECT max(arrived) FROM inbox), 0), coalesce((SELECT max(created_at) FROM outbox), 0),
		1000 * coalesce((SELECT max(at) FROM transfer), 0), 1000 * coalesce((SELECT max(created_at) FROM community), 0))`, nil, &ms)
	return fromMillis(ms), err
}
