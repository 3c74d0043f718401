package bot

import (
	"communityconnect/board"
	"communityconnect/community"
)

// suspend takes away what somebody may do, for a reason that they are told whether or not
// they have ever written to the bot. A suspended member of the council is off it.
func suspend(c *Call) error {
	who, err := c.person()
	if err != nil {
		return err
	}
	why := c.plainWords(c.words)
	switch {
	case why == "":
		return refuse(reasonMissing, "usage", "/suspend @Ann why")
	case !who.Active():
		c.answer(suspendedAlready, "who", who)
		return nil
	}
	args := []any{"who", who, "why", why, "community", c.people.community.Name}
	act := c.deed(actSuspend, args...)
	if ok, err := c.second("suspend "+personMark(who.ID)+" "+why, act, who.Account); err != nil || !ok {
		return err
	}
	if err := c.withdraw(who, candidateLeft); err != nil {
		return err
	}
	if err := c.tx.LeaveCouncil(who.ID, c.now); err != nil {
		return err
	}
	if err := c.tx.Suspend(who.ID); err != nil {
		return err
	}
	if err := c.dropRequests(who); err != nil {
		return err
	}
	c.changed = true
	c.mustTell(who, c.text(suspendedYou, args...))
	if who.Council {
		if err := c.tellShrunk(c.people.short(who)); err != nil {
			return err
		}
	}
	return c.log(act.words)
}

// dropRequests takes somebody's requests off the board: help could not be recorded for
// them. What they offer stays, for they may give.
func (c *Call) dropRequests(who community.Member) error {
	posts, err := c.tx.OpenPostsOf(int64(who.ID), c.now)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if p.Kind != board.Request {
			continue
		}
		if err := c.endPost(p, c.text(requestDown, "text", p.Text), "🚫"); err != nil {
			return err
		}
	}
	return nil
}

// mayReceive refuses to record help for somebody who is suspended, but for another adult
// of their household who is not.
func (c *Call) mayReceive(who community.Member) error {
	for _, m := range c.people.byAccount[who.Account] {
		if m.Active() {
			return nil
		}
	}
	return refuse(cannotReceive)
}

// restore gives a suspended member their standing back, or lets somebody act again whose
// phone was new or lost.
func restore(c *Call) error {
	who, err := c.person()
	if err != nil {
		return err
	}
	phrase := actRestore
	switch {
	case who.Status == community.Suspended:
		phrase = actReadmit
	case who.Frozen.IsZero():
		c.answer(vouchNeedless, "who", who)
		return nil
	}
	act := c.deed(phrase, "who", who)
	if ok, err := c.second("restore "+personMark(who.ID), act, who.Account); err != nil || !ok {
		return err
	}
	if who.Status == community.Suspended {
		if err := c.tx.Readmit(who.ID); err != nil {
			return err
		}
		c.changed = true
		c.mustTell(who, c.text(readmitted, "who", who, "community", c.people.community.Name))
	} else if err := c.unfreeze(who); err != nil {
		return err
	}
	return c.log(act.words)
}
