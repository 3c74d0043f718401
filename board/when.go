package board

import (
	"slices"
	"strconv"
	"strings"

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
	allWeek = when(1<<(7*dayBits) - 1)
)

func (w when) on(days ...int) when {
	var all when
	for _, d := range days {
		all |= w << (d * dayBits)
	}
	return all
}

// overlaps reports whether two texts can mean the same time, and whether both name one.
func (w when) overlaps(o when) (same, both bool) { return w&o != 0, w != 0 && o != 0 }

// readWhen reads the weekdays and parts of the day. What it can't place in the week, as
// "the 20th" or "before winter", it leaves out.
func readWhen(text string) when {
	var days []int
	var parts when
	words := lexicon.Words(text)
	for i, w := range words {
		switch found := daysOf(w.Text); {
		case found != nil:
			days = append(days, found...)
		case i+1 < len(words) && (words[i+1].Text == "am" || words[i+1].Text == "pm"):
			parts |= partOfHour(w.Text + words[i+1].Text)
		default:
			parts |= partOf(w.Text) | partOfHour(w.Text)
		}
	}
	switch {
	case days == nil && parts == 0:
		return 0
	case days == nil:
		days = []int{0, 1, 2, 3, 4, 5, 6}
	case parts == 0:
		parts = anyTime
	}
	return parts.on(days...)
}

// daysOf returns the days a word names, Monday being 0, nil for any other word.
func daysOf(w string) []int {
	switch w {
	case "weekday", "weekdays", "midweek":
		return []int{0, 1, 2, 3, 4}
	case "weekend", "weekends":
		return []int{5, 6}
	}
	for i, names := range [7]string{"mon monday", "tue tues tuesday", "wed weds wednesday", "thu thur thurs thursday", "fri friday", "sat saturday", "sun sunday"} {
		if slices.Contains(strings.Fields(names), strings.TrimSuffix(w, "s")) || slices.Contains(strings.Fields(names), w) {
			return []int{i}
		}
	}
	return nil
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

// partOfHour reads "7pm".
func partOfHour(w string) when {
	half := ""
	if len(w) > 2 {
		w, half = w[:len(w)-2], w[len(w)-2:]
	}
	hour, err := strconv.Atoi(w)
	switch {
	case err != nil || hour < 1 || hour > 12 || half != "am" && half != "pm":
		return 0
	case half == "am" || hour == 12:
		return morning
	case hour < 6:
		return afternoon
	}
	return evening
}

// timeWord reports whether a word only says when.
func timeWord(w string) bool {
	if daysOf(w) != nil || partOf(w) != 0 || partOfHour(w) != 0 {
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
