package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communityconnect/community"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

func names(t testing.TB, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".lock") {
			all = append(all, e.Name())
		}
	}
	return all
}

// Rotation takes away what the rule has no use for, together with its digest, and touches
// neither the backups of others nor those of a future that was undone.
func TestRotationOnDisk(t *testing.T) {
	db, o := saved(t), safe(t)
	o.Keep = storage.Keep{Newest: 2}
	first := backup(t, db, o)
	other := storagetest.New(t, 3)
	storagetest.Fill(t, other, 3)
	foreign := backup(t, other, o)
	letter := filepath.Join(o.Directory, "letter.txt")
	if err := os.WriteFile(letter, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	storagetest.Fill(t, db, 5)
	o.Now = o.Now.Add(time.Hour)
	second := backup(t, db, o)
	if len(second.Removed) != 0 || second.Foreign != 1 {
		t.Errorf("%+v", second)
	}
	o.Now = o.Now.Add(time.Hour)
	third := backup(t, db, o)
	if strings.Join(third.Removed, " ") != filepath.Base(first.Path) || third.Foreign != 1 {
		t.Errorf("%+v", third)
	}
	want := map[string]bool{"letter.txt": true}
	for _, b := range []storage.Backup{foreign, second, third} {
		want[filepath.Base(b.Path)], want[filepath.Base(b.Path)+".sha256"] = true, true
	}
	for _, name := range names(t, o.Directory) {
		if !want[name] {
			t.Errorf("%s is there", name)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	// The clock goes back by a year: the newest is the one that was just made.
	o.Now = o.Now.AddDate(-1, 0, 0)
	o.Keep.Newest = 1
	last := backup(t, db, o)
	if _, err := os.Stat(last.Path); err != nil {
		t.Error(err)
	}
}

// Two backups within one second are two.
func TestTwoBackupsInOneSecond(t *testing.T) {
	db, o := saved(t), safe(t)
	a, b := backup(t, db, o), backup(t, db, o)
	if a.Path == b.Path || len(names(t, o.Directory)) != 4 {
		t.Errorf("%s, %q", a.Path, names(t, o.Directory))
	}
}

// Only one backup of a file, or into a directory under one name, is made at a time.
func TestOneBackupAtATime(t *testing.T) {
	db, o := saved(t), safe(t)
	var second, third error
	once := false
	busy := o.On(watching{storage.Disk(), func(string) {
		if !once {
			once = true
			_, second = db.Backup(o)
			_, third = db.Backup(safe(t))
		}
	}})
	backup(t, db, busy)
	if !errors.Is(second, storage.ErrBackingUp) || !errors.Is(third, storage.ErrBackingUp) {
		t.Errorf("%v, %v", second, third)
	}
	if all := names(t, o.Directory); len(all) != 2 {
		t.Errorf("%q", all)
	}
}

// Names that mean something in a URL, or to SQLite, are names all the same.
func TestBackupOfOddNames(t *testing.T) {
	for _, name := range []string{"with space.db", "100%.db", "a?mode=ro&b.db", "c#d.db", "été.db", "file:x.db", "x-wal", ".hidden"} {
		db, err := storage.Open(filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		storagetest.Update(t, db, func(tx *storage.Tx) error {
			return tx.Found(storage.Community{Name: "Riverside", Timezone: "UTC", Created: two}, community.DefaultPolicy())
		})
		b := backup(t, db, safe(t))
		to := filepath.Join(t.TempDir(), name)
		if _, err := storage.Restore(storage.RestoreOptions{From: b.Path, To: to, Now: two}); err != nil {
			t.Errorf("%s: %v", name, err)
		} else {
			audited(t, to)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
