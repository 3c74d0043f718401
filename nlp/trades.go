package nlp

import (
	"math"
	"strings"

	"communityconnect/ledger"
)

// A trade is help that was given, told by somebody who was there: who gave, who was
// helped, and how long it took.

// parties are who gave and who was helped, Me or a name.
type parties struct{ provider, receiver string }

// trade reads a report of help, or an order to write one down.
func (s *scene) trade() (Reading, bool) {
	minutes := s.amount()
	record := s.has("trade.record")
	if minutes == 0 {
		minutes = s.bareHours()
	}
	if minutes == 0 && !(record && s.direct) {
		return Reading{}, false
	}
	who, sure := s.likelyParties()
	if who.provider == "" || who.receiver == "" || who.provider == who.receiver {
		return Reading{}, false
	}
	switch like := s.likeTrade(record); {
	case like < leastTrade, s.unreal(), !record && (s.asks() || s.planned()), like < plainTrade && s.noTrade(record):
		return Reading{}, false
	case !s.direct && !record && !s.witnessed(who):
		return Reading{}, false
	}
	confidence := 0.55
	if sure {
		confidence += 0.25
	}
	if record {
		confidence += 0.15
	}
	if s.direct {
		confidence += 0.1
	}
	if s.has("texting") && !s.direct {
		confidence -= 0.3
	}
	return Reading{Intent: LogTrade, Confidence: min(confidence, 1), Slots: Slots{
		Provider: who.provider, Receiver: who.receiver, Minutes: minutes, What: s.deed(), When: s.when()}}, true
}

// The odds of a report that are needed in any case, and those from which words that mostly
// belong to a story don't speak against it: "I owe Bev an hour, she waited in for the gas man".
const (
	leastTrade = 0.5
	plainTrade = 4
)

// likeTrade is how much a text in the group is like a report of help. What the bot is told
// to write down, or told alone, is one, and so is what replies to a post.
func (s *scene) likeTrade(record bool) float64 {
	if q := s.u.ReplyTo; s.direct || record || q != nil && q.Kind != QuotedChatter {
		return leastTrade
	}
	return s.opinion().trade
}

// untoldTrade reads a report of help in the group whose words no rule knows, but which is
// plainly like one: it has an amount and one person besides the sender.
func (s *scene) untoldTrade() (Reading, bool) {
	minutes := s.amount()
	name, at := s.someone(0)
	if minutes == 0 || at < 0 || s.family(at) || s.twoOthers(at) || s.owns(at) {
		return Reading{}, false
	}
	if s.words[at].kind != mention && s.aboutAll() < 2 && !s.lexicon.Task(s.text) || s.asks() || s.planned() || s.unreal() || s.noTrade(false) {
		return Reading{}, false
	}
	o := s.opinion()
	who := parties{name, Me}
	if o.gave > 0 {
		who = parties{Me, name}
	}
	return Reading{Intent: LogTrade, Confidence: SureInGroup, Slots: Slots{
		Provider: who.provider, Receiver: who.receiver, Minutes: minutes, What: s.deed(), When: s.when()},
	}, o.trade > plainTrade && math.Abs(o.gave) > otherGiver
}

// owns reports whether the name at word i only says whose something is: "Ben's car alarm",
// but not "an hour at Ben's".
func (s *scene) owns(i int) bool {
	return strings.HasSuffix(s.words[s.persons[i]-1].folded, "'s") && !(reader{s.words}).is(i-1, "at", "for", "to", "with", "round", "over")
}

// noTrade reports whether the text only looks like a report: an old story, somebody's own
// work, time spent waiting, something paid for.
func (s *scene) noTrade(record bool) bool {
	if s.has("trade.not") || s.has("joke") && !s.direct {
		return true
	}
	if !record && s.has("past.story") && !s.direct {
		return true
	}
	if s.has("request.someone", "request.headline", "offer.headline", "offer.anyone", "request.borrow") && !record && !s.anyDid() {
		return true
	}
	if s.has("money") && !record && !s.inCredits() && !s.direct {
		return true
	}
	return false
}

// bareHours reads an amount without a unit where an order shows that it is one: "charge
// Gary 1.5 for the lift".
func (s *scene) bareHours() ledger.Minutes {
	r := reader{s.words}
	for i := range s.words {
		owes := r.is(i-1, "me", "us") && r.is(i-2, "owe", "owes", "owed")
		if i == 0 || s.persons[i-1] != i && !owes && !r.is(i-1, "charge", "credit", "owe", "owed", "log", "record") {
			continue
		}
		v, end, ok := r.number(i)
		h, ordered := s.hit("trade.mine", "trade.theirs", "trade.record")
		if ok && ordered && (s.ordered(h) || s.has("trade.record")) && v > 0 && v <= 24 && (end >= len(s.words) || r.is(end, "for", "please") || s.words[end].pause >= comma) {
			m, _ := span{minutes: v * 60}.minutesOf()
			return m
		}
	}
	return 0
}

// witnessed reports whether a report to the group is about work, and the sender had a part
// in it or it names both by mention. "Tom gave a great speech, went on for an hour" is news.
func (s *scene) witnessed(who parties) bool {
	if s.u.ReplyTo != nil && s.u.ReplyTo.Kind != QuotedChatter {
		return true
	}
	mentioned := false
	for i, w := range s.words {
		mentioned = mentioned || w.kind == mention && !s.bot(i)
	}
	work := s.lexicon.Task(s.text) || s.aboutAll() >= 2
	owe, _ := s.hit("trade.theirs", "trade.mine")
	switch {
	case s.ordered(owe) && owe.end > 0:
		return mentioned || work
	case who.receiver == Me && !s.speaksOfMe() && !s.has("past.thanks") && !(reader{s.words}).is(0, "got", "had", "received", "borrowed"):
		return false
	case mentioned:
		return work || s.has("past.thanks", "trade.onmine") || who.receiver != Me
	}
	return work
}

// asks reports whether the text is a question as a whole.
func (s *scene) asks() bool {
	n := len(s.words)
	if n == 0 {
		return false
	}
	return s.question[n-1] && s.question[0] ||
		(reader{s.words}).is(0, "what", "who", "when", "where", "which", "why", "whose", "how", "what's", "who's", "how's", "where's") && s.direct
}

func (s *scene) anyDid() bool {
	for _, d := range s.didAt {
		if d {
			return true
		}
	}
	return false
}

// planned reports whether the work is still to come: "I'll give Ben two hours on Friday".
func (s *scene) planned() bool {
	for i, w := range s.words {
		switch w.folded {
		case "i'll", "we'll", "will", "gonna", "would", "could", "should", "tomorrow", "he'll", "she'll":
			return true
		case "going", "hoping", "want", "need", "planning":
			r := reader{s.words}
			if r.is(i+1, "to") && !r.is(i+2, "say", "thank", "shout", "mention") && !s.anyDid() {
				return true
			}
		}
	}
	return false
}

// unreal reports whether the text says that it did not happen, will happen, or asks
// whether it did.
func (s *scene) unreal() bool {
	for i := range s.words {
		switch s.words[i].folded {
		case "didn't", "didnt", "never", "haven't", "havent", "hasn't", "hasnt", "i'll", "he'll", "she'll", "we'll", "they'll", "gonna":
			return true
		}
	}
	return s.asks() && (reader{s.words}).is(0, "did", "do", "does", "has", "have", "had", "was", "were", "when", "how", "who", "why")
}

// deed is what was done, in the words of the text.
func (s *scene) deed() string {
	for i := range s.words {
		if s.didAt[i] && i+1 < len(s.words) {
			switch s.words[i].folded {
			case "owed", "logged", "credited", "agreed", "spent", "gave", "got", "did", "had":
				continue
			}
			return s.deedFrom(i)
		}
	}
	for i := range s.words {
		if s.words[i].folded == "for" && s.skips(min(i+1, len(s.words)-1)) == 0 && i+1 < len(s.words) && s.persons[i+1] == 0 {
			return s.deedFrom(i + 1)
		}
	}
	return s.deedFrom(0)
}

// deedFrom is the first stretch of words from i on that says something: amounts, times,
// people and the ends of sentences part the stretches, and a stretch begins and ends
// with a word that carries meaning.
func (s *scene) deedFrom(i int) string {
	first, last, length := -1, -1, 0
	for k := i; k < len(s.words) && length < maxDeed; k++ {
		w := s.words[k]
		part := max(s.skips(k), s.persons[k])
		if first >= 0 && (part > k || w.pause == sentence) {
			break
		}
		if part > k {
			k = part - 1
			continue
		}
		small := w.start >= w.end || w.kind == letters && smallWord(w.folded)
		if first < 0 && (small || emptyDeed(w.folded)) {
			continue
		}
		if first < 0 {
			first = k
		}
		if length++; !small {
			last = k
		}
	}
	if first < 0 || last < first {
		return ""
	}
	return s.text[s.words[first].start:s.words[last].end]
}

// maxDeed is how many words a deed is told in at most.
const maxDeed = 9

// emptyDeed reports whether a word only says that something was done.
func emptyDeed(w string) bool {
	switch w {
	case "gave", "given", "give", "got", "did", "done", "had", "helped", "help", "took", "spent", "owed", "logged", "credited", "agreed":
		return true
	}
	return false
}
