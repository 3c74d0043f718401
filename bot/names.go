package bot

import (
	"communityconnect/chat"
	"communityconnect/community"
)

// learnNames gives those who were taken in without a name the one that they turn out to
// call themselves. A name that somebody has, or has chosen, stays.
func (c *Call) learnNames() error {
	if err := c.learnName(c.msg.From, c.msg.Name); err != nil {
		return err
	}
	for _, p := range c.msg.Joined {
		if err := c.learnName(p, c.msg.Names[p]); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) learnName(person chat.PersonID, called string) error {
	m, known := c.people.byPerson[person]
	if !known || !m.Nameless || called == "" {
		return nil
	}
	name, fit := community.ShownName(called)
	if !fit {
		return nil
	}
	name = community.UniqueName(name, func(folded string) bool {
		for _, other := range c.people.all {
			if other.ID != m.ID && community.Fold(other.Name) == folded {
				return true
			}
		}
		return false
	})
	if err := c.tx.Rename(m.ID, name); err != nil {
		return err
	}
	c.changed = true
	var err error
	c.people, err = readPeople(c.tx)
	return err
}
