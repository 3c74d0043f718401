package lexicon

import (
	"math/bits"
	"slices"
)

// Hit is a concept found in a text.
type Hit struct {
	ID         ID
	Concept    string  // its name
	Category   string  // the category it mostly speaks for; "" for a mere way of speaking
	Weight     float64 // how plainly the words speak for it: 3 settles it, 0.8 leans
	Words      int     // how many of them there are, but for fillers and gaps
	Start, End int     // where its words stand, in bytes
}

// Concepts finds the concepts of a text in the order of their words. Where the words of one
// phrase are among those of another only the longer counts: a "carpet cleaner" is no cleaner.
func (l *Lexicon) Concepts(text string) []Hit {
	var wordBuf [48]token
	var matchBuf [32]match
	words, matches := l.trie.tokens(text, wordBuf[:0]), matchBuf[:0]
	for i := range words {
		l.trie.find(words, i, func(m match) { matches = append(matches, m) })
	}
	hits := make([]Hit, 0, len(matches))
	for i, m := range matches {
		if m.within(matches, i) {
			continue
		}
		c := &l.concepts[m.concept]
		hits = append(hits, Hit{m.concept, c.name, c.category(), m.weight, bits.OnesCount64(m.mask), words[m.first].start, words[m.next-1].end})
	}
	return hits
}

// within reports whether all words of match i belong to a longer match as well, or to the
// same words found before. The matches are ordered by their first word, so that only the
// nearest need be looked at, however long the text.
func (m match) within(all []match, i int) bool {
	covers := func(j int) bool {
		mask := m.mask << (m.first - all[j].first)
		return mask&^all[j].mask == 0 && (mask != all[j].mask || j < i && all[j].concept == m.concept)
	}
	for j := i + 1; j < len(all) && all[j].first == m.first; j++ {
		if covers(j) {
			return true
		}
	}
	for j := i - 1; j >= 0 && m.first-all[j].first <= maxReach; j-- {
		if covers(j) {
			return true
		}
	}
	return false
}

// Weighed is a concept and how much a text is about it.
type Weighed struct {
	ID     ID
	Weight float64
}

// Meaning returns the concepts of a text and those near them, each once, ordered by ID.
// A concept's own words count fully, a nearby concept by its nearness.
func (l *Lexicon) Meaning(text string) []Weighed {
	return l.meaning(l.Concepts(text))
}

func (l *Lexicon) meaning(hits []Hit) []Weighed {
	var out []Weighed
	add := func(id ID, w float64) {
		for i := range out {
			if out[i].ID == id {
				out[i].Weight += w
				return
			}
		}
		out = append(out, Weighed{id, w})
	}
	for _, h := range hits {
		c := &l.concepts[h.ID]
		if c.act == actNone {
			add(h.ID, h.Weight)
		}
		for _, n := range c.near {
			add(n.id, h.Weight*n.weight)
		}
	}
	slices.SortFunc(out, func(a, b Weighed) int { return int(a.ID - b.ID) })
	return out
}

// Task reports whether a text holds a verb of the work neighbours do for each other: fix, mow, mind.
func (l *Lexicon) Task(text string) bool {
	found := false
	eachWord(text, func(w []byte, _, _ int) { found = found || l.tasks[Stem(string(w))] })
	return found
}
