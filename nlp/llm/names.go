package llm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names knows the words that give a person, or the community, away.
type names struct {
	fold    func(string) string
	full    map[string]string   // a whole name, folded and joined: as it is written
	parts   map[string][]string // one word of a name, folded: the whole names it is of
	firsts  map[string][]string // the same for the first word alone
	hidden  map[string]bool     // words and runs of words of the hidden phrases, folded and joined
	scripts []string            // words in scripts that write without spaces or inflect
}

// maxRun is how many words a name may have to be found as one.
const maxRun = 4

func newNames(fold func(string) string, members, hide []string) *names {
	n := &names{fold: fold, full: map[string]string{}, parts: map[string][]string{}, firsts: map[string][]string{}, hidden: map[string]bool{}}
	for _, name := range members {
		words := strings.Fields(name)
		if len(words) == 0 {
			continue
		}
		n.full[n.joined(name)] = name
		for i, w := range words {
			n.part(w, name, i == 0)
		}
	}
	for _, phrase := range hide {
		n.hide(strings.Fields(phrase))
	}
	return n
}

// part learns one word of a name, and what it is made of.
func (n *names) part(word, full string, first bool) {
	pieces := strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '‐' || r == '.' || r == '_' })
	if len(pieces) == 1 {
		pieces = nil
	}
	for _, w := range append([]string{word}, pieces...) {
		folded := n.joined(w)
		switch letters := utf8.RuneCountInString(folded); {
		case letters == 0 || letters == 1 && !dense(folded) || !first && particle(folded):
			continue
		}
		n.parts[folded] = append(n.parts[folded], full)
		if first && w == word {
			n.firsts[folded] = append(n.firsts[folded], full)
		}
		if !latin(folded) {
			n.scripts = append(n.scripts, folded)
		}
	}
}

// particle are words of names that are words of sentences far more often.
func particle(w string) bool {
	switch w {
	case "de", "van", "von", "the", "of", "and", "la", "le", "da", "di", "du", "el", "al", "in", "at", "to", "no":
		return true
	}
	return false
}

// hide learns a phrase that stays here: all of it, any two words of it that stand
// together, and each word that is not an ordinary one for a community like ours.
func (n *names) hide(words []string) {
	for i := range words {
		for j := i + 1; j <= len(words); j++ {
			if run := n.joined(strings.Join(words[i:j], " ")); run != "" && (j > i+1 || len(words) == 1 || !usual(run)) {
				n.hidden[run] = true
			}
		}
	}
}

// usual are words that half of all such communities have in their names.
func usual(w string) bool {
	return len(w) < 3 || slices.Contains(strings.Fields(`the our and for time bank timebank credit credits community exchange hour hours neighbour neighbours
		neighbourhood neighbor neighbors group circle street road help helping share sharing skill skills swap green town village park connect network`), w)
}

// joined is the folded form without spaces: "Ann Murphy", "annmurphy" and "ANN-MURPHY"
// are one.
func (n *names) joined(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, n.fold(s))
}

// token is a word of the text, in bytes.
type token struct{ start, end int }

// tokens cuts a text into words; an apostrophe or a hyphen within one belongs to it.
func tokens(text string) []token {
	var all []token
	start := -1
	for i, r := range text {
		switch {
		case wordy(r) || unicode.Is(unicode.Mn, r):
			if start < 0 {
				start = i
			}
		case start >= 0 && (apostrophe(r) || r == '-' || r == '‐') && within(text[i+utf8.RuneLen(r):]):
		case start >= 0:
			all = append(all, token{start, i})
			start = -1
		}
	}
	if start >= 0 {
		all = append(all, token{start, len(text)})
	}
	return all
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '`' }

func within(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return wordy(r)
}

// taken tells how many of the words, from the first on, stay here together, and under
// which letter; 0 for none.
func (m *masker) taken(words []token) (n int, letter string) {
	for n := min(maxRun, len(words)); n > 1; n-- {
		if !m.together(words[:n]) {
			continue
		}
		run := m.joined(m.possessor(m.text[words[0].start:words[n-1].end]))
		if _, found := m.full[run]; found {
			return n, "M"
		}
		if m.hidden[run] {
			return n, "X"
		}
	}
	word := m.text[words[0].start:words[0].end]
	switch {
	case !strings.ContainsFunc(word, unicode.IsLetter):
		return 0, ""
	case m.names.names(word):
		return 1, "M"
	case m.hidden[m.joined(m.possessor(word))] || label(word):
		return 1, "X"
	}
	return 0, ""
}

// together reports whether nothing but space stands between words.
func (m *masker) together(words []token) bool {
	for i := 1; i < len(words); i++ {
		if strings.Trim(m.text[words[i-1].end:words[i].start], " .") != "" {
			return false
		}
	}
	return true
}

// names reports whether a word is, or holds, part of a member's name.
func (n *names) names(word string) bool {
	bare := n.joined(n.possessor(word))
	if len(n.parts[bare]) > 0 || n.full[bare] != "" {
		return true
	}
	for _, piece := range strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '‐' || apostrophe(r) }) {
		if utf8.RuneCountInString(piece) > 1 && len(n.parts[n.joined(piece)]) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(n.scripts, func(part string) bool {
		if dense(part) {
			return strings.Contains(bare, part)
		}
		return inflected(bare, part)
	})
}

// inflected reports whether a word may be a name with another ending, as names have them
// in the languages that write other letters than ours.
func inflected(word, name string) bool {
	w, n := []rune(word), []rune(name)
	const stem, ending = 3, 3
	return len(n) > stem && len(w) >= len(n)-1 && len(w) <= len(n)+ending && string(w[:len(n)-1]) == string(n[:len(n)-1])
}

// possessor takes the 's off a name: "Ann's", "Ann’s", and "Anns" where only Ann is known.
func (n *names) possessor(word string) string {
	r, size := utf8.DecodeLastRuneInString(word)
	if r != 's' && r != 'S' {
		return word
	}
	bare := word[:len(word)-size]
	if r, size := utf8.DecodeLastRuneInString(bare); apostrophe(r) {
		return bare[:len(bare)-size]
	}
	if len(n.parts[n.joined(word)]) == 0 && len(n.parts[n.joined(bare)]) > 0 {
		return bare
	}
	return word
}

// only finds the one member that a name means.
func (n *names) only(name string) (full string, ok bool) {
	j := n.joined(name)
	first := n.firsts[j]
	if full, ok := n.full[j]; ok && (len(first) == 0 || len(first) == 1 && first[0] == full) {
		return full, true
	}
	if len(first) == 1 {
		return first[0], true
	}
	return "", false
}

// label reports whether a word looks like one of ours: nobody may write M1 and mean it.
func label(word string) bool {
	digits := strings.TrimLeft(word, "mMxX")
	return len(word)-len(digits) == 1 && digits != "" && strings.Trim(digits, "0123456789") == ""
}

func latin(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) })
}

// dense reports whether s is written in a script that puts no spaces between words.
func dense(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
	})
}
