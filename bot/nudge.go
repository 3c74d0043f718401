package bot

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// nudge is something to say to a member who has not asked for it and whom nobody's act has
// brought it about for: a reminder, an ask, a hint.
type nudge struct {
	kind  community.NudgeKind
	key   string            // what it is about; reminders of one thing have keys of their own
	text  string            // persons marked; no "today" or "tomorrow", it may be said the day after
	how   string            // how to answer it, where it can be
	topic storage.Topic     // what an answer is about
	ask   *storage.Question // what is asked with it; it opens when it is delivered
	until time.Time         // of no use after that; zero: as long as its kind keeps
}

// topicNudges is a message that several nudges have become.
const topicNudges = "nudges"

// answerFor is how long a question that comes with a nudge stays open.
const answerFor = 7 * 24 * time.Hour

// nudge keeps something to be said to a member at a decent hour, together with whatever
// else waits for them, and within what anybody has to bear. Nothing comes of it if they
// have never written to the bot, are not active, have turned that kind off, or were told
// the same in the last 30 days; nor if it has become stale before its turn.
func (c *Call) nudge(to community.Member, n nudge) error {
	_, err := c.nudgeFresh(to, n)
	return err
}

// nudgeFresh is nudge, and reports whether it will be said unless it becomes stale.
func (c *Call) nudgeFresh(to community.Member, n nudge) (bool, error) {
	rule, _, _ := community.NudgeRuleOf(n.kind)
	if wanted, err := c.wants(to, n.kind); err != nil || !wanted || !reachable(to) {
		return false, err
	}
	until := n.until
	if until.IsZero() {
		until = c.now.Add(rule.Keeps)
	}
	return c.tx.Nudge(storage.NudgeRow{
		Nudge:  community.Nudge{Kind: n.kind, Made: c.now, BestBefore: until},
		Member: to.ID, Key: n.key, Text: n.text, How: n.how, Topic: n.topic, Question: n.ask,
	}, c.now.Add(-community.NudgeAgain), c.now.Add(community.ClockError))
}

// reachable reports whether a member may be written to unasked.
func reachable(m community.Member) bool { return m.Met && m.Person != "" && m.Active() }

// wants reports whether a member wants a kind of nudges.
func (c *Call) wants(m community.Member, kind community.NudgeKind) (bool, error) {
	if a, away := c.people.away[m.ID]; away && a.Why == community.SaidAway {
		return false, nil // they asked to be left alone
	}
	choices, err := c.tx.NudgeChoices(m.ID)
	if wanted, chosen := choices[kind]; chosen {
		return wanted, err
	}
	rule, _, found := community.NudgeRuleOf(kind)
	return found && !rule.Off, err
}

// deliverNudges writes to everybody for whom something waits and to whom it may be said
// now: one message each.
func (c *Call) deliverNudges() error {
	waiting, err := c.tx.WaitingNudges()
	if err != nil {
		return err
	}
	for len(waiting) > 0 {
		n := 1
		for n < len(waiting) && waiting[n].Member == waiting[0].Member {
			n++
		}
		if err := c.nudgeNow(c.people.byID[waiting[0].Member], waiting[:n]); err != nil {
			return err
		}
		waiting = waiting[n:]
	}
	return nil
}

// nudgeNow says to one member what may be said to them now of what waits.
func (c *Call) nudgeNow(m community.Member, waiting []storage.NudgeRow) error {
	now := c.now.In(c.world.zone)
	sent, err := c.tx.NudgedSince(m.ID, now.AddDate(0, 0, -7))
	if err != nil {
		return err
	}
	rows := map[int64]storage.NudgeRow{}
	var useful []community.Nudge
	for _, n := range waiting {
		valid, err := c.stillTrue(m, n)
		if err != nil {
			return err
		}
		if !valid {
			if err := c.tx.DropNudge(n.ID, c.now); err != nil {
				return err
			}
			continue
		}
		rows[n.ID] = n
		useful = append(useful, n.Nudge)
	}
	deliver, drop := c.people.policy.Due(useful, sent, now)
	for _, n := range drop {
		if err := c.tx.DropNudge(n.ID, c.now); err != nil {
			return err
		}
	}
	if later, err := c.later(direct(m)); later || err != nil {
		return err
	}
	var all []storage.NudgeRow
	for _, n := range deliver {
		all = append(all, rows[n.ID])
	}
	return c.sayNudges(m, all)
}

// stillTrue reports whether a nudge is still true: nobody is reminded of what is done.
func (c *Call) stillTrue(m community.Member, n storage.NudgeRow) (bool, error) {
	if wanted, err := c.wants(m, n.Kind); err != nil || !wanted || !reachable(m) {
		return false, err
	}
	if n.Question != nil {
		return c.stillAsked(n)
	}
	switch n.Topic.Kind {
	case topicPost:
		return c.stillUnmet(n)
	case topicTrade:
		t, err := c.tx.Trade(ledger.TradeID(n.Topic.ID))
		return err == nil && t.State == ledger.Proposed && t.Version == n.Topic.Version && !t.Confirmed(m.Account), err
	case topicProposal:
		p, found, err := c.tx.Proposal(community.ProposalID(n.Topic.ID))
		if err != nil || !found || p.State != community.ProposalOpen {
			return false, err
		}
		_, voted, err := c.tx.BallotOf(p.ID, m.Account)
		return !voted, err
	case topicQuestion:
		_, open, err := c.tx.Question(storage.QuestionID(n.Topic.ID))
		return open, err
	}
	return true, nil
}

// stillAsked reports whether what is to be asked about a post is still a question.
func (c *Call) stillAsked(n storage.NudgeRow) (bool, error) {
	switch n.Question.Kind {
	case askMay:
		choices, err := c.tx.NudgeChoices(n.Member)
		_, chosen := choices[community.NudgeAsk]
		return !chosen, err
	case askHelp, askStill, askHappened:
	default:
		return true, nil
	}
	p, found, err := c.tx.Post(board.PostID(n.Question.TopicID))
	if err != nil || !found || p.State != board.Open {
		return false, err
	}
	takers, err := c.tx.Takers(p.ID)
	switch n.Question.Kind {
	case askHelp:
		return len(takers) < p.Wanted, err
	case askStill:
		return p.Expires.Equal(n.Question.Expires), err // nobody has renewed it since
	}
	return true, err
}

// stillUnmet reports whether nobody has come yet for the post that a nudge is about.
func (c *Call) stillUnmet(n storage.NudgeRow) (bool, error) {
	p, found, err := c.tx.Post(board.PostID(n.Topic.ID))
	if err != nil || !found || p.State != board.Open {
		return false, err
	}
	takers, err := c.tx.Takers(p.ID)
	return len(takers) == 0, err
}

// sayNudges writes one message of all that is given. One alone is answered like any
// message about its topic; of several the member says which one they answer.
func (c *Call) sayNudges(m community.Member, all []storage.NudgeRow) error {
	if len(all) == 0 {
		return nil
	}
	answerable := 0
	for i := range all {
		if err := c.open(m, &all[i]); err != nil {
			return err
		}
		if all[i].How != "" {
			answerable++
			all[i].Place = answerable
		}
	}
	topic := storage.Topic{Kind: topicNudges, ID: all[0].ID}
	if len(all) == 1 {
		topic = all[0].Topic
	}
	var texts []string
	for _, n := range all {
		text := n.Text
		switch {
		case n.Place > 0 && answerable > 1:
			text = strconv.Itoa(n.Place) + ". " + text
		case n.How != "":
			text += "\n" + n.How
		}
		if answerable < 2 {
			n.Place = 0
		}
		texts = append(texts, text)
		if err := c.tx.SentNudge(n, all[0].ID, c.now); err != nil {
			return err
		}
	}
	if answerable > 1 {
		texts = append(texts, nudgesHow)
	}
	c.send(direct(m), topic, strings.Join(texts, "\n\n"))
	return nil
}

// open asks what is to be asked with a nudge.
func (c *Call) open(m community.Member, n *storage.NudgeRow) error {
	if n.Question == nil {
		return nil
	}
	q := *n.Question
	q.Asked, q.In, q.At = m.ID, direct(m), c.now
	if q.Expires.IsZero() {
		q.Expires = c.now.Add(answerFor)
	}
	id, err := c.tx.Ask(q)
	n.Topic = storage.Topic{Kind: topicQuestion, ID: int64(id)}
	return err
}

// answerNudges is an answer to a message that several nudges have become.
func (c *Call) answerNudges(bundle int64, a answer) error {
	all, err := c.tx.Bundled(bundle)
	if err != nil {
		return err
	}
	var answerable []storage.NudgeRow
	for _, n := range all {
		if n.How != "" {
			answerable = append(answerable, n)
		}
	}
	if len(answerable) == 1 {
		return c.answerTopic(answerable[0].Topic, a)
	}
	if place, rest, ok := numbered(a.text); ok && a.typed {
		for _, n := range answerable {
			if n.Place == place {
				return c.answerTopic(n.Topic, wordsAnswer(rest))
			}
		}
	}
	if len(answerable) > 0 && !a.taken && (a.typed || a.kind != unclear) {
		c.answer(nudgesWhich)
	}
	return nil
}

// numberedWords are a number and an answer: "2 yes", "2. no, it was an hour".
var numberedWords = regexp.MustCompile(`^\s*(\d{1,2})\s*[.:)–-]?\s+(\S.*)$`)

func numbered(text string) (place int, rest string, ok bool) {
	m := numberedWords.FindStringSubmatch(text)
	if m == nil {
		return 0, "", false
	}
	place, err := strconv.Atoi(m[1])
	return place, m[2], err == nil
}

// numberedAnswer takes "2 yes" in a direct message for an answer to the last message that
// several nudges had become.
func (c *Call) numberedAnswer(text string) (done bool, err error) {
	_, rest, ok := numbered(text)
	if !ok {
		return false, nil
	}
	switch a := wordsAnswer(rest); {
	case a.kind == unclear, wordsAnswer(text).kind == amount && a.kind == amount:
		return false, nil // "2 hours"
	}
	bundle, err := c.tx.LastBundle(c.from.ID, c.now.Add(-answerFor))
	if err != nil || bundle == 0 {
		return false, err
	}
	return true, c.answerNudges(bundle, answer{text: text, typed: true})
}
