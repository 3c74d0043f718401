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
	if s.onlyIf() || s.ifThen() {
		return Offer, max(off, req), offHit
	}
	if s.takersAsked(reqHit) {
		return Request, req, reqHit
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

// ifThen reports whether the sender would do something for whoever is so placed: "if
// anyone's going away I'd be delighted to water the pots", "anyone flying out, I'd happily do
// the run". Who would only come along or share the cost does ask.
func (s *scene) ifThen() bool {
	cond, ok := s.hit("get.if", "request.if", "request.ride")
	if !ok || s.question[cond.start] || s.has("get.asked", "get.want", "get.dowith", "request.borrow", "request.need", "request.look", "request.person") {
		return false
	}
	r := reader{s.words}
	for _, h := range s.cues.hits {
		if h.start < cond.end || h.start >= s.sentenceEnd(cond.start) || !s.is(h, "give.will", "offer.can", "offer.for") {
			continue
		}
		for i := cond.start; i < s.sentenceEnd(cond.start); i++ {
			if i < h.start && r.is(i, "have", "has", "had", "got", "can", "could", "would", "able", "free", "spare", "willing", "like", "mind") ||
				i >= h.start && r.is(i, "pay", "chip", "share", "split", "contribute", "come", "go", "join", "squeeze", "travel", "meet", "swap", "return", "collect", "petrol", "lift", "seat", "spin") {
				return false
			}
		}
		return true
	}
	return false
}

// takersAsked reports whether "any takers" goes with what was asked for just before: "we're
// short a singer, any takers?"
func (s *scene) takersAsked(req hit) bool {
	r := reader{s.words}
	for _, h := range s.cues.hits {
		switch {
		case s.is(h, "offer.anyone", "offer.can", "offer.seats", "offer.plenty", "offer.for", "give.asked", "give.will", "give.stands"):
			return false
		case s.is(h, "offer.give", "give.if", "give.ad") && !(r.is(h.start, "any") && r.is(h.start+1, "takers") && h.start > req.start):
			return false
		}
	}
	return s.has("give.if")
}

// is reports whether a hit is one of some cues.
func (s *scene) is(h hit, names ...string) bool {
	for _, n := range names {
		if id, ok := s.g.cues[n]; ok && id == h.cue {
			return true
		}
	}
	return false
}

// needOfOthers reports whether the text opens by asking after a need and goes on with the
// sender: "Need a hand with the party? I do balloons", "Dripping tap? I've the washers".
func (s *scene) needOfOthers() bool {
	if len(s.words) == 0 || !s.question[0] {
		return false
	}
	next := s.sentenceEnd(0)
	for next < len(s.words) && s.question[next] {
		next = s.sentenceEnd(next)
	}
	r := reader{s.words}
	if !r.is(next, "i", "i'm", "i've", "i'll", "i'd", "we", "we've", "my", "shout", "call", "happy") {
		return false
	}
	first := 0
	if len(s.words) > 1 && s.words[1].pause == comma {
		first = 1 // "Parents, do ye need a night out?"
	}
	if r.is(first, "need", "want", "looking", "stuck", "fancy", "struggling", "short") {
		return true
	}
	if !s.putToReader(first, next) {
		return false
	}
	for _, h := range s.cues.hits {
		if h.start >= next && s.asksForItself(h.cue) {
			return false // "Got a spare ladder? I need one"
		}
	}
	return true
}

// putToReader reports whether the words from i to before end ask the reader about a
// trouble of theirs.
func (s *scene) putToReader(i, end int) bool {
	r := reader{s.words}
	switch {
	case r.is(i, "got"), r.is(i, "have", "do", "are") && r.is(i+1, "you", "ye", "your", "yous"):
		return true
	case r.is(i, "does") && r.is(i+1, "your", "anyone's", "anybody's") && s.has("request.passive"):
		return true // "Does your hedge need cutting?"
	case r.is(i, "dripping", "leaking", "leaky", "running", "squeaky", "blocked", "broken", "wobbly", "overgrown", "blunt", "torn", "flat", "slow"):
		return s.sentenceEnd(i) <= i+4
	case !r.is(i, "is", "has"):
		return false
	}
	for k := i + 1; k < end; k++ {
		if r.is(k, "you", "ye", "your") {
			return true
		}
	}
	return false
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
