package storage_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"communityconnect/ledger"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// attack is a statement that the file must refuse to whoever has it open, with any tool
// and its default settings.
type attack struct {
	name, sql string
	// ignored says that the statement asks for its own failure to be passed over in
	// silence; what counts then is that nothing happened.
	ignored bool
}

// row is a transfer's values with the next number, some of them replaced.
func row(replace ...string) string {
	v := map[string]string{
		"id": "(SELECT max(id) + 1 FROM transfer)", "from": "2", "to": "3", "minutes": "60", "kind": "'gift'", "trade": "NULL",
		"reverses": "NULL", "at": "1777716000", "text": "1", "digest": "zeroblob(32)", "hash": "zeroblob(32)",
	}
	for i := 0; i < len(replace); i += 2 {
		v[replace[i]] = replace[i+1]
	}
	return "(" + strings.Join([]string{v["id"], v["from"], v["to"], v["minutes"], v["kind"], v["trade"], v["reverses"], v["at"], v["text"], v["digest"], v["hash"]}, ", ") + ")"
}

// The books under attack (see besieged): accounts 1 (commons), 2, 3, 4 with floors of
// -10h and ceilings of 20h; 2 stands at -10h, 3 at 20h, 4 at -10h. Transfers 1 and 2
// are trades, 3 the reversal of 4's first help, and so on.
func attacks() []attack {
	all := []attack{
		{name: "change minutes", sql: "UPDATE transfer SET minutes = 1 WHERE id = 1"},
		{name: "change nothing", sql: "UPDATE transfer SET minutes = minutes"},
		{name: "change number", sql: "UPDATE transfer SET id = 99 WHERE id = 1"},
		{name: "change number by another name", sql: "UPDATE transfer SET rowid = 99 WHERE id = 1"},
		{name: "change hash", sql: "UPDATE OR REPLACE transfer SET hash = zeroblob(32) WHERE id = 1"},
		{name: "change time, ignoring", sql: "UPDATE OR IGNORE transfer SET at = 0"},
		{name: "change by upsert", sql: "INSERT INTO transfer VALUES " + row("id", "1") + " ON CONFLICT (id) DO UPDATE SET minutes = 1"},
		{name: "skip by upsert", sql: "INSERT INTO transfer VALUES " + row("id", "1") + " ON CONFLICT DO NOTHING"},
		{name: "delete one", sql: "DELETE FROM transfer WHERE id = 2"},
		{name: "delete all", sql: "DELETE FROM transfer"},
		{name: "0 minutes", sql: "INSERT INTO transfer VALUES " + row("minutes", "0")},
		{name: "half a minute", sql: "INSERT INTO transfer VALUES " + row("minutes", "0.5")},
		{name: "a minute and a half", sql: "INSERT INTO transfer VALUES " + row("minutes", "1.5")},
		{name: "negative minutes", sql: "INSERT INTO transfer VALUES " + row("minutes", "-60")},
		{name: "too many minutes", sql: "INSERT INTO transfer VALUES " + row("minutes", "12001")},
		{name: "minutes that are a word", sql: "INSERT INTO transfer VALUES " + row("minutes", "'many'")},
		{name: "no minutes", sql: "INSERT INTO transfer VALUES " + row("minutes", "NULL")},
		{name: "to oneself", sql: "INSERT INTO transfer VALUES " + row("from", "4", "to", "4")},
		{name: "to oneself as text", sql: "INSERT INTO transfer VALUES " + row("from", "'4'", "to", "4")},
		{name: "to a missing account", sql: "INSERT INTO transfer VALUES " + row("from", "3", "to", "99")},
		{name: "from a missing account", sql: "INSERT INTO transfer VALUES " + row("from", "99", "to", "2")},
		{name: "from no account", sql: "INSERT INTO transfer VALUES " + row("from", "NULL", "to", "2")},
		{name: "to no account", sql: "INSERT INTO transfer VALUES " + row("from", "3", "to", "NULL")},
		{name: "about a missing text", sql: "INSERT INTO transfer VALUES " + row("from", "3", "to", "2", "text", "999")},
		{name: "past a floor", sql: "INSERT INTO transfer VALUES " + row("from", "2", "to", "1", "minutes", "1")},
		{name: "past a ceiling", sql: "INSERT INTO transfer VALUES " + row("from", "1", "to", "3", "minutes", "1")},
		{name: "past the floor of the commons", sql: "INSERT INTO transfer VALUES " + row("from", "1", "to", "2", "minutes", "6001", "kind", "'grant'")},
		{name: "past a limit as a trade", sql: "INSERT INTO transfer VALUES " + row("from", "2", "to", "1", "minutes", "1", "kind", "'trade'")},
		{name: "past a limit as a settlement", sql: "INSERT INTO transfer VALUES " + row("from", "2", "to", "1", "minutes", "1", "kind", "'settlement'")},
		{name: "past a limit with no kind", sql: "INSERT INTO transfer VALUES " + row("from", "2", "to", "1", "minutes", "1", "kind", "NULL")},
		{name: "past a limit with an unknown kind", sql: "INSERT INTO transfer VALUES " + row("from", "2", "to", "1", "minutes", "1", "kind", "'Reversal'")},
		{name: "two at once, the second past a limit", sql: "INSERT INTO transfer VALUES " + row("from", "3", "to", "2", "minutes", "1") + ", " +
			row("id", "(SELECT max(id) + 2 FROM transfer)", "from", "2", "to", "3", "minutes", "2")},
		{name: "leave a gap", sql: "INSERT INTO transfer VALUES " + row("id", "77", "from", "3", "to", "2")},
		{name: "number 0", sql: "INSERT INTO transfer VALUES " + row("id", "0", "from", "3", "to", "2")},
		{name: "a negative number", sql: "INSERT INTO transfer VALUES " + row("id", "-5", "from", "3", "to", "2")},
		{name: "a short hash", sql: "INSERT INTO transfer VALUES " + row("from", "3", "to", "2", "hash", "x'00'")},
		{name: "a hash of text", sql: "INSERT INTO transfer VALUES " + row("from", "3", "to", "2", "hash", "'0123456789abcdef0123456789abcdef'")},
		{name: "reverse nothing", sql: "INSERT INTO transfer VALUES " + row("kind", "'reversal'")},
		{name: "reverse what is missing", sql: "INSERT INTO transfer VALUES " + row("kind", "'reversal'", "reverses", "99")},
		{name: "reverse in part", sql: "INSERT INTO transfer VALUES " + row("kind", "'reversal'", "reverses", "1", "from", "3", "to", "2", "minutes", "1")},
		{name: "reverse the wrong way", sql: "INSERT INTO transfer VALUES " + row("kind", "'reversal'", "reverses", "1", "from", "2", "to", "3", "minutes", "600")},
		{name: "reverse to somebody else", sql: "INSERT INTO transfer VALUES " + row("kind", "'reversal'", "reverses", "1", "from", "3", "to", "4", "minutes", "600")},
		{name: "reverse twice", sql: "INSERT INTO transfer VALUES " + row("kind", "'reversal'", "reverses", "3", "from", "1", "to", "4", "minutes", "60")},
		{name: "reverse a reversal", sql: "INSERT INTO transfer VALUES " + row("kind", "'reversal'", "reverses", "4", "from", "1", "to", "4", "minutes", "60")},
		{name: "a trade that reverses", sql: "INSERT INTO transfer VALUES " + row("kind", "'trade'", "reverses", "1", "from", "3", "to", "2", "minutes", "600")},
		{name: "an account born rich", sql: "INSERT INTO account (kind, balance, floor, ceiling) VALUES ('member', 60, 0, 600)"},
		{name: "an account born in debt", sql: "INSERT INTO account (kind, balance, floor, ceiling) VALUES ('member', -60, -600, 600)"},
		{name: "an account born late", sql: "INSERT INTO account (kind, floor, ceiling, latest) VALUES ('member', 0, 600, 3)"},
		{name: "an account without a balance", sql: "INSERT INTO account (kind, balance, floor, ceiling) VALUES ('member', NULL, 0, 600)"},
		{name: "an account with number 0", sql: "INSERT INTO account (id, kind, floor, ceiling) VALUES (0, 'member', 0, 600)"},
		{name: "a second commons", sql: "INSERT INTO account (kind, floor, ceiling) VALUES ('commons', 0, 600)"},
		{name: "an account of no kind", sql: "INSERT INTO account (kind, floor, ceiling) VALUES ('bank', 0, 600)"},
		{name: "a floor above zero", sql: "UPDATE account SET floor = 1 WHERE id = 2"},
		{name: "a ceiling below zero", sql: "UPDATE account SET ceiling = -1 WHERE id = 2"},
		{name: "delete an account", sql: "DELETE FROM account WHERE id = 2"},
		{name: "change an account's number", sql: "UPDATE account SET id = 99 WHERE id = 2"},
		{name: "change an account's number by another name", sql: "UPDATE account SET rowid = 99 WHERE id = 2"},
		{name: "change an account's number by a third name", sql: "UPDATE account SET floor = floor, _rowid_ = 99 WHERE id = 2"},
		{name: "put an account over another", sql: "UPDATE OR REPLACE account SET rowid = 3 WHERE id = 2"},
		{name: "make a member the commons", sql: "UPDATE account SET kind = 'commons' WHERE id = 2"},
		{name: "take a balance up", sql: "UPDATE account SET balance = balance + 60 WHERE id = 2"},
		{name: "take a balance up, ignoring", sql: "UPDATE OR IGNORE account SET balance = balance + 60 WHERE id = 2"},
		{name: "take a balance up, replacing", sql: "UPDATE OR REPLACE account SET balance = balance + 60 WHERE id = 2"},
		{name: "take two balances in opposite ways", sql: "UPDATE account SET balance = balance + CASE id WHEN 2 THEN 60 ELSE -60 END WHERE id IN (2, 3)"},
		{name: "a balance of 0 for all", sql: "UPDATE account SET balance = 0"},
		{name: "use a transfer twice", sql: "UPDATE account SET balance = balance - 600, latest = 1 WHERE id = 2"},
		{name: "use a transfer twice, resetting", sql: "UPDATE account SET latest = 0 WHERE id = 2"},
		{name: "use another's transfer", sql: "UPDATE account SET balance = balance + 600, latest = 2 WHERE id = 2"},
		{name: "use a transfer to come", sql: "UPDATE account SET balance = balance + 60, latest = 99 WHERE id = 2"},
		{name: "upsert a balance", sql: "INSERT INTO account (id, kind, floor, ceiling) VALUES (2, 'member', 0, 0) ON CONFLICT (id) DO UPDATE SET balance = 60"},
		{name: "change a text", sql: "UPDATE text SET body = 'lies' WHERE id = 1"},
		{name: "change a salt", sql: "UPDATE text SET salt = x'00' WHERE id = 1"},
		{name: "change a text's number", sql: "UPDATE text SET rowid = 99, body = NULL, salt = NULL WHERE id = 1"},
		{name: "bring an erased text back", sql: "UPDATE text SET body = 'lies' WHERE id = 2"},
		{name: "delete a text", sql: "DELETE FROM text WHERE id = 1"},
		{name: "change the council's log", sql: "UPDATE council_log SET actor = 2"},
		{name: "delete from the council's log", sql: "DELETE FROM council_log"},
	}
	for _, or := range []string{"REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE", "INSERT OR FAIL", "INSERT OR ROLLBACK"} {
		into := or + " INTO "
		all = append(all,
			attack{name: or + ": the same transfer", sql: into + "transfer VALUES " + row("id", "1", "from", "3", "to", "2")},
			attack{name: or + ": the same number by another name", sql: into + "transfer (rowid, from_account, to_account, minutes, kind, at, text, digest, hash) VALUES ('1', 3, 2, 60, 'gift', 0, 1, zeroblob(32), zeroblob(32))"},
			attack{name: or + ": the same reversal", sql: into + "transfer VALUES " + row("kind", "'reversal'", "reverses", "3", "from", "1", "to", "4", "minutes", "60")},
			attack{name: or + ": past a floor", sql: into + "transfer VALUES " + row("from", "2", "to", "1", "minutes", "1")},
			attack{name: or + ": past a ceiling", sql: into + "transfer VALUES " + row("from", "1", "to", "3", "minutes", "1")},
			attack{name: or + ": 0 minutes", sql: into + "transfer VALUES " + row("minutes", "0", "from", "3", "to", "2")},
			attack{name: or + ": half a minute", sql: into + "transfer VALUES " + row("minutes", "0.5", "from", "3", "to", "2")},
			attack{name: or + ": to oneself", sql: into + "transfer VALUES " + row("from", "4", "to", "4")},
			attack{name: or + ": to a missing account", sql: into + "transfer VALUES " + row("from", "3", "to", "99")},
			attack{name: or + ": an unknown kind", sql: into + "transfer VALUES " + row("from", "3", "to", "2", "kind", "'loan'"), ignored: or == "INSERT OR IGNORE"},
			attack{name: or + ": no hash", sql: into + "transfer VALUES " + row("from", "3", "to", "2", "hash", "NULL"), ignored: or == "INSERT OR IGNORE"},
			attack{name: or + ": the same account", sql: into + "account (id, kind, floor, ceiling) VALUES (2, 'member', -600, 600)"},
			attack{name: or + ": the same account by another name", sql: into + "account (oid, kind, floor, ceiling) VALUES (2.0, 'member', -600, 600)"},
			attack{name: or + ": an account born rich", sql: into + "account (kind, balance, floor, ceiling) VALUES ('member', 60, 0, 600)"},
			attack{name: or + ": the same text", sql: into + "text (id, salt, body) VALUES (1, x'00', 'lies')"},
			attack{name: or + ": the same log entry", sql: into + "council_log (id, at, actor, act, text) VALUES (1, 0, 2, 'grant', 1)"},
		)
	}
	return all
}

// besieged makes the books under attack and returns the closed file.
func besieged(t *testing.T) []byte {
	t.Helper()
	db := storagetest.New(t, 3)
	now := time.Date(2026, 5, 2, 10, 0, 0, 0, time.UTC)
	storagetest.Update(t, db, func(tx *storage.Tx) error {
		for id := ledger.AccountID(2); id <= 4; id++ {
			if err := tx.SetLimits(id, -10*ledger.Hour, 20*ledger.Hour, true); err != nil {
				return err
			}
		}
		if err := tx.SetLimits(ledger.Commons, -100*ledger.Hour, 1000*ledger.Hour, false); err != nil {
			return err
		}
		what, err := tx.Write("moving boxes")
		if err != nil {
			return err
		}
		erased, err := tx.Write("something private")
		if err != nil {
			return err
		}
		if err := tx.Log(storage.LogEntry{At: now, Actor: 1, Act: "grant", What: "for the garden"}); err != nil {
			return err
		}
		done := func(giver, receiver ledger.AccountID, m ledger.Minutes, text ledger.Text) (ledger.Trade, error) {
			trade, err := ledger.Propose(tx, ledger.Trade{Giver: giver, Receiver: receiver, LoggedBy: giver, Minutes: m, What: text, Created: now, Expires: now.AddDate(0, 0, 7)}, true)
			if err != nil {
				return trade, err
			}
			return ledger.Confirm(tx, trade.ID, receiver, 1, now)
		}
		if _, err := done(3, 2, 10*ledger.Hour, what); err != nil {
			return err
		}
		if _, err := done(3, 4, 10*ledger.Hour, erased); err != nil {
			return err
		}
		grant, err := done(4, ledger.Commons, ledger.Hour, what)
		if err != nil {
			return err
		}
		if _, err := ledger.Reverse(tx, grant.ID, what, now); err != nil {
			return err
		}
		return tx.Erase(erased.ID)
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return read(t, db.Path())
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// place writes a copy of a file where a test can spoil it.
func place(t testing.TB, file []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// held returns everything that the file promises to keep, as text.
func held(t testing.TB, db *sql.DB) string {
	t.Helper()
	var all strings.Builder
	for _, query := range []string{
		"SELECT quote(id) || quote(kind) || quote(balance) || quote(floor) || quote(ceiling) || quote(own_limits) || quote(latest) FROM account ORDER BY id",
		"SELECT quote(id) || quote(from_account) || quote(to_account) || quote(minutes) || quote(kind) || quote(trade) || quote(reverses) || quote(at) || quote(text) || quote(digest) || quote(hash) FROM transfer ORDER BY id",
		"SELECT quote(id) || quote(salt) || quote(body) FROM text ORDER BY id",
		"SELECT quote(id) || quote(at) || quote(actor) || quote(seconder) || quote(act) || quote(text) FROM council_log ORDER BY id",
	} {
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&all, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// audited ends the test unless the file passes the audit.
func audited(t testing.TB, path string) ledger.Report {
	t.Helper()
	db, err := storage.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r, err := db.Audit(nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Fatalf("the audit fails: %v", r.Faults)
	}
	return r
}

// plain opens a file as any tool would: no settings, foreign keys off.
func plain(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// No statement gets past the file's own guard, and the file still passes the audit.
func TestFileRefuses(t *testing.T) {
	path := place(t, besieged(t))
	db := plain(t, path)
	var keys int
	if err := db.QueryRow("PRAGMA foreign_keys").Scan(&keys); err != nil || keys != 0 {
		t.Fatalf("foreign keys are %d, %v: this is not how a plain tool opens it", keys, err)
	}
	before := held(t, db)
	for _, a := range attacks() {
		_, err := db.Exec(a.sql)
		if a.ignored != (err == nil) {
			t.Errorf("%s: %v", a.name, err)
		}
		if held(t, db) != before {
			t.Errorf("%s: the books changed", a.name)
			before = held(t, db)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	audited(t, path)
}

// What the file must allow, it allows: otherwise the refusals prove nothing.
func TestFileAllows(t *testing.T) {
	file := besieged(t)
	for name, statement := range map[string]string{
		"come back from the floor":          "INSERT INTO transfer VALUES " + row("from", "3", "to", "2", "minutes", "1"),
		"go to the limits":                  "INSERT INTO transfer VALUES " + row("from", "3", "to", "4", "minutes", "1200", "kind", "'trade'"),
		"a grant":                           "INSERT INTO transfer VALUES " + row("from", "1", "to", "2", "minutes", "60", "kind", "'grant'"),
		"the longest transfer":              "UPDATE account SET floor = -600000 WHERE id = 3; INSERT INTO transfer VALUES " + row("from", "3", "to", "1", "minutes", "12000"),
		"the shortest transfer":             "INSERT INTO transfer VALUES " + row("from", "3", "to", "1", "minutes", "1"),
		"a reversal past the limits":        "UPDATE account SET ceiling = 0, floor = 0; INSERT INTO transfer VALUES " + row("kind", "'reversal'", "reverses", "1", "from", "3", "to", "2", "minutes", "600"),
		"the next number by itself":         "INSERT INTO transfer VALUES " + row("id", "NULL", "from", "3", "to", "2"),
		"new limits":                        "UPDATE account SET floor = -60, ceiling = 60, own_limits = 1 WHERE id = 2",
		"a new account":                     "INSERT INTO account (kind, floor, ceiling) VALUES ('member', -600, 600)",
		"a new text":                        "INSERT INTO text (salt, body) VALUES (x'00', 'hello')",
		"an erased text":                    "UPDATE text SET salt = NULL, body = NULL WHERE id = 1",
		"a new entry in the log":            "INSERT INTO council_log (at, actor, act, text) VALUES (0, 1, 'note', 1)",
		"back from outside after narrowing": "UPDATE account SET floor = -60 WHERE id = 2; INSERT INTO transfer VALUES " + row("from", "3", "to", "2", "minutes", "5"),
	} {
		db := plain(t, place(t, file))
		before := held(t, db)
		if _, err := db.Exec(statement); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if held(t, db) == before {
			t.Errorf("%s: nothing changed", name)
		}
		var sum int
		if err := db.QueryRow("SELECT sum(balance) FROM account").Scan(&sum); err != nil || sum != 0 {
			t.Errorf("%s: the sum is %d, %v", name, sum, err)
		}
	}
}

// A forged transfer can be put in by who has the file, but not without the audit
// noticing.
func TestForgedTransferIsFound(t *testing.T) {
	path := place(t, besieged(t))
	db := plain(t, path)
	if _, err := db.Exec("INSERT INTO transfer VALUES " + row("from", "3", "to", "2", "minutes", "60")); err != nil {
		t.Fatal(err)
	}
	reader, err := storage.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if r, err := reader.Audit(nil); err != nil || r.OK() {
		t.Errorf("%+v, %v", r, err)
	}
}
