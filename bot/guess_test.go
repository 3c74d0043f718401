package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/ledger"
	"communityconnect/nlp"
	"communityconnect/storage"
)

// The sentence of these tests: the rules make nothing of it, and the model takes it for a
// trade of its author's with the second neighbour.
const (
	puzzling = "estuve 2h con Neighbour 2 en su jardín"
	theTrade = `{"intent":"log_trade","giver":"me","receiver":"M1","minutes":120,"what":"jardín"}`
)

// withModel is a house whose bot may ask a pretended model.
func withModel(t *testing.T, f func(*house, *pretendModel)) {
	t.Helper()
	model := &pretendModel{says: theTrade}
	inBubble(t, 4, func(h *house) {
		h.guesser = model.client(t)
		h.restart()
		f(h, model)
	})
}

// asked counts the questions in a conversation that show a command.
func (l *pretendLine) asked(to chat.Conversation) int {
	n := 0
	for _, d := range l.arrived() {
		if d.out.To == to && strings.Contains(d.out.Text, "did you mean this?\n/") || d.out.To == to && strings.Contains(d.out.Text, "Did you mean this?\n/") {
			n++
		}
	}
	return n
}

// view reads the file.
func (h *house) trades() (n int) {
	h.t.Helper()
	if err := h.db.View(func(tx *storage.Tx) error {
		for i := int64(1); i <= 4; i++ {
			open, err := tx.OpenTrades(ledger.AccountID(i + 1))
			if err != nil {
				return err
			}
			n += len(open)
		}
		return nil
	}); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// A guess becomes a question once, however often the message comes, and its answer runs
// the command.
func TestAGuessHappensOnce(t *testing.T) {
	withModel(t, func(h *house, model *pretendModel) {
		m := h.said(1, inDM(1), puzzling)
		h.deliver(m, m)
		h.deliver(m)
		h.settle()
		h.restart()
		h.deliver(m)
		h.settle()
		if n, asked := len(model.requests()), h.line.asked(inDM(1)); n != 1 || asked != 1 {
			t.Fatalf("%d requests, %d questions", n, asked)
		}
		if n := h.trades(); n != 0 {
			t.Errorf("%d trades before anybody has said yes", n)
		}
		yes := h.tapped(1, inDM(1), "✅", h.line.last(inDM(1)).sent)
		h.deliver(yes, yes)
		h.settle()
		if n := h.trades(); n == 0 {
			t.Error("no trade after the yes")
		}
		if last := h.line.last(inDM(2)); !strings.Contains(last.out.Text, "2h (jardín)") {
			t.Errorf("the other side was told %q", last.out.Text)
		}
	})
}

// Nobody waits for the model: while it thinks, everything else goes on. Whatever its
// author does in the meantime makes the guess worthless.
func TestNobodyWaitsForTheModel(t *testing.T) {
	withModel(t, func(h *house, model *pretendModel) {
		model.delay = 10 * time.Second
		h.deliver(h.said(1, inDM(1), puzzling))
		h.deliver(h.said(3, inDM(3), "/balance"))
		time.Sleep(time.Second)
		if last := h.line.last(inDM(3)); !strings.Contains(last.out.Text, "You're at") {
			t.Errorf("the other was told %q", last.out.Text)
		}
		if last := h.line.last(inDM(1)); last.sent != 0 {
			t.Errorf("its author was told %q at once", last.out.Text)
		}
		h.settle()
		if h.line.asked(inDM(1)) != 1 {
			t.Error("the guess was not asked back")
		}
		if h.line.thinking != 1 {
			t.Errorf("its author was shown %d times that the bot is thinking", h.line.thinking)
		}
	})
	for name, act := range map[string]func(*house) chat.Message{
		"another message":        func(h *house) chat.Message { return h.said(1, inDM(1), "/balance") },
		"a word in the group":    func(h *house) chat.Message { return h.said(1, inGroup, "morning all") },
		"a tap":                  func(h *house) chat.Message { return h.tapped(1, inGroup, "👍", 1) },
		"the deletion of it all": func(h *house) chat.Message { m := h.said(1, inDM(1), ""); m.Kind = chat.Deleted; return m },
	} {
		t.Run(name, func(t *testing.T) {
			withModel(t, func(h *house, model *pretendModel) {
				model.delay = 10 * time.Second
				h.deliver(h.said(1, inDM(1), puzzling))
				time.Sleep(time.Second)
				h.deliver(act(h))
				h.settle()
				if n, asked := len(model.requests()), h.line.asked(inDM(1)); n != 1 || asked != 0 {
					t.Errorf("%d requests, %d questions", n, asked)
				}
			})
		})
	}
	t.Run("an act of another", func(t *testing.T) {
		withModel(t, func(h *house, model *pretendModel) {
			model.delay = 10 * time.Second
			h.deliver(h.said(1, inDM(1), puzzling))
			h.deliver(h.said(2, inGroup, "morning all"))
			h.settle()
			if h.line.asked(inDM(1)) != 1 {
				t.Error("the guess was dropped")
			}
		})
	})
}

// A bot that is told to stop while the model thinks answers as if there were none, now or
// after the next start.
func TestStoppedWhileTheModelThinks(t *testing.T) {
	withModel(t, func(h *house, model *pretendModel) {
		model.hold = make(chan struct{})
		m := h.said(1, inDM(1), puzzling)
		h.deliver(m)
		time.Sleep(time.Second)
		h.restart()
		h.deliver(m)
		h.settle()
		if last := h.line.last(inDM(1)); !strings.Contains(last.out.Text, "I didn't get that") {
			t.Errorf("its author was told %q", last.out.Text)
		}
		if n := len(h.line.arrived()); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

// One person can't use up what is there for all; the next day they can ask again.
func TestGuessesOfOnePerson(t *testing.T) {
	withModel(t, func(h *house, model *pretendModel) {
		const puzzling = "cuántas horas me quedan a mí"
		model.saysNow(`{"intent":"balance"}`)
		for range 25 {
			h.deliver(h.said(1, inDM(1), puzzling))
			h.settle()
		}
		if n := len(model.requests()); n != 20 {
			t.Errorf("%d requests for one person", n)
		}
		if last := h.line.last(inDM(1)); !strings.Contains(last.out.Text, "I didn't get that") {
			t.Errorf("beyond the limit they were told %q", last.out.Text)
		}
		h.deliver(h.said(3, inDM(3), puzzling))
		h.settle()
		if n := len(model.requests()); n != 21 {
			t.Errorf("%d requests after that of another", n)
		}
		time.Sleep(24 * time.Hour)
		h.deliver(h.said(1, inDM(1), puzzling))
		h.settle()
		if n := len(model.requests()); n != 22 {
			t.Errorf("%d requests on the next day", n)
		}
	})
}

// Chatter that the model makes nothing of leaves no trace of its words in the file; nor
// does any of it ever stand in the log.
func TestWhatTheModelSawIsForgotten(t *testing.T) {
	var log bytes.Buffer
	model := &pretendModel{}
	inBubble(t, 4, func(h *house) {
		h.guesser, h.log = model.client(t), &log
		h.restart()
		for _, says := range []string{`{"intent":"none"}`, "nothing", "secretgarbage", `{"intent":"grant"}`} {
			model.saysNow(says)
			h.deliver(h.said(1, inGroup, "well \ufffc that was 1h of shelves I won't forget, secretparty", chat.Mention{Person: person(2), Start: 5, Length: 1}))
			h.settle()
		}
		if n := len(model.requests()); n != 4 {
			t.Errorf("%d requests", n)
		}
		if n := len(h.line.arrived()); n != 0 {
			t.Errorf("%d messages about chatter", n)
		}
		if err := h.db.View(func(tx *storage.Tx) error {
			kept, err := tx.Inbox(person(1), 10)
			if len(kept) > 0 {
				t.Errorf("%d messages are kept", len(kept))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
	if !strings.Contains(log.String(), "no guess") || strings.Contains(log.String(), "secret") {
		t.Errorf("the log says %q", log.String())
	}
}

// guesserFunc is a guesser that finds everything worth asking.
type guesserFunc func(context.Context, nlp.Utterance) (nlp.Reading, error)

func (guesserFunc) Worth(nlp.Utterance, nlp.Reading) bool { return true }
func (guesserFunc) Where() string                         { return "" }
func (f guesserFunc) Guess(ctx context.Context, u nlp.Utterance) (nlp.Reading, error) {
	return f(ctx, u)
}

// Where the guesser fails, the rules' own doubt is put to the author; where it finds
// nothing, it is believed.
func TestAFailedGuesserLeavesItToTheRules(t *testing.T) {
	for name, x := range map[string]struct {
		guess guesserFunc
		want  int
	}{
		"fails":         {func(context.Context, nlp.Utterance) (nlp.Reading, error) { return nlp.Reading{}, context.Canceled }, 1},
		"finds nothing": {func(context.Context, nlp.Utterance) (nlp.Reading, error) { return nlp.Reading{Intent: nlp.None}, nil }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 4, func(h *house) {
				h.guesser = x.guess
				h.restart()
				h.deliver(h.said(1, inGroup, "Ladder in the shed, borrow it whenever"))
				h.settle()
				all := h.line.arrived()
				if len(all) != x.want || len(all) > 0 && (all[0].out.To != inDM(1) || !strings.Contains(all[0].out.Text, "/offer Ladder")) {
					t.Errorf("%+v", all)
				}
			})
		})
	}
}

// A guesser that falls over, or says what it must not, does no harm.
func TestBadGuessers(t *testing.T) {
	grab := nlp.Slots{Provider: "Neighbour 1", Receiver: "Neighbour 2", Minutes: 600, What: "/policy floor -1000h"}
	for name, g := range map[string]guesserFunc{
		"falls over": func(context.Context, nlp.Utterance) (nlp.Reading, error) { panic("secret") },
		"fails":      func(context.Context, nlp.Utterance) (nlp.Reading, error) { return nlp.Reading{}, context.Canceled },
		"is sure": func(context.Context, nlp.Utterance) (nlp.Reading, error) {
			return nlp.Reading{Intent: nlp.LogTrade, Outcome: nlp.Sure, Slots: grab}, nil
		},
		"confirms": func(context.Context, nlp.Utterance) (nlp.Reading, error) {
			return nlp.Reading{Intent: nlp.Confirm, Outcome: nlp.Sure}, nil
		},
		"invents a person": func(context.Context, nlp.Utterance) (nlp.Reading, error) {
			return nlp.Reading{Intent: nlp.LogTrade, Slots: nlp.Slots{Provider: "Nobody", Receiver: nlp.Me, Minutes: 60}}, nil
		},
		"invents an intent": func(context.Context, nlp.Utterance) (nlp.Reading, error) { return nlp.Reading{Intent: "grant"}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 4, func(h *house) {
				h.guesser = g
				h.restart()
				h.deliver(h.said(1, inDM(1), puzzling), h.said(1, inGroup, puzzling), h.said(3, inDM(3), puzzling))
				h.settle()
				if n := h.trades(); n != 0 {
					t.Errorf("%d trades", n)
				}
				for _, d := range h.line.arrived() {
					if !d.out.To.Direct() || d.out.To.Person == person(2) {
						t.Errorf("said to %v: %q", d.out.To, d.out.Text)
					}
				}
				h.deliver(h.said(4, inDM(4), "/balance"))
				h.settle()
				if last := h.line.last(inDM(4)); !strings.Contains(last.out.Text, "You're at 0h") {
					t.Errorf("afterwards: %q", last.out.Text)
				}
			})
		})
	}
}

// Every attempt to instruct the model, with a model that obeys: nothing happens but that
// its author is asked, in private, about a command of members.
func TestInjectionsEndInAQuestion(t *testing.T) {
	raw, err := os.ReadFile("../nlp/llm/testdata/injections.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	commands := map[string]bool{}
	for _, cmd := range bot.Commands() {
		if !cmd.Council {
			commands["/"+cmd.Name] = true
		}
	}
	withModel(t, func(h *house, model *pretendModel) {
		ours := strings.NewReplacer("Ann", "Neighbour 1", "Ben", "Neighbour 2", "Finn", "Neighbour 3", "Dee", "Neighbour 1", "Cara", "Neighbour 2")
		questions, attempts := 0, 0
		for line := range strings.Lines(string(raw)) {
			if line[0] == '#' {
				continue
			}
			var a struct{ Name, Text, Says string }
			if err := json.Unmarshal([]byte(line), &a); err != nil {
				t.Fatal(err)
			}
			model.saysNow(a.Says)
			for _, in := range []chat.Conversation{inDM(4), inGroup} {
				h.line.forget()
				h.deliver(h.said(4, in, ours.Replace(a.Text)))
				h.settle()
				for _, d := range h.line.forget() {
					if d.out.To != inDM(4) {
						continue // what the rules make of it themselves is tried elsewhere
					}
					_, rest, asked := strings.Cut(d.out.Text, "id you mean this?\n")
					word, _, _ := strings.Cut(rest, " ")
					word, _, _ = strings.Cut(word, "\n")
					if asked && !commands[word] {
						t.Errorf("%s: asked about %q", a.Name, d.out.Text)
					}
					if asked {
						questions++
						h.deliver(h.tapped(4, inDM(4), "❌", d.sent))
						h.settle()
					}
				}
			}
			if attempts++; attempts%8 == 0 {
				time.Sleep(25 * time.Hour) // the day's guesses are back
			}
		}
		if questions == 0 || len(model.requests()) < 50 {
			t.Errorf("%d questions, %d requests: this shows nothing", questions, len(model.requests()))
		}
		if err := h.db.View(func(tx *storage.Tx) error {
			seq, _, err := tx.Head()
			if seq != 0 {
				t.Errorf("%d transfers", seq)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
