package board_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"communityconnect/board"
)

func TestRounds(t *testing.T) {
	ann, ben, cat, dee := int64(1), int64(2), int64(3), int64(4)
	all := []board.Help{
		{Helper: ben, Helped: cat, Post: 12, Score: 0.5}, {Helper: cat, Helped: ann, Post: 13, Score: 0.9}, {Helper: ann, Helped: ben, Post: 11, Score: 0.4},
		{Helper: ann, Helped: ben, Post: 14, Score: 0.6},                                                   // the better of two
		{Helper: dee, Helped: ann, Post: 15, Score: 0.9}, {Helper: ann, Helped: dee, Post: 16, Score: 0.9}, // two are no round
		{Helper: cat, Helped: cat, Post: 17, Score: 0.9},
	}
	want := []board.Round{{all[3], all[0], all[1]}}
	if got := board.Rounds(all, 5); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := board.Rounds(all, 0); got != nil {
		t.Errorf("none were wanted: %v", got)
	}
}

// Every round closes, nobody is in two, the order of what goes in makes no difference, and
// where there is a round one is found.
func TestRoundsClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []board.Help
		for i := range rapid.IntRange(0, 40).Draw(t, "edges") {
			all = append(all, board.Help{
				Helper: rapid.Int64Range(1, 8).Draw(t, "helper"), Helped: rapid.Int64Range(1, 8).Draw(t, "helped"),
				Post: board.PostID(i), Score: float64(i+1) / 50,
			})
		}
		got := board.Rounds(all, 10)
		seen := map[int64]bool{}
		for _, r := range got {
			for i, part := range r {
				if part.Helped != r[(i+1)%3].Helper || seen[part.Helper] || !slices.Contains(all, part) {
					t.Fatalf("%v is no round, or shares somebody", r)
				}
				seen[part.Helper] = true
			}
		}
		exists := false
		for _, a := range all {
			for _, b := range all {
				for _, c := range all {
					exists = exists || a.Helped == b.Helper && b.Helped == c.Helper && c.Helped == a.Helper &&
						a.Helper != b.Helper && b.Helper != c.Helper && a.Helper != c.Helper
				}
			}
		}
		if exists != (len(got) > 0) {
			t.Fatalf("there is a round: %v, found %v", exists, got)
		}
		shuffled := rapid.Permutation(all).Draw(t, "order")
		if again := board.Rounds(shuffled, 10); !slices.Equal(again, got) {
			t.Fatalf("another order: %v instead of %v", again, got)
		}
	})
}
