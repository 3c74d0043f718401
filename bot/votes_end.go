package bot

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"communityconnect/community"
	"communityconnect/storage"
)

// remindVote is how long before its end who has not voted is reminded of a vote.
const remindVote = 24 * time.Hour

// remindVotes reminds whose household has not voted of what ends soon.
func (c *Call) remindVotes() error {
	open, err := c.tx.OpenProposals()
	if err != nil {
		return err
	}
	for _, p := range open {
		if c.now.Before(p.Closes.Add(-remindVote)) || c.now.Sub(p.Opened) < remindVote {
			continue
		}
		for _, m := range c.people.all {
			if !reachable(m) || !community.MayVote(p, m) {
				continue
			}
			if err := c.remindOfVote(p, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Call) remindOfVote(p community.Proposal, m community.Member) error {
	_, voted, err := c.tx.BallotOf(p.ID, m.Account)
	if err != nil || voted {
		return err
	}
	return c.nudge(m, nudge{
		kind: community.NudgeVote, key: "vote " + itoa(int64(p.ID)), how: voteHow, topic: proposalTopic(p.ID), until: p.Closes,
		text: c.text(voteRemind, "until", c.until(p.Closes), "who", c.people.byID[p.By], "text", p.Text),
	})
}

// closeVotes counts the votes whose time is up and says what they came to.
func (c *Call) closeVotes() error {
	due, err := c.tx.DueProposals(c.now)
	if err != nil {
		return err
	}
	for _, p := range due {
		if err := c.closeVote(p); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) closeVote(p community.Proposal) error {
	ballots, err := c.tx.Ballots(p.ID)
	if err != nil {
		return err
	}
	p.Tally = community.Count(p, c.people.all, ballots)
	p.State = p.Tally.Outcome(c.people.policy)
	phrase := map[community.ProposalState]string{
		community.ProposalNoQuorum: voteNoQuorum, community.ProposalRejected: voteRejected, community.ProposalPassed: votePassed,
	}[p.State]
	setting, err := community.SettingNamed(p.Setting)
	switch {
	case p.State != community.ProposalPassed || p.Line != "":
	case err != nil: // a text: that it has passed is all
		p.State = community.ProposalDone
	default: // from now on it is the members', though it changes only on its day
		phrase = votePassedPolicy
		if err := c.tx.MarkVoted(setting, c.people.policy); err != nil {
			return err
		}
	}
	args := []any{"for", p.Tally.For, "against", p.Tally.Against, "voted", p.Tally.For + p.Tally.Against,
		"entitled", counted(int64(p.Tally.Entitled), "household", "households"), "quorum", p.Tally.Quorum(c.people.policy),
		"text", p.Text, "effect", c.until(p.Effect)}
	c.send(c.group(), proposalTopic(p.ID), c.text(phrase, args...))
	return c.tx.EndProposal(p.ID, p.State, p.Tally)
}

// takeEffect carries out what the members have voted for, on its day.
func (c *Call) takeEffect() error {
	passed, err := c.tx.PassedProposals()
	if err != nil {
		return err
	}
	for _, p := range passed {
		if c.now.Before(p.Effect) {
			continue
		}
		carry := c.carryOutAct
		switch {
		case p.Setting != "":
			carry = c.changeByVote
		case strings.HasPrefix(p.Line, seatLine):
			carry = c.seatByVote
		}
		state := community.ProposalDone
		if err := carry(p); err != nil {
			if storage.Failing(err) {
				return err
			}
			state = community.ProposalVoid
			c.tellCouncil(voteVoid, "votes", votes(p.Tally), "text", p.Text, "why", c.whyNot(err))
		}
		if err := c.tx.EndProposal(p.ID, state, p.Tally); err != nil {
			return err
		}
	}
	return nil
}

// whyNot puts a refusal into words that the council may read.
func (c *Call) whyNot(err error) string {
	err = withoutFigures(err)
	if errors.Is(err, errOvertaken) {
		return overtaken
	}
	if phrase, known := phrases[codeOf(err)]; known {
		return c.text(phrase, c.phraseArgs(err)...)
	}
	return failed
}

// changeByVote changes a policy. Nobody is pushed: whoever is outside a new limit just
// goes no further.
func (c *Call) changeByVote(p community.Proposal) error {
	s, err := community.SettingNamed(p.Setting)
	if err != nil {
		return refuse(policyUnknown, "name", p.Setting)
	}
	changed, err := c.changedPolicy(s, p.Value)
	if err != nil {
		return err
	}
	args := []any{"name", s.Name, "new", s.Get(changed), "old", s.Get(c.people.policy)}
	if err := c.setPolicy(changed); err != nil {
		return err
	}
	c.send(c.group(), storage.Topic{}, c.text(voteInEffect, args...))
	how := c.text(byVoteOf, "votes", votes(p.Tally))
	return c.tx.Log(storage.LogEntry{At: c.now, Actor: p.By, Act: "propose", What: c.text(actVoted, "act", c.text(actPolicy, args...), "how", how)})
}

// setPolicy puts a policy in force.
func (c *Call) setPolicy(changed community.Policy) error {
	if err := c.tx.SetPolicy(changed); err != nil {
		return err
	}
	if err := c.tx.FollowPolicy(changed); err != nil {
		return err
	}
	return c.reread()
}

// reread takes up what has changed of people and policy for what follows in this call.
func (c *Call) reread() (err error) {
	c.changed = true
	c.people, err = readPeople(c.tx)
	return err
}

// carryOutAct carries out an act of the council that the members have seconded. If it
// can't be, nothing of it stays.
func (c *Call) carryOutAct(p community.Proposal) error {
	act := *c
	act.replies, act.indexed, act.agreed, act.byVote = nil, nil, cmp.Or(p.Value, p.Text), c.text(byVoteOf, "votes", votes(p.Tally))
	if err := c.tx.Savepoint(func() error { return act.runLine(p.Line, c.council(), c.people.byID[p.By]) }); err != nil {
		return err
	}
	c.replies, c.indexed = append(c.replies, act.replies...), append(c.indexed, act.indexed...)
	if act.changed {
		return c.reread()
	}
	return nil
}
