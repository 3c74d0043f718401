//go:build long

package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// Killed at any moment while a bot writes, backup leaves nothing under a backup's name
// that can't be restored, and the next one clears away what is left.
func TestKilledBackups(t *testing.T) {
	db := riverside(t)
	storagetest.Update(t, db, func(tx *storage.Tx) error { return tx.SetLimits(3, -600_000, 600_000, true) })
	storagetest.Fill(t, db, 20_000)
	config := backupConfig(t, db.Path(), "")
	start := time.Now()
	dir := filepath.Dir(backedUp(t, config))
	whole := time.Since(start)
	random := rand.New(rand.NewPCG(1, 2))
	killed, known := 0, map[string]bool{}
	for range 60 {
		cmd := exec.Command(os.Args[0], "backup", "--config", config)
		cmd.Env = append(os.Environ(), asProgram+"=1")
		fine(t, cmd.Start())
		timer := time.AfterFunc(time.Duration(random.Int64N(int64(whole+whole/2))), func() { _ = cmd.Process.Kill() })
		storagetest.Fill(t, db, 3)
		if err := cmd.Wait(); err != nil {
			killed++
		}
		timer.Stop()
		entries, err := os.ReadDir(dir)
		fine(t, err)
		for _, e := range entries {
			if _, ok := storage.ParseBackupName(e.Name()); ok && !known[e.Name()] {
				known[e.Name()] = true
				must(t, "restore", "--from", filepath.Join(dir, e.Name()), "--to", filepath.Join(t.TempDir(), "back.db"))
			}
		}
	}
	if killed < 15 {
		t.Errorf("only %d of 60 were killed in time", killed)
	}
	backedUp(t, config)
	for _, pattern := range []string{filepath.Join(dir, ".*.part"), db.Path() + ".snapshot"} {
		if left, err := filepath.Glob(pattern); err != nil || len(left) > 0 {
			t.Errorf("left: %q, %v", left, err)
		}
	}
}
