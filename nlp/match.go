package nlp

import (
	"slices"
	"sort"
	"strings"
)

// hit is a cue found in a phrase.
type hit struct {
	cue        cueID
	start, end int // words
	who        int // the word at which the first name within it starts, -1 for none
}

// grammar is the compiled language: cues and word lists. It never changes.
type grammar struct {
	vocabulary map[string]int32
	cues       map[string]cueID
	patterns   []pattern
	sets       []wordSet         // what the patterns' sets of words hold
	setBits    []wordBits        // the same, or for opCases what they can begin with, at a glance
	byWord     map[int32][]int32 // patterns that can start with the word
	byClass    map[byte][]int32  // patterns that can start with a class
	open       []int32           // patterns that can start with any word
	openings   []int32           // those that only stand where a sentence starts
	clausal    []int32           // or a clause
	spelling   map[string]string
	cueNames   []string        // by number
	names      map[string]bool // given names, folded
	fillers    map[string]bool
	joiners    map[string]bool
	ordinary   map[string]bool // words that are no names even where they have a capital
	tasks      map[string]bool // what neighbours do for each other: "mend", "feed"
	common     map[string]bool // what the classifier sees as it is
	past       map[string]bool // what somebody did: "gave", "drove"; regular ones are known by their ending
}

// index files the patterns by the words they can start with.
func (g *grammar) index() {
	g.byWord, g.byClass = map[int32][]int32{}, map[byte][]int32{}
	g.open, g.openings, g.clausal = nil, nil, nil
	g.setBits = make([]wordBits, len(g.sets))
	for i := range g.patterns {
		for _, in := range g.patterns[i].program {
			if in.op == opSet || in.op == opCases {
				b, _ := in.words(g.sets)
				g.setBits[in.word].join(&b)
			}
		}
		g.patterns[i].needed = g.patterns[i].needs(g.sets)
		f := firsts{words: map[int32]bool{}, classes: map[byte]bool{}}
		g.patterns[i].firsts(g.sets, 0, &f)
		if f.open {
			into := &g.open
			if first := g.patterns[i].program[0]; first.op == opAssert {
				switch first.what {
				case '^', 'm':
					into = &g.openings
				case '~':
					into = &g.clausal
				}
			}
			*into = append(*into, int32(i))
			continue
		}
		for w := range f.words {
			g.byWord[w] = append(g.byWord[w], int32(i))
		}
		for c := range f.classes {
			g.byClass[c] = append(g.byClass[c], int32(i))
		}
	}
}

// firsts is what a pattern can start with.
type firsts struct {
	words   map[int32]bool
	classes map[byte]bool
	open    bool
}

func (p *pattern) firsts(sets []wordSet, pc int, f *firsts) {
	switch in := p.program[pc]; in.op {
	case opWord:
		f.words[in.word] = true
	case opSet:
		for _, w := range sets[in.word] {
			f.words[w] = true
		}
	case opAssert:
		p.firsts(sets, pc+1, f)
	case opSplit:
		p.firsts(sets, int(in.x), f)
		p.firsts(sets, int(in.y), f)
	case opCases:
		for i := 0; i < len(sets[in.word]); i += 2 {
			f.words[sets[in.word][i]] = true
		}
	case opJump:
		p.firsts(sets, int(in.x), f)
	case opClass:
		f.classes[in.what] = true
	default:
		f.open = true
	}
}

// found is every cue in a phrase.
type found struct {
	hits  []hit
	set   [4]uint64
	words *wordBits // of the phrase
}

func (f *found) has(c cueID) bool { return f.set[c>>6]&(1<<(c&63)) != 0 }

// classOrder is the order in which classes are tried, so that hits come in one order.
const classOrder = "wantdgk"

// maxSteps bounds the work of one attempt, whatever the pattern.
const maxSteps = 280

// find runs the cue grammar over a phrase.
func (g *grammar) find(p *phrase) *found {
	f := &found{hits: make([]hit, 0, 16), words: bitsOf(p.words)}
	for i := range p.words {
		if id := p.words[i].id; id >= 0 {
			for _, n := range g.byWord[id] {
				g.try(p, f, n, i)
			}
		}
		for _, c := range classOrder {
			if p.class(byte(c), i) <= i {
				continue
			}
			for _, n := range g.byClass[byte(c)] {
				g.try(p, f, n, i)
			}
		}
		for _, n := range g.open {
			g.try(p, f, n, i)
		}
		if p.starts[i] {
			for _, n := range g.openings {
				g.try(p, f, n, i)
			}
		}
		if p.clauses[i] {
			for _, n := range g.clausal {
				g.try(p, f, n, i)
			}
		}
	}
	return f
}

func (g *grammar) try(p *phrase, f *found, n int32, i int) {
	if !g.patterns[n].needed.met(f.words) {
		return
	}
	m := matcher{phrase: p, program: g.patterns[n].program, sets: g.sets, bits: g.setBits, start: i, who: -1}
	if end := m.run(0, i); end >= 0 && end > i {
		c := g.patterns[n].cue
		f.hits = append(f.hits, hit{c, i, end, m.who})
		f.set[c>>6] |= 1 << (c & 63)
	}
}

type matcher struct {
	phrase  *phrase
	program []instruction
	sets    []wordSet
	bits    []wordBits
	steps   int
	start   int // the word it started at
	who     int
}

// run returns where the match of the program from pc at word i ends, or -1.
func (m *matcher) run(pc, i int) int {
	p := m.phrase
	for {
		if m.steps++; m.steps > maxSteps {
			return -1
		}
		in := &m.program[pc]
		switch in.op {
		case opDone:
			return i
		case opJump:
			pc = int(in.x)
			continue
		case opSplit:
			if end := m.run(int(in.x), i); end >= 0 {
				return end
			}
			pc = int(in.y)
			continue
		case opCases:
			if i >= len(p.words) || i > m.start && p.words[i].pause == sentence {
				return -1
			}
			if !m.bits[in.word].mayHold(p.words[i].id) {
				return -1
			}
			ways := m.sets[in.word].ways(p.words[i].id)
			if len(ways) == 0 {
				return -1
			}
			table := pc
			for ; len(ways) > 2; ways = ways[2:] {
				if end := m.run(table+int(ways[1]), i); end >= 0 {
					return end
				}
			}
			pc = table + int(ways[1])
			continue
		case opAssert:
			if !p.assert(in.what, i) {
				return -1
			}
			pc++
			continue
		}
		// what follows takes a word, and a match does not run on into the next sentence
		if i >= len(p.words) || i > m.start && p.words[i].pause == sentence {
			return -1
		}
		switch in.op {
		case opWord:
			if p.words[i].id != in.word {
				return -1
			}
			i++
		case opSet:
			if id := p.words[i].id; !m.bits[in.word].mayHold(id) || !m.sets[in.word].holds(id) {
				return -1
			}
			i++
		case opAny:
			i++
		case opClass:
			end := p.class(in.what, i)
			if end <= i {
				return -1
			}
			if in.what == 'w' && m.who < 0 {
				m.who = i
			}
			i = end
		}
		pc++
	}
}

// ways are the pairs of opCases that begin with a word.
func (pairs wordSet) ways(id int32) wordSet {
	n := len(pairs) / 2
	from := sort.Search(n, func(k int) bool { return pairs[2*k] >= id })
	to := from
	for to < n && pairs[2*to] == id {
		to++
	}
	return pairs[2*from : 2*to]
}

func (words wordSet) holds(id int32) bool {
	_, ok := slices.BinarySearch(words, id)
	return ok
}

// class is where the name, amount, time or number that starts at word i ends.
func (p *phrase) class(what byte, i int) int {
	switch what {
	case 'w':
		return p.persons[i]
	case 'a':
		return p.amountAt[i]
	case 't':
		return p.whenAt[i]
	case 'n':
		if p.words[i].kind == number {
			return i + 1
		}
	case 'k':
		if p.taskAt[i] && !(p.words[i].folded == "do" && i+1 < len(p.words) && p.words[i+1].folded == "with") { // "could do with"
			return i + 1
		}
	case 'd':
		if p.didAt[i] {
			return i + 1
		}
	case 'g':
		if w := p.words[i].folded; len(w) > 4 && strings.HasSuffix(w, "ing") && w != "bring" && w != "thing" && w != "spring" && w != "string" && w != "being" && w != "swing" && w != "evening" && w != "morning" && w != "during" && w != "nothing" && w != "anything" && w != "something" && w != "everything" {
			return i + 1
		}
	}
	return 0
}

func (p *phrase) assert(what byte, i int) bool {
	n := len(p.words)
	switch what {
	case 'm': // the first sentence starts here
		return i < n && p.starts[i] && p.sentenceStart(i) == 0
	case '^':
		return i < n && p.starts[i]
	case '~':
		return i < n && p.clauses[i]
	case '$':
		return i >= n || p.words[i].pause == sentence
	case ':':
		return i > 0 && (p.words[i-1].after == ':' || p.words[i-1].after == '-' && (i >= n || p.words[i].pause >= comma))
	case ',':
		return i >= n || p.words[i].pause >= comma
	case '?':
		return i > 0 && p.question[i-1]
	case '!': // not a question
		return i > 0 && !p.question[i-1]
	}
	return false
}
