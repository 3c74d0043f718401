package nlp

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

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
	case '→':
		r = '>'
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
