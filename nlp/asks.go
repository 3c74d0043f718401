package nlp

import "strings"

// plain gives a reading with nothing but an intent.
func plain(i Intent, confidence float64) Reading { return Reading{Intent: i, Confidence: confidence} }

// settled reads what names a pending trade or a post of one's own: "confirm the one with
// Tom", "close #17".
func (s *scene) settled() (Reading, bool) {
	r := reader{s.words}
	for i := range s.words {
		if !s.starts[i] {
			continue
		}
		intent := None
		switch {
		case r.is(i, "confirm", "accept", "approve") && i+1 < len(s.words), r.is(i, "i") && r.is(i+1, "confirm", "accept", "approve"):
			intent = Confirm
		case r.is(i, "decline", "reject", "refuse") && i+1 < len(s.words),
			r.is(i, "don't", "not") && r.is(i+1, "accept", "accepting", "confirm", "confirming", "approve", "approving"):
			intent = Decline
		case (r.is(i, "i") && r.is(i+1, "can", "want", "would", "wish") || r.is(i, "i'd", "happy", "glad")) && s.verbAt(i, "confirm", "accept", "approve"):
			intent = Confirm
		case r.is(i, "i") && r.is(i+1, "can", "want", "would", "wish", "won't", "can't", "am", "don't") && s.verbAt(i, "decline", "reject", "refuse", "confirm", "accept", "agree"):
			intent = Decline
		}
		if intent == None || s.has("dispute") {
			continue
		}
		sl := Slots{Ref: s.tradeRef(i)}
		if intent == Decline {
			sl.Minutes = s.corrected()
		}
		if sl.Ref == "" && len(s.words) > 4 {
			continue
		}
		return Reading{Intent: intent, Confidence: 0.85, Slots: sl}, true
	}
	if ref := s.tradeRef(0); ref != "" && s.u.ReplyTo == nil {
		no, yes := s.has("no"), s.has("yes")
		n := len(s.words)
		switch {
		case s.has("dispute", "close_post"):
		case s.has("over") && n <= 6 && ref[0] == '#':
			return Reading{Intent: ClosePost, Confidence: 0.7, Slots: Slots{Ref: ref}}, true
		case yes && !no && r.is(1, "is", "looks", "seems"), yes && !no && s.words[0].kind == number:
			return Reading{Intent: Confirm, Confidence: 0.75, Slots: Slots{Ref: ref}}, true
		case no && n > 0 && r.is(0, "no", "nope", "nah", "wrong", "not", "never"):
			return Reading{Intent: Decline, Confidence: 0.8, Slots: Slots{Ref: ref, Minutes: s.corrected()}}, true
		case yes && n > 0 && r.is(0, "yes", "yep", "yeah", "yup", "ok", "okay", "happy", "all", "agreed", "confirmed", "fine"):
			return Reading{Intent: Confirm, Confidence: 0.8, Slots: Slots{Ref: ref}}, true
		}
	}
	return s.closes()
}

func (s *scene) verbAt(i int, verbs ...string) bool {
	r := reader{s.words}
	for k := i; k < i+6; k++ {
		if r.is(k, verbs...) {
			return true
		}
	}
	return false
}

// tradeRef is how a text names a trade: a number, else a person.
func (s *scene) tradeRef(i int) string {
	if ref := s.numberRef(); ref != "" {
		return ref
	}
	if name, at := s.someone(i); at >= 0 {
		if s.words[at].kind == mention {
			return "@" + name
		}
		return name
	}
	return ""
}

// ask reads a question about the sender's own affairs.
func (s *scene) ask() (Reading, bool) {
	if s.anyDid() && len(s.amounts) > 0 && !s.anyQuestion() {
		return Reading{}, false
	}
	help, helps := s.longest("help")
	balance, ok := s.longest("balance")
	if ok && !(helps && (help.start < balance.start || help.start == balance.start && help.end >= balance.end)) && !s.has("trade.record") || ok && s.exactly(balance) {
		return plain(Balance, 0.9), true
	}
	mine, isMine := s.longest("my_posts")
	history, isHistory := s.longest("history")
	switch {
	case isMine && (!isHistory || mine.end-mine.start >= history.end-history.start):
		return plain(MyPosts, 0.85), true
	case isHistory && !helps:
		sl := Slots{Period: s.when()}
		if name, at := s.someone(0); at >= 0 {
			sl.With = name
		}
		return Reading{Intent: History, Confidence: 0.85, Slots: sl}, true
	}
	return Reading{}, false
}

// exactly reports whether a hit takes in the whole text, courtesies aside.
func (s *scene) exactly(h hit) bool {
	return s.starts[h.start] && h.end >= len(s.words)-1
}

// dispute reads a complaint about a trade.
func (s *scene) dispute() (Reading, bool) {
	if r := (reader{s.words}); !s.has("dispute") || s.has("help") && (s.asks() || r.is(0, "how", "what")) && !s.polite() {
		return Reading{}, false
	}
	return Reading{Intent: Dispute, Confidence: 0.8, Slots: Slots{Ref: s.tradeRef(0), Reason: s.gist(0, len(s.words))}}, true
}

// vouch reads a word for a newcomer.
func (s *scene) vouch() (Reading, bool) {
	h, ok := s.longest("vouch")
	if !ok {
		return Reading{}, false
	}
	r := reader{s.words}
	said := false
	for i := range s.words {
		said = said || r.is(i, "vouch", "vouching") && !r.is(i-1, "can't", "not", "to", "won't") || r.is(i, "vouch") && r.is(i-1, "to") && r.is(i-2, "like", "want", "happy", "glad", "love", "wish")
	}
	if !s.direct && (!said || s.asks()) || s.asks() && s.has("help") && r.is(0, "how", "what") {
		return Reading{}, false
	}
	name, at := s.someone(h.start)
	if at > h.end+1 && !s.direct {
		return Reading{}, false // "I vouch for the chipper on Main Street"
	}
	if at < 0 {
		name, at = s.someone(0)
	}
	if at < 0 && s.direct {
		name = s.newcomer()
	}
	if name == "" && !(s.direct && said) {
		return Reading{}, false
	}
	return Reading{Intent: Vouch, Confidence: 0.85, Slots: Slots{Name: name}}, true
}

// newcomer is the last word with a capital, for a name the lists don't know.
func (s *scene) newcomer() string {
	for i := len(s.words) - 1; i >= 0; i-- {
		if w := s.words[i]; w.capital && w.kind == letters && !s.g.ordinary[w.folded] {
			return s.text[w.start:w.end]
		}
	}
	return ""
}

// lookUp reads questions about the board, the members and the bot itself.
func (s *scene) lookUp() (Reading, bool) {
	help, helps := s.longest("help")
	find, finds := s.longest("find_person")
	browse, browses := s.longest("browse")
	if s.has("request.headline", "offer.headline", "offer.can") && !helps && !(finds && s.starts[find.start]) {
		return Reading{}, false
	}
	switch {
	case helps && (!finds || help.start <= find.start) && (!browses || help.start <= browse.start && help.end >= browse.end):
		return Reading{Intent: Help, Confidence: 0.8, Slots: Slots{Topic: s.gist(help.start, len(s.words))}}, true
	case browses && (!finds || browse.start < find.start || browse.end > find.end) && s.looksAround():
		return Reading{Intent: Browse, Confidence: 0.75, Slots: s.querySlots(browse)}, true
	case finds && !(s.has("request.someone") && find.start > 2):
		return Reading{Intent: FindPerson, Confidence: 0.8, Slots: Slots{Skill: s.gist(find.end, len(s.words))}}, true
	}
	return Reading{}, false
}

// looksAround keeps a stated need from being read as a look at the board.
func (s *scene) looksAround() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "i", "we") && r.is(i+1, "need", "am") || r.is(i, "i'm") && !r.is(i+1, "looking") {
			return false
		}
	}
	return true
}

func (s *scene) querySlots(h hit) Slots {
	sl := Slots{}
	for _, w := range s.words {
		switch w.folded {
		case "offers", "offer", "offering", "offered", "offerings":
			sl.Kind = "offer"
		case "requests", "request", "need", "needs", "wanted", "requested", "requesting", "needed":
			sl.Kind = "request"
		}
	}
	if s.aboutAll() > 0 {
		sl.Category = s.category()
	}
	var out []string
	for i, w := range s.words {
		if w.kind == letters && !smallWord(w.folded) && !boardWord(w.folded) && !s.bot(i) && w.start < w.end && s.whenAt[i] == 0 {
			out = append(out, s.text[w.start:w.end])
		}
	}
	sl.Query = strings.Join(out[:min(len(out), 6)], " ")
	return sl
}

func boardWord(w string) bool {
	switch w {
	case "offers", "offer", "offering", "offered", "requests", "request", "posts", "post", "open", "show", "list", "listed", "see", "search", "find", "board",
		"what", "what's", "on", "anything", "available", "at", "moment", "up", "current", "all", "look", "browse", "week", "going", "got", "in", "do", "does", "people", "need",
		"needs", "wanted", "hi", "hello", "new", "everything", "help", "everyone", "listings", "posted", "still", "new posts", "get", "view", "check", "under", "live":
		return true
	}
	return false
}

// whoCan reads "who in here does tax returns?" put to the group.
func (s *scene) whoCan() (Reading, bool) {
	h, ok := s.longest("find_person")
	if !ok || !s.starts[h.start] || s.words[h.start].folded != "who" || !(s.question[h.start] || h.end-h.start > 3) {
		return Reading{}, false
	}
	if r := (reader{s.words}); r.is(h.start+1, "do", "should", "could", "would", "can") && r.is(h.start+2, "i", "we") && !r.is(h.start+3, "have") {
		return Reading{}, false // whom to ring about something is no matter of the members
	}
	if s.has("joke", "money", "public", "social", "request.lend", "give.asked") || s.aboutAll() < 2 && !s.amongUs(h) || s.has("info") {
		return Reading{}, false
	}
	return Reading{Intent: FindPerson, Confidence: 0.7, Slots: Slots{Skill: s.gist(h.end, len(s.words))}}, true
}

// amongUs reports whether a question is put to this group: "who in here", "who on the road".
func (s *scene) amongUs(h hit) bool {
	r := reader{s.words}
	return r.is(h.start+1, "in", "on", "here", "around") && r.is(h.start+2, "here", "the", "this", "our", "can", "is", "does", "knows", "has", "speaks", "could")
}

// numbered reads interest in a post named by its number: "#23 I'm interested".
func (s *scene) numbered() (Reading, bool) {
	ref := s.numberRef()
	if ref == "" || s.refuses() || s.has("dispute") || s.has("close_post") {
		return Reading{}, false
	}
	hash := strings.Contains(s.text, "#")
	r := reader{s.words}
	if s.direct && r.is(0, "take", "want", "yes", "interested", "i'll", "i") {
		return Reading{Intent: Interest, Confidence: 0.7, Slots: Slots{Ref: ref, When: s.when()}}, true
	}
	if !s.has("take") || !hash && !s.direct {
		return Reading{}, false
	}
	return Reading{Intent: Interest, Confidence: 0.75, Slots: Slots{Ref: ref, When: s.when()}}, true
}

// wants reads interest passed on through the bot: "tell Maria I'd love the lessons".
func (s *scene) wants() (Reading, bool) {
	r := reader{s.words}
	name, at := s.someone(0)
	told := false
	for i := range s.words {
		told = told || r.is(i, "tell", "let", "ask", "contact", "message", "interested", "take", "up", "connect", "book", "want", "like", "love", "accept", "answer", "respond", "say")
	}
	from := at > 0 && r.is(at-1, "from", "off") || at >= 0 && s.owner(at)
	if from && told && !s.refuses() && !s.anyDid() {
		return Reading{Intent: Interest, Confidence: 0.6, Slots: Slots{Ref: "@" + name, When: s.when()}}, true
	}
	if !told || s.refuses() || !s.has("take") && !s.has("offer.can") && !r.is(0, "tell", "let", "connect") {
		return Reading{}, false
	}
	ref := ""
	if at >= 0 {
		ref = "@" + name
	} else if h, ok := s.longest("take"); ok {
		ref = s.gist(h.end, len(s.words))
	}
	if ref == "" {
		return Reading{}, false
	}
	return Reading{Intent: Interest, Confidence: 0.6, Slots: Slots{Ref: ref, When: s.when()}}, true
}

// passedOn reads what begins by naming whom to tell: "let Des know I can take the plants".
func (s *scene) passedOn() (Reading, bool) {
	if r := (reader{s.words}); len(s.words) < 3 || s.persons[1] == 0 || !r.is(0, "tell", "let", "message", "ask") {
		return Reading{}, false
	}
	return s.wants()
}

// answersNeed reads "@Sam I can drop you to the station Friday".
func (s *scene) answersNeed() (Reading, bool) {
	if len(s.words) < 4 || s.persons[0] == 0 || s.words[0].kind != mention || s.refuses() || s.asks() {
		return Reading{}, false
	}
	r := reader{s.words}
	i := s.persons[0]
	can := r.is(i, "i", "we") && r.is(i+1, "can", "could", "have", "know") || r.is(i, "i'd", "we'd") && r.is(i+1, "be", "love") ||
		r.is(i, "happy", "glad", "delighted") && r.is(i+1, "to") || r.is(i, "i'm", "we're") && r.is(i+1, "happy", "free", "around", "heading", "going", "available", "good", "handy", "well") ||
		r.is(i, "you") && r.is(i+1, "can") && r.is(i+2, "borrow", "have", "use") || r.is(i, "count") || r.is(i, "i'll", "we'll") && r.is(i+1, "help", "do", "mind", "lend", "take", "drop", "collect")
	if !can || s.aboutAll() < 2 || s.has("joke", "past.story", "trade.not", "denied", "own.between") {
		return Reading{}, false
	}
	return Reading{Intent: Interest, Confidence: 0.65, Slots: Slots{Ref: "@" + s.person(0), When: s.when()}}, true
}

// pastHelp reads help reported to the bot without an amount.
func (s *scene) pastHelp() (Reading, bool) {
	if s.asks() || s.planned() || s.unreal() || s.has("trade.not") || s.has("past.thanks") {
		return Reading{}, false
	}
	if !s.anyDid() && !s.has("trade.record") {
		return Reading{}, false
	}
	who, sure := s.partiesOf()
	if who.provider == "" || who.receiver == "" || !sure {
		return Reading{}, false
	}
	return Reading{Intent: LogTrade, Confidence: 0.6, Slots: Slots{Provider: who.provider, Receiver: who.receiver, What: s.deed(), When: s.when()}}, true
}

// bare reads a yes or no said to the bot with nothing quoted.
func (s *scene) bare() (Reading, bool) {
	if len(s.words) > 5 || s.u.ReplyTo != nil && s.u.ReplyTo.Kind == QuotedChatter {
		return Reading{}, false
	}
	for i, w := range s.words {
		if w.folded == "wrong" && (reader{s.words}).is(i+1, "chat", "group", "window", "number", "thread", "person", "one") {
			return Reading{}, false // "wrong chat, sorry"
		}
	}
	y, yes := s.hit("yes")
	_, no := s.hit("no")
	for _, m := range s.marks {
		yes = yes || len(s.words) == 0 && (m == '👍' || m == '✅' || m == '👌')
		no = no || len(s.words) == 0 && (m == '👎' || m == '❌')
	}
	switch {
	case s.asks():
	case no:
		return plain(Decline, 0.6), true
	case yes && y.start == 0:
		return plain(Confirm, 0.6), true
	}
	return Reading{}, false
}
