package board

import (
	"math"

	"communityconnect/nlp/lexicon"
)

// meaning is a text as the index compares it.
type meaning struct {
	words    []wordCount
	length   int             // words that say something, repetitions included
	concepts []conceptWeight // a vector of length 1, or none
}

type wordCount struct {
	term  int32
	times float32
	first span // where it stands first
}

// span is a place in a text, in bytes.
type span struct{ start, end int32 }

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

const (
	maxKnownWords = 1 << 16
	maxWords      = 100 // different words of one text that are looked at; a post has fewer
)

func (r *reader) word(text string) word {
	w, ok := r.known[text]
	if !ok {
		w = r.peek(text)
		if len(r.known) < maxKnownWords {
			r.known[text] = w
		}
	}
	return w
}

// peek is word without remembering anything, so that many may ask at once.
func (r *reader) peek(text string) word {
	if w, ok := r.known[text]; ok {
		return w
	}
	return word{lexicon.Stem(text), r.lex.Stop(text) || timeWord(text)}
}

// meaning reads a text; number gives a stem its number, or -1 to leave it out.
func (r *reader) meaning(text string, number func(stem string) int32) meaning {
	var m meaning
	for w, at := range lexicon.Fold(text) {
		known := r.word(w)
		if known.empty {
			continue
		}
		m.length++
		m.count(number(known.stem), at)
	}
	m.concepts = conceptsOf(r.lex.Meaning(text))
	return m
}

func (m *meaning) count(term int32, at lexicon.Span) {
	if term < 0 {
		return
	}
	for i := range m.words {
		if m.words[i].term == term {
			m.words[i].times++
			return
		}
	}
	if len(m.words) == maxWords {
		return
	}
	m.words = append(m.words, wordCount{term, 1, span{int32(at.Start), int32(at.End)}})
}

// conceptsOf makes the weights of a text's concepts a vector of length 1. A weight is bounded
// before: a thing said three times isn't three times as true.
func conceptsOf(found []lexicon.Weighed) []conceptWeight {
	most := 0.0
	for _, c := range found {
		most = max(most, min(c.Weight, maxConcept))
	}
	out := make([]conceptWeight, 0, len(found))
	sum := 0.0
	for _, c := range found {
		w := min(c.Weight, maxConcept)
		if w < faint*most {
			continue
		}
		out = append(out, conceptWeight{c.ID, float32(w)})
		sum += w * w
	}
	length := float32(math.Sqrt(sum))
	for i := range out {
		out[i].weight /= length
	}
	return out
}

const (
	maxConcept = 8.0
	faint      = 0.2 // of the strongest concept; what is fainter is left out
)
