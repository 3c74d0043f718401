package nlp

import (
	"strings"

	"communityconnect/ledger"
)

// amount is the amount of work the text speaks of, 0 for none.
func (s *scene) amount() ledger.Minutes {
	m, ok := total(s.amounts, reader{s.words})
	if !ok {
		return 0
	}
	return m
}

// when is the time the text speaks of, in its words: the times that belong together, or
// the one that tells most.
func (s *scene) when() string {
	best := when{}
	for _, w := range s.whens {
		if w.end-w.start > best.end-best.start {
			best = w
		}
	}
	if best.end == 0 {
		return ""
	}
	return strings.Trim(s.cut(best.start, best.end), " ,.")
}

// maxTitle is how many words a title keeps.
const maxTitle = 9

// title is what follows a cue in its sentence, without times, amounts and small words.
func (s *scene) title(lead hit) string {
	end := s.sentenceEnd(min(lead.end, len(s.words)-1))
	text := s.gist(lead.end, end)
	if text == "" {
		text = s.gist(s.sentenceStart(lead.start), end)
	}
	if text == "" {
		text = s.gist(0, len(s.words))
	}
	return text
}

// gist joins the words from i to before j that say what, not when or how long.
func (s *scene) gist(i, j int) string {
	var out []string
	for k := i; k < j && len(out) < maxTitle; k++ {
		if e := s.skips(k); e > k {
			k = e - 1
			continue
		}
		w := s.words[k]
		if len(out) > 0 && w.pause == comma && len(out) >= 4 {
			break
		}
		if w.kind == letters && smallWord(w.folded) || w.start >= w.end {
			continue
		}
		if w.folded == "if" && len(out) > 0 {
			break
		}
		out = append(out, s.text[w.start:w.end])
	}
	return strings.Join(out, " ")
}

// skips is the end of a time or amount that starts at word k, or 0.
func (s *scene) skips(k int) int {
	if s.whenAt[k] > k {
		return s.whenAt[k]
	}
	return s.amountAt[k]
}

func smallWord(w string) bool {
	switch w {
	case "a", "an", "the", "to", "my", "our", "some", "any", "please", "me", "us", "i", "we", "that", "who", "is", "are", "be", "for", "of",
		"it", "this", "these", "those", "thanks", "someone", "somebody", "anyone", "anybody", "could", "can", "would", "will", "with",
		"i'm", "so", "just", "really", "there", "here", "about", "have", "has", "and", "you", "your":
		return true
	}
	return false
}

// numberAt is "#12" where the text names a post or trade by its number.
func (s *scene) numberRef() string {
	for i, w := range s.words {
		if w.kind != number || w.clock || s.amountAt[i] > 0 {
			continue
		}
		named := w.mark == '#'
		if i > 0 {
			switch s.words[i-1].folded {
			case "number", "no", "post", "offer", "request", "trade", "card", "item", "close", "cancel", "remove", "confirm", "decline", "dispute", "approve", "reject":
				named = true
			case "with", "take", "do":
				named = named || s.direct && i == len(s.words)-1 // "I can help with 11"
			}
		}
		if named && w.value == float64(int(w.value)) {
			return "#" + s.text[w.start:w.end]
		}
	}
	return ""
}

// someone is the first person named from word i on, and where.
func (s *scene) someone(i int) (name string, at int) {
	for ; i < len(s.words); i++ {
		if s.persons[i] > i {
			return s.person(i), i
		}
	}
	return "", -1
}
