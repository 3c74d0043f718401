package bot

import (
	"fmt"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/nlp"
	"communityconnect/storage"
)

// How long before its end an author is asked whether a post still stands, and how long
// after an agreed time whether it happened.
const (
	stillOnBefore = 3 * 24 * time.Hour
	happenedAfter = 2 * time.Hour
)

// stillOn asks the author of a post that is about to go whether it still stands.
func (c *Call) stillOn(p board.Post, author community.Member) error {
	if over, ok := c.overAt(p); ok && c.now.After(over) {
		return nil // its day has passed: it just goes
	}
	y, m, d := p.Expires.In(c.world.zone).Date() // all that go on one day are asked about together
	lead := min(stillOnBefore, p.Expires.Sub(p.Created)/4)
	if c.now.Before(time.Date(y, m, d, 0, 0, 0, 0, c.world.zone).Add(-lead)) {
		return nil
	}
	return c.nudge(author, nudge{
		kind: community.NudgePost, key: fmt.Sprintf("still on %d %d", p.ID, p.Expires.Unix()), until: p.Expires,
		text: c.text(stillOnText, "text", shorten(p.Text, 80), "until", c.until(p.Expires)), how: c.text(stillOnHow),
		ask: &storage.Question{Kind: askStill, TopicID: int64(p.ID), Expires: p.Expires},
	})
}

// answerStill renews a post or takes it down.
func (c *Call) answerStill(q storage.Question, a answer) error {
	done := a.typed && closesPost(a.text) || a.kind == no
	if !done && a.kind != yes && !(a.typed && renewsPost(a.text)) {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	p, found, err := c.tx.Post(board.PostID(q.TopicID))
	switch {
	case err != nil || !found:
		return err
	case p.State != board.Open:
		return refuse(postOver)
	case !done:
		return c.renew(p)
	}
	c.answer(postDown, "text", shorten(p.Text, 80))
	return c.endPost(p, c.text(downCard, "who", c.people.byID[community.MemberID(p.Author)], "text", p.Text), "🚫")
}

// didItHappen asks, when an agreed time has passed, whether the help was given: the author
// of the post, or whoever took it up if the author can't be written to.
func (c *Call) didItHappen(p board.Post, author community.Member, takers []int64) error {
	over, ok := c.overAt(p)
	if !ok || len(takers) == 0 || c.now.Before(over.Add(happenedAfter)) {
		return nil
	}
	for _, id := range takers[:min(len(takers), p.Wanted)] {
		taker := c.people.byID[community.MemberID(id)]
		asked, other := author, taker
		if !reachable(asked) {
			asked, other = taker, author
		}
		if traded, err := c.tradedSince(author, taker, p.Created); err != nil || traded {
			return err
		}
		text, how := c.happenedWords(p, other)
		if err := c.nudge(asked, nudge{
			kind: community.NudgePost, key: fmt.Sprintf("happened %d %d", p.ID, id),
			text: text, how: how,
			ask: &storage.Question{Kind: askHappened, Asker: other.ID, TopicID: int64(p.ID)},
		}); err != nil {
			return err
		}
	}
	return nil
}

// happenedWords asks whether the help of a post was given, and says how to answer.
func (c *Call) happenedWords(p board.Post, other community.Member) (text, how string) {
	how = happenedHowLong
	if p.Minutes > 0 {
		how = happenedHow
	}
	return c.text(happenedText, "text", shorten(p.Text, 80), "other", other), c.text(how, "amount", p.Minutes)
}

// overAt is when what a post speaks of is over, if it plainly says when that is.
func (c *Call) overAt(p board.Post) (time.Time, bool) {
	from, to, ok := nlp.ResolveWhen(p.When, p.Created.In(c.world.zone))
	if from.Equal(to) {
		to = to.Add(time.Duration(p.Minutes) * time.Minute)
	}
	return to, ok && p.When != ""
}

// tradedSince reports whether two have logged a trade with each other since a time.
func (c *Call) tradedSince(a, b community.Member, since time.Time) (bool, error) {
	open, err := c.tx.OpenTrades(a.Account)
	if err != nil {
		return false, err
	}
	for _, t := range open {
		if t.Party(b.Account) {
			return true, nil
		}
	}
	done, err := c.tx.HistoryWith(a.Account, b.Account, 1)
	return len(done) > 0 && !done[0].At.Before(since), err
}

// answerHappened logs what was agreed on as soon as it is known how long it took.
func (c *Call) answerHappened(q storage.Question, a answer) error {
	p, found, err := c.tx.Post(board.PostID(q.TopicID))
	if err != nil || !found {
		return err
	}
	m := p.Minutes
	if a.kind == amount {
		m = a.minutes
	}
	switch {
	case a.kind == yes && m == 0:
		c.answer(happenedHowLong)
		return nil
	case a.kind != yes && a.kind != no && a.kind != amount:
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	if a.kind == no {
		c.answer(happenedNot)
		return nil
	}
	return c.runLine(c.agreedLine(p, c.people.byID[q.Asker], m), q.In, c.from)
}

// agreedLine is the command that logs what came of a post between its author and another,
// as the member who answers would type it.
func (c *Call) agreedLine(p board.Post, other community.Member, m ledger.Minutes) string {
	author := c.people.byID[community.MemberID(p.Author)]
	gives := p.Kind == board.Offer == (author.Account == c.from.Account)
	name := "got"
	if gives {
		name = "gave"
	}
	return strings.Join([]string{name, personMark(other.ID), m.String(), shorten(p.Text, 80)}, " ")
}
