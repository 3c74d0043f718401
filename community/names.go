package community

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxName is the longest name, in letters, that a card can carry without being cut.
const MaxName = 40

// FormerName is what somebody is called who has been forgotten.
const FormerName = "a former member"

// Errors of names.
var (
	ErrNameEmpty = errors.New("a name needs at least one letter")
	ErrNameLong  = errors.New("a name has at most 40 letters")
	ErrNameWord  = errors.New("that word means something else here")
	ErrNameTaken = errors.New("somebody has that name already, or one that looks the same")
)

// lookAlike maps letters to the Latin letter they can be taken for, after
// decomposition and lower-casing. From the confusables of Unicode Technical
// Standard 39, for the alphabets that a phone's keyboard offers.
var lookAlike = map[rune]rune{
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'һ': 'h', 'і': 'i', 'ј': 'j', 'к': 'k', 'м': 'm', 'н': 'h',
	'о': 'o', 'р': 'p', 'ѕ': 's', 'т': 't', 'у': 'y', 'х': 'x', 'ԝ': 'w', 'ѵ': 'v',
	'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x',
	'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'ß': 's', '0': 'o', '1': 'l', '|': 'l',
}

// Fold brings a name to the form in which names are compared: case, accents, look-alike
// letters, punctuation and doubled spaces make no difference.
func Fold(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(name)) {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
			continue
		case unicode.IsSpace(r):
			if s := b.String(); s != "" && !strings.HasSuffix(s, " ") {
				b.WriteByte(' ')
			}
			continue
		}
		if l, ok := lookAlike[r]; ok {
			r = l
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// reserved are the folded words that the books, or those who talk with the bot, have for
// somebody else than a member.
var reserved = []string{"commons", "the commons", "council", "the council", "a former member", "former member", "somebody", "someone",
	"everybody", "everyone", "me", "you"}

// CleanName makes a name fit to be shown: one line, no control, bidirectional or
// private-use characters, no @.
func CleanName(name string) (string, error) {
	name = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co) || r == '@' || r == '\ufffc' {
			return ' '
		}
		return r
	}, norm.NFC.String(name))), " ")
	switch {
	case Fold(name) == "":
		return "", ErrNameEmpty
	case len([]rune(name)) > MaxName:
		return "", ErrNameLong
	case slices.Contains(reserved, Fold(name)):
		return "", ErrNameWord
	}
	return name, nil
}

// Names finds people by what others call them.
type Names struct {
	byFold  map[string][]Member
	byFirst map[string][]Member
}

// NewNames indexes the people who can be named: all who have not left.
func NewNames(members []Member) Names {
	n := Names{byFold: map[string][]Member{}, byFirst: map[string][]Member{}}
	for _, m := range members {
		if m.Status == Former || m.Status == Applicant {
			continue
		}
		folded := Fold(m.Name)
		first, _, _ := strings.Cut(folded, " ")
		n.byFold[folded] = append(n.byFold[folded], m)
		n.byFirst[first] = append(n.byFirst[first], m)
	}
	return n
}

// Find returns everybody the words may mean: the one with that whole name, else all
// with that first name. More than one is a question to ask, never a guess to make.
func (n Names) Find(words string) []Member {
	folded := Fold(words)
	if found := n.byFold[folded]; len(found) > 0 && len(n.byFirst[folded]) <= 1 {
		return found
	}
	return n.byFirst[folded]
}

// Short is what to call somebody: the first name where that is enough.
func (n Names) Short(m Member) string {
	first, _, _ := strings.Cut(m.Name, " ")
	if m.Name == FormerName || len(n.byFirst[Fold(first)]) > 1 {
		return m.Name
	}
	return first
}
