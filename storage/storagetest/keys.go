package storagetest

import (
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
)

// Keys makes a pair of keys as age-keygen does: a public one for a config, and the path
// of a file with the secret one.
func Keys(t testing.TB) (recipient, file string) {
	t.Helper()
	k, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "key.txt")
	text := "# created: 2026-05-02T09:00:00Z\n# public key: " + k.Recipient().String() + "\n" + k.String() + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return k.Recipient().String(), file
}
