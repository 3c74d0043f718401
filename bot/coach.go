package bot

import (
	"fmt"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
)

// coachIdeas is how many posts a hint names.
const coachIdeas = 3

// coach writes to everybody who nears their floor or ceiling, with something to do.
func (c *Call) coach(span) error {
	seen := map[ledger.AccountID]bool{}
	for _, m := range c.people.all {
		if seen[m.Account] || !reachable(m) {
			continue
		}
		seen[m.Account] = true
		if err := c.coachOne(c.people.holder(m.Account)); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) coachOne(m community.Member) error {
	a, err := c.tx.Account(m.Account)
	if err != nil {
		return err
	}
	kind, side, phrase, nothing := board.Request, "floor", nearFloor, nearFloorAlone
	switch near := position(a); {
	case near >= community.NearLimit:
		kind, side, phrase, nothing = board.Offer, "ceiling", nearCeiling, nearCeilingAlone
	case near > -community.NearLimit:
		return nil
	}
	ideas, err := c.ideasFor(m, kind)
	if err != nil {
		return err
	}
	if len(ideas) == 0 {
		phrase = nothing
	}
	return c.nudge(m, nudge{
		kind: community.NudgeLimit, key: side,
		text: c.text(phrase, "balance", a.Balance.Signed(), "floor", a.Floor.Signed(), "ceiling", a.Ceiling.Signed(), "list", strings.Join(ideas, "\n")),
	})
}

// ideasFor are open posts of others that could move somebody's balance: requests that
// they could meet, or offers they might enjoy. What fits them comes first, and where
// nothing does, what is newest.
func (c *Call) ideasFor(m community.Member, kind board.Kind) ([]string, error) {
	var ids []board.PostID
	for _, match := range c.world.index.Suggest(int64(m.ID), kind, coachIdeas, c.standing(m)) {
		ids = append(ids, match.Post)
	}
	posts, err := c.boardPosts(kind, "")
	if err != nil {
		return nil, err
	}
	byID := map[board.PostID]board.Post{}
	for _, p := range posts {
		byID[p.ID] = p
		ids = append(ids, p.ID)
	}
	var lines []string
	said := map[board.PostID]bool{}
	for _, id := range ids {
		p, open := byID[id]
		author := c.people.byID[community.MemberID(p.Author)]
		if !open || said[id] || author.Account == m.Account || len(lines) == coachIdeas {
			continue
		}
		said[id] = true
		lines = append(lines, c.text("{sign} {who}: {text}", "sign", postSign(p), "who", author, "text", shorten(p.Text, 60)))
	}
	return lines, nil
}

// statements writes to everybody who has asked for it what the last month brought them.
func (c *Call) statements(s span) error {
	y, month, _ := s.to.In(c.world.zone).Date()
	from := time.Date(y, month-1, 1, 0, 0, 0, 0, c.world.zone)
	after, err := c.tx.TransfersBefore(from)
	if err != nil {
		return err
	}
	last, err := c.tx.TransfersBefore(time.Date(y, month, 1, 0, 0, 0, 0, c.world.zone))
	if err != nil {
		return err
	}
	for _, m := range c.people.all {
		if wanted, err := c.wants(m, community.NudgeStatement); err != nil || !wanted || !reachable(m) {
			if err != nil {
				return err
			}
			continue
		}
		if err := c.statement(m, after, last, from.Format("January")); err != nil {
			return err
		}
	}
	return nil
}

// mostInAMonth bounds what one statement adds up.
const mostInAMonth = 1000

func (c *Call) statement(m community.Member, after, last int64, month string) error {
	a, err := c.tx.Account(m.Account)
	if err != nil {
		return err
	}
	transfers, err := c.tx.Period(m.Account, after, last, mostInAMonth)
	if err != nil {
		return err
	}
	var gave, got ledger.Minutes
	for _, t := range transfers {
		if t.To == m.Account {
			gave += t.Minutes
		} else {
			got += t.Minutes
		}
	}
	return c.nudge(m, nudge{
		kind: community.NudgeStatement, key: fmt.Sprintf("%s %d", month, after),
		text: c.text(statementIs, "month", month, "count", counted(int64(len(transfers)), "entry", "entries"),
			"gave", gave, "got", got, "balance", a.Balance.Signed(), "floor", a.Floor.Signed(), "ceiling", a.Ceiling.Signed()),
	})
}
