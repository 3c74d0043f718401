package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mattn/go-sqlite3"

	"communityconnect/ledger"
)

// fresh opens an empty community file.
func fresh(t *testing.T) *DB {
	t.Helper()
	db, err := Open(filepath.Join(t.TempDir(), "community.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // the test may have closed it
	return db
}

func fine(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func pragma(t *testing.T, h *sql.DB, name string) (value string) {
	t.Helper()
	fine(t, h.QueryRow("PRAGMA "+name).Scan(&value))
	return value
}

// The writing connection is as the promises need it, and so is every reading one.
func TestConnectionsAreSetUp(t *testing.T) {
	db := fresh(t)
	for name, want := range map[string]string{
		"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "1", "wal_autocheckpoint": "10000", "temp_store": "2",
	} {
		if got := pragma(t, db.write, name); got != want {
			t.Errorf("the writer's %s is %s, want %s", name, got, want)
		}
	}
	if n := db.write.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d connections may write", n)
	}
	if got := pragma(t, db.read, "query_only"); got != "1" {
		t.Errorf("a reader's query_only is %s", got)
	}
}

// A setting that did not take stops the start.
func TestWrongSettingIsRefused(t *testing.T) {
	db := fresh(t)
	fine(t, checkPragma(db.write, "synchronous", "2"))
	_, err := db.write.Exec("PRAGMA synchronous = NORMAL")
	fine(t, err)
	if err := checkPragma(db.write, "synchronous", "2"); err == nil {
		t.Error("synchronous = NORMAL was accepted")
	}
}

// texts returns the bodies of all texts in order.
func texts(t *testing.T, db *DB) string {
	t.Helper()
	var all []string
	fine(t, db.View(func(tx *Tx) (err error) {
		all, err = list(tx, func(s scanner) (body string, err error) { err = s.Scan(&body); return body, err }, "SELECT body FROM text ORDER BY id")
		return err
	}))
	return strings.Join(all, " ")
}

func write(t *testing.T, tx *Tx, body string) {
	t.Helper()
	_, err := tx.Write(body)
	fine(t, err)
}

// What happens in a savepoint is undone alone, on an error and on a panic, also when
// one stands in another.
func TestSavepoint(t *testing.T) {
	db := fresh(t)
	failed := errors.New("no")
	fine(t, db.Update(func(tx *Tx) error {
		write(t, tx, "a")
		fine(t, tx.Savepoint(func() error { write(t, tx, "b"); return nil }))
		if err := tx.Savepoint(func() error { write(t, tx, "lost"); return failed }); !errors.Is(err, failed) {
			t.Errorf("the error is %v", err)
		}
		func() {
			defer func() {
				if r := recover(); r != "oh" {
					t.Errorf("recovered %v", r)
				}
			}()
			_ = tx.Savepoint(func() error { write(t, tx, "lost"); panic("oh") })
		}()
		err := tx.Savepoint(func() error {
			write(t, tx, "c")
			if err := tx.Savepoint(func() error { write(t, tx, "lost"); return failed }); !errors.Is(err, failed) {
				t.Errorf("the error is %v", err)
			}
			write(t, tx, "d")
			return nil
		})
		fine(t, err)
		err = tx.Savepoint(func() error {
			fine(t, tx.Savepoint(func() error { write(t, tx, "lost"); return nil }))
			return failed
		})
		if !errors.Is(err, failed) {
			t.Errorf("the error is %v", err)
		}
		write(t, tx, "e")
		return nil
	}))
	if got := texts(t, db); got != "a b c d e" {
		t.Errorf("kept %q", got)
	}
}

// A transaction that fails or panics leaves nothing, and the next one works.
func TestUpdateIsAllOrNothing(t *testing.T) {
	db := fresh(t)
	failed := errors.New("no")
	if err := db.Update(func(tx *Tx) error { write(t, tx, "lost"); return failed }); !errors.Is(err, failed) {
		t.Errorf("the error is %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = db.Update(func(tx *Tx) error { write(t, tx, "lost"); panic("oh") })
	}()
	fine(t, db.Update(func(tx *Tx) error { write(t, tx, "kept"); return nil }))
	if got := texts(t, db); got != "kept" {
		t.Errorf("kept %q", got)
	}
}

// A full disk is told from a mistake of ours, loses nothing that was committed, keeps
// nothing that was not, and is over when there is room again.
func TestFullDisk(t *testing.T) {
	db := fresh(t)
	fine(t, db.Update(func(tx *Tx) error { write(t, tx, "before"); return nil }))
	_, err := db.write.Exec("PRAGMA max_page_count = " + pragma(t, db.write, "page_count"))
	fine(t, err)
	large := strings.Repeat("x", 100_000)
	if err := db.Update(func(tx *Tx) error { _, err := tx.Write(large); return err }); !Failing(err) {
		t.Fatalf("a full disk: %v", err)
	}
	err = db.Update(func(tx *Tx) error {
		err := tx.Savepoint(func() error { _, err := tx.Write(large); return err })
		if !Failing(err) {
			t.Errorf("a full disk in a savepoint: %v", err)
		}
		return err
	})
	if !Failing(err) {
		t.Errorf("a full disk in a savepoint, outside: %v", err)
	}
	if got := texts(t, db); got != "before" {
		t.Errorf("kept %.20q", got)
	}
	_, err = db.write.Exec("PRAGMA max_page_count = 1000000")
	fine(t, err)
	fine(t, db.Update(func(tx *Tx) error { write(t, tx, "after"); return nil }))
	if got := texts(t, db); got != "before after" {
		t.Errorf("kept %.20q", got)
	}
}

func TestFailing(t *testing.T) {
	db := fresh(t)
	mistake := db.Update(func(tx *Tx) error { return tx.exec("INSERT INTO transfer DEFAULT VALUES") })
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false}, {errors.New("no"), false}, {&ledger.Error{Code: ledger.BelowFloor}, false}, {mistake, false}, {sql.ErrNoRows, false},
		{sqlite3.Error{Code: sqlite3.ErrFull}, true}, {sqlite3.Error{Code: sqlite3.ErrIoErr}, true}, {sqlite3.Error{Code: sqlite3.ErrReadonly}, true},
		{sqlite3.Error{Code: sqlite3.ErrConstraint}, false}, {sqlite3.Error{Code: sqlite3.ErrError}, false},
		{fmt.Errorf("post: %w", errors.Join(errors.New("no"), sqlite3.Error{Code: sqlite3.ErrFull})), true},
	} {
		if got := Failing(c.err); got != c.want {
			t.Errorf("Failing(%v) = %t", c.err, got)
		}
	}
	if mistake == nil {
		t.Error("a transfer without values was accepted")
	}
}

// What is erased is gone from the disk, byte for byte, and the chain still verifies.
func TestErasedTextLeavesNoBytes(t *testing.T) {
	db := fresh(t)
	const secret = "physiotherapy after the operation"
	var ids []int64
	fine(t, db.Update(func(tx *Tx) error {
		for i := range 200 { // enough to fill pages and to move what stands on them
			text, err := tx.Write(fmt.Sprintf("%s %d %s", secret, i, strings.Repeat("-", i)))
			fine(t, err)
			ids = append(ids, text.ID)
		}
		text, err := tx.Write(secret + strings.Repeat(" and more", 2000)) // on overflow pages
		fine(t, err)
		ids = append(ids, text.ID)
		return nil
	}))
	checkpoint(t, db)
	if !strings.Contains(onDisk(t, db), secret) {
		t.Fatal("the search finds nothing at all")
	}
	fine(t, db.Update(func(tx *Tx) error {
		for _, id := range ids {
			fine(t, tx.Erase(id))
		}
		return nil
	}))
	checkpoint(t, db)
	if strings.Contains(onDisk(t, db), secret) || strings.Contains(onDisk(t, db), "and more") {
		t.Error("the words are still on the disk")
	}
	fine(t, db.Close())
	if strings.Contains(onDisk(t, db), secret) {
		t.Error("the words are still on the disk after closing")
	}
}

func checkpoint(t *testing.T, db *DB) {
	t.Helper()
	var busy, log, moved int
	fine(t, db.write.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved))
	if busy != 0 {
		t.Fatal("the log could not be merged")
	}
}

// onDisk returns every byte of every file of the community.
func onDisk(t *testing.T, db *DB) string {
	t.Helper()
	var all []byte
	files, err := filepath.Glob(filepath.Join(filepath.Dir(db.path), "*"))
	fine(t, err)
	for _, f := range files {
		b, err := os.ReadFile(f)
		fine(t, err)
		all = append(all, b...)
	}
	return string(all)
}
