package nlp

import "strings"

// half of the day a clock time names; unsaid where it names none.
type half uint8

const (
	unsaid half = iota
	am
	pm
)

// moment is a time by the clock, in minutes after 0:00 or, where the half of the day is
// unsaid, on the twelve-hour face.
type moment struct {
	minutes int
	half    half
	plain   bool // a bare number, which need not be a time at all
}

// clockTime reads a time at word i: 7, 7pm, 7.30, half six (6:30), quarter to 3, noon.
func (r reader) clockTime(i int) (m moment, end int, ok bool) {
	switch {
	case r.is(i, "noon", "midday"):
		return moment{12 * 60, pm, false}, i + 1, true
	case r.is(i, "midnight"):
		return moment{24 * 60, pm, false}, i + 1, true
	case r.is(i, "half"):
		j := i + 1
		if r.is(j, "past", "after") {
			j++
		}
		if h, e, ok := r.hour(j); ok {
			return r.withHalf(moment{minutes: h*60 + 30}, e)
		}
		return m, i, false
	}
	step, j := 0, i
	if r.is(i, "quarter") {
		step, j = 15, i+1
	} else if v, e, ok := r.whole(i); ok && v == float64(int(v)) && int(v)%5 == 0 && v < 30 {
		step, j = int(v), e
	}
	if r.is(j, "minutes", "mins") && step > 0 {
		j++
	}
	if step > 0 && r.is(j, "past", "after", "to", "before") && (step == 15 && j == i+1 || r.is(j, "past", "to")) {
		if h, e, ok := r.hour(j + 1); ok && (r.at(i) == "quarter" || r.words[i].kind == letters || r.is(j, "past") || step != h) {
			if r.is(j, "to", "before") {
				step = -step
			}
			return r.withHalf(moment{minutes: (h*60 + step + 720) % 720}, e)
		}
	}
	return r.face(i)
}

// face reads a bare hour or 7:30.
func (r reader) face(i int) (moment, int, bool) {
	if i < len(r.words) && i >= 0 && r.words[i].kind == number && r.words[i].clock {
		w := r.words[i]
		if _, _, ok := r.figure(i); !ok || w.value >= 24 {
			return moment{}, i, false
		}
		h := int(w.value)
		mins := 0
		for k := len(w.folded) - 2; k < len(w.folded); k++ {
			mins = mins*10 + int(w.folded[k]-'0')
		}
		m := moment{minutes: h*60 + mins}
		if h > 12 {
			m.half = pm
		}
		return r.withHalf(m, i+1)
	}
	h, e, ok := r.hour(i)
	if !ok {
		return moment{}, i, false
	}
	m, e, _ := r.withHalf(moment{minutes: h * 60, plain: true}, e)
	return m, e, true
}

// hour reads a whole hour of the clock face, 1 to 12, or 13 to 24 in figures.
func (r reader) hour(i int) (int, int, bool) {
	if i < 0 || i >= len(r.words) {
		return 0, i, false
	}
	if r.is(i, "noon", "midday") {
		return 12, i + 1, true
	}
	w := r.words[i]
	if w.kind == letters {
		v, ok := small(w.folded)
		return int(v), i + 1, ok && v <= 12
	}
	v, e, ok := r.figure(i)
	if !ok || w.kind != number || v != float64(int(v)) || v < 1 || v > 24 || len(w.folded) > 2 || w.folded == "½" {
		return 0, i, false
	}
	return int(v), e, true
}

// withHalf reads am, pm, o'clock, "in the morning" after a time.
func (r reader) withHalf(m moment, i int) (moment, int, bool) {
	if r.is(i, "ish") {
		i++
	}
	if r.is(i, "o'clock", "oclock") {
		m.plain = false
		i++
	} else if r.is(i, "o") && r.is(i+1, "clock") {
		m.plain = false
		i += 2
	}
	switch {
	case r.is(i, "am"):
		m.half, i = am, i+1
	case r.is(i, "pm"):
		m.half, i = pm, i+1
	case r.is(i, "a", "p") && r.words[i].glued && r.is(i+1, "m") && r.words[i+1].glued:
		m.half = am
		if r.is(i, "p") {
			m.half = pm
		}
		i += 2
	case r.is(i, "in") && r.is(i+1, "the") && r.is(i+2, "morning"):
		m.half, i = am, i+3
	case r.is(i, "in") && r.is(i+1, "the") && r.is(i+2, "afternoon", "evening"), r.is(i, "at") && r.is(i+1, "night"):
		m.half, i = pm, i+2
		if r.is(i, "afternoon", "evening") {
			i++
		}
	}
	if m.half != unsaid {
		m.plain = false
		h := m.minutes / 60
		if h == 12 && m.half == am {
			m.minutes -= 720
		} else if h < 12 && m.half == pm {
			m.minutes += 720
		}
	} else if m.minutes >= 13*60 {
		m.half = pm
	}
	return m, i, true
}

// clockSpan reads "half six till ten", "2-4pm", "from 9 to half 12" at word i.
func (r reader) clockSpan(i int) (span, bool) {
	start := i
	from := r.is(i, "from", "between")
	if from {
		for i++; r.is(i, "about", "around", "roughly"); i++ {
		}
	}
	a, j, ok := r.clockTime(i)
	if !ok {
		return span{}, false
	}
	if !r.joined(j) {
		return r.again(i, start)
	}
	var firm bool // words that leave no doubt
	switch {
	case r.is(j, "till", "until", "til", "through", "untill"):
		firm = true
		j++
	case r.is(j, "to"), r.is(j, "and") && r.is(start, "between"):
		j++
	case r.finished(j) > 0:
		firm = true
		j = r.finished(j)
	case r.words[j].mark == '-':
	default:
		return r.again(i, start)
	}
	b, end, ok := r.clockTime(j)
	if !ok {
		return r.again(i, start)
	}
	sure := firm || from || !a.plain || !b.plain || r.dayAt(start-1) || r.dayAt(end) || r.words[i].pause == comma && (end >= len(r.words) || r.words[end].pause >= comma || r.dayAt(end)) || start == 0 && r.worked(end)
	if !sure || r.countsThings(end) && !(a.half > 0 || b.half > 0) || r.openingHours(start) {
		return span{}, false
	}
	if u, _ := r.unit(end); u > 0 {
		return span{}, false // between one and two hours
	}
	m := distance(a, b)
	if m <= 0 || m > 16*60 {
		return span{}, false
	}
	return span{start: start, end: end, minutes: float64(m), clock: true}, true
}

// worked reports whether word i says what was done: "9 to 1 moving boxes".
func (r reader) worked(i int) bool {
	return i < len(r.words) && r.words[i].pause == run && len(r.words[i].folded) > 4 && strings.HasSuffix(r.words[i].folded, "ing")
}

// finished skips "and finished at", "left by" and the like, which end a span. It is 0
// where nothing of the kind stands.
func (r reader) finished(j int) int {
	for r.is(j, "and", "only", "then", "finally") {
		j++
	}
	if !r.is(j, "finished", "finishing", "ended", "left", "finish", "done", "home", "out") || !r.is(j+1, "at", "by", "around", "about") {
		return 0
	}
	return j + 2
}

// again reads a time such as "10 to 2" as the hour it starts with, where what stands around
// it shows that it is a span: "from 10 to 2", "chairs for Ben, 10 to 12".
func (r reader) again(i, start int) (span, bool) {
	a, j, ok := r.face(i)
	if !ok || !r.is(j, "to") {
		return span{}, false
	}
	b, end, ok := r.clockTime(j + 1)
	if u, _ := r.unit(end); !ok || u > 0 || r.countsThings(end) || r.openingHours(start) {
		return span{}, false
	}
	closes := end >= len(r.words) || r.words[end].pause >= comma
	if !r.is(start, "from") && !r.dayAt(start-1) && !(r.words[i].pause == comma && r.words[i].kind == number && (closes || r.dayAt(end))) {
		return span{}, false
	}
	return span{start: start, end: end, minutes: float64(distance(a, b)), clock: true}, true
}

// distance is the minutes from a to b. Where a half of the day is unsaid the shorter way
// round the twelve-hour face is meant.
func distance(a, b moment) int {
	if a.half != unsaid && b.half != unsaid {
		return (b.minutes - a.minutes + 1440) % 1440
	}
	d := (b.minutes - a.minutes) % 720
	if d <= 0 {
		d += 720
	}
	if d == 720 {
		return 0
	}
	return d
}

// dayAt reports whether word i names a day or a part of one.
func (r reader) dayAt(i int) bool {
	if i < 0 || i >= len(r.words) {
		return false
	}
	_, day := weekday(r.words[i].folded)
	return day || r.is(i, "today", "tonight", "tomorrow", "yesterday", "morning", "mornings", "afternoon", "afternoons",
		"evening", "evenings", "night", "nights", "weekdays", "weekends", "weekend", "week") || r.is(i, "on", "this") && i+1 < len(r.words) && r.dayAt(i+1)
}

// countsThings reports whether the numbers before word i count something else than hours.
func (r reader) countsThings(i int) bool {
	if i < len(r.words) && r.words[i].pause >= comma {
		return false
	}
	return r.is(i, "year", "years", "yr", "yrs", "people", "kids", "children", "weeks", "days", "months", "euro", "euros", "quid", "pounds",
		"km", "miles", "bags", "boxes", "eggs", "minutes", "mins", "adults", "times", "of", "players", "metres", "seats", "percent", "degrees", "in", "away", "win")
}

// openingHours reports whether what is open or shut was just spoken of, or ages.
func (r reader) openingHours(i int) bool {
	for k := i - 1; k >= 0 && k >= i-5 && r.words[k+1].pause != sentence; k-- {
		if r.is(k, "open", "opens", "opening", "closed", "closes", "ages", "aged", "age", "score", "won", "lost", "beat", "page", "pages", "chapter", "number", "numbers", "no", "size", "sizes", "bus", "off", "hours", "tickets", "channel") {
			return true
		}
	}
	return false
}
