package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

var two = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

// saved is a community with a hundred trades, an open one, words that wait to be sent and
// a question that waits for an answer.
func saved(t testing.TB) *storage.DB {
	t.Helper()
	db := storagetest.New(t, 5)
	storagetest.Fill(t, db, 100)
	storagetest.Update(t, db, func(tx *storage.Tx) error {
		what, err := tx.Write("still to be confirmed")
		if err != nil {
			return err
		}
		if _, err := ledger.Propose(tx, ledger.Trade{Giver: 2, Receiver: 3, LoggedBy: 2, Minutes: 45, What: what, Created: two, Expires: two.AddDate(0, 0, 7)}, true); err != nil {
			return err
		}
		for i, change := range []func(storage.OutboxID) error{nil, tx.Claim, tx.Doubt, tx.GiveUp} {
			row, err := tx.Queue(chat.Outgoing{Act: chat.Send, To: chat.Conversation{Person: "person-1"}, Text: fmt.Sprint("old words ", i)}, storage.Topic{}, two)
			if err != nil {
				return err
			}
			if change != nil {
				if err := change(row.ID); err != nil {
					return err
				}
			}
		}
		_, err = tx.Ask(storage.Question{Kind: "guess", Asked: 1, Asker: 1, At: two, Expires: two.AddDate(0, 0, 3)})
		return err
	})
	return db
}

// safe is where a test's backups go.
func safe(t testing.TB) storage.BackupOptions {
	return storage.BackupOptions{Directory: filepath.Join(t.TempDir(), "backups"), Keep: storage.DefaultKeep(), Now: two.Add(300 * time.Millisecond)}
}

func backup(t testing.TB, db *storage.DB, o storage.BackupOptions) storage.Backup {
	t.Helper()
	b, err := db.Backup(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func key(t testing.TB) *age.X25519Identity {
	t.Helper()
	k, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A backup, encrypted or not, brings the same books back, and what belongs to the past is
// put aside: messages, questions, and the time that an open trade had been waiting.
func TestBackupAndRestore(t *testing.T) {
	secret := key(t)
	for _, encrypted := range []bool{false, true} {
		db, o := saved(t), safe(t)
		r := storage.RestoreOptions{To: filepath.Join(t.TempDir(), "back.db"), Now: two.Add(26 * time.Hour)}
		if encrypted {
			o.Recipients = []string{key(t).Recipient().String(), secret.Recipient().String()}
			r.Identities = []age.Identity{key(t), secret}
		}
		b := backup(t, db, o)
		if b.Report.Transfers != 100 || b.Size == 0 || b.Encrypted != encrypted || !b.At.Equal(two) || filepath.Dir(b.Path) != o.Directory {
			t.Errorf("%+v", b)
		}
		content := read(t, b.Path)
		if encrypted && bytes.Contains(content, []byte("SQLite format")) || encrypted != bytes.HasPrefix(content, []byte("age-encryption.org/v1\n")) {
			t.Errorf("encrypted %t: it begins with %q", encrypted, content[:20])
		}
		r.From = b.Path
		got, err := storage.Restore(r)
		if err != nil {
			t.Fatal(err)
		}
		if got.Messages != 3 || got.Questions != 1 || !got.AsOf.Equal(two) || got.Age != 26*time.Hour || !got.Checked || got.Report.Head != b.Head {
			t.Errorf("%+v", got)
		}
		if held(t, plain(t, r.To)) != held(t, plain(t, db.Path())) {
			t.Error("the books are not the same")
		}
		nothingWaits(t, r.To)
		if all := names(t, filepath.Dir(r.To)); strings.Join(all, " ") != "back.db" {
			t.Errorf("left behind: %q", all)
		}
	}
}

// nothingWaits opens a restored file as the bot does.
func nothingWaits(t *testing.T, path string) {
	t.Helper()
	db, err := storage.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	storagetest.Update(t, db, func(tx *storage.Tx) error {
		waiting, err := tx.Waiting()
		if err != nil || len(waiting) != 0 {
			t.Errorf("%d messages wait, %v", len(waiting), err)
		}
		questions, err := tx.OpenQuestions(2)
		if err != nil || len(questions) != 0 {
			t.Errorf("%d questions wait, %v", len(questions), err)
		}
		if trade, err := tx.Trade(101); err != nil || !trade.Expires.Equal(two.AddDate(0, 0, 7).Add(26*time.Hour)) || trade.State != ledger.Proposed {
			t.Errorf("%+v, %v", trade, err)
		}
		if asOf, found, err := tx.Restored(); err != nil || !found || !asOf.Equal(two) {
			t.Errorf("%s, %t, %v", asOf, found, err)
		}
		if err := tx.ToldRestored(); err != nil {
			return err
		}
		if _, found, err := tx.Restored(); err != nil || found {
			t.Errorf("it would be told again, %v", err)
		}
		return nil
	})
}

// Everything is for its owner's eyes alone, and nothing unencrypted is ever in the
// directory of encrypted backups.
func TestBackupIsPrivate(t *testing.T) {
	old := syscall.Umask(0)
	t.Cleanup(func() { syscall.Umask(old) })
	db, o := saved(t), safe(t)
	o.Recipients = []string{key(t).Recipient().String()}
	seen := 0
	o = o.On(watching{storage.Disk(), func(string) {
		for _, dir := range []string{o.Directory, filepath.Dir(db.Path())} {
			for _, name := range names(t, dir) {
				info, err := os.Stat(filepath.Join(dir, name))
				if err != nil {
					t.Error(err)
				} else if (dir == o.Directory || strings.Contains(name, "snapshot")) && info.Mode().Perm() != 0o600 {
					t.Errorf("%s has the mode %s", name, info.Mode())
				}
				if seen++; dir == o.Directory && bytes.Contains(read(t, filepath.Join(dir, name)), []byte("afternoon")) {
					t.Errorf("%s is not encrypted", name)
				}
			}
		}
	}})
	backup(t, db, o)
	info, err := os.Stat(o.Directory)
	if err != nil || info.Mode().Perm() != 0o700 || seen == 0 {
		t.Errorf("the directory: %v, %v; looked at %d files", info.Mode(), err, seen)
	}
	for _, name := range names(t, filepath.Dir(db.Path())) {
		if strings.Contains(name, "snapshot") {
			t.Errorf("%s is left", name)
		}
	}
}

// watching calls see before every act.
type watching struct {
	storage.Files
	see func(act string)
}

func (w watching) Create(path string) (storage.File, error) {
	w.see("create")
	return w.Files.Create(path)
}

func (w watching) Rename(from, to string) error { w.see("rename"); return w.Files.Rename(from, to) }

func (w watching) SyncDir(path string) error { w.see("sync"); return w.Files.SyncDir(path) }

// While the bot writes, what it has acknowledged before a backup began is in it, every
// backup passes the audit, and no write fails.
func TestBackupBesideABusyBot(t *testing.T) {
	db, o := saved(t), safe(t)
	o.Keep.Newest = 100
	stop := make(chan struct{})
	var busy sync.WaitGroup
	var mu sync.Mutex
	written := int64(100)
	busy.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			storagetest.Fill(t, db, 1)
			mu.Lock()
			written++
			mu.Unlock()
		}
	})
	reader, err := storage.OpenReader(db.Path())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		mu.Lock()
		before := written
		mu.Unlock()
		if b := backup(t, reader, o); b.Report.Transfers < before {
			t.Errorf("backup %d has %d of %d transfers", n, b.Report.Transfers, before)
		} else if report := restoreTo(t, b.Path); report.Head != b.Head {
			t.Errorf("backup %d brings back %s, not %s", n, report.Head.Short(), b.Head.Short())
		}
	}
	close(stop)
	busy.Wait()
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
}

// restoreTo restores a backup that is not encrypted to a new place and audits it.
func restoreTo(t testing.TB, from string) ledger.Report {
	t.Helper()
	to := filepath.Join(t.TempDir(), "back.db")
	if _, err := storage.Restore(storage.RestoreOptions{From: from, To: to, Now: two}); err != nil {
		t.Fatalf("%s: %v", from, err)
	}
	return audited(t, to)
}

// Books that don't hold are not saved over those that did.
func TestUnsoundBooksAreNotBackedUp(t *testing.T) {
	db, o := saved(t), safe(t)
	good := backup(t, db, o)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	p := plain(t, db.Path())
	if _, err := p.Exec("DROP TRIGGER account_balance_follows_transfers; UPDATE account SET balance = balance + 60 WHERE id = 2"); err != nil {
		t.Fatal(err)
	}
	reader, err := storage.OpenReader(db.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := reader.Backup(o); !errors.Is(err, storage.ErrUnsound) {
		t.Errorf("%v", err)
	}
	if all := names(t, o.Directory); len(all) != 2 || all[0] != filepath.Base(good.Path) {
		t.Errorf("%q", all)
	}
}

// What is wrong with a call is said before anything is written.
func TestBackupRefuses(t *testing.T) {
	db := saved(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func(*storage.BackupOptions)
		says   string
	}{
		{func(o *storage.BackupOptions) { o.Directory = filepath.Join(o.Directory, "deeper") }, "make it first"},
		{func(o *storage.BackupOptions) { o.Directory = file }, "not a directory"},
		{func(o *storage.BackupOptions) { o.Recipients = []string{"age1qqqq"} }, "no age public key"},
		{func(o *storage.BackupOptions) { o.Recipients = []string{key(t).String()} }, "no age public key"},
	} {
		o := safe(t)
		c.change(&o)
		if b, err := db.Backup(o); err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "AGE-SECRET-KEY") {
			t.Errorf("%+v, %v; want %q", b, err, c.says)
		}
		if _, err := os.Stat(filepath.Join(o.Directory, "..", "backups")); !errors.Is(err, fs.ErrNotExist) && c.says != "not a directory" {
			t.Errorf("%s: it made the directory", c.says)
		}
	}
}

// A community in which nobody has traded yet is worth saving, too.
func TestBackupOfNewBooks(t *testing.T) {
	db := storagetest.New(t, 2)
	storagetest.Update(t, db, func(tx *storage.Tx) error { return tx.SetPolicy(community.DefaultPolicy()) })
	b := backup(t, db, safe(t))
	if r := restoreTo(t, b.Path); r.Transfers != 0 || b.Head != (ledger.Hash{}) {
		t.Errorf("%+v", r)
	}
}
