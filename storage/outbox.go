package storage

import (
	"encoding/json"
	"time"

	"communityconnect/chat"
)

// OutboxID is the number of a row of the outbox.
type OutboxID int64

// Topic is what a message of the bot is about, so that an answer to it finds its way.
type Topic struct {
	Kind    string // "trade", "post", "question"; "" for nothing that can be answered
	ID      int64
	Version int // which amount of a trade it shows
}

// OutboxState is where an outgoing message stands.
type OutboxState string

// The states of an outgoing message.
const (
	Queued  OutboxState = "queued"
	Sending OutboxState = "sending" // handed to the line, or about to be
	Sent    OutboxState = "sent"
	Unknown OutboxState = "unknown" // handed over, and nobody knows what became of it
	Failed  OutboxState = "failed"  // can't be delivered
)

// OutboxRow is one message on its way out.
type OutboxRow struct {
	ID       OutboxID
	Out      chat.Outgoing
	Topic    Topic
	State    OutboxState
	Attempts int
	Created  time.Time
	Unasked  bool        // it keeps the quiet hours
	With     []OutboxRow // further messages that travel in this one
}

// Queue adds a message to what goes out.
func (tx *Tx) Queue(out chat.Outgoing, topic Topic, now time.Time) (OutboxRow, error) {
	return tx.queue(OutboxRow{Out: out, Topic: topic, State: Queued, Created: now})
}

// QueueUnasked adds a message that nobody has asked for.
func (tx *Tx) QueueUnasked(out chat.Outgoing, topic Topic, now time.Time) (OutboxRow, error) {
	return tx.queue(OutboxRow{Out: out, Topic: topic, State: Queued, Created: now, Unasked: true})
}

func (tx *Tx) queue(row OutboxRow) (OutboxRow, error) {
	to := row.Out.To
	id, err := tx.insert(`INSERT INTO outbox (to_group, to_person, act, message, topic, topic_id, version, state, created_at, unasked)
		VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?)`, string(to.Group), string(to.Person), string(row.Out.Act), asJSON(row.Out),
		row.Topic.Kind, row.Topic.ID, row.Topic.Version, row.Created.UnixMilli(), row.Unasked)
	row.ID = OutboxID(id)
	return row, err
}

// UnaskedWaits reports whether something that nobody has asked for has waited since before a
// time to go out to a conversation.
func (tx *Tx) UnaskedWaits(to chat.Conversation, before time.Time) (bool, error) {
	return tx.row("SELECT 1 FROM outbox WHERE state <> 'sent' AND state <> 'failed' AND unasked = 1 AND created_at < +? AND to_group = +? AND to_person = +?",
		[]any{before.UnixMilli(), string(to.Group), string(to.Person)}, new(int))
}

// Waiting returns what has not gone out for certain, in order.
func (tx *Tx) Waiting() ([]OutboxRow, error) {
	return list(tx, func(s scanner) (r OutboxRow, err error) {
		var body string
		var created int64
		if err = s.Scan(&r.ID, &body, &r.Topic.Kind, &r.Topic.ID, &r.Topic.Version, &r.State, &r.Attempts, &created, &r.Unasked); err != nil {
			return r, err
		}
		r.Created = fromMillis(created)
		return r, json.Unmarshal([]byte(body), &r.Out)
	}, `SELECT id, message, topic, topic_id, version, state, attempts, created_at, unasked FROM outbox
		WHERE state <> 'sent' AND state <> 'failed' ORDER BY id`)
}

// Claim notes, before a message is handed to the line, that from now on nobody can
// know whether it went out, until MarkSent or Release.
func (tx *Tx) Claim(id OutboxID) error {
	return tx.exec("UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ?", int64(id))
}

// Release puts a message back: it did not go out.
func (tx *Tx) Release(id OutboxID) error {
	return tx.exec("UPDATE outbox SET state = 'queued' WHERE id = ?", int64(id))
}

// Doubt notes that nobody knows whether a message went out.
func (tx *Tx) Doubt(id OutboxID) error {
	return tx.exec("UPDATE outbox SET state = 'unknown' WHERE id = ?", int64(id))
}

// GiveUp notes that a message can't be delivered. What it said goes, too.
func (tx *Tx) GiveUp(id OutboxID) error {
	return tx.exec("UPDATE outbox SET state = 'failed', message = NULL WHERE id = ?", int64(id))
}

// MarkSent notes that a message went out and by which identity people answer it. What
// it said is no longer needed and goes.
func (tx *Tx) MarkSent(row OutboxRow, sent chat.Timestamp) error {
	if err := tx.exec("UPDATE outbox SET state = 'sent', sent = ?, message = NULL WHERE id = ?", int64(sent), int64(row.ID)); err != nil {
		return err
	}
	return tx.Remember(row, sent)
}

// Remember notes one more identity of a message of the bot, so that an answer to it is
// understood also where nobody knows for certain that it went out. Of one that was on its
// way to somebody who has been forgotten meanwhile nothing is noted.
func (tx *Tx) Remember(row OutboxRow, sent chat.Timestamp) error {
	if row.Topic.Kind == "" || sent == 0 || row.Out.Act == chat.React {
		return nil
	}
	original := sent
	if row.Out.Act == chat.Edit {
		original = row.Out.Target.Sent
	}
	return tx.exec(`INSERT INTO said (sent, to_group, to_person, topic, topic_id, version, original)
		SELECT ?2, to_group, to_person, ?5, ?6, ?7, ?8 FROM outbox WHERE id = +?1 AND to_group = +?3 AND to_person = +?4
		ON CONFLICT DO UPDATE SET topic = excluded.topic, topic_id = excluded.topic_id, version = excluded.version`,
		int64(row.ID), int64(sent), string(row.Out.To.Group), string(row.Out.To.Person), row.Topic.Kind, row.Topic.ID, row.Topic.Version, int64(original))
}

// About returns what a message of the bot in that conversation is about.
func (tx *Tx) About(in chat.Conversation, sent chat.Timestamp) (t Topic, found bool, err error) {
	found, err = tx.row("SELECT topic, topic_id, version FROM said WHERE sent = ? AND to_group = ? AND to_person = ?",
		[]any{int64(sent), string(in.Group), string(in.Person)}, &t.Kind, &t.ID, &t.Version)
	return t, found, err
}

// Card is a message of the bot that shows a topic.
type Card struct {
	Original chat.Timestamp // its identity, which an edit names
	Edits    int            // how often it has been edited
}

// LastCard returns the newest message about a topic in a conversation, for editing.
func (tx *Tx) LastCard(t Topic, in chat.Conversation) (c Card, found bool, err error) {
	found, err = tx.row(`SELECT original, (SELECT count(*) - 1 FROM said e WHERE e.original = s.original
			AND e.topic = +?1 AND e.topic_id = +?2 AND e.to_group = +?3 AND e.to_person = +?4)
		FROM said s WHERE topic = +?1 AND topic_id = +?2 AND to_group = +?3 AND to_person = +?4
		ORDER BY sent DESC LIMIT 1`, []any{t.Kind, t.ID, string(in.Group), string(in.Person)}, &c.Original, &c.Edits)
	return c, found, err
}

// NoteMissed remembers whom a message to a group did not reach, though it reached others.
func (tx *Tx) NoteMissed(all []chat.Missed, now time.Time) error {
	for _, m := range all {
		if err := tx.exec(`INSERT INTO missed (person, why, times, last) VALUES (?1, ?2, 1, ?3)
			ON CONFLICT (person) DO UPDATE SET why = excluded.why, times = times + 1, last = excluded.last`,
			string(m.Person), m.Why, seconds(now)); err != nil {
			return err
		}
	}
	return nil
}

// Missed is somebody whom messages to a group have not reached.
type Missed struct {
	Person chat.PersonID
	Why    string
	Times  int
	Last   time.Time
}

// MissedSince returns who has missed messages since a time, most recent first.
func (tx *Tx) MissedSince(since time.Time) ([]Missed, error) {
	return list(tx, func(s scanner) (m Missed, err error) {
		var last int64
		err = s.Scan(&m.Person, &m.Why, &m.Times, &last)
		m.Last = fromSeconds(last)
		return m, err
	}, "SELECT person, why, times, last FROM missed WHERE last >= ? ORDER BY last DESC, person", seconds(since))
}
