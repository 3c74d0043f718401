package lexicon

import (
	"iter"
	"strings"
	"sync"
)

// trie finds phrases in a row of words. An edge is a stem, a word exactly as written,
// or a gap of up to two words.
type trie struct {
	exact  map[string]int32 // words that count only as they are written
	stems  map[string]int32
	edges  map[edge]int32
	nodes  []node
	joined map[string]int32 // stems by the long words they were written as
	known  *wordCache
}

type edge struct{ node, word int32 }

// node is where a row of words has led.
type node struct {
	weight  float64 // how plainly the phrase that ends here speaks for its concept; 0 where none ends
	concept int32   // an [ID]; narrow, for there are many nodes
	gap     int32   // where a gap leads, 0 for nowhere
}

const (
	noWord    int32 = -1
	minPart         = 3 // letters of each half of a word that is written as two
	minJoined       = 7 // letters of such a word
	maxGap          = 2
	maxReach        = 63      // words from the first word of a phrase to its last
	exactBit  int32 = 1 << 30 // exact words and stems are numbered apart
)

// wordIDs are the numbers of a word as written and of its stem.
type wordIDs struct {
	exact, stem int32
	filler      bool
}

// wordCache remembers what words were looked up, since stemming is most of the work and
// people use the same few thousand words. It is bounded, and nothing but time depends on it.
type wordCache struct {
	sync.RWMutex
	ids map[string]wordIDs
}

const (
	maxCachedWords    = 1 << 15
	maxCachedWordSize = 20
)

func newTrie() trie {
	return trie{exact: map[string]int32{}, stems: map[string]int32{}, edges: map[edge]int32{}, nodes: make([]node, 1),
		joined: map[string]int32{}, known: &wordCache{ids: map[string]wordIDs{}}}
}

// words yields every word of every phrase.
func (t *trie) words() iter.Seq[string] {
	return func(yield func(string) bool) {
		for w := range t.stems {
			if !yield(w) {
				return
			}
		}
		for w := range t.exact {
			if _, twice := t.stems[w]; !twice && !yield(w) {
				return
			}
		}
	}
}

// add enters a phrase.
func (t *trie) add(pattern []string, id ID, weight float64) {
	at := int32(0)
	for _, p := range pattern {
		at = t.follow(at, p)
	}
	t.nodes[at].concept, t.nodes[at].weight = int32(id), weight
}

// join notes a long word of a phrase, so that "home page" is known for "homepage".
func (t *trie) join(word, stem string) {
	if n, ok := t.stems[stem]; ok && len(word) >= minJoined {
		t.joined[word] = n
	}
}

// follow returns the node that one item of a pattern leads to, made if need be.
func (t *trie) follow(from int32, item string) int32 {
	fresh := int32(len(t.nodes))
	if item == "_" {
		if t.nodes[from].gap == 0 {
			t.nodes[from].gap = fresh
			t.nodes = append(t.nodes, node{})
		}
		return t.nodes[from].gap
	}
	e := edge{from, t.number(item)}
	next, ok := t.edges[e]
	if !ok {
		next = fresh
		t.edges[e] = next
		t.nodes = append(t.nodes, node{})
	}
	return next
}

// number returns the number of a stem or "=word", given if need be.
func (t *trie) number(item string) int32 {
	ids, bit := t.stems, int32(0)
	if word, ok := strings.CutPrefix(item, "="); ok {
		ids, bit, item = t.exact, exactBit, word
	}
	n, ok := ids[item]
	if !ok {
		n = int32(len(ids)) | bit
		ids[item] = n
	}
	return n
}

// token is a word of a text as the trie sees it.
type token struct {
	wordIDs
	withNext   int32 // the stem of this word and the next written as one
	start, end int
}

// tokens looks the words of a text up. Fillers are left out.
func (t *trie) tokens(text string, buf []token) []token {
	var both [2 * maxWordBytes]byte
	last := both[:0]
	eachWord(text, func(word []byte, start, end int) {
		ids := t.lookup(word)
		if ids.filler {
			last = last[:0]
			return
		}
		if n := len(last); n >= minPart && len(word) >= minPart && n+len(word) >= minJoined {
			if stem, ok := t.joined[string(append(last, word...))]; ok {
				buf[len(buf)-1].withNext = stem
			}
		}
		last = append(last[:0], word...)
		buf = append(buf, token{ids, noWord, start, end})
	})
	return buf
}

func (t *trie) lookup(word []byte) wordIDs {
	t.known.RLock()
	ids, ok := t.known.ids[string(word)]
	t.known.RUnlock()
	if ok {
		return ids
	}
	w := string(word)
	ids = wordIDs{noWord, noWord, filler(w)}
	if n, ok := t.exact[w]; ok {
		ids.exact = n
	}
	if n, ok := t.stems[Stem(w)]; ok {
		ids.stem = n
	}
	if len(w) <= maxCachedWordSize {
		t.known.Lock()
		if len(t.known.ids) < maxCachedWords {
			t.known.ids[w] = ids
		}
		t.known.Unlock()
	}
	return ids
}

// match is a phrase found in a row of words.
type match struct {
	concept     ID
	weight      float64
	first, next int    // its first word, and the word after its last
	mask        uint64 // which words from first on are its own; those in a gap are not
}

// find calls found for every phrase that begins at word i.
func (t *trie) find(words []token, i int, found func(match)) {
	t.walk(words, 0, match{first: i, next: i}, found)
}

func (t *trie) walk(words []token, at int32, m match, found func(match)) {
	n := &t.nodes[at]
	if n.weight > 0 {
		m.concept, m.weight = ID(n.concept), n.weight
		found(m)
	}
	if m.next < len(words) && m.next-m.first <= maxReach {
		w, on := words[m.next], m
		on.mask |= 1 << (m.next - m.first)
		on.next++
		for _, id := range [...]int32{w.exact, w.stem} {
			if id == noWord {
				continue
			}
			if next, ok := t.edges[edge{at, id}]; ok {
				t.walk(words, next, on, found)
			}
		}
	}
	if m.next+1 < len(words) && words[m.next].withNext != noWord && m.next-m.first < maxReach {
		if next, ok := t.edges[edge{at, words[m.next].withNext}]; ok {
			on := m
			on.mask |= 3 << (m.next - m.first)
			on.next += 2
			t.walk(words, next, on, found)
		}
	}
	if n.gap != 0 {
		for skip := 0; skip <= maxGap && m.next+skip <= len(words); skip++ {
			on := m
			on.next += skip
			t.walk(words, n.gap, on, found)
		}
	}
}
