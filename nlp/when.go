package nlp

// when is a time said in words: "Saturday week, 7 till 11", "weekday evenings".
type when struct{ start, end int }

// whens finds the times among the words. Times that follow each other are one.
func (r reader) whens() []when {
	var out []when
	for i := 0; i < len(r.words); i++ {
		end, ok := r.timeAt(i)
		if !ok {
			continue
		}
		for {
			j := end
			for r.joined(j) && j < end+2 && (r.is(j, "and", "or", "to", "till", "until", "til", "at", "from", "between", "of", "through", "in", "but", "on")) {
				j++
			}
			if !r.joined(j) {
				break
			}
			e, ok := r.timeAt(j)
			if !ok {
				e, ok = r.bareClock(j, end)
			}
			if !ok {
				break
			}
			end = e
		}
		out = append(out, when{i, end})
		i = end - 1
	}
	return out
}

// bareClock reads an hour that only what stands before it shows to be one: "Friday at 3",
// "from Friday 7 to 9".
func (r reader) bareClock(j, after int) (int, bool) {
	if s, ok := r.clockSpan(j); ok {
		return s.end, true
	}
	if j > after && r.is(j-1, "at", "from", "till", "until", "til", "to", "between") || j == after {
		if m, e, ok := r.clockTime(j); ok && (j > after || !m.plain) && !r.countsThings(e) {
			if u, _ := r.unit(e); u == 0 {
				return e, true
			}
		}
	}
	return 0, false
}

// timeAt reads one time, with the preposition that leads it.
func (r reader) timeAt(i int) (int, bool) {
	j := i
	lead := r.is(i, "on", "by", "before", "after", "from", "until", "till", "til", "over", "in", "at", "around", "during", "since",
		"this", "next", "last", "every", "any", "most", "each", "some", "about", "come", "coming", "throughout", "between", "one")
	for r.is(j, "on", "by", "before", "after", "from", "until", "till", "til", "over", "in", "at", "around", "during", "since",
		"about", "come", "throughout", "between", "most", "any", "a") && j < i+2 {
		if r.is(j, "a") && !r.is(i, "on") || r.is(j, "any", "most") && r.is(i, "over", "about", "come", "around") {
			break
		}
		j++
	}
	for r.is(j, "this", "next", "last", "every", "any", "most", "each", "some", "coming", "first", "the", "early", "late", "one", "other", "alternate", "following") && j < i+5 {
		j++
	}
	if !r.joined(j) && j > i {
		return 0, false
	}
	led := j > i
	if e, ok := r.named(j, led); ok {
		return r.partOfDay(e), true
	}
	if e, ok := r.date(j); ok {
		return e, true
	}
	if e, ok := r.general(i, j, led); ok {
		return e, true
	}
	if lead {
		return r.ledClock(i)
	}
	if s, ok := r.clockSpan(i); ok {
		return s.end, true
	}
	if m, e, ok := r.clockTime(i); ok && m.half != unsaid && !m.plain {
		return e, true
	}
	return 0, false
}

// ledClock reads "at 8", "around half two", "before 11", "from 2 to 4pm".
func (r reader) ledClock(i int) (int, bool) {
	if s, ok := r.clockSpan(i); ok {
		return s.end, true
	}
	if !r.is(i, "at", "around", "about", "by", "before", "after", "from", "until", "till", "til") {
		return 0, false
	}
	j := i + 1
	if r.is(j, "around", "about") {
		j++
	}
	m, e, ok := r.clockTime(j)
	if !ok || r.countsThings(e) || m.plain && r.is(i, "about", "around", "from", "by") && e < len(r.words) && r.words[e].pause == run && !r.dayAt(e) && !r.is(e, "if", "please", "or", "on") {
		return 0, false
	}
	if u, _ := r.unit(e); u > 0 {
		return 0, false
	}
	return e, true
}

// named reads today, tomorrow, and the days of the week.
func (r reader) named(j int, led bool) (int, bool) {
	if r.is(j, "today", "tonight", "tomorrow", "yesterday", "weekend", "weekends", "weekday", "weekdays", "midweek", "anytime", "asap") {
		if r.is(j, "weekend") && !led {
			return 0, false
		}
		return j + 1, true
	}
	if r.is(j, "day") && r.is(j+1, "after") && r.is(j+2, "tomorrow") {
		return j + 3, true
	}
	if _, ok := weekday(r.at(j)); !ok || r.words[j].kind != letters {
		return 0, false
	}
	w := r.words[j]
	if shortDay(w.folded) && !w.capital && !(led && r.is(j-1, "on", "this", "next", "by", "last", "until", "till", "from")) && !r.partWord(j+1) {
		return 0, false
	}
	if w.folded == "sun" && r.is(j-1, "the") {
		return 0, false
	}
	if r.is(j+1, "week") {
		return j + 2, true
	}
	return j + 1, true
}

func (r reader) partWord(j int) bool {
	return r.is(j, "morning", "mornings", "afternoon", "afternoons", "evening", "evenings", "night", "nights", "lunchtime", "am", "pm", "eve", "week")
}

// partOfDay reads what narrows a day: "morning", "after school", "week", "the 14th".
func (r reader) partOfDay(j int) int {
	for r.joined(j) {
		switch {
		case r.partWord(j):
			j++
		case r.is(j, "early", "late", "first") && r.partWord(j+1):
			j += 2
		case r.is(j, "first") && r.is(j+1, "thing"):
			j += 2
		default:
			if e, ok := r.date(j); ok && r.words[j].pause == run {
				return e
			}
			return j
		}
	}
	return j
}

// date reads 14th, the 14th of June, 14 June, June 14th, 14/6.
func (r reader) date(j int) (int, bool) {
	if j >= len(r.words) {
		return 0, false
	}
	if _, ok := month(r.at(j)); ok {
		w := r.words[j]
		if r.is(j, "may", "march") && !w.capital && !r.is(j-1, "in") {
			return 0, false
		}
		if r.is(j, "may", "march") && w.capital && (w.pause == sentence && j > 0 || j == 0) {
			return 0, false
		}
		if _, e, ok := r.ordinal(j + 1); ok {
			return e, true
		}
		if j+1 < len(r.words) && r.words[j+1].kind == number && r.words[j+1].value <= 31 && !r.words[j+1].clock {
			return j + 2, true
		}
		if j > 0 && r.is(j-1, "in", "until", "till", "by", "before", "after", "from", "during", "next", "last", "this", "early", "late", "since", "of", "mid", "all", "every", "over", "end") || w.pause == comma {
			return j + 1, true
		}
		return 0, false
	}
	w := r.words[j]
	_, e, ok := r.ordinal(j)
	if !ok {
		if w.kind != number || w.value < 1 || w.value > 31 || w.clock {
			return 0, false
		}
		if _, m := month(r.at(j + 1)); m && r.words[j+1].pause != sentence {
			return j + 2, true
		}
		if w.after == '/' && j+1 < len(r.words) && r.words[j+1].kind == number && r.words[j+1].value <= 12 && w.value != 1 && (r.words[j+1].value > 4 || w.value > 4) {
			return j + 2, true
		}
		return 0, false
	}
	if r.is(e, "of") {
		if _, m := month(r.at(e + 1)); m {
			return e + 2, true
		}
		if r.is(e+1, "the") && r.is(e+2, "month") {
			return e + 3, true
		}
	}
	if _, m := month(r.at(e)); m && r.joined(e) {
		return e + 1, true
	}
	if r.is(j-1, "the", "on", "by", "before", "after", "until") || j > 0 && r.dayAt(j-1) {
		if !r.is(e, "floor", "time", "birthday", "year", "class", "place", "hole", "century", "one", "grade", "division", "form") {
			return e, true
		}
	}
	return 0, false
}

// ordinal reads 14th, 1st.
func (r reader) ordinal(j int) (int, int, bool) {
	if j+1 >= len(r.words) || r.words[j].kind != number || !r.words[j+1].glued || !r.is(j+1, "st", "nd", "rd", "th") {
		return 0, 0, false
	}
	v := r.words[j].value
	return int(v), j + 2, v >= 1 && v <= 31
}

// general reads times that are no dates: "in the evenings", "over the winter", "after school".
func (r reader) general(i, j int, led bool) (int, bool) {
	the := j > i && r.is(j-1, "the")
	switch {
	case r.is(j, "mornings", "evenings", "afternoons", "nights"):
		return r.then(j + 1), true
	case r.is(j, "morning", "evening", "afternoon", "night") && led && !(the && j == i+1):
		return j + 1, r.is(i, "in", "this", "any", "every", "most", "last", "by", "one", "some", "next", "tomorrow", "at", "each", "during", "other")
	case r.is(j, "week", "month", "year", "term", "summer", "winter", "spring", "autumn", "holidays", "fortnight") && led && (!the || j > i+1):
		if r.is(j, "week") && r.is(j+1, "end") {
			return j + 2, true
		}
		return j + 1, r.is(i, "this", "next", "last", "every", "any", "over", "during", "in", "before", "after", "until", "till", "by", "for", "most", "some", "each", "through", "throughout", "from", "coming")
	case r.is(j, "christmas", "easter", "halloween", "xmas") && led && !r.is(j+1, "tree", "party", "lights", "cards", "dinner", "present", "presents"):
		return j + 1, r.is(i, "before", "after", "over", "at", "by", "until", "till", "for", "this", "during", "in")
	case r.is(j, "school", "work", "dinner", "lunch", "hours", "mass", "tea") && j == i+1 && r.is(i, "after", "before", "during") && r.words[j].pause == run:
		return j + 1, true
	case r.is(j, "time") && j > i && r.is(j-1, "any"):
		return j + 1, true
	case r.is(j, "bank") && r.is(j+1, "holiday"):
		if r.is(j+2, "monday", "weekend") {
			return j + 3, true
		}
		return j + 2, led
	case r.is(j, "school") && r.is(j+1, "holidays", "hols") || r.is(j, "term", "lunch") && r.is(j+1, "time"):
		return j + 2, true
	case r.is(j, "lunchtime", "lunchtimes", "teatime", "daytime", "bedtime") && led, r.is(j, "lunchtimes"):
		return j + 1, true
	case r.is(j, "end", "start", "beginning", "middle") && r.is(j+1, "of"):
		if r.is(j+2, "the", "this", "next") && r.is(j+3, "month", "week", "year", "summer", "day") {
			return j + 4, true
		}
		if _, ok := month(r.at(j + 2)); ok {
			return j + 3, true
		}
	case r.is(j, "once", "twice") && r.is(j+1, "a") && r.is(j+2, "week", "month", "day"):
		return j + 3, true
	case r.is(j, "other") && r.is(j+1, "day", "night") && the:
		return j + 2, true
	case r.is(j, "as") && r.is(j+1, "soon") && r.is(j+2, "as"):
		return j + 4, j+4 <= len(r.words)
	}
	return 0, false
}

// then reads the days after "mornings": "evenings and weekends" is joined by the caller.
func (r reader) then(j int) int {
	if r.is(j, "only") {
		return j + 1
	}
	return j
}
