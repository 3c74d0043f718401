package storage

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"communityconnect/ledger"
)

// older makes a file as the program of an earlier schema left it, with data.
func older(t *testing.T, version int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "community.db")
	db, err := sql.Open("sqlite3", path)
	fine(t, err)
	defer db.Close()
	steps, err := versions()
	fine(t, err)
	for n := range version {
		fine(t, advance(db, steps, n, n+1))
	}
	exec := func(query string, args ...any) {
		t.Helper()
		_, err := db.Exec(query, args...)
		fine(t, err)
	}
	exec("INSERT INTO account (kind, floor, ceiling) VALUES ('commons', -6000, 60000), ('member', -3000, 6000), ('member', -3000, 6000)")
	var head ledger.Hash
	for n := int64(1); n <= 5; n++ {
		salt, body := []byte{byte(n)}, fmt.Sprintf("help %d", n)
		exec("INSERT INTO text (salt, body) VALUES (?, ?)", salt, body)
		exec(`INSERT INTO trade (giver, receiver, logged_by, minutes, text, version, giver_confirmed, receiver_confirmed, state, created_at, expires_at, ended_at)
			VALUES (2, 3, 2, 60, ?, 1, 1, 1, 'posted', 1, 2, 3)`, n)
		tr := ledger.Transfer{Seq: n, From: 3, To: 2, Minutes: 60, Kind: ledger.OfTrade, Trade: ledger.TradeID(n), At: time.Unix(1777716000+n, 0),
			What: ledger.Text{ID: n, Digest: ledger.DigestText(salt, body)}}
		head = tr.Seal(head)
		exec("INSERT INTO transfer VALUES (?, 3, 2, 60, 'trade', ?, NULL, ?, ?, ?, ?)", n, n, tr.At.Unix(), n, tr.What.Digest[:], head[:])
	}
	return path
}

// Files of every earlier schema come up to date with all they hold, a copy of each as
// it was stands beside it, and opening again changes nothing more.
func TestOlderFilesComeUpToDate(t *testing.T) {
	steps, err := versions()
	fine(t, err)
	if len(steps) < 2 {
		t.Fatalf("only %d migrations found", len(steps))
	}
	for from := 1; from < len(steps); from++ {
		path := older(t, from)
		if _, err := OpenReader(path); err == nil {
			t.Errorf("from %d: a reader took an older schema for its own", from)
		}
		db, err := Open(path)
		fine(t, err)
		if got, err := schemaVersion(db.write); got != len(steps) || err != nil {
			t.Errorf("from %d: now at %d, %v", from, got, err)
		}
		sound(t, db)
		fine(t, db.Close())
		for n := from + 1; n <= len(steps); n++ {
			kept, err := sql.Open("sqlite3", fmt.Sprintf("%s.before-schema-%d", path, n))
			fine(t, err)
			version, err := schemaVersion(kept)
			var transfers int
			fine(t, kept.QueryRow("SELECT count(*) FROM transfer").Scan(&transfers))
			if version != n-1 || err != nil || transfers != 5 {
				t.Errorf("the copy before schema %d has schema %d and %d transfers, %v", n, version, transfers, err)
			}
			fine(t, kept.Close())
		}
		db, err = Open(path)
		fine(t, err)
		sound(t, db)
		fine(t, db.Close())
	}
}

func sound(t *testing.T, db *DB) {
	t.Helper()
	r, err := db.Audit(nil)
	if err != nil || !r.OK() || r.Transfers != 5 || r.Accounts != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	fine(t, db.View(func(tx *Tx) error {
		a, err := tx.Account(2)
		if a.Balance != 300 || a.Ceiling != 6000 {
			t.Errorf("%+v", a)
		}
		return err
	}))
}

// A step that fails leaves the file as it was.
func TestFailedStepChangesNothing(t *testing.T) {
	path := older(t, 1)
	db, err := sql.Open("sqlite3", path)
	fine(t, err)
	defer db.Close()
	// In the way of the step to come.
	_, err = db.Exec("CREATE TABLE council_log (id INTEGER)")
	fine(t, err)
	if _, err := Open(path); err == nil {
		t.Fatal("the step succeeded")
	}
	version, err := schemaVersion(db)
	var tables int
	fine(t, db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('member', 'post', 'inbox')").Scan(&tables))
	if version != 1 || err != nil || tables != 0 {
		t.Errorf("schema %d with %d new tables, %v", version, tables, err)
	}
	if _, err := os.Stat(path + ".before-schema-2"); err != nil {
		t.Error(err)
	}
	// Out of the way, it goes through.
	_, err = db.Exec("DROP TABLE council_log")
	fine(t, err)
	up, err := Open(path)
	fine(t, err)
	sound(t, up)
	fine(t, up.Close())
}

// A backup of every earlier schema is restored to the present one, and no copies of it
// are left beside the new file: the backup is still there.
func TestOlderBackupsComeUpToDate(t *testing.T) {
	steps, err := versions()
	fine(t, err)
	for from := 2; from < len(steps); from++ { // before, there was no community in it
		path := older(t, from)
		db, err := sql.Open("sqlite3", path)
		fine(t, err)
		_, err = db.Exec("INSERT INTO community (id, name, timezone, created_at) VALUES (1, 'Riverside', 'UTC', 1)")
		fine(t, err)
		fine(t, db.Close())
		to := filepath.Join(t.TempDir(), "back.db")
		r, err := Restore(RestoreOptions{From: path, To: to, Now: time.Unix(1777716000+3605, 0)})
		fine(t, err)
		if r.Report.Transfers != 5 || r.Age != time.Hour || r.Checked {
			t.Errorf("from %d: %+v", from, r)
		}
		if beside, err := filepath.Glob(to + "*schema*"); err != nil || len(beside) > 0 {
			t.Errorf("from %d: %q is left, %v", from, beside, err)
		}
		up, err := Open(to)
		fine(t, err)
		sound(t, up)
		fine(t, up.Close())
	}
	if _, err := Restore(RestoreOptions{From: older(t, 1), To: filepath.Join(t.TempDir(), "back.db")}); err == nil {
		t.Error("a file without a community was restored")
	}
}
