package nlp

import "strings"

// guess reads what was said to the bot and fits no cue, by what it is most like of all
// that is ever said to it. It is never sure: the bot asks back.
func (s *scene) guess() (Reading, bool) {
	if len(s.words) < 2 {
		return Reading{}, false // "perhaps" says too little
	}
	m := s.learnt.asks
	best, odds := None, guessFrom
	for q, o := range m.Ask(s.features) {
		if o > odds {
			best, odds = Intent(m.Questions()[q]), o
		}
	}
	if best == None {
		return Reading{}, false
	}
	slots, ok := s.guessedSlots(best)
	return Reading{Intent: best, Confidence: guessed, Slots: slots}, ok
}

const (
	guessFrom = 0.5 // odds below which nothing is guessed
	guessed   = 0.4 // the confidence of a guess
)

// guessedSlots finds the parts of an intent anywhere in a text. It is false where one
// without which the intent is nothing is missing.
func (s *scene) guessedSlots(i Intent) (sl Slots, ok bool) {
	name, at := s.someone(0)
	named := at >= 0
	switch i {
	case History:
		sl.Period, sl.With = s.when(), name
	case Browse:
		sl = s.querySlots(hit{})
	case FindPerson:
		sl.Skill = s.gist(0, len(s.words))
	case Help:
		sl.Topic = s.gist(0, len(s.words))
	case Offer, Request:
		sl = s.postSlots(i, hit{})
	case Dispute:
		sl.Ref, sl.Reason = s.tradeRef(0), s.gist(0, len(s.words))
	case Vouch:
		sl.Name = name
		return sl, named
	case Confirm:
		sl.Ref = s.tradeRef(0)
		return sl, sl.Ref != ""
	case Decline:
		sl.Ref, sl.Minutes = s.tradeRef(0), s.amount()
		return sl, sl.Ref != ""
	case ClosePost:
		if sl.Ref = s.numberRef(); sl.Ref == "" {
			sl.Ref = strings.ToLower(s.gist(0, len(s.words)))
		}
		return sl, sl.Ref != ""
	case LogTrade:
		who, _ := s.likelyParties()
		sl = Slots{Provider: who.provider, Receiver: who.receiver, Minutes: s.amount(), What: s.deed(), When: s.when()}
		return sl, who.provider != "" && who.receiver != "" && who.provider != who.receiver
	case Thanks:
		sl.To = "bot"
	case Interest:
		return sl, false
	}
	return sl, true
}
