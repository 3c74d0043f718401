package board

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"communityconnect/ledger"
)

// PostID is a post's number, from 1.
type PostID int64

// Kind tells an offer from a request.
type Kind string

// The kinds of posts.
const (
	Offer   Kind = "offer"
	Request Kind = "request"
)

// Opposite is the kind that answers this one.
func (k Kind) Opposite() Kind {
	if k == Offer {
		return Request
	}
	return Offer
}

// State is where a post stands.
type State string

// The states of a post.
const (
	Open    State = "open"
	Closed  State = "closed"  // by its author
	Expired State = "expired" // by time
	Met     State = "met"     // by a trade
)

// Post is an offer or a request on the board.
type Post struct {
	ID       PostID
	Kind     Kind
	Author   int64 // member
	Category string
	Text     string
	Minutes  ledger.Minutes // 0: not said
	When     string         // the words in which the time was said
	At       Span           // the time they mean, where they say it plainly; not kept in the file
	Wanted   int            // how many people; at least 1
	State    State
	Created  time.Time
	Expires  time.Time
}

// MaxText is the longest text of a post, in letters: it has to fit a card.
const MaxText = 300

// Errors of posts.
var (
	ErrTextEmpty = errors.New("a post needs a few words")
	ErrTextLong  = errors.New("a post has at most 300 letters")
)

// CleanText makes a post's text fit for a card: one paragraph, no control characters
// and nothing that could turn the direction of the text around it.
func CleanText(s string) (string, error) {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\ufffc' {
			return ' '
		}
		return r
	}, s)), " ")
	switch {
	case strings.IndexFunc(s, unicode.IsLetter) < 0:
		return "", ErrTextEmpty
	case len([]rune(s)) > MaxText:
		return "", ErrTextLong
	}
	return s, nil
}

// Matches reports whether the post speaks of every word of a search, by the beginning
// of its words: "box" finds "boxes".
func (p Post) Matches(search string) bool {
	words := strings.FieldsFunc(strings.ToLower(p.Text+" "+p.Category), notWord)
	for _, want := range strings.FieldsFunc(strings.ToLower(search), notWord) {
		found := false
		for _, w := range words {
			found = found || strings.HasPrefix(w, want) || len(w) > 3 && strings.HasPrefix(want, w)
		}
		if !found {
			return false
		}
	}
	return true
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// maxWanted bounds how many people a post can want.
const maxWanted = 50

// wantedWords is how a request says that it takes more than one: "3 people wanted".
var wantedWords = regexp.MustCompile(`(?i)\b(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?:more\s+)?(?:people|persons|helpers|volunteers|neighbours|pairs? of hands|strong (?:people|arms|backs))\b`)

// Wanted reads how many people a text asks for: at least 1.
func Wanted(text string) int {
	m := wantedWords.FindStringSubmatch(text)
	if m == nil {
		return 1
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		n = 2 + slices.Index([]string{"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}, strings.ToLower(m[1]))
	}
	return min(max(n, 1), maxWanted)
}

// telling are the words and numbers in which two posts that sound alike can differ.
var telling = regexp.MustCompile(`(?i)\d+|\b(?:to|from|mon|tues|wednes|thurs|fri|satur|sun)(?:day|days)?\b|\b(?:morning|afternoon|evening|night|today|tomorrow|tonight)s?\b`)

// SaysTheSame reports whether two texts that are much alike speak of the same numbers,
// days and directions: a lift to the hospital at 2 is not the one from it at 4.
func SaysTheSame(a, b string) bool {
	words := func(s string) []string {
		found := telling.FindAllString(strings.ToLower(s), -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	return slices.Equal(words(a), words(b))
}
