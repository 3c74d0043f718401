package storage

import (
	"time"

	"communityconnect/community"
	"communityconnect/ledger"
)

// AboutMember returns the words in which a member speaks of themselves; "" for none.
func (tx *Tx) AboutMember(id community.MemberID) (about string, err error) {
	_, err = tx.row("SELECT about FROM member WHERE id = ?", []any{int64(id)}, &about)
	return about, err
}

// SetAboutMember keeps what a member says of themselves.
func (tx *Tx) SetAboutMember(id community.MemberID, about string) error {
	return tx.exec("UPDATE member SET about = ? WHERE id = ?", about, int64(id))
}

// Rename gives a member another name, which stands in for no other from then on. It fails with community.ErrNameTaken when somebody
// else is called alike.
func (tx *Tx) Rename(id community.MemberID, name string) error {
	folded := community.Fold(name)
	taken, err := tx.row("SELECT 1 FROM member WHERE folded = ? AND id <> ?", []any{folded, int64(id)}, new(int))
	switch {
	case err != nil:
		return err
	case taken:
		return community.ErrNameTaken
	}
	if err := tx.exec("INSERT INTO earlier_name (member, name) SELECT id, name FROM member WHERE id = ? AND nameless = 0 ON CONFLICT DO NOTHING", int64(id)); err != nil {
		return err
	}
	return tx.exec("UPDATE member SET name = ?, folded = ?, nameless = 0 WHERE id = ?", name, folded, int64(id))
}

// Thank notes that one side of a trade thanks the other; a second time changes nothing.
func (tx *Tx) Thank(t ledger.TradeID, by, whom ledger.AccountID, now time.Time) error {
	return tx.exec("INSERT INTO thanks (trade, by, whom, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		int64(t), int64(by), int64(whom), seconds(now))
}

// Unthank takes back what Thank noted.
func (tx *Tx) Unthank(t ledger.TradeID, by ledger.AccountID) error {
	return tx.exec("DELETE FROM thanks WHERE trade = ? AND by = ?", int64(t), int64(by))
}

// Deeds is what an account has done with others, counted. Nothing in it weighs or ranks.
type Deeds struct {
	Trades int64 // in the books and not taken back
	People int64 // different accounts they were with
	Thanks int64 // at most one for a trade
	More   bool  // there may be older ones that were not counted
}

// deedsCounted is how many of an account's transfers on either side are looked at, the
// newest: more than a neighbour's in ten years.
const deedsCounted = 1000

// Deeds counts an account's trades. One of which everything went to the commons counts
// for the side that was helped only: nothing of it is in the helper's account.
func (tx *Tx) Deeds(a ledger.AccountID) (d Deeds, err error) {
	if _, err = tx.row(`SELECT count(*), count(DISTINCT other) FROM (
			SELECT r.id, r.giver AS other FROM (SELECT trade FROM transfer WHERE from_account = +?1 ORDER BY id DESC LIMIT +?2) n
				JOIN trade r ON r.id = n.trade WHERE r.receiver = +?1 AND r.state <> 'reversed'
			UNION
			SELECT r.id, r.receiver FROM (SELECT trade FROM transfer WHERE to_account = +?1 ORDER BY id DESC LIMIT +?2) n
				JOIN trade r ON r.id = n.trade WHERE r.giver = +?1 AND r.state <> 'reversed')`, []any{int64(a), deedsCounted}, &d.Trades, &d.People); err != nil {
		return d, err
	}
	d.More = d.Trades >= deedsCounted
	_, err = tx.row("SELECT count(*) FROM thanks h JOIN trade r ON r.id = h.trade WHERE h.whom = +? AND r.state <> 'reversed'", []any{int64(a)}, &d.Thanks)
	return d, err
}

// Feedback is a word to the council.
type Feedback struct {
	Member community.MemberID // 0: without a name
	At     time.Time          // without a name only the day
	Text   string
}

// AddFeedback keeps a word to the council. Without a name nothing leads back to whoever
// wrote it, and the hour is left out.
func (tx *Tx) AddFeedback(f Feedback) error {
	if f.Member == 0 {
		f.At = f.At.UTC().Truncate(24 * time.Hour)
	}
	return tx.exec("INSERT INTO feedback (member, at, text) VALUES (?, ?, ?)", int64(f.Member), seconds(f.At), f.Text)
}

// FeedbackSince returns what the council was told from that day on, newest first, at
// most limit.
func (tx *Tx) FeedbackSince(since time.Time, limit int) ([]Feedback, error) {
	return list(tx, func(s scanner) (f Feedback, err error) {
		var at int64
		err = s.Scan(&f.Member, &at, &f.Text)
		f.At = fromSeconds(at)
		return f, err
	}, "SELECT member, at, text FROM feedback WHERE at >= ? ORDER BY at DESC, id DESC LIMIT ?", seconds(since.UTC().Truncate(24*time.Hour)), limit)
}

// BlankQuestion takes out of a question that is over what was said, and who was asked.
func (tx *Tx) BlankQuestion(id QuestionID) error {
	return tx.exec("UPDATE question SET line = '', options = '', asker = 0, asked = 0, to_person = '' WHERE id = ? AND state <> 'open'", int64(id))
}
