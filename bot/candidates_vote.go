package bot

import (
	"slices"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// Where nobody is on the council, nobody can back who comes next: the members decide, on
// whoever is in the council's group.

// seatLine is what a proposal brings about that somebody joins the council. It is no
// command: nobody on the council could carry it out.
const seatLine = "seat "

// askWhoIsLeft puts everybody to a vote who is still in the council's group when the last
// of the council has gone, and whoever was on their way to it.
func (c *Call) askWhoIsLeft() error {
	present, err := c.tx.Roster(c.world.council)
	if err != nil {
		return err
	}
	for _, person := range present {
		m, known := c.people.byPerson[person]
		if !known || !m.MayStand() || slices.Contains(c.msg.Left, person) && c.msg.In == c.council() {
			continue
		}
		if err := c.tx.DropCandidate(m.ID); err != nil {
			return err
		}
		if err := c.askForCouncil(m); err != nil {
			return err
		}
	}
	return nil
}

// askForCouncil puts to a vote whether somebody joins the council on which nobody is.
func (c *Call) askForCouncil(who community.Member) error {
	open, err := c.tx.OpenProposals()
	if err != nil {
		return err
	}
	p := c.newProposal(c.text(actJoinEmpty, "who", who))
	p.By, p.Line, p.Effect = who.ID, seatLine+personMark(who.ID), p.Closes
	if slices.ContainsFunc(open, func(other community.Proposal) bool { return other.Line == p.Line }) {
		return nil
	}
	c.tellCouncil(candidateVote, "who", who, "until", c.until(p.Closes))
	return c.putToVote(p, proposalSeat)
}

// seatByVote takes somebody into the council by the members' word.
func (c *Call) seatByVote(p community.Proposal) error {
	who := c.people.byID[p.By]
	present, err := c.tx.Roster(c.world.council)
	if err != nil {
		return err
	}
	if !who.MayStand() || !slices.Contains(present, chat.PersonID(who.Person)) {
		c.send(c.group(), storage.Topic{}, c.text(candidateOffTell, "who", who))
		return nil
	}
	if err := c.tx.JoinCouncil(who.ID); err != nil {
		return err
	}
	if err := c.reread(); err != nil {
		return err
	}
	c.tellCouncil(candidateSeated, "who", who)
	c.send(c.group(), storage.Topic{}, c.text(candidateSeatedTell, "who", who))
	act := c.text(actVoted, "act", c.text(actSeat, "who", who), "how", c.text(byVoteOf, "votes", votes(p.Tally)))
	return c.logAs(who, "council", act)
}
