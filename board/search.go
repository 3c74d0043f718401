package board

import (
	"slices"
	"strings"

	"communityconnect/nlp/lexicon"
)

// Search is what somebody types to find something on the board.
type Search struct {
	Text     string // free words; empty finds everything, the newest first
	Kind     Kind   // only this kind; empty for both
	Category string // only this category; empty for all
	Trades   bool   // also who has done such a thing before
	Limit    int    // at most that many; 0 for ten
	Skip     int    // as many are left out first, for a further page

	// Standing tells whom to leave out because they are absent. It may be nil.
	Standing func(member int64) Standing
}

// Search ranks as [Index.Match] does. What is found speaks of a word that was typed, be it
// only the beginning of one, or of what it means. The searcher's own posts are found like
// anybody's.
func (x *Index) Search(s Search) []Match {
	x.mu.RLock()
	defer x.mu.RUnlock()
	from := []shelfName{offers, requests}
	if s.Kind != "" {
		from = []shelfName{shelfOf(s.Kind)}
	}
	if s.Trades {
		from = append(from, trades)
	}
	q := Query{Kind: Offer, Text: s.Text, Limit: s.Limit, Standing: s.Standing}
	asked := x.question(q)
	x.askBeginning(&asked, s.Text)
	top := best{limit: limitOf(s.Limit) + max(0, s.Skip)}
	wanted := categoryNumber(s.Category)
	members := standings{of: s.Standing}
	for _, name := range from {
		take := func(slot int32, score float32) {
			e := &x.shelves[name].entries[slot]
			if (s.Category == "" || x.shelves[name].tags[slot].category == wanted) && !members.get(e.member).Absent {
				top.add(found{name, slot, float64(score), e})
			}
		}
		if strings.TrimSpace(s.Text) == "" {
			for _, slot := range x.shelves[name].byID {
				take(slot, 1)
			}
			continue
		}
		x.score(name, &asked, &top, take)
	}
	for i, f := range top.found {
		if f.score < searchFrom || f.score < searchShare*top.found[0].score {
			top.found = top.found[:i]
			break
		}
	}
	return x.matches(top.found[min(max(0, s.Skip), len(top.found)):], &asked, func(int64) Nudge { return NoNudge })
}

// What somebody who searches is shown: a match suggests, a search should keep to what was asked.
const (
	searchFrom  = 0.15 // the least score
	searchShare = 0.40 // the least share of the best score
)

// minBeginning is how many letters somebody has to type for the rest of the word to be guessed.
const minBeginning = 3

// askBeginning lets the last word typed stand for the words that begin with it, if it is no
// word itself: "strimm" finds "strimming", but "car" no "carpets". Only the last, for it is
// the one that may be unfinished.
func (x *Index) askBeginning(q *question, text string) {
	words := lexicon.Words(text)
	if len(words) == 0 {
		return
	}
	last := words[len(words)-1].Text
	stem := lexicon.Stem(last)
	if len(last) < minBeginning || x.lex.Stop(last) || x.terms.lookup(stem) >= 0 || x.spell.known[stem] {
		return
	}
	x.terms.each(last[0], func(stem string) {
		if strings.HasPrefix(stem, last) {
			term := x.terms.lookup(stem)
			q.ask(asked{term, misspeltShare * x.rarity(int(x.terms.counts[term]))})
		}
	})
}

// Same is a post much like another of the same author.
type Same struct {
	Post  PostID
	Share float64 // how much they have in common, up to 1
}

// sameFrom is from how much in common on two posts are taken for one said twice.
const sameFrom = 0.72

// Duplicate finds the author's own open post of the same kind that says the same as p, if
// there is one. It compares words and concepts, so "mow the lawn" and "lawn mowing" are the
// same. For another part of the week it is another post.
func (x *Index) Duplicate(p Post) (Same, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	unknown := int32(-1)
	mine := (&reader{lex: x.lex, known: map[string]word{}}).meaning(p.Text, func(stem string) int32 {
		if n := x.terms.lookup(stem); n >= 0 {
			return n
		}
		unknown-- // a word nobody else has used still counts as one
		return -unknown + int32(len(x.terms.stems))
	})
	at := readMoment(p.When+" "+p.Text, p.At)
	var most Same
	shelf := &x.shelves[shelfOf(p.Kind)]
	for i := range shelf.entries {
		e := &shelf.entries[i]
		if e.id == 0 || e.member != p.Author || PostID(e.id) == p.ID {
			continue
		}
		if same, both := at.overlaps(shelf.tags[i].when); both && !same {
			continue
		}
		share := mine.likeness(&e.meaning)
		if share > most.Share || share == most.Share && PostID(e.id) > most.Post {
			most = Same{PostID(e.id), share}
		}
	}
	return most, most.Share >= sameFrom
}

// likeness is the share of the words two texts have in common, or of the concepts if that is
// more telling, from 0 to 1.
func (m *meaning) likeness(o *meaning) float64 {
	common := 0
	for _, a := range m.words {
		if slices.ContainsFunc(o.words, func(b wordCount) bool { return a.term == b.term }) {
			common++
		}
	}
	all := len(m.words) + len(o.words) - common
	if all == 0 {
		return 0
	}
	words := float64(common) / float64(all)
	if len(m.concepts) == 0 || len(o.concepts) == 0 {
		return words
	}
	product := float32(0)
	for _, a := range m.concepts {
		for _, b := range o.concepts {
			if a.id == b.id {
				product += a.weight * b.weight
			}
		}
	}
	return (words + float64(product)) / 2
}

// Suggest names what a member could answer: requests that fit what they have offered or done
// before, or, for offers, what they have asked for. It is for somebody near a limit, who
// should hear of ways to earn or to spend.
func (x *Index) Suggest(member int64, kind Kind, limit int, standing func(int64) Standing) []Match {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var all []Match
	for _, text := range x.about(member, kind) {
		q := Query{Kind: kind.Opposite(), Text: text, Member: member, Limit: limitOf(limit), Standing: standing}
		for _, m := range x.rank(q, shelfOf(kind)) {
			i := slices.IndexFunc(all, func(a Match) bool { return a.Post == m.Post })
			switch {
			case m.Score < Likely:
			case i < 0:
				all = append(all, m)
			case m.Score > all[i].Score:
				all[i] = m
			}
		}
	}
	slices.SortFunc(all, Match.compare)
	return all[:min(len(all), limitOf(limit))]
}

// maxAbout bounds what is looked at of one member: their newest posts and trades.
const maxAbout = 20

// about returns the texts that tell what a member could give, to answer requests, or would
// like, to answer offers.
func (x *Index) about(member int64, kind Kind) []string {
	var found []*entry
	for _, name := range []shelfName{shelfOf(kind.Opposite()), trades} {
		for i := range x.shelves[name].entries {
			e := &x.shelves[name].entries[i]
			whose := e.member
			if name == trades && kind == Offer {
				whose = e.other
			}
			if e.id != 0 && whose == member {
				found = append(found, e)
			}
		}
	}
	slices.SortFunc(found, func(a, b *entry) int { return b.at.Compare(a.at) })
	var texts []string
	for _, e := range found[:min(len(found), maxAbout)] {
		texts = append(texts, e.text)
	}
	return texts
}
