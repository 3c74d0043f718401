package storage

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"filippo.io/age"
	"github.com/mattn/go-sqlite3"

	"communityconnect/ledger"
)

// ErrExists is a restore to where something is.
var ErrExists = errors.New("there is a file already, and restore never overwrites one; move it away, with the -wal beside it, or restore to another name")

// RestoreOptions say what is restored.
type RestoreOptions struct {
	From       string         // path of a backup, or of a copy of a database
	To         string         // path; nothing may be there
	Identities []age.Identity // the secret keys, for an encrypted backup
	Now        time.Time
}

// Restored is a file that was restored.
type Restored struct {
	PutAside
	AsOf    time.Time     // it knows nothing of what came after
	Age     time.Duration // of what it knows
	Report  ledger.Report
	Checked bool // a digest lay beside the backup, and the backup is still what was written
}

// Restore makes a database of a backup, and lets nobody see it before it has passed the
// audit, is up to date with this program's schema, and has put aside what belongs to the
// past. An error leaves nothing behind but a lock file; it is ErrExists, ErrLocked,
// ErrMissing, ErrForeign, ErrNewer, ErrEncrypted, ErrIdentity, ErrDamaged, ErrUnsound or
// ErrNoRoom, or says what else is wrong.
func Restore(o RestoreOptions) (r Restored, err error) {
	if err := o.mayRestore(); err != nil {
		return r, err
	}
	// A bot that is started meanwhile must not found a new community in the same place.
	lock, err := takeLock(o.To + ".lock")
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("there is no directory %s; make it first, for the bot's user alone", filepath.Dir(o.To))
	}
	if err != nil {
		return r, err
	}
	part := o.To + ".restoring"
	defer func() { err = errors.Join(err, removeAll(part), lock.Close()) }()
	if err := errors.Join(o.mayRestore(), removeAll(part)); err != nil {
		return r, err
	}
	if r.Checked, err = o.unpackTo(part); err != nil {
		return r, noRoom(err)
	}
	if err := o.bringBack(part, &r); err != nil {
		return r, noRoom(unreadable(err))
	}
	if r.Report, err = auditRestored(part, o.From); err != nil {
		return r, fmt.Errorf("%w; use another backup", err)
	}
	return r, noRoom(o.publish(part))
}

// mayRestore refuses to overwrite, and to take for a backup what is in use.
func (o RestoreOptions) mayRestore() error {
	for _, ending := range []string{"", "-wal", "-journal"} {
		// A log that is empty, and what indexes it, is what readers leave behind.
		if info, err := os.Lstat(o.To + ending); err == nil && (ending == "" || info.Size() > 0) {
			return fmt.Errorf("%s: %w", o.To+ending, ErrExists)
		}
	}
	switch info, err := os.Stat(o.From); {
	case errors.Is(err, fs.ErrNotExist):
		return ErrMissing
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("it is not a file; name one of the backups")
	}
	for _, ending := range []string{"-wal", "-journal"} {
		if info, err := os.Stat(o.From + ending); err == nil && info.Size() > 0 {
			return fmt.Errorf("it is no backup but a database in use, the newest of which lies in %s; make a backup of it with communityconnect backup, or move both to where they are needed", filepath.Base(o.From+ending))
		}
	}
	return nil
}

// removeAll removes a file and all that SQLite may have put beside it.
func removeAll(part string) error {
	return removeEach(part, "", "-journal", "-wal", "-shm")
}

func removeEach(part string, endings ...string) error {
	var errs []error
	for _, ending := range endings {
		if err := os.Remove(part + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// unpackTo unpacks the backup, and holds it against the digest beside it, if there is one.
func (o RestoreOptions) unpackTo(part string) (checked bool, err error) {
	want, checked, err := readDigest(o.From)
	if err != nil {
		return false, err
	}
	in, err := os.Open(o.From)
	if err != nil {
		return false, err
	}
	defer in.Close()
	sum := sha256.New()
	all := io.TeeReader(in, sum)
	err = writeFile(disk{}, part, func(w io.Writer) error { return unpack(w, all, o.Identities) })
	if errors.Is(err, ErrEncrypted) || errors.Is(err, ErrIdentity) {
		return false, err // the rest was not read, and is not the matter
	}
	if _, err := io.Copy(io.Discard, all); err != nil {
		return false, err
	}
	if checked && sumOf(sum) != want && !errors.Is(err, ErrDamaged) {
		return false, damaged(errors.New("it is not what the file " + filepath.Base(o.From) + digestEnding + " says it was"))
	}
	return checked, err
}

// bringBack brings the schema up to date and puts aside what is past. The file is changed
// without a log beside it: whatever goes wrong, it is thrown away.
func (o RestoreOptions) bringBack(part string, r *Restored) (err error) {
	h, err := sql.Open("sqlite3", dsn(part, url.Values{
		"mode": {"rw"}, "_foreign_keys": {"true"}, "_journal_mode": {"MEMORY"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"}, "_secure_delete": {"true"},
	}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	h.SetMaxOpenConns(1)
	if version, err := schemaVersion(h); err != nil {
		return err
	} else if version == 0 {
		return ErrForeign
	}
	if err := migrate(h, ""); err != nil {
		return err
	}
	db := &DB{path: part, write: h, random: randomBytes, pristine: sync.OnceValues(pristine)}
	return db.Update(func(tx *Tx) error {
		_, found, err := tx.Community()
		if err != nil {
			return err
		}
		if !found {
			return errors.New("there is no community in it")
		}
		if r.AsOf, err = asOf(tx, o.From); err != nil {
			return err
		}
		r.Age = max(0, o.Now.Sub(r.AsOf))
		r.PutAside, err = tx.putAside(r.AsOf, o.Now)
		return err
	})
}

// asOf is when the backup was made, as its name says, or at least when the last thing
// happened that it knows of.
func asOf(tx *Tx, from string) (time.Time, error) {
	if n, ok := ParseBackupName(from); ok {
		return n.At, nil
	}
	last, err := tx.LastTrace()
	return last.Truncate(time.Second), err
}

// auditRestored audits what will be the database, every page and index of it, and holds
// it against the hash in the backup's name.
func auditRestored(part, from string) (r ledger.Report, err error) {
	db, err := OpenReader(part)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if r, err = db.sound("integrity_check", true); err != nil {
		return r, err
	}
	if n, ok := ParseBackupName(from); ok && n.Head != r.Head {
		return r, fmt.Errorf("these are not the books that its name speaks of: the newest hash is %s, not %s", r.Head.Short(), n.Head.Short())
	}
	return r, nil
}

// publish gives the file its name, on the disk for good.
func (o RestoreOptions) publish(part string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := o.mayRestore(); err != nil {
		return err // a program that knows nothing of our lock was there
	}
	// A reader of the file that was here before may still hold its index, which must not
	// become ours.
	if err := removeEach(o.To, "-wal", "-journal", "-shm"); err != nil {
		return err
	}
	if err := os.Rename(part, o.To); err != nil {
		return err
	}
	return disk{}.SyncDir(filepath.Dir(o.To))
}

// noRoom names a full disk.
func noRoom(err error) error {
	var e sqlite3.Error
	if errors.As(err, &e) && e.Code == sqlite3.ErrFull || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w (%w)", ErrNoRoom, err)
	}
	return err
}
