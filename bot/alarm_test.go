package bot_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// toldCouncil lists what the council heard.
func (h *house) toldCouncil() (all []string) {
	for _, d := range h.line.arrived() {
		if d.out.To == inCouncil {
			all = append(all, d.out.Text)
		}
	}
	return all
}

func (h *house) heard(want ...string) {
	h.t.Helper()
	h.settle()
	if got := h.toldCouncil(); !slices.Equal(got, want) {
		h.t.Fatalf("the council heard %q", got)
	}
}

// toNeighbours leaves out what the council heard.
func toNeighbours(all []delivered) []delivered {
	return slices.DeleteFunc(all, func(d delivered) bool { return d.out.To == inCouncil })
}

// An alarm is told once however often it is seen, over restarts, and once when it is over;
// when it comes again it is another one.
func TestAlarmsAreToldOnce(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		full := community.Signs{community.DiskFull: {Wrong: true, Detail: "1 MB"}}
		over := community.Signs{community.DiskFull: {}}
		see := func(s community.Signs) {
			for range 3 {
				if err := h.engine.Observe(h.t.Context(), s); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
			}
		}
		const told = "⚠️ My computer's disk is nearly full: 1 MB left. Whoever looks after it: please make room. When it is full I can take nothing in, and Signal keeps what you write to me."
		const again = "✅ There is room on my computer's disk again."
		see(over)
		h.heard()
		see(full)
		h.restart()
		see(full)
		h.heard(told)
		see(over)
		h.restart()
		see(over)
		h.heard(told, again)
		see(full)
		h.heard(told, again, told)
	})
}

// A clock that is set while the bot runs, or while it is stopped, is noticed, and is no
// alarm any more when it has kept time for a day.
func TestTheClockIsWatched(t *testing.T) {
	path := t.TempDir() + "/house.db"
	for _, stopped := range []bool{false, true} {
		for _, by := range []time.Duration{3 * time.Hour, -3 * time.Hour} {
			inBubbleOn(t, path+by.String()+map[bool]string{true: "stopped"}[stopped], 3, func(h *house) {
				var offset atomic.Int64
				h.end()
				h.now = func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
				start := time.Now()
				h.uptime = func() time.Duration { return time.Since(start) }
				h.start()
				h.deliver(h.said(1, inGroup, "good morning"))
				time.Sleep(time.Hour)
				h.heard()
				if stopped {
					h.end()
				}
				offset.Store(int64(by))
				if stopped {
					h.start()
				}
				time.Sleep(2 * time.Minute)
				want := []string{"⚠️ My computer's clock has jumped, by 3h. Dates and reminders may be wrong. Whoever looks after it: please see that it sets its clock from the network."}
				if stopped && by > 0 {
					want = nil // the bot was away for so long, for all it knows
				} else if stopped {
					want[0] = "⚠️ My computer's clock has jumped, by 2h. Dates and reminders may be wrong. Whoever looks after it: please see that it sets its clock from the network." // from the last message on
				}
				h.heard(want...)
				h.restart()
				time.Sleep(12 * time.Hour)
				h.heard(want...)
				time.Sleep(13 * time.Hour)
				if want != nil {
					want = append(want, "✅ My computer's clock has kept time for a day.")
				}
				h.heard(want...)
			})
		}
	}
}

// Messages that are given up are an alarm for a day.
func TestDeadLettersAreAnAlarm(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		h.line.answer = func(_ context.Context, _ int, o chat.Outgoing) error {
			if o.To == inDM(2) {
				return &chat.SendError{Outcome: chat.Never}
			}
			return nil
		}
		h.deliver(h.said(2, inDM(2), "/balance"))
		time.Sleep(2 * time.Minute)
		const told = "⚠️ Some messages went wrong in the last day: 1 of mine could not be delivered. Whoever looks after my computer: communityconnect check says more."
		h.heard(told)
		time.Sleep(20 * time.Hour)
		h.restart()
		h.heard(told)
		time.Sleep(5 * time.Hour)
		h.heard(told, "✅ No message has gone wrong for a day.")
	})
}

// Books that are altered under the running bot are noticed when it looks, and then nothing
// is posted until they hold again. A damaged page is noticed, too.
func TestAuditClosesTheBooks(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		trade := func(what string) string {
			h.deliver(h.gave(1, 2, inGroup, "1h "+what))
			h.settle()
			h.deliver(h.tapped(2, inGroup, "✅", h.line.last(inGroup).sent))
			h.settle()
			return h.line.tries()[len(h.line.tries())-1].out.Text
		}
		alter := func(statement string) {
			db, err := sql.Open("sqlite3", h.db.Path())
			var trigger string
			if err == nil {
				err = db.QueryRow("SELECT sql FROM sqlite_schema WHERE name = 'account_balance_follows_transfers'").Scan(&trigger)
			}
			if err == nil {
				_, err = db.Exec("DROP TRIGGER account_balance_follows_transfers; " + statement + "; " + trigger)
			}
			if err != nil {
				t.Fatal(err)
			}
			db.Close()
		}
		trade("hedge")
		if r, err := h.engine.Audit(h.t.Context()); err != nil || !r.OK() {
			t.Fatal(r, err)
		}
		h.heard()
		alter("UPDATE account SET balance = balance + 60 WHERE id = 2")
		for range 2 {
			if r, err := h.engine.Audit(h.t.Context()); r.OK() || err != nil {
				t.Fatal(r, err)
			}
		}
		h.settle()
		if told := h.toldCouncil(); len(told) != 1 {
			t.Fatalf("the council heard %q", told)
		}
		if said := trade("fence"); !strings.HasSuffix(said, "The books are closed while the council looks into an error. Nothing is lost; please try again later.") {
			t.Errorf("a trade with unsound books ends with %q", said)
		}
		alter("UPDATE account SET balance = balance - 60 WHERE id = 2")
		if r, err := h.engine.Audit(h.t.Context()); err != nil || !r.OK() {
			t.Fatal(r, err)
		}
		h.settle()
		if told := h.toldCouncil(); len(told) != 2 || told[1] != "✅ The books add up again, and I post trades as before." {
			t.Fatalf("the council heard %q", told)
		}
		if said := trade("gate"); !strings.HasPrefix(said, "✅ Recorded") {
			t.Errorf("a trade with books that hold again ends with %q", said)
		}
	})
}

// Somebody who was taken in without a name is called by it as soon as it is known, and by
// no other's.
func TestNamesAreLearntLater(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		h.end()
		err := h.db.Update(func(tx *storage.Tx) error {
			for i, name := range []string{"Neighbour", "Neighbour 9"} {
				m := community.Member{Person: string(person(4 + i)), Name: name, Nameless: true, Status: community.Full, Joined: h.now()}
				if _, err := tx.AddMember(m, community.DefaultPolicy()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		h.start()
		named := func(n int, name string) {
			m := h.said(n, inGroup, "lovely weather")
			m.Name = name
			h.deliver(m)
		}
		names := func(want ...string) {
			t.Helper()
			var got []string
			if err := h.db.View(func(tx *storage.Tx) error {
				all, err := tx.Members()
				for _, m := range all[3:] {
					got = append(got, m.Name)
				}
				return err
			}); err != nil || !slices.Equal(got, want) {
				t.Fatalf("they are called %q, %v", got, err)
			}
		}
		named(1, "Somebody Else")
		named(4, "")
		named(4, "@\u202e")
		names("Neighbour", "Neighbour 9")
		named(4, "Dee")
		names("Dee", "Neighbour 9")
		named(4, "Deirdre")
		names("Dee", "Neighbour 9")
		h.deliver(chat.Message{Kind: chat.Roster, From: self, Sent: 1, Served: 1, In: inGroup,
			Joined: []chat.PersonID{person(5)}, Names: map[chat.PersonID]string{person(5): "DEE"}})
		names("Dee", "DEE 2")
	})
}
