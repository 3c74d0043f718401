package bot

import (
	"time"

	"communityconnect/community"
	"communityconnect/storage"
)

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
	if err := c.notLost(); err != nil {
		return err
	}
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

func (c *Call) unfreeze(who community.Member) error {
	if err := c.tx.Unfreeze(who.ID); err != nil {
		return err
	}
	c.changed = true
	if who.Met {
		c.send(direct(who), storage.Topic{}, newPhoneOverYou)
	}
	c.tellCouncil(newPhoneOver, "who", who)
	return nil
}
