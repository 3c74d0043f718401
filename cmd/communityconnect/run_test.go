package main

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communityconnect/board"
	"communityconnect/ledger"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// callFor runs the program and returns its exit code and what it wrote.
func callFor(args ...string) (code int, out, errOut string) {
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// must runs the program and ends the test unless it is fine.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errOut := callFor(args...)
	if code != 0 || errOut != "" {
		t.Fatalf("%q: exit code %d, %s", args, code, errOut)
	}
	return out
}

var noon = time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC)

// riverside is a community with a household of two, a spill, a reversal, an erased and
// an empty text, an open trade and two posts. It is left open, as beside a bot.
func riverside(t *testing.T) *storage.DB {
	t.Helper()
	db := storagetest.New(t, 4)
	storagetest.Update(t, db, func(tx *storage.Tx) error {
		done := func(giver, receiver ledger.AccountID, m ledger.Minutes, what string) ledger.Trade {
			text, err := tx.Write(what)
			fine(t, err)
			tr, err := ledger.Propose(tx, ledger.Trade{Giver: giver, Receiver: receiver, LoggedBy: giver, Minutes: m, What: text, Spill: true, Created: noon, Expires: noon.AddDate(0, 0, 7)}, true)
			fine(t, err)
			tr, err = ledger.Confirm(tx, tr.ID, receiver, 1, noon.Add(time.Hour))
			fine(t, err)
			return tr
		}
		done(2, 3, 90, `=HYPERLINK("http://evil"); a "quoted", long | story`)
		fine(t, tx.SetLimits(3, -6000, 60, true))
		done(3, 4, 240, "moving boxes\nup the stairs")
		wrong := done(4, 2, 30, "")
		why, err := tx.Write("it was not so")
		fine(t, err)
		_, err = ledger.Reverse(tx, wrong.ID, why, noon.Add(2*time.Hour))
		fine(t, err)
		private := done(2, 4, 15, "something private")
		fine(t, tx.Erase(private.What.ID))
		open, err := tx.Write("still to come")
		fine(t, err)
		_, err = ledger.Propose(tx, ledger.Trade{Giver: 2, Receiver: 3, LoggedBy: 2, Minutes: 45, What: open, Created: noon, Expires: noon.AddDate(0, 0, 7)}, true)
		fine(t, err)
		_, err = tx.AddPost(board.Post{Kind: board.Request, Author: 2, Category: "garden", Text: "Help with the hedge", Minutes: 120, When: "Saturday", State: board.Open, Created: noon, Expires: noon.AddDate(0, 0, 30)})
		fine(t, err)
		_, err = tx.AddPost(board.Post{Kind: board.Offer, Author: 4, Text: "Guitar lessons", State: board.Closed, Created: noon, Expires: noon.AddDate(0, 0, 90)})
		return err
	})
	// Two of the members share an account; one of the two has no phone, and one is gone.
	tamper(t, db.Path(), `UPDATE member SET account = 2 WHERE id = 4; UPDATE member SET person = NULL, name = 'Ann: Byrne' WHERE id = 1;
		UPDATE member SET name = '+Cleo ; O''Dea', status = 'former' WHERE id = 2`)
	return db
}

func fine(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tamper changes a file as any tool would.
func tamper(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	fine(t, err)
	defer db.Close()
	_, err = db.Exec(statements)
	fine(t, err)
}

// Without arguments, or asked for help, it lists every verb on a line of its own.
func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"--help"}, {"-h"}} {
		out := must(t, args...)
		for _, v := range verbs() {
			if !strings.Contains(out, "\n  "+v.name+" ") {
				t.Errorf("%q does not show %s", args, v.name)
			}
		}
	}
	for _, v := range verbs() {
		if out := must(t, v.name, "--help"); !strings.HasPrefix(out, "communityconnect "+v.name) || !strings.Contains(out, v.takes) {
			t.Errorf("%s --help says %q", v.name, out)
		}
		if v.brief == "" || strings.HasSuffix(v.brief, ".") || len(v.brief) > 80 {
			t.Errorf("%s: %q does not fit the list", v.name, v.brief)
		}
	}
}

// Whatever is wrong is said in one line on standard error that begins with the
// program's name, and the exit code tells wrong words from wrong things.
func TestErrors(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "letter.txt")
	fine(t, os.WriteFile(text, []byte("Dear neighbours, this is a letter and no database at all."), 0o600))
	empty := filepath.Join(dir, "empty.db")
	fine(t, os.WriteFile(empty, nil, 0o600))
	newer := storagetest.New(t, 1)
	fine(t, newer.Close())
	tamper(t, newer.Path(), "PRAGMA user_version = 999")
	older := storagetest.New(t, 1)
	fine(t, older.Close())
	tamper(t, older.Path(), "PRAGMA user_version = 1")
	missing := filepath.Join(dir, "missing.db")
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"dance", 2, `"dance"`}, {"Audit", 2, `"Audit"`}, {"", 2, `""`}, {"version now", 2, `"now"`}, {"version --loud", 2, "-loud"},
		{"audit", 2, "--db"}, {"export", 2, "--db"}, {"audit --db", 2, "-db"}, {"audit --database x", 2, "-database"}, {"audit --db x y", 2, `"y"`},
		{"export --db x --format xml", 2, `"xml"`}, {"export --db x --format", 2, "-format"}, {"export --db x --head 00", 2, "-head"},
		{"understand --loud", 2, "-loud"}, {"understand x", 2, `"x"`}, {"match", 2, "--posts"}, {"match --posts x", 2, "--queries"}, {"demo --slow", 2, "-slow"},
		{"match --posts x --queries " + missing, 1, "no such file"},
		{"audit --db x --head 12", 2, "64"}, {"audit --db x --head " + strings.Repeat("0", 66), 2, "64"}, {"audit --db x --head " + strings.Repeat("z", 64), 2, "64"},
		{"audit --db " + missing, 1, missing}, {"export --db " + missing, 1, missing}, {"audit --db " + text, 1, "not a community"}, {"export --db " + text, 1, "not a community"},
		{"audit --db " + empty, 1, "not a community"}, {"audit --db " + dir, 1, "not a community"},
		{"audit --db " + newer.Path(), 1, "newer"}, {"export --db " + newer.Path(), 1, "newer"}, {"audit --db " + older.Path(), 1, "run"},
	} {
		code, out, errOut := callFor(strings.Split(c.args, " ")...)
		if code != c.code || out != "" || !strings.HasPrefix(errOut, "communityconnect: ") || !strings.Contains(errOut, c.says) ||
			strings.Count(errOut, "\n") != 1 {
			t.Errorf("%q: exit code %d, out %q, error %q; want %d and %q", c.args, code, out, errOut, c.code, c.says)
		}
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("reading made a file")
	}
}

// What can't be written is an error, not a short file that looks whole.
func TestFailingOutput(t *testing.T) {
	db := riverside(t)
	for _, args := range [][]string{{}, {"version"}, {"audit", "--db", db.Path()}, {"export", "--db", db.Path()}, {"export", "--db", db.Path(), "--format", "csv"}, {"export", "--db", db.Path(), "--format", "hledger"}} {
		var errOut bytes.Buffer
		if code := run(context.Background(), args, strings.NewReader(""), full{}, &errOut); code != 1 || !strings.Contains(errOut.String(), "disk") {
			t.Errorf("%q: exit code %d, %s", args, code, &errOut)
		}
	}
}

// full is a disk with no room.
type full struct{}

func (full) Write([]byte) (int, error) {
	return 0, os.NewSyscallError("no room on the disk", os.ErrInvalid)
}

func TestVersion(t *testing.T) {
	if out := must(t, "version"); !strings.HasPrefix(out, "communityconnect ") || !strings.Contains(out, " go1.") || strings.Count(out, "\n") != 1 {
		t.Errorf("%q", out)
	}
}

// The audit prints what the books add up to, and the hash it prints it knows.
func TestAudit(t *testing.T) {
	db := riverside(t)
	out := must(t, "audit", "--db", db.Path())
	lines := strings.Split(out, "\n")
	if len(lines) != 5 || lines[0] != "sum: 0h" || lines[1] != "accounts: 5" || lines[2] != "transfers: 6" || lines[4] != "" {
		t.Fatalf("%s", out)
	}
	head, ok := strings.CutPrefix(lines[3], "head: ")
	if !ok || len(head) != 64 {
		t.Fatalf("%s", out)
	}
	if again := must(t, "audit", "--db", db.Path(), "--head", head); again != out {
		t.Errorf("%s", again)
	}
	must(t, "audit", "--db", db.Path(), "--head", strings.ToUpper(head))
	must(t, "audit", "--db", db.Path(), "--head", head[:12]) // as the bot tells it in a chat
	storagetest.Update(t, db, func(tx *storage.Tx) error { return tx.SetLimits(3, -6000, 6000, true) })
	storagetest.Fill(t, db, 10) // an old hash stays in the chain
	must(t, "audit", "--db", db.Path(), "--head", head)
	nearly := head[:63] + "0"
	if nearly == head {
		nearly = head[:63] + "1"
	}
	for _, other := range []string{strings.Repeat("ab", 32), "abababababab", nearly} {
		code, out, errOut := callFor("audit", "--db", db.Path(), "--head", other)
		if code != 1 || strings.Count(out, "fault: ") != 1 || !strings.Contains(errOut, "do not hold") {
			t.Errorf("a hash of other books: %d\n%s%s", code, out, errOut)
		}
	}
	fine(t, db.Close())
	tamper(t, db.Path(), "DROP TRIGGER account_balance_follows_transfers; UPDATE account SET balance = balance + 1 WHERE id IN (2, 3)")
	code, out, errOut := callFor("audit", "--db", db.Path())
	if code != 1 || strings.Count(out, "\nfault: ") != 4 || !strings.HasPrefix(out, "sum: +2m\n") || !strings.Contains(out, "fault: account 2: ") || !strings.Contains(out, "fault: account 3: ") || !strings.Contains(errOut, "do not hold") {
		t.Errorf("spoiled books: %d\n%s%s", code, out, errOut)
	}
}
