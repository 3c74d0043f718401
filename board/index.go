package board

import (
	"slices"
	"strings"
	"sync"
	"time"

	"communityconnect/nlp/lexicon"
)

// PastTrade is help that was given, as evidence that somebody can do such a thing.
type PastTrade struct {
	ID       int64
	Giver    int64 // member who worked
	Receiver int64 // member who was helped
	What     string
	At       time.Time
}

// Index finds posts and past trades by what they are about. It is kept in memory, built
// from the open posts and the posted trades at start and kept in step with them: an index that
// was kept in step answers exactly like one built anew. It may be used from many goroutines.
type Index struct {
	lex *lexicon.Lexicon

	mu      sync.RWMutex
	shelves [shelfCount]shelf
	terms   vocabulary
	spell   *speller
	read    reader
}

// shelfName tells the three kinds of entries apart: a request is never answered by a
// request, so what is searched together is kept together.
type shelfName uint8

const (
	offers shelfName = iota
	requests
	trades
	shelfCount
)

func shelfOf(k Kind) shelfName {
	if k == Request {
		return requests
	}
	return offers
}

// shelf holds the entries of one kind.
type shelf struct {
	entries []entry // by slot; a free slot has id 0
	tags    []tag   // by slot
	byID    map[int64]int32
	free    []int32
	length  int // of all entries together, in words
	words   postings[int32]
	concept postings[lexicon.ID]
}

// entry is a post or a past trade, read.
type entry struct {
	id      int64
	member  int64 // author of the post, or who gave the help
	other   int64 // who was helped
	at      time.Time
	text    string
	meaning meaning
}

// tag is what is looked at of every entry that is weighed, kept small and close together.
type tag struct {
	category int32 // in [lexicon.Categories], -1 if it is none of them
	length   int32 // words that say something
	when     moment
}

// postings lists for each word or concept the entries that have it.
type postings[K comparable] map[K][]posting

type posting struct {
	slot   int32
	weight float32
}

func (p postings[K]) add(key K, slot int32, weight float32) {
	p[key] = append(p[key], posting{slot, weight})
}

func (p postings[K]) remove(key K, slot int32) {
	list := p[key]
	for i := range list {
		if list[i].slot == slot {
			list[i] = list[len(list)-1]
			list = list[:len(list)-1]
			break
		}
	}
	if len(list) == 0 {
		delete(p, key)
		return
	}
	p[key] = list
}

// NewIndex returns an empty index.
func NewIndex(lex *lexicon.Lexicon) *Index {
	x := &Index{lex: lex, terms: newVocabulary(), spell: newSpeller(lex.Vocabulary())}
	x.read = reader{lex: lex, known: map[string]word{}}
	for i := range x.shelves {
		x.shelves[i] = shelf{byID: map[int64]int32{}, words: postings[int32]{}, concept: postings[lexicon.ID]{}}
	}
	return x
}

// AddPost takes an open post up, or takes it up anew after it has changed. A post that isn't
// open is taken out.
func (x *Index) AddPost(p Post) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.removePost(p.ID)
	if p.State != Open && p.State != "" {
		return
	}
	x.add(shelfOf(p.Kind), entry{id: int64(p.ID), member: p.Author, at: p.Created, text: p.Text},
		tag{category: categoryNumber(p.Category), when: readMoment(p.When+" "+p.Text, p.At)})
}

// RemovePost takes a post out. One that isn't there is no mistake.
func (x *Index) RemovePost(id PostID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.removePost(id)
}

func (x *Index) removePost(id PostID) {
	x.remove(offers, int64(id))
	x.remove(requests, int64(id))
}

// AddTrade takes a posted trade up.
func (x *Index) AddTrade(t PastTrade) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(trades, t.ID)
	category, _ := x.lex.Category(t.What)
	x.add(trades, entry{id: t.ID, member: t.Giver, other: t.Receiver, at: t.At, text: t.What}, tag{category: categoryNumber(category)})
}

// RemoveTrade takes a trade out: it was reversed, or what was done is to be forgotten.
func (x *Index) RemoveTrade(id int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(trades, id)
}

// Len returns how many posts and how many trades are in the index.
func (x *Index) Len() (posts, pastTrades int) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.shelves[offers].byID) + len(x.shelves[requests].byID), len(x.shelves[trades].byID)
}

func categoryNumber(name string) int32 { return int32(slices.Index(lexicon.Categories(), name)) }

func (x *Index) add(name shelfName, e entry, t tag) {
	e.meaning = x.read.meaning(e.text, x.terms.number)
	t.length = int32(e.meaning.length)
	s := &x.shelves[name]
	slot := int32(len(s.entries))
	if n := len(s.free); n > 0 {
		slot, s.free = s.free[n-1], s.free[:n-1]
		s.entries[slot], s.tags[slot] = e, t
	} else {
		s.entries, s.tags = append(s.entries, e), append(s.tags, t)
	}
	s.byID[e.id] = slot
	s.length += e.meaning.length
	for _, w := range e.meaning.words {
		s.words.add(w.term, slot, w.times)
		x.terms.count(w.term, 1)
	}
	for _, c := range e.meaning.concepts {
		s.concept.add(c.id, slot, c.weight)
	}
}

func (x *Index) remove(name shelfName, id int64) {
	s := &x.shelves[name]
	slot, ok := s.byID[id]
	if !ok {
		return
	}
	e := s.entries[slot]
	for _, w := range e.meaning.words {
		s.words.remove(w.term, slot)
		x.terms.count(w.term, -1)
	}
	for _, c := range e.meaning.concepts {
		s.concept.remove(c.id, slot)
	}
	s.length -= e.meaning.length
	delete(s.byID, id)
	s.entries[slot] = entry{}
	s.free = append(s.free, slot)
}

// vocabulary numbers the stems that occur, and counts in how many entries they do.
type vocabulary struct {
	numbers map[string]int32
	stems   []string
	counts  []int32
}

func newVocabulary() vocabulary { return vocabulary{numbers: map[string]int32{}} }

// number gives a stem its number.
func (v *vocabulary) number(stem string) int32 {
	n, ok := v.numbers[stem]
	if !ok {
		n = int32(len(v.stems))
		stem = strings.Clone(stem)
		v.numbers[stem] = n
		v.stems, v.counts = append(v.stems, stem), append(v.counts, 0)
	}
	return n
}

// lookup returns the number of a stem that occurs, else -1.
func (v *vocabulary) lookup(stem string) int32 {
	if n, ok := v.numbers[stem]; ok && v.counts[n] > 0 {
		return n
	}
	return -1
}

func (v *vocabulary) count(term, by int32) { v.counts[term] += by }
