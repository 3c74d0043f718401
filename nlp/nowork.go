package nlp

import "communityconnect/ledger"

// noWork reports whether the words around a duration show that it is no amount of work:
// "an hour ago", "in half an hour", "€15 an hour", "ten minutes late", "open 24 hours".
func (r reader) noWork(s span) bool {
	i, j := s.start, s.end
	for r.is(i-1, "about", "around", "under", "over", "just", "nearly", "another", "the", "at", "least", "only", "roughly", "almost") {
		i--
	}
	return r.noWorkAfter(s, j) || r.noWorkBefore(s, i) || r.priced(s)
}

func (r reader) noWorkAfter(s span, j int) bool {
	if j >= len(r.words) || r.words[j].pause == sentence {
		return false
	}
	if r.is(j, "or") && r.is(j+1, "so", "two", "more") && j+2 < len(r.words) {
		j += 2
	}
	if r.words[j].pause == run && r.is(j, "ago", "late", "later", "early", "earlier", "away", "delay", "delays", "notice", "behind", "old",
		"queue", "flight", "commute", "earlier", "forward", "sleep", "kip", "nap", "drive", "film", "movie", "long", "version", "from", "before",
		"until", "till", "til", "after", "since", "ahead", "fast", "tops", "layover", "wait", "kick", "parking", "traffic") {
		switch {
		case r.is(j, "drive", "long", "wait", "film", "movie"):
			return true
		case r.is(j, "tops"):
			return false
		case r.is(j, "from"):
			return r.is(j+1, "now", "here", "there", "town", "home", "the", "work") && !(r.is(j+1, "the") && r.is(j+2, "lads", "girls"))
		case r.is(j, "after", "before", "till", "til", "until", "since"):
			_, _, time := r.clockTime(j + 1)
			return time || !r.is(j+1, "school", "work", "dinner", "lunch", "tea", "mass", "i", "we", "you")
		}
		return true
	}
	switch {
	case r.is(j, "walk", "cycle", "spin", "train", "bus", "ferry", "journey"):
		return r.is(j+1, "from", "to", "away", "up", "down", "there", "home", "each", "into", "ride") || r.is(j-1, "hour's", "minute's") || j+1 >= len(r.words)
	case r.is(j, "up", "down", "over") && r.is(j+1, "the") && r.is(j+2, "road", "motorway", "coast", "way", "hill"):
		return true
	case r.is(j, "to") && r.is(j+1, "go", "spare", "kill", "wait", "kickoff"):
		return true
	case r.is(j, "of") && r.is(j+1, "my", "your") && r.is(j+2, "life"):
		return true
	case r.is(j, "in") && r.is(j+1, "traffic", "the") && (r.is(j+1, "traffic") || r.is(j+2, "car", "queue", "traffic", "jam")):
		return true
	case r.is(j, "ahead", "behind") || r.is(j, "time") && r.is(j-1, "hour's", "hours", "hours'", "minutes"):
		return !r.is(j+1, "on", "for", "at")
	}
	return false
}

func (r reader) noWorkBefore(s span, i int) bool {
	if s.start == 0 {
		return r.allDay(s)
	}
	switch {
	case r.is(i-1, "in"):
		return !r.is(s.end, "flat") && !r.is(i-2, "put", "putting", "got", "clocked", "done", "did", "finished", "puts", "all", "total")
	case r.is(i-1, "within", "every", "per", "happy", "rush", "minus", "lunch", "till", "until", "since", "after", "before", "sleep", "slept", "by"):
		return true
	case r.is(i-1, "wait", "waited", "waiting"):
		return r.words[i].pause == run // "drove me and waited, three hours in all" is help
	case r.is(i-1, "me", "us") && r.is(i-2, "give", "gimme", "gis") && !r.is(i-3, "to"), r.is(i-1, "gimme"):
		return !r.is(s.end-1, "credit", "credits")
	case r.is(i-1, "once", "twice", "times") && r.is(s.start, "a", "an"):
		return true
	case r.is(i-1, "hold", "just", "back") && s.minutes <= 5:
		return true
	case r.is(i-1, "open", "opens") || r.is(i-1, "for") && r.is(i-2, "open", "closed", "out", "asleep"):
		return true
	}
	return r.allDay(s)
}

// allDay are the hours of whole days: nobody works 24 hours at a stretch.
func (r reader) allDay(s span) bool {
	return (s.minutes == 24*60 || s.minutes == 48*60 || s.minutes == 72*60) && r.words[s.start].kind == number && !r.is(s.end-1, "credits", "credit")
}

// priced reports whether the duration is what a price is for: "€20 an hour", "a tenner an hour".
func (r reader) priced(s span) bool {
	i := s.start
	if i == 0 || !r.is(i, "an", "a", "per", "hour", "hr", "every", "one") && r.words[i].mark != '/' {
		return false
	}
	w := r.words[i-1]
	if w.kind == number {
		return true
	}
	return r.is(i-1, "euro", "euros", "quid", "pounds", "pound", "tenner", "fiver", "cent", "km", "miles", "mph", "bucks", "dollars", "e", "knots", "rate", "times", "wage", "per")
}

// marked notes whether an amount is stated as the whole, or denied.
func (r reader) marked(s span) span {
	i, j := s.start, s.end
	if j < len(r.words) && r.words[j].pause != sentence {
		s.total = r.is(j, "total", "altogether", "overall") ||
			r.is(j, "in") && r.is(j+1, "total", "all") ||
			r.is(j, "all") && r.is(j+1, "told", "in", "together", "up") ||
			r.is(j, "between") && r.is(j+1, "them", "the", "us")
	}
	for r.is(i-1, "about", "around", "roughly", "just", "only", "nearly", "the", "to", "of", "at", "a", "is", "was", "like") {
		i--
	}
	if r.words[s.start].mark == '=' || s.start > 0 && r.words[s.start-1].folded == "equals" {
		s.total = true
	}
	s.total = s.total || r.is(i-1, "total", "totalling", "altogether", "overall", "totaling", "totalled", "totals") ||
		r.is(i-1, "call", "make", "makes", "calling", "making") && r.is(i, "it", "that") || r.is(i-1, "it") && r.is(i-2, "call", "make", "calling", "makes") ||
		r.is(i-1, "all") && r.is(i-2, "in") || r.is(i-1, "up") && r.is(i-2, "adds", "add") || r.is(i-1, "came", "comes") && r.is(i, "to") ||
		r.is(i-1, "so", "that's", "agreed") && r.words[s.start].pause == run || r.is(i-1, "say") && r.words[i-1].pause == comma
	for k := i - 1; k >= 0 && k >= i-4 && r.words[k+1].pause == run; k-- {
		if r.is(k, "not", "isn't", "wasn't", "never", "instead", "rather", "than", "nowhere", "isnt", "wasnt") {
			s.denied = !(r.is(k, "than") && r.is(k-1, "more", "less", "longer")) && !(r.is(k, "not") && r.is(k+1, "only", "quite", "long", "sure"))
			break
		}
		if r.is(k, "but", "it", "was") && k < i-1 {
			break
		}
	}
	return s
}

// total settles which of the amounts of one phrase is meant.
func total(spans []span, r reader) (ledger.Minutes, bool) {
	var kept []span
	for _, s := range spans {
		if s.minutes > 0 && !s.denied {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 {
		return 0, false
	}
	for _, s := range kept {
		if s.total {
			return s.minutesOf()
		}
	}
	stated := kept[:0:0]
	for _, s := range kept {
		if !s.clock {
			stated = append(stated, s)
		}
	}
	if len(stated) == 0 {
		stated = kept
	}
	sum := stated[0]
	for i, s := range stated[1:] {
		if !r.adds(stated[i].end, s.start) {
			break
		}
		sum.minutes += s.minutes
	}
	return sum.minutesOf()
}

// adds reports whether the words between two amounts join them into a sum.
func (r reader) adds(i, j int) bool {
	if j-i > 10 {
		return false
	}
	for k := i; k <= j && k < len(r.words); k++ {
		if r.words[k].pause == sentence {
			return false
		}
	}
	for k := i; k < j; k++ {
		if r.is(k, "and", "plus", "then") || r.words[k].mark == '+' {
			return true
		}
	}
	return r.words[j].mark == '+' || r.words[j].mark == '&' || r.words[j].mark == ','
}
