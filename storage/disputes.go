package storage

import (
	"time"

	"communityconnect/community"
	"communityconnect/ledger"
)

const caseColumns = `d.id, d.trade, d.opener, d.opener_account, d.answerer, d.mediator, d.stage, d.verdict, d.minutes, d.reason, x.salt, coalesce(x.body, ''),
	d.opener_agrees, d.answerer_agrees, d.opened_at, d.due_at, d.hold_until, d.closed_at`

const caseFrom = " FROM dispute d LEFT JOIN text x ON x.id = d.reason "

func readCase(s scanner) (c community.Case, err error) {
	var salt []byte
	var opened, due, hold, closed int64
	err = s.Scan(&c.ID, &c.Trade, &c.Opener, &c.By, &c.Answerer, &c.Mediator, &c.Stage, &c.Outcome.Verdict, &c.Outcome.Minutes,
		&c.Outcome.Reason.ID, &salt, &c.Outcome.Reason.Body, &c.OpenerAgrees, &c.AnswererAgrees, &opened, &due, &hold, &closed)
	c.Outcome.Reason.Digest = ledger.DigestText(salt, c.Outcome.Reason.Body)
	c.Opened, c.Due, c.HoldUntil, c.Closed = fromSeconds(opened), fromSeconds(due), fromSeconds(hold), fromSeconds(closed)
	return c, err
}

// OpenCase keeps a new case and returns its number.
func (tx *Tx) OpenCase(c community.Case) (community.CaseID, error) {
	id, err := tx.insert(`INSERT INTO dispute (trade, opener, opener_account, answerer, stage, opened_at, due_at, hold_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(c.Trade), int64(c.Opener), int64(c.By), int64(c.Answerer), string(c.Stage), seconds(c.Opened), seconds(c.Due), seconds(c.HoldUntil))
	return community.CaseID(id), err
}

// SetCase keeps how far a case has come. The reason for an outcome that is off the table is
// erased.
func (tx *Tx) SetCase(c community.Case) error {
	if err := tx.exec("UPDATE text SET salt = NULL, body = NULL WHERE id = (SELECT reason FROM dispute WHERE id = ?) AND id <> ?",
		int64(c.ID), c.Outcome.Reason.ID); err != nil {
		return err
	}
	return tx.exec(`UPDATE dispute SET mediator = ?, stage = ?, verdict = ?, minutes = ?, reason = ?, opener_agrees = ?, answerer_agrees = ?,
		due_at = ?, hold_until = ?, closed_at = ? WHERE id = ?`, int64(c.Mediator), string(c.Stage), string(c.Outcome.Verdict), int64(c.Outcome.Minutes),
		c.Outcome.Reason.ID, c.OpenerAgrees, c.AnswererAgrees, seconds(c.Due), seconds(c.HoldUntil), seconds(c.Closed), int64(c.ID))
}

// Case returns a case by number.
func (tx *Tx) Case(id community.CaseID) (c community.Case, found bool, err error) {
	return one(list(tx, readCase, "SELECT "+caseColumns+caseFrom+"WHERE d.id = +?", int64(id)))
}

// CaseAbout returns the case about a trade, open or not.
func (tx *Tx) CaseAbout(id ledger.TradeID) (c community.Case, found bool, err error) {
	return one(list(tx, readCase, "SELECT "+caseColumns+caseFrom+"WHERE d.trade = +?", int64(id)))
}

// OpenCases returns the cases that are not over, oldest first.
func (tx *Tx) OpenCases() ([]community.Case, error) {
	return list(tx, readCase, "SELECT "+caseColumns+caseFrom+"WHERE d.stage <> 'closed' ORDER BY d.id")
}

// Statement is what somebody has said about a case.
type Statement struct {
	Member community.MemberID
	Text   string // "" once erased
	At     time.Time
}

// AddStatement keeps what somebody says about a case.
func (tx *Tx) AddStatement(id community.CaseID, s Statement) error {
	text, err := tx.Write(s.Text)
	if err != nil {
		return err
	}
	_, err = tx.insert("INSERT INTO statement (dispute, member, text, at) VALUES (?, ?, ?, ?)", int64(id), int64(s.Member), text.ID, seconds(s.At))
	return err
}

// Statements returns what was said about a case, in order.
func (tx *Tx) Statements(id community.CaseID) ([]Statement, error) {
	return list(tx, func(r scanner) (s Statement, err error) {
		var at int64
		err = r.Scan(&s.Member, &s.Text, &at)
		s.At = fromSeconds(at)
		return s, err
	}, "SELECT s.member, coalesce(x.body, ''), s.at FROM statement s JOIN text x ON x.id = s.text WHERE s.dispute = +? ORDER BY s.id", int64(id))
}

// AddWitness notes who is said to have seen it. Fresh is false when they had been named.
func (tx *Tx) AddWitness(id community.CaseID, m, by community.MemberID) (fresh bool, err error) {
	n, err := tx.change("INSERT INTO witness (dispute, member, by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", int64(id), int64(m), int64(by))
	return n > 0, err
}

// Witnesses returns who is said to have seen it.
func (tx *Tx) Witnesses(id community.CaseID) ([]community.MemberID, error) {
	return list(tx, readMemberID, "SELECT member FROM witness WHERE dispute = +? ORDER BY member", int64(id))
}

// SetWilling notes whether a member is willing to mediate. Who becomes so has their turn
// after everybody else.
func (tx *Tx) SetWilling(m community.MemberID, willing bool, now time.Time) error {
	if !willing {
		return tx.exec("DELETE FROM mediator WHERE member = ?", int64(m))
	}
	return tx.exec("INSERT INTO mediator (member, turn_at) VALUES (?, ?) ON CONFLICT DO NOTHING", int64(m), now.UnixMilli())
}

// SetTurn notes that it was a member's turn to mediate.
func (tx *Tx) SetTurn(m community.MemberID, now time.Time) error {
	return tx.exec("UPDATE mediator SET turn_at = ? WHERE member = ?", now.UnixMilli(), int64(m))
}

// Willing returns who would mediate.
func (tx *Tx) Willing() ([]community.Willing, error) {
	return list(tx, func(s scanner) (w community.Willing, err error) {
		var turn int64
		err = s.Scan(&w.Member, &turn)
		w.Turn = fromMillis(turn)
		return w, err
	}, "SELECT member, turn_at FROM mediator ORDER BY turn_at, member")
}
