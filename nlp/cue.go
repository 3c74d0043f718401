package nlp

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
)

// A cue is a turn of phrase that says what somebody is doing: "looking for", "happy to
// lend". The cues stand in cues/*.cues, one pattern a line under the cue's name; the
// format is described in cues/README.txt. They are compiled once into small programs.

// cueID numbers the cues in the order their names are first met.
type cueID int

type opcode uint8

const (
	opWord   opcode = iota // this word
	opSet                  // one of a set of words
	opAny                  // any word of the same sentence
	opClass                // a name, an amount, a time, a number: as long as it is
	opAssert               // takes no word: the start of a sentence, a colon, …
	opSplit                // try x, then y
	opCases                // try the phrases that the next word can start
	opJump
	opDone
)

// instruction is small: there are seventy thousand of them.
type instruction struct {
	op   opcode
	what byte   // opClass and opAssert
	x, y uint16 // opSplit and opJump
	word int32  // opWord: the word; opSet and opCases: which of the grammar's sets, see emitPhrases
}

// wordSet is sorted.
type wordSet []int32

type pattern struct {
	cue     cueID
	program []instruction
	needed  needs
}

// compiler turns the lines of cue files into patterns.
type compiler struct {
	vocabulary map[string]int32
	macros     map[string]node
	cues       map[string]cueID
	names      []string
	patterns   []pattern
	sets       []wordSet
	setID      map[string]int32 // of the sets, by what is in them
}

func newCompiler() *compiler {
	return &compiler{vocabulary: map[string]int32{}, macros: map[string]node{}, cues: map[string]cueID{}, setID: map[string]int32{}}
}

// read takes in one cue file. An error names the file and the line.
func (c *compiler) read(file, data string) error {
	cue := cueID(-1)
	for i, line := range strings.Split(data, "\n") {
		if j := strings.Index(line, "//"); j >= 0 {
			line = line[:j]
		}
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "":
		case line[0] == '[' && strings.HasSuffix(line, "]") && !strings.ContainsAny(line, " "):
			cue = c.cue(strings.Trim(line, "[]"))
		case line[0] == '%' && strings.Contains(line, "="):
			name, body, _ := strings.Cut(line[1:], "=")
			var n node
			if n, err = c.parse(body); err == nil {
				c.macros[strings.TrimSpace(name)] = n
			}
		case cue < 0:
			err = fmt.Errorf("a pattern before the first [cue]")
		default:
			err = c.pattern(cue, line)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
	}
	return nil
}

func (c *compiler) cue(name string) cueID {
	id, ok := c.cues[name]
	if !ok {
		id = cueID(len(c.names))
		c.cues[name] = id
		c.names = append(c.names, name)
	}
	return id
}

func (c *compiler) pattern(cue cueID, line string) error {
	n, err := c.parse(line)
	if err != nil {
		return err
	}
	e := emitter{compiler: c}
	e.emit(n)
	e.program = append(e.program, instruction{op: opDone})
	if len(e.program) > maxProgram {
		return fmt.Errorf("the pattern takes %d instructions, and there is room for %d", len(e.program), maxProgram)
	}
	c.patterns = append(c.patterns, pattern{cue: cue, program: slices.Clip(slices.Clone(e.program))})
	return nil
}

// maxProgram is how long a program may be, for its jumps to reach.
const maxProgram = math.MaxUint16

func (c *compiler) wordID(w string) int32 {
	id, ok := c.vocabulary[w]
	if !ok {
		id = int32(len(c.vocabulary))
		c.vocabulary[w] = id
	}
	return id
}

// node is a parsed pattern.
type node struct {
	kind  byte // 'w'ord, 'c'lass, 'a'ssert, '.' any, 's'equence, '|' one of, '?' optional
	word  int32
	what  byte
	parts []node
}

// The classes and assertions of the pattern language.
var (
	classes = map[string]byte{"who": 'w', "amount": 'a', "when": 't', "number": 'n', "did": 'd', "doing": 'g', "task": 'k'}
	asserts = map[string]byte{"^": '^', "~": '~', "$": '$', ":": ':', ",": ',', "?": '?', "^^": 'm', "!?": '!'}
)

func (c *compiler) parse(s string) (node, error) {
	for _, r := range "()[]|" {
		s = strings.ReplaceAll(s, string(r), " "+string(r)+" ")
	}
	toks := strings.Fields(s)
	n, rest, err := c.choice(toks)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%q has no partner", rest[0])
	}
	return n, err
}

func (c *compiler) choice(toks []string) (node, []string, error) {
	var parts []node
	for {
		n, rest, err := c.sequence(toks)
		if err != nil {
			return n, rest, err
		}
		parts = append(parts, n)
		if len(rest) == 0 || rest[0] != "|" {
			if len(parts) == 1 {
				return parts[0], rest, nil
			}
			return node{kind: '|', parts: parts}, rest, nil
		}
		toks = rest[1:]
	}
}

func (c *compiler) sequence(toks []string) (node, []string, error) {
	seq := node{kind: 's'}
	for len(toks) > 0 && toks[0] != "|" && toks[0] != ")" && toks[0] != "]" {
		t := toks[0]
		toks = toks[1:]
		if t == "(" || t == "[" {
			n, rest, err := c.choice(toks)
			if err != nil {
				return n, rest, err
			}
			partner := map[string]string{"(": ")", "[": "]"}[t]
			if len(rest) == 0 || rest[0] != partner {
				return n, rest, fmt.Errorf("%q has no partner", t)
			}
			toks = rest[1:]
			if t == "[" {
				n = node{kind: '?', parts: []node{n}}
			}
			seq.parts = append(seq.parts, n)
			continue
		}
		n, err := c.item(t)
		if err != nil {
			return n, toks, err
		}
		seq.parts = append(seq.parts, n)
	}
	if len(seq.parts) == 1 {
		return seq.parts[0], toks, nil
	}
	return seq, toks, nil
}

func (c *compiler) item(t string) (node, error) {
	if a, ok := asserts[t]; ok {
		return node{kind: 'a', what: a}, nil
	}
	switch {
	case strings.Trim(t, ".") == "": // "..": up to so many words
		n := node{kind: 's'}
		for range len(t) {
			n = node{kind: '?', parts: []node{{kind: 's', parts: []node{{kind: '.'}, n}}}}
		}
		return n, nil
	case t == "*":
		return node{kind: '.'}, nil
	case t[0] == '%':
		n, ok := c.macros[t[1:]]
		if !ok {
			return n, fmt.Errorf("no such list as %s", t)
		}
		return n, nil
	case t[0] == '<' && t[len(t)-1] == '>':
		what, ok := classes[t[1:len(t)-1]]
		if !ok {
			return node{}, fmt.Errorf("no such class as %s", t)
		}
		return node{kind: 'c', what: what}, nil
	}
	for _, r := range t {
		if !unicode.IsLower(r) && r != '\'' && !unicode.IsDigit(r) {
			return node{}, fmt.Errorf("%q is neither a word in lower case nor a sign of the pattern language", t)
		}
	}
	return node{kind: 'w', word: c.wordID(t)}, nil
}

// emitter makes the program of a pattern. Sets that occur in many are made once.
type emitter struct {
	*compiler
	program []instruction
}

func (p *emitter) emit(n node) {
	at := func() uint16 { return uint16(len(p.program)) }
	switch n.kind {
	case 'w':
		p.program = append(p.program, instruction{op: opWord, word: n.word})
	case 'c':
		p.program = append(p.program, instruction{op: opClass, what: n.what})
	case 'a':
		p.program = append(p.program, instruction{op: opAssert, what: n.what})
	case '.':
		p.program = append(p.program, instruction{op: opAny})
	case 's':
		for _, part := range n.parts {
			p.emit(part)
		}
	case '?':
		split := at()
		p.program = append(p.program, instruction{op: opSplit})
		p.emit(n.parts[0])
		p.program[split].x, p.program[split].y = split+1, at()
	case '|':
		p.emitChoice(n)
	}
}

// emitChoice joins single words into one set, which is what most choices are, and files
// phrases under their first word, so that only those are tried that can be meant.
func (p *emitter) emitChoice(n node) {
	var set []int32
	var rest, phrases, others []node
	flatten(n, &set, &rest)
	for _, part := range rest {
		if _, ok := firstWord(part); ok {
			phrases = append(phrases, part)
		} else {
			others = append(others, part)
		}
	}
	var branches []node
	if len(set) > 0 {
		slices.Sort(set)
		branches = append(branches, node{kind: 0})
	}
	if len(phrases) > 0 {
		branches = append(branches, node{kind: 1})
	}
	branches = append(branches, others...)
	var jumps []int
	for i, b := range branches {
		split := len(p.program)
		if i < len(branches)-1 {
			p.program = append(p.program, instruction{op: opSplit, x: uint16(split + 1)})
		}
		switch b.kind {
		case 0:
			p.program = append(p.program, instruction{op: opSet, word: p.set(slices.Compact(set))})
		case 1:
			jumps = append(jumps, p.emitPhrases(phrases)...)
		default:
			p.emit(b)
		}
		if i < len(branches)-1 {
			jumps = append(jumps, len(p.program))
			p.program = append(p.program, instruction{op: opJump})
			p.program[split].y = uint16(len(p.program))
		}
	}
	for _, j := range jumps {
		p.program[j].x = uint16(len(p.program))
	}
}

// set numbers a set, of which there is one copy.
func (c *compiler) set(words wordSet) int32 {
	key := fmt.Sprint(words)
	id, ok := c.setID[key]
	if !ok {
		id = int32(len(c.sets))
		c.setID[key] = id
		c.sets = append(c.sets, slices.Clip(slices.Clone(words)))
	}
	return id
}

// emitPhrases emits the phrases behind a table of their first words: pairs of a word and
// how far on from the table its phrase stands. It returns the jumps to be led to the end
// of the choice.
func (p *emitter) emitPhrases(phrases []node) (jumps []int) {
	slices.SortStableFunc(phrases, func(a, b node) int {
		v, _ := firstWord(a)
		w, _ := firstWord(b)
		return int(v - w)
	})
	table := len(p.program)
	p.program = append(p.program, instruction{op: opCases})
	var pairs wordSet
	for _, n := range phrases {
		w, _ := firstWord(n)
		pairs = append(pairs, w, int32(len(p.program)-table))
		p.emit(n)
		jumps = append(jumps, len(p.program))
		p.program = append(p.program, instruction{op: opJump})
	}
	p.program[table].word = p.set(pairs)
	return jumps
}

// firstWord is the word that a phrase starts with, if it is one and no choice.
func firstWord(n node) (int32, bool) {
	if n.kind == 'w' {
		return n.word, true
	}
	if n.kind == 's' && len(n.parts) > 0 {
		return firstWord(n.parts[0])
	}
	return 0, false
}

func flatten(n node, set *[]int32, rest *[]node) {
	for _, part := range n.parts {
		switch part.kind {
		case 'w':
			*set = append(*set, part.word)
		case '|':
			flatten(part, set, rest)
		default:
			*rest = append(*rest, part)
		}
	}
}
