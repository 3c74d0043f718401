package community

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func dublin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Dublin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestQuiet(t *testing.T) {
	p := DefaultPolicy()
	zone := dublin(t)
	for clock, want := range map[string]bool{"20:59": false, "21:00": true, "23:59": true, "00:00": true, "07:59": true, "08:00": false, "12:00": false} {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-07-01 "+clock, zone)
		if err != nil {
			t.Fatal(err)
		}
		if p.Quiet(at) != want {
			t.Errorf("quiet at %s: %v", clock, !want)
		}
	}
	noon := time.Date(2026, 7, 1, 12, 0, 0, 0, zone)
	siesta := p
	siesta.QuietFrom, siesta.QuietUntil = 12, 15
	never := p
	never.QuietFrom, never.QuietUntil = 9, 9
	if !siesta.Quiet(noon) || siesta.Quiet(noon.Add(3*time.Hour)) || never.Quiet(noon) || never.Quiet(noon.Add(-3*time.Hour)) {
		t.Error("other quiet hours than those of the night")
	}
}

func TestSpent(t *testing.T) {
	zone := dublin(t)
	now := time.Date(2026, 3, 30, 9, 0, 0, 0, zone) // the clocks went forward the day before
	at := func(days, hour int) time.Time { return time.Date(2026, 3, 30+days, hour, 0, 0, 0, zone) }
	for name, c := range map[string]struct {
		sent []time.Time
		want bool
	}{
		"nothing yet":                   {nil, false},
		"one today":                     {[]time.Time{at(0, 8)}, true},
		"one late yesterday":            {[]time.Time{at(-1, 20)}, false},
		"two this week":                 {[]time.Time{at(-1, 9), at(-6, 9)}, false},
		"three this week":               {[]time.Time{at(-1, 9), at(-3, 9), at(-6, 8)}, true},
		"the third of them a week back": {[]time.Time{at(-1, 9), at(-3, 9), at(-7, 20)}, false},
		"an hour ahead of a clock":      {[]time.Time{at(0, 10)}, true},
		"by a clock that was wrong":     {[]time.Time{at(2, 9), at(365, 9)}, false},
	} {
		if Spent(c.sent, now) != c.want {
			t.Errorf("%s: want %v", name, c.want)
		}
	}
}

func TestDue(t *testing.T) {
	p := DefaultPolicy()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, dublin(t))
	later := now.Add(time.Hour)
	limit := Nudge{ID: 1, Kind: NudgeLimit, Letters: 200, Made: now.Add(-2 * time.Hour), BestBefore: later}
	reminder := Nudge{ID: 2, Kind: NudgeReminder, Letters: 200, Made: now, BestBefore: later}
	older := Nudge{ID: 3, Kind: NudgeReminder, Letters: 200, Made: now.Add(-time.Hour), BestBefore: later}
	stale := Nudge{ID: 4, Kind: NudgeReminder, Letters: 10, Made: now.Add(-day), BestBefore: now}
	long := Nudge{ID: 5, Kind: NudgeReminder, Letters: 2 * MaxNudgeLetter, Made: now.Add(-day), BestBefore: later}
	for name, c := range map[string]struct {
		waiting, deliver, drop []Nudge
		sent                   []time.Time
		at                     time.Time
	}{
		"the urgent first, then the older": {waiting: []Nudge{limit, reminder, older}, deliver: []Nudge{older, reminder, limit}, at: now},
		"what does not fit waits":          {waiting: []Nudge{limit, reminder, older, {ID: 6, Kind: NudgeIdea, Letters: 1, Made: now, BestBefore: later}}, deliver: []Nudge{older, reminder, limit}, at: now},
		"too long for one goes alone":      {waiting: []Nudge{long, reminder}, deliver: []Nudge{long}, at: now},
		"stale":                            {waiting: []Nudge{stale, limit}, deliver: []Nudge{limit}, drop: []Nudge{stale}, at: now},
		"had one today":                    {waiting: []Nudge{stale, limit}, drop: []Nudge{stale}, sent: []time.Time{now.Add(-time.Hour)}, at: now},
		"at night":                         {waiting: []Nudge{limit}, at: now.Add(-5 * time.Hour)},
		"nothing":                          {at: now},
	} {
		deliver, drop := p.Due(c.waiting, c.sent, c.at)
		if !slices.Equal(deliver, c.deliver) || !slices.Equal(drop, c.drop) {
			t.Errorf("%s: deliver %v, drop %v", name, deliver, drop)
		}
	}
}

// A person who is nudged at random hears at most one message a day and three in any week
// of seven days, nothing in quiet hours, nothing twice, nothing stale, and never the less
// urgent while something more urgent waits on.
func TestNobodyHearsTooMuch(t *testing.T) {
	zone := dublin(t)
	rules := NudgeRules()
	rapid.Check(t, func(t *rapid.T) {
		p := DefaultPolicy()
		p.QuietFrom, p.QuietUntil = rapid.IntRange(0, 23).Draw(t, "from"), rapid.IntRange(0, 23).Draw(t, "until")
		now := time.Date(2026, 3, 20, 0, 0, 0, 0, zone)
		var waiting []Nudge
		var sent []time.Time
		gone := map[int64]bool{}
		perDay := map[string]int{}
		for id := range int64(rapid.IntRange(1, 60).Draw(t, "events")) {
			if rapid.Bool().Draw(t, "new") {
				r := rapid.SampledFrom(rules).Draw(t, "kind")
				waiting = append(waiting, Nudge{ID: id, Kind: r.Kind, Letters: rapid.IntRange(1, 400).Draw(t, "letters"), Made: now, BestBefore: now.Add(r.Keeps)})
			}
			now = now.Add(time.Duration(rapid.IntRange(1, 1500).Draw(t, "minutes")) * time.Minute)
			deliver, drop := p.Due(waiting, sent, now)
			for _, n := range append(slices.Clone(deliver), drop...) {
				if gone[n.ID] {
					t.Fatalf("nudge %d goes twice", n.ID)
				}
				gone[n.ID] = true
			}
			before := waiting
			waiting = slices.DeleteFunc(slices.Clone(waiting), func(n Nudge) bool { return gone[n.ID] })
			if len(before) != len(waiting)+len(deliver)+len(drop) {
				t.Fatal("a nudge is lost")
			}
			if len(deliver) == 0 {
				continue
			}
			if p.Quiet(now) {
				t.Fatal("somebody is written to in quiet hours")
			}
			letters := 0
			for i, n := range deliver {
				letters += n.Letters
				if !now.Before(n.BestBefore) {
					t.Fatal("a stale nudge is delivered")
				}
				if i > 0 && letters > MaxNudgeLetter {
					t.Fatalf("%d letters in one message", letters)
				}
				_, rank, _ := NudgeRuleOf(n.Kind)
				for _, w := range waiting {
					if _, other, _ := NudgeRuleOf(w.Kind); other < rank {
						t.Fatalf("%s goes before %s", n.Kind, w.Kind)
					}
				}
			}
			sent = append(sent, now)
			perDay[now.Format(time.DateOnly)]++
			week := 0
			for i := range 7 {
				week += perDay[now.AddDate(0, 0, -i).Format(time.DateOnly)]
			}
			if perDay[now.Format(time.DateOnly)] > NudgesADay || week > NudgesAWeek {
				t.Fatalf("too much: %d on the day, %d in the week", perDay[now.Format(time.DateOnly)], week)
			}
		}
	})
}
