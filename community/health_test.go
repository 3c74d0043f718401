package community

import (
	"slices"
	"testing"
	"time"

	"communityconnect/ledger"
)

func TestExamine(t *testing.T) {
	zone := dublin(t)
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, zone) // a Wednesday, three days after the clocks went forward
	at := func(d, hour int) time.Time { return time.Date(2026, 4, 1+d, hour, 0, 0, 0, zone) }
	h := Examine(Figures{
		Deeds: []Deed{
			{1, 2, 120, at(-40, 9)}, {1, 3, 60, at(-9, 9)},
			{2, 1, 30, at(-3, 23)},                       // Sunday, the last hour of its week
			{3, 1, 90, at(-2, 0)}, {1, 2, 300, at(0, 9)}, // Monday, the first hour
		},
		Needs: []Need{
			{Category: "moving", Created: at(-9, 9), Taken: at(-9, 11), Open: true},
			{Category: "pets", Created: at(-9, 9), Taken: at(-8, 9)},
			{Category: "pets", Created: at(-9, 9), Taken: at(-5, 9)},
			{Category: "pets", Created: at(-9, 9), Open: true},
			{Category: "arts", Created: at(-9, 9), Open: true},
			{Category: "arts", Created: at(-8, 9), Open: true},
			{Category: "tech", Created: at(-9, 9)}, // expired
		},
		Positions: []Position{
			{Account: 1, Balance: 300, Floor: -600, Ceiling: 400, Since: at(-200, 0), Latest: at(0, 9)},
			{Account: 2, Balance: -450, Floor: -600, Ceiling: 400, Since: at(-200, 0), Latest: at(0, 9)},
			{Account: 3, Balance: -449, Floor: -600, Ceiling: 400, Since: at(-200, 0), Latest: at(-9, 9)},
			{Account: 4, Since: at(-200, 0)},                                       // never seen
			{Account: 5, Since: at(-80, 0)},                                        // not here for long
			{Account: 6, Since: at(-200, 0), Latest: at(-95, 0)},                   // silent by now
			{Account: 7, Balance: 150, Floor: -600, Ceiling: 0, Since: at(-20, 0)}, // no ceiling to be near to
		},
		OldestCase: at(-12, 12),
	}, now)
	last := h.Weeks[len(h.Weeks)-2:]
	if len(h.Weeks) != HealthWeeks || last[0] != (Week{at(-9, 0), 2, 90}) || last[1] != (Week{at(-2, 0), 2, 390}) {
		t.Errorf("weeks: %v", last)
	}
	if h.Households != 7 || h.Active != 3 {
		t.Errorf("%d of %d are active", h.Active, h.Households)
	}
	if want := []Frequency{{"arts", 2}, {"pets", 1}}; !slices.Equal(h.Unmet, want) {
		t.Errorf("unmet: %v", h.Unmet)
	}
	accounts := func(name string, got []ledger.AccountID, want ...ledger.AccountID) {
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	accounts("near the floor", h.NearFloor, 2)
	accounts("near the ceiling", h.NearCeiling, 1)
	accounts("silent", h.Silent, 4, 6)
	if h.Givers != 3 || h.Busiest != 1 || h.BusiestShare != 480.0/600 {
		t.Errorf("%d of %d gave %v", h.Busiest, h.Givers, h.BusiestShare)
	}
	if h.Matched != 3 || h.ToMatch != 24*time.Hour || h.OldestCase.Round(time.Hour) != 12*day-time.Hour {
		t.Errorf("%d matched in %v, the oldest case %v", h.Matched, h.ToMatch, h.OldestCase)
	}
}

// An empty community is no trouble.
func TestExamineNothing(t *testing.T) {
	h := Examine(Figures{}, time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC))
	if len(h.Weeks) != HealthWeeks || h.Active+h.Matched+h.Givers+h.Busiest != 0 || h.BusiestShare != 0 {
		t.Errorf("%+v", h)
	}
}
