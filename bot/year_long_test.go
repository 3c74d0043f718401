//go:build long

package bot_test

import "testing"

// A year of a neighbourhood of sixty, with both changes of the clocks, holidays, restarts
// at any hour and a week in which the machine is off.
func TestSimulatedYear(t *testing.T) {
	for seed := range uint64(2) {
		simulate(t, simulation{seed: seed, people: 60, from: "2026-01-05", days: 365, outage: 150, monthly: [2]int{5, 40}, posts: 20, restarts: 60})
	}
}
