package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"communityconnect/ledger"
)

// BackupName is what the name of a backup says: whose it is, up to when it knows what
// happened, and the newest hash of its books, which `audit --head` takes.
type BackupName struct {
	Stem      string    // the database's name without its ending
	At        time.Time // to the second
	Head      ledger.Hash
	Encrypted bool
}

const (
	backupTime   = "20060102T150405Z"
	backupEnding = ".db.zst"
	ageEnding    = ".age"
	digestEnding = ".sha256"
	partEnding   = ".part" // of what is still being written
)

// backupForm is a backup's name. There is no colon in it, so that it can lie on any disk.
var backupForm = regexp.MustCompile(`^(.+)-([0-9]{8}T[0-9]{6}Z)-([0-9a-f]{64})\.db\.zst(\.age)?$`)

// String returns the name of the backup's file.
func (n BackupName) String() string {
	name := fmt.Sprintf("%s-%s-%s%s", n.Stem, n.At.UTC().Format(backupTime), n.Head, backupEnding)
	if n.Encrypted {
		name += ageEnding
	}
	return name
}

// ParseBackupName reads the name of a file, wherever the file is; ok is false for one that
// is not a backup's.
func ParseBackupName(path string) (n BackupName, ok bool) {
	m := backupForm.FindStringSubmatch(filepath.Base(path))
	if m == nil {
		return n, false
	}
	at, err := time.Parse(backupTime, m[2])
	if err != nil {
		return n, false
	}
	head, err := ledger.ParseHash(m[3])
	return BackupName{Stem: m[1], At: at, Head: head, Encrypted: m[4] != ""}, err == nil
}

// BackupStem is how the names of a database's backups begin.
func BackupStem(database string) string { return stemOf(database) }

// stemOf is how the backups of a database are called.
func stemOf(database string) string {
	base := filepath.Base(database)
	if stem := strings.TrimSuffix(base, filepath.Ext(base)); stem != "" {
		return stem
	}
	return base
}

// Keep is the rule of rotation. A backup stays if any part of it says so; days, weeks
// (from Monday) and months are those of UTC, and ones without a backup don't count.
type Keep struct {
	Newest  int // the last so many; at least one always stays
	Daily   int // the newest of each of the last so many days
	Weekly  int
	Monthly int
}

// DefaultKeep goes back about a year with some two dozen backups.
func DefaultKeep() Keep { return Keep{Newest: 3, Daily: 7, Weekly: 5, Monthly: 12} }

// Surplus returns the backups that may go, newest first.
func (k Keep) Surplus(all []BackupName) []BackupName {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b BackupName) int { return b.At.Compare(a.At) })
	rules := []struct {
		most   int
		period func(time.Time) string
	}{
		{max(1, k.Newest), func(t time.Time) string { return "" }},
		{k.Daily, func(t time.Time) string { return t.Format(time.DateOnly) }},
		{k.Weekly, func(t time.Time) string { y, w := t.ISOWeek(); return fmt.Sprint(y, w) }},
		{k.Monthly, func(t time.Time) string { return t.Format("2006-01") }},
	}
	kept := make([]bool, len(all))
	for _, r := range rules {
		last, count := "", 0
		for i, n := range all {
			p := r.period(n.At.UTC())
			if count < r.most && (p == "" || p != last) {
				kept[i] = true
				count++
			}
			last = p
		}
	}
	var surplus []BackupName
	for i, n := range all {
		if !kept[i] {
			surplus = append(surplus, n)
		}
	}
	return surplus
}

// rotate removes the older backups of these books that the rule has no use for. Ours are
// those whose hash is in our chain: what was saved of another community, or of a future
// that a restore undid, is not ours to remove.
func (m *backup) rotate(copied *DB, b *Backup) error {
	named, err := backupsIn(m.Directory, m.stem)
	if err != nil {
		return err
	}
	var ours []BackupName
	err = copied.View(func(tx *Tx) error { ours, err = tx.ofTheseBooks(named); return err })
	if err != nil {
		return err
	}
	b.Foreign = len(named) - len(ours)
	for _, n := range m.Keep.Surplus(ours) {
		name := n.String()
		if name == filepath.Base(b.Path) {
			continue // a clock that once ran ahead has left backups that seem newer
		}
		if err := m.files.Remove(m.in(name)); err != nil {
			return err
		}
		b.Removed = append(b.Removed, name)
		if err := m.files.Remove(m.in(name + digestEnding)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// ofTheseBooks returns the backups whose hash is in the chain. Hashes have no index, so
// it looks for all of them in one go.
func (tx *Tx) ofTheseBooks(all []BackupName) (ours []BackupName, err error) {
	args := make([]any, len(all))
	for i, n := range all {
		args[i] = n.Head[:]
	}
	hashes, err := list(tx, func(s scanner) (h ledger.Hash, err error) {
		var b []byte
		err = s.Scan(&b)
		copy(h[:], b)
		return h, err
	}, "SELECT hash FROM transfer WHERE hash IN (?"+strings.Repeat(", ?", max(0, len(all)-1))+")", append([]any{}, args...)...)
	if err != nil {
		return nil, err
	}
	known := map[ledger.Hash]bool{{}: true} // a backup from before the first transfer
	for _, h := range hashes {
		known[h] = true
	}
	for _, n := range all {
		if known[n.Head] {
			ours = append(ours, n)
		}
	}
	return ours, nil
}
