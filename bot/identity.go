package bot

import (
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// vouchersAfterChange is how many members have to say that somebody with a new phone is
// who they were.
const vouchersAfterChange = 2

// newDevice is a changed safety number. The line goes on, so that no word is lost, but
// what was asked of the person before is not answered by whoever has the phone now.
func (c *Call) newDevice() error {
	if err := c.tx.Freeze(c.from.ID, c.now); err != nil {
		return err
	}
	c.changed, c.forUs = true, true
	if err := c.tx.EndLogins(c.from.ID, 0); err != nil {
		return err
	}
	if c.from.Met {
		c.send(direct(c.from), storage.Topic{}, newPhone)
	}
	c.tellCouncil(newPhoneAlarm, "who", c.from)
	return nil
}

// stillThem refuses an answer to what was asked before a safety number changed.
func (c *Call) stillThem(asked time.Time) error {
	if !c.from.Frozen.IsZero() && asked.Before(c.from.Frozen) {
		return refuse(frozen)
	}
	return nil
}

func (c *Call) tellCouncil(phrase string, args ...any) {
	if c.world.council != "" {
		c.send(c.council(), storage.Topic{}, c.text(phrase, args...))
	}
}

// vouch is a member's word that somebody with a new phone is who they were. A household
// counts once, and nobody stands for their own.
func vouch(c *Call) error {
	who, err := c.person()
	switch {
	case err != nil:
		return err
	case c.household(who):
		return refuse(personYourself)
	case !c.from.Frozen.IsZero():
		return refuse(frozen)
	case who.Frozen.IsZero():
		c.aside(vouchNeedless, "who", who)
		return nil
	}
	by, err := c.tx.Vouch(who.ID, c.from.ID, c.now)
	if err != nil {
		return err
	}
	households := map[any]bool{}
	for _, id := range by {
		households[c.people.byID[id].Account] = true
	}
	if len(households) < vouchersAfterChange {
		c.aside(vouchNoted)
		return nil
	}
	c.react("👍")
	return c.unfreeze(who)
}

func (c *Call) unfreeze(who community.Member) error {
	if err := c.tx.Unfreeze(who.ID); err != nil {
		return err
	}
	c.changed = true
	if who.Met {
		c.send(direct(who), storage.Topic{}, c.text(newPhoneOver, "who", who))
	}
	c.tellCouncil(newPhoneOver, "who", who)
	return nil
}

// restore is the council's word instead of two members'.
func restore(c *Call) error {
	who, err := c.person()
	if err != nil {
		return err
	}
	if who.Frozen.IsZero() {
		c.answer(vouchNeedless, "who", who)
		return nil
	}
	act := c.text(actRestore, "who", who)
	if ok, err := c.second("restore "+personMark(who.ID), act, who.Account); err != nil || !ok {
		return err
	}
	if err := c.unfreeze(who); err != nil {
		return err
	}
	return c.log(act)
}

// roster is a change of who is in one of our groups.
func (c *Call) roster() error {
	var left []string
	for _, id := range c.msg.Left {
		m, known := c.people.byPerson[id]
		if !known || !m.Known() || c.place == InCouncil && !m.Council {
			continue
		}
		left = append(left, c.people.short(m))
		if c.place == InCouncil {
			if err := c.tx.LeaveCouncil(m.ID, c.now); err != nil {
				return err
			}
			c.changed = true
		}
	}
	switch {
	case len(left) > 0 && c.place == InCouncil:
		c.tellCouncil(leftCouncil, "list", strings.Join(left, ", "))
	case len(left) > 0 && c.place == InGroup:
		c.tellCouncil(leftGroup, "list", strings.Join(left, ", "))
	}
	if n := c.strangersAmong(c.msg.Joined); n > 0 && c.place == InGroup {
		c.tellCouncil(joinedGroup, "count", counted(int64(n), "person", "people"))
	}
	return nil
}

func (c *Call) strangersAmong(ids []chat.PersonID) int {
	n := 0
	for _, id := range ids {
		if m, known := c.people.byPerson[id]; id != c.world.self && (!known || !m.Known()) {
			n++
		}
	}
	return n
}
