package storage_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"communityconnect/ledger"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// One process writes. Readers are welcome beside it and see what is committed.
func TestOneWriterManyReaders(t *testing.T) {
	db := storagetest.New(t, 3)
	if _, err := storage.Open(db.Path()); !errors.Is(err, storage.ErrLocked) {
		t.Fatalf("a second Open: %v", err)
	}
	reader, err := storage.OpenReader(db.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for n := int64(1); n <= 3; n++ {
		storagetest.Fill(t, db, 1)
		if r, err := reader.Audit(nil); err != nil || !r.OK() || r.Transfers != n {
			t.Errorf("after %d: %+v, %v", n, r, err)
		}
	}
	if err := reader.View(func(tx *storage.Tx) error { _, err := tx.Write("no"); return err }); !storage.Failing(err) {
		t.Errorf("a reader wrote: %v", err)
	}
	// The lock goes with the one who held it.
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := storage.Open(db.Path())
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// What is not a community's file, or is too new, is refused and stays as it is, to the
// last byte.
func TestWrongFilesAreRefusedUntouched(t *testing.T) {
	db := storagetest.New(t, 2)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	ours := read(t, db.Path())
	changed := func(sql string) []byte {
		path := place(t, ours)
		p := plain(t, path)
		if _, err := p.Exec(sql); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		return read(t, path)
	}
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	p := plain(t, foreign)
	if _, err := p.Exec("CREATE TABLE song (title TEXT); PRAGMA user_version = 2"); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"a text":                     {bytes.Repeat([]byte("Dear neighbours, "), 100), storage.ErrForeign},
		"a short text":               {[]byte("hello"), storage.ErrForeign},
		"another program's database": {read(t, foreign), storage.ErrForeign},
		"our tables, another's mark": {changed("PRAGMA application_id = 7"), storage.ErrForeign},
		"a newer file":               {changed("PRAGMA user_version = 9999"), storage.ErrNewer},
	} {
		path := place(t, c.file)
		if db, err := storage.Open(path); !errors.Is(err, c.want) {
			t.Errorf("%s: Open: %v %v, want %v", name, db, err, c.want)
		}
		if db, err := storage.OpenReader(path); !errors.Is(err, c.want) {
			t.Errorf("%s: OpenReader: %v %v, want %v", name, db, err, c.want)
		}
		if !bytes.Equal(read(t, path), c.file) {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func TestNothingToRead(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{filepath.Join(dir, "missing.db"): storage.ErrMissing, dir: storage.ErrForeign, empty: storage.ErrForeign} {
		if _, err := storage.OpenReader(path); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "missing.db")); err == nil {
		t.Error("reading made a file")
	}
	db, err := storage.Open(empty) // a new community begins in an empty file
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// Nobody but the bot's own user can read what neighbours write.
func TestNobodyElseReadsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "riverside.db")
	db, err := storage.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *storage.Tx) error { return tx.SetSelf("somebody") }); err != nil {
		t.Error(err)
	}
	for _, ending := range []string{"", "-wal", "-shm", ".lock"} {
		if info, err := os.Stat(path + ending); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%q: %v, %v", ending, info.Mode(), err)
		}
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// Names that mean something in a URL are names all the same.
func TestOddFileNames(t *testing.T) {
	for _, name := range []string{"with space.db", "100%.db", "a?mode=ro&b.db", "c#d.db", "été.db", "file:x.db", "a+b.db"} {
		path := filepath.Join(t.TempDir(), name)
		db, err := storage.Open(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		audited(t, path)
	}
}

// A file whose bot was killed is opened with all that was committed.
func TestKilledBotsFile(t *testing.T) {
	db := storagetest.New(t, 3)
	storagetest.Fill(t, db, 10)
	path := place(t, read(t, db.Path()))
	if err := os.WriteFile(path+"-wal", read(t, db.Path()+"-wal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := audited(t, path); r.Transfers != 10 { // a reader comes first
		t.Errorf("%+v", r)
	}
	again, err := storage.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if r, err := again.Audit(nil); err != nil || !r.OK() || r.Transfers != 10 {
		t.Errorf("%+v, %v", r, err)
	}
}

// An audit sees one moment of the books, however busily others go on writing, taking
// back and erasing.
func TestAuditBesideAWriter(t *testing.T) {
	db := storagetest.New(t, 5)
	storagetest.Fill(t, db, 2000)
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	done := make(chan error, 1)
	go func() {
		var err error
		for n := ledger.TradeID(1); n <= 150 && err == nil; n++ {
			err = db.Update(func(tx *storage.Tx) error {
				why, err := tx.Write("a mistake")
				if err != nil {
					return err
				}
				if _, err := ledger.Reverse(tx, n, why, now); err != nil {
					return err
				}
				if err := tx.Erase(int64(n) + 1000); err != nil {
					return err
				}
				return trade(tx, 2+ledger.AccountID(n%4), 6)
			})
		}
		done <- err
	}()
	for audits := 1; ; audits++ {
		r, err := db.Audit(nil)
		if err != nil || !r.OK() {
			t.Fatalf("audit %d: %+v, %v", audits, r, err)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}

// The hash that was published is in the chain, and no other is.
func TestAuditKnowsPublishedHashes(t *testing.T) {
	db := storagetest.New(t, 3)
	storagetest.Fill(t, db, 5)
	var early ledger.Hash
	if err := db.View(func(tx *storage.Tx) (err error) { _, early, err = tx.Head(); return err }); err != nil {
		t.Fatal(err)
	}
	storagetest.Fill(t, db, 5)
	if r, err := db.Audit(early[:]); err != nil || !r.OK() || r.Head == early {
		t.Errorf("an early hash: %+v, %v", r, err)
	}
	if r, err := db.Audit(make([]byte, 32)); err != nil || !r.OK() {
		t.Errorf("the hash of no transfers: %+v, %v", r, err)
	}
	if r, err := db.Audit(early[:6]); err != nil || !r.OK() {
		t.Errorf("the beginning of an early hash: %+v, %v", r, err)
	}
	early[0] ^= 1
	if r, err := db.Audit(early[:]); err != nil || r.OK() {
		t.Errorf("a hash of other books: %+v, %v", r, err)
	}
}
