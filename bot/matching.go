package bot

import (
	"slices"
	"strings"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/nlp"
	"communityconnect/storage"
)

// maxPastTrades bounds how many trades are remembered as what somebody has done before:
// years of them at the sizes of a neighbourhood.
const maxPastTrades = 5000

// maxCandidates is how many people a card names.
const maxCandidates = 3

// fillIndex reads the board and what was done before into memory.
func fillIndex(tx *storage.Tx, x *board.Index, p *people, c *Call) error {
	posts, err := tx.OpenPosts(c.now)
	if err != nil {
		return err
	}
	for _, post := range posts {
		post.At = c.timeOf(post)
		x.AddPost(post)
	}
	trades, err := tx.PostedTrades(maxPastTrades)
	for _, t := range trades {
		x.AddTrade(pastTrade(t, p))
	}
	return err
}

func pastTrade(t ledger.Trade, p *people) board.PastTrade {
	return board.PastTrade{ID: int64(t.ID), Giver: int64(p.holder(t.Giver).ID), Receiver: int64(p.holder(t.Receiver).ID), What: t.What.Body, At: t.Ended}
}

// timeOf is the time that a post speaks of, seen from the day it was written; none where
// its words don't plainly say one.
func (c *Call) timeOf(p board.Post) board.Span {
	if p.When == "" {
		return board.Span{}
	}
	from, to, ok := nlp.ResolveWhen(p.When, p.Created.In(c.world.zone))
	if !ok {
		return board.Span{}
	}
	return board.Span{From: from, To: to}
}

// index leaves a change of the index to be made once the transaction is durable.
func (c *Call) index(change func(*board.Index)) { c.indexed = append(c.indexed, change) }

// standing tells of a member what bears on being suggested to the one who asks.
func (c *Call) standing(asks community.Member) func(int64) board.Standing {
	return func(id int64) board.Standing {
		m := c.people.byID[community.MemberID(id)]
		_, away := c.people.away[m.ID]
		s := board.Standing{Absent: !m.Active() || away || m.Account == asks.Account}
		if s.Absent {
			return s
		}
		if a, err := c.tx.Account(m.Account); err == nil {
			s.Position = position(a)
		}
		return s
	}
}

// position is where a balance lies between its floor (-1) and its ceiling (1).
func position(a ledger.Account) float64 {
	switch {
	case a.Balance < 0 && a.Floor < 0:
		return max(-1, -float64(a.Balance)/float64(a.Floor))
	case a.Balance > 0 && a.Ceiling > 0:
		return min(1, float64(a.Balance)/float64(a.Ceiling))
	}
	return 0
}

// couldHelp names the best candidates for a request, or the requests that an offer
// would meet, with reasons. It is "" when there is nobody to name.
func (c *Call) couldHelp(p board.Post, author community.Member) string {
	var named []string
	for _, s := range c.answersTo(p, author) {
		named = append(named, c.text("{who} ({why})", "who", s.Who, "why", s.Why))
	}
	if len(named) == 0 {
		return ""
	}
	phrase := couldHelp
	if p.Kind == board.Offer {
		phrase = couldSuit
	}
	return "\n" + c.text(phrase, "list", joinNames(named))
}

// Suggestion is somebody who comes to mind, and why, in words that anybody may read.
type Suggestion struct {
	Who community.Member
	Why string
}

// answersTo are the likeliest people to meet a post.
func (c *Call) answersTo(p board.Post, author community.Member) (all []Suggestion) {
	matches := c.world.index.Match(board.Query{
		Kind: p.Kind, Text: p.Text, When: p.When, At: c.timeOf(p), Category: p.Category, Member: p.Author, Limit: 4 * maxCandidates, Standing: c.standing(author),
	})
	for _, candidate := range board.Likeliest(board.Candidates(matches), maxCandidates) {
		if why := c.because(candidate.Matches[0]); why != "" {
			all = append(all, Suggestion{c.people.byID[community.MemberID(candidate.Member)], why})
		}
	}
	return all
}

// because puts into words why somebody is named; "" if it can't be said. A balance is
// never among it.
func (c *Call) because(m board.Match) string {
	if m.Post != 0 {
		p, found, err := c.tx.Post(m.Post)
		switch {
		case err != nil || !found:
			return ""
		case p.Kind == board.Request:
			return c.text(becauseAsked, "text", shorten(p.Text, 50))
		}
		return c.text(becauseOffered, "text", shorten(p.Text, 50))
	}
	i := slices.IndexFunc(m.Reasons, func(r board.Reason) bool { return r.Kind == board.DoneBefore })
	if i < 0 {
		return ""
	}
	r := m.Reasons[i]
	t, err := c.tx.Trade(ledger.TradeID(r.Trade))
	if err != nil {
		return ""
	}
	return c.text(becauseDone, "what", shorten(t.What.Body, 40), "whom", c.people.byID[community.MemberID(r.With)],
		"month", r.At.In(c.world.zone).Format("January"))
}

// joinNames writes a list as people do: "A, B and C".
func joinNames(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// find looks for who offers something, and who has done such a thing before.
func find(c *Call) error {
	typed, _ := c.people.render(c.words, direct(c.from))
	if strings.TrimSpace(typed) == "" {
		return refuse(textMissing, "usage", "/find "+c.command.Usage)
	}
	var lines []string
	for _, s := range c.whoCan(typed) {
		lines = append(lines, c.text("{who}: {why}", "who", s.Who, "why", s.Why))
	}
	if len(lines) == 0 {
		c.answer(findEmpty)
		return nil
	}
	c.answer("{list}", "list", strings.Join(lines, "\n"))
	return nil
}

// whoCan are the people who offer something, or have done it before, the likeliest first.
func (c *Call) whoCan(text string) (all []Suggestion) {
	matches := c.world.index.Search(board.Search{Text: text, Kind: board.Offer, Trades: true, Limit: 3 * boardPage, Standing: c.standing(community.Member{})})
	for _, candidate := range board.Candidates(matches) {
		if len(all) == boardPage {
			break
		}
		m := c.people.byID[community.MemberID(candidate.Member)]
		if why := c.because(candidate.Matches[0]); why != "" && m.Account != c.from.Account {
			all = append(all, Suggestion{m, why})
		}
	}
	return all
}
