package storage

import (
	"iter"

	"communityconnect/board"
	"communityconnect/ledger"
)

// Row is a thing that people wrote a text about, with what became of the text: an
// erased one is not the same as an empty one.
type Row[T any] struct {
	Value  T
	Erased bool
}

// EveryTransfer goes through all transfers in order and holds one at a time. It ends
// after the first error.
func (tx *Tx) EveryTransfer() iter.Seq2[Row[ledger.Transfer], error] {
	return every(tx, withErased(readTransfer), "SELECT "+transferColumns+", x.body IS NULL FROM transfer t JOIN text x ON x.id = t.text ORDER BY t.id")
}

// EveryTrade goes through all trades in order, in the same way.
func (tx *Tx) EveryTrade() iter.Seq2[Row[ledger.Trade], error] {
	return every(tx, withErased(readTrade), "SELECT "+tradeColumns+", x.body IS NULL"+tradeFrom+"ORDER BY t.id")
}

// EveryPost goes through all posts in order, in the same way.
func (tx *Tx) EveryPost() iter.Seq2[board.Post, error] {
	return every(tx, readPost, "SELECT "+postColumns+" FROM post ORDER BY id")
}

// every reads the rows of a query one by one.
func every[T any](tx *Tx, read func(scanner) (T, error), query string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for r, err := range tx.rows(query) {
			if err != nil {
				yield(none, err)
				return
			}
			if v, err := read(r); !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// withErased reads one column more than read does.
func withErased[T any](read func(scanner) (T, error)) func(scanner) (Row[T], error) {
	return func(s scanner) (r Row[T], err error) {
		r.Value, err = read(plus{s, &r.Erased})
		return r, err
	}
}

// plus is a row whose last column goes somewhere else.
type plus struct {
	row  scanner
	last any
}

func (p plus) Scan(into ...any) error { return p.row.Scan(append(into, p.last)...) }
