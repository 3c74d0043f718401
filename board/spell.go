package board

// speller finds the word that was probably meant. It knows the words of the lexicon; those
// of the posts are asked along with them.
type speller struct {
	byStart map[byte][]string // the words long enough to be misspelt, by their first letter
	known   map[string]bool
}

func newSpeller(words []string) *speller {
	s := &speller{byStart: map[byte][]string{}, known: make(map[string]bool, len(words))}
	for _, w := range words {
		s.known[w] = true
		if len(w) >= minMisspelt-2 {
			s.byStart[w[0]] = append(s.byStart[w[0]], w)
		}
	}
	return s
}

const (
	minMisspelt   = 5  // letters as written; a shorter word is too near to too many others
	minTwoErrors  = 8  // letters of the stem from which on two slips are allowed
	maxSpellWord  = 24 // letters; longer ones are nobody's slip
	maxCorrection = 3  // words of one query that are looked for
)

// nearest returns the known word with the fewest slips, "" if none is near enough. Of two
// equally near, one that more names wins, the words of the board, then the first in the
// alphabet, so that the answer doesn't depend on chance.
func (s *speller) nearest(stem string, more func(start byte, yield func(string))) string {
	if len(stem) < minMisspelt-2 || len(stem) > maxSpellWord {
		return ""
	}
	limit := 1
	if len(stem) >= minTwoErrors {
		limit = 2
	}
	best, bestSlips := "", limit+1
	try := func(w string) {
		if d := slips(stem, w, limit); d < bestSlips || d == bestSlips && d <= limit && w < best {
			best, bestSlips = w, d
		}
	}
	more(stem[0], try)
	onBoard := best
	for _, w := range s.byStart[stem[0]] {
		try(w)
	}
	if onBoard != "" && bestSlips == slips(stem, onBoard, limit) {
		return onBoard
	}
	return best
}

// slips counts the letters that are missing, too many, wrong or swapped with the next (the
// optimal string alignment distance), up to limit; more than that is limit+1.
func slips(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	var rows [3][maxSpellWord + 3]int
	if len(b) > maxSpellWord+2 {
		return limit + 1
	}
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j-1]+cost, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
