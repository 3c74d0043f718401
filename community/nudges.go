package community

import (
	"cmp"
	"slices"
	"time"
)

// NudgeKind is a kind of message that nobody has asked for: what a person can turn off.
// Answers, questions that somebody's act brings, and due process are none.
type NudgeKind string

// The kinds of nudges.
const (
	NudgeReminder  NudgeKind = "reminders"  // a question that still waits for them
	NudgeVote      NudgeKind = "votes"      // a decision that ends soon
	NudgeAsk       NudgeKind = "asks"       // somebody's request that they could meet
	NudgePost      NudgeKind = "posts"      // what has become, or may become, of their own posts
	NudgeLimit     NudgeKind = "limits"     // their balance nears its floor or ceiling
	NudgeIdea      NudgeKind = "ideas"      // a round of help that they could close
	NudgeNews      NudgeKind = "news"       // what has changed for them
	NudgeStatement NudgeKind = "statements" // where they stand, once a month
)

// NudgeRule is what goes for a kind of nudge.
type NudgeRule struct {
	Kind  NudgeKind
	Brief string        // for the list of what can be turned off
	Keeps time.Duration // how long it is of use, unless it says otherwise itself
	Off   bool          // nobody gets it who has not asked for it
}

const day = 24 * time.Hour

// NudgeRules lists the kinds, the most urgent first: when not all that waits for a
// person fits into one message, what comes first here goes first.
func NudgeRules() []NudgeRule {
	return []NudgeRule{
		{Kind: NudgeReminder, Brief: "what waits for your answer", Keeps: 3 * day},
		{Kind: NudgeVote, Brief: "decisions that end soon", Keeps: 2 * day},
		{Kind: NudgeAsk, Brief: "requests you could help with, twice a week at most", Keeps: 2 * day, Off: true},
		{Kind: NudgePost, Brief: "your own posts: whether they still stand, whether it happened", Keeps: 3 * day},
		{Kind: NudgeNews, Brief: "what has changed for you", Keeps: 7 * day},
		{Kind: NudgeLimit, Brief: "when you near your floor or ceiling", Keeps: 7 * day},
		{Kind: NudgeIdea, Brief: "ideas whom to help, who could help you", Keeps: 7 * day},
		{Kind: NudgeStatement, Brief: "where you stand, on the first of the month", Keeps: 7 * day, Off: true},
	}
}

// NudgeRuleOf returns the rule of a kind, and how urgent it is: 0 is the most. Found is
// false for a kind that there is not.
func NudgeRuleOf(kind NudgeKind) (rule NudgeRule, rank int, found bool) {
	rules := NudgeRules()
	rank = slices.IndexFunc(rules, func(r NudgeRule) bool { return r.Kind == kind })
	if rank < 0 {
		return NudgeRule{}, len(rules), false
	}
	return rules[rank], rank, true
}

// What a person has to bear at most, apart from answers.
const (
	NudgesADay     = 1
	NudgesAWeek    = 3
	AsksAWeek      = 2
	NudgeAgain     = 30 * day // the same is not said again within this time
	MaxNudgeLetter = 600      // of the message that several become
)

// ClockError is how far a clock may have been ahead and still be taken for right. What was
// noted for later than that from now, a clock that was wrong has noted, and it keeps nobody
// from hearing anything.
const ClockError = day

// Nudge is one that waits to be delivered, as far as the rules need to know it.
type Nudge struct {
	ID         int64
	Kind       NudgeKind
	Letters    int // of its text
	Made       time.Time
	BestBefore time.Time
}

// Quiet reports whether nobody is written to unasked at now, by the clock of the
// community's time zone, which now has to be in.
func (p Policy) Quiet(now time.Time) bool {
	hour := now.Hour()
	if p.QuietFrom <= p.QuietUntil {
		return p.QuietFrom <= hour && hour < p.QuietUntil
	}
	return p.QuietFrom <= hour || hour < p.QuietUntil
}

// Spent reports whether a person has had what they have to bear at most: sent are the
// times of the unasked messages of the last week, in any order. A day is one of the
// calendar, a week seven of them.
func Spent(sent []time.Time, now time.Time) bool {
	today, week := 0, 0
	y, m, d := now.Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	for _, at := range sent {
		if at.After(now.Add(ClockError)) {
			continue
		}
		if !at.Before(midnight) {
			today++
		}
		if !at.Before(midnight.AddDate(0, 0, -6)) {
			week++
		}
	}
	return today >= NudgesADay || week >= NudgesAWeek
}

// Due picks of what waits for one person what goes to them now, as one message, the most
// urgent first, and what has outlived its use and is dropped. Sent are the times of what
// they had in the last week; now is in the community's time zone. What is in neither
// waits on. While nothing may be said, what is stale is dropped all the same.
func (p Policy) Due(waiting []Nudge, sent []time.Time, now time.Time) (deliver, drop []Nudge) {
	var fresh []Nudge
	for _, n := range waiting {
		if now.Before(n.BestBefore) {
			fresh = append(fresh, n)
		} else {
			drop = append(drop, n)
		}
	}
	if p.Quiet(now) || Spent(sent, now) {
		return nil, drop
	}
	slices.SortStableFunc(fresh, func(a, b Nudge) int {
		_, x, _ := NudgeRuleOf(a.Kind)
		_, y, _ := NudgeRuleOf(b.Kind)
		return cmp.Or(cmp.Compare(x, y), a.Made.Compare(b.Made), cmp.Compare(a.ID, b.ID))
	})
	letters := 0
	for _, n := range fresh {
		letters += n.Letters
		if len(deliver) > 0 && letters > MaxNudgeLetter {
			break // what is less urgent never overtakes
		}
		deliver = append(deliver, n)
	}
	return deliver, drop
}
