package bot_test

import (
	"testing"
	"testing/synctest"
	"time"
)

// A conversation's messages follow each other at once: none waits for something else
// to happen.
func TestOutboxGoesOnByItself(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		begun := time.Now()
		for range 5 {
			h.deliver(h.said(1, inDM(1), "/balance"))
		}
		synctest.Wait()
		if got := len(h.line.arrived()); got != 5 {
			t.Errorf("%d of 5 answers went out by themselves", got)
		}
		if waited := time.Since(begun); waited != 0 {
			t.Errorf("they took %v", waited)
		}
	})
}
