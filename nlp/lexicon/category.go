package lexicon

import (
	"slices"
	"strings"
)

// Category returns what kind of help a text is about and how sure that is, from 0 (no word
// is known; the category is then [Other]) to 1.
//
// Every concept speaks for its categories with the weight of its words. Then the way of
// speaking decides, in this order:
//
//  1. What is borrowed or lent is lending, whatever the thing.
//  2. Room for something is space.
//  3. What is given away or wanted to keep is goods, unless it is food, plants or an animal,
//     and unless somebody's work is asked for.
//  4. A lesson goes with its subject; only a lesson in nothing we know is tuition.
func (l *Lexicon) Category(text string) (category string, score float64) {
	names, t := Categories(), l.tally(text, l.Concepts(text))
	best, second := len(names)-1, 0.0
	for i, s := range t.sum {
		if s > t.sum[best] {
			best = i
		}
	}
	for i, s := range t.sum {
		if i != best {
			second = max(second, s)
		}
	}
	if t.sum[best] == 0 {
		return Other, 0
	}
	return names[best], t.sum[best] / (t.sum[best] + second + 0.5)
}

// Reading is all that is found in a text at once.
type Reading struct {
	Meaning []Weighed   // as [Lexicon.Meaning]
	Scores  [19]float64 // how much speaks for each of the [Categories]; together 1, or 0 where no word is known
}

// Read finds the meaning of a text and what speaks for each category in one go.
func (l *Lexicon) Read(text string) Reading {
	hits := l.Concepts(text)
	t := l.tally(text, hits)
	total := 0.0
	for _, s := range t.sum {
		total += s
	}
	if total > 0 {
		for i := range t.sum {
			t.sum[i] /= total
		}
	}
	return Reading{l.meaning(hits), t.sum}
}

const (
	decides = 8.0 // what borrowing adds
	favours = 4.0 // what another way of speaking adds
	settles = 2.5 // from where on a subject stands firm, whatever the notice
	beaten  = 0.2 // what is left of a category that yields
	grows   = 1.5 // from where on a thing is food, a plant or an animal
)

// tally is what speaks for each category.
type tally struct {
	sum    [19]float64
	acts   map[act]bool
	things bool // something that can be kept is named
	plain  bool // the words that speak of giving leave no doubt
	notice bool // it begins as a notice does: "Wanted: …"
}

func (t *tally) of(category string) *float64 { return &t.sum[slices.Index(Categories(), category)] }

// tally adds up what speaks for each category and lets the way of speaking weigh in.
func (l *Lexicon) tally(text string, hits []Hit) tally {
	notice := headline(text)
	t := tally{notice: notice, acts: map[act]bool{actGive: notice}}
	var yields [19]bool
	for i, h := range hits {
		c := &l.concepts[h.ID]
		if c.act != actBorrow || h.Weight >= plainWeight || t.acts[actHave] {
			t.acts[c.act] = true // "for the day" alone lends nothing
		}
		t.things = t.things || c.category() == "goods" && c.act == actNone && h.Weight >= plainWeight
		t.plain = t.plain || c.act == actGive && h.Weight >= strongWeight
		for _, s := range c.share {
			t.sum[s.category] += h.Weight * s.weight * telling(h, float64(i)/float64(len(hits)))
		}
		for _, k := range c.beats {
			yields[k] = true
		}
	}
	for i := range t.sum {
		if yields[i] {
			t.sum[i] *= beaten
		}
	}
	if t.acts[actGive] {
		thing, worked, service := l.thing(text)
		t.things = t.things || thing && !worked && !service
		t.acts[actWork] = t.acts[actWork] || service
	}
	t.decide()
	return t
}

// Thing reports whether a text names something that can be kept, and no work to be done
// on it.
func (l *Lexicon) Thing(text string) bool {
	thing, worked, service := l.thing(text)
	return thing && !worked && !service
}

// thing reports whether a text names something that can be kept, something done to a thing
// ("fixed", "moving"), and a service ("lessons").
func (l *Lexicon) thing(text string) (thing, worked, service bool) {
	for w := range Fold(text) {
		stem := Stem(w)
		thing = thing || l.objects[stem]
		worked = worked || l.work[stem] && (strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "ing"))
		service = service || l.services[stem]
	}
	return thing, worked, service
}

// headline reports whether a text begins as notices do that give or look for a thing: "Free: …".
func headline(text string) bool {
	const longest = len("looking for ")
	i := strings.IndexAny(text[:min(len(text), longest+1)], ":-–")
	if i < 0 {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(text[:i])) {
	case "free", "offer", "offered", "offering", "wanted", "giving away", "give away", "giveaway", "iso", "request", "looking for", "seeking":
		return true
	}
	return false
}

// telling is how much a hit tells: a phrase more than a word, and what stands first a little
// more than what follows, which is often only the occasion ("before the wedding").
func telling(h Hit, place float64) float64 {
	return (1 + 0.2*float64(min(h.Words-1, 2))) * (1 - 0.1*place)
}

// decide lets the way of speaking weigh in.
func (t *tally) decide() {
	lending, goods := t.of("lending"), t.of("goods")
	switch {
	case t.acts[actBorrow]:
		*lending += decides
	case t.acts[actSpace]:
		*t.of("space") += favours
	case t.acts[actGive] && t.plain && t.things && !t.acts[actWork] && !t.acts[actLesson]:
		*goods += decides
	case t.acts[actHave] && !t.acts[actWork] && *lending > 0 && *lending >= t.most()/2:
		*lending += favours
	case t.acts[actGive] && !t.acts[actWork] && !t.acts[actLesson] && t.things:
		*goods += decides
	case !t.acts[actGive] && t.acts[actWork]:
		*goods *= beaten // what is to be done with a thing, which stays whose it is
	case t.acts[actGive] && (*t.of("food") >= grows || *t.of("gardening") >= grows || *t.of("pets") >= grows):
		*goods *= beaten // a living or growing thing goes with its kind
	case t.acts[actGive] && !t.acts[actWork] && !t.acts[actLesson] && (t.plain || t.notice && t.most() < settles):
		*goods += favours
	}
}

// most is what speaks for the category ahead of all others.
func (t *tally) most() float64 { return slices.Max(t.sum[:]) }
