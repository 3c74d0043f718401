package storage_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// A verified, compressed and encrypted backup of a million transfers, against copying the
// file and flushing it, in turns in one run; and what a neighbour's trade takes, one at a
// time, with and without a backup beside it. Making the million takes a minute or two.
func BenchmarkBackup(b *testing.B) {
	db := storagetest.New(b, 100)
	storagetest.Fill(b, db, 1_000_000)
	secret := key(b)
	o := safe(b)
	o.Recipients, o.Keep = []string{secret.Recipient().String()}, storage.Keep{Newest: 1}
	var copied, saved, restored, quiet, beside []float64
	var size int64
	for b.Loop() {
		copied = append(copied, milliseconds(func() { copyFile(b, db.Path()) }))
		quiet = append(quiet, trades(b, db, nil)...)
		o.Now = o.Now.Add(time.Minute)
		saved = append(saved, milliseconds(func() { size = backup(b, db, o).Size }))

		o.Now = o.Now.Add(time.Minute)
		done := make(chan struct{})
		var made storage.Backup
		go func() { defer close(done); made = backup(b, db, o) }()
		beside = append(beside, trades(b, db, done)...)
		to := filepath.Join(b.TempDir(), "back.db")
		restored = append(restored, milliseconds(func() {
			if _, err := storage.Restore(storage.RestoreOptions{From: made.Path, To: to, Identities: []age.Identity{secret}, Now: o.Now}); err != nil {
				b.Fatal(err)
			}
		}))
		if err := os.Remove(to); err != nil {
			b.Fatal(err)
		}
	}
	info, err := os.Stat(db.Path())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(info.Size())/1e6, "MB-file")
	b.ReportMetric(float64(size)/1e6, "MB-backup")
	b.ReportMetric(median(copied), "ms-cp")
	b.ReportMetric(median(saved), "ms-backup")
	b.ReportMetric(median(saved)/median(copied), "x-cp")
	b.ReportMetric(median(restored), "ms-restore")
	b.ReportMetric(median(quiet)*1000, "µs-trade")
	b.ReportMetric(median(beside)*1000, "µs-trade-beside")
	b.ReportMetric(median(beside)/median(quiet), "x-trade")
}

func milliseconds(f func()) float64 {
	start := time.Now()
	f()
	return float64(time.Since(start).Microseconds()) / 1000
}

// trades makes trades at the pace of a very busy community until done, or five hundred of
// them, and returns how long each took, in milliseconds.
func trades(b *testing.B, db *storage.DB, done <-chan struct{}) (took []float64) {
	for done != nil || len(took) < 500 {
		select {
		case <-done:
			return took
		case <-time.After(3 * time.Millisecond):
		}
		took = append(took, milliseconds(func() {
			storagetest.Update(b, db, func(tx *storage.Tx) error { return trade(tx, 2, 3) })
		}))
	}
	return took
}

// copyFile is cp and a flush.
func copyFile(b *testing.B, path string) {
	in, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(filepath.Join(b.TempDir(), "copy"))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		b.Fatal(err)
	}
	if err := out.Sync(); err != nil {
		b.Fatal(err)
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
	if err := os.Remove(out.Name()); err != nil {
		b.Fatal(err)
	}
}
