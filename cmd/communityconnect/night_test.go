package main

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communityconnect/chat/signal/signaltest"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// backupsOf lists the names of a village's backups, oldest first.
func (v *village) backupsOf() (all []string) {
	v.t.Helper()
	entries, err := os.ReadDir(v.conf.Backup.Directory)
	fine(v.t, err)
	for _, e := range entries {
		if _, ok := storage.ParseBackupName(e.Name()); ok {
			all = append(all, filepath.Join(v.conf.Backup.Directory, e.Name()))
		}
	}
	return all
}

// spoil writes nonsense over the page at which a table or an index begins.
func spoil(t *testing.T, path, name string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	fine(t, err)
	var page, size int64
	fine(t, db.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = ?", name).Scan(&page))
	fine(t, db.QueryRow("PRAGMA page_size").Scan(&size))
	fine(t, db.Close())
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	fine(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("nonsense", int(size)/8)), (page-1)*size)
	fine(t, errors.Join(err, f.Close()))
}

// A page of the live file that the disk has spoilt is noticed in the night: nothing is
// posted from then on, no backup is made of it, and the last one is as good as ever.
func TestNightNoticesADamagedPage(t *testing.T) {
	for _, name := range []string{"transfer_from", "text"} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				v, people := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
				v.conf.Backup.Directory = filepath.Join(t.TempDir(), "backups")
				path := v.conf.Communities[0].Database
				ann, ben := people[0], people[1]
				trade := func(what string) {
					v.Say(ann, signaltest.Direct(ann), "/gave ben 1h "+what)
					v.pass(time.Minute)
					v.Say(ben, signaltest.Direct(ben), "yes")
					v.pass(time.Minute)
				}
				v.start()
				v.Say(ann, signaltest.Direct(ann), "hello")
				v.Say(ben, signaltest.Direct(ben), "hello")
				v.pass(time.Minute)
				trade("hedge")
				v.pass(24 * time.Hour)
				good := v.backupsOf()
				v.end() // what the log holds goes to its place
				v.start()
				v.pass(2 * time.Minute)
				spoil(t, path, name)
				v.pass(24 * time.Hour)
				v.heard("⚠️ The books don't add up: the file is damaged.")
				if after := v.backupsOf(); len(after) != len(good) {
					t.Errorf("there are %d backups after %d", len(after), len(good))
				}
				v.end()

				for _, ending := range []string{"", "-wal", "-shm"} {
					if err := os.Rename(path+ending, path+".broken"+ending); err != nil && ending == "" {
						t.Fatal(err)
					}
				}
				must(t, "restore", "--from", good[len(good)-1], "--to", path)
				v.start()
				v.pass(time.Hour)
				trade("fence")
				v.pass(24 * time.Hour)
				if out := must(t, "audit", "--db", path); !strings.Contains(out, "transfers: 2\n") {
					t.Error(out)
				}
				if now := v.backupsOf(); len(now) <= len(good) {
					t.Error("there is no backup of the restored file")
				}
				v.end()
			})
		})
	}
}

// A backup that is damaged where it lies is noticed in the next night, by name, once, and so
// is its end.
func TestNightNoticesADamagedBackup(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.conf.Backup.Directory = filepath.Join(t.TempDir(), "backups")
		v.start()
		v.pass(24 * time.Hour)
		one := v.backupsOf()[0]
		body, err := os.ReadFile(one)
		fine(t, err)
		body[len(body)/2] ^= 1
		fine(t, os.WriteFile(one, body, 0o600))
		v.pass(24 * time.Hour)
		v.end()
		v.start()
		v.pass(time.Hour)
		want := "⚠️ A backup is damaged and can't be relied on: " + filepath.Base(one)
		v.heard(want, "⚠️ I'm connected with Signal, but nothing")
		fine(t, os.Remove(one))
		fine(t, os.Remove(one+".sha256"))
		v.pass(23 * time.Hour)
		v.heard(want, "⚠️ I'm connected with Signal, but nothing", "✅ All backups are whole again.")
		v.end()
	})
}

// On the first of the month the newest backup is restored to the side, and the council hears
// how that went: once, also over a restart.
func TestMonthlyDrill(t *testing.T) {
	recipient, keys := storagetest.Keys(t)
	for name, c := range map[string]struct {
		encrypted, key, spoilt bool
		want                   string
	}{
		"plain":         {want: "🗄️ Once a month I try whether a backup can be restored. The newest, of 1 January, can: 0 entries, the books add up to zero."},
		"encrypted":     {encrypted: true, key: true, want: "🗄️ Once a month I try whether a backup can be restored. The newest, of 1 January, can: 0 entries"},
		"without a key": {encrypted: true, want: "🗄️ Once a month I look after the backups. The newest, of 1 January, is still what was written."},
		"spoilt":        {spoilt: true, want: "⚠️ I've tried whether the newest backup, of 1 January, can be restored, and it can't."},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
				v.conf.Backup.Directory = filepath.Join(t.TempDir(), "backups")
				if c.encrypted {
					v.conf.Backup.Recipients = []string{recipient}
				}
				if c.key {
					v.conf.Backup.Identity = keys
				}
				v.start()
				v.pass(8 * time.Hour) // the bubble's time begins on the first of January
				if c.spoilt {
					all := v.backupsOf()
					fine(t, os.WriteFile(all[len(all)-1], []byte("nonsense"), 0o600))
				}
				for range 3 {
					v.end()
					v.start()
					v.pass(2 * time.Hour)
				}
				var drills []string
				for _, told := range v.texts(signaltest.In(v.council)) {
					if strings.Contains(told, "backup") {
						drills = append(drills, told)
					}
				}
				if len(drills) != 1 || !strings.HasPrefix(drills[0], c.want) {
					t.Errorf("the council heard %q", drills)
				}
				v.end()
			})
		})
	}
}

// The council hears that there is no good backup also where nobody can tell what there is,
// or a clock that was ahead has left one that seems to be of a day to come.
func TestNoBackupIsHeardOf(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string, all []string){
		"the directory is none": func(t *testing.T, dir string, all []string) {
			fine(t, os.RemoveAll(dir))
			fine(t, os.WriteFile(dir, nil, 0o600))
		},
		"one is of a day to come": func(t *testing.T, dir string, all []string) {
			n, _ := storage.ParseBackupName(all[len(all)-1])
			n.At = n.At.AddDate(9, 0, 0)
			fine(t, os.Rename(all[len(all)-1], filepath.Join(dir, n.String())))
			fine(t, os.Rename(all[len(all)-1]+".sha256", filepath.Join(dir, n.String()+".sha256")))
			lock := filepath.Join(dir, "."+n.Stem+".lock")
			fine(t, errors.Join(os.Remove(lock), os.Mkdir(lock, 0o700))) // and no other can be made
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				v, people := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
				v.conf.Backup.Directory = filepath.Join(t.TempDir(), "backups")
				v.start()
				v.pass(24 * time.Hour)
				spoil(t, v.conf.Backup.Directory, v.backupsOf())
				for range 3 {
					v.Say(people[0], signaltest.In(v.group), "good morning")
					v.pass(24 * time.Hour)
				}
				var heard int
				for _, told := range v.texts(signaltest.In(v.council)) {
					if strings.HasPrefix(told, "⚠️ There has been no good backup since") {
						heard++
					}
				}
				if heard != 1 {
					t.Errorf("the council heard of it %d times: %q", heard, v.texts(signaltest.In(v.council)))
				}
				v.end()
			})
		})
	}
}

// A backup that can't be looked at, or taken away, is said to be damaged, and neither keeps
// the next from being made nor has one made after the other.
func TestOneBackupANight(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.conf.Backup.Directory = filepath.Join(t.TempDir(), "backups")
		v.start()
		for day := range 11 {
			v.Say(people[0], signaltest.In(v.group), "good morning")
			v.pass(24 * time.Hour)
			if day == 2 {
				digest := v.backupsOf()[1] + ".sha256"
				fine(t, os.Remove(digest))
				fine(t, os.MkdirAll(filepath.Join(digest, "lost"), 0o700))
			}
		}
		if n := strings.Count(v.log.String(), `"the backup of the day is made"`); n != 11 {
			t.Errorf("%d backups in 11 nights", n)
		}
		v.heard("⚠️ A backup is damaged")
		v.end()
	})
}

// The council hears that the key it has given is of no use for the drill.
func TestDrillWithoutAKeyThatFits(t *testing.T) {
	recipient, _ := storagetest.Keys(t)
	_, others := storagetest.Keys(t)
	for name, key := range map[string]string{"gone": filepath.Join(t.TempDir(), "key.txt"), "another's": others} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
				v.conf.Backup.Directory = filepath.Join(t.TempDir(), "backups")
				v.conf.Backup.Recipients, v.conf.Backup.Identity = []string{recipient}, key
				v.start()
				v.pass(20 * time.Hour)
				told := v.texts(signaltest.In(v.council))
				if len(told) != 1 || !strings.HasPrefix(told[0], "⚠️ Once a month I try whether a backup can be restored, but the key") {
					t.Errorf("the council heard %q", told)
				}
				v.end()
			})
		})
	}
}

// A drill that was missed is made up at once, and told of in the morning.
func TestDrillInTheNight(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.conf.Backup.Directory = filepath.Join(t.TempDir(), "backups")
		v.start()
		v.pass(8 * time.Hour)
		v.end()
		v.pass(18 * time.Hour) // two in the morning
		v.start()
		v.pass(5 * time.Hour)
		if told := v.texts(signaltest.In(v.council)); len(told) != 0 {
			t.Errorf("in the night the council heard %q", told)
		}
		v.pass(2 * time.Hour)
		if told := v.texts(signaltest.In(v.council)); len(told) != 1 {
			t.Errorf("in the morning the council heard %q", told)
		}
		v.end()
	})
}
