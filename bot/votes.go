package bot

import (
	"errors"
	"fmt"
	"strings"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// topicProposal is a card that the members vote under.
const topicProposal = "proposal"

// voteCommands are for what the members decide together.
func voteCommands() []Command {
	return []Command{
		{Name: "propose", Usage: "A shared tool shed (or: floor -40h)", Brief: "put something to a vote of the members", Places: InDM | InGroup, Bare: bareAny, Run: propose},
		{Name: "vote", Usage: "yes [#3]", Brief: "vote on a proposal, or see what is open", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Run: vote},
	}
}

// propose puts something to a vote: a text, or a policy, which changes by itself when it passes.
func propose(c *Call) error {
	typed, _ := c.people.render(c.words, direct(c.from))
	text, err := board.CleanText(typed)
	switch {
	case errors.Is(err, board.ErrTextEmpty):
		return refuse(textMissing, "usage", "/propose "+c.command.Usage)
	case errors.Is(err, board.ErrTextLong):
		return refuse(textLong, "most", board.MaxText)
	case c.late:
		return c.askAgain("propose " + c.words)
	}
	p := c.newProposal(text)
	if !community.MayVote(p, c.from) {
		return refuse(noVote)
	}
	open, err := c.tx.OpenProposals()
	if err != nil {
		return err
	}
	card := proposalCard
	if s, value, named := community.ReadProposal(text); named {
		if err := c.proposePolicy(&p, s, value, open); err != nil {
			return err
		}
		card = policyCard
	}
	mine := 0
	for _, other := range open {
		if other.Line == "" && c.household(c.people.byID[other.By]) {
			mine++
		}
	}
	if mine >= community.MaxOpenProposals {
		return refuse(proposalsOpen, "most", community.MaxOpenProposals)
	}
	if c.place == InDM {
		c.react("👍")
	}
	return c.putToVote(p, card)
}

func (c *Call) newProposal(text string) community.Proposal {
	closes := c.people.policy.VoteCloses(c.now)
	return community.Proposal{By: c.from.ID, Text: text, Opened: c.now, Closes: closes, Effect: c.people.policy.VoteTakesEffect(closes)}
}

// proposePolicy makes a proposal one to change a policy.
func (c *Call) proposePolicy(p *community.Proposal, s community.Setting, value string, open []community.Proposal) error {
	changed, err := c.changedPolicy(s, value)
	if err != nil {
		return err
	}
	if changed == c.people.policy {
		return refuse(policySame, "name", s.Name, "value", s.Get(changed))
	}
	passed, err := c.tx.PassedProposals()
	if err != nil {
		return err
	}
	for _, other := range append(passed, open...) {
		if other.Setting == s.Name {
			return refuse(policyOpen, "name", s.Name, "id", int64(other.ID))
		}
	}
	p.Setting, p.Value = s.Name, s.Get(changed)
	p.Text = c.text(proposalPolicy, "name", s.Name, "new", p.Value, "old", s.Get(c.people.policy), "brief", s.Brief)
	return nil
}

// changedPolicy is the policy in force with one setting changed, as people write it.
func (c *Call) changedPolicy(s community.Setting, value string) (community.Policy, error) {
	changed := c.people.policy
	err := s.Set(&changed, value)
	if err != nil && ledger.CodeOf(err) == "" {
		err = refuse(policyNonsense, "why", err)
	}
	return changed, err
}

// putToVote shows a proposal in the group, where everybody can vote under it.
func (c *Call) putToVote(p community.Proposal, card string) error {
	push := ""
	if strings.HasSuffix(p.Setting, "floor") || strings.HasSuffix(p.Setting, "ceiling") {
		push = limitsPush
	}
	id, err := c.tx.AddProposal(p)
	if err != nil {
		return err
	}
	c.send(c.group(), proposalTopic(id),
		c.text(card, "who", c.people.byID[p.By], "text", p.Text, "until", c.until(p.Closes), "effect", c.until(p.Effect), "limits", push))
	return nil
}

// askMembers puts an act of the council to a vote of the members, where nobody else on
// the council could second it. The households that it is about have no vote.
func (c *Call) askMembers(line string, act deed, parties []ledger.AccountID) error {
	act = c.forMembers(act, parties)
	p := c.newProposal(act.words)
	p.Value, p.Line, p.Parties, p.Effect = act.form, line, parties, p.Closes
	c.answer(askedMembers, "until", c.until(p.Closes))
	return c.putToVote(p, proposalActs)
}

// forMembers is an act of the council as the group may read it: where somebody stands and
// how far they can go is nobody else's business.
func (c *Call) forMembers(act deed, parties []ledger.AccountID) deed {
	if c.command.Name == "limits" {
		return c.deed(voteOnLimits, "who", c.people.holder(parties[0]))
	}
	if c.command.Name == "settle" {
		return c.deed(voteOnSettle, "who", c.people.holder(parties[0]))
	}
	return act
}

// vote is a vote in words, or a look at what is open.
func vote(c *Call) error {
	word, rest := nextWord(c.words)
	a := voteWord(word)
	if c.about != nil && c.about.Kind == topicProposal && a.kind != unclear {
		return c.answerProposal(community.ProposalID(c.about.ID), a)
	}
	if a.kind == unclear && word != "" && !strings.HasPrefix(word, "#") {
		return refuse(voteNonsense)
	}
	if a.kind != unclear {
		c.words = rest
	}
	id, numbered := c.number()
	if next, _ := nextWord(c.words); numbered && a.kind == unclear {
		a = voteWord(next) // "/vote #3 yes"
		_, c.words = nextWord(c.words)
	}
	if c.words != "" { // "vote for the best cake"
		return refuse(voteNonsense)
	}
	open, err := c.tx.OpenProposals()
	if err != nil {
		return err
	}
	switch {
	case a.kind == unclear:
		return c.showVotes(open)
	case numbered:
		return c.answerProposal(community.ProposalID(id), a)
	case len(open) == 0:
		c.private(votesNone)
		return nil
	case len(open) > 1:
		return refuse(severalVotes, "list", c.voteList(open, nil))
	}
	return c.answerProposal(open[0].ID, a)
}

// voteWord reads yes, no, for, against, 👍 and their like.
func voteWord(word string) answer {
	switch strings.ToLower(word) {
	case "for":
		return answer{kind: yes, typed: true}
	case "against":
		return answer{kind: no, typed: true}
	}
	a := wordsAnswer(word)
	if a.kind != yes && a.kind != no {
		return answer{}
	}
	a.typed, a.text = true, ""
	return a
}

// showVotes lists what is open, with how one's household has voted.
func (c *Call) showVotes(open []community.Proposal) error {
	if len(open) == 0 {
		c.private(votesNone)
		return nil
	}
	mine := map[community.ProposalID]string{}
	for _, p := range open {
		b, found, err := c.tx.BallotOf(p.ID, c.from.Account)
		switch {
		case err != nil:
			return err
		case found && b.For:
			mine[p.ID] = voteMineYes
		case found:
			mine[p.ID] = voteMineNo
		}
	}
	c.private(votesOpen, "list", c.voteList(open, mine))
	return nil
}

func (c *Call) voteList(open []community.Proposal, mine map[community.ProposalID]string) string {
	list := ""
	for _, p := range open {
		list += c.text(voteLine, "id", int64(p.ID), "who", c.people.byID[p.By], "text", shorten(p.Text, 90), "until", c.until(p.Closes), "mine", mine[p.ID])
	}
	return list
}

// answerProposal is a vote: a reaction under the card, a plain yes or no in reply to it,
// or /vote. What else is said under it is a discussion between people.
func (c *Call) answerProposal(id community.ProposalID, a answer) error {
	if a.kind != yes && a.kind != no || a.text != "" && a.kind == no {
		return nil
	}
	p, found, err := c.tx.Proposal(id)
	switch {
	case err != nil:
		return err
	case !found:
		return refuse(noProposal)
	case p.State != community.ProposalOpen || !c.now.Before(p.Closes):
		if a.typed {
			c.forUs = true
			return refuse(voteOver)
		}
		return nil
	case !community.MayVote(p, c.from):
		c.forUs = a.typed || c.from.Met && !a.taken
		return refuse(noVote)
	}
	c.forUs = true
	b := community.Ballot{Account: c.from.Account, Member: c.from.ID, For: a.kind == yes}
	if a.taken {
		return c.tx.TakeBackVote(p.ID, b)
	}
	if err := c.tx.Vote(p.ID, b, c.now); err != nil {
		return err
	}
	switch {
	case !a.typed:
	case c.place == InGroup:
		c.react("👍")
	case b.For:
		c.answer(voteYes, "until", c.until(p.Closes))
	default:
		c.answer(voteNo, "until", c.until(p.Closes))
	}
	return nil
}

func proposalTopic(id community.ProposalID) storage.Topic {
	return storage.Topic{Kind: topicProposal, ID: int64(id)}
}

// withdrawProposal is the author's word under their own card: /cancel.
func (c *Call) withdrawProposal(id community.ProposalID) error {
	p, found, err := c.tx.Proposal(id)
	switch {
	case err != nil:
		return err
	case !found:
		return refuse(noProposal)
	case p.By != c.from.ID:
		return refuse(notYourProposal)
	case p.State != community.ProposalOpen:
		return refuse(voteOver)
	}
	c.send(c.group(), proposalTopic(p.ID), c.text(voteWithdrawn, "who", c.from, "text", p.Text))
	if err := c.tx.EndProposal(p.ID, community.ProposalWithdrawn, community.Tally{}); err != nil {
		return err
	}
	return c.caseBack(p)
}

// votes prints a tally: 5 to 1.
func votes(t community.Tally) string { return fmt.Sprintf("%d to %d", t.For, t.Against) }
