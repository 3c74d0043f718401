package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits that keep any input cheap. A neighbour's message is far below them; what
// lies beyond is not read.
const (
	maxBytes = 2048
	maxWords = 160
)

// wordKind tells what a word is made of.
type wordKind uint8

const (
	letters wordKind = iota
	number           // 12, 1.5, 7:30, ½
	mention          // an @mention, or @Name typed by hand
)

// pause is how much a writer breaks off before a word.
type pause uint8

const (
	run      pause = iota // nothing but space
	comma                 // , - ( : and the like
	sentence              // . ! ? ; a new line
)

// word is one word of an utterance. The cue grammar sees only folded words; slots are
// cut from the text by start and end.
type word struct {
	folded     string // lower case, without accents, texting spelt out
	start, end int    // bytes in phrase.text
	kind       wordKind
	value      float64 // number: its value; a clock such as 7:30 has it as 7.5
	clock      bool    // number: written as h:mm or h.mm with two digits
	capital    bool    // written with a capital
	glued      bool    // no space before it
	pause      pause   // what stands before it
	mark       rune    // the last mark before it, 0 for none
	after      rune    // the first mark after it, 0 for none
	owns       bool    // mention: followed by 's
	who        int     // mention: index in phrase.mentions, else -1
	id         int32   // its number in the grammar's vocabulary, -1 if it isn't there
}

// phrase is an utterance cut into words.
type phrase struct {
	text     string // mentions written out as @Name
	words    []word
	mentions []Mention
	short    bool   // written as friends text: u, ur, 2nite
	marks    []rune // emoji, in order, without skin tones
	question []bool // for each word: its sentence ends with a question mark
	starts   []bool // for each word: a sentence starts here, courtesies not counted
	clauses  []bool // the same for a clause: after a comma or a conjunction, too
	persons  []int  // for each word: the end of the name that starts here, 0 for none
	didAt    []bool // for each word: it tells what somebody did
	taskAt   []bool // for each word: it is a verb of what neighbours do for each other
	amounts  []span
	amountAt []int // for each word: the end of the amount that starts here, 0 for none
	whens    []when
	whenAt   []int // for each word: the end of the time that starts here, 0 for none
}

// read cuts an utterance into words.
func (g *grammar) read(u Utterance) *phrase {
	p := &phrase{mentions: u.Mentions}
	var places []place
	p.text, places = spellOut(clip(u.Text), u.Mentions)
	p.split(places, g.spelling)
	p.sentences(g)
	for i := range p.words {
		w := &p.words[i]
		w.id = -1
		if w.kind == letters {
			if id, ok := g.vocabulary[w.folded]; ok {
				w.id = id
			}
		}
	}
	p.courtesies(g)
	return p
}

func clip(s string) string {
	if len(s) > maxBytes {
		s = s[:maxBytes]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		if n := len(s); n > 0 && s[n-1] >= utf8.RuneSelf {
			s = s[:n-1] // the rune the cut went through, or a whole one: either may go
		}
	}
	return strings.ToValidUTF8(s, " ")
}

// place is where a mention stands in phrase.text.
type place struct {
	at  int // byte
	who int // index in the mentions
}

// maxName keeps a hostile mention from making the text long.
const maxName = 64

func nameOf(m Mention) string {
	n := strings.Join(strings.Fields(strings.ToValidUTF8(m.Name, "")), " ")
	if len(n) > maxName {
		n = strings.ToValidUTF8(n[:maxName], "")
	}
	return n
}

func startsName(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// lettersLen is the length of the word s starts with; apostrophes within it belong to it.
func lettersLen(s string) int {
	for i, r := range s {
		if unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) {
			continue
		}
		if r == '\'' || r == '’' || r == 'ʼ' {
			next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			if i > 0 && unicode.IsLetter(next) {
				continue
			}
		}
		return i
	}
	return len(s)
}

func fraction(r rune) float64 {
	switch r {
	case '¼':
		return .25
	case '½':
		return .5
	case '¾':
		return .75
	}
	return 0
}

// readNumber reads 12, 1.5, 1,5, 7:30, 7.30 or ½ at t[i:].
func readNumber(t string, i int) (word, int) {
	r, n := utf8.DecodeRuneInString(t[i:])
	if f := fraction(r); f > 0 {
		return word{folded: "½", start: i, end: i + n, kind: number, value: f}, i + n
	}
	e, v := digitsAt(t, i)
	w := word{start: i, kind: number, value: v}
	if e+1 < len(t) && (t[e] == '.' || t[e] == ',' || t[e] == ':') && t[e+1] >= '0' && t[e+1] <= '9' {
		f, fv := digitsAt(t, e+1)
		places := f - e - 1
		switch {
		case t[e] == ',' && places == 3: // 1,500
			w.value, e = v*1000+fv, f
		case t[e] == ':' && places == 2:
			w.value, w.clock, e = v+fv/60, fv < 60, f
		case t[e] != ':' && places <= 2:
			w.value = v + fv/pow10(places)
			w.clock = t[e] == '.' && places == 2 && fv < 60 && v < 24
			e = f
		}
	}
	w.end, w.folded = e, t[i:e]
	return w, e
}

func pow10(n int) float64 {
	if n == 1 {
		return 10
	}
	return 100
}

func digitsAt(t string, i int) (end int, value float64) {
	for end = i; end < len(t) && t[end] >= '0' && t[end] <= '9'; end++ {
		if end-i < 9 {
			value = value*10 + float64(t[end]-'0')
		}
	}
	return end, value
}

// fold makes a word comparable: lower case, no accents, a straight apostrophe.
func fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] >= 'A' && s[i] <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		r = unicode.ToLower(r)
		r = unaccented(r)
		switch {
		case r == '’' || r == 'ʼ':
			b.WriteByte('\'')
		case unicode.Is(unicode.Mn, r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unaccented(r rune) rune {
	switch r {
	case 'á', 'à', 'â', 'ä', 'ã', 'å', 'ā':
		return 'a'
	case 'ç', 'ć', 'č':
		return 'c'
	case 'é', 'è', 'ê', 'ë', 'ē', 'ę':
		return 'e'
	case 'í', 'ì', 'î', 'ï':
		return 'i'
	case 'ñ', 'ń':
		return 'n'
	case 'ó', 'ò', 'ô', 'ö', 'õ', 'ø':
		return 'o'
	case 'ś', 'š':
		return 's'
	case 'ú', 'ù', 'û', 'ü':
		return 'u'
	case 'ź', 'ż', 'ž':
		return 'z'
	case 'ł':
		return 'l'
	}
	return r
}
