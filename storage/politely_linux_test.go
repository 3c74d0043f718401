package storage

import (
	"syscall"
	"testing"
)

// Long work stands back; what comes after it does not, and a panic is its caller's.
func TestPolitely(t *testing.T) {
	priority := func() int {
		p, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
		fine(t, err)
		return 20 - p // as the system call counts
	}
	before := priority()
	var during int
	politely(func() { during = priority() })
	if want := min(19, max(before, nice)); during != want || priority() != before {
		t.Errorf("before %d, during %d (want %d), after %d", before, during, want, priority())
	}
	defer func() {
		if recover() == nil {
			t.Error("a panic was lost")
		}
	}()
	politely(func() { panic("no") })
}
