package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"communityconnect/community"
	"communityconnect/config"
	"communityconnect/storage"
)

// backups looks whether backups can be made, whether there are any, and whether the drill can
// open them.
func (l *findings) backups(to config.Backup, all []config.Community, now time.Time) {
	if err := backupsCanBeMade(to); err != nil {
		l.fail("backups", "%v", err)
		return
	}
	if to.Identity != "" {
		if err := readIdentities(to.Identity, new(storage.RestoreOptions)); err != nil {
			l.fail("backups", "the monthly drill can't open them: %v", err)
		}
	}
	for _, c := range all {
		founded, err := os.Stat(c.Database)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		last, found, failure := storage.LastBackup(to.Directory, c.Database, now)
		switch err := errors.Join(err, failure); {
		case err != nil:
			l.fail("backups", "%v", err)
		case !found:
			l.ok("backups", "there are none of %s yet; run makes one every night", founded.Name())
		case community.BackupSign(last, last, now).Wrong:
			l.fail("backups", "the newest of %s is %s old; communityconnect backup says what is in the way of a newer one", founded.Name(), ageOf(now.Sub(last)))
		default:
			l.ok("backups", "the newest of %s is %s old", founded.Name(), ageOf(max(0, now.Sub(last))))
		}
	}
}

// backupsCanBeMade looks at the directory, which is made with the first of them.
func backupsCanBeMade(to config.Backup) error {
	switch info, err := os.Stat(to.Directory); {
	case err == nil && !info.IsDir():
		return errors.New(to.Directory + " is no directory, and is where backups are to go")
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if _, err := os.Stat(filepath.Dir(to.Directory)); err != nil {
		return errors.New("there is no directory " + filepath.Dir(to.Directory) + " to put " + filepath.Base(to.Directory) + " in; make it first, and if it is on another disk, see that this is mounted")
	}
	return nil
}
