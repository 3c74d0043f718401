package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// backupConfig writes a config for a database; more goes under [backup].
func backupConfig(t *testing.T, database, more string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "riverside.toml")
	doc := fmt.Sprintf("[[community]]\nname = \"Riverside\"\ngroup = %q\ncouncil_group = %q\ndatabase = %q\n[backup]\n%s\n", strings.Repeat("A", 43)+"=", strings.Repeat("B", 42)+"A=", database, more)
	fine(t, os.WriteFile(file, []byte(doc), 0o600))
	return file
}

// backedUp calls the verb and returns the path that it prints.
func backedUp(t *testing.T, config string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^backup: (.+)$`).FindStringSubmatch(must(t, "backup", "--config", config))
	if m == nil {
		t.Fatal("no path is printed")
	}
	return m[1]
}

// exported returns all transfers, without the time of the export.
func exported(t *testing.T, db string) string {
	t.Helper()
	return must(t, "export", "--db", db, "--format", "csv")
}

// The lost server: a backup beside a running bot, and everything back at another place.
func TestBackupAndRestoreVerbs(t *testing.T) {
	recipient, key := storagetest.Keys(t)
	for name, more := range map[string]string{"plain": "", "encrypted": fmt.Sprintf("recipients = [%q]", recipient)} {
		t.Run(name, func(t *testing.T) {
			db := riverside(t)
			before := must(t, "audit", "--db", db.Path())
			config := backupConfig(t, db.Path(), more)
			path := backedUp(t, config)
			if dir := filepath.Join(filepath.Dir(config), "backups"); filepath.Dir(path) != dir {
				t.Errorf("it is in %s, not in %s", filepath.Dir(path), dir)
			}
			head := regexp.MustCompile(`head: (.+)`).FindStringSubmatch(before)[1]
			if !strings.Contains(filepath.Base(path), head) {
				t.Errorf("%s does not name %s", path, head)
			}
			if out, err := exec.Command("sha256sum", "--check", "--strict", path+".sha256").CombinedOutput(); err == nil {
				t.Errorf("sha256sum found the backup from another directory: %s", out)
			}
			check := exec.Command("sha256sum", "--check", filepath.Base(path)+".sha256")
			check.Dir = filepath.Dir(path)
			if out, err := check.CombinedOutput(); err != nil {
				t.Errorf("sha256sum --check: %v, %s", err, out)
			}
			to := filepath.Join(t.TempDir(), "back.db")
			args := []string{"restore", "--from", path, "--to", to}
			if more != "" {
				args = append(args, "--identity", key)
			}
			out := must(t, args...)
			for _, line := range []string{"restored: " + to + "\n", " seconds ago", "transfers: 6\n", "head: " + head + "\n"} {
				if !strings.Contains(out, line) {
					t.Errorf("%q is not in\n%s", line, out)
				}
			}
			if after := must(t, "audit", "--db", to, "--head", head); after != before {
				t.Errorf("before:\n%safter:\n%s", before, after)
			}
			if exported(t, to) != exported(t, db.Path()) {
				t.Error("the books are not the same")
			}
			storagetest.Fill(t, db, 1) // the bot was not disturbed
			must(t, "audit", "--db", db.Path())
		})
	}
}

// What makes a copy of its own, with sqlite3 or before a new schema, can be restored, too.
func TestRestoreOfPlainCopies(t *testing.T) {
	db := riverside(t)
	want := exported(t, db.Path())
	fine(t, db.Close())
	to := filepath.Join(t.TempDir(), "back.db")
	if out := must(t, "restore", "--from", db.Path(), "--to", to); !strings.Contains(out, "no digest") {
		t.Errorf("%s", out)
	}
	if exported(t, to) != want {
		t.Error("the books are not the same")
	}
}

// The database is lost, and what readers left beside it is in nobody's way.
func TestRestoreInTheSamePlace(t *testing.T) {
	db := riverside(t)
	want := exported(t, db.Path())
	path := backedUp(t, backupConfig(t, db.Path(), ""))
	if code, _, errOut := callFor("restore", "--from", path, "--to", db.Path()); code != 1 || !strings.Contains(errOut, "never overwrites") {
		t.Errorf("beside the bot: %d, %s", code, errOut)
	}
	fine(t, db.Close())
	if exported(t, db.Path()) != want { // a reader comes after the bot
		t.Error("the books are not the same")
	}
	if _, err := os.Stat(db.Path() + "-shm"); err != nil {
		t.Errorf("a reader leaves nothing any more: %v", err)
	}
	fine(t, os.Remove(db.Path()))
	must(t, "restore", "--from", path, "--to", db.Path())
	if exported(t, db.Path()) != want {
		t.Error("the books are not the same")
	}
}

// spoiled writes a changed copy of a backup under its name, with its digest or without.
func spoiled(t *testing.T, path string, digest bool, change func([]byte) []byte) string {
	t.Helper()
	body, err := os.ReadFile(path)
	fine(t, err)
	bad := filepath.Join(t.TempDir(), filepath.Base(path))
	fine(t, os.WriteFile(bad, change(bytes.Clone(body)), 0o600))
	if digest {
		sum, err := os.ReadFile(path + ".sha256")
		fine(t, err)
		fine(t, os.WriteFile(bad+".sha256", sum, 0o600))
	}
	return bad
}

// Whatever is wrong with what is to be restored is said in one line, and nothing is left
// where the database was to be.
func TestRestoreRefuses(t *testing.T) {
	recipient, key := storagetest.Keys(t)
	_, otherKey := storagetest.Keys(t)
	db := riverside(t)
	plain := backedUp(t, backupConfig(t, db.Path(), ""))
	secret := backedUp(t, backupConfig(t, db.Path(), fmt.Sprintf("recipients = [%q]", recipient)))
	newer := filepath.Join(t.TempDir(), "newer.db")
	must(t, "restore", "--from", plain, "--to", newer)
	tamper(t, newer, "PRAGMA user_version = 9999")
	unsound := filepath.Join(t.TempDir(), "unsound.db")
	must(t, "restore", "--from", plain, "--to", unsound)
	tamper(t, unsound, "DROP TRIGGER account_balance_follows_transfers; UPDATE account SET balance = balance + 1 WHERE id IN (2, 3)")
	dir := t.TempDir()
	text := filepath.Join(dir, "letter.txt")
	fine(t, os.WriteFile(text, []byte("Dear neighbours, this is no backup."), 0o600))
	public := filepath.Join(dir, "public.txt")
	fine(t, os.WriteFile(public, []byte(recipient+"\n"), 0o600))
	taken := filepath.Join(dir, "taken.db")
	fine(t, os.WriteFile(taken, []byte("precious"), 0o600))
	log := filepath.Join(dir, "log.db")
	fine(t, os.WriteFile(log+"-wal", []byte("precious"), 0o600))
	flip := func(b []byte) []byte { b[len(b)/2] ^= 1; return b }
	cut := func(b []byte) []byte { return b[:len(b)/2] }
	more := func(b []byte) []byte { return append(b, "more"...) }
	renamed := filepath.Join(t.TempDir(), strings.Replace(filepath.Base(plain), filepath.Base(plain)[len("community-20060102T150405Z-"):][:8], "00000000", 1))
	zst, err := os.ReadFile(plain)
	fine(t, err)
	fine(t, os.WriteFile(renamed, zst, 0o600))
	noDigest := spoiled(t, plain, false, bytes.Clone)
	fine(t, os.WriteFile(noDigest+".sha256", []byte("gone\n"), 0o600))

	for name, c := range map[string]struct {
		from, to string // to: "" for a place of its own
		identity string
		code     int
		says     string
	}{
		"no from":              {"", "", "", 2, "needs --from"},
		"no such backup":       {filepath.Join(dir, "none"), "", "", 1, "no such file"},
		"a directory":          {dir, "", "", 1, "not a file"},
		"a letter":             {text, "", "", 1, "neither a backup nor"},
		"an empty file":        {spoiled(t, plain, false, func([]byte) []byte { return nil }), "", "", 1, "neither a backup nor"},
		"something there":      {plain, taken, "", 1, "never overwrites"},
		"a log there":          {plain, log, "", 1, "log.db-wal: there is a file already"},
		"no directory":         {plain, filepath.Join(dir, "none", "back.db"), "", 1, "make it first"},
		"a bot runs there":     {plain, db.Path(), "", 1, "never overwrites"},
		"no key":               {secret, "", "", 1, "give --identity"},
		"the wrong key":        {secret, "", otherKey, 1, "encrypted to others"},
		"no such key":          {secret, "", filepath.Join(dir, "none"), 1, "--identity is the file"},
		"a public key":         {secret, "", public, 1, "no secret key in it"},
		"an encrypted key":     {secret, "", secret, 1, "themselves encrypted"},
		"flipped":              {spoiled(t, plain, true, flip), "", "", 1, "damaged"},
		"flipped, no digest":   {spoiled(t, plain, false, flip), "", "", 1, "damaged"},
		"cut":                  {spoiled(t, plain, false, cut), "", "", 1, "damaged"},
		"longer":               {spoiled(t, plain, true, more), "", "", 1, "damaged"},
		"longer, no digest":    {spoiled(t, plain, false, more), "", "", 1, "damaged"},
		"secret flipped":       {spoiled(t, secret, false, flip), "", key, 1, "damaged"},
		"secret cut":           {spoiled(t, secret, false, cut), "", key, 1, "damaged"},
		"secret longer":        {spoiled(t, secret, false, more), "", key, 1, "damaged"},
		"an unreadable digest": {noDigest, "", "", 1, "says no digest"},
		"another's name":       {renamed, "", "", 1, "not the books that its name speaks of"},
		"a database in use":    {db.Path(), "", "", 1, "a database in use"},
		"a newer database":     {newer, "", "", 1, "newer communityconnect"},
		"unsound books":        {unsound, "", "", 1, "do not hold"},
	} {
		t.Run(name, func(t *testing.T) {
			to := c.to
			if to == "" {
				to = filepath.Join(t.TempDir(), "back.db")
			}
			args := []string{"restore", "--to", to}
			if c.from != "" {
				args = append(args, "--from", c.from)
			}
			if c.identity != "" {
				args = append(args, "--identity", c.identity)
			}
			code, out, errOut := callFor(args...)
			if code != c.code || out != "" || !strings.HasPrefix(errOut, "communityconnect: ") || !strings.Contains(errOut, c.says) || strings.Count(errOut, "\n") != 1 {
				t.Errorf("exit code %d, out %q, error %q; want %d and %q", code, out, errOut, c.code, c.says)
			}
			if c.to == "" {
				left, err := filepath.Glob(to + "*")
				if err != nil || len(left) > 1 || len(left) == 1 && left[0] != to+".lock" {
					t.Errorf("left behind: %q, %v", left, err)
				}
			}
		})
	}
	if got, err := os.ReadFile(taken); err != nil || string(got) != "precious" {
		t.Errorf("%q, %v", got, err)
	}
	must(t, "audit", "--db", db.Path())
}

// Every byte of an encrypted backup counts: whichever is changed, nothing is restored,
// even without the digest.
func TestEveryDamageIsNoticed(t *testing.T) {
	db := storagetest.New(t, 2)
	recipient, key := storagetest.Keys(t)
	path := backedUp(t, backupConfig(t, db.Path(), fmt.Sprintf("recipients = [%q]", recipient)))
	body, err := os.ReadFile(path)
	fine(t, err)
	for at := 0; at < len(body); at += max(1, len(body)/80) {
		bad := spoiled(t, path, false, func(b []byte) []byte { b[at] ^= 0x10; return b })
		to := filepath.Join(t.TempDir(), "back.db")
		if code, out, _ := callFor("restore", "--from", bad, "--to", to, "--identity", key); code == 0 {
			t.Errorf("byte %d of %d was changed, and nobody noticed:\n%s", at, len(body), out)
		}
	}
}

func TestBackupRefuses(t *testing.T) {
	db := riverside(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	fine(t, os.WriteFile(file, nil, 0o600))
	for name, c := range map[string]struct {
		config string
		code   int
		says   string
	}{
		"no config":      {"", 2, "needs --config"},
		"no such config": {filepath.Join(dir, "none.toml"), 1, "there is no file"},
		"no database":    {backupConfig(t, filepath.Join(dir, "none.db"), ""), 1, "run founds the community"},
		"no database's":  {backupConfig(t, file, ""), 1, "not a community's database"},
		"no directory":   {backupConfig(t, db.Path(), `directory = "none/backups"`), 1, "see that this is mounted"},
		"a file":         {backupConfig(t, db.Path(), fmt.Sprintf("directory = %q", file)), 1, "not a directory"},
		"a slip":         {backupConfig(t, db.Path(), `recipients = ["age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"]`), 1, "there may be a slip in it"},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{"backup"}
			if c.config != "" {
				args = append(args, "--config", c.config)
			}
			code, out, errOut := callFor(args...)
			if code != c.code || out != "" || !strings.Contains(errOut, c.says) || strings.Count(errOut, "\n") != 1 {
				t.Errorf("exit code %d, out %q, error %q; want %d and %q", code, out, errOut, c.code, c.says)
			}
		})
	}
}

// One community that can't be saved keeps no other from being saved.
func TestBackupOfSeveralCommunities(t *testing.T) {
	db := riverside(t)
	config := backupConfig(t, db.Path(), "")
	doc, err := os.ReadFile(config)
	fine(t, err)
	doc = bytes.Replace(doc, []byte("[backup]"), []byte("[[community]]\nname = \"Hillside\"\ngroup = \""+strings.Repeat("C", 42)+"A=\"\ncouncil_group = \""+strings.Repeat("D", 42)+"A=\"\ndatabase = \"hillside.db\"\n[backup]"), 1)
	fine(t, os.WriteFile(config, doc, 0o600))
	code, out, errOut := callFor("backup", "--config", config)
	if code != 1 || !strings.Contains(out, "transfers: 6\n") || !strings.Contains(errOut, "hillside.db: there is no such database yet") {
		t.Errorf("exit code %d, out %q, error %q", code, out, errOut)
	}
}

// The newest hash in a backup's name is in the chain of the books, for good.
func TestNamesOfBackupsProveHistory(t *testing.T) {
	db := riverside(t)
	config := backupConfig(t, db.Path(), "")
	n, ok := storage.ParseBackupName(backedUp(t, config))
	if !ok {
		t.Fatal("its name says nothing")
	}
	storagetest.Update(t, db, func(tx *storage.Tx) error { return tx.SetLimits(3, -6000, 6000, true) })
	storagetest.Fill(t, db, 3)
	must(t, "audit", "--db", db.Path(), "--head", hex.EncodeToString(n.Head[:]))
}

// A backup whose success can't be reported is made all the same, and the call fails.
func TestBackupWithFailingOutput(t *testing.T) {
	db := riverside(t)
	config := backupConfig(t, db.Path(), "")
	var errOut bytes.Buffer
	if code := run(t.Context(), []string{"backup", "--config", config}, strings.NewReader(""), full{}, &errOut); code != 1 || !strings.Contains(errOut.String(), "disk") {
		t.Errorf("exit code %d, %s", code, &errOut)
	}
	if made, err := filepath.Glob(filepath.Join(filepath.Dir(config), "backups", "*.zst")); err != nil || len(made) != 1 {
		t.Errorf("%q, %v", made, err)
	}
}
