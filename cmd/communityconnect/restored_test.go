package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
	"communityconnect/config"
	"communityconnect/storage"
)

// On a restored file the bot says once, to both groups, as of when it is back, and sends
// nothing that was waiting when the backup was made.
func TestRestoredBotSaysSoOnce(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, func(t *testing.T) {
		v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
		v.start()
		v.pass(time.Minute)
		v.end()
		group := signaltest.In(v.group)
		path := v.conf.Communities[0].Database
		db, err := storage.Open(path)
		fine(t, err)
		fine(t, db.Update(func(tx *storage.Tx) error {
			_, err := tx.Queue(chat.Outgoing{Act: chat.Send, To: group, Text: "old words"}, storage.Topic{}, time.Now())
			return err
		}))
		fine(t, db.Close())
		var out bytes.Buffer
		to := config.Backup{Directory: filepath.Join(dir, "backups")}
		fine(t, backUp(&out, v.conf.Communities[0], to, time.Now()))
		saved := strings.TrimPrefix(strings.Split(out.String(), "\n")[0], "backup: ")

		v.pass(26 * time.Hour)
		fine(t, os.Remove(path))
		r, err := storage.Restore(storage.RestoreOptions{From: saved, To: path, Now: time.Now()})
		fine(t, err)
		if r.Messages != 1 || r.Age.Round(time.Hour) != 26*time.Hour {
			t.Errorf("%+v", r)
		}
		for range 2 {
			v.start()
			v.pass(time.Hour)
			v.end()
		}
		told := v.texts(group)
		if len(told) != 2 || !strings.HasPrefix(told[1], "I'm back as of yesterday, 00:01; tell me again what came after.") {
			t.Errorf("the group heard %q", told)
		}
		times := 0
		for _, text := range v.texts(signaltest.In(v.council)) {
			if strings.Contains(text, "restored from a backup") {
				times++
			}
		}
		if times != 1 {
			t.Errorf("the council heard of it %d times", times)
		}
	})
}
