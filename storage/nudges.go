package storage

import (
	"encoding/json"
	"time"

	"communityconnect/community"
)

// NudgeRow is something to be said to a member without having been asked.
type NudgeRow struct {
	community.Nudge
	Member   community.MemberID
	Key      string // what it is about
	Text     string // persons marked; "" once it is over
	How      string // how to answer it
	Topic    Topic  // what an answer is about
	Question *Question
	Place    int // its number in the message in which it was sent, where several can be answered
}

const nudgeColumns = "id, kind, made_at, best_before, member, key, text, how, topic, topic_id, version, question, place"

func readNudge(s scanner) (n NudgeRow, err error) {
	var made, before int64
	var question string
	if err = s.Scan(&n.ID, &n.Kind, &made, &before, &n.Member, &n.Key, &n.Text, &n.How, &n.Topic.Kind, &n.Topic.ID, &n.Topic.Version, &question, &n.Place); err != nil {
		return n, err
	}
	n.Made, n.BestBefore, n.Letters = fromSeconds(made), fromSeconds(before), len([]rune(n.Text))+2
	if question != "" {
		n.Question = &Question{}
		err = json.Unmarshal([]byte(question), n.Question)
	}
	return n, err
}

// Nudge keeps something to be said to a member, unless the same was to be said to them
// between the given times. Fresh is false then.
func (tx *Tx) Nudge(n NudgeRow, from, until time.Time) (fresh bool, err error) {
	said, err := tx.row("SELECT 1 FROM nudge WHERE member = +? AND kind = +? AND key = +? AND made_at > +? AND made_at <= +?",
		[]any{int64(n.Member), string(n.Kind), n.Key, seconds(from), seconds(until)}, new(int))
	if err != nil || said {
		return false, err
	}
	question := ""
	if n.Question != nil {
		question = asJSON(n.Question)
	}
	return true, tx.exec(`INSERT INTO nudge (member, kind, key, text, how, topic, topic_id, version, question, state, made_at, best_before)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`, int64(n.Member), string(n.Kind), n.Key, n.Text, n.How,
		n.Topic.Kind, n.Topic.ID, n.Topic.Version, question, seconds(n.Made), seconds(n.BestBefore))
}

// WaitingNudges returns all that waits to be said, by member and in the order in which
// it came up.
func (tx *Tx) WaitingNudges() ([]NudgeRow, error) {
	return list(tx, readNudge, "SELECT "+nudgeColumns+" FROM nudge WHERE state = 'waiting' ORDER BY member, id")
}

// NudgedSince returns when a member has had unasked messages after a time. Several nudges
// in one message count once.
func (tx *Tx) NudgedSince(id community.MemberID, since time.Time) ([]time.Time, error) {
	return list(tx, readSeconds, `SELECT DISTINCT ended_at FROM nudge INDEXED BY nudge_sent
		WHERE state = 'sent' AND member = +? AND ended_at > +?`, int64(id), seconds(since))
}

// NudgesOfKind returns how many nudges of a kind a member was to have between two times.
func (tx *Tx) NudgesOfKind(id community.MemberID, kind community.NudgeKind, from, until time.Time) (n int, err error) {
	_, err = tx.row("SELECT count(*) FROM nudge WHERE member = +? AND kind = +? AND made_at > +? AND made_at <= +?",
		[]any{int64(id), string(kind), seconds(from), seconds(until)}, &n)
	return n, err
}

// NudgesAbout returns whom something of a kind was to be said to about the same thing.
func (tx *Tx) NudgesAbout(kind community.NudgeKind, key string) ([]NudgeRow, error) {
	return list(tx, readNudge, "SELECT "+nudgeColumns+" FROM nudge WHERE kind = +? AND key = +? ORDER BY id", string(kind), key)
}

func readSeconds(s scanner) (t time.Time, err error) {
	var at int64
	err = s.Scan(&at)
	return fromSeconds(at), err
}

// SentNudge notes that a nudge has gone into a message, the one of its first nudge. What
// it said is no longer needed and goes.
func (tx *Tx) SentNudge(n NudgeRow, bundle int64, now time.Time) error {
	return tx.exec("UPDATE nudge SET state = 'sent', text = '', question = '', topic = ?, topic_id = ?, version = ?, bundle = ?, place = ?, ended_at = ? WHERE id = ?",
		n.Topic.Kind, n.Topic.ID, n.Topic.Version, bundle, n.Place, seconds(now), n.ID)
}

// DropNudge notes that a nudge is of no use any more.
func (tx *Tx) DropNudge(id int64, now time.Time) error {
	return tx.exec("UPDATE nudge SET state = 'dropped', text = '', question = '', ended_at = ? WHERE id = ?", seconds(now), id)
}

// Bundled returns the nudges that went in one message.
func (tx *Tx) Bundled(bundle int64) ([]NudgeRow, error) {
	return list(tx, readNudge, "SELECT "+nudgeColumns+" FROM nudge WHERE bundle = +? AND bundle > 0 ORDER BY place, id", bundle)
}

// LastBundle returns the message of a member's that holds several nudges to be answered
// and went out last after a time; 0 if there is none.
func (tx *Tx) LastBundle(id community.MemberID, since time.Time) (bundle int64, err error) {
	_, err = tx.row("SELECT bundle FROM nudge WHERE state = 'sent' AND member = +? AND ended_at > +? AND place > 0 ORDER BY ended_at DESC, bundle DESC LIMIT 1",
		[]any{int64(id), seconds(since)}, &bundle)
	return bundle, err
}

// ChooseNudge keeps whether a member wants a kind of nudges.
func (tx *Tx) ChooseNudge(id community.MemberID, kind community.NudgeKind, wanted bool) error {
	return tx.exec(`INSERT INTO nudge_choice (member, kind, wanted) VALUES (?, ?, ?)
		ON CONFLICT (member, kind) DO UPDATE SET wanted = excluded.wanted`, int64(id), string(kind), wanted)
}

// NudgeChoices returns the kinds about which a member has said whether they want them.
func (tx *Tx) NudgeChoices(id community.MemberID) (map[community.NudgeKind]bool, error) {
	type choice struct {
		kind   community.NudgeKind
		wanted bool
	}
	all, err := list(tx, func(s scanner) (c choice, err error) { err = s.Scan(&c.kind, &c.wanted); return c, err },
		"SELECT kind, wanted FROM nudge_choice WHERE member = ?", int64(id))
	choices := map[community.NudgeKind]bool{}
	for _, c := range all {
		choices[c.kind] = c.wanted
	}
	return choices, err
}
