package nlp

// Odds from which the classifier is believed about who gave: where the rules don't know,
// and against them.
const (
	likelyGiver = 1.5
	otherGiver  = 2.5
)

// likelyParties are those the rules find, unless the classifier knows better. It is asked
// only of reports of help between the sender and somebody.
func (s *scene) likelyParties() (parties, bool) {
	who, sure := s.partiesOf()
	name, at := s.someone(0)
	_, passed := s.passed()
	switch {
	case passed || s.u.ReplyTo != nil:
		return who, sure // it is said outright, or by what is replied to
	case who.provider == Me:
		name = who.receiver
	case who.receiver == Me:
		name = who.provider
	case who.provider != "" || !s.direct || at < 0 || s.family(at) || s.twoOthers(at):
		return who, sure // in the group it must be plain who did something for whom
	}
	needed := otherGiver
	if who.provider == "" || !sure {
		needed = likelyGiver
	}
	switch gave := s.opinion().gave; {
	case gave > needed:
		return parties{Me, name}, true
	case gave < -needed:
		return parties{name, Me}, true
	}
	return who, sure
}

// twoOthers reports whether a second person is named after the one at word i, and the
// sender isn't spoken of.
func (s *scene) twoOthers(i int) bool {
	_, second := s.someone(s.persons[i])
	return second >= 0 && !s.speaksOfMe()
}

// partiesOf finds who gave and who was helped. Orders come first, then who did what to
// whom, then what the amount and its preposition say. It is sure where a pattern says so.
func (s *scene) partiesOf() (parties, bool) {
	if s.u.ReplyTo != nil {
		if who, ok := s.repliedParties(); ok {
			return who, true
		}
	}
	if who, ok := s.passed(); ok {
		return who, true
	}
	if who, ok := s.third(); ok {
		return who, true
	}
	if name, at := s.someone(0); at >= 0 && s.words[at].kind == mention {
		switch {
		case s.has("trade.owing"):
			return parties{name, Me}, true
		case s.has("trade.owed"):
			return parties{Me, name}, true
		}
	}
	mine, mineOK := s.partyHit("trade.mine")
	theirs, theirsOK := s.partyHit("trade.theirs")
	switch {
	case !mineOK && !theirsOK:
		return s.loose()
	case mineOK && !theirsOK:
		if name, ok := s.nameBefore(mine); ok { // "Cat helped Ben"
			return parties{name, s.person(mine.who)}, true
		}
		return s.passive(parties{Me, s.person(mine.who)}), true
	case theirsOK && !mineOK:
		return parties{s.person(theirs.who), Me}, true
	}
	if s.fromMe(mine) {
		return parties{Me, s.person(mine.who)}, true
	}
	if r := (reader{s.words}); theirs.start == mine.start && r.is(theirs.end-1, "my", "our") && theirs.end > mine.end {
		return parties{s.person(theirs.who), Me}, true // "45 minutes with Paul on my tax return"
	} else if theirs.start == mine.start && r.is(mine.start+2, "me", "us") && mine.end > theirs.end {
		return parties{Me, s.person(mine.who)}, true // "Mick had me round for an hour"
	}
	if s.relative(theirs) || s.has("trade.record") && !s.handedOver() && s.paidTo(theirs) {
		return parties{s.person(theirs.who), Me}, true
	}
	if s.me(mine, theirs) {
		return parties{Me, s.person(mine.who)}, true
	}
	return parties{s.person(theirs.who), Me}, true
}

// nameBefore is the person who stands right before a hit, as the one who does it.
func (s *scene) nameBefore(h hit) (string, bool) {
	for i := max(0, h.start-3); i < h.start; i++ {
		if s.persons[i] == h.start && i != h.who && s.didAt[h.start] {
			return s.person(i), true
		}
	}
	return "", false
}

// partyHit is the hit of a trade cue that names a person other than the bot; an order such
// as "owe" or "credit" beats what stands earlier.
func (s *scene) partyHit(cue string) (hit, bool) {
	id := s.g.cues[cue]
	best, ok := hit{who: -1}, false
	for _, h := range s.cues.hits {
		if h.cue != id || h.who < 0 || s.family(h.who) {
			continue
		}
		if !ok || s.ordered(h) && !s.ordered(best) || h.who < best.who && s.ordered(h) == s.ordered(best) {
			best, ok = h, true
		}
	}
	return best, ok
}

// ordered reports whether a hit is about owing or crediting, which says outright who gave.
func (s *scene) ordered(h hit) bool {
	for i := h.start; i < h.end; i++ {
		switch s.words[i].folded {
		case "owe", "owed", "owes", "owing", "credit", "put", "mark", "debit", "charge", "transfer", "pay", "due":
			return true
		}
	}
	return false
}

// paidTo reports whether an amount goes to the person: "2 credits to Colm".
func (s *scene) paidTo(h hit) bool {
	for i := h.start; i < h.end; i++ {
		if e := s.amountAt[i]; e > i && e+1 < h.end && (s.words[e].folded == "to" && s.persons[e+1] > 0 || s.words[e].folded == "down" && e+2 < h.end && s.persons[e+2] > 0) {
			return true
		}
	}
	return false
}

// handedOver reports whether time was given to somebody: "gave 2 hours to Ann".
func (s *scene) handedOver() bool {
	r := reader{s.words}
	for i := range s.words {
		if r.is(i, "gave", "given", "giving", "donated") {
			return true
		}
	}
	return false
}

// me settles it where the words can be read both ways: the sender gave if the sentence has
// them as the doer.
func (s *scene) me(mine, theirs hit) bool {
	if a, b := s.ordered(mine), s.ordered(theirs); a != b {
		return a
	}
	if mine.start != theirs.start {
		// the doer comes first, unless the first is the one who got something
		if theirs.who == mine.who {
			return s.doerIsMe(mine.who)
		}
		return mine.start < theirs.start
	}
	return s.doerIsMe(mine.who)
}

// fromMe reports whether what was got came from the sender: "Omar got two hours from me".
func (s *scene) fromMe(h hit) bool {
	r := reader{s.words}
	if h.end >= 2 && r.is(h.end-1, "me", "us") && r.is(h.end-2, "from", "off") || r.is(h.end-1, "time", "help") && r.is(h.end-2, "my", "our") {
		return true
	}
	if r.is(h.start, "i'm", "we're", "i", "we") && r.is(h.start+1, "owed", "am", "due", "to") {
		return true
	}
	if h.who >= 0 && r.is(s.persons[h.who], "needs", "should", "has") && r.is(s.persons[h.who]+2, "give", "pay", "credit") {
		return true
	}
	return h.who >= 0 && r.is(s.persons[h.who], "got", "received", "needed", "wanted", "asked") && !s.fromOther(h.who)
}

// fromOther reports whether something came from somebody named after the word who.
func (s *scene) fromOther(who int) bool {
	for i := who + 1; i+1 < len(s.words); i++ {
		if (reader{s.words}).is(i, "from", "off") && s.persons[i+1] > 0 {
			return true
		}
	}
	return false
}

// relative reports whether the name is followed by what that person did: "for Ben who
// built our shed".
func (s *scene) relative(h hit) bool {
	r := reader{s.words}
	return h.who >= 0 && (r.is(h.end-1, "who", "he", "she", "they") || r.is(h.start, "put", "mark", "pencil", "note") && (r.is(s.persons[h.who], "down", "in") || r.is(h.who-1, "to", "for")))
}

// doerIsMe reports whether the verb about the person at word i has the sender as its
// subject: "I minded Ann's two", "fixed Ann's gate", not "Ann minded my two".
func (s *scene) doerIsMe(who int) bool {
	if who+1 < len(s.words) && s.persons[who] > 0 {
		next := s.persons[who]
		for next < len(s.words) && next < s.persons[who]+3 {
			switch s.words[next].folded {
			case "very", "kindly", "also", "just", "has", "then", "so", "really", "came", "called", "popped":
				next++
				continue
			}
			break
		}
		if next < len(s.words) && s.didAt[next] && !s.owner(who) && s.words[next].pause == run {
			return false
		}
	}
	for i := 0; i < who; i++ {
		switch s.words[i].folded {
		case "from", "off", "by":
			if i == who-1 {
				return false
			}
		case "got", "received", "borrowed", "had":
			return false
		}
	}
	return true
}

// passive mends "I was helped by": a passive turns the doer round.
func (s *scene) passive(p parties) parties {
	for i := 0; i+1 < len(s.words); i++ {
		if s.words[i].folded == "by" && s.persons[i+1] > 0 && s.person(i+1) == p.receiver {
			return parties{p.receiver, p.provider}
		}
	}
	return p
}

// third reads help between two other members: "@Tom helped @Maria with her shed".
func (s *scene) third() (parties, bool) {
	first, at := s.someone(0)
	if at < 0 || s.family(at) {
		return parties{}, false
	}
	end := s.persons[at]
	second, at2 := s.someone(end)
	if at2 < 0 || second == first || s.speaksOfMe() {
		return parties{}, false
	}
	for i := end; i < at2; i++ {
		switch {
		case s.words[i].folded == "and" && i == end:
			return parties{}, false
		case s.words[i].folded == "owes", s.words[i].folded == "got", s.words[i].folded == "received", s.words[i].folded == "had", s.words[i].folded == "borrowed":
			return parties{second, first}, true
		case s.didAt[i]:
			return parties{first, second}, true
		}
	}
	return parties{}, false
}

// passed reads time that is handed on as a note has it, "me to Ibrahim" or "Sam → me": who
// gave stands first.
func (s *scene) passed() (parties, bool) {
	for i := range s.words {
		giver, end := s.party(i)
		if giver == "" || end >= len(s.words) {
			continue
		}
		switch mark := s.words[end].mark; {
		case mark == '>':
		case s.words[end].folded == "to" && s.opensNote(i):
			end++
		default:
			continue
		}
		taker, _ := s.party(end)
		if taker == "" || taker == giver || giver != Me && taker != Me && (s.speaksOfMe() || s.anyDid()) {
			continue // "drove for an hour, Ann to Rathmines" is a way
		}
		return parties{giver, taker}, true
	}
	return parties{}, false
}

// party is who stands at word i, Me or a name, and where that ends.
func (s *scene) party(i int) (string, int) {
	switch {
	case i >= len(s.words) || s.bot(i):
		return "", i
	case s.persons[i] > i:
		return s.person(i), s.persons[i]
	case s.words[i].folded == "me":
		return Me, i + 1
	}
	return "", i
}

// opensNote reports whether word i stands at the start, after a pause or behind an amount.
func (s *scene) opensNote(i int) bool {
	if i == 0 || s.starts[i] || s.words[i].pause >= comma {
		return true
	}
	for _, a := range s.amounts {
		if a.end == i {
			return true
		}
	}
	return false
}

func (s *scene) speaksOfMe() bool {
	for _, w := range s.words {
		switch w.folded {
		case "i", "me", "my", "we", "us", "our", "i've", "mine", "i'd", "we've":
			return true
		}
	}
	return false
}

// loose takes a lone name with an amount, in a direct message only: "Ann, 2 hours,
// hedge" leaves open who gave.
func (s *scene) loose() (parties, bool) {
	name, at := s.someone(0)
	if at < 0 || !s.direct || s.family(at) {
		return parties{}, false
	}
	if s.owner(at) {
		return parties{Me, name}, false // somebody else's thing was worked on
	}
	if s.onMine() {
		return parties{name, Me}, false // and here one's own
	}
	for i := s.persons[at]; i < len(s.words); i++ {
		if s.didAt[i] {
			return parties{name, Me}, false
		}
	}
	for i := range at {
		if s.didAt[i] {
			return parties{Me, name}, false
		}
	}
	return parties{}, false
}

// onMine reports whether the work was done for the sender: "my tax form", "for us".
func (s *scene) onMine() bool {
	for _, w := range s.words {
		switch w.folded {
		case "my", "our", "me", "us":
			return true
		case "i", "we", "i've", "we've":
			return false
		}
	}
	return false
}

// family reports whether the name at word i is the sender's own kin: no trade.
func (s *scene) family(i int) bool {
	if i == 0 {
		return false
	}
	switch s.words[i-1].folded {
	case "brother", "sister", "son", "daughter", "husband", "wife", "mam", "mum", "dad", "partner", "auntie", "aunt", "uncle", "cousin", "granny":
		return true
	}
	return false
}

// repliedParties takes the author of the post replied to as the other side.
func (s *scene) repliedParties() (parties, bool) {
	q := s.u.ReplyTo
	if q.Self || q.Bot || q.Author == "" {
		return parties{}, false
	}
	if name, at := s.someone(0); at >= 0 && fold(name) != fold(q.Author) {
		return parties{}, false
	}
	switch q.Kind {
	case QuotedOffer:
		return parties{q.Author, Me}, true
	case QuotedRequest:
		if s.has("past.thanks") {
			return parties{q.Author, Me}, true
		}
		return parties{Me, q.Author}, true
	}
	return parties{}, false
}
