package nlp_test

import (
	"testing"
	"time"

	"communityconnect/nlp"
)

// Words for a time resolve to the span people mean, seen from a Wednesday afternoon.
func TestResolveWhen(t *testing.T) {
	dublin, err := time.LoadLocation("Europe/Dublin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 5, 20, 15, 30, 0, 0, dublin) // a Wednesday
	const form = "Mon 2 Jan 15:04"
	for words, want := range map[string][2]string{
		"Saturday":                 {"Sat 23 May 00:00", "Sun 24 May 00:00"},
		"on Saturday morning":      {"Sat 23 May 08:00", "Sat 23 May 12:00"},
		"Wednesday":                {"Wed 20 May 00:00", "Thu 21 May 00:00"},
		"tomorrow evening":         {"Thu 21 May 17:00", "Thu 21 May 22:00"},
		"tonight":                  {"Wed 20 May 18:00", "Thu 21 May 00:00"},
		"Friday week":              {"Fri 29 May 00:00", "Sat 30 May 00:00"},
		"next Tuesday at 3":        {"Tue 26 May 15:00", "Tue 26 May 15:00"},
		"next Friday":              {"Fri 29 May 00:00", "Sat 30 May 00:00"},
		"this Friday":              {"Fri 22 May 00:00", "Sat 23 May 00:00"},
		"24 May":                   {"Sun 24 May 00:00", "Mon 25 May 00:00"},
		"the 24th of May":          {"Sun 24 May 00:00", "Mon 25 May 00:00"},
		"May 24th":                 {"Sun 24 May 00:00", "Mon 25 May 00:00"},
		"on the 14th":              {"Sun 14 Jun 00:00", "Mon 15 Jun 00:00"},
		"Saturday 30th":            {"Sat 30 May 00:00", "Sun 31 May 00:00"},
		"this weekend":             {"Sat 23 May 00:00", "Mon 25 May 00:00"},
		"next weekend":             {"Sat 30 May 00:00", "Mon 1 Jun 00:00"},
		"next week":                {"Mon 25 May 00:00", "Mon 1 Jun 00:00"},
		"Tuesday next week":        {"Tue 26 May 00:00", "Wed 27 May 00:00"},
		"Thursday to Sunday":       {"Thu 21 May 00:00", "Mon 25 May 00:00"},
		"Saturday week, 7 till 11": {"Sat 30 May 19:00", "Sat 30 May 23:00"},
		"Friday 2-4pm":             {"Fri 22 May 14:00", "Fri 22 May 16:00"},
		"Friday at half two":       {"Fri 22 May 14:30", "Fri 22 May 14:30"},
		"Sunday at 10":             {"Sun 24 May 10:00", "Sun 24 May 10:00"},
		"Friday evening at 8":      {"Fri 22 May 20:00", "Fri 22 May 20:00"},
		"Friday morning around 8":  {"Fri 22 May 08:00", "Fri 22 May 08:00"},
		"at 7pm":                   {"Wed 20 May 19:00", "Wed 20 May 19:00"},
		"yesterday":                {"Tue 19 May 00:00", "Wed 20 May 00:00"},
		"last night":               {"Tue 19 May 18:00", "Wed 20 May 00:00"},
		"last Monday":              {"Mon 18 May 00:00", "Tue 19 May 00:00"},
		"day after tomorrow":       {"Fri 22 May 00:00", "Sat 23 May 00:00"},
	} {
		from, to, ok := nlp.ResolveWhen(words, now)
		if !ok || from.Format(form) != want[0] || to.Format(form) != want[1] {
			t.Errorf("ResolveWhen(%q) = %v, %v, %v; want %v", words, from.Format(form), to.Format(form), ok, want)
		}
	}
}

// Words that leave the day open resolve to nothing rather than to a guess.
func TestResolveWhenKeepsOpen(t *testing.T) {
	now := time.Date(2026, 5, 20, 15, 30, 0, 0, time.UTC)
	for _, words := range []string{"", "any evening", "most Saturdays", "Saturdays", "after school", "Friday or Saturday nights",
		"weekday evenings", "31 June", "soon", "in August", "till September", "evening", "🌞"} {
		if from, to, ok := nlp.ResolveWhen(words, now); ok {
			t.Errorf("ResolveWhen(%q) = %v, %v", words, from, to)
		}
	}
}

// A day lasts from midnight to midnight of the zone, also when the clocks change.
func TestResolveWhenAcrossSummerTime(t *testing.T) {
	dublin, err := time.LoadLocation("Europe/Dublin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		now   time.Time
		hours time.Duration
	}{
		{time.Date(2026, 3, 27, 12, 0, 0, 0, dublin), 23}, // clocks go forward on Sunday the 29th
		{time.Date(2026, 10, 23, 12, 0, 0, 0, dublin), 25},
	} {
		from, to, ok := nlp.ResolveWhen("Sunday", c.now)
		if !ok || to.Sub(from) != c.hours*time.Hour || from.Hour() != 0 || to.Hour() != 0 {
			t.Errorf("from %v: %v to %v", c.now, from, to)
		}
		at, _, ok := nlp.ResolveWhen("Sunday at 3pm", c.now)
		if !ok || at.Hour() != 15 {
			t.Errorf("from %v: 3pm is %v", c.now, at)
		}
	}
}
