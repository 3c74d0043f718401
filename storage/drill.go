package storage

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
)

// ErrNoBackup is a drill where there is nothing to restore.
var ErrNoBackup = errors.New("there is no backup to try")

// Drill is a restore that was only tried.
type Drill struct {
	Of BackupName
	Restored
	Opened bool          // it was restored and audited; else it is only still what was written
	Took   time.Duration // by the clock
}

// TryRestore restores the newest backup of a database to a place beside it, audits it, and
// throws it away again. One that is encrypted can be opened only with one of the secret
// keys; without any it is held against its digest. It fails with ErrNoBackup, ErrDamaged,
// or as Restore does.
func TryRestore(directory, database string, keys []age.Identity, now func() time.Time) (d Drill, err error) {
	all, err := backupsIn(directory, stemOf(database))
	if err != nil {
		return d, err
	}
	begun := now()
	of, found := newestBackup(all, begun)
	if !found {
		return d, ErrNoBackup
	}
	d.Of = of
	from := filepath.Join(directory, d.Of.String())
	if d.Of.Encrypted && len(keys) == 0 {
		err := checkDigest(from)
		d.Took = now().Sub(begun)
		return d, err
	}
	to := database + ".drill"
	if err := removeAll(to); err != nil {
		return d, err
	}
	politely(func() { d.Restored, err = Restore(RestoreOptions{From: from, To: to, Identities: keys, Now: now()}) })
	d.Opened, d.Took = err == nil, now().Sub(begun)
	return d, errors.Join(err, removeAll(to), removeEach(to, ".lock"))
}

// DamagedBackups returns the names of a database's backups that are no longer what was
// written, or can't be read. It reads all of them.
func DamagedBackups(directory, database string) (damaged []string, err error) {
	all, err := backupsIn(directory, stemOf(database))
	if err != nil {
		return nil, err
	}
	politely(func() {
		for _, n := range all {
			failure := checkDigest(filepath.Join(directory, n.String()))
			if failure != nil && !errors.Is(failure, os.ErrNotExist) { // rotation may take one away meanwhile
				damaged = append(damaged, n.String())
			}
		}
	})
	return damaged, err
}

// checkDigest holds a backup against the digest beside it.
func checkDigest(path string) error {
	want, found, err := readDigest(path)
	if err != nil {
		return damaged(err)
	}
	if !found {
		return damaged(errors.New("there is no digest beside it"))
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if sumOf(sum) != want {
		return damaged(errors.New("it is not what was written"))
	}
	return nil
}
