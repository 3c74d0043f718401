//go:build long

package bot_test

import "testing"

// TestCrashStorm kills the bot at 200 random moments.
func TestCrashStorm(t *testing.T) {
	s := newStorm(t, 2)
	for range 200 {
		s.dieSome(t)
	}
	s.finish()
}
