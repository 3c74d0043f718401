package nlp

import "strings"

// closes reads that a post of one's own is over.
func (s *scene) closes() (Reading, bool) {
	h, ok := s.longest("close_post")
	if !ok || s.asks() && !s.polite() || s.amount() > 0 || s.has("dispute") && s.ofTrade() {
		return Reading{}, false
	}
	ref := s.numberRef()
	if ref == "" {
		ref = s.subject()
	}
	c := 0.8
	if h.start > 4 {
		c = 0.6
	}
	return Reading{Intent: ClosePost, Confidence: c, Slots: Slots{Ref: ref}}, true
}

// ofTrade reports whether a trade is named: what is to be cancelled is no post.
func (s *scene) ofTrade() bool {
	for _, w := range s.words {
		switch w.folded {
		case "trade", "trades", "exchange", "happened", "transaction":
			return true
		}
	}
	return false
}

// polite reports whether a question is an order all the same: "can you take it down?"
func (s *scene) polite() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "can", "could", "would", "will") && r.is(i+1, "you", "we", "i") {
			return true
		}
	}
	return false
}

// subject keeps the words that pick a post out, leaving those that only say it is over.
func (s *scene) subject() string {
	var out []string
	for i, w := range s.words {
		if w.start >= w.end || s.bot(i) || w.kind == letters && (smallWord(w.folded) || overWord(w.folded)) {
			continue
		}
		if s.whenAt[i] > 0 {
			continue
		}
		out = append(out, s.text[w.start:w.end])
		if len(out) == 5 {
			break
		}
	}
	return strings.Join(out, " ")
}

func overWord(w string) bool {
	switch w {
	case "close", "cancel", "remove", "delete", "take", "down", "off", "withdraw", "mark", "post", "offer", "request", "ad", "listing", "card", "board",
		"sorted", "gone", "taken", "done", "closed", "filled", "finished", "as", "been", "now", "no", "longer", "don't", "need", "needed", "not", "found",
		"got", "had", "all", "from", "the", "on", "up", "was", "are", "more", "anymore", "hi", "hello", "pull", "mine", "one", "do", "at", "found a", "get", "rid", "clear":
		return true
	}
	return false
}
