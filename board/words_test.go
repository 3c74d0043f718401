package board

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A slip of the finger costs little; a short or a foreign word finds nothing by chance.
func TestSpelling(t *testing.T) {
	x := NewIndex(loadLexicon(t))
	x.AddPost(Post{ID: 1, Kind: Offer, Author: 1, Text: "Strimming and hedge cutting", State: Open})
	x.AddPost(Post{ID: 2, Kind: Offer, Author: 2, Text: "Babysitting at night", State: Open})
	x.AddPost(Post{ID: 3, Kind: Offer, Author: 3, Text: "Zumbelwurz for the Quargelhof", State: Open})
	for text, want := range map[string]PostID{"strimmming": 1, "babysiter": 2, "babbysitting": 2, "my hegde": 1, "Zumbelwurtz": 3, "quargehlof": 3} {
		if ms := x.Match(Query{Kind: Request, Text: text}); len(ms) == 0 || ms[0].Post != want {
			t.Errorf("%q finds %+v, want %d", text, ms, want)
		}
	}
	for _, text := range []string{"hog", "xylophonist qqqqqqqq", "", "the for and"} {
		if ms := x.Match(Query{Kind: Request, Text: text}); len(ms) != 0 {
			t.Errorf("%q finds %+v", text, ms)
		}
	}
}

// A free search finds the beginnings of words, keeps to a kind and a category, lists
// everything from the newest where nothing is asked, and has pages.
func TestSearch(t *testing.T) {
	x := NewIndex(loadLexicon(t))
	day := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for i, p := range []Post{
		{Kind: Offer, Text: "Strimming verges", Category: "gardening"},
		{Kind: Request, Text: "Verge to be strimmed", Category: "gardening"},
		{Kind: Offer, Text: "Piano lessons", Category: "arts"},
		{Kind: Offer, Text: "Rose pruning", Category: "gardening"},
	} {
		p.ID, p.Author, p.Created = PostID(i+1), int64(i+1), day.AddDate(0, 0, i)
		x.AddPost(p)
	}
	x.AddTrade(PastTrade{ID: 1, Giver: 4, Receiver: 2, What: "strimming", At: day})
	for name, c := range map[string]struct {
		search Search
		want   string
	}{
		"everything, newest first": {Search{}, "4 3 2 1"},
		"one kind":                 {Search{Kind: Request}, "2"},
		"one category":             {Search{Category: "gardening", Kind: Offer}, "4 1"},
		"beginning of a word":      {Search{Text: "strimm", Kind: Offer}, "1"},
		"a shorter beginning":      {Search{Text: "pia"}, "3"},
		"too short a beginning":    {Search{Text: "pi"}, ""},
		"no beginning of another":  {Search{Text: "less", Category: "gardening"}, ""},
		"with trades":              {Search{Text: "strimming", Kind: Offer, Trades: true, Limit: 2}, "1 t1"},
		"page one":                 {Search{Limit: 2}, "4 3"},
		"page two":                 {Search{Limit: 2, Skip: 2}, "2 1"},
		"past the end":             {Search{Limit: 2, Skip: 9}, ""},
		"nothing":                  {Search{Text: "helicopters"}, ""},
		"without the absent":       {Search{Kind: Offer, Standing: func(m int64) Standing { return Standing{Absent: m == 4} }}, "3 1"},
	} {
		var got []string
		for _, m := range x.Search(c.search) {
			if m.Trade != 0 {
				got = append(got, fmt.Sprint("t", m.Trade))
				continue
			}
			got = append(got, fmt.Sprint(m.Post))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
		}
	}
}

// Dates are compared as dates where both are known; a date also lies on a day of the week.
func TestDates(t *testing.T) {
	day := func(d, from, to int) Span {
		return Span{time.Date(2026, 5, d, from, 0, 0, 0, time.UTC), time.Date(2026, 5, d, to, 0, 0, 0, time.UTC)}
	}
	fourteenth := day(14, 0, 24) // a Thursday
	for name, c := range map[string]struct {
		a, b       moment
		same, both bool
	}{
		"the same day":                 {readMoment("on the 14th", fourteenth), readMoment("the 14th in the evening", day(14, 17, 22)), true, true},
		"another day":                  {readMoment("on the 14th", fourteenth), readMoment("on the 21st", day(21, 0, 24)), false, true},
		"the same weekday, weeks on":   {readMoment("Thursday", fourteenth), readMoment("Thursday week", day(21, 0, 24)), false, true},
		"a date and a weekday":         {readMoment("on the 14th", fourteenth), readMoment("Thursdays", Span{}), true, true},
		"a date and another weekday":   {readMoment("on the 14th", fourteenth), readMoment("Fridays", Span{}), false, true},
		"an evening and mornings":      {readMoment("tomorrow evening", day(14, 17, 22)), readMoment("most mornings", Span{}), false, true},
		"an instant":                   {readMoment("at 3", day(14, 15, 15)), readMoment("weekday afternoons", Span{}), true, true},
		"a month says no part of it":   {readMoment("in June", Span{day(1, 0, 0).From, day(30, 0, 0).To}), readMoment("Fridays", Span{}), false, false},
		"no date and no day":           {readMoment("whenever", Span{}), readMoment("on the 14th", fourteenth), false, false},
		"a span that ends too early":   {readMoment("", Span{fourteenth.To, fourteenth.From}), readMoment("Fridays", Span{}), false, false},
		"the last hour of the evening": {readMoment("", day(14, 21, 22)), readMoment("", day(14, 22, 23)), false, true},
	} {
		if same, both := c.a.overlaps(c.b); same != c.same || both != c.both {
			t.Errorf("%s: %v %v", name, same, both)
		}
	}
}

// The same thing said twice is found, the same words for another day or by somebody else aren't.
func TestDuplicate(t *testing.T) {
	x := NewIndex(loadLexicon(t))
	x.AddPost(Post{ID: 1, Kind: Request, Author: 1, Text: "Need somebody to mow the lawn", State: Open})
	x.AddPost(Post{ID: 2, Kind: Request, Author: 1, Text: "Babysitter for Saturday night", State: Open})
	x.AddPost(Post{ID: 3, Kind: Offer, Author: 1, Text: "Bread making lessons", State: Open})
	for text, want := range map[string]PostID{
		"lawn mowing, please":                1,
		"Could anyone mow my lawn":           1,
		"babysitter Saturday night":          2,
		"babysitter on Tuesday night":        0,
		"hedge cutting":                      0,
		"Bread making lessons":               0, // an offer of theirs, not a request
		"zork":                               0,
		"":                                   0,
		"mow the lawn and clean the gutters": 0,
	} {
		got, ok := x.Duplicate(Post{Kind: Request, Author: 1, Text: text})
		if ok != (want != 0) || ok && got.Post != want {
			t.Errorf("%q: got %+v %v, want %d", text, got, ok, want)
		}
	}
	if got, ok := x.Duplicate(Post{Kind: Request, Author: 2, Text: "mow the lawn"}); ok {
		t.Errorf("another member's post: %+v", got)
	}
	if got, ok := x.Duplicate(Post{ID: 1, Kind: Request, Author: 1, Text: "Need somebody to mow the lawn"}); ok {
		t.Errorf("the post itself: %+v", got)
	}
}

func TestReadWhen(t *testing.T) {
	for text, want := range map[string]when{
		"":                          0,
		"the 20th, before winter":   0,
		"Saturdays":                 anyTime.on(1 << 5),
		"weekday mornings":          morning.on(weekdays),
		"Fri/Sat nights":            evening.on(1<<4 | 1<<5),
		"2-5 pm":                    afternoon.on(everyDay),
		"Tuesday at 10am":           morning.on(1 << 1),
		"weekends":                  anyTime.on(weekend),
		"Wed evening or Thurs 12pm": (evening | morning).on(1<<2 | 1<<3),
	} {
		if got := readWhen(text); got != want {
			t.Errorf("%q: got %021b, want %021b", text, got, want)
		}
	}
	if same, both := readWhen("Saturday").overlaps(readWhen("weekends")); !same || !both {
		t.Error("Saturday is at the weekend")
	}
	if same, both := readWhen("Saturday").overlaps(0); same || both {
		t.Error("no time is not the same time")
	}
}

func TestSlips(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"strim", "strim", 2, 0}, {"strim", "strimm", 2, 1}, {"strim", "srtim", 2, 1}, {"strim", "strip", 2, 1}, {"strim", "swim", 2, 2},
		{"strim", "mow", 2, 3}, {"strim", "stream", 2, 2}, {"a", "", 1, 1}, {"", "", 1, 0}, {"babysitter", "babbysiter", 2, 2},
	} {
		if got := slips(c.a, c.b, c.limit); got != c.want {
			t.Errorf("%s, %s: got %d, want %d", c.a, c.b, got, c.want)
		}
		if got := slips(c.b, c.a, c.limit); got != c.want {
			t.Errorf("%s, %s: got %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
