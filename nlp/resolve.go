package nlp

import "time"

// ResolveWhen turns words for a time into the span they mean, seen from now: "Saturday"
// is the whole of the next one (today, if it is Saturday), "tomorrow evening" is 17:00 to
// 22:00, "next Tuesday at 3" is an instant with from equal to to. The zone is now's; days
// start and end at its midnight, also where summer time makes them 23 or 25 hours long.
//
// It is false where the words don't say plainly which time is meant: "any evening",
// "most Saturdays", "after school". An hour without am or pm is read as people say it to
// neighbours: 8 to 11 in the morning, 12 to 7 in the afternoon, and with "evening" or
// "night" later. "Next Tuesday" is the one after the coming Sunday; a date without a year
// is the next such date.
func ResolveWhen(words string, now time.Time) (from, to time.Time, ok bool) {
	p := &phrase{text: clip(words)}
	p.split(nil, nil)
	r := reader{p.words}
	v := resolver{reader: r, now: now}
	for i := 0; i < len(r.words); {
		n := v.take(i)
		if n == 0 {
			return time.Time{}, time.Time{}, false
		}
		i += n
	}
	return v.span()
}

// resolver gathers what the words say.
type resolver struct {
	reader
	now     time.Time
	day     time.Time // midnight at its start
	end     time.Time // midnight after the last day, for spans of days
	until   bool      // the next day named ends the span
	part    dayPart
	clock   *moment // the hour said
	clockTo *moment
}

// dayPart is a part of a day in hours.
type dayPart struct{ from, to int }

func (v *resolver) midnight(days int) time.Time {
	y, m, d := v.now.Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, v.now.Location())
}

func daysAfter(t time.Time, days int) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, t.Location())
}

// take reads what stands at word i and returns how many words it took, 0 if they don't
// say plainly.
func (v *resolver) take(i int) int {
	if !v.until && (v.is(i, "till", "until", "to", "til") || v.words[i].mark == '-') && !v.day.IsZero() {
		if _, ok := weekday(v.at(i + 1)); ok && v.is(i, "till", "until", "to", "til") {
			v.until = true
			return 1
		}
	}
	if s, ok := v.clockSpan(i); ok && v.clock == nil {
		return v.takeSpan(i, s)
	}
	if v.is(i, "on", "the", "at", "in", "of", "from", "around", "about", "by", "for") {
		return 1
	}
	if n := v.takeDay(i); n > 0 {
		return n
	}
	if n := v.takePart(i); n > 0 {
		return n
	}
	if m, e, ok := v.clockTime(i); ok && v.clock == nil {
		v.clock = &m
		return e - i
	}
	return 0
}

func (v *resolver) takeSpan(i int, s span) int {
	j := i
	if v.is(j, "from", "between") {
		j++
	}
	a, e, _ := v.clockTime(j)
	for e < s.end && v.is(e, "till", "until", "til", "to", "and", "through") {
		e++
	}
	b, _, _ := v.clockTime(e)
	v.clock, v.clockTo = &a, &b
	return s.end - i
}

// takeDay reads a day or a row of days.
func (v *resolver) takeDay(i int) int {
	set := func(t time.Time, n int) int {
		if v.until {
			if v.day.IsZero() || t.Before(v.day) {
				t = daysAfter(t, 7)
			}
			v.end, v.until = daysAfter(t, 1), false
			return n
		}
		if !v.day.IsZero() {
			return 0 // two days: which is meant isn't said
		}
		v.day = t
		return n
	}
	switch {
	case v.is(i, "today"):
		return set(v.midnight(0), 1)
	case v.is(i, "tonight"):
		v.part = dayPart{18, 24}
		return set(v.midnight(0), 1)
	case v.is(i, "tomorrow"):
		return set(v.midnight(1), 1)
	case v.is(i, "yesterday"):
		return set(v.midnight(-1), 1)
	case v.is(i, "day") && v.is(i+1, "after") && v.is(i+2, "tomorrow"):
		return set(v.midnight(2), 3)
	case v.is(i, "last") && v.is(i+1, "night"):
		v.part = dayPart{18, 24}
		return set(v.midnight(-1), 2)
	case v.is(i, "this", "next", "last") && v.is(i+1, "weekend", "week"):
		return v.takeWeek(i)
	case v.is(i, "weekend"):
		return v.takeWeekend(0, 1)
	case v.is(i, "this") && v.is(i+1, "morning", "afternoon", "evening"):
		return set(v.midnight(0), 1)
	case v.is(i, "this", "next", "last", "coming"):
		d, ok := weekday(v.at(i + 1))
		if !ok {
			return 0
		}
		return set(v.weekdayFrom(v.at(i), d), 2)
	}
	if d, ok := weekday(v.at(i)); ok && !plural(v.at(i)) {
		base := v.weekdayFrom("", d)
		n := 1
		if v.is(i+1, "week") {
			base, n = daysAfter(base, 7), 2
		} else if t, taken := v.dateAt(i + 1); taken > 0 { // Saturday 14th: the date decides
			base, n = t, 1+taken
		}
		return set(base, n)
	}
	if t, n := v.dateAt(i); n > 0 {
		return set(t, n)
	}
	return 0
}

func plural(w string) bool {
	switch w {
	case "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays":
		return true
	}
	return false
}

// weekdayFrom is the midnight of a day of the week: the coming one, "next" of the week
// after this one, "last" of the past.
func (v *resolver) weekdayFrom(which string, d time.Weekday) time.Time {
	ahead := (int(d) - int(v.now.Weekday()) + 7) % 7
	switch which {
	case "next":
		untilMonday := (8 - int(v.now.Weekday())) % 7
		if untilMonday == 0 {
			untilMonday = 7
		}
		return v.midnight(untilMonday + (int(d)+6)%7)
	case "last":
		if ahead == 0 {
			ahead = 7
		}
		return v.midnight(ahead - 7)
	}
	return v.midnight(ahead)
}

// takeWeek reads this or next week or weekend.
func (v *resolver) takeWeek(i int) int {
	weeks := 0
	switch {
	case v.is(i, "next"):
		weeks = 1
	case v.is(i, "last"):
		weeks = -1
	}
	if v.is(i+1, "weekend") {
		return v.takeWeekend(weeks, 2)
	}
	if !v.day.IsZero() {
		if weeks == 1 { // "Tuesday next week"
			v.day = v.weekdayFrom("next", v.day.Weekday())
		}
		return 2
	}
	monday := v.midnight(-(int(v.now.Weekday())+6)%7 + 7*weeks)
	v.day, v.end = monday, daysAfter(monday, 7)
	if weeks == 0 {
		v.day = v.midnight(0)
	}
	return 2
}

// takeWeekend reads the Saturday and Sunday of this week or another.
func (v *resolver) takeWeekend(weeks, n int) int {
	if !v.day.IsZero() {
		return 0
	}
	saturday := v.midnight(6 - (int(v.now.Weekday())+6)%7 - 1 + 7*weeks)
	v.day, v.end = saturday, daysAfter(saturday, 2)
	return n
}

// dateAt reads 14th, 24 May, May 24th, 24/5.
func (v *resolver) dateAt(i int) (time.Time, int) {
	if i >= len(v.words) {
		return time.Time{}, 0
	}
	y, m, d := v.now.Date()
	at := func(month time.Month, day, n int) (time.Time, int) {
		t := time.Date(y, month, day, 0, 0, 0, 0, v.now.Location())
		if t.Before(v.midnight(0)) {
			t = time.Date(y+1, month, day, 0, 0, 0, 0, v.now.Location())
		}
		if t.Day() != day {
			return time.Time{}, 0 // 31 June
		}
		return t, n
	}
	if mon, ok := month(v.at(i)); ok {
		if day, e, ok := v.ordinal(i + 1); ok {
			return at(mon, day, e-i)
		}
		if i+1 < len(v.words) && v.words[i+1].kind == number && !v.words[i+1].clock {
			return at(mon, int(v.words[i+1].value), 2)
		}
		return time.Time{}, 0
	}
	w := v.words[i]
	if w.kind != number || w.clock || w.value < 1 || w.value > 31 || w.value != float64(int(w.value)) {
		return time.Time{}, 0
	}
	day, e, isOrdinal := v.ordinal(i)
	if !isOrdinal {
		day, e = int(w.value), i+1
	}
	j := e
	if v.is(j, "of") {
		j++
	}
	if mon, ok := month(v.at(j)); ok {
		return at(mon, day, j+1-i)
	}
	if w.after == '/' && i+1 < len(v.words) && v.words[i+1].kind == number && v.words[i+1].value <= 12 && v.words[i+1].value >= 1 {
		return at(time.Month(int(v.words[i+1].value)), day, 2)
	}
	if !isOrdinal {
		return time.Time{}, 0
	}
	for k := range 12 { // the next month that has such a day, today's included
		t := time.Date(y, m+time.Month(k), day, 0, 0, 0, 0, v.now.Location())
		if t.Day() == day && (k > 0 || day >= d) {
			return t, e - i
		}
	}
	return time.Time{}, 0
}

// takePart reads a part of the day.
func (v *resolver) takePart(i int) int {
	set := func(from, to, n int) int { v.part = dayPart{from, to}; return n }
	switch {
	case v.is(i, "morning"):
		return set(8, 12, 1)
	case v.is(i, "afternoon"):
		return set(12, 17, 1)
	case v.is(i, "evening"):
		return set(17, 22, 1)
	case v.is(i, "night"):
		return set(18, 24, 1)
	case v.is(i, "lunchtime"):
		return set(12, 14, 1)
	case v.is(i, "early", "late") && v.takePart(i+1) > 0:
		return 2
	}
	return 0
}

// span puts together what was said.
func (v *resolver) span() (from, to time.Time, ok bool) {
	if v.day.IsZero() {
		if v.clock == nil || v.part != (dayPart{}) {
			return from, to, false
		}
		v.day = v.midnight(0) // "at 3": today
	}
	if v.until {
		return from, to, false
	}
	if v.clock != nil {
		from = v.timeOf(*v.clock)
		to = from
		if v.clockTo != nil {
			to = from.Add(time.Duration(distance(*v.clock, *v.clockTo)) * time.Minute)
		}
		return from, to, true
	}
	if v.part != (dayPart{}) {
		return v.hour(v.part.from), v.hour(v.part.to), v.end.IsZero()
	}
	if v.end.IsZero() {
		v.end = daysAfter(v.day, 1)
	}
	return v.day, v.end, true
}

func (v *resolver) hour(h int) time.Time {
	y, m, d := v.day.Date()
	return time.Date(y, m, d, h, 0, 0, 0, v.day.Location())
}

// timeOf places a clock time on the day.
func (v *resolver) timeOf(m moment) time.Time {
	minutes := m.minutes
	if m.half == unsaid && minutes < 12*60 {
		late := minutes < 8*60
		if v.part.from >= 12 {
			late = true
		} else if v.part.to == 12 {
			late = false
		}
		if late {
			minutes += 12 * 60
		}
	}
	y, mo, d := v.day.Date()
	return time.Date(y, mo, d, minutes/60, minutes%60, 0, 0, v.day.Location())
}
