package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/rs/zerolog"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
	"communityconnect/config"
	"communityconnect/storage"
)

// district is several communities in one process, on one Signal account.
type district struct {
	*village
	groups, councils []chat.GroupID
	sweep            time.Duration // how often deadlines are looked at; 0 for the bot's own
	host             *host         // since the last start
}

// newDistrict makes communities with members by name; the first of each is its council.
func newDistrict(t *testing.T, members ...[]string) (*district, map[string]chat.PersonID) {
	d := &district{village: &village{Daemon: signaltest.New(signaltest.Options{Receipts: true}), t: t, log: &captured{}}}
	t.Cleanup(d.Close)
	people := map[string]chat.PersonID{}
	dir := t.TempDir()
	d.conf = config.Config{Backup: config.Backup{Directory: filepath.Join(dir, "backups")}}
	for i, all := range members {
		var ids []chat.PersonID
		for _, name := range all {
			if people[name] == "" {
				people[name] = d.HiddenPerson(name)
			}
			ids = append(ids, people[name])
		}
		name := []string{"Riverside", "Hilltop", "Seaview"}[i%3]
		if i >= 3 {
			name += fmt.Sprint(" ", i)
		}
		group, council := d.Group(name, ids...), d.Group(name+" council", ids[0])
		d.groups, d.councils = append(d.groups, group), append(d.councils, council)
		d.conf.Communities = append(d.conf.Communities, config.Community{
			Name: name, Timezone: "Europe/Dublin", Group: string(group), CouncilGroup: string(council),
			Database: filepath.Join(dir, fmt.Sprintf("c%d.db", i)), Policy: config.DefaultPolicy(),
		})
	}
	return d, people
}

func (d *district) start() {
	d.t.Helper()
	h, err := newHost(d.conf, zerolog.New(d.log))
	fine(d.t, err)
	d.host = h
	for _, s := range h.services {
		s.signal.Dial, s.sweep = d.Dial, d.sweep
	}
	for _, a := range h.accounts {
		a.options.Dial = d.Dial
	}
	ctx, stop := context.WithCancel(context.Background())
	d.stop, d.ended = stop, make(chan error, 1)
	go func() { d.ended <- h.run(ctx) }()
	d.pass(time.Minute)
}

// wrote fails unless these are the last things that the bot wrote to somebody.
func (d *district) wrote(to chat.PersonID, beginnings ...string) {
	d.t.Helper()
	d.pass(time.Minute)
	all := d.texts(signaltest.Direct(to))
	last := all[max(0, len(all)-len(beginnings)):]
	for i, want := range beginnings {
		if i >= len(last) || !strings.HasPrefix(last[i], want) {
			d.t.Errorf("they read\n%s\nand should have read\n%s", strings.Join(all, "\n"), strings.Join(beginnings, "\n"))
			return
		}
	}
}

// inboxOf counts what a community has of somebody in its file.
func (d *district) inboxOf(community int, p chat.PersonID) (n int) {
	d.t.Helper()
	db, err := storage.OpenReader(d.conf.Communities[community].Database)
	fine(d.t, err)
	fine(d.t, db.View(func(tx *storage.Tx) error {
		all, err := tx.Inbox(p, 100)
		n = len(all)
		return err
	}))
	fine(d.t, db.Close())
	return n
}

// Somebody in two communities is asked which one they mean before anything is written into
// either; what they wrote waits for their word, over a restart; the word is remembered, and
// they can change it. What answers one of them is for that one. Others notice nothing.
func TestTwoCommunitiesOnOneAccount(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		d, people := newDistrict(t, []string{"Ann", "Ben"}, []string{"Cleo", "Ann"})
		ann, ben, cleo := people["Ann"], people["Ben"], people["Cleo"]
		dm := func(p chat.PersonID, text string) { d.Say(p, signaltest.Direct(p), text) }
		const question = "You're in more than one community that I work for. Which one is this about?\n1 Riverside\n2 Hilltop\n"
		d.start()
		for i := range d.groups {
			if told := d.texts(signaltest.In(d.groups[i])); len(told) != 1 || !strings.Contains(told[0], "the bot of "+d.conf.Communities[i].Name) {
				t.Errorf("community %d heard %q", i, told)
			}
		}
		dm(ben, "hello")
		dm(cleo, "hello")
		d.wrote(ben, "Hello Ben! I keep the board and the books of Riverside")
		d.wrote(cleo, "Hello Cleo! I keep the board and the books of Hilltop")

		dm(ann, "hello")
		d.wrote(ann, question)
		dm(ann, "/balance")
		d.wrote(ann, question)
		if d.inboxOf(0, ann)+d.inboxOf(1, ann) != 0 {
			t.Error("something was written into a community before she had said which")
		}
		d.end()
		d.start()
		dm(ann, "hilltop!")
		d.wrote(ann, "Hilltop: Hello Ann! I keep the board and the books of Hilltop: who offers what, who has helped whom. Tell me /help, or just /balance.\n\nYou're at 0h.")
		if d.inboxOf(0, ann) != 0 || d.inboxOf(1, ann) != 2 {
			t.Errorf("Riverside has %d of her messages and Hilltop %d", d.inboxOf(0, ann), d.inboxOf(1, ann))
		}
		dm(ann, "/gave cleo 1h hedge")
		d.wrote(cleo, "Ann says they gave you 1h (hedge).")
		dm(cleo, "yes")
		d.wrote(ann, "Hilltop: ✅ Cleo said yes: 1h (hedge) is recorded. You're at +1h.")

		d.Say(ben, signaltest.In(d.groups[0]), "/gave ann 2h fence")
		dm(ann, "/community")
		d.wrote(ann, "What you write to me here is for Hilltop.")
		dm(ann, "/community 1")
		d.wrote(ann, "Right: what you write to me here is for Riverside from now on.")
		dm(ann, "/balance")
		d.wrote(ann, "Riverside: You're at 0h")
		dm(cleo, "/gave ann 3h gate")
		d.wrote(ann, "Hilltop: Cleo says they gave you 3h (gate).")
		var prompt signaltest.Sent
		for _, s := range d.Sent() {
			if s.To == signaltest.Direct(ann) {
				prompt = s
			}
		}
		d.React(ann, signaltest.Direct(ann), "✅", chat.Ref{Author: d.Bot(), Sent: prompt.Stamp})
		d.wrote(cleo, "✅ Ann said yes: 3h (gate) is recorded.")
		dm(ann, "/balance")
		d.wrote(ann, "Riverside: You're at 0h")
		dm(ben, "/community")
		d.wrote(ben, "You're in one of the communities that I work for: Riverside.")
		zoe := d.HiddenPerson("Zoe")
		dm(zoe, "hello?")
		d.wrote(zoe, "Hello! I work for more than one community. Which one")
		dm(zoe, "Hilltop")
		d.wrote(zoe, "Hello!")
		if d.inboxOf(0, zoe) != 0 {
			t.Error("a stranger's words are in a community they did not mean")
		}
		d.end()
		for _, c := range d.conf.Communities {
			must(t, "audit", "--db", c.Database)
		}
		if log := d.log.String(); strings.Contains(log, "hedge") || strings.Contains(log, string(ann)) {
			t.Error("the log is not private")
		}
	})
}

// A community whose file can't be written, or can't be opened, holds up no other, and takes
// in order what came for it meanwhile.
func TestOneCommunityHoldsUpNoOther(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		d, people := newDistrict(t, []string{"Ann"}, []string{"Ben"})
		ann, ben := people["Ann"], people["Ben"]
		path := d.conf.Communities[0].Database
		d.start()
		d.Say(ann, signaltest.Direct(ann), "hello")
		d.Say(ben, signaltest.Direct(ben), "hello")
		d.wrote(ann, "Hello Ann!")
		d.end()

		fine(t, os.Rename(path, path+".away"))
		fine(t, os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600))
		d.start()
		for i := range 5 {
			d.Say(ann, signaltest.In(d.groups[0]), fmt.Sprintf("/offer help number %d with the garden", i))
			d.Say(ben, signaltest.Direct(ben), "/balance")
			d.wrote(ben, "You're at 0h")
		}
		if d.Waiting() != 0 {
			t.Error("messages wait at signal-cli")
		}
		fine(t, os.Remove(path))
		fine(t, os.Rename(path+".away", path))
		d.pass(time.Hour)
		var cards []string
		for _, text := range d.texts(signaltest.In(d.groups[0])) {
			if strings.Contains(text, "Ann offers") {
				cards = append(cards, text[strings.Index(text, "number"):][:8])
			}
		}
		if got := strings.Join(cards, " "); got != "number 0 number 1 number 2 number 3 number 4" {
			t.Errorf("the offers came out as %q", got)
		}
		d.end()
	})
}

// breaks makes a community's file fail while it is in use, and returns how to mend it.
func (d *district) breaks(community int, how string) (mend func()) {
	d.t.Helper()
	at := slices.IndexFunc(d.host.up(), func(w *wire) bool { return w.community.Database == d.conf.Communities[community].Database })
	db := d.host.up()[at].db
	writer := *(**sql.DB)(unsafe.Pointer(reflect.ValueOf(db).Elem().FieldByName("write").UnsafeAddr()))
	pragma := func(statement string) {
		_, err := writer.Exec("PRAGMA " + statement)
		fine(d.t, err)
	}
	if how == "read-only" {
		pragma("query_only = 1")
		return func() { pragma("query_only = 0") }
	}
	pragma("wal_checkpoint(TRUNCATE)")
	pragma("shrink_memory") // what it has read before
	whole, err := os.ReadFile(db.Path())
	fine(d.t, err)
	fine(d.t, os.WriteFile(db.Path(), append(slices.Clone(whole[:100]), strings.Repeat("nonsense", (len(whole)-100)/8)...), 0o600))
	return func() {
		fine(d.t, os.WriteFile(db.Path(), whole, 0o600))
		pragma("shrink_memory")
	}
}

// A community whose file fails or is spoilt while the bot runs holds up no other, not even
// for those who are in both. Its council hears of it; what comes for it waits for it, in
// order, and none of it goes to another; and it goes on by itself once the file is whole.
func TestOneFileFailsWhileRunning(t *testing.T) {
	for _, how := range []string{"read-only", "spoilt"} {
		t.Run(how, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				d, people := newDistrict(t, []string{"Ann", "Cleo"}, []string{"Ben", "Ann"})
				ann, ben, cleo := people["Ann"], people["Ben"], people["Cleo"]
				dm := func(p chat.PersonID, text string) { d.Say(p, signaltest.Direct(p), text) }
				d.start()
				dm(ann, "hello")
				d.pass(time.Minute)
				dm(ann, "riverside")
				dm(ben, "hello")
				dm(cleo, "hello")
				d.wrote(ann, "Riverside: Hello Ann!")

				mend := d.breaks(0, how)
				dm(ann, "/gave cleo 1h hedge")
				dm(ann, "/offer help in the garden")
				dm(ben, "/balance")
				d.wrote(ben, "You're at 0h")
				d.Say(ann, signaltest.In(d.groups[1]), "/request a ladder")
				d.pass(10 * time.Minute)
				if cards := d.texts(signaltest.In(d.groups[1])); len(cards) != 2 || !strings.Contains(cards[1], "a ladder") {
					t.Errorf("the other community read %q", cards)
				}
				if told := d.texts(signaltest.In(d.councils[0])); len(told) != 1 || !strings.HasPrefix(told[0], "⚠️ ") {
					t.Errorf("its council read %q", told)
				}
				if d.Waiting() != 0 {
					t.Error("messages wait at signal-cli")
				}
				var answer httptest.ResponseRecorder
				healthz(&answer, httptest.NewRequest("GET", "/healthz", nil), d.host.up())
				if answer.Code != http.StatusServiceUnavailable {
					t.Errorf("the health is said to be %d", answer.Code)
				}

				mend()
				d.wrote(cleo, "Ann says they gave you 1h (hedge).")
				dm(cleo, "yes")
				d.wrote(ann, "Riverside: ✅ Cleo said yes: 1h (hedge) is recorded.")
				if n := d.inboxOf(1, ann); n != 1 {
					t.Errorf("the other has %d of her messages", n)
				}
				d.end()
				for _, c := range d.conf.Communities {
					must(t, "audit", "--db", c.Database)
				}
			})
		})
	}
}
