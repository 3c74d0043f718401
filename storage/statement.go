package storage

import (
	"sort"
	"time"

	"communityconnect/ledger"
)

// TransfersBefore returns the number of the last transfer made before a moment; 0 for none.
// Transfers are numbered in the order in which they were made, so that no index is needed.
func (tx *Tx) TransfersBefore(moment time.Time) (int64, error) {
	var last int64
	if _, err := tx.row("SELECT coalesce(max(id), 0) FROM transfer", nil, &last); err != nil {
		return 0, err
	}
	return tx.before("SELECT at FROM transfer WHERE id = ?", last, moment)
}

// PostsBefore returns the number of the last post made before a moment; 0 for none.
func (tx *Tx) PostsBefore(moment time.Time) (int64, error) {
	var last int64
	if _, err := tx.row("SELECT coalesce(max(id), 0) FROM post", nil, &last); err != nil {
		return 0, err
	}
	return tx.before("SELECT created_at FROM post WHERE id = ?", last, moment)
}

// before finds the last of the rows 1 to last that is from before a moment; timeOf is the
// query for the time of a row.
func (tx *Tx) before(timeOf string, last int64, moment time.Time) (int64, error) {
	var failure error
	n := sort.Search(int(last), func(i int) bool {
		var at int64
		if _, err := tx.row(timeOf, []any{int64(i) + 1}, &at); err != nil {
			failure = err
		}
		return at >= seconds(moment)
	})
	return int64(n), failure
}

// Period returns an account's transfers with numbers above after and up to last, newest
// first, at most limit.
func (tx *Tx) Period(a ledger.AccountID, after, last int64, limit int) ([]ledger.Transfer, error) {
	return list(tx, readTransfer, newest("from_account = +?1 AND id > +?2 AND id <= +?3", "to_account = +?1 AND id > +?2 AND id <= +?3", "+?4"),
		int64(a), after, last, limit)
}

// changesCounted is how many transfers on either side ChangeAfter goes through at most.
const changesCounted = 2000

// ChangeAfter returns what the transfers with numbers above after have done to an
// account's balance. Known is false where there are too many of them to be added up for a
// page.
func (tx *Tx) ChangeAfter(a ledger.AccountID, after int64) (change ledger.Minutes, known bool, err error) {
	var in, out int
	var given, got ledger.Minutes
	_, err = tx.row("SELECT count(*), coalesce(sum(minutes), 0) FROM (SELECT minutes FROM transfer WHERE to_account = +?1 AND id > +?2 LIMIT +?3)",
		[]any{int64(a), after, changesCounted}, &in, &given)
	if err != nil {
		return 0, false, err
	}
	_, err = tx.row("SELECT count(*), coalesce(sum(minutes), 0) FROM (SELECT minutes FROM transfer WHERE from_account = +?1 AND id > +?2 LIMIT +?3)",
		[]any{int64(a), after, changesCounted}, &out, &got)
	return given - got, in < changesCounted && out < changesCounted, err
}

// Journal returns transfers with numbers up to last, newest first, without their texts.
func (tx *Tx) Journal(last int64, limit int) ([]ledger.Transfer, error) {
	return list(tx, readTransfer, `SELECT t.id, t.from_account, t.to_account, t.minutes, t.kind, coalesce(t.trade, 0), coalesce(t.reverses, 0), t.at,
		t.text, t.digest, '', t.hash FROM transfer t WHERE t.id <= ? ORDER BY t.id DESC LIMIT +?`, last, limit)
}
