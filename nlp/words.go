package nlp

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The limits that keep any input cheap. A neighbour's message is far below them; what
// lies beyond is not read.
const (
	maxBytes = 4096
	maxWords = 240
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

// spellOut writes each mention out as @Name and says where.
func spellOut(text string, ms []Mention) (string, []place) {
	if len(ms) == 0 || !strings.ContainsRune(text, '\uFFFC') {
		return text, nil
	}
	byUnit := make(map[int]int, len(ms))
	for i, m := range ms {
		byUnit[m.Start] = i
	}
	var b strings.Builder
	var places []place
	unit := 0
	for _, r := range text {
		if m, ok := byUnit[unit]; ok && r == '\uFFFC' && len(places) < maxWords {
			places = append(places, place{b.Len(), m})
			b.WriteString("@" + nameOf(ms[m]))
		} else {
			b.WriteRune(r)
		}
		unit += max(1, utf16.RuneLen(r))
	}
	return b.String(), places
}

// split finds the words of p.text.
func (p *phrase) split(places []place, spelling map[string]string) {
	t := p.text
	s := splitter{p: p, pause: sentence}
	for i := 0; i < len(t) && len(p.words) < maxWords; {
		r, n := utf8.DecodeRuneInString(t[i:])
		switch {
		case len(places) > 0 && i == places[0].at:
			who := places[0].who
			e := i + 1 + len(nameOf(p.mentions[who]))
			s.add(word{folded: fold(t[i+1 : e]), start: i, end: e, kind: mention, capital: true, who: who})
			places, i = places[1:], s.possessive(e)
		case r == '@' && startsName(t[i+1:]):
			e := i + 1 + lettersLen(t[i+1:])
			s.add(word{folded: fold(t[i+1 : e]), start: i, end: e, kind: mention, capital: true, who: -1})
			i = s.possessive(e)
		case s.mixed(i, spelling) > 0: // any1, 2nite
			e := s.mixed(i, spelling)
			s.letters(i, e, unicode.IsUpper(r), spelling)
			i = e
		case unicode.IsLetter(r):
			e := i + lettersLen(t[i:])
			s.letters(i, e, unicode.IsUpper(r), spelling)
			i = e
		case r >= '0' && r <= '9' || fraction(r) > 0:
			w, e := readNumber(t, i)
			s.add(w)
			i = e
		case unicode.IsSpace(r):
			if r == '\n' {
				s.pause = sentence
			}
			s.glued = false
			i += n
		case r == '&':
			s.add(word{folded: "and", start: i, end: i + n})
			i += n
		default:
			s.sign(r, t[i+n:])
			i += n
		}
	}
}

// splitter gathers what stands between two words.
type splitter struct {
	p     *phrase
	pause pause
	mark  rune
	glued bool
}

func (s *splitter) add(w word) {
	if w.kind != mention {
		w.who = -1
	}
	w.pause, w.mark, w.glued = s.pause, s.mark, s.glued
	s.p.words = append(s.p.words, w)
	s.pause, s.mark, s.glued = run, 0, true
}

// mixed is the end of a word of letters and digits that the spelling list knows, else 0.
func (s *splitter) mixed(i int, spelling map[string]string) int {
	t, e, digit, letter := s.p.text, i, false, false
	for ; e < len(t) && e < i+10; e++ {
		switch c := t[e] | 0x20; {
		case t[e] >= '0' && t[e] <= '9':
			digit = true
		case c >= 'a' && c <= 'z':
			letter = true
		default:
			goto end
		}
	}
end:
	if !digit || !letter {
		return 0
	}
	if _, ok := spelling[fold(t[i:e])]; !ok {
		return 0
	}
	return e
}

// letters adds a word, or the words that a spelling stands for.
func (s *splitter) letters(start, end int, capital bool, spelling map[string]string) {
	f := fold(s.p.text[start:end])
	full, ok := spelling[f]
	s.p.short = s.p.short || ok && end-start < 5 && textspeak(f)
	if !ok {
		s.add(word{folded: f, start: start, end: end, capital: capital})
		return
	}
	for i, part := range strings.Fields(full) {
		if i > 0 {
			start, s.glued = end, false
		}
		s.add(word{folded: part, start: start, end: end, capital: capital})
	}
}

// textspeak reports whether a short form is one that friends text each other, and not a
// slip or a word of the place ("ye", "pls").
func textspeak(w string) bool {
	switch w {
	case "u", "ur", "r", "ya", "wat", "wot", "wen", "coz", "cuz", "cud", "wud", "abt", "2nite", "2moro", "2day", "2mrw", "tmr", "tmrw", "gr8", "b4", "l8r", "nd", "n", "thx", "tnx":
		return true
	}
	return false
}

// possessive takes in the 's that follows a mention.
func (s *splitter) possessive(i int) int {
	for _, tail := range []string{"'s", "’s"} {
		if strings.HasPrefix(s.p.text[i:], tail) && lettersLen(s.p.text[i+len(tail)-1:]) == 1 {
			s.p.words[len(s.p.words)-1].owns = true
			return i + len(tail)
		}
	}
	return i
}

// sign takes in a mark that is no word.
func (s *splitter) sign(r rune, rest string) {
	switch r {
	case '–', '—', '−', '‐', '‑':
		r = '-'
	case '’', '‘', 'ʼ', '`', '\'', '"', '“', '”', '*', '_':
		return // quotation and emphasis are no pauses
	}
	p := s.p
	if n := len(p.words); n > 0 && p.words[n-1].after == 0 {
		p.words[n-1].after = r
	}
	switch {
	case r == '.' || r == '!' || r == '?' || r == ';' || r == '…':
		s.pause = sentence
	case r == '-' && s.glued && rest != "" && rest[0] != ' ':
		// a hyphen within a word is no pause
	case strings.ContainsRune(",:-()/>[]|•", r):
		s.pause = max(s.pause, comma)
	case r >= 0x2190 && !unicode.IsLetter(r):
		if r != 0xFE0F && r != 0x200D && (r < 0x1F3FB || r > 0x1F3FF) && len(p.marks) < maxWords {
			p.marks = append(p.marks, r)
		}
		s.pause = max(s.pause, comma)
		return
	}
	s.mark = r
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
