package nlp

import (
	"strings"

	"communityconnect/nlp/linear"
)

// What the classifier is shown of a text: its words, one to three in a row; the same with
// those that are not common put into classes; how long it is, and how much of
// it neighbours do for each other; and the cues. In the classes "a lend of a strimmer" and
// "a lend of a tent" are the same.

// The lengths of rows of words and of classes.
const (
	wordsInRow   = 3
	classesInRow = 3
)

// features shows what the text has.
func (s *scene) features(visit linear.Visit) {
	words, classes := s.asClasses()
	visit("w", wordsInRow, words)
	visit("c", classesInRow, classes)
	cues := make([]string, len(s.cues.hits))
	for i, h := range s.cues.hits {
		cues[i] = s.g.cueNames[h.cue]
	}
	visit("cue", 1, cues)
	visit("is", 1, []string{s.length(), tradable(s.aboutAll())})
	if q := s.u.ReplyTo; q != nil {
		visit("to", 1, []string{string(q.Kind)})
	}
}

// asClasses returns the words as they are and as classes, both with amounts, times, names
// and the marks between sentences as words of their own.
func (s *scene) asClasses() (words, classes []string) {
	words, classes = make([]string, 0, 2*len(s.words)+1), make([]string, 0, 2*len(s.words)+1)
	both := func(w string) { words, classes = append(words, w), append(classes, w) }
	for i := 0; i < len(s.words); i++ {
		switch {
		case s.amountAt[i] > i:
			both("#amount")
			i = s.amountAt[i] - 1
			continue
		case s.whenAt[i] > i:
			both("#when")
			i = s.whenAt[i] - 1
			continue
		case s.persons[i] > i:
			both("#name")
			i = s.persons[i] - 1
			continue
		case s.starts[i]:
			both("|")
		case s.words[i].pause == comma:
			both(",")
		}
		words = append(words, s.words[i].folded)
		if c := s.class(i); c[0] != '@' || len(classes) == 0 || classes[len(classes)-1] != c {
			classes = append(classes, c)
		}
	}
	both(s.lastMark())
	return words, classes
}

// class is a common word itself, what kind of thing the lexicon says a word is, or else
// what its ending makes of it.
func (s *scene) class(i int) string {
	w := s.words[i]
	if s.g.common[w.folded] {
		return w.folded
	}
	s.look()
	for _, h := range s.things {
		if h.Category == "" || h.Start > w.start || h.End < w.end {
			continue
		}
		if roomFor(h.Category, "goods", "lending", "space", "food") {
			return "@thing"
		}
		return "@service"
	}
	for _, ending := range []string{"ing", "s", "ed"} {
		if strings.HasSuffix(w.folded, ending) {
			return "*" + ending
		}
	}
	return "*"
}

// lastMark is what the text ends with: a question, a call, or neither.
func (s *scene) lastMark() string {
	t := strings.TrimRight(s.text, " \n\t")
	switch {
	case strings.HasSuffix(t, "?"):
		return "?"
	case strings.HasSuffix(t, "!"):
		return "!"
	}
	return "."
}

func (s *scene) length() string {
	switch n := len(s.words); {
	case n < 5:
		return "tiny"
	case n < 8:
		return "short"
	case n < 14:
		return "middling"
	case n < 25:
		return "long"
	}
	return "very-long"
}

// tradable names how tradable a text is, from 0 to 3, in four steps.
func tradable(about float64) string {
	switch {
	case about == 0:
		return "about-nothing"
	case about < 1.5:
		return "about-little"
	case about < 2.5:
		return "about-something"
	}
	return "about-work"
}
