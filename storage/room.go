package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// RoomBeside returns how much room is left on the disk that a file lies on, for who is not
// its administrator, and how large it is, in bytes.
func RoomBeside(path string) (free, size uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &s); err != nil {
		return 0, 0, err
	}
	return s.Bavail * uint64(s.Bsize), s.Blocks * uint64(s.Bsize), nil
}

// LastBackup returns when the newest backup of a database was made. A file that has a
// backup's name has passed every check when it was given it.
func LastBackup(directory, database string, now time.Time) (at time.Time, found bool, err error) {
	all, err := backupsIn(directory, stemOf(database))
	n, found := newestBackup(all, now)
	return n.At, found, err
}

// newestBackup returns the newest that is not of a day to come: such a one is of a clock
// that was ahead, and nobody knows how old it is.
func newestBackup(all []BackupName, now time.Time) (last BackupName, found bool) {
	for _, n := range all {
		if n.At.After(last.At) && !n.At.After(now.Add(24*time.Hour)) {
			last, found = n, true
		}
	}
	return last, found
}

// backupsIn lists the backups in a directory that are called after a database; none where
// there is no such directory.
func backupsIn(directory, stem string) (all []BackupName, err error) {
	entries, err := os.ReadDir(directory)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), stem+"-") {
			continue
		}
		if n, ok := ParseBackupName(e.Name()); ok && n.Stem == stem && e.Type().IsRegular() {
			all = append(all, n)
		}
	}
	return all, nil
}
