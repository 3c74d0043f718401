package reception_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/bot/reception"
	"communityconnect/chat"
	"communityconnect/storage/visitors"
)

const self chat.PersonID = "the bot"

// hall is a reception for three communities, A, B and C, with what they and the line see.
type hall struct {
	t     *testing.T
	path  string
	book  *visitors.Book
	r     *reception.Reception
	line  *line
	sides map[chat.GroupID]*side
	stamp chat.Timestamp
	stop  func()
}

// side is one community.
type side struct {
	mu    sync.Mutex
	knows []chat.PersonID
	wrote []chat.Timestamp
	ill   error // of what it is asked
	stuck bool  // takes nothing
	took  []string
}

func (s *side) Take(ctx context.Context, all []bot.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stuck {
		s.mu.Unlock()
		<-ctx.Done()
		s.mu.Lock()
		return ctx.Err()
	}
	for _, d := range all {
		switch {
		case d.Message == nil:
			s.took = append(s.took, "?")
		case !slices.Contains(s.took, d.Message.Text): // a community takes a message once
			s.took = append(s.took, d.Message.Text)
		}
	}
	return nil
}

func (s *side) Knows(p chat.PersonID) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.knows, p), s.ill
}

func (s *side) Sent(at chat.Timestamp) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.wrote, at), s.ill
}

func (s *side) Wrote(_ chat.Conversation, at chat.Timestamp) (bool, error) { return s.Sent(at) }

// set changes what a side knows, writes or suffers from.
func (s *side) set(change func(*side)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *side) has() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.took, ", ")
}

// line notes what the reception says.
type line struct {
	mu   sync.Mutex
	said []string
	err  error
}

func (l *line) Send(_ context.Context, o chat.Outgoing) (chat.Receipt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return chat.Receipt{}, l.err
	}
	l.said = append(l.said, string(o.To.Person)+": "+o.Text)
	return chat.Receipt{Sent: chat.Timestamp(1000 + len(l.said))}, nil
}

func (*line) Pause() {}

func (*line) Resume() {}

func (l *line) fails(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

// heard returns the beginnings of what was said.
func (l *line) heard() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, s := range l.said {
		all = append(all, s[:min(len(s), 22)])
	}
	return strings.Join(all, "; ")
}

func newHall(t *testing.T) *hall {
	h := &hall{t: t, path: filepath.Join(t.TempDir(), "visitors.db"), line: &line{}, sides: map[chat.GroupID]*side{"A": {}, "B": {}, "C": {}}, stamp: 1}
	h.start()
	return h
}

func (h *hall) start() {
	h.t.Helper()
	var err error
	if h.book, err = visitors.Open(h.path); err != nil {
		h.t.Fatal(err)
	}
	var places []reception.Place
	for _, g := range []chat.GroupID{"A", "B", "C"} {
		places = append(places, reception.Place{Name: map[chat.GroupID]string{"A": "Ash", "B": "Birch", "C": "Cedar"}[g], Group: g, Council: g + " council"})
	}
	h.r = reception.New(reception.Options{Book: h.book, Line: h.line, Self: func() chat.PersonID { return self }, Places: places, Now: time.Now, Log: zerolog.Nop()})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { h.r.Run(ctx); close(ended) }()
	h.stop = func() {
		cancel()
		<-ended
		if err := h.book.Close(); err != nil {
			h.t.Error(err)
		}
	}
}

// restart is a new start of the program: no community is up yet.
func (h *hall) restart() { h.stop(); h.start() }

func (h *hall) up(all ...chat.GroupID) {
	for _, g := range all {
		h.r.Up(g, h.sides[g])
	}
	synctest.Wait()
}

func (h *hall) deliver(m chat.Message) {
	h.t.Helper()
	h.stamp++
	m.Sent = chat.TimestampOf(time.Now()) + h.stamp
	if m.Kind == "" {
		m.Kind = chat.Said
	}
	if err := h.r.Deliver(h.t.Context(), []bot.Delivery{{Message: &m}}); err != nil {
		h.t.Errorf("%q: %v", m.Text, err)
	}
	synctest.Wait()
}

func (h *hall) dm(p chat.PersonID, text string) {
	h.t.Helper()
	h.deliver(chat.Message{From: p, In: chat.Conversation{Person: p}, Text: text})
}

func (h *hall) reply(p chat.PersonID, to chat.Timestamp, text string) {
	h.t.Helper()
	h.deliver(chat.Message{From: p, In: chat.Conversation{Person: p}, Text: text, ReplyTo: &chat.Ref{Author: self, Sent: to}})
}

// took fails unless that is all that a community has taken.
func (h *hall) took(g chat.GroupID, want ...string) {
	h.t.Helper()
	if got := h.sides[g].has(); got != strings.Join(want, ", ") {
		h.t.Errorf("%s has taken %q, and should have %q", g, got, want)
	}
}

func inHall(t *testing.T, do func(*hall)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := newHall(t)
		do(h)
		h.stop()
	})
}

// What is said in a group is for its community, a line that nobody understands is kept by
// the first, and what comes from a group of nobody's is for nobody.
func TestGroups(t *testing.T) {
	inHall(t, func(h *hall) {
		h.up("A", "B", "C")
		h.deliver(chat.Message{From: "ann", In: chat.Conversation{Group: "B"}, Text: "one"})
		h.deliver(chat.Message{From: "ann", In: chat.Conversation{Group: "B council"}, Text: "two"})
		h.deliver(chat.Message{From: "ann", In: chat.Conversation{Group: "D"}, Text: "three"})
		if err := h.r.Deliver(h.t.Context(), []bot.Delivery{{Undecoded: []byte("?")}}); err != nil {
			t.Error(err)
		}
		h.took("A", "?")
		h.took("B", "one", "two")
		h.took("C")
	})
}

// A receipt goes to whoever sent what it is about, and a new phone to all that know its
// owner.
func TestReceiptsAndNewPhones(t *testing.T) {
	inHall(t, func(h *hall) {
		h.up("A", "B", "C")
		h.sides["B"].set(func(s *side) { s.wrote = []chat.Timestamp{7} })
		if err := h.r.Deliver(h.t.Context(), []bot.Delivery{{Arrival: &bot.Arrival{By: "ann", Sent: []chat.Timestamp{6, 7}}}}); err != nil {
			t.Error(err)
		}
		h.sides["A"].set(func(s *side) { s.knows = []chat.PersonID{"ann"} })
		h.sides["C"].set(func(s *side) { s.knows = []chat.PersonID{"ann"} })
		h.deliver(chat.Message{Kind: chat.NewDevice, From: "ann", In: chat.Conversation{Person: "ann"}, Text: "new phone"})
		h.took("A", "new phone")
		h.took("B", "?")
		h.took("C", "new phone")
	})
}

// What somebody wrote waits until they say whom they mean, over a restart, and in order;
// then their word holds, until they change it.
func TestAsked(t *testing.T) {
	inHall(t, func(h *hall) {
		for _, g := range []chat.GroupID{"A", "C"} {
			h.sides[g].set(func(s *side) { s.knows = []chat.PersonID{"ann"} })
		}
		h.up("A", "B", "C")
		h.dm("ann", "one")
		h.dm("ann", "two")
		h.restart()
		h.up("A", "B", "C")
		h.dm("ann", "3") // there is no third for her
		h.dm("ann", "cedar.")
		h.dm("ann", "four")
		h.took("A")
		h.took("C", "one", "two", "3", "four")
		h.dm("ann", "/community")
		h.dm("ann", "/community ASH")
		h.dm("ann", "five")
		h.dm("ann", "/community nowhere")
		h.took("A", "five")
		h.took("B")
		want := "ann: You're in more th; ann: What you write to; ann: Right: what you w; ann: Say /community an"
		if got := h.line.heard(); got != want {
			t.Errorf("she heard %q", got)
		}
	})
}

// Taps, edits and deletions that answer nothing of ours bring no question.
func TestNothingSaid(t *testing.T) {
	inHall(t, func(h *hall) {
		for _, g := range []chat.GroupID{"A", "B"} {
			h.sides[g].set(func(s *side) { s.knows = []chat.PersonID{"ann"} })
		}
		h.up("A", "B", "C")
		h.deliver(chat.Message{Kind: chat.Reacted, From: "ann", In: chat.Conversation{Person: "ann"}, Reaction: &chat.Reaction{Emoji: "👍", Target: chat.Ref{Author: "ben", Sent: 3}}})
		if got := h.line.heard(); got != "" {
			t.Errorf("she heard %q", got)
		}
	})
}

// A question that could not go out is sent when it can; one that may have arrived is not
// sent again.
func TestQuestionsGoOut(t *testing.T) {
	for outcome, want := range map[chat.Outcome]string{
		chat.Later: "ann: You're in more th", chat.NotSent: "ann: You're in more th", chat.Unknown: "", chat.Never: "",
	} {
		inHall(t, func(h *hall) {
			for _, g := range []chat.GroupID{"A", "B"} {
				h.sides[g].set(func(s *side) { s.knows = []chat.PersonID{"ann"} })
			}
			h.up("A", "B", "C")
			h.line.fails(&chat.SendError{Outcome: outcome})
			h.dm("ann", "hello")
			h.line.fails(nil)
			time.Sleep(5 * time.Minute)
			if got := h.line.heard(); got != want {
				t.Errorf("after %s she heard %q", outcome, got)
			}
		})
	}
}

// What nobody answered within a month is forgotten while the program goes on.
func TestUnansweredIsForgotten(t *testing.T) {
	inHall(t, func(h *hall) {
		for _, g := range []chat.GroupID{"A", "B"} {
			h.sides[g].set(func(s *side) { s.knows = []chat.PersonID{"ann"} })
		}
		h.up("A", "B", "C")
		h.dm("ann", "a secret")
		time.Sleep(29 * 24 * time.Hour)
		if held, err := h.book.Held("ann"); err != nil || len(held) != 1 {
			t.Errorf("after 29 days %d of her messages wait (%v)", len(held), err)
		}
		time.Sleep(3 * 24 * time.Hour)
		if held, err := h.book.Held("ann"); err != nil || len(held) != 0 {
			t.Errorf("after 32 days %d of her messages wait (%v)", len(held), err)
		}
	})
}
