package storage

import (
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks our files in their header ("CmCn").
const applicationID = 0x436d436e

// versions returns the numbered steps, oldest first. A step is never edited once it
// has been released.
func versions() ([]string, error) { return fs.Glob(migrations, "migrations/*.sql") }

// migrate brings the schema up to date, one transaction a step, and makes a new one in a
// single transaction. A file that holds data is copied before each step, unless path is "".
func migrate(db *sql.DB, path string) error {
	steps, err := versions()
	if err != nil {
		return err
	}
	from, err := schemaVersion(db)
	if err != nil {
		return err
	}
	if from == 0 {
		return advance(db, steps, 0, len(steps))
	}
	for n := from; n < len(steps); n++ {
		if path != "" {
			if err := copyBefore(db, path, n+1); err != nil {
				return err
			}
		}
		if err := advance(db, steps, n, n+1); err != nil {
			return err
		}
	}
	return nil
}

// copyBefore keeps the file as it was before a step, beside it.
func copyBefore(db *sql.DB, path string, version int) error {
	kept := fmt.Sprintf("%s.before-schema-%d", path, version)
	if err := os.Remove(kept); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_, err := db.Exec("VACUUM INTO ?", kept)
	return err
}

// advance takes the steps from one version to another in one transaction.
func advance(db *sql.DB, steps []string, from, to int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit there is nothing to roll back
	for n := from; n < to; n++ {
		script, err := migrations.ReadFile(steps[n])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(string(script)); err != nil {
			return fmt.Errorf("bring the file to schema %d: %w", n+1, err)
		}
	}
	if _, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", to, applicationID)); err != nil {
		return err
	}
	return tx.Commit()
}

// schemaVersion returns 0 for an empty file, and an error for one that is not ours or
// comes from a newer program.
func schemaVersion(db *sql.DB) (int, error) {
	var version, id, tables int
	if err := db.QueryRow(`SELECT (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_schema)`).Scan(&version, &id, &tables); err != nil {
		return 0, opening(err)
	}
	steps, err := versions()
	switch {
	case err != nil:
		return 0, err
	case tables == 0 && id == 0 && version == 0:
		return 0, nil
	case id != applicationID:
		return 0, ErrForeign
	case version > len(steps):
		return 0, ErrNewer
	}
	return version, nil
}

// checkVersion refuses a file that this program can't read without changing it.
func checkVersion(db *sql.DB) error {
	version, err := schemaVersion(db)
	if err != nil {
		return err
	}
	if version == 0 {
		return ErrForeign
	}
	steps, err := versions()
	if err == nil && version < len(steps) {
		err = fmt.Errorf("the file has schema %d and this program reads %d; start it once with `run` to bring it up to date", version, len(steps))
	}
	return err
}

// randomBytes never fails: crypto/rand ends the program rather than return less.
func randomBytes(b []byte) { _, _ = rand.Read(b) }
