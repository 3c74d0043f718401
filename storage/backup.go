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
	"strings"
	"syscall"
	"time"

	"filippo.io/age"

	"communityconnect/ledger"
)

// Errors of Backup.
var (
	ErrBackingUp = errors.New("another backup is being made of the same file or into the same directory; try again when it is done")
	ErrUnsound   = errors.New("the books do not hold")
	ErrNoRoom    = errors.New("there is no room on the disk; make some and try again, nothing was changed")
)

// BackupOptions say where a backup goes.
type BackupOptions struct {
	Directory  string   // made if only its last element is missing
	Recipients []string // age public keys; none: not encrypted
	Keep       Keep
	Now        time.Time

	files files // the disk, where it is nil
}

// Backup is one that was made.
type Backup struct {
	BackupName
	Path    string
	Size    int64 // bytes
	Report  ledger.Report
	Removed []string // the names of older ones that rotation took away
	Foreign int      // backups of the same name that hold other books, which rotation leaves alone
}

// backup is one in the making.
type backup struct {
	BackupOptions
	db         *DB
	stem       string
	snapshot   string // path
	recipients []age.Recipient
	locks      []*os.File
}

// Backup makes a backup while others go on reading and writing. It copies the file as it
// is at one moment, audits the copy, packs it, and reads what it packed back from the
// disk; a file that has a backup's name has passed all that. Then older backups of these
// books go, as Keep says.
//
// It takes one processor, and where it can only what of that nobody else wants. Beside the
// database it needs room for a copy while it works: where backups are encrypted, their
// directory never holds anything that is not. It fails with ErrBackingUp, ErrUnsound or
// ErrNoRoom. With any other error and a Path, the backup is made and only the rotation
// failed.
func (db *DB) Backup(o BackupOptions) (b Backup, err error) {
	politely(func() { b, err = db.backUp(o) })
	return b, err
}

func (db *DB) backUp(o BackupOptions) (b Backup, err error) {
	if o.files == nil {
		o.files = disk{}
	}
	path, err := filepath.Abs(db.path) // VACUUM INTO takes "file:" at the start of a name for more than a name
	if err != nil {
		return b, err
	}
	m := &backup{BackupOptions: o, db: db, stem: stemOf(path), snapshot: path + ".snapshot"}
	if m.recipients, err = parseRecipients(o.Recipients); err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	if err := m.open(); err != nil {
		return b, m.explain(err)
	}
	b.BackupName = BackupName{Stem: m.stem, At: o.Now.UTC().Truncate(time.Second), Encrypted: len(m.recipients) > 0}
	if err := db.copyTo(m.snapshot); err != nil {
		return b, m.explain(unreadable(err))
	}
	copied, err := OpenReader(m.snapshot)
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	if b.Report, err = copied.sound("quick_check", false); err != nil {
		return b, fmt.Errorf("%w, so no backup was made, and the older ones are untouched; communityconnect audit lists all faults", err)
	}
	b.Head = b.Report.Head
	if err := m.publish(&b); err != nil {
		b.Path = ""
		return b, m.explain(err)
	}
	if err := m.rotate(copied, &b); err != nil {
		return b, fmt.Errorf("the backup is made, but older ones could not be removed: %w", err)
	}
	return b, nil
}

// open makes the directory, takes the locks, and removes what an interrupted backup left.
func (m *backup) open() error {
	switch err := os.Mkdir(m.Directory, 0o700); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no directory %s to put %s in; make it first, and if it is on another disk, see that this is mounted", filepath.Dir(m.Directory), filepath.Base(m.Directory))
	case err != nil && !errors.Is(err, fs.ErrExist):
		return err
	}
	for _, path := range []string{m.snapshot + ".lock", m.in("." + m.stem + ".lock")} {
		lock, err := takeLock(path)
		if errors.Is(err, ErrLocked) {
			return ErrBackingUp
		}
		if err != nil {
			return err
		}
		m.locks = append(m.locks, lock)
	}
	return m.tidy()
}

// tidy removes unfinished files. Nobody else is at work on any, while we hold the locks.
func (m *backup) tidy() error {
	if err := m.dropSnapshot(); err != nil {
		return err
	}
	entries, err := os.ReadDir(m.Directory)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, e := range entries {
		there[e.Name()] = true
	}
	for name := range there {
		if m.unfinished(name, there) {
			if err := m.files.Remove(m.in(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// unfinished reports whether a file is part of a backup of ours that never was made.
func (m *backup) unfinished(name string, there map[string]bool) bool {
	whole := strings.TrimSuffix(strings.TrimPrefix(name, "."), partEnding)
	of := strings.TrimSuffix(whole, digestEnding)
	n, ok := ParseBackupName(of)
	part, digest := whole != name, of != whole
	return ok && n.Stem == m.stem && (part || digest && !there[of])
}

func (m *backup) dropSnapshot() error {
	for _, ending := range []string{"", "-journal"} {
		if err := os.Remove(m.snapshot + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// close gives everything back. The lock files stay, as everywhere.
func (m *backup) close() error {
	var errs []error
	if len(m.locks) > 0 {
		errs = append(errs, m.dropSnapshot())
	}
	for _, l := range m.locks {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

func (m *backup) in(name string) string { return filepath.Join(m.Directory, name) }

// copyTo writes the file as it is at one moment to a new one. It never waits for the
// writer, and the writer never for it. The copy is made once more after a power cut, so
// it need not survive one.
func (db *DB) copyTo(path string) (err error) {
	f, err := disk{}.Create(path) // SQLite fills an empty file, and this one is nobody else's to read
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	h, err := sql.Open("sqlite3", dsn(db.path, url.Values{"mode": {"ro"}, "_busy_timeout": {"5000"}, "_synchronous": {"OFF"}}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	_, err = h.Exec("VACUUM INTO ?", path)
	return err
}

// sound opens every page of the file and audits it. The check is SQLite's quick_check or
// integrity_check.
func (db *DB) sound(check string, sideBySide bool) (ledger.Report, error) {
	var first string
	if err := db.read.QueryRow("PRAGMA " + check + "(1)").Scan(&first); err != nil {
		return ledger.Report{}, unreadable(err)
	}
	if first != "ok" {
		return ledger.Report{}, fmt.Errorf("%w: %s", ErrUnsound, first)
	}
	r, err := db.audit(nil, sideBySide)
	if err != nil {
		return r, unreadable(err)
	}
	if !r.OK() {
		err = fmt.Errorf("%w: %s", ErrUnsound, r.Faults[0])
	}
	return r, err
}

// publish packs the copy into a file of which nobody ever sees half.
func (m *backup) publish(b *Backup) (err error) {
	for { // two in one second
		b.Path = m.in(b.String())
		if _, err := os.Lstat(b.Path); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return err
		}
		b.At = b.At.Add(time.Second)
	}
	part := m.in("." + b.String() + partEnding)
	digestPath := b.Path + digestEnding
	digestPart := m.in("." + b.String() + digestEnding + partEnding)
	defer func() {
		if err != nil { // what can't be removed now, the next backup removes
			_ = m.files.Remove(part)
			_ = m.files.Remove(digestPart)
			if _, gone := os.Lstat(b.Path); gone != nil {
				_ = m.files.Remove(digestPath)
			}
		}
	}()
	inside, outside, err := m.pack(part)
	if err != nil {
		return err
	}
	if b.Size, err = sizeOf(part); err != nil {
		return err
	}
	if err := writeFile(m.files, digestPart, func(w io.Writer) error { return writeDigests(w, b.String(), inside, outside) }); err != nil {
		return err
	}
	if err := m.files.Rename(digestPart, digestPath); err != nil {
		return err
	}
	if err := m.files.Rename(part, b.Path); err != nil {
		return err
	}
	return m.files.SyncDir(m.Directory)
}

func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// pack writes the archive and opens it again, from the disk, down to the copy that was
// audited. It returns the digests of the copy and of the archive.
//
// An encrypted one can be opened with the secret keys of its recipients, which are not
// here, and with one more, which is made for this and forgotten at the end.
func (m *backup) pack(path string) (inside, outside digest, err error) {
	recipients, identities := m.recipients, []age.Identity(nil)
	if len(recipients) > 0 {
		own, err := age.GenerateX25519Identity()
		if err != nil {
			return inside, outside, err
		}
		recipients = append(recipients[:len(recipients):len(recipients)], own.Recipient())
		identities = append(identities, own)
	}
	in, err := os.Open(m.snapshot)
	if err != nil {
		return inside, outside, err
	}
	defer in.Close()
	content, archive := sha256.New(), sha256.New()
	err = writeFile(m.files, path, func(w io.Writer) error {
		return pack(io.MultiWriter(w, archive), io.TeeReader(in, content), recipients)
	})
	if err != nil {
		return inside, outside, err
	}
	inside, outside = sumOf(content), sumOf(archive)
	back, err := os.Open(path)
	if err != nil {
		return inside, outside, err
	}
	defer back.Close()
	content.Reset()
	archive.Reset()
	if err := unpack(content, io.TeeReader(back, archive), identities); err != nil {
		return inside, outside, fmt.Errorf("the backup could not be read back: %w", err)
	}
	if sumOf(content) != inside || sumOf(archive) != outside {
		return inside, outside, errors.New("what was read back is not what was written; the disk may be broken, and no backup was made")
	}
	return inside, outside, nil
}

// unreadable says of a file that SQLite can't make sense of that its books don't hold.
func unreadable(err error) error {
	if Damaged(err) {
		return fmt.Errorf("%w: %w", ErrUnsound, err)
	}
	return err
}

// explain puts what a disk does into words that say what to do.
func (m *backup) explain(err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("this user may not write both into %s and beside the database; make the backup as the bot's own user (%w)", m.Directory, err)
	}
	return noRoom(err)
}
