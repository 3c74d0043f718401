package board

import (
	"strconv"
	"strings"
	"time"

	"communityconnect/nlp/lexicon"
)

// when is the parts of the week a text speaks of: three for each day, from Monday morning.
// 0 means that it speaks of none.
type when uint32

const (
	morning when = 1 << iota
	afternoon
	evening
	anyTime = morning | afternoon | evening
	dayBits = 3
)

// overlaps reports whether two texts can mean the same time, and whether both name one.
func (w when) overlaps(o when) (same, both bool) { return w&o != 0, w != 0 && o != 0 }

// Span is a time in the calendar: a day, an evening, or an instant where both ends are the
// same. The zero value is no time.
type Span struct{ From, To time.Time }

// moment is the time a text speaks of: the parts of the week, and where it names a date,
// that.
type moment struct {
	week     when
	from, to int32 // hours since 1970, to not included; 0 and 0 where no date is named
}

// week is how long a span may be and still say which days of the week are meant.
const week = 7 * 24 * time.Hour

// readMoment reads the time of a text, of which the span says more where there is one:
// "tomorrow evening" is an evening, and the span knows that it is Friday's.
func readMoment(text string, at Span) moment {
	m := moment{week: readWhen(text)}
	if at.From.IsZero() || at.To.Before(at.From) {
		return m
	}
	m.from = int32(at.From.Unix() / 3600)
	m.to = max(int32((at.To.Unix()+3599)/3600), m.from+1)
	if at.To.Sub(at.From) < week {
		m.week = at.week()
	}
	return m
}

// week is the parts of the week that a span of less than one touches.
func (s Span) week() when {
	var all when
	for t := s.From; ; t = t.Add(time.Hour) {
		day := (int(t.Weekday()) + 6) % 7 // Monday first
		all |= partAt(t.Hour()).on(1 << day)
		if !t.Add(time.Hour).Before(s.To) {
			return all
		}
	}
}

// partAt is the part of the day an hour of the clock lies in. The small hours are night.
func partAt(hour int) when {
	switch {
	case hour < 5 || hour >= 17:
		return evening
	case hour < 12:
		return morning
	}
	return afternoon
}

// overlaps reports whether two texts can mean the same time, and whether both name one.
// Two dates are compared as such, anything else by the parts of the week.
func (m moment) overlaps(o moment) (same, both bool) {
	if m.from > 0 && o.from > 0 {
		return m.from < o.to && o.from < m.to, true
	}
	return m.week.overlaps(o.week)
}

// readWhen reads the weekdays and parts of the day. What it can't place in the week, as
// "the 20th" or "before winter", it leaves out.
func readWhen(text string) when {
	var days days
	var parts when
	before := "" // the word before, where it may be the hour of an "am" or "pm"
	for w := range lexicon.Fold(text) {
		days |= daysOf(w)
		parts |= partOf(w) | partOfHour(w, "")
		if before != "" && (w == "am" || w == "pm") {
			parts |= partOfHour(before, w)
		}
		before = ""
		if w[0] <= '9' {
			before = w
		}
	}
	switch {
	case days == 0 && parts == 0:
		return 0
	case days == 0:
		days = everyDay
	case parts == 0:
		parts = anyTime
	}
	return parts.on(days)
}

// days is a set of weekdays, Monday being the lowest bit.
type days uint8

const (
	weekdays days = 1<<5 - 1
	weekend  days = 1<<5 | 1<<6
	everyDay      = weekdays | weekend
)

// on returns the parts of each of the days.
func (w when) on(d days) when {
	var all when
	for i := range 7 {
		if d&(1<<i) != 0 {
			all |= w << (i * dayBits)
		}
	}
	return all
}

// daysOf returns the days a word names.
func daysOf(w string) days {
	switch strings.TrimSuffix(w, "s") {
	case "weekday", "midweek":
		return weekdays
	case "weekend":
		return weekend
	case "mon", "monday":
		return 1
	case "tue", "tuesday":
		return 1 << 1
	case "wed", "wednesday":
		return 1 << 2
	case "thu", "thur", "thursday":
		return 1 << 3
	case "fri", "friday":
		return 1 << 4
	case "sat", "saturday":
		return 1 << 5
	case "sun", "sunday":
		return 1 << 6
	}
	return 0
}

func partOf(w string) when {
	switch strings.TrimSuffix(w, "s") {
	case "morning", "breakfast", "midday", "noon":
		return morning
	case "afternoon", "lunchtime":
		return afternoon
	case "evening", "night", "tonight", "midnight":
		return evening
	}
	return 0
}

// partOfHour reads "7pm", or "7" with its half of the day apart.
func partOfHour(hour, half string) when {
	if half == "" && len(hour) > 2 {
		hour, half = hour[:len(hour)-2], hour[len(hour)-2:]
	}
	if half != "am" && half != "pm" {
		return 0
	}
	switch n, err := strconv.Atoi(hour); {
	case err != nil || n < 1 || n > 12:
		return 0
	case half == "am" || n == 12:
		return morning
	case n < 6:
		return afternoon
	}
	return evening
}

// timeWord reports whether a word only says when.
func timeWord(w string) bool {
	if daysOf(w) != 0 || partOf(w) != 0 || partOfHour(w, "") != 0 {
		return true
	}
	switch w {
	case "today", "tomorrow", "january", "february", "march", "april", "june", "july", "august", "september", "october",
		"november", "december", "jan", "feb", "aug", "sept", "oct", "nov", "dec", "spring", "summer", "autumn", "winter",
		"weekly", "daily", "monthly", "fortnight", "am", "pm", "oclock":
		return true
	}
	return strings.Trim(w, "0123456789") == ""
}
