package board

import (
	"cmp"
	"slices"
)

// Help is somebody who could meet somebody's request.
type Help struct {
	Helper int64 // member
	Helped int64 // member: the request's author
	Post   PostID
	Score  float64
}

// Round is three people who could help each other: each meets a request of the next, and
// nobody's balance is moved for long. The first has the lowest number.
type Round [3]Help

// Rounds finds the rounds among those who could help, the likeliest first, at most so
// many. Nobody and no request occurs in two of them.
func Rounds(all []Help, most int) []Round {
	best := map[[2]int64]Help{}
	from := map[int64][]int64{}
	for _, h := range all {
		key := [2]int64{h.Helper, h.Helped}
		old, known := best[key]
		if h.Helper == h.Helped || known && old.Score >= h.Score {
			continue
		}
		if !known {
			from[h.Helper] = append(from[h.Helper], h.Helped)
		}
		best[key] = h
	}
	var rounds []Round
	for a, bs := range from {
		for _, b := range bs {
			for _, c := range from[b] {
				back, closes := best[[2]int64{c, a}]
				if closes && a < b && a < c && b != c {
					rounds = append(rounds, Round{best[[2]int64{a, b}], best[[2]int64{b, c}], back})
				}
			}
		}
	}
	slices.SortFunc(rounds, func(a, b Round) int {
		return cmp.Or(cmp.Compare(b.score(), a.score()), cmp.Compare(a[0].Helper, b[0].Helper), cmp.Compare(a[1].Helper, b[1].Helper), cmp.Compare(a[2].Helper, b[2].Helper))
	})
	var chosen []Round
	taken := map[int64]bool{}
	for _, r := range rounds {
		if len(chosen) == most || taken[r[0].Helper] || taken[r[1].Helper] || taken[r[2].Helper] {
			continue
		}
		taken[r[0].Helper], taken[r[1].Helper], taken[r[2].Helper] = true, true, true
		chosen = append(chosen, r)
	}
	return chosen
}

// score is that of its weakest part: a round holds only if all three do their part.
func (r Round) score() float64 { return min(r[0].Score, r[1].Score, r[2].Score) }
