package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Errors of Open.
var (
	ErrLocked  = errors.New("another communityconnect is running on this file; stop it first")
	ErrNewer   = errors.New("the file was written by a newer communityconnect; use that version")
	ErrForeign = errors.New("the file is not a community's database")
	ErrMissing = errors.New("there is no such file")
	ErrUnclean = errors.New("the bot did not close the file and its directory can't be written; copy it with the -wal file beside it to a directory of your own")
)

// DB is one community's file.
type DB struct {
	path   string
	write  *sql.DB
	read   *sql.DB
	lock   *os.File
	random func([]byte) // fills with random bytes, for the salts of texts

	pristine func() (map[string]object, error) // the schema of a file just made, worked out once
}

// Open opens the file for writing, creates it if need be, brings its schema up to
// date, and takes the lock. It fails with ErrLocked when another process writes, and
// with ErrNewer or ErrForeign when the file is not for this program.
func Open(path string) (*DB, error) { return open(path, "FULL") }

func open(path, synchronous string) (*DB, error) {
	lock, err := takeLock(path + ".lock")
	if err != nil {
		return nil, err
	}
	db := &DB{path: path, lock: lock, random: randomBytes, pristine: sync.OnceValues(pristine)}
	if err := db.connect(synchronous); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) connect(synchronous string) (err error) {
	if err := checkOurs(db.path); err != nil {
		return err
	}
	if err := makeOurs(db.path); err != nil {
		return err
	}
	// What is not among the driver's own parameters is set by hand, on the only connection
	// that writes. What a savepoint may have to undo stays in memory: beyond 64 KB SQLite
	// would write it to a temporary file, page by page. The connection is never used by two
	// goroutines at once, so it needs no mutex of its own.
	db.write, err = sql.Open("sqlite3", dsn(db.path, url.Values{
		"_foreign_keys": {"true"}, "_busy_timeout": {"5000"}, "_journal_mode": {"WAL"}, "_synchronous": {synchronous},
		"_txlock": {"immediate"}, "_mutex": {"no"}, "_secure_delete": {"true"}, "_stmt_cache_size": {"128"},
	}))
	if err != nil {
		return err
	}
	db.write.SetMaxOpenConns(1)
	if _, err := db.write.Exec("PRAGMA wal_autocheckpoint = 10000; PRAGMA temp_store = MEMORY"); err != nil {
		return opening(err)
	}
	if err := migrate(db.write, db.path); err != nil {
		return err
	}
	if err := checkPragma(db.write, "synchronous", map[string]string{"FULL": "2", "NORMAL": "1"}[synchronous]); err != nil {
		return err
	}
	if db.read, err = openReaders(db.path, nil); err != nil {
		return err
	}
	return nil
}

// checkOurs refuses a file of another kind before anything is written to it: the first
// statement of the writing connection turns a file to WAL.
func checkOurs(path string) error {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return nil // to be created
	}
	read, err := openReaders(path, nil)
	if err != nil {
		return err
	}
	_, err = schemaVersion(read)
	return errors.Join(err, read.Close())
}

// makeOurs makes the file where there is none: SQLite would let everybody read it.
func makeOurs(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// OpenReader opens an existing file for reading only; a running bot is not disturbed
// and no lock is taken. It also reads a file in a directory that can't be written, as
// long as the bot that wrote it was stopped cleanly or is still running.
func OpenReader(path string) (*DB, error) {
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrMissing
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() == 0:
		return nil, ErrForeign
	}
	db, err := openReader(path, url.Values{})
	var e sqlite3.Error
	if err == nil || !errors.As(err, &e) || e.Code != sqlite3.ErrCantOpen && e.Code != sqlite3.ErrReadonly {
		return db, err
	}
	// SQLite wants to write an index beside a file in WAL mode even for reading. Where it
	// may not, a file without a log can be read as one that nobody changes.
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return nil, ErrUnclean
	}
	return openReader(path, url.Values{"immutable": {"1"}})
}

func openReader(path string, more url.Values) (*DB, error) {
	read, err := openReaders(path, more)
	if err != nil {
		return nil, err
	}
	db := &DB{path: path, read: read, random: randomBytes, pristine: sync.OnceValues(pristine)}
	if err := checkVersion(read); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func openReaders(path string, more url.Values) (*sql.DB, error) {
	values := url.Values{"mode": {"ro"}, "_query_only": {"true"}, "_busy_timeout": {"5000"}, "_stmt_cache_size": {"64"}}
	maps.Copy(values, more)
	read, err := sql.Open("sqlite3", dsn(path, values))
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(4)
	read.SetConnMaxIdleTime(time.Minute)
	return read, nil
}

func dsn(path string, values url.Values) string {
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(filepath.ToSlash(path)), RawQuery: values.Encode()}).String()
}

// checkPragma holds a setting of the connection against what it must be.
func checkPragma(db *sql.DB, name, want string) error {
	var got string
	if err := db.QueryRow("PRAGMA " + name).Scan(&got); err != nil {
		return opening(err)
	}
	if got != want {
		return fmt.Errorf("PRAGMA %s is %s and must be %s: commits would not survive a power cut", name, got, want)
	}
	return nil
}

// opening turns SQLite's words for a wrong file into ours.
func opening(err error) error {
	var e sqlite3.Error
	if errors.As(err, &e) && e.Code == sqlite3.ErrNotADB {
		return ErrForeign
	}
	return err
}

// takeLock keeps a second writing process away. The kernel lets go of it when the
// process ends, however it ends.
func takeLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(ErrLocked, f.Close())
	}
	return f, nil
}

// Path is where the file is.
func (db *DB) Path() string { return db.path }

// Close ends all use of the file. The lock file stays: removing it would let two
// processes lock two different files of one name.
func (db *DB) Close() error {
	var errs []error
	for _, h := range []*sql.DB{db.read, db.write} {
		if h != nil {
			errs = append(errs, h.Close())
		}
	}
	if db.lock != nil {
		errs = append(errs, db.lock.Close())
	}
	return errors.Join(errs...)
}

// Failing reports whether err means that the disk is full, broken or read-only, rather
// than that the program or its user made a mistake. Such work can be tried again later.
func Failing(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrNomem, sqlite3.ErrPerm:
		return true
	}
	return false
}

// Damaged reports whether err means that what is in the file makes no sense any more. Nothing
// but a backup puts that right.
func Damaged(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB)
}

// Update runs f in the one writing transaction. What f did is durable when Update
// returns nil, and undone when it returns an error.
func (db *DB) Update(f func(*Tx) error) error {
	return db.run(db.write, f)
}

// View runs f on a snapshot of the file.
func (db *DB) View(f func(*Tx) error) error {
	return db.run(db.read, f)
}

func (db *DB) run(h *sql.DB, f func(*Tx) error) error {
	conn, err := h.Conn(context.Background())
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(dc any) error { return transact(dc.(*sqlite3.SQLiteConn), db.random, f) })
}
