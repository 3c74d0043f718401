package community

import (
	"cmp"
	"slices"
	"time"

	"communityconnect/ledger"
)

// Deed is help that is in the books, as the figures need it.
type Deed struct {
	Giver    ledger.AccountID
	Receiver ledger.AccountID
	Minutes  ledger.Minutes
	At       time.Time // when it was posted
}

// Need is a request, as the figures need it.
type Need struct {
	Category string
	Created  time.Time
	Taken    time.Time // when somebody first came forward; zero while nobody has
	Open     bool
}

// Position is where a household's account stands, as the figures need it.
type Position struct {
	Account ledger.AccountID
	Balance ledger.Minutes
	Floor   ledger.Minutes
	Ceiling ledger.Minutes
	Since   time.Time // when its first member joined
	Latest  time.Time // of its last trade or post; zero for none
}

// Figures are what a community's health is read off.
type Figures struct {
	Deeds      []Deed // of the last HealthWeeks
	Needs      []Need // made in that time, or still open
	Positions  []Position
	OldestCase time.Time // when the oldest open case was opened; zero for none
}

// HealthWeeks is how far back the figures look.
const HealthWeeks = 12

// When somebody counts as near a limit, as taking part, and as silent.
const (
	NearLimit    = 0.75
	activeWithin = 30 * day
	SilentAfter  = 90 * day
)

// Health is how a community does.
type Health struct {
	Weeks        []Week // oldest first, the last one still running
	Households   int
	Active       int         // that gave or got help in the last 30 days
	Unmet        []Frequency // open requests for which nobody has come, by category, most first
	NearFloor    []ledger.AccountID
	NearCeiling  []ledger.AccountID
	Silent       []ledger.AccountID // no trade and no post for 90 days
	Givers       int                // households that gave any help
	Busiest      int                // a fifth of those, at least one
	BusiestShare float64            // what part of the hours those gave, 0 to 1
	Matched      int                // requests for which somebody came
	ToMatch      time.Duration      // the median time until then
	OldestCase   time.Duration      // 0 for none
}

// Week is what was recorded in one week, from Monday.
type Week struct {
	Start   time.Time
	Trades  int
	Minutes ledger.Minutes
}

// Frequency is how often something occurs.
type Frequency struct {
	Name string
	N    int
}

// Examine reads the figures at now, which has to be in the community's time zone.
func Examine(f Figures, now time.Time) Health {
	h := Health{Weeks: weeks(f.Deeds, now), Households: len(f.Positions)}
	active, given := map[ledger.AccountID]bool{}, map[ledger.AccountID]ledger.Minutes{}
	for _, d := range f.Deeds {
		given[d.Giver] += d.Minutes
		if now.Sub(d.At) < activeWithin {
			active[d.Giver], active[d.Receiver] = true, true
		}
	}
	for _, p := range f.Positions {
		if active[p.Account] {
			h.Active++
		}
		if p.Nearness() <= -NearLimit {
			h.NearFloor = append(h.NearFloor, p.Account)
		}
		if p.Nearness() >= NearLimit {
			h.NearCeiling = append(h.NearCeiling, p.Account)
		}
		if now.Sub(p.Since) > SilentAfter && now.Sub(p.Latest) > SilentAfter {
			h.Silent = append(h.Silent, p.Account)
		}
	}
	h.concentration(given)
	h.needs(f.Needs)
	if !f.OldestCase.IsZero() {
		h.OldestCase = now.Sub(f.OldestCase)
	}
	return h
}

// Nearness is where a balance lies between its floor (-1) and its ceiling (1), zero being
// in the middle whatever the two are.
func (p Position) Nearness() float64 {
	switch {
	case p.Balance < 0 && p.Floor < 0:
		return max(-1, -float64(p.Balance)/float64(p.Floor))
	case p.Balance > 0 && p.Ceiling > 0:
		return min(1, float64(p.Balance)/float64(p.Ceiling))
	}
	return 0
}

func weeks(deeds []Deed, now time.Time) []Week {
	y, m, d := now.Date()
	monday := d - (int(now.Weekday())+6)%7
	all := make([]Week, HealthWeeks)
	for i := range all {
		all[i].Start = time.Date(y, m, monday-7*(HealthWeeks-1-i), 0, 0, 0, 0, now.Location())
	}
	for _, deed := range deeds {
		for i := len(all) - 1; i >= 0; i-- {
			if !deed.At.Before(all[i].Start) {
				all[i].Trades++
				all[i].Minutes += deed.Minutes
				break
			}
		}
	}
	return all
}

// concentration finds what part of the hours the busiest fifth of those who helped gave.
func (h *Health) concentration(given map[ledger.AccountID]ledger.Minutes) {
	var amounts []ledger.Minutes
	var all, most ledger.Minutes
	for _, m := range given {
		amounts = append(amounts, m)
		all += m
	}
	slices.SortFunc(amounts, func(a, b ledger.Minutes) int { return cmp.Compare(b, a) })
	h.Givers = len(amounts)
	h.Busiest = (len(amounts) + 4) / 5
	for _, m := range amounts[:h.Busiest] {
		most += m
	}
	if all > 0 {
		h.BusiestShare = float64(most) / float64(all)
	}
}

func (h *Health) needs(needs []Need) {
	var unmet []string
	var waits []time.Duration
	for _, n := range needs {
		switch {
		case !n.Taken.IsZero():
			waits = append(waits, n.Taken.Sub(n.Created))
		case n.Open:
			unmet = append(unmet, n.Category)
		}
	}
	h.Unmet = CountEach(unmet)
	slices.Sort(waits)
	if h.Matched = len(waits); h.Matched > 0 {
		h.ToMatch = (waits[(len(waits)-1)/2] + waits[len(waits)/2]) / 2
	}
}

// CountEach counts how often each name occurs, the most frequent first.
func CountEach(names []string) []Frequency {
	var all []Frequency
	for _, name := range names {
		i := slices.IndexFunc(all, func(c Frequency) bool { return c.Name == name })
		if i < 0 {
			all = append(all, Frequency{Name: name})
			i = len(all) - 1
		}
		all[i].N++
	}
	slices.SortFunc(all, func(a, b Frequency) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name)) })
	return all
}
