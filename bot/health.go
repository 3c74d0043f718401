package bot

import (
	"cmp"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
)

// The lengths of a health message.
const (
	healthBars  = 6  // weeks shown
	healthBar   = 10 // blocks of the longest
	healthNames = 4
	healthRound = 2
	healthMost  = 780 // letters
)

// health shows the council how the community does.
func health(c *Call) error {
	h, err := c.health()
	if err != nil {
		return err
	}
	text, err := c.healthText(h)
	c.answer("{text}", "text", text)
	return err
}

// healthText puts the figures into words and small bars, and adds ideas what to do as far
// as there is room for them.
func (c *Call) healthText(h community.Health) (string, error) {
	text := c.figuresText(h)
	ideas, err := c.ideas(h)
	for _, idea := range ideas {
		if longer := text + "\n💡 " + idea; len([]rune(longer)) <= healthMost {
			text = longer
		}
	}
	return text, err
}

func (c *Call) figuresText(h community.Health) string {
	lines := []string{c.text(healthIs, "community", c.people.community.Name)}
	most := ledger.Minutes(1)
	shown := h.Weeks[len(h.Weeks)-healthBars:]
	for len(shown) > 1 && shown[1].Start.Before(c.people.community.Created) {
		shown = shown[1:] // nothing is to be said of the time before the founding
	}
	for _, w := range shown {
		most = max(most, w.Minutes)
	}
	for _, w := range shown {
		bar := cmp.Or(strings.Repeat("▇", int((w.Minutes*healthBar+most-1)/most)), "·")
		lines = append(lines, c.text(healthWeek, "week", w.Start.Format("2 Jan"), "bar", bar, "hours", w.Minutes, "n", w.Trades))
	}
	lines = append(lines, c.text(healthActive, "n", h.Active, "all", counted(int64(h.Households), "household", "households")))
	if h.Matched > 0 {
		lines = append(lines, c.text(healthMatch, "time", roughly(h.ToMatch), "n", counted(int64(h.Matched), "request", "requests")))
	}
	if len(h.Unmet) > 0 {
		var unmet []community.Frequency
		for _, f := range h.Unmet {
			unmet = append(unmet, community.Frequency{Name: categoryName(f.Name), N: f.N})
		}
		lines = append(lines, c.text(healthUnmet, "list", frequencies(unmet)))
	}
	if h.Givers > 0 {
		lines = append(lines, c.text(healthGivers, "n", h.Busiest, "all", h.Givers, "share", int(h.BusiestShare*100+0.5)))
	}
	if len(h.NearFloor) > 0 {
		lines = append(lines, c.text(healthFloor, "list", c.holders(h.NearFloor)))
	}
	if len(h.NearCeiling) > 0 {
		lines = append(lines, c.text(healthCeiling, "list", c.holders(h.NearCeiling)))
	}
	if len(h.Silent) > 0 {
		lines = append(lines, c.text(healthSilent, "n", counted(int64(len(h.Silent)), "household", "households")))
	}
	if h.OldestCase > 0 {
		lines = append(lines, c.text(healthCase, "time", roughly(h.OldestCase)))
	}
	return strings.Join(lines, "\n")
}

func (c *Call) holders(all []ledger.AccountID) string {
	var names []string
	for i, a := range all {
		if i == healthNames {
			names = append(names, itoa(int64(len(all)-i))+" more")
			break
		}
		names = append(names, c.people.short(c.people.holder(a)))
	}
	return joinNames(names)
}

// roughly prints a time as people speak of it.
func roughly(d time.Duration) string {
	switch hours := int64(d.Hours() + 0.5); {
	case hours < 1:
		return "less than an hour"
	case hours < 48:
		return counted(hours, "hour", "hours")
	default:
		return counted((hours+12)/24, "day", "days")
	}
}

// ideas are what could move things: rounds of help that three people could close, and what
// would bring those near a limit back. By policy the people of a round hear of it, too.
func (c *Call) ideas(h community.Health) (lines []string, err error) {
	rounds, err := c.rounds()
	if err != nil {
		return nil, err
	}
	for _, r := range rounds {
		lines = append(lines, c.roundText(r))
	}
	for _, side := range []struct {
		near []ledger.AccountID
		kind board.Kind
		say  string
	}{{h.NearFloor, board.Request, couldGive}, {h.NearCeiling, board.Offer, couldGet}} {
		for _, a := range side.near[:min(len(side.near), healthRound)] {
			m := c.people.holder(a)
			matches := c.world.index.Suggest(int64(m.ID), side.kind, 1, c.standing(m))
			if len(matches) == 0 {
				continue
			}
			p, found, err := c.tx.Post(matches[0].Post)
			if err != nil {
				return nil, err
			}
			if found {
				lines = append(lines, c.text(side.say, "who", m, "text", shorten(p.Text, 40), "author", c.people.byID[community.MemberID(p.Author)]))
			}
		}
	}
	return lines, nil
}

func (c *Call) roundText(r board.Round) string {
	args := []any{}
	for i, part := range r {
		p, _, _ := c.tx.Post(part.Post)
		args = append(args, string(rune('a'+i)), c.people.byID[community.MemberID(part.Helper)], "text"+string(rune('a'+i)), shorten(p.Text, 30))
	}
	return c.text(roundIs, args...)
}

// rounds finds three people each of whom could meet an open request of the next.
func (c *Call) rounds() ([]board.Round, error) {
	posts, err := c.boardPosts(board.Request, "")
	if err != nil {
		return nil, err
	}
	var all []board.Help
	for _, p := range posts {
		takers, err := c.tx.Takers(p.ID)
		if err != nil {
			return nil, err
		}
		if len(takers) >= p.Wanted {
			continue
		}
		author := c.people.byID[community.MemberID(p.Author)]
		matches := c.world.index.Match(board.Query{
			Kind: p.Kind, Text: p.Text, When: p.When, Category: p.Category, Member: p.Author, Limit: 8 * maxCandidates, Standing: c.standing(author),
		})
		for _, candidate := range board.Candidates(matches) {
			if candidate.Score >= board.Likely {
				all = append(all, board.Help{Helper: candidate.Member, Helped: p.Author, Post: p.ID, Score: candidate.Score})
			}
		}
	}
	return board.Rounds(all, healthRound), nil
}

// tellRounds lets the people of a round know of it, where the policy says so.
func (c *Call) tellRounds(span) error {
	if c.people.policy.TellIdeas == 0 {
		return nil
	}
	rounds, err := c.rounds()
	if err != nil {
		return err
	}
	for _, r := range rounds {
		for _, part := range r {
			key := "round " + itoa(int64(r[0].Post)) + " " + itoa(int64(r[1].Post)) + " " + itoa(int64(r[2].Post))
			if err := c.nudge(c.people.byID[community.MemberID(part.Helper)], nudge{
				kind: community.NudgeIdea, key: key, text: c.text(roundHint, "round", c.roundText(r)),
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
