package nlp

// Which way a post goes, where cues of both kinds are there.

// direction settles who gives where both kinds of cue are there.
func (s *scene) direction(req, off float64, reqHit, offHit hit) (Intent, float64, hit) {
	switch {
	case off > 0 && s.needOfOthers():
		return Offer, max(off, 4), offHit
	case req > 0 && s.has("get.dowith") && !s.has("give.dowith"):
		return Request, req, reqHit
	case s.has("give.foryou") && !s.has("request.person"):
		return Offer, max(off, req), offHit
	case off == 0:
		return Request, req, reqHit
	case req == 0:
		return Offer, off, offHit
	case s.has("request.headline"):
		return Request, req, reqHit
	case s.has("offer.headline"):
		return Offer, off, offHit
	case s.has("request.join"):
		return Request, req, reqHit
	case s.has("offer.work"):
		return Offer, off, offHit
	}
	if s.onlyIf() {
		return Offer, max(off, req), offHit
	}
	if intent, h, ok := s.framed(); ok {
		return intent, max(req, off), h
	}
	switch {
	case s.has("request.ride", "request.swap"):
		return Request, req, reqHit
	}
	if h, ok := s.hit("offer.ifneed"); ok && reqHit.start >= h.start { // "shout if you want a loan of it"
		return Offer, max(off, req), offHit
	}
	if h, ok := s.hit("offer.anyone"); ok { // "can anyone use", "does anyone want"
		if q, ok := s.hit("request.someone", "request.borrow"); !ok || h.start <= q.start || !s.has("request.someone", "request.borrow") {
			return Offer, max(off, req), h
		}
	}
	if q, ok := s.hit("request.borrow", "request.someone", "request.ride"); ok && !s.has("offer.anyone") && q.start < offHit.start && s.question[q.start] && offHit.start < s.sentenceEnd(q.start) {
		return Request, max(req, off), q
	}
	if s.opensAsking(reqHit, offHit) {
		return Request, max(req, off), reqHit
	}
	if s.has("offer.give") && !s.has("request.someone", "request.if") {
		return Offer, max(off, 4.5), offHit
	}
	if s.has("request.need", "request.look") && !s.has("request.someone", "request.borrow", "request.if") && s.askedOfOthers(reqHit) {
		return Offer, max(off, 4), offHit
	}
	if reqHit.start == offHit.start && reqHit.end > offHit.end && s.has("request.someone") {
		return Request, max(req, off), reqHit
	}
	if reqHit.start < offHit.start && offHit.start < reqHit.end && !s.has("offer.anyone") {
		return Request, max(req, off), reqHit
	}
	if off > req || off == req && offHit.start < reqHit.start {
		return Offer, off, offHit
	}
	return Request, req, reqHit
}

// onlyIf reports whether nothing asks but a condition, and that after what the sender can
// do: "free Saturday with a trailer, shout if you've a load to shift", "I can mend bikes if
// anybody has a puncture". Where the sender only fetches, or the condition is about a loan,
// it does ask: "I can collect if anybody has boxes to spare".
func (s *scene) onlyIf() bool {
	can, ok := s.hit("offer.can", "offer.work", "offer.seats", "offer.ican", "give.will")
	asked, ok2 := s.hit("get.if")
	if !ok || !ok2 || can.start >= asked.start {
		return false
	}
	id := s.g.cues["offer.ican"]
	for _, h := range s.cues.hits {
		switch {
		case h.cue == id && h.start < asked.start && s.fetches(h.start, asked.start):
			return false
		case s.asksForItself(h.cue) && (h.start < asked.start || h.start >= s.sentenceEnd(asked.start)):
			return false
		}
	}
	r := reader{s.words}
	for i := asked.start; i < s.sentenceEnd(asked.start); i++ {
		if r.is(i, "borrow", "lend", "loan", "spare", "need", "needs", "who", "give") || r.is(i, "i", "we") && r.is(i+1, "can", "could", "might") {
			return false
		}
	}
	return !s.fetches(can.start, asked.start)
}

// opensAsking reports whether the sentence opens with a need, and what speaks of giving
// comes after it: "Looking for a cot if anyone has one to give away".
func (s *scene) opensAsking(req, off hit) bool {
	h, ok := s.hit("request.look", "request.person")
	if !ok || !s.starts[h.start] || h.start > req.start {
		return false
	}
	// "looking for a good home" is one turn of phrase, and gives
	return off.start >= h.end && !s.has("offer.anyone")
}

// needOfOthers reports whether the text opens by asking after a need and goes on with the
// sender: "Need a hand with the party? I do balloons".
func (s *scene) needOfOthers() bool {
	r := reader{s.words}
	next := s.sentenceEnd(0)
	return len(s.words) > 0 && s.question[0] && r.is(0, "need", "want", "looking", "stuck", "fancy", "struggling", "short") &&
		r.is(next, "i", "i'm", "i've", "i'll", "i'd", "we", "we've", "my", "shout", "call", "happy")
}

// askedOfOthers reports whether a need is a question to the reader: "Need a lift? I'm driving in."
func (s *scene) askedOfOthers(h hit) bool {
	return s.starts[h.start] && s.question[h.start] && s.sentenceEnd(h.start) < len(s.words)
}

// asksForItself reports whether a cue is one of those that ask in so many words.
func (s *scene) asksForItself(id cueID) bool {
	for _, name := range [...]string{"get.asked", "get.ad", "get.stands", "get.want", "get.dowith", "request.need", "request.look", "request.someone", "request.borrow", "request.person", "request.help"} {
		if s.g.cues[name] == id {
			return true
		}
	}
	return false
}

// fetches reports whether what the sender says they can do is only what a person who wants
// something does for it: come, take it, pay, give it back.
func (s *scene) fetches(from, to int) bool {
	r := reader{s.words}
	for i := from; i < to; i++ {
		if r.is(i, "come", "call", "drive") && !s.goesOn(i) || r.is(i, "be") && r.is(i+1, "there", "round", "over") {
			return true
		}
		if r.is(i, "collect", "pick", "drop", "swap", "pay", "return", "use", "borrow", "love", "like", "need", "want", "take", "after", "afterwards", "exchange") && !r.is(i+1, "a", "out") {
			return true
		}
	}
	return false
}

// goesOn reports whether coming is only the way to some work: "come round with the scanner".
func (s *scene) goesOn(i int) bool {
	r := reader{s.words}
	return r.is(i+1, "with", "and") || r.is(i+2, "with", "and")
}
