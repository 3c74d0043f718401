package bot

import (
	"slices"
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// topicCandidate is the card of somebody who was added to the council's group.
const topicCandidate = "candidate"

func candidateTopic(id community.MemberID) storage.Topic {
	return storage.Topic{Kind: topicCandidate, ID: int64(id)}
}

// leftCouncil takes those who have left the council's group off the council, or off the
// way to it. The members hear that it has shrunk.
func (c *Call) leftCouncil() error {
	var left []string
	for _, id := range c.msg.Left {
		m, known := c.people.byPerson[id]
		if !known {
			continue
		}
		if err := c.withdraw(m, candidateLeft); err != nil {
			return err
		}
		if !m.Council {
			continue
		}
		left = append(left, c.people.short(m))
		if err := c.tx.LeaveCouncil(m.ID, c.now); err != nil {
			return err
		}
	}
	if len(left) == 0 {
		return nil
	}
	c.tellCouncil(leftCouncil, "list", strings.Join(left, ", "))
	return c.tellShrunk(strings.Join(left, ", "))
}

// tellShrunk lets the community know that the council has become smaller: it's their
// council, and one person alone is to be noticed.
func (c *Call) tellShrunk(who string) error {
	if err := c.reread(); err != nil {
		return err
	}
	var on []community.Member
	for _, m := range c.people.all {
		if m.Council {
			on = append(on, m)
		}
	}
	phrase := councilShrunkTo
	if len(on) == 0 {
		phrase = councilGone
	}
	c.send(c.group(), storage.Topic{}, c.text(phrase, "who", who, "list", c.listed(on)))
	if len(on) > 0 {
		return nil
	}
	return c.askWhoIsLeft()
}

// joinedCouncil makes candidates of those who were added to the council's group.
func (c *Call) joinedCouncil() error {
	for _, id := range c.msg.Joined {
		m, known := c.people.byPerson[id]
		switch {
		case id == c.world.self, known && m.Council:
			continue
		case !known || !m.MayStand():
			c.tellCouncil(candidateNot, "who", c.someone(m, id))
			continue
		}
		_, found, err := c.tx.Candidate(m.ID)
		switch {
		case err != nil:
			return err
		case found:
			continue
		case !slices.ContainsFunc(c.people.all, func(m community.Member) bool { return m.Council }):
			if err := c.askForCouncil(m); err != nil {
				return err
			}
			continue
		}
		if err := c.tx.SetCandidate(storage.Candidate{Member: m.ID, Due: c.people.policy.PromptExpiry(c.now)}); err != nil {
			return err
		}
		c.send(c.council(), candidateTopic(m.ID), c.text(candidateAsk, "who", m))
	}
	return nil
}

// someone is a member by name, or somebody who is none by a mention.
func (c *Call) someone(m community.Member, id chat.PersonID) string {
	if m.ID == 0 {
		return strangerMark(id)
	}
	return c.people.short(m)
}

// answerCandidate is the council's word about somebody who was added to its group: a yes
// backs them, a no of anybody ends it, until the very hour at which it takes effect.
func (c *Call) answerCandidate(id community.MemberID, a answer) error {
	if c.place != InCouncil || !c.from.Council || !c.from.Active() || a.taken {
		return nil
	}
	cand, found, err := c.tx.Candidate(id)
	if err != nil || !found || a.kind != yes && a.kind != no {
		return err
	}
	who := c.people.byID[id]
	c.forUs = true
	switch {
	case !c.from.Frozen.IsZero():
		return refuse(frozen)
	case a.kind == no:
		return c.withdraw(who, candidateStopped)
	case cand.Backer != 0:
		return nil
	case c.household(who):
		return refuse(selfDealing)
	case !who.MayStand():
		return c.withdraw(who, candidateLeft)
	}
	cand.Backer, cand.Due = c.from.ID, c.now.Add(community.CouncilNotice)
	if err := c.tx.SetCandidate(cand); err != nil {
		return err
	}
	args := []any{"who", who, "by", c.from, "when", c.hour(cand.Due)}
	c.edit(c.council(), candidateTopic(id), c.text(candidateBacked, args...), "✅")
	c.send(c.group(), storage.Topic{}, c.text(candidateTell, args...))
	return c.logAs(c.from, "council", c.text(actBack, args...))
}

// withdraw ends somebody's way to the council.
func (c *Call) withdraw(who community.Member, phrase string) error {
	cand, found, err := c.tx.Candidate(who.ID)
	if err != nil || !found {
		return err
	}
	args := []any{"who", who, "by", c.from}
	c.edit(c.council(), candidateTopic(who.ID), c.text(phrase, args...), "❌")
	if cand.Backer != 0 {
		c.send(c.group(), storage.Topic{}, c.text(candidateOffTell, args...))
	}
	return c.tx.DropCandidate(who.ID)
}

// seatCandidates takes those on the council whose notice is over, and drops those whom
// nobody has backed in time.
func (c *Call) seatCandidates() error {
	all, err := c.tx.Candidates()
	if err != nil {
		return err
	}
	for _, cand := range all {
		if c.now.Before(cand.Due) {
			return nil // they come in the order of their hours
		}
		if err := c.seat(cand); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) seat(cand storage.Candidate) error {
	who, backer := c.people.byID[cand.Member], c.people.byID[cand.Backer]
	switch {
	case cand.Backer == 0:
		c.edit(c.council(), candidateTopic(who.ID), "", "⌛")
		return c.tx.DropCandidate(who.ID)
	case !who.MayStand() || !backer.CanCouncil():
		return c.withdraw(who, candidateLeft)
	}
	if err := c.tx.JoinCouncil(who.ID); err != nil {
		return err
	}
	if err := c.tx.DropCandidate(who.ID); err != nil {
		return err
	}
	if err := c.reread(); err != nil {
		return err
	}
	args := []any{"who", who, "by", backer}
	c.tellCouncil(candidateSeated, args...)
	c.send(c.group(), storage.Topic{}, c.text(candidateSeatedTell, args...))
	return c.logAs(backer, "council", c.text(actSeat, args...))
}

// hour prints an hour to come: Wednesday 6 May at 10:00.
func (c *Call) hour(t time.Time) string {
	return t.In(c.world.zone).Format("Monday 2 January at 15:04")
}
