package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"filippo.io/age"

	"communityconnect/storage"
)

// A drill restores the newest backup and leaves nothing behind; without the key it holds an
// encrypted one against its digest.
func TestDrill(t *testing.T) {
	db, secret := saved(t), key(t)
	for name, c := range map[string]struct {
		recipients []string
		keys       []age.Identity
		opened     bool
	}{
		"plain":         {nil, nil, true},
		"encrypted":     {[]string{secret.Recipient().String()}, []age.Identity{secret}, true},
		"without a key": {[]string{secret.Recipient().String()}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := safe(t)
			if _, err := storage.TryRestore(o.Directory, db.Path(), c.keys, time.Now); !errors.Is(err, storage.ErrNoBackup) {
				t.Errorf("without a backup: %v", err)
			}
			o.Recipients = c.recipients
			backup(t, db, o)
			next(t, db, &o)
			before := names(t, filepath.Dir(db.Path()))
			d, err := storage.TryRestore(o.Directory, db.Path(), c.keys, time.Now)
			if err != nil || d.Opened != c.opened || !d.Of.At.Equal(o.Now.Truncate(time.Second)) || c.opened && d.Report.Transfers != 100 {
				t.Errorf("%+v, %v", d, err)
			}
			if after := names(t, filepath.Dir(db.Path())); !slices.Equal(before, after) {
				t.Errorf("it leaves %q", after)
			}
		})
	}
}

// A byte that has changed in any backup, and a digest that is gone, are found, by name; a
// drill of a damaged one fails.
func TestDamagedBackupsAreFound(t *testing.T) {
	db, o := saved(t), safe(t)
	var all []string
	for range 3 {
		next(t, db, &o)
	}
	for _, name := range names(t, o.Directory) {
		if _, ok := storage.ParseBackupName(name); ok {
			all = append(all, name)
		}
	}
	find := func(want ...string) {
		t.Helper()
		if got, err := storage.DamagedBackups(o.Directory, db.Path()); err != nil || !slices.Equal(got, want) {
			t.Errorf("found %q, %v", got, err)
		}
	}
	find()
	newest := filepath.Join(o.Directory, all[2])
	body := read(t, newest)
	for _, at := range []int{0, len(body) / 2, len(body) - 1} {
		body[at] ^= 1
		if err := os.WriteFile(newest, body, 0o600); err != nil {
			t.Fatal(err)
		}
		find(all[2])
		if _, err := storage.TryRestore(o.Directory, db.Path(), nil, func() time.Time { return o.Now }); err == nil {
			t.Error("a damaged backup was restored")
		}
		body[at] ^= 1
	}
	if err := os.WriteFile(newest, body, 0o600); err != nil {
		t.Fatal(err)
	}
	find()
	if err := os.Remove(filepath.Join(o.Directory, all[0]+".sha256")); err != nil {
		t.Fatal(err)
	}
	find(all[0])
}
