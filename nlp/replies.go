package nlp

import "communityconnect/ledger"

// answer reads a reply to a question about a trade.
func (s *scene) answer(q *Quoted) Reading {
	ref := Slots{Ref: "reply"}
	if s.has("dispute") && s.formal() {
		return Reading{Intent: Dispute, Confidence: 0.85, Slots: Slots{Ref: "reply", Reason: s.gist(0, len(s.words))}}
	}
	yes, no := s.has("yes"), s.has("no")
	for _, m := range s.marks {
		switch m {
		case '👍', '✅', '👌', '✔', '🆗', '💯', '☑', '🙌':
			yes = true
		case '👎', '❌', '🚫', '✖', '⛔':
			no = true
		}
	}
	if len(s.words) > 0 && s.words[0].value == 100 && s.words[0].after == '%' {
		yes = true
	}
	stated, _ := Amount(q.Text)
	said := s.corrected()
	if said > 0 && stated > 0 && said != stated {
		ref.Minutes = said
		return Reading{Intent: Decline, Confidence: 0.9, Slots: ref}
	}
	switch {
	case no && yes && s.noComplaint():
		return Reading{Intent: Confirm, Confidence: 0.8, Slots: ref}
	case no && yes && said == stated && said > 0 && !(reader{s.words}).is(0, "no", "nope", "nah", "not"):
		return Reading{Intent: Confirm, Confidence: 0.8, Slots: ref}
	case no && !(yes && s.yesFirst() && !s.butLater()):
		return Reading{Intent: Decline, Confidence: 0.85, Slots: ref}
	case yes:
		return Reading{Intent: Confirm, Confidence: 0.9, Slots: ref}
	case said > 0 && said == stated && !s.asks():
		return Reading{Intent: Confirm, Confidence: 0.7, Slots: ref}
	case said > 0 && !s.asks():
		ref.Minutes = said
		return Reading{Intent: Decline, Confidence: 0.7, Slots: ref}
	case s.has("past.thanks") && !s.asks():
		return Reading{Intent: Confirm, Confidence: 0.5, Slots: ref}
	}
	if s.u.Direct {
		if r, ok := s.ask(); ok {
			return r
		}
	}
	return nothing()
}

// formal reports whether the council or a mediator is called for, not just the amount denied.
func (s *scene) formal() bool {
	for _, w := range s.words {
		switch w.folded {
		case "mediator", "mediation", "council", "complaint", "formal", "formally", "dispute", "reverse", "undo", "reversed":
			return true
		}
	}
	return false
}

// corrected is the amount a reply to a prompt says is right. A bare number counts as hours
// after "it was", "only" and the like.
func (s *scene) corrected() ledger.Minutes {
	if m := s.amount(); m > 0 {
		return m
	}
	r := reader{s.words}
	for i := range s.words {
		if !r.is(i-1, "no", "nope", "nah", "was", "only", "just", "be", "it", "say", "said", "agreed", "like", "to", "than", "not") && !s.opensNumber(i) || s.amountAt[i] > 0 {
			continue
		}
		if r.is(i-1, "not", "than") {
			continue
		}
		v, end, ok := r.number(i)
		if ok && v > 0 && v <= 12 && (end >= len(s.words) || s.words[end].pause >= comma || r.is(end, "at", "not", "hours", "max", "or", "i", "and", "tops")) {
			m, _ := span{minutes: v * 60}.minutesOf()
			return m
		}
	}
	return 0
}

// opensNumber reports whether a reply opens with a number that is put right: "3 not 4".
func (s *scene) opensNumber(i int) bool {
	r := reader{s.words}
	_, end, ok := r.number(i)
	return i == 0 && ok && r.is(end, "not")
}

// noComplaint reports whether the no is "no problem" and the like.
func (s *scene) noComplaint() bool {
	r := reader{s.words}
	return r.is(0, "no", "not") && (r.is(1, "complaints", "complaint", "problem", "problems", "bother", "objections", "objection", "issue", "issues", "worries", "argument", "arguments") || r.is(1, "a") && r.is(2, "bother", "problem"))
}

func (s *scene) yesFirst() bool {
	y, _ := s.hit("yes")
	n, _ := s.hit("no")
	return y.start < n.start
}

func (s *scene) butLater() bool {
	for _, w := range s.words {
		if w.folded == "but" || w.folded == "except" || w.folded == "though" {
			return true
		}
	}
	return false
}

// digest reads a reply to a list of posts: the number picks one.
func (s *scene) digest() Reading {
	ref := s.numberRef()
	if ref == "" {
		for i, w := range s.words {
			if w.kind == number && !w.clock && s.amountAt[i] == 0 && s.whenAt[i] == 0 {
				ref = "#" + s.text[w.start:w.end]
				break
			}
		}
	}
	if ref != "" && !s.has("pass") && !s.asks() {
		return Reading{Intent: Interest, Confidence: 0.8, Slots: Slots{Ref: ref, When: s.when()}}
	}
	if ref != "" && s.has("take") && !s.refuses() {
		return Reading{Intent: Interest, Confidence: 0.75, Slots: Slots{Ref: ref, When: s.when()}}
	}
	if s.has("take") && !s.has("pass") {
		return Reading{Intent: Interest, Confidence: 0.65, Slots: Slots{Ref: s.named(), When: s.when()}}
	}
	if s.direct {
		return s.toBot()
	}
	return s.inGroup()
}

func (s *scene) refuses() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "but") && r.is(i+1, "we're", "i'm", "not", "away", "working", "we", "i") && r.is(i+2, "away", "not", "in", "busy", "working", "can't", "have", "on", "gone", "at", "no", "too") {
			return true
		}
		if r.is(i, "would") && r.is(i+1, "that") && r.is(i+2, "i", "we") {
			return true // "would that I could"
		}
		if r.is(i, "would") && r.is(i+1, "only", "but") || r.is(i, "i'd", "we'd", "would") && r.is(i+1, "have") && !r.is(i+2, "a", "an", "the", "one", "some", "two", "to", "no") {
			return true // "I would only my car's off the road", "I'd have loved that"
		}
		if r.is(i, "i'll", "we'll") && r.is(i+1, "ask", "check", "see", "think", "pass", "skip", "leave") {
			return true
		}
		if r.is(i, "can't", "cannot", "couldn't", "won't", "not", "sorry", "unfortunately", "afraid", "shame", "pity", "if", "wish", "never", "unable", "wouldn't", "don't", "no") {
			if r.is(i, "no") && r.is(i+1, "problem", "bother", "worries", "hassle", "prob", "sweat", "trouble", "rush", "hurry") {
				continue
			}
			if r.is(i, "not") && r.is(i+1, "a") && r.is(i+2, "bother", "problem") || r.is(i, "wouldn't", "don't") && r.is(i+1, "mind") {
				continue
			}
			if r.is(i, "can't") && r.is(i+1, "wait") {
				continue
			}
			if r.is(i, "if") && !r.is(i+1, "only") {
				continue
			}
			return true
		}
	}
	return false
}

// named is who or what a text is about where nothing was quoted: "@Maria", else the words.
func (s *scene) named() string {
	if name, at := s.someone(0); at >= 0 {
		return "@" + name
	}
	if h, ok := s.longest("take"); ok {
		return s.gist(h.end, len(s.words))
	}
	return s.gist(0, len(s.words))
}

// ownPost reads a reply to the sender's own post.
func (s *scene) ownPost(q *Quoted) Reading {
	if r, ok := s.trade(); ok {
		return r
	}
	if s.amount() > 0 {
		if who, ok := s.ownTrade(q); ok {
			return Reading{Intent: LogTrade, Confidence: 0.8, Slots: Slots{Provider: who.provider, Receiver: who.receiver,
				Minutes: s.amount(), What: q.Text, When: s.when()}}
		}
	}
	over := s.has("over") || s.has("close_post")
	if s.has("open") && !s.has("close_post") || s.asks() && !s.has("close_post") {
		over = false
	}
	if over && !s.stillWanted() {
		return Reading{Intent: ClosePost, Confidence: 0.85, Slots: Slots{Ref: "reply"}}
	}
	if s.has("past.thanks") {
		if r, ok := s.thanks(); ok {
			return r
		}
	}
	return nothing()
}

// ownTrade takes the one person named as the other side of the sender's own post.
func (s *scene) ownTrade(q *Quoted) (parties, bool) {
	name, at := s.someone(0)
	if at < 0 {
		return parties{}, false
	}
	if q.Kind == QuotedRequest {
		return parties{name, Me}, true
	}
	return parties{Me, name}, true
}

// stillWanted reports whether what is over is only part: "one gone, two left".
func (s *scene) stillWanted() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "left", "remaining") && i > 0 && !r.is(i-1, "none", "nothing") && !r.is(i-2, "no", "none") || r.is(i, "still") && !r.is(i-1, "not") || r.is(i, "not") && r.is(i+1, "yet", "gone", "sorted", "taken") || r.is(i, "yet") {
			return true
		}
	}
	return false
}

// toPost reads a reply to somebody's post: most are talk, some take it up.
func (s *scene) toPost(q *Quoted) Reading {
	if r, ok := s.trade(); ok {
		return r
	}
	ref := Slots{Ref: "reply", When: s.when()}
	if r, ok := s.thanks(); ok && !s.wantsIt() {
		return r
	}
	take, pass := s.has("take"), s.has("pass") || s.has("joke")
	for _, m := range s.marks {
		switch m {
		case '🙋', '✋', '🙌', '💪':
			take = take || len(s.words) == 0
		case '😂', '🤣', '😜', '😝', '😆', '🙄':
			pass = true
		}
	}
	asksStill := s.asksForIt()
	switch {
	case take && asksStill:
		return Reading{Intent: Interest, Confidence: 0.75, Slots: ref}
	case take && pass:
		if s.refuses() || s.has("joke") || s.asks() && !s.volunteers() || s.has("texting") {
			return nothing()
		}
		if s.volunteers() {
			return Reading{Intent: Interest, Confidence: 0.65, Slots: ref}
		}
		return nothing()
	case take && !s.refuses():
		return Reading{Intent: Interest, Confidence: 0.8, Slots: ref}
	}
	return nothing()
}

// asksForIt reports whether a question is a way of taking the thing: "is it still there?",
// "can I collect tonight?".
func (s *scene) asksForIt() bool {
	if !s.asks() && !s.anyQuestion() {
		r := reader{s.words}
		return len(s.words) > 0 && (r.is(0, "is", "are") && s.mentionsStill() || r.is(0, "can", "could", "may"))
	}
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "still") || r.is(i, "can", "could", "may") && r.is(i+1, "i", "we", "you", "my") || r.is(i, "available", "book") ||
			r.is(i, "when", "what") && r.is(i+1, "suits", "would", "time") || r.is(i, "suit", "suits") || r.is(i, "please") ||
			r.is(i, "should", "shall", "will", "do") && r.is(i+1, "i") || r.is(i, "would") && s.whens != nil {
			return !r.is(i, "still") || r.is(i+1, "available", "going", "there", "free", "on", "got", "have", "need", "looking", "up", "want", "stuck")
		}
	}
	return false
}

func (s *scene) anyQuestion() bool {
	for _, q := range s.question {
		if q {
			return true
		}
	}
	return false
}

func (s *scene) mentionsStill() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "still", "available") {
			return true
		}
	}
	return false
}

// volunteers reports whether the sender says outright that they will.
func (s *scene) volunteers() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "can", "could", "will", "would") && r.is(i-2, "my", "our") && s.family(i) {
			return true // "we're away but my brother could do it"
		}
		if r.is(i, "i", "we") && r.is(i+1, "can", "could") || i == 0 && r.is(0, "have", "got") && !r.is(1, "you", "ye") || r.is(i, "i'll", "we'll", "i'd", "we'd", "count") && !r.is(i+1, "say", "imagine", "ask", "guess", "try", "check", "share", "pass", "let", "think") || r.is(i, "me") && r.is(i+1, "please") || r.is(i, "happy", "glad") || r.is(i, "yes") && r.is(i+1, "please") {
			return true
		}
	}
	return false
}

// wantsIt reports whether thanks go with taking the thing: "yes please, thanks".
func (s *scene) wantsIt() bool {
	h, ok := s.hit("take")
	return ok && h.start <= 2 && !s.anyDid()
}
