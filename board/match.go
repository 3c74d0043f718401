package board

import (
	"cmp"
	"slices"
	"time"
)

// Query is a new post, or something like one, that looks for its answers.
type Query struct {
	Kind     Kind // what it is itself: a request is answered by offers and past trades, an offer by requests
	Text     string
	When     string // the words in which the time was said
	At       Span   // the time they mean, where they say it plainly
	Category string // where the author or somebody else has said so; else it is guessed
	Member   int64  // whose it is; nothing of theirs matches
	Limit    int    // at most that many matches; 0 for ten

	// Standing tells of a member what bears on the ranking. It may be nil. It is asked
	// while the index is being read, and must not change it.
	Standing func(member int64) Standing
}

// Standing is what bears on how soon a member is suggested. It is for ranking alone: none of it
// may be told to anybody but the member.
type Standing struct {
	Absent   bool    // away, suspended or gone: never suggested
	Position float64 // of the balance between the floor (-1) and the ceiling (1), 0 being in the middle
	Active   float64 // how much they have taken part of late, from 0 to 1
}

// Match is a post or a past trade that answers a query.
type Match struct {
	Post    PostID // 0 for a past trade
	Trade   int64  // 0 for a post
	Member  int64  // who would help, or be helped
	Score   float64
	Reasons []Reason // fit to be told to anybody, the strongest first

	// Private is what may be told to Member only.
	Private Nudge

	at time.Time
}

// Nudge is a reason that lies in somebody's balance. It is for that member alone.
type Nudge string

// The nudges.
const (
	NoNudge Nudge = ""
	Earns   Nudge = "earns"  // near the floor: this would earn them credit
	Spends  Nudge = "spends" // near the ceiling: something to spend it on
)

// nudgeFrom is how near to a limit, as a share of the way, a balance is to be nudged.
const nudgeFrom = 0.75

// Reason says why a match is one, as data to be put in words.
type Reason struct {
	Kind    ReasonKind
	Words   []string  // SharedWords: as they stand in the match, in lower case
	Concept string    // SameConcept: what both are about, in words
	Trade   int64     // DoneBefore: the trade,
	With    int64     // whom it helped
	At      time.Time // and when
}

// ReasonKind is the kind of a reason.
type ReasonKind string

// The kinds of reasons.
const (
	SharedWords  ReasonKind = "shared-words"
	SameConcept  ReasonKind = "same-concept"
	SameCategory ReasonKind = "same-category"
	SameTime     ReasonKind = "same-time"
	DoneBefore   ReasonKind = "done-before"
)

// The scores from which on a match is good enough for something. They were read off the
// judged queries in testdata.
const (
	Likely    = 0.30 // worth naming at once
	Plausible = 0.15 // worth asking when nothing better is there
)

// Match returns what answers the query, the best first. Of two equally good ones the newer
// comes first. Whatever shares nothing with the query is left out, so that the list may be empty.
func (x *Index) Match(q Query) []Match {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if q.Kind == Request {
		return x.rank(q, offers, trades)
	}
	return x.rank(q, requests)
}

func limitOf(limit int) int {
	const usual = 10
	if limit <= 0 {
		return usual
	}
	return limit
}

func (x *Index) rank(q Query, from ...shelfName) []Match {
	asked := x.question(q)
	top := best{limit: limitOf(q.Limit)}
	members := standings{of: q.Standing}
	for _, name := range from {
		x.score(name, &asked, &top, func(slot int32, score float32) {
			e := &x.shelves[name].entries[slot]
			if e.member == q.Member && q.Member != 0 {
				return
			}
			if s := members.get(e.member); !s.Absent {
				top.add(found{name, slot, float64(score) * favour(q.Kind, s), e})
			}
		})
	}
	return x.matches(top.found, &asked, func(member int64) Nudge { return nudge(q.Kind, members.get(member)) })
}

func (x *Index) matches(all []found, q *question, private func(member int64) Nudge) []Match {
	out := make([]Match, 0, len(all))
	for _, f := range all {
		out = append(out, x.explain(f, q, private(f.entry.member)))
	}
	return out
}

// standings asks after each member once.
type standings struct {
	of   func(member int64) Standing
	seen map[int64]Standing
}

func (s *standings) get(member int64) Standing {
	if s.of == nil {
		return Standing{}
	}
	st, ok := s.seen[member]
	if !ok {
		if s.seen == nil {
			s.seen = map[int64]Standing{}
		}
		st = s.of(member)
		s.seen[member] = st
	}
	return st
}

const (
	balanceFavour = 0.10 // how much the balance weighs at most, either way
	activeFavour  = 0.10 // how much taking part weighs at most
	maxFavour     = (1 + balanceFavour) * (1 + activeFavour)
)

// favour weighs a member's standing in: who is near the floor gets chances to earn first,
// who is near the ceiling ideas to spend.
func favour(asked Kind, s Standing) float64 {
	toMiddle := clamp(s.Position, -1, 1)
	if asked == Request { // who answers it earns
		toMiddle = -toMiddle
	}
	return (1 + balanceFavour*toMiddle) * (1 + activeFavour*clamp(s.Active, 0, 1))
}

func nudge(asked Kind, s Standing) Nudge {
	switch {
	case asked == Request && s.Position <= -nudgeFrom:
		return Earns
	case asked == Offer && s.Position >= nudgeFrom:
		return Spends
	}
	return NoNudge
}

func clamp(f, low, high float64) float64 { return max(low, min(high, f)) }

// Candidate is a member who could answer, with everything that speaks for them.
type Candidate struct {
	Member  int64
	Score   float64
	Matches []Match // the best first
}

// furtherEvidence is how much each match after the first adds to a candidate.
const furtherEvidence = 0.15

// Candidates gathers the matches of a request by member, the best first.
func Candidates(matches []Match) []Candidate {
	var out []Candidate
	for _, m := range matches {
		i := slices.IndexFunc(out, func(c Candidate) bool { return c.Member == m.Member })
		if i < 0 {
			out = append(out, Candidate{Member: m.Member, Score: m.Score, Matches: []Match{m}})
			continue
		}
		out[i].Matches = append(out[i].Matches, m)
		out[i].Score += furtherEvidence * m.Score
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out
}

// nearBest is which share of the best candidate's score the others need to be named beside
// them. Of the people named for the judged queries three in four then are good ones.
const nearBest = 0.7

// Likeliest returns the candidates worth naming at once, at most so many. They are ordered
// as [Candidates] orders them.
func Likeliest(all []Candidate, most int) []Candidate {
	for i, c := range all {
		if i == most || c.Score < Likely || c.Score < nearBest*all[0].Score {
			return all[:i]
		}
	}
	return all
}

// compare puts the better match first, as [found.compare] does.
func (m Match) compare(o Match) int {
	return cmp.Or(cmp.Compare(o.Score, m.Score), o.at.Compare(m.at), cmp.Compare(o.Post, m.Post), cmp.Compare(o.Trade, m.Trade))
}

// best keeps the best of what it is given, in order.
type best struct {
	limit int
	found []found
	least float32 // no score below this can get in, whatever favour is shown
}

type found struct {
	shelf shelfName
	slot  int32
	score float64
	entry *entry
}

// compare puts the better first: by score, then the newer, then by kind and number, so that
// the order never depends on where in the index something lies.
func (f *found) compare(o *found) int {
	return cmp.Or(cmp.Compare(o.score, f.score), o.entry.at.Compare(f.entry.at), cmp.Compare(f.shelf, o.shelf), cmp.Compare(o.entry.id, f.entry.id))
}

func (b *best) add(f found) {
	i := len(b.found)
	for i > 0 && f.compare(&b.found[i-1]) < 0 {
		i--
	}
	if i >= b.limit {
		return
	}
	b.found = slices.Insert(b.found, i, f)
	b.found = b.found[:min(len(b.found), b.limit)]
	if len(b.found) == b.limit {
		b.least = float32(b.found[b.limit-1].score / maxFavour)
	}
}
