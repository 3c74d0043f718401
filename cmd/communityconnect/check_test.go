package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
	"communityconnect/community"
	"communityconnect/storage"
)

// checked runs check and returns its exit code and its lines.
func checked(t *testing.T, file string) (code int, lines []string) {
	t.Helper()
	code, out, _ := callFor("check", "--config", file)
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		if level, _, _ := strings.Cut(line, " "); level != "ok" && level != "warn" && level != "FAIL" {
			t.Errorf("a line of no level: %q", line)
		}
		lines = append(lines, line)
	}
	return code, lines
}

// expect looks for a line with a level and some words.
func expect(t *testing.T, lines []string, level, what, words string) {
	t.Helper()
	for _, line := range lines {
		if f := strings.Fields(line); f[0] == level && f[1] == what && strings.Contains(line, words) {
			return
		}
	}
	t.Errorf("there is no %s line about %s with %q:\n%s", level, what, words, strings.Join(lines, "\n"))
}

// foundFile makes the community's file, as a first start leaves it.
func foundFile(t *testing.T, path string, p community.Policy) {
	t.Helper()
	db, err := storage.Open(path)
	fine(t, err)
	fine(t, db.Update(func(tx *storage.Tx) error {
		return tx.Found(storage.Community{Name: "Riverside", Timezone: "Europe/Dublin", Created: noon}, p)
	}))
	fine(t, db.Close())
}

func TestCheckOfAGoodInstallation(t *testing.T) {
	v, file := socketVillage(t, signaltest.Options{})
	code, lines := checked(t, file)
	if code != exitFine {
		t.Error(code)
	}
	expect(t, lines, "ok", "database", "not there yet")
	foundFile(t, filepath.Join(filepath.Dir(file), "riverside.db"), community.DefaultPolicy())
	code, lines = checked(t, file)
	if code != exitFine {
		t.Error(code)
	}
	for _, what := range []string{"config", "database", "audit", "policy", "reach", "version", "account", "member", "write", "link"} {
		expect(t, lines, "ok", what, "")
	}
	if v.Subscribed() != 0 || v.Answered("subscribeReceive") != 0 {
		t.Error("check takes messages")
	}
}

// Everything that can be wrong is one line that says what to do.
func TestCheckOfTroubles(t *testing.T) {
	for name, c := range map[string]struct {
		opts  signaltest.Options
		spoil func(t *testing.T, v *village, dir string)
		level string
		what  string
		words string
	}{
		"no daemon":        {spoil: func(_ *testing.T, v *village, _ string) { v.Close() }, level: "FAIL", what: "reach", words: "is its daemon running"},
		"old":              {opts: signaltest.Options{Version: "0.13.19"}, level: "FAIL", what: "version", words: "install the newest release"},
		"no account":       {opts: signaltest.Options{Accounts: true}, spoil: func(_ *testing.T, v *village, _ string) { v.Unlink() }, level: "FAIL", what: "account", words: "register or link one first"},
		"not in the group": {spoil: func(_ *testing.T, v *village, _ string) { v.Leave(v.group, v.Bot()) }, level: "FAIL", what: "member", words: "not a member"},
		"may not write": {spoil: func(_ *testing.T, v *village, _ string) { v.GroupRules(v.group, false, true, false, false) },
			level: "FAIL", what: "write", words: "only admins may write"},
		"open council": {spoil: func(_ *testing.T, v *village, _ string) { v.GroupRules(v.council, true, true, true, true) },
			level: "warn", what: "link", words: "turn it off"},
		"policy": {spoil: func(t *testing.T, _ *village, dir string) {
			p := community.DefaultPolicy()
			p.Floor, p.Vouchers = -600, 2
			foundFile(t, filepath.Join(dir, "riverside.db"), p)
		}, level: "warn", what: "policy", words: "floor is -10h in the community and -50h in the config"},
		"missed": {spoil: func(t *testing.T, _ *village, dir string) {
			path := filepath.Join(dir, "riverside.db")
			foundFile(t, path, community.DefaultPolicy())
			db, err := storage.Open(path)
			fine(t, err)
			fine(t, db.Update(func(tx *storage.Tx) error {
				m, err := tx.AddMember(community.Member{Person: "p", Name: "Ann", Status: community.Full, Joined: noon}, community.DefaultPolicy())
				return errors.Join(err, tx.NoteMissed([]chat.Missed{{Person: "gone", Why: "UNREGISTERED_FAILURE"}}, time.Now().AddDate(0, 0, -8)),
					tx.NoteMissed([]chat.Missed{{Person: chat.PersonID(m.Person), Why: "UNREGISTERED_FAILURE"}}, time.Now()))
			}))
			fine(t, db.Close())
		}, level: "warn", what: "missed", words: "Ann did not get 1 messages to a group"},
		"captcha": {spoil: func(t *testing.T, _ *village, dir string) {
			fine(t, writeChallenge(challengePath(filepath.Join(dir, "riverside.db")), "tok", time.Unix(0, 0)))
		}, level: "FAIL", what: "captcha", words: "--token tok --captcha LINK"},
		"no place for backups": {spoil: func(_ *testing.T, v *village, dir string) {
			v.conf.Backup.Directory = "no/such/place"
			v.writeConfig(dir)
		}, level: "FAIL", what: "backups", words: "there is no directory"},
		"backups in a file": {spoil: func(t *testing.T, _ *village, dir string) {
			fine(t, os.WriteFile(filepath.Join(dir, "backups"), nil, 0o600))
		}, level: "FAIL", what: "backups", words: "backups is no directory"},
		"no key for the drill": {spoil: func(_ *testing.T, v *village, dir string) {
			v.conf.Backup.Identity = "key.txt"
			v.writeConfig(dir)
		}, level: "FAIL", what: "backups", words: "key.txt: there is no such file"},
		"no backup yet": {spoil: func(t *testing.T, _ *village, dir string) {
			foundFile(t, filepath.Join(dir, "riverside.db"), community.DefaultPolicy())
		}, level: "ok", what: "backups", words: "none of riverside.db yet"},
		"old backups": {spoil: func(t *testing.T, v *village, dir string) {
			path := filepath.Join(dir, "riverside.db")
			foundFile(t, path, community.DefaultPolicy())
			db, err := storage.OpenReader(path)
			fine(t, err)
			_, err = db.Backup(storage.BackupOptions{Directory: filepath.Join(dir, "backups"), Now: time.Now().Add(-73 * time.Hour)})
			fine(t, errors.Join(err, db.Close()))
		}, level: "FAIL", what: "backups", words: "the newest of riverside.db is 3 days old; communityconnect backup"},
		"another file": {spoil: func(t *testing.T, _ *village, dir string) {
			fine(t, os.WriteFile(filepath.Join(dir, "riverside.db"), bytes.Repeat([]byte("no database "), 1000), 0o600))
		}, level: "FAIL", what: "database", words: "not a community's database"},
		"open config": {spoil: func(t *testing.T, _ *village, dir string) {
			fine(t, os.Chmod(filepath.Join(dir, "riverside.toml"), 0o666))
		}, level: "warn", what: "config", words: "chmod 600"},
		"broken config": {spoil: func(t *testing.T, _ *village, dir string) {
			fine(t, os.WriteFile(filepath.Join(dir, "riverside.toml"), []byte("[signal]\nsokcet = \"x\"\n"), 0o600))
		}, level: "FAIL", what: "config", words: `riverside.toml:2: there is no key "sokcet"`},
	} {
		t.Run(name, func(t *testing.T) {
			v, file := socketVillage(t, c.opts)
			if c.spoil != nil {
				c.spoil(t, v, filepath.Dir(file))
			}
			code, lines := checked(t, file)
			expect(t, lines, c.level, c.what, c.words)
			if (code == exitWrong) != (c.level == "FAIL") {
				t.Errorf("the exit code is %d", code)
			}
		})
	}
}

// The books of a file that was tampered with fail the check.
func TestCheckOfWrongBooks(t *testing.T) {
	v, file := socketVillage(t, signaltest.Options{})
	v.Stop()
	db := riverside(t)
	path := db.Path()
	fine(t, db.Close())
	tamper(t, path, "DROP TRIGGER account_balance_follows_transfers; UPDATE account SET balance = balance + 60 WHERE id = 2")
	var out bytes.Buffer
	l := &findings{out: &out}
	v.conf.Communities[0].Database = path
	l.database(v.conf.Communities[0])
	if !l.failed || !strings.Contains(out.String(), "the books in") {
		t.Errorf("%s, %s", out.String(), file)
	}
}

// A captcha is answered with the token that waits, and its note goes.
func TestChallengeVerb(t *testing.T) {
	v, file := socketVillage(t, signaltest.Options{})
	note := challengePath(filepath.Join(filepath.Dir(file), "riverside.db"))
	if code, _, errOut := callFor("challenge", "--config", file, "--captcha", "signalcaptcha://x"); code != exitWords || !strings.Contains(errOut, "needs --token") {
		t.Errorf("%d %s", code, errOut)
	}
	fine(t, writeChallenge(note, "tok", noon))
	v.Fail("submitRateLimitChallenge", 1, signaltest.Fault{Error: &signaltest.Error{Code: -6, Message: "captcha rejected"}})
	if code, _, errOut := callFor("challenge", "--config", file, "--captcha", "signalcaptcha://x"); code != exitWrong || !strings.Contains(errOut, "solve a new one") {
		t.Errorf("%d %s", code, errOut)
	}
	if info, err := os.Stat(note); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the note is gone after a refusal, or open: %v %v", info, err)
	}
	if out := must(t, "challenge", "--config", file, "--captcha", "signalcaptcha://x"); !strings.Contains(out, "has taken the answer") {
		t.Error(out)
	}
	if _, err := os.Stat(note); err == nil {
		t.Error("the note is still there")
	}
	v.Stop()
	if code, _, errOut := callFor("challenge", "--config", file, "--token", "t", "--captcha", "signalcaptcha://x"); code != exitWrong || !strings.Contains(errOut, "can't be reached") {
		t.Errorf("%d %s", code, errOut)
	}
}
