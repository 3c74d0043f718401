package nlp

import (
	"math"
	"strings"

	"communityconnect/ledger"
)

// span is an amount found in words.
type span struct {
	start, end int
	minutes    float64
	total      bool // stated as the whole: "3 hours in all", "call it two hours"
	denied     bool // "not 3 hours"
	clock      bool // the distance of two clock times
}

// unit is what a number counts, in minutes; 0 is no unit.
func (r reader) unit(i int) (minutes float64, end int) {
	if i >= len(r.words) || r.words[i].kind != letters || i > 0 && r.words[i].pause == sentence {
		return 0, i
	}
	switch r.words[i].folded {
	case "hour", "hours", "hr", "hrs", "h", "hour's", "hours'", "hr's", "houra", "hous", "huor", "huors", "hors":
		if r.is(i+1, "credit", "credits") {
			return 60, i + 2
		}
		return 60, i + 1
	case "credit", "credits", "cr", "creds", "credit's", "credits'":
		return 60, i + 1
	case "time", "community":
		if r.is(i+1, "credit", "credits") {
			return 60, i + 2
		}
	case "min", "mins", "minute", "minutes", "minute's", "mintues", "minuets", "minits", "minutes'":
		return 1, i + 1
	case "m":
		if r.words[i].glued && r.metres(i+1) {
			return 0, i
		}
		if r.words[i].glued {
			return 1, i + 1
		}
	}
	return 0, i
}

// metres reports whether an "m" before word i measures length.
func (r reader) metres(i int) bool {
	return r.is(i, "of", "long", "wide", "tall", "high", "deep", "rope", "cable", "hose", "race", "sprint",
		"prize", "euro", "euros", "pool", "swim", "dash", "x", "ladder", "fence", "run", "away", "from")
}

// hedges may stand before an amount or after its article without changing it.
func (r reader) hedge(i int) bool {
	return r.is(i, "about", "around", "roughly", "approx", "approximately", "nearly", "almost", "good", "solid", "full",
		"whole", "extra", "just", "maybe", "say", "over", "under", "another", "further", "circa", "bare", "long")
}

// duration reads an amount with its unit at word i: 2 hours, an hour and a half, 1h30.
func (r reader) duration(i int) (span, bool) {
	for _, read := range []func(int) (float64, int, bool){r.part, r.single, r.couple, r.counted} {
		if m, end, ok := read(i); ok {
			return span{start: i, end: end, minutes: m}, true
		}
	}
	return span{}, false
}

// part reads "half an hour", "quarter of an hour", "three quarters of an hour", "half a credit".
func (r reader) part(i int) (float64, int, bool) {
	if r.is(i, "a") && r.is(i+1, "half", "quarter") {
		i++
	}
	f, j := 0.0, i
	switch {
	case r.is(i, "half"):
		f, j = .5, i+1
	case r.is(i, "quarter"):
		f, j = .25, i+1
	case (r.is(i, "three") || r.at(i) == "3") && r.is(i+1, "quarters", "quarter"):
		f, j = .75, i+2
	default:
		return 0, i, false
	}
	if r.is(j, "of") {
		j++
	}
	if r.is(j, "a", "an", "one", "the") {
		j++
	}
	u, end := r.unit(j)
	if u != 60 {
		return 0, i, false
	}
	return f * u, end, true
}

// single reads "an hour", "an hour and a half", "an hour and twenty", "hour and a half".
func (r reader) single(i int) (float64, int, bool) {
	j, article := i, false
	switch {
	case r.is(i, "a", "an", "one"):
		article = true
		for j++; r.hedge(j) && j < i+3; j++ {
		}
	case r.is(i, "the") && (r.is(i-1, "for", "just", "only", "me", "us") || r.is(i+1, "usual") || r.is(i+2, "i", "we", "you", "he", "she")):
		article = true
		if j++; r.is(j, "usual") {
			j++
		}
	case r.is(i, "full", "whole", "extra", "another", "solid", "good"):
		article = r.is(i, "another")
		j++
	}
	u, end := r.unit(j)
	if article && r.is(j, "hr") && r.words[j].capital {
		return 0, i, false // "an HR manager"
	}
	if u == 0 || u == 1 || r.is(j, "hours", "hrs", "credits", "h", "m") && !(article && r.is(j, "h")) {
		return 0, i, false
	}
	m, e := r.rest(u, u, end)
	if !article && e == end && r.is(j, "hour", "hr") && r.is(e, "max", "tops", "maximum") {
		return u, e, true
	}
	if !article && (e == end || r.is(j, "credit", "time", "community")) {
		return 0, i, false
	}
	return m, e, true
}

// rest reads what follows whole hours: "and a half", "twenty", "and 20 minutes".
func (r reader) rest(m, u float64, end int) (float64, int) {
	if u != 60 || !r.joined(end) {
		return m, end
	}
	if f, e, ok := r.fraction(end); ok {
		if r.is(e, "hour", "hours") {
			return m, end // "an hour and a half hour": two amounts
		}
		return m + f*u, e
	}
	j := end
	if r.is(j, "and", "plus", "n") {
		j++
	}
	v, e, ok := r.whole(j)
	if !ok || v >= 60 || v != math.Trunc(v) || r.words[j].pause == sentence {
		return m, end
	}
	if uu, ee := r.unit(e); uu == 1 {
		return m + v, ee
	} else if uu != 0 {
		return m, end
	}
	bare := r.words[j].glued || j == end && r.words[j].pause == run || j == end+1
	plain := r.words[j].glued || e >= len(r.words) || r.words[e].pause >= comma || r.is(e, "for", "of", "on", "with", "doing", "at", "in", "to", "from", "please", "today", "yesterday", "helping", "minding", "total", "altogether", "all") || strings.HasSuffix(r.at(e), "ing")
	if bare && v >= 5 && plain && (int(v)%5 == 0 || r.words[j].glued) {
		return m + v, e
	}
	return m, end
}

// couple reads "a couple of hours". A few hours is no amount.
func (r reader) couple(i int) (float64, int, bool) {
	j := i
	if r.is(j, "a") {
		j++
	}
	if !r.is(j, "couple", "coupla") {
		return 0, i, false
	}
	if j++; r.is(j, "of") {
		j++
	}
	if u, end := r.unit(j); u == 60 {
		return 2 * u, end, true
	}
	return 0, i, false
}

// counted reads a number and its unit, or a range of two numbers and the unit, and takes
// the upper end: 2 hours, 1h30, 2-3 hours, two or three hrs.
func (r reader) counted(i int) (float64, int, bool) {
	v, end, ok := r.number(i)
	if !ok {
		return 0, i, false
	}
	decimal := i
	switch {
	case v < 1 && r.is(end, "of") && r.is(end+1, "a", "an"):
		end += 2 // 3/4 of an hour
	case v < 1 && r.is(end, "a", "an"):
		end++ // 1/2 a credit
	case v > 1 && r.is(end, "half") && r.is(end+1, "hours", "hrs"):
		return v * 30, end + 2, true // four half hours
	}
	if u, _ := r.unit(r.pastAdjective(end)); u == 0 {
		j := end
		if !r.joined(j) {
			return 0, i, false
		}
		ranged := r.words[j].mark == '-' || r.words[j].mark == '/'
		if r.is(j, "to", "or", "maybe") || r.is(j, "and") && r.is(i-1, "between") {
			ranged = true
			for j++; r.is(j, "maybe", "even", "possibly", "perhaps"); j++ {
			}
		}
		top, e, ok := r.number(j)
		if !ranged || !ok || top <= v && !(v < 60 && top < 1) {
			return 0, i, false
		}
		if top < 1 {
			return 0, i, false
		}
		v, end, decimal = top, e, j
	}
	end = r.pastAdjective(end)
	u, e := r.unit(end)
	if r.is(end, "m") && (v < 5 || r.is(i-1, "x")) {
		return 0, i, false // metres
	}
	if u == 0 || r.words[end].mark == '/' {
		return 0, i, false // 15/hr is a price
	}
	if w := r.words[decimal]; u == 60 && w.kind == number && w.clock {
		v = hoursAndMinutes(w)
	}
	m, e := r.rest(v*u, u, e)
	return m, e, true
}

// pastAdjective skips the "full" of "two full hours".
func (r reader) pastAdjective(i int) int {
	if r.is(i, "full", "whole", "solid", "good", "long", "straight", "extra", "more") {
		return i + 1
	}
	return i
}

// hoursAndMinutes reads a number of hours that looks like a clock. 1:30 is one and a
// half; so is 1.30, which nobody writes for 78 minutes; 1.25 and 1.5 are decimals.
func hoursAndMinutes(w word) float64 {
	h := math.Trunc(w.value)
	for i := range w.folded {
		if w.folded[i] == ':' {
			return w.value
		}
	}
	cents := math.Round((w.value - h) * 100)
	switch cents {
	case 10, 15, 20, 30, 40, 45:
		return h + cents/60
	}
	return w.value
}

// minutesOf turns a span into whole minutes within what a trade can carry.
func (s span) minutesOf() (ledger.Minutes, bool) {
	m := ledger.Minutes(math.Round(s.minutes))
	return m, m > 0 && m <= ledger.MaxAmount
}
