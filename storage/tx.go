package storage

import (
	"database/sql"
	"errors"
	"time"
)

// SQLite looks at what is bound to a plain parameter of a SELECT to plan it better, and
// the driver unbinds after every use, so that such a statement is compiled anew each
// time it runs. A plus before the parameter (account = +?) changes nothing else, and
// keeps the plan.

// Tx is a transaction. It implements [ledger.Book].
type Tx struct {
	tx     *sql.Tx
	random func([]byte)
}

// Savepoint runs f so that its changes can be undone alone: they are when f returns an
// error or panics, and the transaction goes on.
func (tx *Tx) Savepoint(f func() error) error {
	if err := tx.exec("SAVEPOINT message"); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done { // f panicked
			_ = tx.exec("ROLLBACK TO message; RELEASE message")
		}
	}()
	err := f()
	done = true
	if err != nil {
		return errors.Join(err, tx.exec("ROLLBACK TO message"), tx.exec("RELEASE message"))
	}
	return tx.exec("RELEASE message")
}

func (tx *Tx) exec(query string, args ...any) error {
	_, err := tx.tx.Exec(query, args...)
	return err
}

// insert returns the new row's number.
func (tx *Tx) insert(query string, args ...any) (int64, error) {
	res, err := tx.tx.Exec(query, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// row reads one row; found is false when there is none.
func (tx *Tx) row(query string, args []any, into ...any) (found bool, err error) {
	err = tx.tx.QueryRow(query, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// scanner is a row to read from.
type scanner interface{ Scan(...any) error }

// list reads all rows of a query.
func list[T any](tx *Tx, read func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := read(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// seconds and millis are how the file keeps time; 0 is no time at all.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func fromSeconds(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
