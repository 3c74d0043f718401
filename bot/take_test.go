package bot_test

import (
	"errors"
	"slices"
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
		if n := len(h.line.arrived()); n != 1 {
			t.Errorf("%d answers to one message that came twice", n)
		}
	})
}

// A receipt takes a message out of doubt, so that it is not sent again; but only where it
// can be about no other.
func TestArrivalEndsDoubt(t *testing.T) {
	for name, c := range map[string]struct {
		by    int
		late  time.Duration // of the identity that the receipt names
		tries int
	}{
		"by the person": {1, time.Millisecond, 1}, "by another": {2, time.Millisecond, 2}, "of something older": {1, -time.Hour, 2},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 3, func(h *house) {
				failing(h, func(n int, _ chat.Outgoing) error {
					if n == 0 {
						return sendError(chat.Unknown)
					}
					return nil
				})
				written := h.now()
				h.deliver(h.said(1, inDM(1), "/books"))
				synctest.Wait()
				h.take(bot.Delivery{Arrival: &bot.Arrival{By: person(c.by), Sent: []chat.Timestamp{chat.TimestampOf(written.Add(c.late))}}})
				time.Sleep(time.Minute)
				h.settle()
				if n := len(h.line.tries()); n != c.tries {
					t.Errorf("it was sent %d times, want %d", n, c.tries)
				}
			})
		})
	}
}

// A receipt for a message that is known to be out says nothing about one in doubt.
func TestArrivalOfAKnownMessage(t *testing.T) {
	inBubble(t, 3, func(h *house) {
		h.deliver(h.said(1, inDM(1), "/books"))
		h.settle()
		first := h.line.arrived()[0].sent
		failing(h, func(n int, _ chat.Outgoing) error {
			if n == 1 {
				return sendError(chat.Unknown)
			}
			return nil
		})
		h.deliver(h.said(1, inDM(1), "/books"))
		synctest.Wait()
		h.take(bot.Delivery{Arrival: &bot.Arrival{By: person(1), Sent: []chat.Timestamp{first}}})
		time.Sleep(time.Minute)
		h.settle()
		if n := len(h.line.tries()); n != 3 {
			t.Errorf("%d sends, want the first, the one in doubt and its second try", n)
		}
	})
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
