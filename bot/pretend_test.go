package bot_test

import (
	"context"
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// Who and where the bot is in tests without a stage.
const (
	self    chat.PersonID = "bot"
	group   chat.GroupID  = "group"
	council chat.GroupID  = "council"
)

var (
	inGroup   = chat.Conversation{Group: group}
	inCouncil = chat.Conversation{Group: council}
)

// person is who the n-th member is on the line, from 1.
func person(n int) chat.PersonID { return chat.PersonID(fmt.Sprintf("person-%d", n)) }

// inDM is the direct conversation with the n-th member.
func inDM(n int) chat.Conversation { return chat.Conversation{Person: person(n)} }

// found makes a community of n members who have all met the bot; the first three are
// its council.
func found(db *storage.DB, n int, p community.Policy, now time.Time) error {
	return db.Update(func(tx *storage.Tx) error {
		if err := tx.Found(storage.Community{Name: "Riverside", Timezone: "Europe/Dublin", Created: now}, p); err != nil {
			return err
		}
		for i := 1; i <= n; i++ {
			m := community.Member{Person: string(person(i)), Name: fmt.Sprintf("Neighbour %d", i), Status: community.Full,
				Met: true, Council: i <= 3, Joined: now}
			if _, err := tx.AddMember(m, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// delivered is one thing the bot has done on the line, and how it went.
type delivered struct {
	out  chat.Outgoing
	sent chat.Timestamp // 0 where it failed
}

// pretendLine keeps what the bot does. Answer, if set, decides how a send ends: with an
// error, or after some time. It is called without the lock, and may block.
type pretendLine struct {
	answer func(ctx context.Context, n int, o chat.Outgoing) error
	now    func() time.Time

	mu       sync.Mutex
	all      []delivered
	stamp    chat.Timestamp
	flying   map[chat.Conversation]int
	crowded  bool // two were in flight in one conversation at some time
	most     int  // in flight at once, at most
	paused   int
	resumed  int
	missed   []chat.Missed // of every message
	thinking int           // how often the bot has shown that it is
}

func newPretendLine(now func() time.Time) *pretendLine {
	return &pretendLine{now: now, flying: map[chat.Conversation]int{}}
}

func (l *pretendLine) Send(ctx context.Context, o chat.Outgoing) (chat.Receipt, error) {
	if o.Act == chat.Typing {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.thinking++
		return chat.Receipt{}, nil
	}
	n := l.begin(o)
	var err error
	if l.answer != nil {
		err = l.answer(ctx, n, o)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flying[o.To]--
	if err != nil {
		return chat.Receipt{}, err
	}
	l.stamp = max(l.stamp+1, chat.TimestampOf(l.now()))
	l.all[n].sent = l.stamp
	return chat.Receipt{Sent: l.stamp, Missed: l.missed}, nil
}

func (l *pretendLine) begin(o chat.Outgoing) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flying[o.To]++
	l.crowded = l.crowded || l.flying[o.To] > 1
	inFlight := 0
	for _, n := range l.flying {
		inFlight += n
	}
	l.most = max(l.most, inFlight)
	l.all = append(l.all, delivered{out: o})
	return len(l.all) - 1
}

func (l *pretendLine) Pause() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused++
}

func (l *pretendLine) Resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resumed++
}

// tries returns everything handed to the line so far, whatever became of it.
func (l *pretendLine) tries() []delivered {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]delivered(nil), l.all...)
}

// arrived returns what the line took.
func (l *pretendLine) arrived() []delivered {
	var all []delivered
	for _, d := range l.tries() {
		if d.sent != 0 {
			all = append(all, d)
		}
	}
	return all
}

// last returns the newest message that arrived in a conversation.
func (l *pretendLine) last(to chat.Conversation) delivered {
	all := l.arrived()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].out.To == to && all[i].out.Act == chat.Send {
			return all[i]
		}
	}
	return delivered{}
}

// house is a community with a running engine on a pretended line.
type house struct {
	t      testing.TB
	db     *storage.DB
	line   *pretendLine
	now    func() time.Time
	sent   chat.Timestamp
	engine *bot.Engine
	stop   context.CancelFunc
	ended  chan error
	paced  bot.Pace

	uptime  func() time.Duration
	online  func() bool
	guesser bot.Guesser // nil for none
	sweep   time.Duration
	log     io.Writer // nil for none
}

// start runs an engine on the file. Inside a synctest bubble the house's clock is the
// bubble's.
func (h *house) start() {
	h.t.Helper()
	log := zerolog.Nop()
	if h.log != nil {
		log = zerolog.New(h.log)
	}
	engine, err := bot.New(bot.Options{DB: h.db, Line: h.line, Self: self, Group: group, Council: council, Now: h.now, Log: log,
		Language: language(h.t), Guesser: h.guesser, Pace: h.paced, Uptime: h.uptime, Sweep: h.sweep, Online: h.online})
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h.engine, h.stop, h.ended = engine, stop, make(chan error, 1)
	go func() { h.ended <- engine.Run(ctx) }()
}

// end stops the engine and leaves the file open.
func (h *house) end() {
	h.t.Helper()
	h.stop()
	if err := <-h.ended; err != nil {
		h.t.Error(err)
	}
}

// pace restarts the engine with that pace.
func (h *house) pace(p bot.Pace) {
	h.t.Helper()
	h.paced = p
	h.restart()
}

// restart stops the engine and starts another on the same file.
func (h *house) restart() {
	h.t.Helper()
	h.end()
	h.start()
}

// said makes a message of the n-th member. No two have the same time.
func (h *house) said(n int, in chat.Conversation, text string, mentions ...chat.Mention) chat.Message {
	h.sent = max(h.sent+1, chat.TimestampOf(h.now()))
	return chat.Message{Kind: chat.Said, From: person(n), Sent: h.sent, Served: h.sent, In: in, Text: text, Mentions: mentions}
}

// gave logs help from one member to another.
func (h *house) gave(giver, receiver int, in chat.Conversation, rest string) chat.Message {
	return h.said(giver, in, "/gave \ufffc "+rest, chat.Mention{Person: person(receiver), Start: 6, Length: 1})
}

// tapped is a reaction to a message of the bot.
func (h *house) tapped(n int, in chat.Conversation, emoji string, on chat.Timestamp) chat.Message {
	m := h.said(n, in, "")
	m.Kind, m.Reaction = chat.Reacted, &chat.Reaction{Emoji: emoji, Target: chat.Ref{Author: self, Sent: on}}
	return m
}

// deliver hands messages over and returns once they are durable.
func (h *house) deliver(all ...chat.Message) {
	h.t.Helper()
	if err := h.engine.Deliver(h.t.Context(), all...); err != nil {
		h.t.Fatal(err)
	}
}

// settle waits until the bot has nothing left to do.
func (h *house) settle() {
	h.t.Helper()
	if err := h.engine.Settle(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// inBubble runs f with a house whose clock is the bubble's: pauses pass at once.
func inBubble(t *testing.T, members int, f func(*house)) {
	t.Helper()
	inBubbleOn(t, t.TempDir()+"/house.db", members, f)
}

// inBubbleOn is inBubble on a file of that name.
func inBubbleOn(t *testing.T, path string, members int, f func(*house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, path, members, time.Now)
		defer func() {
			h.end()
			if err := h.db.Close(); err != nil {
				t.Error(err)
			}
		}()
		f(h)
	})
}

// openHouse founds a community in a new file, with wide limits, and starts the engine.
func openHouse(t testing.TB, path string, members int, now func() time.Time) *house {
	t.Helper()
	return openHouseWith(t, path, members, community.DefaultPolicy(), now)
}

func openHouseWith(t testing.TB, path string, members int, p community.Policy, now func() time.Time) *house {
	t.Helper()
	db, err := storage.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := found(db, members, p, now()); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: db, line: newPretendLine(now), now: now}
	h.start()
	return h
}

// forget returns what arrived, and forgets everything.
func (l *pretendLine) forget() []delivered {
	all := l.arrived()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = nil
	return all
}

// slowly lets every send take that long.
func slowly(d time.Duration) func(context.Context, int, chat.Outgoing) error {
	return func(context.Context, int, chat.Outgoing) error { time.Sleep(d); return nil }
}
