package storage_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"

	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// errCut is the end of the power.
var errCut = errors.New("the power is gone")

// failing is a disk on which one act goes wrong. With errCut everything after it does,
// too, and what was written and not flushed by then is half gone.
type failing struct {
	storage.Files
	at     int // the act that fails, from 0
	err    error
	acts   int
	dirty  map[string]int64 // what of a file has been flushed
	broken bool
}

// act counts one, and says whether it fails.
func (f *failing) act() error {
	f.acts++
	if f.broken {
		return errCut
	}
	if f.acts-1 != f.at {
		return nil
	}
	if errors.Is(f.err, errCut) {
		f.broken = true
		f.loseUnflushed()
	}
	return f.err
}

func (f *failing) loseUnflushed() {
	for path, flushed := range f.dirty {
		if info, err := os.Stat(path); err == nil {
			_ = os.Truncate(path, flushed+(info.Size()-flushed)/2)
		}
	}
}

func (f *failing) Create(path string) (storage.File, error) {
	if err := f.act(); err != nil {
		return nil, err
	}
	file, err := f.Files.Create(path)
	if err != nil {
		return nil, err
	}
	f.dirty[path] = 0
	return &failingFile{File: file, path: path, on: f}, nil
}

func (f *failing) Rename(from, to string) error {
	if err := f.act(); err != nil {
		return err
	}
	if flushed, dirty := f.dirty[from]; dirty { // a name says nothing about what is on the disk
		delete(f.dirty, from)
		f.dirty[to] = flushed
	}
	return f.Files.Rename(from, to)
}

func (f *failing) Remove(path string) error {
	if err := f.act(); err != nil {
		return err
	}
	return f.Files.Remove(path)
}

func (f *failing) SyncDir(path string) error {
	if err := f.act(); err != nil {
		return err
	}
	return f.Files.SyncDir(path)
}

type failingFile struct {
	storage.File
	path string
	on   *failing
}

// Write writes half where it fails.
func (w *failingFile) Write(b []byte) (int, error) {
	if err := w.on.act(); err != nil {
		n := 0
		if !errors.Is(err, errCut) {
			n, _ = w.File.Write(b[:len(b)/2])
		}
		return n, err
	}
	return w.File.Write(b)
}

func (w *failingFile) Sync() error {
	if err := w.on.act(); err != nil {
		return err
	}
	if err := w.File.Sync(); err != nil {
		return err
	}
	delete(w.on.dirty, w.path)
	return nil
}

// Whichever step of a backup fails, or is the last before the power goes: what has a
// backup's name passes the audit, the older backup is still there unless a newer one is,
// and the next backup succeeds and clears away what is left.
func TestInterruptedBackups(t *testing.T) {
	db, secret := saved(t), key(t)
	for fault, recipients := range map[error][]string{errCut: {secret.Recipient().String()}, syscall.ENOSPC: nil} {
		o := safe(t)
		o.Recipients, o.Keep = recipients, storage.Keep{Newest: 1}
		backup(t, db, o)
		at := 0
		for ; interrupt(t, db, &o, at, fault, secret); at++ {
			next(t, db, &o)
			if all := names(t, o.Directory); len(all) != 2 {
				t.Errorf("%v at step %d: after the next backup there are %q", fault, at, all)
			}
			noParts(t, fmt.Sprint(fault, at), o.Directory, db.Path())
		}
		if at < 10 {
			t.Errorf("%v was tried at %d steps only", fault, at)
		}
	}
}

// next makes the backup of the next day.
func next(t *testing.T, db *storage.DB, o *storage.BackupOptions) {
	t.Helper()
	o.Now = o.Now.AddDate(0, 0, 1)
	backup(t, db, *o)
}

// interrupt makes a backup of which one step fails, and reports whether there was such a
// step. There is an older one, which the rule has no use for.
func interrupt(t *testing.T, db *storage.DB, o *storage.BackupOptions, at int, fault error, secret age.Identity) bool {
	t.Helper()
	o.Now = o.Now.AddDate(0, 0, 1)
	broken := &failing{Files: storage.Disk(), at: at, err: fault, dirty: map[string]int64{}}
	b, err := db.Backup(o.On(broken))
	switch {
	case broken.acts <= at:
		if err != nil {
			t.Errorf("nothing failed, but %v", err)
		}
		return false
	case !errors.Is(err, fault):
		t.Errorf("step %d: %v instead of %v", at, err, fault)
	case fault == syscall.ENOSPC && b.Path == "" && !errors.Is(err, storage.ErrNoRoom):
		t.Errorf("step %d: %v does not say that the disk is full", at, err)
	}
	if everyBackupIsWhole(t, o.Directory, secret) == 0 {
		t.Errorf("%v at step %d: no backup is left", fault, at)
	}
	if fault != errCut && b.Path == "" {
		noParts(t, fmt.Sprint(fault, at), o.Directory, db.Path())
	}
	return true
}

// everyBackupIsWhole restores all files with a backup's name and returns how many there are.
func everyBackupIsWhole(t *testing.T, dir string, secret age.Identity) (whole int) {
	t.Helper()
	for _, file := range names(t, dir) {
		if _, ok := storage.ParseBackupName(file); !ok {
			continue
		}
		to := filepath.Join(t.TempDir(), "back.db")
		r, err := storage.Restore(storage.RestoreOptions{From: filepath.Join(dir, file), To: to, Identities: []age.Identity{secret}, Now: two})
		if err != nil || r.Report.Transfers != 100 {
			t.Errorf("%s: %d transfers, %v", file, r.Report.Transfers, err)
		}
		whole++
	}
	return whole
}

func noParts(t *testing.T, name string, dir, database string) {
	t.Helper()
	for _, file := range append(names(t, dir), names(t, filepath.Dir(database))...) {
		if strings.Contains(file, "part") || strings.Contains(file, "snapshot") {
			t.Errorf("%s: %s is left", name, file)
		}
	}
}

// A process that was killed leaves its copy beside the database; the next backup takes it
// away before it begins.
func TestLeftSnapshotIsRemoved(t *testing.T) {
	db, o := saved(t), safe(t)
	if err := os.WriteFile(db.Path()+".snapshot", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	backup(t, db, o)
	noParts(t, "a kill", o.Directory, db.Path())
}

// tamperingFile changes a byte on its way to the disk, as a broken one does.
type tamperingFile struct{ storage.File }

func (f tamperingFile) Write(b []byte) (int, error) {
	b = append([]byte{}, b...)
	b[len(b)-1] ^= 1
	return f.File.Write(b)
}

type tampering struct{ storage.Files }

func (f tampering) Create(path string) (storage.File, error) {
	file, err := f.Files.Create(path)
	return tamperingFile{file}, err
}

// What a broken disk makes of a backup is noticed before it gets its name.
func TestBrokenDiskIsNoticed(t *testing.T) {
	for _, recipients := range [][]string{nil, {key(t).Recipient().String()}} {
		db, o := saved(t), safe(t)
		o.Recipients = recipients
		if b, err := db.Backup(o.On(tampering{storage.Disk()})); err == nil || !strings.Contains(err.Error(), "read back") {
			t.Errorf("%+v, %v", b, err)
		}
		if all := names(t, o.Directory); len(all) != 0 {
			t.Errorf("%q", all)
		}
	}
}

// A file that SQLite itself can't read is not backed up.
func TestBackupOfBrokenFile(t *testing.T) {
	db := storagetest.New(t, 3)
	storagetest.Fill(t, db, 2000)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	body := read(t, db.Path())
	for at := len(body) - 200<<10; at < len(body); at++ {
		body[at] ^= 0x55
	}
	path := place(t, body)
	reader, err := storage.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	o := safe(t)
	if b, err := reader.Backup(o); !errors.Is(err, storage.ErrUnsound) {
		t.Errorf("%+v, %v", b, err)
	}
	if all := names(t, o.Directory); len(all) != 0 {
		t.Errorf("%q", all)
	}
}

// fullDisk is the environment's word for the child of TestBackupOnFullDisk.
const fullDisk = "DISK_CONTROL"

// A disk without room for the copy beside the database is said to be full, and nothing is
// left. SQLite writes through libc, where a library stands in for the disk.
func TestBackupOnFullDisk(t *testing.T) {
	if control, child := os.LookupEnv(fullDisk); child {
		backUpOnFullDisk(t, control)
		return
	}
	dir := t.TempDir()
	library, control := filepath.Join(dir, "disk.so"), filepath.Join(dir, "control")
	out, err := exec.Command("gcc", "-shared", "-fPIC", "-O2", "-o", library, "../bot/testdata/disk/disk.c", "-ldl", "-lpthread").CombinedOutput()
	if err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	if err := os.WriteFile(control, make([]byte, 64), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestBackupOnFullDisk$", "-test.v")
	cmd.Env = append(os.Environ(), "LD_PRELOAD="+library, fullDisk+"="+control)
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "there is no room on the disk") {
		t.Errorf("%v: %s", err, out)
	}
}

func backUpOnFullDisk(t *testing.T, control string) {
	db, o := saved(t), safe(t)
	older := backup(t, db, o)
	f, err := os.OpenFile(control, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	setError := func(e syscall.Errno) { // the fourth number there: of every write
		if _, err := f.WriteAt(binary.NativeEndian.AppendUint64(nil, uint64(e)), 24); err != nil {
			t.Fatal(err)
		}
	}
	setError(syscall.ENOSPC)
	_, err = db.Backup(o)
	setError(0)
	if !errors.Is(err, storage.ErrNoRoom) {
		t.Errorf("%v", err)
	}
	t.Log(err)
	if all := names(t, o.Directory); len(all) != 2 || all[0] != filepath.Base(older.Path) {
		t.Errorf("%q", all)
	}
	noParts(t, "a full disk", o.Directory, db.Path())
	backup(t, db, o)
}
