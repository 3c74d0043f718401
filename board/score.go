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
	concepts   []conceptWeight // weighed by their rarity and made to one length
	categories [19]float64
	when       moment
}

// asked is a word of a query.
type asked struct {
	term   int32
	weight float32 // its rarity, less if it was spelt otherwise, as a share of all words
}

// How much each likeness weighs. They were chosen on the judged queries in testdata.
const (
	wordsShare    = 0.35
	conceptShare  = 0.50
	categoryShare = 0.20
	sameTime      = 0.05
	otherTime     = 0.05 // taken off when both name a time and it isn't the same
	tradeShare    = 0.75
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
	corrected, misspelt := q.Text, 0
	for text := range lexicon.Fold(q.Text) {
		w := x.read.peek(text)
		if w.empty {
			continue
		}
		term, weight := x.terms.lookup(w.stem), float32(1)
		if term < 0 && misspelt < maxCorrection && len(text) >= minMisspelt && !x.spell.known[w.stem] && !x.spell.known[text] {
			misspelt++
			if meant := x.spell.nearest(w.stem, x.terms.each); meant != "" {
				corrected += " " + meant
				term, weight = x.terms.lookup(meant), misspeltShare
			}
		}
		if term >= 0 {
			out.ask(asked{term, weight * x.rarity(int(x.terms.counts[term]))})
		}
	}
	reading := x.lex.Read(corrected)
	out.concepts = conceptsOf(reading.Meaning)
	for i, c := range out.concepts {
		n := 0
		for s := range x.shelves {
			n += len(x.shelves[s].concept[c.id])
		}
		out.concepts[i].weight *= x.rarity(n)
	}
	out.categories = reading.Scores
	if i := slices.Index(lexicon.Categories(), q.Category); i >= 0 {
		for j := range out.categories {
			out.categories[j] *= 0.5
		}
		out.categories[i] += 0.5
	}
	out.when = readMoment(q.When+" "+q.Text, q.At)
	return out
}

func (q *question) ask(a asked) {
	if len(q.words) < maxWords && !slices.ContainsFunc(q.words, func(b asked) bool { return b.term == a.term }) {
		q.words = append(q.words, a)
	}
}

// rarity weighs what n of all entries have: the rarer the more it says, up to 1. A small
// board is weighed as if there were more on it, since what is rare among ten posts may be common
// among neighbours.
func (x *Index) rarity(n int) float32 {
	const others = 100
	all := others
	for i := range x.shelves {
		all += len(x.shelves[i].byID)
	}
	return float32(math.Log(1+float64(all)/float64(n+2)) / math.Log(1+float64(all)/2))
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
	of      []float32
	touched []int32
}

var sumsPool = sync.Pool{New: func() any { return new(sums) }}

func (s *sums) add(slot int32, share float32) {
	if s.of[slot] == 0 {
		s.touched = append(s.touched, slot)
	}
	s.of[slot] += share
}

// score calls found with every entry of a shelf that has a word or a concept in common with
// the question and can still get among the best, and how much it has. The category or the time
// alone is nothing in common.
func (x *Index) score(name shelfName, q *question, top *best, found func(slot int32, score float32)) {
	shelf := &x.shelves[name]
	s := sumsPool.Get().(*sums)
	defer sumsPool.Put(s)
	if len(s.of) < len(shelf.entries) {
		s.of = make([]float32, 2*len(shelf.entries))
	}
	shelf.addWords(q, s)
	shelf.addConcepts(q, s)
	atMost := sameTime + categoryShare*float32(slices.Max(q.categories[:])) // what the tag can add
	for _, slot := range s.touched {
		total := s.of[slot]
		s.of[slot] = 0
		if total+atMost < top.least {
			continue
		}
		tag := shelf.tags[slot]
		if tag.category >= 0 {
			total += categoryShare * float32(q.categories[tag.category])
		}
		switch same, both := q.when.overlaps(tag.when); {
		case same:
			total += sameTime
		case both:
			total -= otherTime
		}
		if name == trades {
			total *= tradeShare
		}
		if total > 0 && total >= top.least {
			found(slot, total)
		}
	}
	s.touched = s.touched[:0]
}

// addWords adds up BM25, as a share of what all words of the question could make.
func (s *shelf) addWords(q *question, to *sums) {
	all := float32(0)
	for _, w := range q.words {
		all += w.weight
	}
	perWord := lengthBias * float32(len(s.byID)) / float32(max(1, s.length))
	for _, w := range q.words {
		share := wordsShare * w.weight / all
		for _, p := range s.words[w.term] {
			long := 1 - lengthBias + perWord*float32(s.tags[p.slot].length)
			to.add(p.slot, share*p.weight/(p.weight+repetition*long))
		}
	}
}

// addConcepts adds up the cosine of the concepts.
func (s *shelf) addConcepts(q *question, to *sums) {
	for _, c := range q.concepts {
		share := conceptShare * c.weight
		for _, p := range s.concept[c.id] {
			to.add(p.slot, share*p.weight)
		}
	}
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
	if words := e.shared(q); len(words) > 0 {
		m.Reasons = append(m.Reasons, Reason{Kind: SharedWords, Words: words})
	}
	if id, ok := x.sharedConcept(e, q); ok {
		m.Reasons = append(m.Reasons, Reason{Kind: SameConcept, Concept: x.lex.Title(id)})
	}
	t := x.shelves[f.shelf].tags[f.slot]
	if t.category >= 0 && q.categories[t.category] == slices.Max(q.categories[:]) {
		m.Reasons = append(m.Reasons, Reason{Kind: SameCategory, Concept: lexicon.Categories()[t.category]})
	}
	if same, _ := q.when.overlaps(t.when); same {
		m.Reasons = append(m.Reasons, Reason{Kind: SameTime})
	}
	return m
}

// shared returns the words of an entry that the question has too, as they stand there first.
func (e *entry) shared(q *question) []string {
	var words []string
	for _, w := range e.meaning.words {
		if slices.ContainsFunc(q.words, func(a asked) bool { return a.term == w.term }) {
			words = append(words, strings.ToLower(e.text[w.first.start:w.first.end]))
		}
	}
	return words
}

// sharedConcept returns the concept that weighs most in what both have in common. A mere
// circumstance, as that both are going away, is no reason to tell.
func (x *Index) sharedConcept(e *entry, q *question) (id lexicon.ID, ok bool) {
	most := float32(0)
	for _, a := range q.concepts {
		for _, b := range e.meaning.concepts {
			if a.id == b.id && a.weight*b.weight > most && x.lex.CategoryOf(a.id) != "" {
				id, most, ok = a.id, a.weight*b.weight, true
			}
		}
	}
	return id, ok
}
