package community

import (
	"testing"

	"pgregory.net/rapid"

	"communityconnect/ledger"
)

// neighbourhood: 2 is the newcomer, 3 their sponsor, who shares an account with 4; 5 and
// 6 are members, 7 is another newcomer, 8 has left.
var neighbourhood = []Member{
	{ID: 2, Account: 2, Status: Newcomer, Joined: noon}, {ID: 3, Account: 3, Status: Full}, {ID: 4, Account: 3, Status: Full},
	{ID: 5, Account: 5, Status: Full}, {ID: 6, Account: 6, Status: Full}, {ID: 7, Account: 7, Status: Newcomer}, {ID: 8, Account: 8, Status: Former},
}

func TestOpens(t *testing.T) {
	hour := ledger.Hour
	for name, c := range map[string]struct {
		days     int
		dealings []Dealing
		want     bool
	}{
		"three trades, two people, three hours": {30, []Dealing{{5, hour}, {5, hour}, {6, hour}}, true},
		"a day too soon":                        {29, []Dealing{{5, hour}, {5, hour}, {6, hour}}, false},
		"a minute too little":                   {30, []Dealing{{5, hour}, {5, hour}, {6, hour - 1}}, false},
		"only two trades":                       {30, []Dealing{{5, 2 * hour}, {6, 2 * hour}}, false},
		"only one person":                       {30, []Dealing{{5, hour}, {5, hour}, {5, hour}}, false},
		"one of them with the sponsor":          {30, []Dealing{{5, hour}, {3, hour}, {6, hour}}, false},
		"and three beside that":                 {30, []Dealing{{5, hour}, {3, hour}, {6, hour}, {6, hour}}, true},
		"one of them with a newcomer":           {30, []Dealing{{5, hour}, {7, hour}, {6, hour}}, false},
		"one of them with somebody who left":    {30, []Dealing{{5, hour}, {8, hour}, {6, hour}}, false},
		"one of them with the commons":          {30, []Dealing{{5, hour}, {ledger.Commons, hour}, {6, hour}}, false},
		"nothing at all":                        {300, nil, false},
	} {
		got := DefaultPolicy().Opens(neighbourhood[0], c.dealings, []MemberID{3}, neighbourhood, noon.AddDate(0, 0, c.days))
		if got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	dealings := []Dealing{{5, hour}, {5, hour}, {6, hour}}
	for _, m := range neighbourhood[1:] {
		if m.Status != Newcomer && DefaultPolicy().Opens(m, dealings, nil, neighbourhood, noon.AddDate(1, 0, 0)) {
			t.Errorf("the limits of a %s open", m.Status)
		}
	}
}

// More trades and more days never close what was open.
func TestOpensStaysOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var dealings []Dealing
		p := DefaultPolicy()
		open := false
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			dealings = append(dealings, Dealing{With: ledger.AccountID(rapid.IntRange(1, 8).Draw(t, "with")), Minutes: ledger.Minutes(rapid.IntRange(1, 200).Draw(t, "minutes"))})
			now := p.Opens(neighbourhood[0], dealings, []MemberID{3}, neighbourhood, noon.AddDate(0, 0, p.NewcomerDays+len(dealings)))
			if open && !now {
				t.Fatalf("closed by %v", dealings)
			}
			open = now
		}
	})
}
