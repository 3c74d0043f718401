package nlp

import (
	"strings"

	"communityconnect/nlp/lexicon"
	"communityconnect/nlp/linear"
)

// kindOf is the category of a post: the one that the classifier finds most likely, given
// what the rules say, what is spoken of, and the words.
func (s *scene) kindOf(intent Intent, lead hit) string {
	odds := s.learnt.kinds.Ask(func(visit linear.Visit) { s.kindFeatures(visit, intent, s.ruledKind(intent, lead)) })
	best := 0
	for i := range odds {
		if odds[i] > odds[best] {
			best = i
		}
	}
	return s.learnt.kinds.Questions()[best]
}

// kindFeatures shows what tells of a post's category.
func (s *scene) kindFeatures(visit linear.Visit, intent Intent, ruled string) {
	words, stems := make([]string, len(s.words)), make([]string, len(s.words))
	for i, w := range s.words {
		words[i], stems[i] = w.folded, lexicon.Stem(w.folded)
	}
	visit("w", 1, words)
	visit("stem", 1, stems)
	visit("is", 1, []string{string(intent)})
	visit("ruled", 1, []string{ruled})
	s.look()
	concepts := make([]string, 0, len(s.things))
	for _, h := range s.things {
		concepts = append(concepts, h.Concept)
	}
	visit("about", 1, concepts)
}

// ruledKind is the category by the rules. The lexicon knows what a text is about; what is
// done with the thing, which the cues know, can decide against it: what comes back is
// lending, a way that is shared is transport, what goes for good is goods unless it is
// food or a plant.
func (s *scene) ruledKind(intent Intent, lead hit) string {
	c := s.category()
	from, to := s.around(lead)
	if to < len(s.words) && s.about(from, to) >= 3 { // what asks or offers counts before what goes around it
		c, _ = s.lexicon.Category(s.cut(from, to))
	}
	switch {
	case s.has("thing.returns", "request.lend") && !s.lendsHand():
		return "lending"
	case s.has("request.ride") && intent == Request && roomFor(c, "space", "lending", "home_help", "repairs", "goods", "other", "events") && !s.has("thing.errand"):
		return "transport"
	case s.has("thing.errand"):
		return "home_help"
	case s.has("offer.lift") && s.onTheWay() && intent == Offer && roomFor(c, "transport", "space", "lending", "repairs", "goods", "other", "events", "home_help", "pets", "gardening", "arts", "crafts", "admin"):
		return "transport"
	case intent == Offer && s.given(lead) && !s.liftMeant(), intent == Request && s.wantedToKeep(c, lead):
		if roomFor(c, "food", "space") || c == "gardening" && s.grows() {
			return c // what grows or is eaten goes with its kind
		}
		return "goods"
	}
	return c
}

// around are the sentences a cue stands in, or without one the whole text.
func (s *scene) around(lead hit) (from, to int) {
	if lead.end == 0 {
		return 0, len(s.words)
	}
	return s.sentenceStart(lead.start), s.sentenceEnd(lead.end - 1)
}

// lendsHand reports whether what is lent is a hand.
func (s *scene) lendsHand() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "lend", "lending") && (r.is(i+2, "hand", "ear") || r.is(i+3, "hand", "ear")) {
			return true
		}
	}
	return false
}

// grows reports whether a text speaks of plants or what feeds them, not of a garden's
// furniture.
func (s *scene) grows() bool {
	for _, h := range s.things {
		switch h.Concept {
		case "planting", "vegetables", "compost", "trees", "hedges", "leaves", "pruning":
			return true
		}
	}
	return false
}

// given reports whether a thing is given away for good.
func (s *scene) given(lead hit) bool {
	thing := s.lexicon.Thing(s.text)
	return s.has("thing.kept") && (thing || roomFor(s.category(), "repairs", "lending", "childcare", "pets", "home_help", "transport", "other", "events", "arts")) ||
		s.has("thing.wanted") && thing && !s.lexicon.Task(s.cut(s.around(lead)))
}

// wantedToKeep reports whether a thing is asked for that need not come back: some of it,
// an old or spare one, or right behind "looking for". c is what the text is about.
func (s *scene) wantedToKeep(c string, lead hit) bool {
	if roomFor(c, "transport", "space") || s.speaksOfHelp() {
		return false
	}
	own := s.cut(s.around(lead))
	if s.has("thing.some") && (c == "lending" || s.lexicon.Thing(own) && !s.lexicon.Task(own)) {
		return true
	}
	if strings.Contains(own+" ", " done ") { // "a bit of plastering done"
		return false
	}
	if c == "lending" || !s.has("request.look", "request.headline", "request.opener", "get.stands", "get.ad") {
		return false
	}
	from, end := lead.end-1, min(s.sentenceEnd(lead.end-1), lead.end+3)
	for i := lead.start; i < lead.end; i++ {
		if s.words[i].folded == "for" && i > lead.start+1 {
			from, end = lead.start, i // "need a driver for a wardrobe"
		}
	}
	for i := lead.end; i < end; i++ {
		if s.words[i].pause >= comma {
			end = i // what follows is another matter
		}
	}
	return s.lexicon.Thing(s.cut(from, end)) && !s.has("request.person", "request.someone") && !s.lexicon.Task(s.cut(lead.end-1, s.sentenceEnd(lead.end-1)))
}

// roomFor reports whether a category is one of some.
func roomFor(c string, any ...string) bool {
	for _, a := range any {
		if a == c {
			return true
		}
	}
	return false
}

// onTheWay reports whether somebody is going somewhere and shares the way.
func (s *scene) onTheWay() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i+1, "to") && r.is(i+2, "a", "waste", "charity", "the") && r.is(i+3, "good", "new", "loving", "tip", "dump") {
			continue
		}
		if r.is(i, "going", "driving", "heading", "off", "travelling", "drive") && r.is(i+1, "to", "into", "up", "down", "over", "out", "past", "in", "early") {
			return true
		}
	}
	return s.has("offer.seats")
}

// liftMeant reports whether a lift is what is offered.
func (s *scene) liftMeant() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "lift", "spin", "ride", "run", "anything", "seat", "seats") {
			return true
		}
	}
	return false
}
