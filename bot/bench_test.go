package bot_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"communityconnect/chat"
)

// waiting is how many confirmations come in at once, and how many of anything make a
// round of BenchmarkTrade.
const waiting = 64

// BenchmarkTrade compares, round by round in one run, what it takes to make a trade
// durable with the least that a disk must do: a bare single-row insert. A trade is
// logged by one message and confirmed by another; the line takes what it is given at
// once.
//
//	trades/insert      rate of trades (both messages, one after the other) over that of bare inserts
//	confirms/insert    the same for the confirming message alone
//	burst/single       rate of 64 confirmations waiting at once over one by one
//	sent-burst/single  the same, each with everything the bot has to say about it sent and noted
//	trade-us           a trade, one by one
//	insert-us          a bare insert
//	burst-cpu-us       processor time of a confirmation among 64, which bounds burst/single
func BenchmarkTrade(b *testing.B) {
	for _, where := range []string{"group", "dm"} {
		b.Run(where, func(b *testing.B) {
			h := openHouse(b, filepath.Join(b.TempDir(), "house.db"), 2*waiting, time.Now)
			defer closeHouse(h)
			r := rounds{house: h, direct: where == "dm", bare: bareInserts(b)}
			r.disk, r.counted = ownDisk(b)
			for b.Loop() {
				r.play()
			}
			r.report(b)
		})
	}
}

// closeHouse stops the engine and closes the file.
func closeHouse(h *house) {
	h.end()
	if err := h.db.Close(); err != nil {
		h.t.Error(err)
	}
}

// bareInserts returns what adds one row to a table of a file of its own, durably.
func bareInserts(t testing.TB) func() {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(t.TempDir(), "bare.db")+"?_journal_mode=WAL&_synchronous=FULL&_stmt_cache_size=8")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("PRAGMA wal_autocheckpoint = 10000; CREATE TABLE row (id INTEGER PRIMARY KEY, what TEXT)"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := db.Exec("INSERT INTO row (what) VALUES (?)", "an afternoon of help"); err != nil {
			t.Fatal(err)
		}
	}
}

// rounds measures things side by side.
type rounds struct {
	*house
	direct bool
	bare   func()

	insert, trade, confirm, single, burst, sentBurst []time.Duration // per round
	processor                                        []time.Duration // of a burst until it is durable

	disk              disk // of whoever has started us with one
	counted           bool
	flushed, finished int64 // flushes of all bursts: until durable, and until sent
}

// play is one round: each thing 64 times.
func (r *rounds) play() {
	r.insert = append(r.insert, r.timed(func() {
		for range waiting {
			r.bare()
		}
	}))
	r.one()
	logged := r.log()
	r.single = append(r.single, r.timed(func() {
		for _, m := range logged {
			r.deliver(m)
			r.settle()
		}
	}))
	logged = r.log()
	before := r.flushes()
	var durable time.Duration
	r.sentBurst = append(r.sentBurst, r.timed(func() {
		used := processorTime()
		durable = r.timed(func() { r.deliver(logged...) })
		r.processor = append(r.processor, processorTime()-used)
		r.flushed += r.flushes() - before
		r.settle()
	}))
	r.finished += r.flushes() - before
	r.burst = append(r.burst, durable)
}

func (r *rounds) flushes() int64 {
	if !r.counted {
		return 0
	}
	return r.disk.get(flushes)
}

// one plays 64 trades one after the other: logged, asked about, confirmed.
func (r *rounds) one() {
	var logging, confirming time.Duration
	for pair := range waiting {
		m := r.logged(pair)
		logging += r.timed(func() { r.deliver(m) })
		r.settle()
		yes := r.yes(pair)
		confirming += r.timed(func() { r.deliver(yes) })
		r.settle()
	}
	r.trade = append(r.trade, logging+confirming)
	r.confirm = append(r.confirm, confirming)
}

// log logs a trade for every pair and returns the confirmations.
func (r *rounds) log() []chat.Message {
	var logged, all []chat.Message
	for pair := range waiting {
		logged = append(logged, r.logged(pair))
	}
	r.deliver(logged...)
	r.settle()
	prompts := r.prompts()
	for pair := range waiting {
		all = append(all, r.tapped(2*pair+2, r.where(2*pair+2), "✅", prompts[person(2*pair+2)]))
	}
	return all
}

// logged is the message of a pair's first that they have helped the second. Who helps
// whom changes all the time, so that nobody reaches a limit.
func (r *rounds) logged(pair int) chat.Message {
	word := "/gave"
	if len(r.insert)%2 == 0 {
		word = "/got"
	}
	return r.said(2*pair+1, r.where(2*pair+1), word+" \ufffc 1h an afternoon of help",
		chat.Mention{Person: person(2*pair + 2), Start: len(word) + 1, Length: 1})
}

func (r *rounds) yes(pair int) chat.Message {
	return r.tapped(2*pair+2, r.where(2*pair+2), "✅", r.prompts()[person(2*pair+2)])
}

func (r *rounds) where(n int) chat.Conversation {
	if r.direct {
		return inDM(n)
	}
	return inGroup
}

// prompts finds who was asked by which message, the newest of each, and forgets what
// the line has sent.
func (r *rounds) prompts() map[chat.PersonID]chat.Timestamp {
	asked := map[chat.PersonID]chat.Timestamp{}
	for _, d := range r.line.forget() {
		switch {
		case d.out.Act != chat.Send:
		case d.out.To.Direct():
			asked[d.out.To.Person] = d.sent
		default:
			asked[d.out.Mentions[0].Person] = d.sent
		}
	}
	return asked
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (r *rounds) timed(f func()) time.Duration {
	begun := time.Now()
	f()
	return time.Since(begun)
}

func (r *rounds) report(b *testing.B) {
	b.ReportMetric(0, "ns/op") // a round is of no interest
	b.ReportMetric(ratio(r.insert, r.trade), "trades/insert")
	b.ReportMetric(ratio(r.insert, r.confirm), "confirms/insert")
	b.ReportMetric(ratio(r.confirm, r.burst), "burst/single")
	b.ReportMetric(ratio(r.single, r.sentBurst), "sent-burst/single")
	b.ReportMetric(float64(median(r.trade).Microseconds())/waiting, "trade-us")
	b.ReportMetric(float64(median(r.insert).Microseconds())/waiting, "insert-us")
	b.ReportMetric(float64(median(r.processor).Microseconds())/waiting, "burst-cpu-us")
	if r.counted {
		trades := float64(waiting * len(r.burst))
		b.ReportMetric(float64(r.flushed)/trades, "flushes/trade")
		b.ReportMetric(float64(r.finished)/trades, "sent-flushes/trade")
	}
}

// ratio is the median of a/b, round by round.
func ratio(a, b []time.Duration) float64 {
	var all []float64
	for i := range a {
		all = append(all, float64(a[i])/float64(b[i]))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func median(all []time.Duration) time.Duration {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}
