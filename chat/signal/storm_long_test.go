//go:build long

package signal_test

import (
	"fmt"
	"testing"
)

// Many more storms, and longer ones.
func TestManyStorms(t *testing.T) {
	for seed := range uint64(400) {
		stormInBubble(t, 1000+seed)
	}
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("socket", seed), func(t *testing.T) {
			t.Parallel()
			stormOnSocket(t, 2000+seed, 8000, 7)
		})
	}
}
