package storage

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"communityconnect/ledger"
	"communityconnect/ledger/booktest"
)

// The file keeps the contract of books.
func TestFileKeepsTheContract(t *testing.T) {
	booktest.Run(t, func(t *testing.T, story func(booktest.Books)) {
		db := fresh(t)
		fine(t, db.Update(func(tx *Tx) error { story(tx); return nil }))
		if r, err := db.Audit(nil); err != nil || r.Sum != 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

var noon = time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC)

// small makes a file with the commons and three households, where the first has
// helped the second n times for a minute, and the third once.
func small(t *testing.T, n int) *DB {
	t.Helper()
	db := fresh(t)
	fine(t, db.Update(func(tx *Tx) error {
		_, err := tx.AddAccount(ledger.CommonsAccount, -6000, 6000)
		fine(t, err)
		for range 3 {
			_, err := tx.AddAccount(ledger.MemberAccount, -6000, 6000)
			fine(t, err)
		}
		text, err := tx.Write("help")
		fine(t, err)
		for i := range n + 1 {
			tr := ledger.Trade{Giver: 2, Receiver: 3, LoggedBy: 2, Minutes: 1, What: text, Created: noon, Expires: noon.AddDate(0, 0, 7)}
			if i == 1 {
				tr.Receiver = 4
			}
			tr, err := ledger.Propose(tx, tr, true)
			fine(t, err)
			_, err = ledger.Confirm(tx, tr.ID, tr.Receiver, 1, noon)
			fine(t, err)
		}
		return nil
	}))
	return db
}

func seqs(transfers []ledger.Transfer) (all []int64) {
	for _, tr := range transfers {
		all = append(all, tr.Seq)
	}
	return all
}

// A history is the newest transfers of one account, or between two, newest first.
func TestHistory(t *testing.T) {
	db := small(t, 5)
	fine(t, db.View(func(tx *Tx) error {
		for _, c := range []struct {
			a     ledger.AccountID
			with  ledger.AccountID
			limit int
			want  []int64
		}{
			{2, 0, 10, []int64{6, 5, 4, 3, 2, 1}}, {2, 0, 3, []int64{6, 5, 4}}, {3, 0, 10, []int64{6, 5, 4, 3, 1}}, {4, 0, 10, []int64{2}}, {1, 0, 10, nil}, {99, 0, 10, nil},
			{2, 3, 10, []int64{6, 5, 4, 3, 1}}, {3, 2, 2, []int64{6, 5}}, {4, 2, 10, []int64{2}}, {3, 4, 10, nil},
		} {
			got, err := tx.History(c.a, c.limit)
			if c.with != 0 {
				got, err = tx.HistoryWith(c.a, c.with, c.limit)
			}
			fine(t, err)
			if !slices.Equal(seqs(got), c.want) {
				t.Errorf("history of %d with %d, %d: %v, want %v", c.a, c.with, c.limit, seqs(got), c.want)
			}
		}
		a, err := tx.Account(3)
		fine(t, err)
		all, err := tx.History(3, 10)
		fine(t, err)
		lines := ledger.Statement(a, all)
		if first, last := lines[0], lines[len(lines)-1]; first.Balance != -5 || last.Balance != -1 || last.Change != -1 {
			t.Errorf("%+v", lines)
		}
		return nil
	}))
}

// Going through everything gives all there is, in order, knows the erased from the
// empty, and may stop early.
func TestEvery(t *testing.T) {
	db := small(t, 2)
	fine(t, db.Update(func(tx *Tx) error {
		for _, body := range []string{"", "private"} {
			text, err := tx.Write(body)
			fine(t, err)
			tr, err := ledger.Propose(tx, ledger.Trade{Giver: 2, Receiver: 3, LoggedBy: 2, Minutes: 1, What: text, Created: noon, Expires: noon}, true)
			fine(t, err)
			_, err = ledger.Confirm(tx, tr.ID, 3, 1, noon)
			fine(t, err)
		}
		return tx.Erase(3)
	}))
	fine(t, db.View(func(tx *Tx) error {
		var got []string
		for r, err := range tx.EveryTransfer() {
			fine(t, err)
			got = append(got, map[bool]string{true: "erased", false: "'" + r.Value.What.Body + "'"}[r.Erased])
		}
		if want := []string{"'help'", "'help'", "'help'", "''", "erased"}; !slices.Equal(got, want) {
			t.Errorf("transfers %v, want %v", got, want)
		}
		n := 0
		for r, err := range tx.EveryTrade() {
			fine(t, err)
			if n++; r.Value.ID != ledger.TradeID(n) || r.Erased != (n == 5) || r.Value.State != ledger.Posted {
				t.Errorf("trade %d: %+v", n, r)
			}
			if n == 5 {
				break
			}
		}
		for range tx.EveryPost() {
			t.Error("a post out of nowhere")
		}
		// The transaction can be used after stopping early.
		_, err := tx.Account(2)
		return err
	}))
}

// A read that fails half-way says so instead of ending early.
func TestEveryTellsOfErrors(t *testing.T) {
	db := small(t, 2)
	_, err := db.write.Exec("PRAGMA foreign_keys = OFF; DROP TABLE text")
	fine(t, err)
	fine(t, db.View(func(tx *Tx) error {
		var got error
		for _, err := range tx.EveryTransfer() {
			got = err
		}
		if got == nil {
			t.Error("no error")
		}
		return nil
	}))
}

// Whatever row of whatever column of a file is changed behind its back, with its
// triggers out of the way, the audit notices.
func TestAuditFindsTamperingInTheFile(t *testing.T) {
	sound := small(t, 4)
	fine(t, sound.Update(func(tx *Tx) error {
		text, err := tx.Write("it was not so")
		fine(t, err)
		_, err = ledger.Reverse(tx, 3, text, noon)
		return err
	}))
	fine(t, sound.Close())
	for name, sql := range map[string]string{
		"id":            "UPDATE transfer SET id = 77 WHERE id = 6",
		"first":         "DELETE FROM transfer WHERE id = 1",
		"middle":        "DELETE FROM transfer WHERE id = 2",
		"last":          "DELETE FROM transfer WHERE id = 6",
		"from":          "UPDATE transfer SET from_account = 4 WHERE id = 1",
		"to":            "UPDATE transfer SET to_account = 4 WHERE id = 1",
		"minutes":       "UPDATE transfer SET minutes = 2 WHERE id = 4",
		"kind":          "UPDATE transfer SET kind = 'gift' WHERE id = 4",
		"trade":         "UPDATE transfer SET trade = 5 WHERE id = 4",
		"no trade":      "UPDATE transfer SET trade = NULL WHERE id = 4",
		"reverses":      "UPDATE transfer SET reverses = 4 WHERE id = 6",
		"at":            "UPDATE transfer SET at = at + 1 WHERE id = 4",
		"text":          "UPDATE transfer SET text = 2 WHERE id = 4",
		"missing text":  "UPDATE transfer SET text = 99 WHERE id = 4",
		"text of last":  "UPDATE transfer SET text = 99 WHERE id = 6",
		"digest":        "UPDATE transfer SET digest = zeroblob(32) WHERE id = 4",
		"hash":          "UPDATE transfer SET hash = zeroblob(32) WHERE id = 3",
		"hash of last":  "UPDATE transfer SET hash = zeroblob(32) WHERE id = 6",
		"body":          "UPDATE text SET body = 'lies' WHERE id = 1",
		"salt":          "UPDATE text SET salt = x'00' WHERE id = 1",
		"body alone":    "UPDATE text SET body = NULL WHERE id = 1",
		"balance":       "UPDATE account SET balance = balance + 1 WHERE id = 2",
		"two balances":  "UPDATE account SET balance = balance + CASE id WHEN 2 THEN 1 ELSE -1 END WHERE id IN (2, 3)",
		"latest":        "UPDATE account SET latest = 99 WHERE id = 2",
		"latest back":   "UPDATE account SET latest = 0 WHERE id = 2",
		"account":       "DELETE FROM account WHERE id = 3",
		"trade gone":    "DELETE FROM trade WHERE id = 1",
		"trade state":   "UPDATE trade SET state = 'declined' WHERE id = 1",
		"trade minutes": "UPDATE trade SET minutes = 2 WHERE id = 1",
		"trade giver":   "UPDATE trade SET giver = 4 WHERE id = 1",
		"trade sides":   "UPDATE trade SET giver = receiver, receiver = giver WHERE id = 1",
		"not reversed":  "UPDATE trade SET state = 'posted' WHERE id = 3",
		"never posted":  "UPDATE trade SET state = 'proposed' WHERE id = 1",
		"a guard gone":  "DROP TRIGGER transfer_stays",
		"a guard bent":  "DROP TRIGGER transfer_keeps_limits; CREATE TRIGGER transfer_keeps_limits BEFORE INSERT ON transfer WHEN 0 BEGIN SELECT 1; END",
	} {
		db, err := Open(copyOf(t, sound.path))
		fine(t, err)
		if _, err := db.write.Exec("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON"); err != nil {
			t.Fatal(err)
		}
		guards, err := db.write.Query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
		fine(t, err)
		kept := map[string]string{}
		for guards.Next() {
			var name, sql string
			fine(t, guards.Scan(&name, &sql))
			kept[name] = sql
		}
		if name != "a guard gone" && name != "a guard bent" {
			for guard := range kept {
				_, err := db.write.Exec("DROP TRIGGER " + guard)
				fine(t, err)
			}
		}
		_, err = db.write.Exec(sql)
		fine(t, err)
		if name != "a guard gone" && name != "a guard bent" { // the thief covers his tracks
			for _, sql := range kept {
				_, err := db.write.Exec(sql)
				fine(t, err)
			}
		}
		if r, err := db.Audit(nil); err != nil || r.OK() {
			t.Errorf("%s: not found, %v", name, err)
		}
		fine(t, db.Close())
	}
	db, err := Open(copyOf(t, sound.path))
	fine(t, err)
	if r, err := db.Audit(nil); err != nil || !r.OK() {
		t.Errorf("the sound books: %+v, %v", r, err)
	}
	fine(t, db.Close())
}

// copyOf copies the file of a closed database.
func copyOf(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	fine(t, err)
	kept := filepath.Join(t.TempDir(), "copy.db")
	fine(t, os.WriteFile(kept, b, 0o600))
	return kept
}
