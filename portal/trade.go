package portal

import (
	"communityconnect/bot"
	"communityconnect/community"
	"communityconnect/ledger"
)

// tradeView is a trade as one of its sides, or who logged it, sees it.
type tradeView struct {
	ID       int64
	Version  int
	Giver    string
	Receiver string
	Other    string // the other side
	Amount   string
	What     string
	Day      string
	State    string // in words
	Gave     bool   // the member's household did
	Outlook  string // where a yes would leave them
	Until    string // when it lapses
	Mine     bool   // it waits for the member
	Open     bool

	MayCancel, MayUndo, MayDispute bool
}

func (v *visit) tradeView(t ledger.Trade, a ledger.Account) tradeView {
	giver, receiver := v.read.Holder(t.Giver), v.read.Holder(t.Receiver)
	view := tradeView{
		ID: int64(t.ID), Version: t.Version, Giver: v.read.Name(giver), Receiver: v.read.Name(receiver), Amount: t.Minutes.String(),
		What: t.What.Body, Day: v.read.Day(t.Created), Until: v.date(t.Expires), Open: t.State == ledger.Proposed,
		State: map[ledger.TradeState]string{
			ledger.Proposed: "waiting to be confirmed", ledger.Posted: "in the books", ledger.Declined: "declined", ledger.Cancelled: "taken back",
			ledger.Expired: "lapsed: nobody answered in time", ledger.Disputed: "being looked at", ledger.Reversed: "undone",
		}[t.State],
		MayCancel: t.State == ledger.Proposed && t.LoggedBy == a.ID,
		MayUndo:   t.State == ledger.Posted && t.Party(a.ID),

		MayDispute: t.State == ledger.Posted && t.Party(a.ID) && v.read.May("dispute", bot.InDM),
	}
	if view.What == "" {
		view.What = "(erased)"
	}
	switch a.ID {
	case t.Giver:
		view.Other = view.Receiver
		view.Gave = true
		view.Outlook = outlook(a.Balance, a.Balance+t.Minutes)
	case t.Receiver:
		view.Other = view.Giver
		view.Outlook = outlook(a.Balance, a.Balance-t.Minutes)
	}
	view.Mine = view.Open && t.Party(a.ID) && !t.Confirmed(a.ID)
	return view
}

// asking is a question about a trade, and the page it is asked on.
type asking struct {
	T    tradeView
	Back string
}

func outlook(now, then ledger.Minutes) string {
	return "Your balance would go from " + now.Signed() + " to " + then.Signed() + "."
}

// title is the page's.
func (t tradeView) title() string { return t.Giver + " helped " + t.Receiver }

// trade is one trade, for its sides and for who logged it; for anybody else there is none.
func (v *visit) trade() (any, error) {
	id, err := v.pathNumber()
	if err != nil {
		return nil, err
	}
	t, err := v.tx.Trade(ledger.TradeID(id))
	if ledger.CodeOf(err) == ledger.UnknownTrade {
		return nil, errNotThere
	}
	if err != nil {
		return nil, err
	}
	if !t.Party(v.me.Account) && t.LoggedBy != v.me.Account {
		return nil, errNotThere
	}
	a, err := v.tx.Account(v.me.Account)
	return v.tradeView(t, a), err
}

// recordPage is the form for help that was given or got.
type recordPage struct {
	People []personOption
	MayGot bool
}

type personOption struct {
	ID   int64
	Name string
}

// choice is a list of people of whom one may be chosen already.
type choice struct {
	People []personOption
	Chosen string // a number; "" for nobody
}

func (v *visit) record() (any, error) {
	return recordPage{People: v.others(), MayGot: v.read.May("got", bot.InDM)}, nil
}

// others are the people one can trade with.
func (v *visit) others() []personOption {
	var all []personOption
	for _, m := range v.read.Members() {
		if m.Account != v.me.Account && (m.Active() || m.Status == community.Suspended) {
			all = append(all, personOption{int64(m.ID), m.Name})
		}
	}
	sortByName(all)
	return all
}
