//go:build long

package main

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
	"communityconnect/storage"
)

// The prompt for a trade of the storm; several may stand in one message.
var stormPrompt = regexp.MustCompile(`says they gave you 1m \(storm-([0-9]+)\)`)

// blizzard is a storm over a whole community.
type blizzard struct {
	*village
	rng     *rand.Rand
	people  []chat.PersonID
	seen    int // of what was sent
	prompts []signaltest.Sent
	number  int
	inbox   []int // what reached it, in the end

	begin, cease func()              // the bot, in a fault
	pause        func(time.Duration) // lets time pass
	scale        time.Duration       // how long the pauses are at most

	mu     sync.Mutex
	whole  []int   // what signal-cli has written to its socket, in one piece
	epochs [][]int // the same, one list from each kill of the bot to the next
}

// stormLine finds the number in a line that brings a message of the storm.
var stormLine = regexp.MustCompile(`"message":"/gave [^"]* storm-([0-9]+)"`)

// wrote is told of every line that the daemon has written.
func (b *blizzard) wrote(line []byte, whole bool) {
	m := stormLine.FindSubmatch(line)
	if m == nil || !whole {
		return
	}
	n, err := strconv.Atoi(string(m[1]))
	fine(b.t, err)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.whole = append(b.whole, n)
	if last := len(b.epochs) - 1; last >= 0 {
		b.epochs[last] = append(b.epochs[last], n)
	}
}

// A community in a storm: connections break in the middle of everything, answers get lost
// and overtake, Signal refuses and repeats, the bot itself is stopped and started.
// Afterwards every message that signal-cli wrote is in the inbox and has had its effect once, everything that
// had to be said was said, twice only with a mark, in order, and the books hold.
func TestBlizzard(t *testing.T) {
	for seed := range uint64(3) {
		inBubble(t, func(t *testing.T) {
			var names []string
			for i := range 20 {
				names = append(names, "Person"+string(rune('a'+i)))
			}
			b := &blizzard{rng: rand.New(rand.NewPCG(seed, 2))}
			b.village, b.people = newVillage(t, signaltest.Options{Receipts: seed%2 == 0, Shuffle: rand.New(rand.NewPCG(seed, 1)), Wrote: b.wrote}, 3, names...)
			v, people := b.village, b.people
			b.begin, b.cease, b.pause, b.scale = v.start, v.end, v.pass, 20*time.Second
			v.start()
			for _, p := range people {
				v.Say(p, signaltest.Direct(p), "hello")
				v.pass(time.Minute)
			}
			for b.number < 2000 {
				b.step()
			}
			b.calm()
			v.end()
			b.verify(seed)
			if lost := b.lost(); lost > 0 {
				t.Errorf("seed %d: signal-cli wrote %d messages that never reached the inbox", seed, lost)
			}
		})
	}
}

func (b *blizzard) one() chat.PersonID { return b.people[b.rng.IntN(len(b.people))] }

// step is one thing that happens.
func (b *blizzard) step() {
	d := b.rng.IntN(100)
	switch {
	case d < 70:
		from, to := b.rng.IntN(20), b.rng.IntN(19)
		if to >= from {
			to++
		}
		b.number++
		b.Say(b.people[from], signaltest.Direct(b.people[from]), fmt.Sprintf("/gave person%c 1m storm-%d", 'a'+to, b.number))
		if b.rng.IntN(20) == 0 {
			b.Repeat()
		}
	case d < 85:
		b.answer()
	case d < 86:
		b.Garble(`garbled {"storm`)
	case d < 87:
		b.Undecryptable(b.one(), "ProtocolNoSessionException")
	default:
		b.fault(b.rng.IntN(12))
	}
	if b.rng.IntN(3) == 0 {
		b.pause(time.Duration(b.rng.Int64N(int64(b.scale))))
	}
}

// answer lets somebody tap on a prompt.
func (b *blizzard) answer() {
	all := b.Sent()
	for _, s := range all[b.seen:] {
		if s.To.Direct() && stormPrompt.MatchString(s.Text) {
			b.prompts = append(b.prompts, s)
		}
	}
	b.seen = len(all)
	if len(b.prompts) > 0 {
		at := b.rng.IntN(len(b.prompts))
		p := b.prompts[at]
		b.prompts = slices.Delete(b.prompts, at, at+1)
		b.React(p.To.Person, p.To, "✅", chat.Ref{Author: b.Bot(), Sent: p.Stamp})
	}
}

func (b *blizzard) fault(kind int) {
	switch kind {
	case 0:
		b.Drop()
	case 1:
		b.CutNext()
	case 2:
		b.Restart()
	case 3:
		b.cease()
		b.begin()
	case 4:
		b.Fail("send", 1, signaltest.Fault{Drop: signaltest.Before})
	case 5:
		b.Fail("send", 1, signaltest.Fault{Drop: signaltest.During})
	case 6:
		b.Fail("send", 1, signaltest.Fault{Drop: signaltest.After})
	case 7:
		b.Fail("send", 1, signaltest.Fault{Silent: true})
	case 8:
		b.Fail("send", 1+b.rng.IntN(3), signaltest.Fault{Everyone: signaltest.Result{Type: signaltest.RateLimit, RetryAfter: b.rng.IntN(int(3 * b.scale / time.Second))}})
	case 9:
		b.Fail("send", 1, signaltest.Fault{Everyone: signaltest.Result{Type: signaltest.Network}})
	case 10:
		b.Fail("send", 1, signaltest.Fault{Error: &signaltest.Error{Code: -32603, Message: "Failed (UnexpectedErrorException)"}})
	case 11:
		b.Reinstall(b.people[0]) // whose answers to older questions are frozen from then on
	}
}

// calm waits until nothing is left to come in or to go out.
func (b *blizzard) calm() {
	b.Restart() // which forgets the faults
	for range 24 * 60 {
		b.pause(3 * b.scale)
		waiting := 0
		b.view(func(tx *storage.Tx) (err error) {
			waiting, _, err = tx.Backlog()
			return err
		})
		if waiting == 0 && b.Waiting() == 0 {
			return
		}
	}
	b.t.Error("it never gets calm")
}

// verify holds what the file says against what was said.
func (b *blizzard) verify(seed uint64) {
	db, err := sql.Open("sqlite3", "file:"+b.conf.Communities[0].Database+"?mode=ro")
	fine(b.t, err)
	defer db.Close()
	numbers := func(query string, args ...any) (all []int) {
		rows, err := db.Query(query, args...)
		fine(b.t, err)
		defer rows.Close()
		for rows.Next() {
			var n int
			fine(b.t, rows.Scan(&n))
			all = append(all, n)
		}
		fine(b.t, rows.Err())
		return all
	}
	b.inbox = numbers(`SELECT cast(substr(m, instr(m, 'storm-') + 6) AS INTEGER) FROM (SELECT json_extract(message, '$.text') AS m FROM inbox
		WHERE kind = 'said' AND state = 'done' AND message IS NOT NULL) WHERE instr(m, 'storm-') > 0 ORDER BY 1`)
	trades := numbers(`SELECT cast(substr(x.body, 7) AS INTEGER) FROM trade t JOIN text x ON x.id = t.text ORDER BY 1`)
	if !slices.Equal(b.inbox, trades) || len(trades) < 1500 {
		b.t.Errorf("seed %d: %d messages reached the inbox and %d trades came of them", seed, len(b.inbox), len(trades))
	}
	if n := len(slices.Compact(slices.Clone(trades))); n != len(trades) {
		b.t.Errorf("seed %d: %d trades are there twice", seed, len(trades)-n)
	}
	posted := numbers(`SELECT trade FROM transfer ORDER BY 1`)
	if n := len(slices.Compact(slices.Clone(posted))); n != len(posted) || n < 50 {
		b.t.Errorf("seed %d: %d transfers for %d trades", seed, len(posted), n)
	}
	changeable := string(b.people[0])
	tapped := numbers(`SELECT DISTINCT s.topic_id FROM inbox i JOIN said s ON s.sent = json_extract(i.message, '$.reaction.target.sent') AND s.to_person = i.sender
		WHERE i.kind = 'reacted' AND s.topic = 'trade' AND i.sender <> ? ORDER BY 1`, changeable)
	confirmed := numbers(`SELECT f.trade FROM transfer f JOIN member m ON m.account = f.from_account WHERE m.person <> ? ORDER BY 1`, changeable)
	if !slices.Equal(tapped, confirmed) {
		b.t.Errorf("seed %d: %d trades were tapped on and %d of these are posted", seed, len(tapped), len(confirmed))
	}
	if dead := numbers(`SELECT count(*) FROM inbox WHERE state = 'dead'`); dead[0] != 0 {
		b.t.Errorf("seed %d: the bot failed on %d messages", seed, dead[0])
	}
	givenUp := numbers(`SELECT cast(substr(x.body, 7) AS INTEGER) FROM outbox o JOIN trade t ON t.id = o.topic_id JOIN text x ON x.id = t.text
		WHERE o.state = 'failed' AND o.topic = 'trade'`)
	b.verifySaid(seed, numbers(`SELECT cast(substr(x.body, 7) AS INTEGER) FROM trade t JOIN text x ON x.id = t.text ORDER BY t.id`), givenUp)
	report := must(b.t, "audit", "--db", b.conf.Communities[0].Database)
	b.t.Logf("seed %d: %d of %d messages arrived, %d posted, %d given up, %d sends, %s", seed, len(b.inbox), b.number, len(posted), len(givenUp), len(b.Sent()), strings.ReplaceAll(strings.TrimSpace(report), "\n", ", "))
}

// lost counts what signal-cli has written in one piece and never reached the inbox.
func (b *blizzard) lost() (n int) {
	slices.Sort(b.whole)
	for _, number := range slices.Compact(b.whole) {
		if _, found := slices.BinarySearch(b.inbox, number); !found {
			n++
		}
	}
	return n
}

// verifySaid looks at what people saw: each prompt, in the order of the trades in each
// chat, and a second time only where it says so.
func (b *blizzard) verifySaid(seed uint64, inOrder, givenUp []int) {
	rank, missing := map[int]int{}, map[int]bool{}
	for i, n := range inOrder {
		rank[n], missing[n] = i, true
	}
	last, marked := map[chat.Conversation]int{}, 0
	for _, s := range b.Sent() {
		if s.Edits != 0 {
			continue
		}
		for _, m := range stormPrompt.FindAllStringSubmatch(s.Text, -1) {
			n, err := strconv.Atoi(m[1])
			fine(b.t, err)
			switch {
			case !missing[n] && !strings.HasPrefix(s.Text, "(Again"):
				b.t.Errorf("seed %d: storm-%d was asked twice without a mark", seed, n)
			case missing[n] && rank[n] < last[s.To]:
				b.t.Errorf("seed %d: storm-%d overtook in its chat", seed, n)
			}
			if missing[n] {
				last[s.To] = rank[n]
			} else {
				marked++
			}
			delete(missing, n)
		}
	}
	if marked == 0 {
		b.t.Errorf("seed %d: nothing was in doubt: the storm is no storm", seed)
	}
	for n := range missing {
		if !slices.Contains(givenUp, n) {
			b.t.Errorf("seed %d: the prompt for storm-%d was never sent, and not given up", seed, n)
		}
	}
}
