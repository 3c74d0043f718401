package bot_test

import (
	"strings"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

// FuzzLine says anything at all to the bot, in each place, with mentions that need not
// fit: it never falls over, what it says stays within bounds, and the balances go on
// adding up to zero, whatever the lines before have begun.
func FuzzLine(f *testing.F) {
	for _, line := range []string{
		"/gave \ufffc 2h hedge", "gave neighbour 2 1h30", "/got @Neighbour 3 ½h", "/trade Neighbour 1 Neighbour 2 1:30 soup", "/confirm #1", "/decline #1 no",
		"/amend 99999999999999999999h", "/undo #0", "/offer \u202egnihtyna", "/request 3 people wanted", "/board offers 2", "/find \x00", "/history -1", "/limits \ufffc -1h +1h",
		"/reverse #1", "/enter", "/policy floor \U0010ffff", "yes", "no, it was only 1h", "👍🏽", "/", "//", "@? @?", strings.Repeat("/gave ", 400), "\ue0001\ue001 \ue000?\ue001",
	} {
		f.Add(line, 5, 1)
	}
	h := openHouse(f, f.TempDir()+"/fuzz.db", 4, time.Now)
	f.Cleanup(func() {
		h.t = f
		h.end()
		if err := h.db.Close(); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, line string, start, length int) {
		h.t = t
		h.line.forget()
		for n, in := range []chat.Conversation{inDM(1), inGroup, inCouncil} {
			h.deliver(h.said(1+n, in, line, chat.Mention{Person: person(2), Start: start, Length: length}))
		}
		h.settle()
		for _, d := range h.line.arrived() {
			if len(d.out.Text) > 8000 {
				t.Errorf("the bot said %d bytes", len(d.out.Text))
			}
		}
		if err := h.db.View(func(tx *storage.Tx) error {
			dead, err := tx.DeadMessages()
			if err == nil && dead > 0 {
				t.Errorf("the bot fell over at %q", line)
			}
			if sum, err := tx.Sum(); err != nil || sum != 0 {
				t.Errorf("after %q the balances add up to %v: %v", line, sum, err)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
