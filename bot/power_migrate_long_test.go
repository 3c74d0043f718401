//go:build long

package bot_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"communityconnect/storage"
)

// The power is cut at 300 random points while an old file is brought up to date and backed
// up: whatever is left opens, holds its community and passes the audit; of every step that
// it has taken there is a whole copy from before it; and the next backup succeeds.
func TestPowerCutWhileMigrating(t *testing.T) {
	const cuts = 300
	records, names := recordedOf(t, "migrate", "FULL")
	tried := 0
	for _, c := range cutAt(records, cuts, 3) {
		if !c.came(firstSchema) {
			continue // before there was an old file
		}
		tried++
		c.checkMigrated(t, names)
	}
	if tried < cuts/2 {
		t.Errorf("only %d cuts were after the beginning", tried)
	}
}

// came reports whether the child had come to a mark.
func (c *cut) came(mark int64) bool { _, there := c.acked[mark]; return there }

func (c *cut) checkMigrated(t *testing.T, names map[byte]string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "cut.db")
	for file, content := range c.files {
		if content != nil {
			if err := os.WriteFile(path+names[file], content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	count := func(path, query string) (n int) {
		db, err := sql.Open("sqlite3", "file:"+path)
		if err == nil {
			err = db.QueryRow(query).Scan(&n)
			db.Close()
		}
		if err != nil {
			t.Errorf("after %d records %s: %v", c.records, filepath.Base(path), err)
		}
		return n
	}
	version := count(path, "PRAGMA user_version")
	for _, suffix := range names {
		number, ok := strings.CutPrefix(suffix, ".before-schema-")
		step, err := strconv.Atoi(number)
		if !ok || err != nil || step > version {
			continue
		}
		if n := count(path+suffix, "SELECT count(*) FROM member WHERE (SELECT integrity_check FROM pragma_integrity_check LIMIT 1) = 'ok'"); n != 3 {
			t.Errorf("after %d records the file has taken step %d, and the copy from before it has %d of 3 members", c.records, step, n)
		}
	}
	db, err := storage.Open(path)
	if err != nil {
		t.Fatalf("after %d records the file can't be opened: %v", c.records, err)
	}
	defer db.Close()
	report, err := db.Audit(nil)
	if err != nil || !report.OK() || report.Accounts != 4 {
		t.Errorf("after %d records: %d accounts, %v, %v", c.records, report.Accounts, report.Faults, err)
	}
	b, err := db.Backup(storage.BackupOptions{Directory: filepath.Join(dir, "backups"), Keep: storage.DefaultKeep(), Now: time.Now()})
	if err != nil || !b.Report.OK() {
		t.Errorf("after %d records there is no backup: %v", c.records, err)
	}
}
