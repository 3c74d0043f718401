//go:build long

package storage_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// The sqlite3 shell, which is not built into the program and has settings of its own,
// is refused as well. It must be installed.
func TestShellIsRefused(t *testing.T) {
	path := place(t, besieged(t))
	before := shell(t, path, ".dump")
	for _, a := range attacks() {
		out, err := exec.Command("sqlite3", "-bail", path, a.sql).CombinedOutput()
		if a.ignored != (err == nil) {
			t.Errorf("%s: %v %s", a.name, err, out)
		}
	}
	if after := shell(t, path, ".dump"); !bytes.Equal(before, after) {
		t.Errorf("the books changed from\n%s\nto\n%s", before, after)
	}
	audited(t, path)
	// And what it may do, it does: otherwise the refusals prove nothing.
	shell(t, path, "UPDATE account SET ceiling = 6000 WHERE id = 3")
	if got := shell(t, path, "SELECT ceiling FROM account WHERE id = 3"); strings.TrimSpace(string(got)) != "6000" {
		t.Errorf("a new ceiling is %s", got)
	}
	audited(t, path)
}

func shell(t *testing.T, path, statement string) []byte {
	t.Helper()
	out, err := exec.Command("sqlite3", path, statement).Output()
	if err != nil {
		t.Fatalf("sqlite3: %v; install it with the system's package manager", err)
	}
	return out
}
