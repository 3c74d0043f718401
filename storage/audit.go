package storage

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"fmt"

	"communityconnect/ledger"
)

// Audit recomputes every promise of the books from the transfers, while others may go
// on reading and writing. Two halves of the chain are read side by side: each row is
// checked against the stored hash of the row before it, so the halves don't need each
// other. With a published hash, or the beginning of one (see ledger.ParsePublished), it
// also checks that this hash is in the chain.
func (db *DB) Audit(published []byte) (ledger.Report, error) { return db.audit(published, true) }

// Inspect opens every page of the file and audits it, at leisure: it takes one processor,
// and where it can only what of that nobody else wants. It fails with ErrUnsound where the
// books or the file do not hold; faults of the books are in the report.
func (db *DB) Inspect() (r ledger.Report, err error) {
	politely(func() { r, err = db.sound("quick_check", false) })
	return r, err
}

// audit may leave one of two processors to others, which takes it longer.
func (db *DB) audit(published []byte, sideBySide bool) (ledger.Report, error) {
	ours, err := db.pristine()
	if err != nil {
		return ledger.Report{}, err
	}
	var report ledger.Report
	err = db.View(func(tx *Tx) error {
		// One snapshot holds the balances and says where the chain ends for it. Rows up to
		// there never change, so the second half may be read on a snapshot of its own.
		last, _, err := tx.Head()
		if err != nil {
			return err
		}
		half := last
		if sideBySide {
			half /= 2
		}
		later := make(chan error, 1)
		var second *ledger.Auditor
		go func() {
			later <- db.View(func(tx *Tx) (err error) { second, err = tx.auditRange(half, last); return err })
		}()
		auditor, err := tx.auditRange(0, half)
		if err := errors.Join(err, <-later); err != nil {
			return err
		}
		auditor.Join(second)
		report, err = tx.compare(auditor, published, ours)
		return err
	})
	return report, err
}

// compare ends an audit: stored balances, states of trades, the guards, and the published
// hash.
func (tx *Tx) compare(auditor *ledger.Auditor, published []byte, ours map[string]object) (ledger.Report, error) {
	var sum ledger.Minutes
	accounts, err := tx.Accounts()
	if err != nil {
		return ledger.Report{}, err
	}
	for _, a := range accounts {
		auditor.Compare(a)
		sum += a.Balance
	}
	for r, err := range tx.rows("SELECT id, giver, receiver, minutes, state FROM trade") {
		if err != nil {
			return ledger.Report{}, err
		}
		v := r.values
		auditor.CompareTrade(ledger.Trade{ID: ledger.TradeID(integer(v[0])), Giver: ledger.AccountID(integer(v[1])), Receiver: ledger.AccountID(integer(v[2])),
			Minutes: ledger.Minutes(integer(v[3])), State: ledger.TradeState(word(v[4]))})
	}
	report := auditor.Report(int64(len(accounts)), sum)
	latest, err := tx.latestFaults()
	if err != nil {
		return report, err
	}
	guards, err := tx.guardFaults(ours)
	if err != nil {
		return report, err
	}
	report.Faults = append(append(report.Faults, latest...), guards...)
	if published == nil || bytes.Equal(published, make([]byte, len(published))) { // zeros stand before the first transfer
		return report, nil
	}
	known, err := tx.row("SELECT 1 FROM transfer WHERE substr(hash, 1, ?) = ?", []any{len(published), published}, new(int))
	if err == nil && !known {
		report.Faults = append(report.Faults, ledger.Fault{What: fmt.Sprintf("the hash %x is not in the chain: history was rewritten, or these are other books", published)})
	}
	return report, err
}

// latestFaults finds accounts whose newest transfer is not the one they say: the file
// would refuse every further one, or accept one twice.
func (tx *Tx) latestFaults() ([]ledger.Fault, error) {
	return list(tx, func(s scanner) (f ledger.Fault, err error) {
		f.What = "its newest transfer is not the one it says"
		err = s.Scan(&f.Account)
		return f, err
	}, `SELECT id FROM account a WHERE latest <> max(
		coalesce((SELECT max(id) FROM transfer WHERE from_account = a.id), 0),
		coalesce((SELECT max(id) FROM transfer WHERE to_account = a.id), 0)) LIMIT 100`)
}

const auditQuery = `SELECT t.id, t.from_account, t.to_account, t.minutes, t.kind, t.trade, t.reverses, t.at, t.digest, t.hash,
		x.salt, x.body, o.from_account, o.to_account, o.minutes, o.kind
	FROM transfer t JOIN text x ON x.id = t.text LEFT JOIN transfer o ON o.id = t.reverses
	WHERE t.id > ? AND t.id <= ? ORDER BY t.id`

// auditRange checks the transfers after from, up to to.
func (tx *Tx) auditRange(from, to int64) (*ledger.Auditor, error) {
	var before ledger.Hash
	if from > 0 {
		var b []byte
		// Where it is missing, the next one can't follow from it, and that is the fault.
		if _, err := tx.row("SELECT hash FROM transfer WHERE id = ?", []any{from}, &b); err != nil {
			return nil, err
		}
		copy(before[:], b)
	}
	auditor := ledger.NewAuditor(from, before)
	var t, original ledger.Transfer
	for r, err := range tx.rows(auditQuery, from, to) {
		if err != nil {
			return nil, err
		}
		v := r.values
		t = ledger.Transfer{
			Seq: integer(v[0]), From: ledger.AccountID(integer(v[1])), To: ledger.AccountID(integer(v[2])),
			Minutes: ledger.Minutes(integer(v[3])), Kind: ledger.TransferKind(word(v[4])),
			Trade: ledger.TradeID(integer(v[5])), Reverses: integer(v[6]), At: fromSeconds(integer(v[7])),
		}
		copy(t.What.Digest[:], blob(v[8]))
		copy(t.Hash[:], blob(v[9]))
		t.What.Body = word(v[11])
		var reversed *ledger.Transfer
		if v[12] != nil {
			original = ledger.Transfer{
				Seq: t.Reverses, From: ledger.AccountID(integer(v[12])), To: ledger.AccountID(integer(v[13])),
				Minutes: ledger.Minutes(integer(v[14])), Kind: ledger.TransferKind(word(v[15])),
			}
			reversed = &original
		}
		auditor.Add(&t, reversed)
		auditor.CheckText(&t, blob(v[10]))
	}
	return auditor, nil
}

func integer(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

func word(v driver.Value) string {
	s, _ := v.(string)
	return s
}

func blob(v driver.Value) []byte {
	b, _ := v.([]byte)
	return b
}
