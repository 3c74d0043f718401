package portal

import (
	"communityconnect/board"
	"communityconnect/bot"
	"communityconnect/community"
	"communityconnect/ledger"
)

// How much of each the first page shows, so that it stays one for a phone. What else waits
// is named with a link, as far as there is room, and comes up as the first is answered.
const (
	homeEntries = 5
	homeWaits   = 8
	homeNamed   = 30
	homePosts   = 8
)

// homePage is what somebody sees first: where they stand, and what waits for them.
type homePage struct {
	Gauge    gauge
	Waits    []tradeView // for me
	Named    []tradeView // for me, too
	Asked    []bot.Waiting
	MoreAsks int         // besides those in Named and Asked
	Others   []tradeView // for somebody else
	MoreElse int
	Entries  []entryView
	Posts    []postView
	AllPosts int
	MyPage   int64
	Seconds  int // what waits for a second of the council
	Password bool
	Leaving  bool
}

// gauge shows where a balance lies between its limits.
type gauge struct {
	Balance, Floor, Ceiling string
	Down, Up                string // how much help one may still get, and give
	Reserved                string // what is still waiting to be confirmed
	Zero, At                int    // in thousandths of the way from floor to ceiling
	X, W, Mark              int    // the bar from zero to the balance, and the middle of the mark
	Near                    string // "floor", "ceiling" or ""
}

// nearLimit is the share of the way to a limit from which on it is said to be near.
const nearLimit = 0.75

// gaugeMark is half of what the mark of the balance is wide.
const gaugeMark = 20

func newGauge(a ledger.Account, r ledger.Reserved) gauge {
	g := gauge{Balance: a.Balance.Signed(), Floor: a.Floor.Signed(), Ceiling: a.Ceiling.Signed(), Down: a.RoomDown(r).String(), Up: a.RoomUp(r).String()}
	switch {
	case r.Up > 0 && r.Down > 0:
		g.Reserved = r.Up.Signed() + " and " + (-r.Down).Signed()
	case r.Up > 0:
		g.Reserved = r.Up.Signed()
	case r.Down > 0:
		g.Reserved = (-r.Down).Signed()
	}
	whole := max(1, int64(a.Ceiling-a.Floor))
	at := func(m ledger.Minutes) int { return int(min(1000, max(0, 1000*int64(m-a.Floor)/whole))) }
	g.Zero, g.At = at(0), at(a.Balance)
	g.X, g.W = min(g.Zero, g.At), max(g.Zero, g.At)-min(g.Zero, g.At)
	g.Mark = min(1000-gaugeMark, max(gaugeMark, g.At))
	switch {
	case a.Floor < 0 && float64(a.Balance) <= nearLimit*float64(a.Floor):
		g.Near = "floor"
	case a.Ceiling > 0 && float64(a.Balance) >= nearLimit*float64(a.Ceiling):
		g.Near = "ceiling"
	}
	return g
}

func (v *visit) home() (any, error) {
	var h homePage
	a, err := v.tx.Account(v.me.Account)
	if err != nil {
		return nil, err
	}
	reserved, err := v.tx.Reserved(a.ID, 0)
	if err != nil {
		return nil, err
	}
	h.Gauge = newGauge(a, reserved)
	if _, h.Leaving = v.read.Leaving(); h.Leaving {
		h.Gauge.Near = "" // their limits are where they stand
	}
	open, err := v.tx.OpenTrades(a.ID)
	if err != nil {
		return nil, err
	}
	for _, t := range open {
		if view := v.tradeView(t, a); view.Mine {
			h.Waits = append(h.Waits, view)
		} else {
			h.Others = append(h.Others, view)
		}
	}
	if h.Asked, err = v.read.Waiting(); err != nil {
		return nil, err
	}
	var moreWaits, moreAsked int
	h.Waits, h.Named = firstOf(h.Waits, homeWaits)
	h.Named, moreWaits = atMost(h.Named, homeNamed)
	h.Asked, moreAsked = atMost(h.Asked, homeWaits)
	h.MoreAsks = moreWaits + moreAsked
	h.Others, h.MoreElse = atMost(h.Others, homeNamed)
	if h.Entries, err = v.latest(a, homeEntries); err != nil {
		return nil, err
	}
	h.MyPage = int64(v.me.ID)
	if h.Posts, h.AllPosts, err = v.ownPosts(); err != nil {
		return nil, err
	}
	if v.read.May("log", bot.InCouncil) {
		waiting, err := v.read.Seconding()
		if err != nil {
			return nil, err
		}
		for _, s := range waiting {
			if !s.Own && !s.About {
				h.Seconds++
			}
		}
	}
	_, chosen, err := v.tx.PasswordOf(v.me.ID)
	h.Password = chosen
	return h, err
}

// firstOf splits a list after so many.
func firstOf[T any](all []T, n int) (first, rest []T) {
	n = min(n, len(all))
	return all[:n], all[n:]
}

// atMost is the beginning of a list, and how many more there are.
func atMost[T any](all []T, n int) (first []T, more int) {
	first, rest := firstOf(all, n)
	return first, len(rest)
}

// ownPosts are the member's first posts with whom comes to mind for each, and how many
// there are in all.
func (v *visit) ownPosts() (all []postView, count int, err error) {
	posts, err := v.read.OwnPosts()
	if err != nil {
		return nil, 0, err
	}
	first, _ := firstOf(posts, homePosts)
	for _, p := range first {
		view := v.postView(p)
		if view.Takers, err = v.takers(p.ID); err != nil {
			return nil, 0, err
		}
		for _, s := range v.read.AnswersTo(p) {
			view.Matches = append(view.Matches, suggestion{int64(s.Who.ID), v.read.Name(s.Who), s.Why})
		}
		all = append(all, view)
	}
	return all, len(posts), nil
}

func (v *visit) takers(id board.PostID) ([]string, error) {
	ids, err := v.tx.Takers(id)
	var names []string
	for _, id := range ids {
		if m, ok := v.read.Member(community.MemberID(id)); ok {
			names = append(names, v.read.Name(m))
		}
	}
	return names, err
}
