package bot_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// TestCrash kills the bot at every named moment and at some random ones, and holds it
// to its promises after each. The long suite does it 200 times more.
func TestCrash(t *testing.T) {
	s := newStorm(t, 1)
	for _, point := range []string{bot.BeforeCommit, bot.AfterCommit, bot.BeforeSend, bot.AfterSend} {
		for _, hits := range []int{0, 3, 9} {
			s.dieAt(point, hits)
		}
	}
	for range 4 {
		s.dieSome(t)
	}
	s.finish()
}

// storm is a community whose bot is killed over and over while its members log and
// confirm help.
type storm struct {
	t      testing.TB
	path   string
	random *rand.Rand
	sent   chat.Timestamp
	trades []*stormTrade
	output map[string]int // how often each thing was sent as news
	next   int            // number of the next message

	environment     []string // of the children, beside our own
	paused, resumed int      // how often the line was
}

// stormTrade is one trade on its way through the storm.
type stormTrade struct {
	text     string
	in       [2]chat.Conversation // where its giver and its receiver talk with the bot
	receiver int
	logged   *stormMessage
	taps     []*stormMessage
	recorded bool // the bot has said so
}

type stormMessage struct {
	id      int
	message chat.Message
	acked   bool
}

const stormMembers = 12

func newStorm(t testing.TB, seed uint64) *storm {
	return &storm{t: t, path: filepath.Join(t.TempDir(), "storm.db"), random: rand.New(rand.NewPCG(seed, 0)), output: map[string]int{}}
}

// dieAt runs the bot until it passes a failpoint for the (hits+1)th time.
func (s *storm) dieAt(point string, hits int) {
	s.t.Helper()
	s.run(crashPlan{DieAt: point, Hits: hits}, nil)
}

// dieSome runs the bot and kills it after some random number of things it has told.
func (s *storm) dieSome(t testing.TB) {
	t.Helper()
	left, pause := s.random.IntN(30), time.Duration(s.random.IntN(1500))*time.Microsecond
	s.run(crashPlan{}, func(p *os.Process) {
		if left--; left == -1 {
			time.AfterFunc(pause, func() { _ = p.Signal(syscall.SIGKILL) })
		}
	})
}

// run starts a child, gives it everything that was not acknowledged, some things that
// were, and some new trades, and goes on with what it says until it dies. Then the file
// must be sound.
func (s *storm) run(plan crashPlan, told func(*os.Process)) {
	s.t.Helper()
	for range 5 {
		s.logOne()
	}
	s.play(plan, told)
	s.check()
}

// finish lets the bot end everything in peace, and holds what has come of it all
// against what was promised.
func (s *storm) finish() {
	s.t.Helper()
	s.play(crashPlan{}, nil)
	s.play(crashPlan{}, nil) // nothing is left: all it is told is old
	s.check()
	for _, trade := range s.trades {
		if !trade.recorded {
			s.t.Errorf("nobody was told that %q is recorded", trade.text)
		}
	}
	for said, times := range s.output {
		if times > 1 {
			s.t.Errorf("said as news %d times: %s", times, said)
		}
	}
}

// play runs one child.
func (s *storm) play(plan crashPlan, told func(*os.Process)) {
	s.t.Helper()
	plan.Database, plan.Members = s.path, stormMembers
	b, err := json.Marshal(plan)
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childName+"=crash", planName+"="+string(b)), s.environment...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	pending := s.again(in)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for (pending > 0 || s.unrecorded() > 0) && lines.Scan() {
		pending += s.hear(lines.Bytes(), in)
		if told != nil {
			told(cmd.Process)
		}
	}
	_ = in.Close() // it ends by itself, or is dead
	for lines.Scan() {
		s.hear(lines.Bytes(), io.Discard)
	}
	if err := cmd.Wait(); err != nil && err.Error() != "signal: killed" {
		s.t.Fatalf("the bot ended with: %v", err)
	}
}

func (s *storm) unrecorded() int {
	n := 0
	for _, trade := range s.trades {
		if !trade.recorded {
			n++
		}
	}
	return n
}

// again gives a new child what a line would: all that was not acknowledged, in order,
// and now and then something that was. It returns how many acknowledgements to expect.
func (s *storm) again(in io.Writer) (pending int) {
	for _, trade := range s.trades {
		for _, m := range append([]*stormMessage{trade.logged}, trade.taps...) {
			if !m.acked || s.random.IntN(10) == 0 {
				m.acked = false
				s.tell(in, m)
				pending++
			}
		}
	}
	return pending
}

func (s *storm) tell(in io.Writer, m *stormMessage) {
	b, err := json.Marshal(toChild{ID: m.id, Message: m.message})
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = in.Write(append(b, '\n')) // it may be dead by now
}

// logOne makes up a trade, in the group or in direct messages.
func (s *storm) logOne() {
	giver := 1 + s.random.IntN(stormMembers)
	receiver := 1 + (giver+s.random.IntN(stormMembers-1))%stormMembers
	trade := &stormTrade{text: fmt.Sprintf("chore%d", len(s.trades)), receiver: receiver, in: [2]chat.Conversation{inGroup, inGroup}}
	if s.random.IntN(2) == 0 {
		trade.in = [2]chat.Conversation{inDM(giver), inDM(receiver)}
	}
	trade.logged = s.message(chat.Message{Kind: chat.Said, From: person(giver), In: trade.in[0], Text: "/gave \ufffc 5m " + trade.text,
		Mentions: []chat.Mention{{Person: person(receiver), Start: 6, Length: 1}}})
	s.trades = append(s.trades, trade)
}

func (s *storm) message(m chat.Message) *stormMessage {
	s.next++
	s.sent = max(s.sent+1, chat.TimestampOf(time.Now()))
	m.Sent, m.Served = s.sent, s.sent
	return &stormMessage{id: s.next, message: m}
}

// hear takes in what the child tells, and answers prompts. It returns the change in how
// many acknowledgements are to be expected.
func (s *storm) hear(line []byte, in io.Writer) (pending int) {
	var f fromChild
	if err := json.Unmarshal(line, &f); err != nil {
		s.t.Fatalf("the bot said %q: %v", line, err)
	}
	switch {
	case f.Acked != 0:
		return s.ack(f.Acked)
	case f.Paused:
		s.paused++
		return 0
	case f.Resumed:
		s.resumed++
		return 0
	}
	trade := s.tradeIn(f.Out.Text)
	if trade == nil {
		return 0 // a thumb on what was logged
	}
	if f.Out.Act == chat.Send && !strings.HasPrefix(f.Out.Text, again) {
		s.output[fmt.Sprintf("%v %s", f.Out.To, f.Out.Text[:min(30, len(f.Out.Text))]+trade.text)]++
	}
	switch {
	case strings.Contains(f.Out.Text, "Recorded") || strings.Contains(f.Out.Text, "is recorded"):
		trade.recorded = true
	case f.Out.Act == chat.Send && strings.Contains(f.Out.Text, "Is that right"):
		tap := s.message(chat.Message{Kind: chat.Reacted, From: person(trade.receiver), In: f.Out.To,
			Reaction: &chat.Reaction{Emoji: "✅", Target: chat.Ref{Author: self, Sent: f.Sent}}})
		trade.taps = append(trade.taps, tap)
		s.tell(in, tap)
		pending++
	}
	return pending
}

func (s *storm) ack(id int) int {
	for _, trade := range s.trades {
		for _, m := range append([]*stormMessage{trade.logged}, trade.taps...) {
			if m.id == id && !m.acked {
				m.acked = true
				return -1
			}
		}
	}
	return 0
}

func (s *storm) tradeIn(text string) *stormTrade {
	_, rest, found := strings.Cut(text, "chore")
	if !found {
		return nil
	}
	n := 0
	if _, err := fmt.Sscanf(rest, "%d", &n); err != nil {
		s.t.Fatalf("no trade in %q", text)
	}
	return s.trades[n]
}

// check holds the file to its promises: the audit is fine, whatever was acknowledged is
// there, and once; whatever the bot has said is true.
func (s *storm) check() {
	s.t.Helper()
	db, err := storage.OpenReader(s.path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if report, err := db.Audit(nil); err != nil || !report.OK() {
		s.t.Fatalf("the audit fails: %v %v", err, report.Faults)
	}
	states := map[string][]ledger.TradeState{}
	if err := db.View(func(tx *storage.Tx) error {
		for row, err := range tx.EveryTrade() {
			if err != nil {
				return err
			}
			states[row.Value.What.Body] = append(states[row.Value.What.Body], row.Value.State)
		}
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	for _, trade := range s.trades {
		got := states[trade.text]
		switch {
		case len(got) > 1:
			s.t.Errorf("%q was entered %d times", trade.text, len(got))
		case len(got) == 0 && trade.logged.acked:
			s.t.Errorf("%q was acknowledged and is lost", trade.text)
		case trade.recorded && (len(got) == 0 || got[0] != ledger.Posted):
			s.t.Errorf("%q was said to be recorded and is %v", trade.text, got)
		}
	}
}
