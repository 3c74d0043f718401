package nlp

import (
	"math/bits"
	"slices"
)

// Most patterns that could start at a word fail a few words on. What a pattern can't do
// without is known beforehand, so that one look at the whole phrase spares most attempts.

// wordBits is a set of words, told apart by the lower bits of their numbers: it may seem
// to hold words that it doesn't, but never lacks one.
type wordBits [2]uint64

func (b *wordBits) add(id int32) { b[id>>6&1] |= 1 << (id & 63) }

func (b *wordBits) join(other *wordBits) { b[0], b[1] = b[0]|other[0], b[1]|other[1] }

// mayHold reports whether a word may be in the set.
func (b *wordBits) mayHold(id int32) bool { return id >= 0 && b[id>>6&1]&(1<<(id&63)) != 0 }

// anyPhrase is in every phrase's words, and all that an undemanding pattern needs.
const anyPhrase int32 = 127

// needs are two sets, of each of which a phrase must have a word for a pattern to match.
type needs [2]wordBits

func (n *needs) met(phrase *wordBits) bool {
	return n[0][0]&phrase[0]|n[0][1]&phrase[1] != 0 && n[1][0]&phrase[0]|n[1][1]&phrase[1] != 0
}

// bitsOf are the words of a phrase.
func bitsOf(words []word) *wordBits {
	b := &wordBits{}
	b.add(anyPhrase)
	for i := range words {
		if id := words[i].id; id >= 0 {
			b.add(id)
		}
	}
	return b
}

// needs finds the two smallest sets among the steps that no way through the program
// leaves out. The first word is none of them: where a pattern is tried, it is there.
func (p *pattern) needs(sets []wordSet) needs {
	var n needs
	for i := range n {
		n[i].add(anyPhrase)
	}
	best := [2]int{128, 128}
	v := survey{program: p.program, sets: sets}
	v.walk(-1, true)
	opening := slices.Clone(v.seen)
	for pc, in := range p.program {
		words, size := in.words(sets)
		if size == 0 || size >= best[1] || opening[pc] || v.walk(pc, false) {
			continue
		}
		if size < best[0] {
			n[0], n[1], best[0], best[1] = words, n[0], size, best[0]
		} else {
			n[1], best[1] = words, size
		}
	}
	return n
}

// words are those that a step takes, if it takes one of some, and how many bits they have.
func (in instruction) words(sets []wordSet) (b wordBits, size int) {
	switch in.op {
	case opWord:
		b.add(in.word)
	case opSet:
		for _, w := range sets[in.word] {
			b.add(w)
		}
	case opCases:
		for i := 0; i < len(sets[in.word]); i += 2 {
			b.add(sets[in.word][i])
		}
	}
	return b, bits.OnesCount64(b[0]) + bits.OnesCount64(b[1])
}

// survey walks through a program whatever the words.
type survey struct {
	program []instruction
	sets    []wordSet
	seen    []bool
	next    []int
}

// walk goes all ways but those over one step, opening only those before a word is taken,
// and reports whether it came to the end. Where it came is seen.
func (v *survey) walk(without int, opening bool) (ends bool) {
	v.seen = append(v.seen[:0], make([]bool, len(v.program))...)
	v.next = append(v.next[:0], 0)
	for len(v.next) > 0 {
		pc := v.next[len(v.next)-1]
		v.next = v.next[:len(v.next)-1]
		if pc == without || v.seen[pc] {
			continue
		}
		v.seen[pc] = true
		switch in := v.program[pc]; {
		case in.op == opDone:
			return true
		case in.op == opJump:
			v.next = append(v.next, int(in.x))
		case in.op == opSplit:
			v.next = append(v.next, int(in.x), int(in.y))
		case in.op == opAssert:
			v.next = append(v.next, pc+1)
		case opening: // what follows comes after a word
		case in.op == opCases:
			for i := 1; i < len(v.sets[in.word]); i += 2 {
				v.next = append(v.next, pc+int(v.sets[in.word][i]))
			}
		default:
			v.next = append(v.next, pc+1)
		}
	}
	return false
}
