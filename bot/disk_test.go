package bot_test

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// controlName is the variable of the environment that names a disk's control file.
const controlName = "DISK_CONTROL"

// disk steers testdata/disk/disk.c, which is preloaded into this process or a child.
type disk struct {
	t       testing.TB
	control *os.File
}

// The numbers in the control file.
const (
	flushes = iota
	written
	flushMicros
	writeError
	flushError

	controls
)

// newDisk makes a control file for a child.
func newDisk(t testing.TB) disk {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "control"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	d := disk{t, f}
	for i := range controls {
		d.set(i, 0)
	}
	return d
}

// ownDisk is the one that this process was started with, if any.
func ownDisk(t testing.TB) (d disk, ok bool) {
	name := os.Getenv(controlName)
	if name == "" {
		return disk{}, false
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return disk{t, f}, true
}

func (d disk) set(which int, n int64) {
	if _, err := d.control.WriteAt(binary.NativeEndian.AppendUint64(nil, uint64(n)), int64(8*which)); err != nil {
		d.t.Fatal(err)
	}
}

func (d disk) get(which int) int64 {
	var b [8]byte
	if _, err := d.control.ReadAt(b[:], int64(8*which)); err != nil {
		d.t.Fatal(err)
	}
	return int64(binary.NativeEndian.Uint64(b[:]))
}

// flushTakes makes every flush take that long instead of what the disk takes.
func (d disk) flushTakes(t time.Duration) { d.set(flushMicros, t.Microseconds()) }

// preload compiles a library of testdata/disk and returns where it is.
func preload(t testing.TB, name string) string {
	t.Helper()
	library := filepath.Join(t.TempDir(), name+".so")
	out, err := exec.Command("gcc", "-shared", "-fPIC", "-O2", "-o", library, filepath.Join("testdata", "disk", name+".c"), "-ldl", "-lpthread").CombinedOutput()
	if err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	return library
}

// child prepares to run one test or benchmark of this binary in a process of its own.
func child(t testing.TB, library string, d disk, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "LD_PRELOAD="+library, controlName+"="+d.control.Name())
	cmd.Stderr = os.Stderr
	return cmd
}
