package lexicon

import (
	"iter"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
)

// Word is one word of a text.
type Word struct {
	Text       string // lower case, without accents and apostrophes
	Stem       string // what "mowed" and "mowing" have in common
	Start, End int    // its place in the text, in bytes
}

// maxWordBytes bounds what is stemmed: no word of ours is longer, and a line of a
// thousand letters should cost nothing.
const maxWordBytes = 40

// Words splits a text into words. Hyphens and slashes part words, apostrophes don't, and a
// possessive 's falls off: "the dog's flat-pack" is the, dog, flat, pack.
func Words(text string) []Word {
	words := make([]Word, 0, len(text)/5+1)
	eachWord(text, func(folded []byte, start, end int) {
		w := string(folded)
		words = append(words, Word{Text: w, Stem: Stem(w), Start: start, End: end})
	})
	return words
}

// Span is a place in a text, in bytes.
type Span struct{ Start, End int }

// Fold yields the words of a text as [Word] gives their Text, without stemming them, and
// where they stand.
func Fold(text string) iter.Seq2[string, Span] {
	return func(yield func(string, Span) bool) {
		on := true
		eachWord(text, func(folded []byte, start, end int) { on = on && yield(string(folded), Span{start, end}) })
	}
}

// Stem returns the stem of one word in lower case.
func Stem(word string) string {
	if len(word) < 3 || len(word) > maxWordBytes {
		return word
	}
	return english.Stem(word, false)
}

// eachWord calls found for every word of text in order, folded as [Word] says. The bytes
// of the word are found's only until it returns.
func eachWord(text string, found func(word []byte, start, end int)) {
	var buf [maxWordBytes]byte
	word := buf[:0]
	start, apostrophe := -1, -1 // where the word starts; how much of it stood before its last apostrophe
	flush := func(end int) {
		if n := len(word); n > 1 && apostrophe == n-1 && word[n-1] == 's' {
			word = word[:n-1]
		}
		if len(word) > 0 {
			found(word, start, end)
		}
		word, start, apostrophe = word[:0], -1, -1
	}
	for i, r := range text {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			word = append(word, byte(r))
		case 'A' <= r && r <= 'Z':
			word = append(word, byte(r)+'a'-'A')
		case (r == '\'' || r == '’') && start >= 0:
			apostrophe = len(word)
		case r >= utf8.RuneSelf && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)):
			word = appendFolded(word, unicode.ToLower(r))
		default:
			flush(i)
			continue
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(text))
}

// appendFolded adds a letter without its accent. Letters of other scripts stay as they are.
func appendFolded(b []byte, r rune) []byte {
	switch r {
	case 'á', 'à', 'â', 'ä', 'ã', 'å', 'ą':
		return append(b, 'a')
	case 'é', 'è', 'ê', 'ë', 'ę':
		return append(b, 'e')
	case 'í', 'ì', 'î', 'ï':
		return append(b, 'i')
	case 'ó', 'ò', 'ô', 'ö', 'õ', 'ø':
		return append(b, 'o')
	case 'ú', 'ù', 'û', 'ü':
		return append(b, 'u')
	case 'ç', 'ć':
		return append(b, 'c')
	case 'ñ', 'ń':
		return append(b, 'n')
	case 'ł':
		return append(b, 'l')
	case 'ś', 'š':
		return append(b, 's')
	case 'ż', 'ź', 'ž':
		return append(b, 'z')
	}
	if unicode.Is(unicode.Mn, r) { // a combining accent
		return b
	}
	return utf8.AppendRune(b, r)
}

// filler are words a phrase may have anywhere without changing what it means: "put up
// the shelves" and "put up my shelves" are "put up shelves".
func filler(w string) bool {
	switch w {
	case "a", "an", "the", "my", "our", "your", "his", "her", "their", "its", "some", "this", "that",
		"these", "those", "any", "few", "couple", "bit", "of":
		return true
	}
	return false
}
