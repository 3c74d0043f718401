package storage

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/mattn/go-sqlite3"
)

// SQLite looks at what is bound to a plain parameter of a SELECT to plan it better, and
// the driver unbinds after every use, so that such a statement is compiled anew each
// time it runs. A plus before the parameter (account = +?) changes nothing else, and
// keeps the plan.

// Tx is a transaction. It implements [ledger.Book]. It speaks to the driver itself:
// database/sql would start a goroutine for every query and take as long as SQLite.
type Tx struct {
	conn   *sqlite3.SQLiteConn
	args   []driver.NamedValue // of the last statement, used again for the next
	random func([]byte)
}

// transact runs f in a transaction of the connection's own.
func transact(conn *sqlite3.SQLiteConn, random func([]byte), f func(*Tx) error) error {
	// A context that can be cancelled would make the driver start a goroutine for
	// every statement; transactions are short and run to their end.
	begun, err := conn.BeginTx(context.Background(), driver.TxOptions{})
	if err != nil {
		return err
	}
	finished := false
	defer func() {
		if !finished { // f failed or panicked
			_ = begun.Rollback()
		}
	}()
	if err := f(&Tx{conn: conn, random: random}); err != nil {
		return err
	}
	finished = true
	return begun.Commit()
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
			_ = errors.Join(tx.exec("ROLLBACK TO message"), tx.exec("RELEASE message"))
		}
	}()
	err := f()
	done = true
	if err != nil {
		return errors.Join(err, tx.exec("ROLLBACK TO message"), tx.exec("RELEASE message"))
	}
	return tx.exec("RELEASE message")
}

// exec carries out a statement. To the driver it is a query without rows, because then
// it binds all arguments at once and keeps the compiled statement also where there are
// none.
func (tx *Tx) exec(query string, args ...any) error {
	rows, err := tx.query(query, args)
	if err != nil {
		return err
	}
	return rows.Close()
}

// insert returns the new row's number.
func (tx *Tx) insert(query string, args ...any) (int64, error) {
	res, err := tx.result(query, args)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// change returns how many rows a statement has changed.
func (tx *Tx) change(query string, args ...any) (int, error) {
	res, err := tx.result(query, args)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// row reads one row; found is false when there is none.
func (tx *Tx) row(query string, args []any, into ...any) (found bool, err error) {
	for r, err := range tx.rows(query, args...) {
		if err != nil {
			return false, err
		}
		return true, r.Scan(into...)
	}
	return false, nil
}

// list reads all rows of a query.
func list[T any](tx *Tx, read func(scanner) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	for r, err := range tx.rows(query, args...) {
		if err != nil {
			return nil, err
		}
		v, err := read(r)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// rows goes through the rows of a query. Each is good until the next one; an error is
// the last thing that comes.
func (tx *Tx) rows(query string, args ...any) iter.Seq2[*row, error] {
	return func(yield func(*row, error) bool) {
		rows, err := tx.query(query, args)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		r := &row{values: make([]driver.Value, len(rows.Columns()))}
		for {
			switch err := rows.Next(r.values); {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(nil, err)
				return
			case !yield(r, nil):
				return
			}
		}
	}
}

func (tx *Tx) query(query string, args []any) (driver.Rows, error) {
	if err := tx.bind(args); err != nil {
		return nil, err
	}
	return tx.conn.QueryContext(context.Background(), query, tx.args)
}

func (tx *Tx) result(query string, args []any) (driver.Result, error) {
	if err := tx.bind(args); err != nil {
		return nil, err
	}
	return tx.conn.ExecContext(context.Background(), query, tx.args)
}

// bind makes values of the driver's kinds of a statement's arguments.
func (tx *Tx) bind(args []any) error {
	tx.args = tx.args[:0]
	for i, arg := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return err
		}
		tx.args = append(tx.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return nil
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
