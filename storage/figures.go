package storage

import (
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
)

// DeedsSince returns the help that was recorded from a time on and not taken back, in the
// order of recording. What went to the commons because of a ceiling was given all the same.
func (tx *Tx) DeedsSince(since time.Time) ([]community.Deed, error) {
	before, err := tx.TransfersBefore(since)
	if err != nil {
		return nil, err
	}
	return list(tx, func(s scanner) (d community.Deed, err error) {
		var at int64
		err = s.Scan(&d.Giver, &d.Receiver, &d.Minutes, &at)
		d.At = fromSeconds(at)
		return d, err
	}, `SELECT r.giver, r.receiver, r.minutes, t.at FROM transfer t JOIN trade r ON r.id = t.trade
		WHERE t.id > +? AND t.kind <> 'reversal' AND r.state <> 'reversed'
		AND NOT EXISTS (SELECT 1 FROM transfer e WHERE e.trade = t.trade AND e.id < t.id AND e.kind <> 'reversal') ORDER BY t.id`, before)
}

// PostsSince returns what was put on the board from a time on, oldest first.
func (tx *Tx) PostsSince(since time.Time) ([]board.Post, error) {
	return list(tx, readPost, "SELECT "+postColumns+" FROM post WHERE created_at >= ? ORDER BY +id", seconds(since))
}

// MetSince returns the posts that were met from a time on, oldest first.
func (tx *Tx) MetSince(since time.Time) ([]board.Post, error) {
	return list(tx, readPost, "SELECT "+postColumns+" FROM post INDEXED BY post_ended WHERE ended_at > 0 AND ended_at >= ? AND state = 'met' ORDER BY ended_at, id", seconds(since))
}

// FirstTaken returns when somebody came forward for a post first; the zero time if nobody
// has.
func (tx *Tx) FirstTaken(id board.PostID) (at time.Time, err error) {
	var first int64
	_, err = tx.row("SELECT coalesce(min(at), 0) FROM taker WHERE post = ?", []any{int64(id)}, &first)
	return fromSeconds(first), err
}

// ThanksSince counts who has been thanked from a time on.
func (tx *Tx) ThanksSince(since time.Time) (n int64, err error) {
	_, err = tx.row("SELECT count(*) FROM thanks WHERE at >= ?", []any{seconds(since)}, &n)
	return n, err
}

// LatestSign returns when an account last recorded a trade or put something on the board;
// the zero time if it never did.
func (tx *Tx) LatestSign(a ledger.AccountID) (time.Time, error) {
	var at int64
	_, err := tx.row(`SELECT max(
		coalesce((SELECT t.at FROM account a JOIN transfer t ON t.id = a.latest WHERE a.id = +?1), 0),
		coalesce((SELECT max((SELECT p.created_at FROM post p WHERE p.author = m.id ORDER BY p.id DESC LIMIT 1)) FROM member m WHERE m.account = +?1), 0))`,
		[]any{int64(a)}, &at)
	return fromSeconds(at), err
}
