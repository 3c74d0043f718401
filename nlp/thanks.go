package nlp

// thanks reads thanks to somebody who can be told apart, for something they did.
func (s *scene) thanks() (Reading, bool) {
	h, ok := s.hit("past.thanks")
	if !ok || s.has("joke") || s.asks() || s.planned() && !s.direct || s.notThanks() {
		return Reading{}, false
	}
	q := s.u.ReplyTo
	name, at := s.someone(0)
	toPost := q != nil && (q.Kind == QuotedOffer || q.Kind == QuotedRequest) && !q.Self && q.Author != ""
	what := s.deed()
	if r := (reader{s.words}); r.is(h.start, "fair", "kudos", "hats", "props", "bless") && !s.concrete(h) {
		return Reading{}, false
	}
	switch {
	case at >= 0 && !s.family(at) && (s.words[at].kind == mention && len(s.words) > 3 || s.forWork(h) && s.near(h, at)):
		c := 0.75
		if s.has("texting") && s.words[at].kind != mention {
			c = 0.4
		}
		return Reading{Intent: Thanks, Confidence: c, Slots: Slots{To: name, What: what}}, true
	case at == 0 && !s.family(at) && s.aboutAll() >= 1.5 && s.saysThanks() && !s.has("texting"):
		return Reading{Intent: Thanks, Confidence: 0.65, Slots: Slots{To: name, What: what}}, true
	case toPost && (s.concrete(h) || s.anyDid() || fold(name) == fold(q.Author)):
		return Reading{Intent: Thanks, Confidence: 0.75, Slots: Slots{To: q.Author, What: what}}, true
	case s.u.Direct && len(s.words) <= 8:
		return Reading{Intent: Thanks, Confidence: 0.6, Slots: Slots{To: "bot"}}, true
	}
	return Reading{}, false
}

// plainThanks are the odds from which a text thanks somebody whatever its words.
const plainThanks = 3

// untoldThanks reads thanks in the group in words that no rule knows.
func (s *scene) untoldThanks() (Reading, bool) {
	name, at := s.someone(0)
	if at < 0 || s.family(at) || s.opinion().thanks < plainThanks || s.asks() || s.planned() || s.notThanks() || s.has("joke") {
		return Reading{}, false
	}
	return Reading{Intent: Thanks, Confidence: SureInGroup, Slots: Slots{To: name, What: s.deed()}}, true
}

// saysThanks reports whether the very word is there, not only praise.
func (s *scene) saysThanks() bool {
	for _, w := range s.words {
		switch w.folded {
		case "thanks", "thank", "cheers", "grateful":
			return true
		}
	}
	return false
}

// notThanks reports whether words of thanks mean something else.
func (s *scene) notThanks() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "thanks", "thank", "cheers") && (r.is(i-1, "no", "not", "never") || r.is(i+1, "for") && r.is(i+2, "nothing", "coming", "inviting", "sharing", "letting", "asking", "the", "your", "all") && (r.is(i+2, "nothing", "coming", "inviting", "sharing", "letting", "asking") || r.is(i+3, "info", "update", "reminder", "heads", "invite", "add", "welcome", "warning", "tip", "link", "laugh", "photos", "photo", "wishes", "memories", "message", "messages", "reply", "card", "cards", "kind"))) {
			return true
		}
		if i > 1 && r.is(i-2, "tell", "told", "tells", "say", "said", "give", "send") && s.persons[i-1] == i || r.is(i, "thanks") && r.is(i+1, "to") && !(i+2 < len(s.words) && s.persons[i+2] > 0) || r.is(i, "in") && r.is(i+1, "advance") || r.is(i, "never") && r.is(i+1, "said", "even") {
			return true
		}
	}
	return false
}

// concrete reports whether the thanks are for something: "for the lift", "the shed looks
// brilliant".
func (s *scene) concrete(h hit) bool {
	r := reader{s.words}
	for i := h.start; i < len(s.words); i++ {
		if r.is(i, "for") && i+1 < len(s.words) && !r.is(i+1, "that", "everything", "now", "all", "it") {
			return true
		}
	}
	return s.aboutAll() >= 2 || s.anyDid() && s.aboutAll() > 0
}

// forWork reports whether the thanks are for work neighbours do, not for a lovely evening.
func (s *scene) forWork(h hit) bool {
	r := reader{s.words}
	for i := h.start; i < len(s.words); i++ {
		if r.is(i, "for", "after") && i+1 < len(s.words) {
			end := s.sentenceEnd(i)
			return s.about(i+1, end) >= 1.5 || s.lexicon.Task(s.cut(i+1, end))
		}
	}
	return false
}

// near reports whether the name stands with the thanks, not somewhere else in the text.
func (s *scene) near(h hit, at int) bool {
	return at >= h.start-3 && at <= h.end+5
}
