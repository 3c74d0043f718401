package community

import (
	"slices"
	"time"

	"communityconnect/ledger"
)

// Dealing is a trade that stands in the books, as one of its sides sees it.
type Dealing struct {
	With    ledger.AccountID
	Minutes ledger.Minutes
}

// Opens reports whether a newcomer's limits open: long enough after joining, and after
// trades enough with people who are neither newcomers nor sponsors. The members are all
// there are; sponsors are those who vouched for the newcomer.
func (p Policy) Opens(m Member, dealings []Dealing, sponsors []MemberID, members []Member, now time.Time) bool {
	if m.Status != Newcomer || now.Before(m.Joined.AddDate(0, 0, p.NewcomerDays)) {
		return false
	}
	var counts []ledger.AccountID // whose trades count
	for _, other := range members {
		if other.Status == Full {
			counts = append(counts, other.Account)
		}
	}
	for _, other := range members { // a household counts with its sponsor or not at all
		if slices.Contains(sponsors, other.ID) || other.Account == m.Account {
			counts = slices.DeleteFunc(counts, func(a ledger.AccountID) bool { return a == other.Account })
		}
	}
	trades, help := 0, ledger.Minutes(0)
	people := map[ledger.AccountID]bool{}
	for _, d := range dealings {
		if slices.Contains(counts, d.With) {
			trades, help, people[d.With] = trades+1, help+d.Minutes, true
		}
	}
	return trades >= p.NewcomerTrades && help >= p.NewcomerHelp && len(people) >= p.NewcomerPeople
}
