package board

import (
	"math"
	"slices"

	"communityconnect/nlp/lexicon"
)

// meaning is a text as the index compares it.
type meaning struct {
	words    []wordCount
	length   int // words that say something, repetitions included
	concepts []conceptWeight
	norm     float32 // of concepts
}

type wordCount struct {
	term  int32
	times float32
}

type conceptWeight struct {
	id     lexicon.ID
	weight float32
}

// reader turns texts into meanings. It remembers the words it has met: most posts are made of
// the same few thousand.
type reader struct {
	lex   *lexicon.Lexicon
	known map[string]word
}

// word is what is known of a word as written.
type word struct {
	stem  string
	empty bool // says nothing about what is offered or asked
}

const maxKnownWords = 1 << 16

func (r *reader) word(text string) word {
	if w, ok := r.known[text]; ok {
		return w
	}
	w := word{lexicon.Stem(text), r.lex.Stop(text) || timeWord(text)}
	if len(r.known) < maxKnownWords {
		r.known[text] = w
	}
	return w
}

// meaning reads a text; number gives a stem its number, or -1 to leave it out.
func (r *reader) meaning(text string, number func(stem string) int32) meaning {
	var m meaning
	for w := range lexicon.Fold(text) {
		known := r.word(w)
		if known.empty {
			continue
		}
		m.length++
		m.count(number(known.stem), 1)
	}
	m.concepts, m.norm = conceptsOf(r.lex.Meaning(text))
	return m
}

func (m *meaning) count(term int32, times float32) {
	if term < 0 {
		return
	}
	if i := slices.IndexFunc(m.words, func(w wordCount) bool { return w.term == term }); i >= 0 {
		m.words[i].times += times
		return
	}
	m.words = append(m.words, wordCount{term, times})
}

// conceptsOf damps the weights, so that a thing said three times isn't three times as true,
// and returns their norm with them.
func conceptsOf(found []lexicon.Weighed) ([]conceptWeight, float32) {
	out := make([]conceptWeight, len(found))
	sum := 0.0
	for i, c := range found {
		w := math.Min(c.Weight, maxConcept)
		out[i] = conceptWeight{c.ID, float32(w)}
		sum += w * w
	}
	return out, float32(math.Sqrt(sum))
}

const maxConcept = 4
