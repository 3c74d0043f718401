package bot

import (
	"slices"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// topicDue is what somebody has to be told, whether or not they have ever written to the
// bot: a case against them, a suspension.
const topicDue = "due"

// mustTell tells somebody what they have a right to hear. If it doesn't reach them, the council
// hears that and tells them in person.
func (c *Call) mustTell(m community.Member, text string) {
	if m.Person == "" {
		c.tellCouncil(dueInPerson, "who", m)
		return
	}
	c.send(direct(m), storage.Topic{Kind: topicDue, ID: int64(m.ID)}, text)
}

// undelivered is for what never reached anybody and somebody has to see to: a person who
// has to be told, and one who was to be added to the group.
func (e *Engine) undelivered(tx *storage.Tx, row storage.OutboxRow, b *batch) error {
	due := row.Out.To.Direct() && (row.Topic.Kind == topicDue || row.Topic.Kind == topicCase)
	if !due && row.Out.Act != chat.Add {
		return nil
	}
	c, err := e.call(tx, chat.Message{}, e.now())
	if err != nil {
		return err
	}
	if m, known := c.people.byPerson[row.Out.To.Person]; due && known {
		c.tellCouncil(dueUndelivered, "who", m)
	}
	for _, p := range row.Out.Add {
		if m, known := c.people.byPerson[p]; known {
			if err := c.askToAdd(m); err != nil {
				return err
			}
		}
	}
	return e.queue(tx, c, b)
}

// askToAdd asks a human to take somebody into the group on the line: the council, or those
// who vouched, where there is none.
func (c *Call) askToAdd(m community.Member) error {
	present, err := c.inGroup(m)
	if err != nil || present {
		return err
	}
	c.tellCouncil(pleaseAdd, "who", m)
	if c.world.council != "" {
		return nil
	}
	sponsors, err := c.tx.Sponsors(m.ID)
	for _, id := range slices.Compact(sponsors) {
		c.tell(c.people.byID[id], direct(m), pleaseAdd, "who", m)
	}
	return err
}
