package bot_test

import (
	"database/sql"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"communityconnect/chat"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// writer reaches for the connection with which a file is written, to make it fail.
func writer(db *storage.DB) *sql.DB {
	return *(**sql.DB)(unsafe.Pointer(reflect.ValueOf(db).Elem().FieldByName("write").UnsafeAddr()))
}

// fault is a way in which a disk fails, and how it is mended.
type fault struct{ begin, end string }

func (h *house) pragma(statement string) {
	h.t.Helper()
	if _, err := writer(h.db).Exec("PRAGMA " + statement); err != nil {
		h.t.Fatal(err)
	}
}

// full leaves no room for one more page.
func (h *house) full() fault {
	var pages int
	if err := writer(h.db).QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		h.t.Fatal(err)
	}
	return fault{fmt.Sprintf("max_page_count = %d", pages), "max_page_count = 1000000"}
}

func (*house) readOnly() fault { return fault{"query_only = 1", "query_only = 0"} }

// counts is what the books hold.
type counts struct{ trades, posted int }

func (h *house) counts() (c counts) {
	h.t.Helper()
	if err := h.db.View(func(tx *storage.Tx) error {
		for row, err := range tx.EveryTrade() {
			if err != nil {
				return err
			}
			c.trades++
			if row.Value.State == ledger.Posted {
				c.posted++
			}
		}
		return nil
	}); err != nil {
		h.t.Fatal(err)
	}
	return c
}

// sound holds the file to the audit.
func (h *house) sound() {
	h.t.Helper()
	if report, err := h.db.Audit(nil); err != nil || !report.OK() {
		h.t.Errorf("the audit fails: %v %v", err, report.Faults)
	}
}

// While the disk fails nothing is half done, the line is paused once, the council hears
// it once, and what has come in waits. Once the disk works the bot goes on by itself.
func TestDiskFails(t *testing.T) {
	for name, makeFault := range map[string]func(*house) fault{"full": (*house).full, "read-only": (*house).readOnly} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 6, func(h *house) {
				h.deliver(h.gave(1, 2, inGroup, "1h hedge"))
				h.settle()
				yes := h.tapped(2, inGroup, "✅", h.line.last(inGroup).sent)
				before := h.counts()
				f := makeFault(h)
				h.pragma(f.begin)

				const many = 100
				all := append(h.longTrades(many), yes)
				delivered := make(chan error, 1)
				go func() { delivered <- h.engine.Deliver(h.t.Context(), all...) }()
				time.Sleep(50 * time.Minute) // no answer is late yet
				select {
				case err := <-delivered:
					t.Fatalf("Deliver returned while the disk fails: %v", err)
				default:
				}
				if got := h.counts(); got.posted != before.posted || got.trades > before.trades+many {
					t.Errorf("half done: %+v, before %+v", got, before)
				}
				h.checkPaused(1, 0)

				h.pragma(f.end)
				mended := time.Now()
				if err := <-delivered; err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(mended); waited > time.Minute {
					t.Errorf("the bot noticed after %v", waited)
				}
				h.settle()
				h.checkPaused(1, 1)
				if got, want := h.counts(), (counts{before.trades + many, 1}); got != want {
					t.Errorf("after it was mended: %+v, want %+v", got, want)
				}
				h.deliver(all...) // a line that has lost count
				h.settle()
				if got, want := h.counts(), (counts{before.trades + many, 1}); got != want {
					t.Errorf("after a redelivery: %+v, want %+v", got, want)
				}
				h.sound()
			})
		})
	}
}

// longTrades log so much that a file must grow.
func (h *house) longTrades(n int) []chat.Message {
	var all []chat.Message
	for i := range n {
		all = append(all, h.gave(3+i%2, 4-i%2, inGroup, fmt.Sprintf("5m %sno%d", strings.Repeat("very long work ", 9), i)))
	}
	return all
}

// checkPaused counts what the line and the council have heard of a failing disk.
func (h *house) checkPaused(paused, resumed int) {
	h.t.Helper()
	notices := 0
	for _, d := range h.line.tries() {
		if d.out.To == inCouncil && strings.Contains(d.out.Text, "can't write to my disk") {
			notices++
		}
	}
	h.line.mu.Lock()
	defer h.line.mu.Unlock()
	if h.line.paused != paused || h.line.resumed != resumed || notices != paused {
		h.t.Errorf("paused %d times, resumed %d, the council heard of it %d times; want %d, %d, %d",
			h.line.paused, h.line.resumed, notices, paused, resumed, paused)
	}
}

// A bot can be stopped while its disk fails, and goes on where it was.
func TestStopWhileDiskFails(t *testing.T) {
	inBubble(t, 6, func(h *house) {
		h.pragma("query_only = 1")
		m := h.gave(1, 2, inGroup, "1h hedge")
		go func() { _ = h.engine.Deliver(h.t.Context(), m) }()
		synctest.Wait()
		begun := time.Now()
		h.end()
		if waited := time.Since(begun); waited != 0 {
			t.Errorf("it took %v to stop", waited)
		}
		h.pragma("query_only = 0")
		h.start()
		h.deliver(m)
		if got := h.counts(); got.trades != 1 {
			t.Errorf("%d trades", got.trades)
		}
	})
}

// spoil writes nonsense over the page at which a table begins, and returns how to put it
// back.
func (h *house) spoil(table string) (mend func()) {
	h.t.Helper()
	var page, size int64
	for query, to := range map[string]*int64{"SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'": &page, "PRAGMA page_size": &size} {
		if err := writer(h.db).QueryRow(query).Scan(to); err != nil {
			h.t.Fatal(err)
		}
	}
	h.pragma("wal_checkpoint(TRUNCATE)")
	h.pragma("shrink_memory") // what it has read before
	f, err := os.OpenFile(h.db.Path(), os.O_RDWR, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = f.Close() })
	was := make([]byte, size)
	_, err = f.ReadAt(was, (page-1)*size)
	put := func(body []byte) {
		if _, err := f.WriteAt(body, (page-1)*size); err != nil {
			h.t.Fatal(err)
		}
	}
	if err != nil {
		h.t.Fatal(err)
	}
	put([]byte(strings.Repeat("nonsense", int(size)/8)))
	return func() { put(was); h.pragma("shrink_memory") }
}

// While the file is damaged the bot takes nothing in that it would lose, says so to the
// council, once, and can be stopped; what came meanwhile is carried out once the file is
// whole.
func TestFileIsDamaged(t *testing.T) {
	for _, table := range []string{"inbox", "outbox", "member"} {
		t.Run(table, func(t *testing.T) {
			inBubble(t, 6, func(h *house) {
				h.settle()
				mend := h.spoil(table)
				m := h.gave(1, 2, inGroup, "1h hedge")
				delivered := make(chan error, 1)
				go func() { delivered <- h.engine.Deliver(h.t.Context(), m) }()
				time.Sleep(50 * time.Minute) // no answer is late yet
				notices := 0
				for _, d := range h.line.tries() {
					if d.out.To == inCouncil && strings.Contains(d.out.Text, "My file is damaged") {
						notices++
					}
				}
				if h.line.paused != 1 || h.line.resumed != 0 || notices != 1 || len(delivered) > 0 {
					t.Errorf("paused %d times, resumed %d, the council heard of it %d times, delivered: %v", h.line.paused, h.line.resumed, notices, len(delivered) > 0)
				}
				h.end()
				mend()
				h.start()
				h.deliver(m)
				h.settle()
				if got := h.counts(); got.trades != 1 {
					t.Errorf("%d trades", got.trades)
				}
				h.sound()
			})
		})
	}
}

// What was on its way out when the disk began to fail is noted once it works again, and
// not sent twice.
func TestDiskFailsWhileSending(t *testing.T) {
	inBubble(t, 6, func(h *house) {
		h.line.answer = slowly(3 * time.Second)
		h.deliver(h.gave(1, 2, inGroup, "1h hedge"))
		synctest.Wait()
		h.pragma("query_only = 1")
		time.Sleep(10 * time.Minute)
		h.pragma("query_only = 0")
		h.settle()
		h.restart()
		h.settle()
		sent := 0
		for _, d := range h.line.tries() {
			if d.out.To == inGroup {
				sent++
			}
		}
		if sent != 1 {
			t.Errorf("the prompt was sent %d times", sent)
		}
		h.checkPaused(1, 1)
	})
}

// A notice that did not leave is tried again, until one has.
func TestDiskNoticeIsTriedAgain(t *testing.T) {
	inBubble(t, 6, func(h *house) {
		failing(h, func(n int, o chat.Outgoing) error {
			if n < 3 {
				return sendError(chat.NotSent)
			}
			return nil
		})
		h.pragma("query_only = 1")
		go func() { _ = h.engine.Deliver(h.t.Context(), h.said(1, inGroup, "good morning all")) }()
		time.Sleep(30 * time.Minute)
		if tries, arrived := len(h.line.tries()), len(h.line.arrived()); tries != 4 || arrived != 1 {
			t.Errorf("the council was told %d times in %d tries", arrived, tries)
		}
		h.pragma("query_only = 0")
		h.settle()
	})
}
