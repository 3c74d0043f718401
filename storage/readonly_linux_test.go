package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// A file in a directory that can't be written is read all the same, unless the bot
// that wrote it was killed and its log would have to be replayed.
func TestReadOnlyDirectory(t *testing.T) {
	db := storagetest.New(t, 3)
	storagetest.Fill(t, db, 10)
	dir := filepath.Dir(db.Path())
	log := read(t, db.Path()+"-wal")
	unmerged := read(t, db.Path())

	t.Run("beside a running bot", func(t *testing.T) {
		readOnly(t, dir)
		if r := audited(t, db.Path()); r.Transfers != 10 {
			t.Errorf("%+v", r)
		}
	})
	t.Run("a killed bot", func(t *testing.T) {
		path := place(t, unmerged)
		if err := os.WriteFile(path+"-wal", log, 0o600); err != nil {
			t.Fatal(err)
		}
		readOnly(t, filepath.Dir(path))
		if _, err := storage.OpenReader(path); !errors.Is(err, storage.ErrUnclean) {
			t.Errorf("%v, want ErrUnclean", err)
		}
	})
	t.Run("a stopped bot", func(t *testing.T) {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		readOnly(t, dir)
		if r := audited(t, db.Path()); r.Transfers != 10 {
			t.Errorf("%+v", r)
		}
		if _, err := storage.Open(db.Path()); err == nil {
			t.Error("Open for writing succeeded")
		}
	})
}

// readOnly takes from this test the right to write in a directory, until it ends. Root
// may write anywhere, so the thread's file system identity becomes somebody else's.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	chmod(t, dir, 0o555)
	t.Cleanup(func() { chmod(t, dir, 0o755) })
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	for d := dir; d != filepath.Dir(d) && d != filepath.Clean(os.TempDir()); d = filepath.Dir(d) {
		if d != dir {
			chmod(t, d, 0o755)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if path := filepath.Join(dir, e.Name()); !e.IsDir() {
			chmod(t, path, 0o444)
			t.Cleanup(func() { _ = os.Chmod(path, 0o644) })
		}
	}
	runtime.LockOSThread()
	setfsuid(t, nobody)
	t.Cleanup(func() {
		setfsuid(t, 0)
		runtime.UnlockOSThread()
	})
	if err := os.WriteFile(filepath.Join(dir, "probe"), nil, 0o600); err == nil {
		t.Fatal("the directory can still be written")
	}
}

func setfsuid(t *testing.T, uid int) {
	t.Helper()
	if err := syscall.Setfsuid(uid); err != nil {
		t.Fatal(err)
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// Where a backup may not write, it says so, and whose user should have made it.
func TestBackupWithoutRights(t *testing.T) {
	db := storagetest.New(t, 3)
	o := safe(t)
	backup(t, db, o)
	for _, dir := range []string{o.Directory, filepath.Dir(db.Path())} {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			readOnly(t, dir)
			if _, err := db.BackUpHere(o); err == nil || !strings.Contains(err.Error(), "the bot's own user") {
				t.Errorf("%v", err)
			}
		})
	}
}
