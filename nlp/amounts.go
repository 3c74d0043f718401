package nlp

import (
	"strings"

	"communityconnect/ledger"
)

// Amount reads how much work a phrase speaks of. It is false where the phrase has no
// amount, or only a time of the day, a date, an age, a price, a distance or a wait.
//
// A range counts with its upper end, clock times with the time between them, repeated
// work with all its times. A stated total beats its parts; what is denied doesn't count.
func Amount(text string) (ledger.Minutes, bool) {
	p := &phrase{text: clip(text)}
	p.split(nil, nil)
	return total(reader{p.words}.amounts(), reader{p.words})
}

// amounts finds every amount among the words, in order.
func (r reader) amounts() []span {
	var out []span
	for i := 0; i < len(r.words); i++ {
		s, ok := r.amount(i)
		if !ok {
			continue
		}
		out = append(out, s)
		i = s.end - 1
		if more, ok := r.elliptic(s); ok {
			out = append(out, more)
			i = more.end - 1
		}
	}
	return out
}

// called reads a bare number of hours after "call it", or one that ends a sum: "call it two
// and a half", "an hour and then two, in total 3".
func (r reader) called(i int) (span, bool) {
	sum := r.is(i-1, "altogether", "total") && r.partsBefore(i)
	if !sum && !(r.is(i-1, "it") && r.is(i-2, "call", "make", "calling")) {
		return span{}, false
	}
	v, end, ok := r.number(i)
	if !ok || v > 12 || sum && r.joined(end) && r.words[end].pause == run || end < len(r.words) && r.words[end].pause == run && !r.is(end, "for", "please", "so", "then") {
		return span{}, false
	}
	return span{start: i, end: end, minutes: v * 60, total: true}, true
}

// partsBefore reports whether at least two durations stand before word i, for it to be
// their sum.
func (r reader) partsBefore(i int) bool {
	parts := 0
	for k := 0; k < i; k++ {
		if d, ok := r.duration(k); ok && d.end <= i {
			parts++
			k = d.end - 1
		}
	}
	return parts >= 2
}

// elliptic reads an amount that takes its unit from the one before: "an hour on Monday and
// two on Thursday", "45 minutes there and 45 back".
func (r reader) elliptic(s span) (span, bool) {
	for j := s.end; j < s.end+4 && r.joined(j); j++ {
		if !r.is(j, "and", "plus") {
			continue
		}
		v, e, ok := r.number(j + 1)
		if !ok || s.minutes == 0 || s.clock {
			return span{}, false
		}
		if u, _ := r.unit(e); u > 0 || !r.is(e, "on", "back", "home", "coming", "yesterday", "today") && !r.dayAt(e) {
			return span{}, false
		}
		unit := 60.0
		if u, _ := r.unit(s.end - 1); u == 1 {
			unit = 1
		}
		return r.marked(span{start: j + 1, end: e, minutes: v * unit}), true
	}
	return span{}, false
}

func (r reader) amount(i int) (span, bool) {
	if s, ok := r.times(i); ok {
		return r.marked(s), true
	}
	s, ok := r.duration(i)
	if !ok {
		if s, ok := r.called(i); ok {
			return s, true
		}
		if s, ok = r.clockSpan(i); ok {
			return r.marked(s), true
		}
		return s, false
	}
	if r.noWork(s) {
		// skip over it, so that its tail isn't read as an amount of its own
		return span{start: s.start, end: s.end}, true
	}
	s = r.upper(s)
	s = r.repeated(s)
	if r.noWork(s) {
		return span{start: s.start, end: s.end}, true
	}
	return r.marked(s), true
}

// upper takes the upper end of a range of two durations: "an hour or two", "half an hour
// to an hour", "an hour, maybe two".
func (r reader) upper(s span) span {
	j := s.end
	if !r.joined(j) {
		return s
	}
	if !r.is(j, "or", "to", "maybe", "possibly", "perhaps") && r.words[j].mark != '-' && !(r.is(j, "and") && r.is(s.start-1, "between")) {
		return s
	}
	for r.is(j, "or", "to", "and", "maybe", "possibly", "perhaps", "even") {
		j++
	}
	if t, ok := r.duration(j); ok && t.minutes > s.minutes {
		return span{start: s.start, end: t.end, minutes: t.minutes}
	}
	if v, e, ok := r.number(j); ok && v <= 12 && s.minutes < v*60 && s.minutes >= 60 && !r.countsThings(e) {
		if u, _ := r.unit(e); u == 0 {
			return span{start: s.start, end: e, minutes: v * 60}
		}
	}
	return s
}

// sessions are what repeated work is counted in.
func (r reader) session(i int) bool {
	w := r.at(i)
	if _, day := weekday(strings.TrimSuffix(w, "s")); day {
		return true
	}
	switch w {
	case "morning", "mornings", "afternoon", "afternoons", "evening", "evenings", "night", "nights", "day", "days", "week", "weeks",
		"session", "sessions", "lesson", "lessons", "visit", "visits", "time", "times", "lots", "trip", "trips", "run", "runs", "go", "goes", "class", "classes",
		"weekend", "weekends", "shift", "shifts", "slot", "slots", "occasions", "walks", "walk", "blocks", "stints", "turns", "grinds", "weekdays":
		return true
	}
	return false
}

// times reads repeated work that starts with its count: "3 mornings of 2 hours",
// "2 x 45 mins", "three two-hour sessions", "twice, an hour each time".
func (r reader) times(i int) (span, bool) {
	var n float64
	j := i
	if r.is(i, "twice") {
		n, j = 2, i+1
	} else {
		v, e, ok := r.whole(i)
		if !ok && r.is(i, "a") && r.is(i+1, "couple") && r.is(i+2, "of") {
			v, e, ok = 2, i+3, true
		}
		if !ok || v != float64(int(v)) || v < 2 || v > 60 || !r.joined(e) {
			return span{}, false
		}
		n = v
		switch {
		case r.is(e, "x", "times", "lots", "by") || r.words[e].mark == '×':
			if r.is(e, "x", "times", "by", "lots") {
				e++
			}
			j = e
		case r.session(e) && r.words[e].pause == run:
			j = e + 1
		default: // three two-hour sessions
			d, ok := r.duration(e)
			if ok && d.minutes > 0 && r.words[e].pause == run && r.words[e].mark != '-' && r.session(d.end) {
				return span{start: i, end: d.end + 1, minutes: n * d.minutes}, true
			}
			return span{}, false
		}
	}
	for k := 0; k < 4 && (r.is(j, "of", "for", "at", "doing", "a", "each", "with", "last", "this", "week", "about", "around", "roughly", "lasting", "in")); k++ {
		if _, ok := r.duration(j); ok {
			break
		}
		j++
	}
	if !r.joined(j) {
		return span{}, false
	}
	d, ok := r.duration(j)
	if !ok || r.noWorkAfter(d, d.end) {
		return span{}, false
	}
	d = r.upper(d)
	end := d.end
	if r.is(end, "each", "apiece") {
		end++
		if r.is(end, "time", "day", "week", "morning", "way") {
			end++
		}
	} else if r.is(end, "a", "per", "every") && r.session(end+1) {
		end += 2
	}
	s := span{start: i, end: end, minutes: n * d.minutes}
	return s, true
}

// repeated multiplies a duration by the count that follows it: "2 hours a day for 3 days",
// "1 hour x 3", "an hour each way", "an hour, twice".
func (r reader) repeated(s span) span {
	j := s.end
	if !r.joined(j) {
		return s
	}
	if r.is(j, "x") {
		if v, e, ok := r.whole(j + 1); ok && v >= 2 && v <= 60 {
			return span{start: s.start, end: e, minutes: s.minutes * v}
		}
		return s
	}
	if r.is(j, "each", "every", "both") && r.is(j+1, "way", "ways") {
		return span{start: s.start, end: j + 2, minutes: 2 * s.minutes}
	}
	each := false
	if r.is(j, "a", "per", "each", "every") && r.session(j+1) {
		each = true
		j += 2
	} else if r.is(j, "each", "apiece") {
		each = true
		j++
	}
	k := j
	for r.is(k, "for", "over", "on", "of", "across", "the", "and", "last") && k < j+3 {
		k++
	}
	if r.is(k, "twice") && !r.is(k+1, "a") {
		return span{start: s.start, end: k + 1, minutes: 2 * s.minutes}
	}
	v, e, ok := r.whole(k)
	if !ok && r.is(k, "a") && r.is(k+1, "couple") && r.is(k+2, "of") {
		v, e, ok = 2, k+3, true
	}
	if ok && v >= 2 && v <= 60 && v == float64(int(v)) && r.session(e) && (each || r.is(e, "times", "sessions", "lessons", "visits")) &&
		!r.is(e+1, "a", "per") && (each || k == j || r.is(j, "for")) {
		if r.is(e, "week", "weeks") && !r.is(j-1, "week") && r.is(j-2, "a", "per", "each", "every") {
			return s // an hour a day for 3 weeks: how many days isn't said
		}
		return span{start: s.start, end: e + 1, minutes: s.minutes * v}
	}
	if n := r.daysNamed(j); n >= 2 && (each || r.is(j-1, "each") || r.is(j, "both") || r.is(j+1, "both")) {
		s.minutes *= float64(n)
		s.end = j
	}
	return s
}

// daysNamed counts the days named in a row from word i: "on both Saturday and Sunday".
func (r reader) daysNamed(i int) int {
	n := 0
	for ; r.joined(i); i++ {
		if _, day := weekday(r.at(i)); day {
			n++
		} else if !r.is(i, "on", "and", "both", "of", "the", "morning", "evening", "afternoon") {
			break
		}
	}
	return n
}
