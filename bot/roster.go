package bot

import (
	"strings"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// topicGreeting is the greeting of people who were added to the group.
const topicGreeting = "greeting"

// roster is a change of who is in one of our groups.
func (c *Call) roster() error {
	if c.place == InCouncil {
		if err := c.leftCouncil(); err != nil {
			return err
		}
		return c.joinedCouncil()
	}
	if c.place != InGroup {
		return nil
	}
	if err := c.leftGroup(); err != nil {
		return err
	}
	return c.greet()
}

// leftGroup tells the council who has left the group. Whoever was only greeted there and
// has never spoken to the bot is no longer waiting to be let in.
func (c *Call) leftGroup() error {
	var left []string
	for _, id := range c.msg.Left {
		if m, known := c.people.byPerson[id]; known && m.Known() && m.Status != community.Former {
			left = append(left, c.people.short(m))
			if err := c.goneFromGroup(m); err != nil {
				return err
			}
			continue
		}
		a, found, err := c.tx.ApplicantIs(id)
		if err == nil && found && !a.Met {
			err = c.tx.Decided(a.ID)
		}
		if err != nil {
			return err
		}
	}
	if len(left) > 0 {
		c.tellCouncil(leftGroup, "list", strings.Join(left, ", "))
	}
	return nil
}

// greet says hello, once and in one message, to those who were added to the group and are
// not in the books. Who was in before comes back by the council's word only.
func (c *Call) greet() error {
	var marks []string
	var first storage.ApplicantID
	for _, id := range c.msg.Joined {
		m, known := c.people.byPerson[id]
		switch {
		case id == c.world.self:
			continue
		case known && m.Status != community.Former:
			if err := c.backInGroup(m); err != nil {
				return err
			}
			continue
		case known:
			if err := c.formerAgain(m); err != nil {
				return err
			}
			continue
		}
		a, err := c.greeted(id, first)
		if err != nil {
			return err
		}
		if first == 0 {
			first = a.ID
		}
		marks = append(marks, strangerMark(id))
	}
	phrase := greetOne
	switch len(marks) {
	case 0:
		return nil
	case 1:
	default:
		phrase = greetSeveral
	}
	c.send(c.group(), storage.Topic{Kind: topicGreeting, ID: int64(first)}, c.text(phrase, "list", strings.Join(marks, ", ")))
	return nil
}

// greeted notes that somebody waits to be vouched for under a greeting.
func (c *Call) greeted(id chat.PersonID, first storage.ApplicantID) (storage.Applicant, error) {
	a, found, err := c.tx.ApplicantIs(id)
	if err != nil {
		return a, err
	}
	if !found {
		a, err = c.tx.Apply(storage.Applicant{
			Person: id, Kind: storage.NewPerson, Name: fitName(c.msg.Names[id]), Asked: c.now, Expires: c.now.AddDate(0, 0, c.people.policy.JoinDays),
		})
	}
	if err != nil || a.Kind != storage.NewPerson {
		return a, err
	}
	if a.Greeting = first; first == 0 {
		a.Greeting = a.ID
	}
	return a, c.tx.SetApplicant(a)
}

// formerAgain lets the council know that somebody who has left is in the group again.
func (c *Call) formerAgain(m community.Member) error {
	_, found, err := c.tx.ApplicantIs(chat.PersonID(m.Person))
	if err != nil || found {
		return err
	}
	_, err = c.tx.Apply(storage.Applicant{
		Person: chat.PersonID(m.Person), Kind: storage.ComesBack, Name: m.Name, Member: m.ID, Met: m.Met, Asked: c.now,
		Expires: c.now.AddDate(0, 0, c.people.policy.JoinDays),
	})
	c.tellCouncil(formerThere, "who", m)
	return err
}
