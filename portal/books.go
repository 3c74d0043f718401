package portal

import (
	"strconv"

	"communityconnect/ledger"
)

// What the page about the books shows.
const (
	journalLines = 30
)

// booksPage is what anybody may check: that all balances add up to zero, and the newest
// hash, which covers everything before it.
type booksPage struct {
	Sum     string
	Entries int64
	Head    string
	Weeks   chart
	Journal []journalLine
	Older   int64 // the number below which the next page begins; 0 for none
}

// journalLine is an entry without names. Everybody gets a new number in every entry: by
// numbers that stay, even for a page, whoever knows an entry of somebody's could find the
// others and add up what is nobody else's to know.
type journalLine struct {
	Seq      int64
	Day      string
	From, To string
	Amount   string // "" where it would tell what somebody had
	Kind     string
	Hash     string
}

func (v *visit) books() (any, error) {
	var b booksPage
	seq, head, err := v.tx.Head()
	if err != nil {
		return nil, err
	}
	sum, err := v.tx.Sum()
	if err != nil {
		return nil, err
	}
	b.Sum, b.Entries, b.Head = sum.String(), seq, head.Short()
	if b.Weeks, err = v.weeks("Entries in the books, week by week", v.tx.TransfersBefore); err != nil {
		return nil, err
	}
	last := seq
	if n, err := strconv.ParseInt(v.r.URL.Query().Get("before"), 10, 64); err == nil && n > 0 {
		last = min(last, n-1)
	}
	transfers, err := v.tx.Journal(last, journalLines)
	if err != nil {
		return nil, err
	}
	people := 0
	number := func(a ledger.AccountID) string {
		switch a {
		case ledger.Commons:
			return "the commons"
		case v.me.Account:
			return "you"
		}
		people++
		return "person " + strconv.Itoa(people)
	}
	for _, t := range transfers {
		b.Journal = append(b.Journal, journalLine{
			Seq: t.Seq, Day: v.read.Day(t.At), From: number(t.From), To: number(t.To), Amount: v.journalAmount(t), Kind: string(t.Kind), Hash: t.Hash.Short(),
		})
		b.Older = t.Seq
	}
	if b.Older <= 1 {
		b.Older = 0
	}
	return b, nil
}

// journalAmount is how much an entry is about. What somebody gave away or left behind on
// leaving is often all that they had, and the day would tell of whom.
func (v *visit) journalAmount(t ledger.Transfer) string {
	own := t.From == v.me.Account || t.To == v.me.Account
	commons := t.From == ledger.Commons || t.To == ledger.Commons
	if !own && (t.Kind == ledger.OfGift || commons && t.Kind != ledger.OfGrant) {
		return ""
	}
	return t.Minutes.String()
}
