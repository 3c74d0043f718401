package bot_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"communityconnect/storage"
)

// firstSchema is how many of the schema's steps an old file has taken.
const firstSchema = 7

// oldFile makes a file as the program left it long ago, with a community of three.
func oldFile(path string) error {
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	steps, err := filepath.Glob("../storage/migrations/*.sql")
	for _, step := range steps[:min(len(steps), firstSchema)] {
		if err == nil {
			var script []byte
			if script, err = os.ReadFile(step); err == nil {
				_, err = db.Exec(string(script))
			}
		}
	}
	if err == nil {
		_, err = db.Exec(fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", firstSchema, 0x436d436e))
	}
	if err == nil {
		_, err = db.Exec(`INSERT INTO community (id, name, timezone, created_at) VALUES (1, 'Riverside', 'Europe/Dublin', 1);
			INSERT INTO account (id, kind, floor, ceiling) VALUES (1, 'commons', -600, 600), (2, 'member', -600, 600), (3, 'member', -600, 600), (4, 'member', -600, 600);
			INSERT INTO member (account, person, name, folded, status, joined_at) VALUES (2, 'p2', 'Ann', 'ann', 'member', 1), (3, 'p3', 'Ben', 'ben', 'member', 1), (4, 'p4', 'Cleo', 'cleo', 'member', 1)`)
	}
	return errors.Join(err, db.Close())
}

// migrateChild makes an old file, brings it up to date and backs it up, while everything
// that SQLite does to it is recorded.
func migrateChild() error {
	path := os.Getenv(powerFiles)
	if err := oldFile(path); err != nil {
		return err
	}
	log, err := os.OpenFile(os.Getenv(powerLog), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	if _, err := log.Write(record{op: recAcked, at: firstSchema}.bytes()); err != nil { // the old file is there
		return err
	}
	db, err := storage.Open(path)
	if err != nil {
		return err
	}
	_, err = db.Backup(storage.BackupOptions{Directory: filepath.Join(filepath.Dir(path), "backups"), Keep: storage.DefaultKeep(), Now: time.Now()})
	return errors.Join(err, db.Close(), log.Close())
}
