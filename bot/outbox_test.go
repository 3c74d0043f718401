package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

const again = "(Again, in case it didn't reach you.) "

// failing makes every send end as the function says, which sees how many came before.
func failing(h *house, f func(n int, o chat.Outgoing) error) {
	h.line.answer = func(_ context.Context, n int, o chat.Outgoing) error { return f(n, o) }
}

func sendError(outcome chat.Outcome) *chat.SendError {
	return &chat.SendError{Outcome: outcome, Cause: errors.New("as the test wants it")}
}

// texts returns what was tried, in order.
func texts(all []delivered) []string {
	var said []string
	for _, d := range all {
		said = append(said, d.out.Text)
	}
	return said
}

// asks delivers n questions of one member that each get one answer, told apart by a
// word that nobody knows.
func asks(h *house, member, n int) {
	for i := range n {
		h.deliver(h.said(member, inDM(member), "/history "+string(rune('1'+i))+" @mister"+string(rune('a'+i))))
	}
}

// about returns which of asks's questions a text answers.
func about(text string) string {
	_, rest, _ := strings.Cut(text, "mister")
	return rest[:min(1, len(rest))]
}

// A conversation's messages follow each other at once and in order, one at a time;
// different conversations don't wait for each other, up to four.
func TestOutboxOrder(t *testing.T) {
	inBubble(t, 8, func(h *house) {
		h.line.answer = func(ctx context.Context, _ int, _ chat.Outgoing) error {
			select {
			case <-time.After(time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		begun := time.Now()
		for member := 1; member <= 4; member++ {
			asks(h, member, 5)
		}
		h.settle()
		if waited := time.Since(begun); waited != 5*time.Second {
			t.Errorf("five messages of a second each in each of four conversations took %v", waited)
		}
		if h.line.crowded || h.line.most != 4 {
			t.Errorf("in flight: two in one conversation %v, at most %d", h.line.crowded, h.line.most)
		}
		order := map[chat.Conversation]string{}
		for _, d := range h.line.arrived() {
			order[d.out.To] += about(d.out.Text)
		}
		for member := 1; member <= 4; member++ {
			if got := order[inDM(member)]; got != "abcde" {
				t.Errorf("member %d was answered in the order %q", member, got)
			}
		}
	})
}

// No more than four conversations are written to at once, and the others get their turn.
func TestOutboxInFlight(t *testing.T) {
	inBubble(t, 10, func(h *house) {
		h.line.answer = func(context.Context, int, chat.Outgoing) error { time.Sleep(time.Second); return nil }
		var all []chat.Message
		for member := 1; member <= 10; member++ {
			all = append(all, h.said(member, inDM(member), "/balance"))
		}
		begun := time.Now()
		h.deliver(all...)
		h.settle()
		if got := len(h.line.arrived()); got != 10 || h.line.most != 4 || time.Since(begun) != 3*time.Second {
			t.Errorf("%d of 10 went out, at most %d at once, in %v", got, h.line.most, time.Since(begun))
		}
	})
}

// What did not leave is tried again as it is, after pauses that grow to a minute; the
// conversation waits, the others don't.
func TestOutboxNotSent(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		begun := time.Now()
		var at []time.Duration
		failing(h, func(_ int, o chat.Outgoing) error {
			if o.To != inDM(1) {
				return nil
			}
			at = append(at, time.Since(begun))
			if len(at) < 9 {
				return sendError(chat.NotSent)
			}
			return nil
		})
		asks(h, 1, 2)
		asks(h, 2, 1)
		synctest.Wait()
		if got := len(h.line.arrived()); got != 1 {
			t.Errorf("%d messages have arrived before any pause, not the other member's one", got)
		}
		h.settle()
		want := []time.Duration{0, 1, 3, 7, 15, 31, 63, 123, 183, 183}
		for i := range want {
			want[i] *= time.Second
		}
		if !slices.Equal(at, want) {
			t.Errorf("tries at %v, want %v", at, want)
		}
		for _, text := range texts(h.line.tries()) {
			if strings.HasPrefix(text, again) {
				t.Errorf("marked, though it was never sent before: %q", text)
			}
		}
	})
}

// A pause that the line asks for is kept, to the second.
func TestOutboxLater(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		begun := time.Now()
		failing(h, func(n int, _ chat.Outgoing) error {
			if n == 0 {
				return &chat.SendError{Outcome: chat.Later, After: 17 * time.Minute, Cause: errors.New("too fast")}
			}
			return nil
		})
		asks(h, 1, 1)
		h.settle()
		if waited := time.Since(begun); waited != 17*time.Minute {
			t.Errorf("tried again after %v", waited)
		}
		if got := texts(h.line.arrived()); len(got) != 1 || strings.HasPrefix(got[0], again) {
			t.Errorf("arrived: %q", got)
		}
	})
}

// What can't be delivered is given up, and the next goes out at once.
func TestOutboxNever(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		begun := time.Now()
		failing(h, func(n int, _ chat.Outgoing) error {
			if n == 0 {
				return sendError(chat.Never)
			}
			return nil
		})
		asks(h, 1, 2)
		h.settle()
		if got := toNeighbours(h.line.tries()); len(got) != 2 || about(got[1].out.Text) != "b" || time.Since(begun) != 0 {
			t.Errorf("tries %q in %v", texts(got), time.Since(begun))
		}
		h.restart()
		h.settle()
		if got := len(toNeighbours(h.line.tries())); got != 2 {
			t.Errorf("it was tried again after a restart")
		}
	})
}

// What may have arrived is sent once more and says so; if that is in doubt, too, it is
// let be. Any error that is no SendError is a doubt.
func TestOutboxUnknown(t *testing.T) {
	for name, err := range map[string]error{"unknown": sendError(chat.Unknown), "a stranger's error": errors.New("EOF")} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 4, func(h *house) {
				failing(h, func(n int, o chat.Outgoing) error {
					if n < 2 {
						return err
					}
					return nil
				})
				asks(h, 1, 2)
				h.settle()
				got := texts(h.line.tries())
				if len(got) != 3 || got[1] != again+got[0] || about(got[2]) != "b" || strings.HasPrefix(got[2], again) {
					t.Errorf("tries: %q", got)
				}
			})
		})
	}
}

// A doubt stays, whatever the next tries say, also over a restart.
func TestOutboxDoubtStays(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		outcomes := []chat.Outcome{chat.NotSent, chat.Unknown, chat.NotSent, chat.Later}
		failing(h, func(n int, _ chat.Outgoing) error {
			if n < len(outcomes) {
				return sendError(outcomes[n])
			}
			return nil
		})
		asks(h, 1, 1)
		for len(h.line.tries()) < len(outcomes) {
			time.Sleep(time.Second)
		}
		h.restart()
		h.settle()
		var marked []bool
		for _, text := range texts(h.line.tries()) {
			marked = append(marked, strings.HasPrefix(text, again))
			if strings.Count(text, again) > 1 {
				t.Errorf("marked twice: %q", text)
			}
		}
		if want := []bool{false, false, true, true, true}; !slices.Equal(marked, want) {
			t.Errorf("marked %v, want %v", marked, want)
		}
	})
}

// A message that was being sent when the program died goes out again, marked; what was
// only queued goes out as it is. Mentions move along with the text.
func TestOutboxAfterACrash(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		h.line.answer = func(ctx context.Context, _ int, _ chat.Outgoing) error { <-ctx.Done(); return ctx.Err() }
		h.deliver(h.gave(1, 2, inGroup, "1h hedge"))
		h.deliver(h.gave(3, 4, inGroup, "2h fence"))
		h.end() // nothing lands
		h.line.answer = nil
		h.start()
		h.settle()
		got := h.line.arrived()
		if len(got) != 2 || !strings.HasPrefix(got[0].out.Text, again) || strings.HasPrefix(got[1].out.Text, again) {
			t.Fatalf("arrived: %q", texts(got))
		}
		for _, d := range got {
			m := d.out.Mentions[0]
			units := []rune(d.out.Text) // no letter here is more than one unit
			if m.Length != 1 || units[m.Start] != '\ufffc' {
				t.Errorf("the mention at %d does not fit %q", m.Start, d.out.Text)
			}
		}
	})
}

// A clean stop lets what is in flight land, so that nothing is sent twice.
func TestOutboxCleanStop(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		h.line.answer = func(context.Context, int, chat.Outgoing) error { time.Sleep(5 * time.Second); return nil }
		asks(h, 1, 2)
		synctest.Wait()
		h.restart()
		h.settle()
		if got := texts(h.line.arrived()); len(got) != 2 || strings.HasPrefix(strings.Join(got, ""), again) {
			t.Errorf("arrived: %q", got)
		}
	})
}

// Where the line knows the identity of a message of unknown fate, a tap on either copy
// counts.
func TestOutboxUnknownIdentity(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		const first = chat.Timestamp(123_456_789)
		failing(h, func(n int, o chat.Outgoing) error {
			if n == 0 {
				return &chat.SendError{Outcome: chat.Unknown, Sent: first, Cause: errors.New("no answer")}
			}
			return nil
		})
		h.deliver(h.gave(1, 2, inGroup, "1h hedge"))
		h.settle()
		h.deliver(h.tapped(2, inGroup, "✅", first))
		h.settle()
		last := h.line.tries()[len(h.line.tries())-1]
		if last.out.Act != chat.Edit || last.out.Target.Sent == first {
			t.Errorf("a tap on the first copy brought %v, and should edit the newest", last.out)
		}
	})
}

// A card that is a day old can't be edited any more: a reaction says it. An hour before
// that it is edited.
func TestOutboxOldCard(t *testing.T) {
	for age, want := range map[time.Duration]chat.Act{23 * time.Hour: chat.Edit, 25 * time.Hour: chat.React} {
		inBubble(t, 4, func(h *house) {
			h.deliver(h.gave(1, 2, inGroup, "1h hedge"))
			h.settle()
			card := h.line.last(inGroup)
			time.Sleep(age)
			h.deliver(h.tapped(2, inGroup, "✅", card.sent))
			h.settle()
			got := h.line.tries()[1].out
			if got.Act != want || *got.Target != (chat.Ref{Author: self, Sent: card.sent}) || want == chat.React && (got.Emoji != "✅" || got.Text != "") {
				t.Errorf("after %v: %v of %v, %q", age, got.Act, got.Target, got.Emoji)
			}
		})
	}
}

// An edit of a card that never went out is news, and is sent; in doubt it is marked.
func TestOutboxEditWithoutCard(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		tries := 0
		failing(h, func(_ int, o chat.Outgoing) error {
			if o.To != inGroup { // the council hears of the first failure
				return nil
			}
			tries++
			return map[int]error{1: sendError(chat.Never), 2: sendError(chat.Unknown)}[tries]
		})
		h.deliver(h.gave(1, 2, inGroup, "1h hedge"))
		h.settle()
		h.deliver(h.said(1, inGroup, "/cancel"))
		h.settle()
		got := toNeighbours(h.line.tries())
		if len(got) != 3 || got[1].out.Act != chat.Send || got[2].out.Act != chat.Send || got[2].out.Text != again+got[1].out.Text {
			t.Errorf("tries: %q", texts(got))
		}
	})
}

// An edit or a reaction of unknown fate is made again without a word.
func TestOutboxEditInDoubt(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		failing(h, func(_ int, o chat.Outgoing) error {
			if o.Act == chat.Edit && len(h.line.tries()) == 2 {
				return sendError(chat.Unknown)
			}
			return nil
		})
		h.deliver(h.gave(1, 2, inGroup, "1h hedge"))
		h.settle()
		h.deliver(h.tapped(2, inGroup, "✅", h.line.last(inGroup).sent))
		h.settle()
		got := h.line.tries()
		if len(got) != 3 || got[2].out.Act != chat.Edit || got[2].out.Text != got[1].out.Text {
			t.Errorf("tries: %q", texts(got))
		}
	})
}

// Nothing of what a message said is kept once it is out.
func TestOutboxForgetsWhatIsSent(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		asks(h, 1, 1)
		h.settle()
		if err := h.db.View(func(tx *storage.Tx) error {
			waiting, err := tx.Waiting()
			if len(waiting) != 0 {
				t.Errorf("%d rows still wait", len(waiting))
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}
