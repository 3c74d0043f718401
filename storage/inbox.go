package storage

import (
	"encoding/json"

	"communityconnect/chat"
)

// InboxID is the number of a row of the inbox. Logs name messages by it.
type InboxID int64

// Receive notes that a message has come in, by its identity. Fresh is false for one
// that was delivered before: nothing must be done for it then. What is done for it
// belongs in the same transaction, so that its row is right as it is unless Done or Dead
// has something to add.
func (tx *Tx) Receive(m chat.Message, arrived chat.Timestamp) (id InboxID, fresh bool, err error) {
	res, err := tx.result("INSERT INTO inbox (sent, sender, kind, arrived, state) VALUES (?, ?, ?, ?, 'done') ON CONFLICT DO NOTHING",
		[]any{int64(m.Sent), string(m.From), string(m.Kind), int64(arrived)})
	if err != nil {
		return 0, false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return 0, false, err
	}
	row, err := res.LastInsertId()
	return InboxID(row), true, err
}

// Done ends a message. It is kept only where it was for us; what neighbours say to each
// other never reaches the disk.
func (tx *Tx) Done(id InboxID, m chat.Message, forUs bool) error {
	if !forUs {
		return nil
	}
	return tx.exec("UPDATE inbox SET message = ? WHERE id = ?", asJSON(m), int64(id))
}

// Dead ends a message that the program failed on, and keeps it to be looked at.
func (tx *Tx) Dead(id InboxID, m chat.Message) error {
	return tx.exec("UPDATE inbox SET state = 'dead', message = ? WHERE id = ?", asJSON(m), int64(id))
}

// ActedSince reports whether anything has come in from somebody after one of their
// messages; second readings don't count.
func (tx *Tx) ActedSince(id InboxID, from chat.PersonID) (bool, error) {
	return tx.row("SELECT 1 FROM inbox WHERE id > ? AND sender = +? AND kind <> 'guess' AND kind <> 'roster'", []any{int64(id), string(from)}, new(int))
}

// DeadMessages returns how many messages the program failed on.
func (tx *Tx) DeadMessages() (n int, err error) {
	_, err = tx.row("SELECT count(*) FROM inbox WHERE state <> 'done' AND state = 'dead'", nil, &n)
	return n, err
}

// Inbox returns the newest kept messages, newest first, for a person's own record.
func (tx *Tx) Inbox(from chat.PersonID, limit int) ([]chat.Message, error) {
	return list(tx, func(s scanner) (m chat.Message, err error) {
		var body string
		if err = s.Scan(&body); err == nil {
			err = json.Unmarshal([]byte(body), &m)
		}
		return m, err
	}, "SELECT message FROM inbox WHERE sender = +? AND message IS NOT NULL ORDER BY id DESC LIMIT +?", string(from), limit)
}
