//go:build long

package storage_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"communityconnect/ledger"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// litestreamVersion is the one that docs/backups.md speaks of.
const litestreamVersion = "github.com/benbjohnson/litestream/cmd/litestream@v0.5.18"

// litestream returns the program: the one that LITESTREAM names, or one that is built.
func litestream(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("LITESTREAM"); path != "" {
		return path
	}
	dir := t.TempDir()
	cmd := exec.Command("go", "install", litestreamVersion)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOBIN="+dir, "GOFLAGS=-mod=mod")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build Litestream: %v\n%s", err, out)
	}
	return filepath.Join(dir, "litestream")
}

// Litestream follows a file while the bot writes, backs up and audits. When both are gone
// from one moment to the next, what it has put in its directory is restored, and is the
// books to the last trade but those of the last seconds.
func TestLitestream(t *testing.T) {
	program := litestream(t)
	dir := t.TempDir()
	db := storagetest.New(t, 5)
	storagetest.Fill(t, db, 300)
	replica := "file://" + filepath.Join(dir, "replica")
	follower := exec.Command(program, "replicate", db.Path(), replica)
	if testing.Verbose() {
		follower.Stdout, follower.Stderr = os.Stdout, os.Stderr
	}
	if err := follower.Start(); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		before := filesIn(t, dir)
		storagetest.Fill(t, db, 100)
		await(t, "Litestream takes nothing up", func() bool { return filesIn(t, dir) > before })
	}
	if _, err := db.Backup(storage.BackupOptions{Directory: filepath.Join(dir, "backups"), Keep: storage.DefaultKeep(), Now: time.Now()}); err != nil {
		t.Errorf("a backup beside Litestream: %v", err)
	}
	want, err := db.Audit(nil)
	if err != nil || !want.OK() {
		t.Fatalf("the audit beside Litestream: %v %v", want.Faults, err)
	}

	await(t, "the replica lacks something", func() bool { return restores(t, program, replica, dir) == want.Head })
	if err := follower.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = follower.Wait()
	back, err := storage.Open(filepath.Join(dir, "back.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	if report, err := back.Audit(nil); err != nil || !report.OK() || report.Transfers != want.Transfers {
		t.Errorf("restored: %d transfers of %d, %v, %v", report.Transfers, want.Transfers, report.Faults, err)
	}
}

// restores restores a replica and what it holds, and returns its newest hash; none where
// that can't be done yet. The result is left as back.db.
func restores(t *testing.T, program, replica, dir string) (head ledger.Hash) {
	t.Helper()
	copied, back := filepath.Join(dir, "copied.db"), filepath.Join(dir, "back.db")
	for _, path := range []string{copied, back} {
		for _, ending := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(path + ending)
		}
	}
	if out, err := exec.Command(program, "restore", "-o", copied, replica).CombinedOutput(); err != nil {
		t.Logf("not yet: %v\n%s", err, out)
		return head
	}
	r, err := storage.Restore(storage.RestoreOptions{From: copied, To: back, Now: time.Now()})
	if err != nil {
		t.Logf("not yet: %v", err)
	}
	return r.Report.Head
}

// filesIn counts the files below a directory. One may go while they are counted.
func filesIn(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			n++
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// await looks again and again until something holds that another process brings about.
func await(t *testing.T, otherwise string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	end := time.After(time.Minute)
	for !holds() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("after a minute %s", otherwise)
		}
	}
}
