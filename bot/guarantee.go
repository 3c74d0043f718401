package bot

import (
	"fmt"
	"slices"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/storage"
)

// The answer guarantee: who could help is named on the card at once; after a day without a
// taker others are asked, and after three days the asker hears how it stands.
const (
	askOthersAfter = 24 * time.Hour
	honestAfter    = 72 * time.Hour
	askedAtOnce    = 3 // people asked about one request in one round
	askedInAll     = 9 // and all in all
)

// Kinds of questions about posts that are asked unasked.
const (
	askMay      = "may-ask"  // may they be asked about requests at all?
	askHelp     = "help"     // can they help with a request?
	askStill    = "still-on" // does a post still stand?
	askHappened = "happened" // did what was agreed take place?
)

// round looks, once an hour, after everything on the board.
func (c *Call) round() error {
	posts, err := c.tx.OpenPosts(c.now)
	if err != nil {
		return err
	}
	for _, p := range posts {
		author := c.people.byID[community.MemberID(p.Author)]
		if !author.Active() {
			continue
		}
		takers, err := c.tx.Takers(p.ID)
		if err != nil {
			return err
		}
		if p.Kind == board.Request && len(takers) < p.Wanted {
			if err := c.guarantee(p, author, takers); err != nil {
				return err
			}
		}
		if err := c.stillOn(p, author); err != nil {
			return err
		}
		if err := c.didItHappen(p, author, takers); err != nil {
			return err
		}
	}
	return nil
}

// guarantee sees to it that a request for which nobody has come yet gets an answer.
func (c *Call) guarantee(p board.Post, author community.Member, takers []int64) error {
	age := c.now.Sub(p.Created)
	over, timed := c.overAt(p)
	passed := timed && c.now.After(over)
	if age >= askOthersAfter && !passed {
		if err := c.askOthers(p, author, takers); err != nil {
			return err
		}
	}
	if age < honestAfter && !passed || len(takers) > 0 {
		return nil
	}
	asked, err := c.tx.QuestionsAbout(askHelp, int64(p.ID))
	if err != nil {
		return err
	}
	tried, phrase := "", unmetHonest
	if len(asked) > 0 {
		tried = c.text(unmetAsked, "count", counted(int64(len(asked)), "person", "people"))
	}
	if passed {
		phrase = unmetPassed
	}
	return c.nudge(author, nudge{
		kind: community.NudgePost, key: "unmet " + itoa(int64(p.ID)), topic: postTopic(p), until: p.Expires,
		text: c.text(phrase, "text", shorten(p.Text, 80), "tried", tried, "until", c.until(p.Expires)),
	})
}

// askOthers asks the next people who could meet a request, if they have said that they may
// be asked. Whoever has not said either way is asked that, once.
func (c *Call) askOthers(p board.Post, author community.Member, takers []int64) error {
	asked, err := c.tx.NudgesAbout(community.NudgeAsk, askKey(p))
	if err != nil || len(asked) >= askedInAll {
		return err
	}
	fresh := 0
	for _, n := range asked {
		if age := c.now.Sub(n.Made); age < askOthersAfter && age > -community.ClockError {
			return nil // they still have time to answer
		}
	}
	for _, candidate := range c.nextCandidates(p, author) {
		if slices.Contains(takers, candidate.Member) {
			continue
		}
		ok, err := c.askToHelp(p, author, c.people.byID[community.MemberID(candidate.Member)], candidate.Matches[0])
		if err != nil {
			return err
		}
		if ok {
			fresh++
		}
		if fresh == askedAtOnce {
			break
		}
	}
	return nil
}

func askKey(p board.Post) string { return fmt.Sprintf("post %d", p.ID) }

// nextCandidates are the people who could meet a request: first those whom its card has
// not named, then those whom it has.
func (c *Call) nextCandidates(p board.Post, author community.Member) []board.Candidate {
	matches := c.world.index.Match(board.Query{
		Kind: p.Kind, Text: p.Text, When: p.When, At: c.timeOf(p), Category: p.Category, Member: p.Author, Limit: 8 * maxCandidates, Standing: c.standing(author),
	})
	all := board.Candidates(matches)
	named := len(board.Likeliest(all, maxCandidates))
	next := append(slices.Clone(all[named:]), all[:named]...)
	return slices.DeleteFunc(next, func(a board.Candidate) bool { return a.Score < board.Plausible })
}

// askToHelp asks one person whether they can help. It is false where they can't be asked:
// they don't want it, have been asked twice this week, or could not be credited.
func (c *Call) askToHelp(p board.Post, author, m community.Member, match board.Match) (bool, error) {
	why := c.because(match)
	if why == "" || !reachable(m) {
		return false, nil
	}
	choices, err := c.tx.NudgeChoices(m.ID)
	if err != nil {
		return false, err
	}
	wanted, chosen := choices[community.NudgeAsk]
	if !chosen {
		return false, c.nudge(m, nudge{
			kind: community.NudgeNews, key: "may I ask", text: c.text(mayIAsk), how: c.text(mayIAskHow),
			ask: &storage.Question{Kind: askMay, TopicID: int64(p.ID)},
		})
	}
	n, err := c.tx.NudgesOfKind(m.ID, community.NudgeAsk, c.now.AddDate(0, 0, -7), c.now.Add(community.ClockError))
	if err != nil || !wanted || n >= community.AsksAWeek {
		return false, err
	}
	a, err := c.tx.Account(m.Account)
	if err != nil || a.Balance+max(p.Minutes, 1) > a.Ceiling {
		return false, err
	}
	earns := ""
	if match.Private == board.Earns && p.Minutes > 0 {
		earns = c.text(askEarns, "amount", p.Minutes)
	}
	return c.nudgeFresh(m, nudge{
		kind: community.NudgeAsk, key: askKey(p),
		text: c.text(askToHelpText, "author", author, "text", p.Text, "why", why) + earns, how: c.text(askToHelpHow),
		ask: &storage.Question{Kind: askHelp, Asker: author.ID, TopicID: int64(p.ID)},
	})
}

// answerMay is a word on being asked about requests.
func (c *Call) answerMay(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	if err := c.tx.ChooseNudge(c.from.ID, community.NudgeAsk, a.kind == yes); err != nil {
		return err
	}
	if a.kind == no {
		c.answer(mayNotAsk)
		return nil
	}
	c.answer(mayAsk)
	return nil
}

// answerHelp is a word on whether somebody can help with a request.
func (c *Call) answerHelp(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no && a.kind != canHelp {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	if a.kind == no {
		c.answer(helpNotNow)
		return nil
	}
	p, found, err := c.tx.Post(board.PostID(q.TopicID))
	if err != nil || !found {
		return err
	}
	return c.take(p, c.people.byID[community.MemberID(p.Author)])
}

// postQuestion is how a question about a post stands in the list of what is open.
func (c *Call) postQuestion(q storage.Question) (line string, ok bool) {
	phrase := map[string]string{askHelp: openHelp, askStill: openStill, askHappened: openHappened}[q.Kind]
	switch {
	case q.Kind == askMay:
		return "\n" + openMay, true
	case phrase == "":
		return "", false
	}
	p, _, err := c.tx.Post(board.PostID(q.TopicID))
	return "\n" + c.text(phrase, "text", shorten(p.Text, 60)), err == nil
}
