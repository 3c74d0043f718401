package bot

import (
	"time"

	"communityconnect/board"
	"communityconnect/community"
)

// leavingCommands are for going, for a while or for good, and for giving away what one has.
func leavingCommands() []Command {
	return []Command{
		{Name: "gift", Usage: "@Ann 2h why", Brief: "give somebody of what you have, or the commons", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Run: gift},
		{Name: "away", Usage: "2 weeks", Brief: "pause what you have on the board", Places: InDM | InGroup, Bare: bareAny, Run: away},
		{Name: "back", Brief: "end that, or stay after all", Places: InDM | InGroup, Suspended: true, Bare: bareAlone, Run: back},
		{Name: "leave", Brief: "leave the community, step by step", Places: InDM | InGroup, Suspended: true, Bare: bareAlone, Run: leave},
	}
}

// heardEvery is how exactly it is noted when somebody was heard of.
const heardEvery = 24 * time.Hour

// heard notes that somebody is there. Whoever was only silent is back with that.
func (c *Call) heard() error {
	if c.now.Sub(c.from.Heard) >= heardEvery {
		if err := c.tx.SetHeard(c.from.ID, c.now); err != nil {
			return err
		}
		c.from.Heard = c.now
		c.people.byID[c.from.ID], c.people.byPerson[c.msg.From] = c.from, c.from
		for i := range c.people.all {
			if c.people.all[i].ID == c.from.ID {
				c.people.all[i].Heard = c.now
			}
		}
	}
	if a, away := c.people.away[c.from.ID]; away && a.Why == community.Silent {
		return c.comeBack(a)
	}
	return nil
}

// away pauses what a member has on the board.
func away(c *Call) error {
	until, err := community.ReadAbsence(c.words, c.now.In(c.world.zone))
	if err != nil {
		return refuse(awayNonsense)
	}
	a := community.Absence{Member: c.from.ID, Why: community.SaidAway, Since: c.now, Until: until}
	if err := c.pause(a); err != nil {
		return err
	}
	if until.IsZero() {
		c.quietly(awayOpen)
	} else {
		c.quietly(awayUntil, "until", c.until(until))
	}
	return nil
}

// pause takes somebody's posts out of what is matched and shown.
func (c *Call) pause(a community.Absence) error {
	if before, already := c.people.away[a.Member]; already {
		a.Since = before.Since
	}
	posts, err := c.tx.OpenPostsOf(int64(a.Member), c.now)
	if err != nil {
		return err
	}
	for _, p := range posts {
		c.index(func(x *board.Index) { x.RemovePost(p.ID) })
	}
	if err := c.tx.SetAway(a); err != nil {
		return err
	}
	return c.reread()
}

// comeBack ends a pause: their posts have as long to stand as they had.
func (c *Call) comeBack(a community.Absence) error {
	if err := c.tx.EndAway(a, c.now); err != nil {
		return err
	}
	posts, err := c.tx.OpenPostsOf(int64(a.Member), c.now)
	if err != nil {
		return err
	}
	for _, p := range posts {
		c.index(func(x *board.Index) { x.AddPost(p) })
	}
	return c.reread()
}

// back ends a pause, or stops somebody from leaving.
func back(c *Call) error {
	a, isAway := c.people.away[c.from.ID]
	l, isLeaving := c.people.leaving[c.from.ID]
	switch {
	case isLeaving:
		c.private(leaveStays)
		if err := c.stay(l); err != nil {
			return err
		}
	case isAway:
		c.quietly(awayOver)
	default:
		c.quietly(backNeedless)
	}
	if isAway {
		return c.comeBack(a)
	}
	return nil
}

// absences ends the pauses whose time is up, and asks who has fallen silent how they are.
func (c *Call) absences() error {
	for _, m := range c.people.all {
		a, isAway := c.people.away[m.ID]
		_, isLeaving := c.people.leaving[m.ID]
		var err error
		switch {
		case isAway && !a.Until.IsZero() && !c.now.Before(a.Until):
			if err = c.comeBack(a); err == nil { // and nobody asks where they have been
				err = c.tx.SetHeard(m.ID, c.now)
			}
			if reachable(m) && err == nil {
				err = c.nudge(m, nudge{kind: community.NudgeNews, key: "back " + c.until(a.Until), text: awayOver})
			}
		case !isAway && !isLeaving && c.people.policy.FellSilent(m, c.now):
			err = c.askSilent(m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// askSilent pauses the posts of somebody of whom nothing was heard, and asks them once.
func (c *Call) askSilent(m community.Member) error {
	last := m.Heard
	if last.Before(m.Joined) {
		last = m.Joined
	}
	if err := c.pause(community.Absence{Member: m.ID, Why: community.Silent, Since: c.now}); err != nil {
		return err
	}
	return c.nudge(m, nudge{kind: community.NudgeNews, key: "silent since " + c.until(last), text: c.text(silentAsk, "since", c.until(last))})
}

// silentOnes are those who have not answered that, a few at a time: the council's weekly
// list names each of them once.
func (c *Call) silentOnes(most int) (names []string, err error) {
	for _, m := range c.people.all {
		a := c.people.away[m.ID]
		if a.Why != community.Silent || a.Told || c.now.Sub(a.Since) < community.SilenceAnswered || len(names) == most {
			continue
		}
		names = append(names, c.people.short(m))
		a.Told = true
		if err := c.tx.SetAway(a); err != nil {
			return nil, err
		}
	}
	return names, c.reread()
}

// goneFromGroup pauses the posts of whoever has left the community's group, and offers
// them help to settle what is left.
func (c *Call) goneFromGroup(m community.Member) error {
	if !m.Active() {
		return nil
	}
	if err := c.pause(community.Absence{Member: m.ID, Why: community.Gone, Since: c.now}); err != nil {
		return err
	}
	return c.nudge(m, nudge{kind: community.NudgeNews, key: "gone " + c.until(c.now), text: goneAsk})
}

// backInGroup ends what goneFromGroup began.
func (c *Call) backInGroup(m community.Member) error {
	if a, away := c.people.away[m.ID]; away && a.Why == community.Gone {
		return c.comeBack(a)
	}
	return nil
}
