package nlp

import (
	"slices"
	"strings"
)

// A post is an offer or a request to everybody. Each cue speaks for one of the two with a
// weight; a tradable subject, a time and an amount add to it; guards take away.

// weight is what a cue says for a kind of post, in tenths of confidence.
type weight struct {
	cue    string
	points float64
}

func requestWeights() []weight {
	return append(getFrames(), []weight{{"request.headline", 6.5}, {"request.opener", 4.5}, {"request.join", 5}, {"request.person", 5}, {"request.someone", 4}, {"request.help", 3.8}, {"request.borrow", 3.5},
		{"request.ride", 3.5}, {"request.swap", 4}, {"request.lend", 5}, {"request.passive", 2.5}, {"request.bare", 3}, {"request.look", 3.2}, {"request.may", 2.5}, {"request.need", 2.5}, {"request.if", 3}}...)
}

func offerWeights() []weight {
	return append(giveFrames(), []weight{{"offer.headline", 6.5}, {"offer.opener", 4.5}, {"offer.give", 4.5}, {"offer.anyone", 4}, {"offer.work", 5}, {"offer.can", 4},
		{"offer.for", 3.5}, {"offer.ican", 3}, {"offer.plenty", 2.5}, {"offer.who", 2.5}, {"offer.seats", 3}, {"offer.if", 3}, {"offer.ifneed", 3}, {"offer.lift", 2}, {"offer.have", 1.5}}...)
}

// speaks adds up the cues for one kind: the strongest counts in full, the others a little.
func (s *scene) speaks(ws []weight) (points float64, lead hit) {
	var best, rest float64
	for _, w := range ws {
		if h, ok := s.leading(w.cue); ok {
			if w.points > best {
				rest += best / 4
				best, lead = w.points, h
			} else {
				rest += w.points / 4
			}
		}
	}
	return best + rest, lead
}

// leading is the first hit of a cue that can stand for a post.
func (s *scene) leading(cue string) (hit, bool) {
	id := s.g.cues[cue]
	for _, h := range s.cues.hits {
		if h.cue == id && !s.tells(cue, h) && !s.turnOfPhrase(cue, h) && !((cue == "request.need" || cue == "request.look") && s.ownThing(h)) && !(cue == "offer.ican" && !s.canTask(h)) {
			return h, true
		}
	}
	return hit{}, false
}

// generic reports whether the words after i speak of a kind of work, not of one thing
// here and now: "can do ironing", "can sew on buttons", not "can fix it".
func (s *scene) generic(i int) bool {
	r := reader{s.words}
	for k := i; k < len(s.words) && k < i+5 && (k == i || s.words[k].pause == run); k++ {
		if r.is(k, "it", "him", "her", "them", "that", "you", "this", "myself") {
			return false
		}
	}
	for k := i; k < len(s.words) && k < i+9; k++ {
		w := s.words[k].folded
		if len(w) > 3 && (strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "ing")) || r.is(k, "work", "help", "maths", "any") || r.is(k, "or") && r.is(k+1, "two") {
			return true
		}
	}
	return false
}

// turnOfPhrase reports whether a headline's word goes on as something else: "wanted to
// ask", "offering him".
func (s *scene) turnOfPhrase(cue string, h hit) bool {
	r := reader{s.words}
	if r.is(h.start, "wanted") && r.is(h.start+1, "poster", "posters", "list") {
		return true
	}
	if r.is(h.start, "wanted", "wanting") && r.is(h.start+1, "to") {
		return !r.is(h.start+2, "borrow")
	}
	if r.is(h.start, "offering", "offer") && cue == "offer.can" && h.start > 0 && !s.starts[h.start] && !s.clauses[h.start] && !s.offersHere(h.start) {
		return true // "beware of anybody offering to tarmac your drive"
	}
	for i := h.start; (cue == "request.opener" || cue == "get.stands") && i < h.end; i++ {
		if r.is(i, "is", "are", "it's", "not", "was", "were", "be", "this", "that", "it", "only") || r.is(i, "i", "we", "you", "he", "she", "they", "i've") && r.is(h.end-1, "to", "with", "by") {
			return true // "this is needed for", "I just wanted to"
		}
	}
	if (cue == "request.opener" || cue == "get.stands" || cue == "give.stands") && s.wantedAsVerb(h) || (cue == "request.ride" || cue == "offer.lift") && s.has("own.outing") && !s.liftMeant() {
		return true
	}
	if cue != "request.opener" && cue != "offer.opener" && cue != "offer.headline" && cue != "request.headline" {
		return false
	}
	return r.is(h.end-1, "wanted", "wanting", "offering", "away", "iso", "free") && r.is(h.end, "to", "it", "up", "him", "her", "them", "you", "me", "dead", "sign", "us", "by") || r.is(h.end-1, "for") && r.is(h.end, "you", "me")
}

// wantedAsVerb reports whether what would end a small ad is what somebody did: "I wanted
// the blue one", "what the town needed", "a stranger offered to push".
func (s *scene) wantedAsVerb(h hit) bool {
	r := reader{s.words}
	for i := h.start + 1; i < h.end; i++ {
		switch {
		case r.is(i, "wanted", "needed", "required", "offered") && r.is(i-1, "i", "we", "you", "he", "she", "they", "who", "nobody", "everyone", "everybody"):
			return true
		case r.is(i, "wanted", "needed") && r.is(i+1, "the", "it", "him", "her", "them", "us", "his", "their", "another", "everyone", "everybody") && s.whenAt[i+1] == 0:
			return true
		case r.is(i, "wanted") && r.is(h.start, "the", "they", "my", "our", "his", "her") && s.bareNumber(i+1):
			return true
		case r.is(i, "wanted", "needed") && (r.is(h.start, "what") || r.is(h.start+1, "what")):
			return true
		case r.is(i, "offered") && r.is(i+1, "to") && (i+2 < len(s.words) && s.taskAt[i+2] || r.is(i+2, "do", "be", "help", "buy", "pay", "push", "pull", "go", "come", "have", "send", "stay", "host", "swap")):
			return true
		}
	}
	return false
}

// bareNumber reports whether a number stands at word i that is no time.
func (s *scene) bareNumber(i int) bool {
	if i >= len(s.words) || s.amountAt[i] > 0 || s.whenAt[i] > 0 {
		return false
	}
	_, _, ok := (reader{s.words}).number(i)
	return ok
}

// offersHere reports whether it is the sender, or one of the house, who is offering.
func (s *scene) offersHere(i int) bool {
	r := reader{s.words}
	for k := i - 1; k >= max(i-4, 0); k-- {
		if r.is(k, "i", "i'm", "i'd", "we", "we're", "we'd", "my", "our", "me", "am", "free") {
			return true
		}
	}
	return false
}

// ownThing reports whether a need is to do or find something oneself: "need to leave",
// "looking for my keys".
func (s *scene) ownThing(h hit) bool {
	r := reader{s.words}
	if r.is(h.end-1, "need", "needs", "needing", "for", "after", "require", "want") && h.end < len(s.words) {
		if s.words[h.end].folded == "2" {
			return true // need 2 go
		}
		if r.is(h.end-1, "after") && strings.HasSuffix(s.words[h.end].folded, "ing") && h.end+1 < len(s.words) && (r.is(h.end+1, "the", "my", "our", "a", "an", "it", "him", "her", "in", "at", "all") || s.words[h.end+1].kind == number) {
			return true // "I'm after spending 90 on it" is past
		}
		return r.is(h.end, "to", "my", "the", "him", "her", "it", "you", "your", "this", "that", "them", "more", "another", "me", "his", "their", "getting", "all", "out", "dinner", "lunch", "bed", "sleep")
	}
	return false
}

// canTask reports whether what somebody says they can do is work neighbours do.
func (s *scene) canTask(h hit) bool {
	if (reader{s.words}).is(h.start-1, "so", "that", "if", "when", "which", "where", "before", "until", "what", "how", "because") {
		return false // "so we can use it" is a reason
	}
	if s.direct || s.has("audience", "offer.for", "offer.forone") && s.about(s.sentenceStart(h.start), s.sentenceEnd(h.start)) >= 2 {
		return true
	}
	from := max(h.end-1, 0)
	if !s.generic(from) {
		return false
	}
	return s.lexicon.Task(s.cut(from, min(from+3, len(s.words)))) || s.about(from, min(from+7, len(s.words))) >= 2
}

// cuedPost reads an offer or a request by the rules alone. Without one the intent is None.
func (s *scene) cuedPost() cued {
	req, reqHit := s.speaks(requestWeights())
	off, offHit := s.speaks(offerWeights())
	if req == 0 && off == 0 {
		return cued{intent: None}
	}
	intent, points, lead := s.direction(req, off, reqHit, offHit)
	if s.guarded(intent) {
		return cued{intent: None}
	}
	headline := s.has("request.headline", "offer.headline")
	anchor := s.anchor(lead)
	points += anchor
	if anchor == 0 && s.has("request.someone") && s.speaksOfHelp() && s.speaksOfMe() {
		points += 2
	}
	if (anchor > 0 || s.has("request.person")) && (len(s.whens) > 0 || s.amount() > 0) {
		points += 0.5
	}
	if s.has("request.plea") && intent == Request {
		points++
	}
	audience := headline || s.has("offer.opener", "request.opener") || s.has("audience") || s.has("request.someone", "request.person", "request.join", "request.ride", "offer.anyone", "request.if", "offer.for", "give.asked", "get.asked", "give.ad", "get.ad", "give.stands", "get.stands", "get.if")
	switch {
	case !s.has("directed") || audience:
	case s.has("offer.if", "give.if") && !s.has("give.you"):
		points -= 1
	default:
		points -= 3
	}
	if len(s.words) <= 6 && !s.direct && !headline && (reader{s.words}).is(lead.start, "who", "who's", "any", "who'd") {
		points -= 1.5 // "who wants a lift"
	}
	if len(s.words) <= 7 && !audience && !s.direct && !(reader{s.words}).is(lead.start, "looking", "seeking") && !(intent == Offer && s.generic(lead.end-1)) {
		points -= 0.5 // "need a lift" is a text to a friend
	}
	if s.short && !s.direct {
		points--
	}
	if s.has("texting") && !s.direct {
		points -= 2
		if !headline {
			points--
		}
	}
	if s.has("audience") && (anchor > 0 || s.has("request.person", "request.lend")) {
		points += 0.5
	}
	if !audience && intent == Offer && s.askedOfOthers(reqHit) && req > 0 {
		points -= 2
	}
	if intent == Request && !s.direct && !headline && s.asksNoWork() {
		points -= 1.5
	}
	if s.story() {
		points -= 2.5
	}
	if s.direct {
		points += 1
	} else if len(s.words) > 70 {
		points -= 1.5
	}
	return cued{intent, min(points/10, 1), lead, reqHit, offHit}
}

// story reports whether the text tells of somebody's doings, and not as a condition: "if
// someone has a van".
func (s *scene) story() bool {
	id, r := s.g.cues["past.story"], reader{s.words}
	for _, h := range s.cues.hits {
		if h.cue == id && !r.is(h.start-1, "if", "unless", "case", "provided", "should") {
			return true
		}
	}
	return false
}

// asksNoWork reports whether everybody is asked for something that is not among what
// neighbours do for each other: "can anyone top that".
func (s *scene) asksNoWork() bool {
	h, ok := s.longest("ask.modal")
	if !ok || h.end >= len(s.words) || s.taskAt[h.end] {
		return false
	}
	return !(reader{s.words}).is(h.end, "be", "with", "who", "that", "in", "on", "near", "local", "take", "get", "have", "use", "put", "run", "come", "let", "stand", "swing", "pop", "fit", "squeeze", "use", "go", "keep",
		"mind", "possibly", "please", "have", "set", "tell", "turn", "start", "jump", "fill", "sort", "learn", "cover", "knock", "swap", "stay", "try", "manage", "find", "grab", "hear", "advise", "join", "need", "like", "want")
}

// anchor is what the post is about: what its own sentence names, or, a little less, the
// sentences around it.
func (s *scene) anchor(lead hit) float64 {
	own := s.about(s.sentenceStart(lead.start), s.sentenceEnd(lead.end-1))
	return max(own, s.aboutAll()*0.8)
}

// speaksOfHelp reports whether help itself is asked for, with nothing said of the work.
func (s *scene) speaksOfHelp() bool {
	for _, w := range s.words {
		switch w.folded {
		case "help", "hand", "favour", "assistance":
			return true
		}
	}
	return false
}

// guarded reports whether something in the text rules a post out.
func (s *scene) guarded(intent Intent) bool {
	if s.direct {
		return s.has("joke") && !s.has("request.headline", "offer.headline") || s.has("info") && intent == Request && s.has("money")
	}
	headline := s.has("request.headline", "offer.headline")
	toReader := intent == Offer && s.needOfOthers()
	if s.has("public", "social") || s.has("joke") && !toReader || s.mocks() {
		return true
	}
	if s.aboutMoney() {
		return true
	}
	if s.has("info") && !headline && !toReader {
		return true
	}
	if intent == Offer && s.asksReader(0, min(3, len(s.words))) {
		return true // "could you pop over with a ladder, anyone"
	}
	if intent == Request && s.has("denied") && s.deniesNeed() || intent == Offer && (s.deniesHelp() || s.has("give.self")) {
		return true
	}
	if len(s.words) > 0 && s.persons[0] > 0 && s.words[0].kind == mention && !s.has("request.someone", "offer.anyone", "offer.give") {
		return true // said to one person
	}
	return s.has("ask.aside", "own.bot") || s.has("past.told", "directed.one") && !s.has("audience") && !headline
}

// mocks reports whether a face shows that nothing is meant as it is said.
func (s *scene) mocks() bool {
	return slices.ContainsFunc(s.marks, func(m rune) bool { return m == '🙄' || m == '😏' || m == '🤡' || m == '😒' })
}

// aboutMoney reports whether money changes hands, which is no matter of the time bank's.
func (s *scene) aboutMoney() bool { return (s.has("money") || s.hasPrice()) && !s.inCredits() }

// hasPrice reports whether a sum of money is named.
func (s *scene) hasPrice() bool {
	for _, w := range s.words {
		if w.kind == number && (strings.ContainsRune("€£$", w.mark) || strings.ContainsRune("€£$", w.after)) {
			return true
		}
	}
	return false
}

// inCredits reports whether what is paid is paid in time.
func (s *scene) inCredits() bool {
	for i, w := range s.words {
		switch w.folded {
		case "credit", "credits":
			return true
		case "hours":
			if i > 0 && s.words[i-1].folded == "in" {
				return true
			}
		}
	}
	return false
}

func (s *scene) deniesNeed() bool {
	for i, w := range s.words[:max(len(s.words)-1, 0)] {
		switch w.folded {
		case "don't", "doesn't", "didn't", "not", "longer", "never", "won't":
			switch s.words[i+1].folded {
			case "need", "looking", "after", "require":
				if i == 0 || s.words[i-1].folded != "they" {
					return true
				}
			}
		case "no":
			if s.words[i+1].folded == "need" {
				return true
			}
		}
	}
	return false
}

func (s *scene) deniesHelp() bool {
	for i, w := range s.words[:max(len(s.words)-1, 0)] {
		switch w.folded {
		case "can't", "cannot", "couldn't", "won't", "unable":
			switch s.words[i+1].folded {
			case "help", "make", "lend", "offer", "mind", "come", "to", "be":
				return true
			}
		}
	}
	return false
}

// clockOnly reports whether the only amounts are spans of the clock, which say when a thing
// can be had.
func (s *scene) clockOnly() bool {
	for _, a := range s.amounts {
		if !a.clock {
			return false
		}
	}
	return true
}

// postSlots cuts the title out of the words that follow the cue.
func (s *scene) postSlots(intent Intent, lead hit) Slots {
	sl := Slots{Category: s.kindOf(intent, lead), When: s.when(), Minutes: s.amount()}
	if roomFor(sl.Category, "space", "lending", "goods") && s.clockOnly() {
		sl.Minutes = 0 // "the driveway is free 9 to 6"
	}
	sl.Title = s.title(lead)
	return sl
}
