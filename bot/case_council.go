package bot

import (
	"slices"
	"strings"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// passToCouncil lets the council look at a case and read what was said. Without a council
// the trade stands.
func (c *Call) passToCouncil(cs community.Case, t ledger.Trade, phrase string) error {
	for _, kind := range []string{askMediate, askOutcome} {
		if err := c.tx.CloseQuestions(kind, int64(cs.ID), "withdrawn"); err != nil {
			return err
		}
	}
	if c.world.council == "" {
		return c.timeOut(cs, t)
	}
	cs.Stage, cs.Due = community.WithCouncil, c.people.policy.CaseDue(c.now)
	cs.OpenerAgrees, cs.AnswererAgrees, cs.Outcome = false, false, community.Outcome{}
	if err := c.tx.SetCase(cs); err != nil {
		return err
	}
	c.tellParties(cs, t, phrase, c.caseArgs(cs, t)...)
	if slices.ContainsFunc(c.people.council(), func(m community.Member) bool { return t.Party(m.Account) }) {
		c.tellCouncil(caseElsewhere, "id", int64(cs.ID))
	}
	return c.showCouncil(cs, t)
}

// showCouncil gives the council a case that was passed to it.
func (c *Call) showCouncil(cs community.Case, t ledger.Trade) error {
	pages, err := c.statementPages(cs)
	if err != nil {
		return err
	}
	args := c.caseArgs(cs, t)
	c.tellCouncilOf(t, c.text(caseForCouncil, args...))
	for _, page := range pages {
		c.tellCouncilOf(t, c.text(statementsAre, append(args, "list", page)...))
	}
	return nil
}

// tellCouncilOf writes to the council about a case: in its group, or to each alone where
// a party to the case reads along there.
func (c *Call) tellCouncilOf(t ledger.Trade, text string) {
	council := c.people.council()
	party := func(m community.Member) bool { return t.Party(m.Account) }
	if !slices.ContainsFunc(council, party) {
		c.send(c.council(), storage.Topic{}, text)
		return
	}
	for _, m := range council {
		if !party(m) && m.Met {
			c.send(direct(m), storage.Topic{}, text)
		}
	}
}

// cases lists what is open, and shows what was passed to the council.
func cases(c *Call) error {
	if n, ok := c.number(); ok {
		cs, t, err := c.caseOf(community.CaseID(n))
		switch {
		case err != nil:
			return err
		case !cs.CouncilReads():
			return refuse(caseNotYours)
		case t.Party(c.from.Account):
			return refuse(selfDealing)
		}
		return c.showCouncil(cs, t)
	}
	open, err := c.tx.OpenCases()
	if err != nil {
		return err
	}
	if len(open) == 0 {
		c.answer(casesNone)
		return nil
	}
	list := ""
	for _, cs := range open {
		due := c.text(caseDueLine, "day", c.until(cs.Due))
		if late := c.now.Sub(cs.Due); late > 0 {
			due = c.text(caseLateLine, "late", counted(int64(late.Hours())/24+1, "day", "days"))
		}
		stage := map[community.Stage]string{
			community.Seeking: stageSeeking, community.Mediating: stageMediating, community.Offered: stageOffered, community.WithCouncil: stageCouncil,
		}[cs.Stage]
		list += c.text(caseLine, "id", int64(cs.ID), "date", c.until(cs.Opened), "stage", c.text(stage, "id", int64(cs.ID)), "due", due)
	}
	c.answer(casesAre, "list", list)
	return nil
}

// resolveByCouncil decides a case that was passed to the council, or puts it to the members.
func resolveByCouncil(c *Call) error {
	if !c.from.Council {
		return refuse(councilOnly)
	}
	n, ok := c.number()
	if !ok {
		return refuse(numberMissing, "usage", "/resolve #3 reversed why")
	}
	cs, t, err := c.caseOf(community.CaseID(n))
	switch {
	case err != nil:
		return err
	case !cs.CouncilReads():
		return refuse(caseNotYours)
	case cs.Outcome.Verdict == community.Voting && c.byVote == "":
		return refuse(caseVoted)
	}
	words := c.words
	word, rest := nextWord(c.words)
	ask := strings.EqualFold(word, "vote")
	if ask {
		c.words = rest
	}
	if cs.Outcome, err = c.readOutcome(t); err != nil {
		return err
	}
	args := c.outcomeArgs(cs, t, false)
	act := c.deed(actResolve, args...)
	summary, line := act, caseLineOf(cs.ID)+words
	parties := []ledger.AccountID{t.Giver, t.Receiver}
	toMembers := c.people.policy.SignOffFor(c.people.all, c.from, parties, c.now) == community.ByMembers
	if ask && toMembers { // it goes to them anyway
		line, ask = caseLineOf(cs.ID)+rest, false
	} else if ask {
		summary = c.deed(actResolveVote, args...)
	}
	switch ok, err := c.second(line, summary, parties...); {
	case err != nil:
		return err
	case !ok && toMembers:
		return c.waitForVote(cs)
	case !ok:
		return nil
	}
	if ask {
		return c.letMembersDecide(cs, caseLineOf(cs.ID)+rest, act, parties)
	}
	if cs.Outcome.Reason, err = c.tx.Write(cs.Outcome.Reason.Body); err != nil {
		return err
	}
	if err := c.settle(cs, t); err != nil {
		return err
	}
	return c.log(act.words)
}

// letMembersDecide puts an outcome to a vote. If it doesn't pass the trade stands, the
// day after.
func (c *Call) letMembersDecide(cs community.Case, line string, act deed, parties []ledger.AccountID) error {
	p := c.newProposal(act.words)
	p.Value, p.Line, p.Parties, p.Effect = act.form, line, parties, p.Closes
	if err := c.putToVote(p, proposalCase); err != nil {
		return err
	}
	if err := c.waitForVote(cs); err != nil {
		return err
	}
	return c.log(c.text(actToVote, "act", act.words))
}

// waitForVote leaves a case to the vote on it: there is one at most, and the day after it
// the case is over.
func (c *Call) waitForVote(cs community.Case) error {
	cs.Due = c.people.policy.VoteCloses(c.now).AddDate(0, 0, 1)
	cs.Outcome = community.Outcome{Verdict: community.Voting}
	return c.tx.SetCase(cs)
}

// caseLineOf begins the line of a vote on a case.
func caseLineOf(id community.CaseID) string { return "resolve #" + itoa(int64(id)) + " " }

// caseBack gives a case back to the council when the vote on it is taken back.
func (c *Call) caseBack(p community.Proposal) error {
	open, err := c.tx.OpenCases()
	if err != nil {
		return err
	}
	for _, cs := range open {
		if cs.Outcome.Verdict != community.Voting || !strings.HasPrefix(p.Line, caseLineOf(cs.ID)) {
			continue
		}
		cs.Outcome, cs.Due = community.Outcome{}, c.people.policy.CaseDue(c.now)
		if err := c.tx.SetCase(cs); err != nil {
			return err
		}
		cs, t, err := c.caseOf(cs.ID)
		if err != nil {
			return err
		}
		return c.showCouncil(cs, t)
	}
	return nil
}

// dropVoteOn ends the vote on a case that has been settled without it.
func (c *Call) dropVoteOn(cs community.Case) error {
	open, err := c.tx.OpenProposals()
	for _, p := range open {
		if err == nil && strings.HasPrefix(p.Line, caseLineOf(cs.ID)) {
			c.send(c.group(), proposalTopic(p.ID), c.text(voteMoot, "text", p.Text))
			err = c.tx.EndProposal(p.ID, community.ProposalWithdrawn, community.Tally{})
		}
	}
	return err
}
