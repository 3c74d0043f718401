package board

import (
	"math"
	"slices"
	"strings"
	"sync"

	"communityconnect/nlp/lexicon"
)

// question is a query, read.
type question struct {
	words      []asked
	known      float64 // what all words together can score at most
	concepts   []conceptWeight
	norm       float32
	categories [19]float64
	when       when
}

// asked is a word of a query.
type asked struct {
	term   int32
	weight float64 // its rarity, less if it was spelt otherwise
}

// How much each likeness weighs. They were chosen on the judged queries in testdata.
const (
	wordsShare    = 0.40
	conceptShare  = 0.50
	categoryShare = 0.20
	sameTime      = 0.05
	otherTime     = 0.05 // taken off when both name a time and it isn't the same
	tradeShare    = 0.80 // what was done once is less than what is offered now
	misspeltShare = 0.7
)

// BM25's two: how soon repetition stops counting, and how much a long text is held against it.
const (
	repetition = 1.2
	lengthBias = 0.5
)

// question reads a query.
func (x *Index) question(q Query) question {
	var out question
	text, misspelt := q.Text, 0
	for _, w := range lexicon.Words(q.Text) {
		if x.lex.Stop(w.Text) || timeWord(w.Text) {
			continue
		}
		term, weight := x.terms.lookup(w.Stem), 1.0
		if term < 0 && misspelt < maxCorrection && len(w.Text) >= minMisspelt && !x.spell.known[w.Stem] && !x.spell.known[w.Text] {
			misspelt++
			if meant := x.spell.nearest(w.Stem, x.terms.each); meant != "" {
				text += " " + meant
				term, weight = x.terms.lookup(meant), misspeltShare
			}
		}
		if term >= 0 {
			out.ask(asked{term, weight * x.rarity(int(x.terms.counts[term]))})
		}
	}
	out.concepts, out.norm = conceptsOf(x.lex.Meaning(text))
	for i, c := range out.concepts {
		n := 0
		for s := range x.shelves {
			n += len(x.shelves[s].concept[c.id])
		}
		out.concepts[i].weight *= float32(x.rarity(n))
	}
	out.categories = x.lex.Scores(text)
	if i := slices.Index(lexicon.Categories(), q.Category); i >= 0 {
		for j := range out.categories {
			out.categories[j] *= 0.5
		}
		out.categories[i] += 0.5
	}
	out.when = readWhen(q.When + " " + q.Text)
	return out
}

func (q *question) ask(a asked) {
	if slices.ContainsFunc(q.words, func(b asked) bool { return b.term == a.term }) {
		return
	}
	q.words = append(q.words, a)
	q.known += a.weight * (repetition + 1)
}

// rarity weighs what n of all entries have: the rarer the more it says, up to 1. A small
// board is weighed as if there were more on it, since what is rare among ten posts may be common
// among neighbours.
func (x *Index) rarity(n int) float64 {
	const others = 100
	all := others
	for i := range x.shelves {
		all += len(x.shelves[i].byID)
	}
	return math.Log(1+float64(all)/float64(n+2)) / math.Log(1+float64(all)/2)
}

// each calls yield for every stem in use that begins with a letter.
func (v *vocabulary) each(start byte, yield func(string)) {
	for n, stem := range v.stems {
		if stem[0] == start && v.counts[n] > 0 {
			yield(stem)
		}
	}
}

// sums holds what was added up for each slot of a shelf.
type sums struct {
	words, concepts []float32
	touched         []int32
}

var sumsPool = sync.Pool{New: func() any { return new(sums) }}

func (s *sums) size(n int) {
	if len(s.words) < n {
		s.words, s.concepts = make([]float32, n), make([]float32, n)
	}
}

func (s *sums) touch(slot int32) {
	if s.words[slot] == 0 && s.concepts[slot] == 0 {
		s.touched = append(s.touched, slot)
	}
}

// score calls found with every entry of a shelf that has something in common with the
// question, and how much. The category alone is nothing in common.
func (x *Index) score(name shelfName, q *question, found func(slot int32, score float64)) {
	shelf := &x.shelves[name]
	s := sumsPool.Get().(*sums)
	s.size(len(shelf.entries))
	mean := float64(shelf.length) / float64(max(1, len(shelf.byID)))
	for _, w := range q.words {
		for _, p := range shelf.words[w.term] {
			s.touch(p.slot)
			long := 1 - lengthBias + lengthBias*float64(shelf.entries[p.slot].meaning.length)/mean
			s.words[p.slot] += float32(w.weight * float64(p.weight) * (repetition + 1) / (float64(p.weight) + repetition*long))
		}
	}
	for _, c := range q.concepts {
		for _, p := range shelf.concept[c.id] {
			s.touch(p.slot)
			s.concepts[p.slot] += c.weight * p.weight
		}
	}
	for _, slot := range s.touched {
		e := &shelf.entries[slot]
		total := 0.0
		if q.known > 0 {
			total += wordsShare * float64(s.words[slot]) / q.known
		}
		if q.norm > 0 && e.meaning.norm > 0 {
			total += conceptShare * float64(s.concepts[slot]) / float64(q.norm*e.meaning.norm)
		}
		if e.category >= 0 {
			total += categoryShare * q.categories[e.category]
		}
		switch same, both := q.when.overlaps(e.when); {
		case same:
			total += sameTime
		case both:
			total -= otherTime
		}
		if name == trades {
			total *= tradeShare
		}
		found(slot, total)
		s.words[slot], s.concepts[slot] = 0, 0
	}
	s.touched = s.touched[:0]
	sumsPool.Put(s)
}

// explain turns what was found into a match, with its reasons.
func (x *Index) explain(f found, q *question, private Nudge) Match {
	e := f.entry
	m := Match{Member: e.member, Score: f.score, Private: private, at: e.at}
	if f.shelf == trades {
		m.Trade = e.id
		m.Reasons = append(m.Reasons, Reason{Kind: DoneBefore, Trade: e.id, With: e.other, At: e.at})
	} else {
		m.Post = PostID(e.id)
	}
	if words := x.shared(e, q); len(words) > 0 {
		m.Reasons = append(m.Reasons, Reason{Kind: SharedWords, Words: words})
	}
	if id, ok := sharedConcept(e, q); ok {
		m.Reasons = append(m.Reasons, Reason{Kind: SameConcept, Concept: x.lex.Title(id)})
	}
	if e.category >= 0 && q.categories[e.category] == slices.Max(q.categories[:]) {
		m.Reasons = append(m.Reasons, Reason{Kind: SameCategory, Concept: lexicon.Categories()[e.category]})
	}
	if same, _ := q.when.overlaps(e.when); same {
		m.Reasons = append(m.Reasons, Reason{Kind: SameTime})
	}
	return m
}

// shared returns the words of an entry that the question has too, as they stand there.
func (x *Index) shared(e *entry, q *question) []string {
	var words []string
	for _, w := range lexicon.Words(e.text) {
		term := x.terms.lookup(w.Stem)
		if slices.ContainsFunc(q.words, func(a asked) bool { return a.term == term }) {
			as := strings.ToLower(e.text[w.Start:w.End])
			if !slices.Contains(words, as) {
				words = append(words, as)
			}
		}
	}
	return words
}

// sharedConcept returns the concept that weighs most in what both have in common.
func sharedConcept(e *entry, q *question) (id lexicon.ID, ok bool) {
	most := float32(0)
	for _, a := range q.concepts {
		for _, b := range e.meaning.concepts {
			if a.id == b.id && a.weight*b.weight > most {
				id, most, ok = a.id, a.weight*b.weight, true
			}
		}
	}
	return id, ok
}
