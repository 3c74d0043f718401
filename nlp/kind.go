package nlp

// kindOf is the category of a post. The lexicon knows what a text is about; what is done
// with the thing, which the cues know, can decide against it: what comes back is lending,
// a way that is shared is transport, what goes for good is goods unless it is food or a
// plant.
func (s *scene) kindOf(intent Intent) string {
	c := s.category()
	switch {
	case s.has("thing.returns", "request.lend"):
		return "lending"
	case s.has("request.ride") && intent == Request && roomFor(c, "space", "lending", "home_help", "repairs", "goods", "other", "events"):
		return "transport"
	case s.has("offer.lift") && s.onTheWay() && intent == Offer && c != "moving" && c != "food":
		return "transport"
	case intent == Offer && s.has("thing.kept") && roomFor(c, "repairs", "lending", "childcare", "pets", "home_help", "transport", "other", "events", "arts") && !s.liftMeant(),
		intent == Offer && s.has("thing.wanted") && roomFor(c, "repairs", "lending", "pets", "home_help", "other") && !s.lexicon.Task(s.text) && !s.liftMeant():
		return "goods"
	case intent == Request && s.has("thing.some") && c == "lending":
		return "goods"
	}
	return c
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
