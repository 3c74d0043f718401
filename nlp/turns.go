package nlp

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// turn is when something is said of which only a few things can be meant.
type turn string

// The turns, as learnt/turns.txt calls them.
const (
	toTheBot turn = "bot"    // a direct message, or the bot is mentioned
	toPrompt turn = "prompt" // a reply to a question about a trade
	toTheirs turn = "post"   // a reply to somebody else's post
	toOwn    turn = "own"    // a reply to the sender's own post
)

// checkTurns makes sure that at every turn it is known how nothing at all looks.
func checkTurns(questions []string) error {
	for _, at := range []turn{toTheBot, toPrompt, toTheirs, toOwn} {
		if none := string(at) + "." + string(None); !slices.Contains(questions, none) {
			return fmt.Errorf("learnt/turns.txt does not answer %s", none)
		}
	}
	return nil
}

// How likely something must be, and how much likelier than what the rules say, as
// logarithms of odds.
const (
	likely  = 0.5 // odds below which nothing is read where the rules find nothing
	differs = 1.5 // not to go by the rules
	sure    = 2   // added to that where the rules are sure themselves
	plainly = 2   // for the bot to show what was asked for
	surely  = 3   // for the bot to connect two people, or close a post
)

// sureRule is the confidence from which the rules are sure in a direct message.
const sureRule = 0.75

const guessed = 0.4 // the confidence of a guess: the bot asks back

// weigh compares what the rules make of a text with what it is most like of all that is
// said at such a turn. Where the two differ the bot asks back, most of the time.
func (s *scene) weigh(at turn, ruled Reading) Reading {
	if len(s.words) < 2 || ruled.Intent == Decline && ruled.Slots.Minutes > 0 || strings.HasPrefix(ruled.Slots.Ref, "#") {
		return ruled // "perhaps" says too little; another amount or a number says enough
	}
	needed := differs
	if ruled.Confidence >= sureRule {
		needed += sure
	}
	best, ahead := s.likeliest(at, ruled.Intent)
	if (best == Offer || best == Request) && s.opinion().favours(best) < -otherDirection {
		best = otherWay(best) // who gives is known better from all posts
	}
	if best == ruled.Intent || ahead < needed {
		return ruled
	}
	if best == None {
		if at == toTheBot {
			ruled.Confidence = guessed // to the bot something was said, after all
			return ruled
		}
		return nothing()
	}
	slots, ok := s.guessedSlots(best)
	if !ok || s.holdsBack(at) {
		return ruled
	}
	r := Reading{Intent: best, Confidence: guessed, Slots: slots}
	if ahead > plainly && best.onlyLooks() || ahead > surely && (at == toTheirs || at == toOwn) {
		r.Confidence = SureInGroup
	}
	return r
}

// holdsBack reports whether words of a reply speak against acting on it without a rule:
// regrets, jokes, a third person's interest, and posts that are not over yet.
func (s *scene) holdsBack(at turn) bool {
	switch at {
	case toTheirs:
		name, named := s.someone(0)
		return s.refuses() || s.has("joke") || named >= 0 && fold(name) != fold(s.u.ReplyTo.Author)
	case toOwn:
		return s.stillWanted() || s.asks() || s.has("open") || s.saysThanks() || s.planned()
	}
	return false
}

// onlyLooks reports whether an intent changes nothing.
func (i Intent) onlyLooks() bool {
	switch i {
	case Balance, History, Browse, MyPosts, FindPerson, Help:
		return true
	}
	return false
}

// likeliest is what a text is most like of all that can be meant at a turn, and how much
// more than like the given intent. That is given back if it is something else altogether.
func (s *scene) likeliest(at turn, than Intent) (best Intent, ahead float64) {
	m := s.learnt.turns
	odds := m.Ask(s.features)
	first, other := -1, -1
	for q, name := range m.Questions() {
		intent, ours := strings.CutPrefix(name, string(at)+".")
		switch {
		case !ours:
			continue
		case Intent(intent) == than:
			other = q
		}
		if first < 0 || odds[q] > odds[first] {
			first, best = q, Intent(intent)
		}
	}
	if other < 0 || than == None && odds[first] < likely {
		return than, 0
	}
	return best, odds[first] - odds[other]
}

// guessedSlots finds the parts of an intent anywhere in a text. It is false where one
// without which the intent is nothing is missing.
func (s *scene) guessedSlots(i Intent) (sl Slots, ok bool) {
	name, at := s.someone(0)
	named := at >= 0
	ref := s.tradeRef(0)
	q := s.u.ReplyTo
	if q != nil && q.Kind != QuotedChatter {
		ref = "reply"
	}
	switch i {
	case History:
		sl.Period, sl.With = s.when(), name
	case Browse:
		sl = s.querySlots(hit{})
	case FindPerson:
		sl.Skill = s.querySlots(hit{}).Query
	case Help:
		sl.Topic = s.gist(0, len(s.words))
	case Offer, Request:
		sl = s.postSlots(i, hit{})
	case Dispute:
		sl.Ref, sl.Reason = ref, s.gist(0, len(s.words))
	case Vouch:
		sl.Name = name
		return sl, named
	case Confirm:
		sl.Ref = ref
		return sl, ref != ""
	case Decline:
		sl.Ref, sl.Minutes = ref, s.corrected()
		return sl, ref != ""
	case ClosePost:
		if sl.Ref = ref; ref != "reply" && s.numberRef() == "" {
			sl.Ref = strings.ToLower(s.gist(0, len(s.words)))
		}
		return sl, sl.Ref != ""
	case LogTrade:
		who, _ := s.likelyParties()
		if gave := s.opinion().gave; named && (who.provider == "" || who.receiver == "") && math.Abs(gave) > likelyGiver {
			who = parties{name, Me}
			if gave > 0 {
				who = parties{Me, name}
			}
		}
		sl = Slots{Provider: who.provider, Receiver: who.receiver, Minutes: s.amount(), What: s.deed(), When: s.when()}
		return sl, who.provider != "" && who.receiver != "" && who.provider != who.receiver
	case Thanks:
		if sl.To = "bot"; q != nil && q.Author != "" {
			sl.To = q.Author
		}
	case Interest:
		sl.Ref, sl.When = ref, s.when()
		return sl, ref != ""
	}
	return sl, true
}
