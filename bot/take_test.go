package bot_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/storage"
)

func (h *house) take(all ...bot.Delivery) {
	h.t.Helper()
	if err := h.engine.Take(h.t.Context(), all); err != nil {
		h.t.Fatal(err)
	}
}

// What a line hands over is durable when Take returns: messages, rosters, and what nobody
// understood.
func TestTakeIsDurable(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		m := h.said(1, inDM(1), "/books")
		roster := chat.Message{Kind: chat.Roster, From: self, Sent: 5, In: inGroup, Joined: []chat.PersonID{"x", "y"}}
		h.take(bot.Delivery{Message: &m}, bot.Delivery{Undecoded: []byte("{?")}, bot.Delivery{Message: &roster}, bot.Delivery{Message: &m})
		if err := h.db.View(func(tx *storage.Tx) error {
			lines, err := tx.Undecoded()
			if err != nil {
				return err
			}
			members, err := tx.Roster(group)
			if lines != 1 || !slices.Equal(members, []chat.PersonID{"x", "y"}) {
				t.Errorf("%d lines are kept, and the roster is %v", lines, members)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.settle()
		answers := 0
		for _, d := range h.line.arrived() {
			if d.out.To == inDM(1) {
				answers++
			}
		}
		if answers != 1 {
			t.Errorf("%d answers to one message that came twice", answers)
		}
	})
}

// A receipt takes a message out of doubt whose identity the line has told, so that it is
// not sent again. A receipt of anything else proves nothing.
func TestArrivalEndsDoubt(t *testing.T) {
	const told = chat.Timestamp(946684900000)
	for name, c := range map[string]struct {
		by    int
		stamp chat.Timestamp
		tries int
	}{"by the person": {2, told, 1}, "by another": {3, told, 2}, "of something else": {2, told + 1, 2}} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 3, func(h *house) {
				asked := 0
				failing(h, func(_ int, o chat.Outgoing) error {
					if o.To != inDM(2) {
						return nil
					}
					if asked++; asked > 1 {
						return nil
					}
					doubt := sendError(chat.Unknown)
					doubt.Sent = told
					return doubt
				})
				h.deliver(h.gave(1, 2, inDM(1), "1h boxes"))
				synctest.Wait()
				h.take(bot.Delivery{Arrival: &bot.Arrival{By: person(c.by), Sent: []chat.Timestamp{c.stamp}}})
				time.Sleep(time.Minute)
				h.settle()
				if asked != c.tries {
					t.Errorf("it was sent %d times, want %d", asked, c.tries)
				}
				h.deliver(h.tapped(2, inDM(2), "✅", told))
				h.settle()
				if !strings.Contains(strings.Join(texts(h.line.arrived()), "\n"), "Recorded") {
					t.Errorf("a tap on the message in doubt came to nothing: %q", texts(h.line.arrived()))
				}
			})
		})
	}
}

// What Tell queues goes out, and TryNow ends a pause that the line asked for.
func TestTellAndTryNow(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		failing(h, func(n int, _ chat.Outgoing) error {
			if n == 0 {
				return &chat.SendError{Outcome: chat.Later, After: 24 * time.Hour, Cause: errors.New("as the test wants it")}
			}
			return nil
		})
		time.Sleep(12 * time.Hour) // at night it would wait for the morning
		if err := h.engine.Tell(h.t.Context(), inCouncil, "a word"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if n := len(h.line.tries()); n != 1 {
			t.Errorf("%d tries within an hour of a pause of a day", n)
		}
		if err := h.engine.TryNow(h.t.Context()); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if all := h.line.arrived(); len(all) != 1 || all[0].out.Text != "a word" {
			t.Errorf("got %v", texts(all))
		}
		if posting, err := h.engine.Alive(h.t.Context()); !posting || err != nil {
			t.Error(posting, err)
		}
	})
}
