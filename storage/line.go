package storage

import (
	"time"

	"communityconnect/chat"
)

// Self returns who the bot was on the line when it last looked; "" if it never has.
func (tx *Tx) Self() (p chat.PersonID, err error) {
	_, err = tx.row("SELECT person FROM self", nil, &p)
	return p, err
}

// SetSelf remembers who the bot is on the line.
func (tx *Tx) SetSelf(p chat.PersonID) error {
	return tx.exec("INSERT INTO self (id, person) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET person = excluded.person", string(p))
}

// Roster returns who was in a group when its changes were last handled, in a fixed order.
func (tx *Tx) Roster(g chat.GroupID) ([]chat.PersonID, error) {
	return list(tx, func(s scanner) (p chat.PersonID, err error) { err = s.Scan(&p); return p, err },
		"SELECT person FROM roster WHERE to_group = ? ORDER BY person", string(g))
}

// NoteRoster remembers that people have joined a group and others have left it.
func (tx *Tx) NoteRoster(g chat.GroupID, joined, left []chat.PersonID) error {
	for _, p := range joined {
		if err := tx.exec("INSERT INTO roster (to_group, person) VALUES (?, ?) ON CONFLICT DO NOTHING", string(g), string(p)); err != nil {
			return err
		}
	}
	for _, p := range left {
		if err := tx.exec("DELETE FROM roster WHERE to_group = ? AND person = ?", string(g), string(p)); err != nil {
			return err
		}
	}
	return nil
}

// How much is kept of what could not be understood: enough to find a mistake by, and no
// longer than other messages.
const (
	undecodedBytes = 64 << 10
	undecodedLines = 1000
	undecodedDays  = 30
)

// KeepUndecoded keeps a line that could not be understood, cut to a sensible length, and
// drops what has been kept long enough.
func (tx *Tx) KeepUndecoded(line []byte, now time.Time) error {
	if len(line) > undecodedBytes {
		line = line[:undecodedBytes]
	}
	if err := tx.exec("INSERT INTO undecoded (arrived, line) VALUES (?, ?)", now.UnixMilli(), append([]byte{}, line...)); err != nil {
		return err
	}
	return tx.exec("DELETE FROM undecoded WHERE arrived < ? OR id <= (SELECT max(id) FROM undecoded) - ?",
		now.AddDate(0, 0, -undecodedDays).UnixMilli(), undecodedLines)
}

// Undecoded returns how many lines are kept that could not be understood.
func (tx *Tx) Undecoded() (n int, err error) {
	_, err = tx.row("SELECT count(*) FROM undecoded", nil, &n)
	return n, err
}

// KnownSent reports whether a message of the bot is known to have this identity.
func (tx *Tx) KnownSent(sent chat.Timestamp) (bool, error) {
	return tx.row("SELECT 1 FROM outbox WHERE sent = ? AND sent > 0", []any{int64(sent)}, new(int))
}

// SentTo reports whether a message of the bot in that conversation has this identity.
func (tx *Tx) SentTo(in chat.Conversation, sent chat.Timestamp) (bool, error) {
	return tx.row("SELECT 1 FROM said WHERE sent = ?1 AND to_group = ?2 AND to_person = ?3", []any{int64(sent), string(in.Group), string(in.Person)}, new(int))
}

// Acquainted reports whether somebody is, or wants to be, a member, or is in one of the
// community's groups.
func (tx *Tx) Acquainted(p chat.PersonID) (bool, error) {
	known, err := tx.row("SELECT 1 FROM member WHERE person = ? AND status <> 'former'", []any{string(p)}, new(int))
	if err != nil || known {
		return known, err
	}
	return tx.row("SELECT 1 FROM roster WHERE person = +?", []any{string(p)}, new(int))
}

// Backlog counts what has not gone out for certain, and what was given up.
func (tx *Tx) Backlog() (waiting, failed int, err error) {
	if _, err = tx.row("SELECT count(*) FROM outbox WHERE state <> 'sent' AND state <> 'failed'", nil, &waiting); err != nil {
		return 0, 0, err
	}
	_, err = tx.row("SELECT count(*) FROM outbox WHERE state = 'failed'", nil, &failed)
	return waiting, failed, err
}
