package storage

import (
	"testing"

	"communityconnect/ledger"
)

// A column goes into any type of its kind, and nowhere else: a wrong pointer is an error
// and not a zero.
func TestScan(t *testing.T) {
	db := fresh(t)
	fine(t, db.View(func(tx *Tx) error {
		var (
			n       int64
			small   int8
			minutes ledger.Minutes
			yes     bool
			word    string
			state   ledger.TradeState
			blob    []byte
			null    = []byte("before")
			broken  float64
		)
		row := func(query string, into ...any) error {
			_, err := tx.row(query, nil, into...)
			return err
		}
		fine(t, row("SELECT 1 << 40, 7, -90, 1, 'a b', 'posted', x'0001', NULL", &n, &small, &minutes, &yes, &word, &state, &blob, &null))
		if n != 1<<40 || small != 7 || minutes != -90 || !yes || word != "a b" || state != ledger.Posted || string(blob) != "\x00\x01" || null != nil {
			t.Error(n, small, minutes, yes, word, state, blob, null)
		}
		for query, into := range map[string]any{
			"SELECT 'x'": &n, "SELECT 1": &word, "SELECT NULL": &n, "SELECT 300": &small, "SELECT 1.5": &broken,
			"SELECT '5'": &minutes, "SELECT 2": &state, "SELECT 3": &blob,
		} {
			if err := row(query, into); err == nil {
				t.Errorf("%s went into a %T", query, into)
			}
		}
		if err := row("SELECT 1, 2", &n); err == nil {
			t.Error("a column was left out without a word")
		}
		return nil
	}))
}
