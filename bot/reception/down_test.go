package reception_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/bot"
	"communityconnect/chat"
)

// While a community is not up, or can't read its own file, what is meant for it waits for
// it and goes to no other: also after a new start, before it is up for the first time.
func TestMeantForOneThatIsDown(t *testing.T) {
	for name, fall := range map[string]func(*hall){
		"down":       func(h *hall) { h.r.Down("B") },
		"not yet up": func(h *hall) { h.restart(); h.up("A", "C") },
		"can't read": func(h *hall) {
			h.sides["B"].set(func(s *side) { s.ill = errors.New("broken"); s.stuck = true })
			h.r.Fail("B", true)
		},
		"not knowing": func(h *hall) { h.r.Fail("B", true) },
	} {
		t.Run(name, func(t *testing.T) {
			inHall(t, func(h *hall) {
				h.sides["A"].set(func(s *side) { s.knows = []chat.PersonID{"ann", "ben"}; s.wrote = []chat.Timestamp{7} })
				h.sides["B"].set(func(s *side) { s.knows = []chat.PersonID{"ann", "cleo"}; s.wrote = []chat.Timestamp{8} })
				h.up("A", "B", "C")
				h.dm("ann", "which?")
				h.dm("ann", "Birch")
				h.dm("ben", "hello from ben")
				h.dm("cleo", "hello from cleo")

				fall(h)
				h.dm("ann", "I gave Cleo an hour")
				h.dm("ben", "and I?")
				h.dm("cleo", "yes")
				h.reply("ann", 8, "yes to Birch")
				h.reply("ann", 7, "yes to Ash")
				h.deliver(chat.Message{Kind: chat.NewDevice, From: "cleo", In: chat.Conversation{Person: "cleo"}, Text: "new phone"})
				if o := h.r.Outgoing("A", chat.Outgoing{Act: chat.Send, To: chat.Conversation{Person: "ann"}, Text: "hi"}); o.Text != "Ash: hi" {
					t.Errorf("Ann reads %q, and can't know from whom", o.Text)
				}
				h.took("A", "hello from ben", "and I?", "yes to Ash")
				h.took("B", "which?", "hello from cleo")

				h.sides["B"].set(func(s *side) { s.ill, s.stuck = nil, false })
				h.r.Up("B", h.sides["B"])
				time.Sleep(time.Minute)
				h.took("B", "which?", "hello from cleo", "I gave Cleo an hour", "yes", "yes to Birch", "new phone")
				h.dm("cleo", "later")
				h.took("B", "which?", "hello from cleo", "I gave Cleo an hour", "yes", "yes to Birch", "new phone", "later")
				if got := h.line.heard(); got != "ann: You're in more th" {
					t.Errorf("they heard %q", got)
				}
			})
		})
	}
}

// Whoever has left is known no more, also while that community is down.
func TestLeftAndThenDown(t *testing.T) {
	inHall(t, func(h *hall) {
		h.sides["A"].set(func(s *side) { s.knows = []chat.PersonID{"ann"} })
		h.sides["B"].set(func(s *side) { s.knows = []chat.PersonID{"ann"} })
		h.up("A", "B", "C")
		h.dm("ann", "one")
		h.dm("ann", "2")
		h.sides["B"].set(func(s *side) { s.knows = nil })
		h.dm("ann", "two")
		h.r.Down("B")
		h.dm("ann", "three")
		h.took("A", "two", "three")
		h.took("B", "one")
	})
}

// A community that takes nothing holds up no other, and takes in order, and once, what came
// meanwhile, however much it was.
func TestParked(t *testing.T) {
	inHall(t, func(h *hall) {
		h.up("A", "B", "C")
		h.sides["B"].set(func(s *side) { s.stuck = true })
		begun := make(chan error, 1)
		go func() {
			m := chat.Message{Kind: chat.Said, From: "ann", In: chat.Conversation{Group: "B"}, Text: "0", Sent: 5}
			begun <- h.r.Deliver(h.t.Context(), []bot.Delivery{{Message: &m}})
		}()
		synctest.Wait()
		h.r.Fail("B", true)
		if err := <-begun; err != nil {
			t.Error(err)
		}
		want := []string{"0"}
		for i := range 600 {
			want = append(want, fmt.Sprint(i+1))
			h.deliver(chat.Message{From: "ann", In: chat.Conversation{Group: "B"}, Text: fmt.Sprint(i + 1)})
		}
		h.deliver(chat.Message{From: "ben", In: chat.Conversation{Group: "A"}, Text: "here"})
		h.took("A", "here")
		h.took("B")
		h.sides["B"].set(func(s *side) { s.stuck = false })
		h.r.Fail("B", false)
		synctest.Wait()
		h.took("B", want...)
	})
}
