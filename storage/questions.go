package storage

import (
	"encoding/json"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
)

// QuestionID is a question's number.
type QuestionID int64

// Question is something the bot has asked. Nobody but the person asked can answer it.
type Question struct {
	ID      QuestionID
	Kind    string
	Asked   community.MemberID // 0: any council member who may second
	Asker   community.MemberID // whose act made the bot ask
	TopicID int64              // the trade, where it is about one
	Version int                // which amount it asked about
	Line    string             // the command that a yes carries out
	Options []string           // what can be chosen from
	In      chat.Conversation
	At      time.Time
	Expires time.Time
}

const questionColumns = "id, kind, asked, asker, topic_id, version, line, options, to_group, to_person, asked_at, expires_at"

func readQuestion(s scanner) (q Question, err error) {
	var options string
	var at, expires int64
	if err = s.Scan(&q.ID, &q.Kind, &q.Asked, &q.Asker, &q.TopicID, &q.Version, &q.Line, &options, &q.In.Group, &q.In.Person, &at, &expires); err != nil {
		return q, err
	}
	q.At, q.Expires = fromMillis(at), fromMillis(expires)
	if options != "" {
		err = json.Unmarshal([]byte(options), &q.Options)
	}
	return q, err
}

// Ask keeps a question.
func (tx *Tx) Ask(q Question) (QuestionID, error) {
	options := ""
	if len(q.Options) > 0 {
		options = asJSON(q.Options)
	}
	id, err := tx.insert(`INSERT INTO question (kind, asked, asker, topic_id, version, line, options, to_group, to_person, state, asked_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)`, q.Kind, int64(q.Asked), int64(q.Asker), q.TopicID, q.Version, q.Line, options,
		string(q.In.Group), string(q.In.Person), q.At.UnixMilli(), q.Expires.UnixMilli())
	return QuestionID(id), err
}

// CloseQuestion ends a question: "answered", "withdrawn" or "expired".
func (tx *Tx) CloseQuestion(id QuestionID, state string) error {
	return tx.exec("UPDATE question SET state = ? WHERE id = ?", state, int64(id))
}

// CloseQuestions ends all open questions of a kind about a topic.
func (tx *Tx) CloseQuestions(kind string, topic int64, state string) error {
	return tx.exec("UPDATE question SET state = ? WHERE kind = ? AND topic_id = ? AND state = 'open'", state, kind, topic)
}

// Question returns an open question by number.
func (tx *Tx) Question(id QuestionID) (q Question, found bool, err error) {
	return one(list(tx, readQuestion, "SELECT "+questionColumns+" FROM question WHERE id = ? AND state = 'open'", int64(id)))
}

// Answered reports whether a question is over because it was answered.
func (tx *Tx) Answered(id QuestionID) (bool, error) {
	return tx.row("SELECT 1 FROM question WHERE id = ? AND state = 'answered'", []any{int64(id)}, new(int))
}

// QuestionsAbout returns all questions of a kind about a topic, open or not, oldest first.
func (tx *Tx) QuestionsAbout(kind string, topic int64) ([]Question, error) {
	return list(tx, readQuestion, "SELECT "+questionColumns+" FROM question WHERE kind = +? AND topic_id = +? ORDER BY id", kind, topic)
}

// OpenQuestionsAbout returns the open questions of a kind about a topic.
func (tx *Tx) OpenQuestionsAbout(kind string, topic int64) ([]Question, error) {
	return list(tx, readQuestion, "SELECT "+questionColumns+" FROM question WHERE kind = +? AND topic_id = +? AND state = 'open' ORDER BY id", kind, topic)
}

// OpenQuestions returns what waits for an answer from anybody of an account, oldest
// first: a household answers for itself.
func (tx *Tx) OpenQuestions(a ledger.AccountID) ([]Question, error) {
	return list(tx, readQuestion, "SELECT "+questionColumns+` FROM question WHERE state = 'open'
		AND asked IN (SELECT id FROM member WHERE account = +?) ORDER BY id`, int64(a))
}

// OpenQuestionsBefore returns the open questions of a kind that were asked before a time,
// oldest first.
func (tx *Tx) OpenQuestionsBefore(kind string, before time.Time) ([]Question, error) {
	return list(tx, readQuestion, "SELECT "+questionColumns+" FROM question WHERE state = 'open' AND kind = +? AND asked_at <= +? ORDER BY +id", kind, before.UnixMilli())
}

// ExpireQuestions ends the questions whose time is up and returns them.
func (tx *Tx) ExpireQuestions(now time.Time) ([]Question, error) {
	due, err := list(tx, readQuestion, "SELECT "+questionColumns+" FROM question WHERE state = 'open' AND expires_at <= ? ORDER BY +id", now.UnixMilli())
	if err != nil {
		return nil, err
	}
	for _, q := range due {
		if err := tx.CloseQuestion(q.ID, "expired"); err != nil {
			return nil, err
		}
	}
	return due, nil
}

func one[T any](all []T, err error) (v T, found bool, _ error) {
	if err != nil || len(all) == 0 {
		return v, false, err
	}
	return all[0], true, nil
}

// OpenSeconds returns what waits for any member of the council, oldest first.
func (tx *Tx) OpenSeconds() ([]Question, error) {
	return list(tx, readQuestion, "SELECT "+questionColumns+" FROM question WHERE state = 'open' AND asked = 0 ORDER BY id")
}
