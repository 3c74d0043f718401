package bot

import (
	"slices"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// askLeave is the question whether somebody really leaves, and whether the commons gets
// what they don't give away.
const askLeave = "leave"

// leave walks through it: what is open, what becomes of the balance, and what is
// remembered. Said again it goes on from where it is.
func leave(c *Call) error {
	if c.place != InDM && !c.from.Met {
		return refuse(helloFirst)
	}
	if c.place != InDM {
		c.react("👍")
		c.in, c.place = direct(c.from), InDM
	}
	if l, already := c.people.leaving[c.from.ID]; already {
		return c.leaveOn(l)
	}
	text, err := c.leaveText()
	if err != nil {
		return err
	}
	return c.askLeaving(text)
}

// leaveText asks whether somebody really leaves and says what comes of it; once they are on
// their way out, it asks whether the commons gets the rest.
func (c *Call) leaveText() (string, error) {
	if _, already := c.people.leaving[c.from.ID]; already {
		a, err := c.tx.Account(c.from.Account)
		return c.text(leaveRest, "balance", a.Balance.Signed()), err
	}
	posts, err := c.tx.OpenPostsOf(int64(c.from.ID), c.now)
	if err != nil {
		return "", err
	}
	open, err := c.openOf(c.from)
	if err != nil {
		return "", err
	}
	balance, err := c.leaveBalance(c.from, c.people.policy.PlanEnds(c.now))
	if err != nil {
		return "", err
	}
	board := ""
	if len(posts) > 0 {
		board = c.text(leavePosts, "count", counted(int64(len(posts)), "post", "posts"))
	}
	return c.text(leaveAsk, "community", c.people.community.Name, "posts", board, "open", open, "balance", balance), nil
}

// askLeaving asks the one question about leaving that is open at a time.
func (c *Call) askLeaving(text string) error {
	if err := c.dropLeaving(); err != nil {
		return err
	}
	return c.askAuthor(askLeave, "leave", 0, text)
}

// dropLeaving takes back what was asked before.
func (c *Call) dropLeaving() error {
	open, err := c.tx.OpenQuestions(c.from.Account)
	for _, q := range open {
		if q.Kind == askLeave && q.Asked == c.from.ID && err == nil {
			err = c.tx.CloseQuestion(q.ID, "withdrawn")
		}
	}
	return err
}

// openOf lists what of somebody's has to be over before they have left.
func (c *Call) openOf(m community.Member) (string, error) {
	if c.householdGoesOn(m) {
		return "", nil
	}
	list, err := c.openList(m)
	if err != nil || list == "" {
		return "", err
	}
	return c.text(leaveOpen, "list", list), nil
}

// openList lists the trades and cases of an account that are not over.
func (c *Call) openList(m community.Member) (string, error) {
	trades, err := c.tx.OpenTrades(m.Account)
	if err != nil {
		return "", err
	}
	list := c.tradeList(trades)
	err = c.eachOpenCase(func(cs community.Case, t ledger.Trade) error {
		if t.Party(m.Account) {
			list += c.text(leaveCase, c.caseArgs(cs, t)...)
		}
		return nil
	})
	return list, err
}

// leaveBalance says what becomes of somebody's balance.
func (c *Call) leaveBalance(m community.Member, until time.Time) (string, error) {
	a, err := c.tx.Account(m.Account)
	switch {
	case err != nil || a.Balance == 0 || c.householdGoesOn(m):
		return "", err
	case a.Balance > 0:
		return c.text(leaveAbove, "balance", a.Balance.Signed()), nil
	}
	return c.text(leaveBelow, "balance", a.Balance.Signed(), "until", c.until(until)), nil
}

// householdGoesOn reports whether others are left to hold the account.
func (c *Call) householdGoesOn(m community.Member) bool {
	return slices.ContainsFunc(c.people.byAccount[m.Account], func(other community.Member) bool {
		_, leaves := c.people.leaving[other.ID]
		return other.ID != m.ID && other.Active() && !leaves
	})
}

// answerLeave is somebody's yes or no to leaving, or to leaving the rest to the commons.
func (c *Call) answerLeave(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	if a.kind == no {
		c.answer(leftIt)
		return nil
	}
	if _, already := c.people.leaving[c.from.ID]; already {
		return c.leaveRestToCommons()
	}
	return c.beginLeaving()
}

// beginLeaving takes down what is on the board and narrows the account, so that it only
// comes nearer to zero.
func (c *Call) beginLeaving() error {
	if err := c.takeAllDown(c.from); err != nil {
		return err
	}
	if a, away := c.people.away[c.from.ID]; away {
		if err := c.comeBack(a); err != nil {
			return err
		}
	}
	if err := c.tx.SetWilling(c.from.ID, false, c.now); err != nil {
		return err
	}
	a, err := c.tx.Account(c.from.Account)
	if err != nil {
		return err
	}
	own, err := c.tx.OwnLimits(a.ID)
	if err != nil {
		return err
	}
	l := community.Leaving{Member: c.from.ID, Since: c.now, Until: c.people.policy.PlanEnds(c.now), Floor: a.Floor, Ceiling: a.Ceiling, OwnLimits: own}
	for _, other := range c.people.byAccount[a.ID] { // whose leaving has narrowed the account already
		if before, leaves := c.people.leaving[other.ID]; leaves {
			l.Floor, l.Ceiling, l.OwnLimits = before.Floor, before.Ceiling, before.OwnLimits
		}
	}
	if err := c.tx.SetLeaving(l); err != nil {
		return err
	}
	if err := c.reread(); err != nil {
		return err
	}
	return c.leaveOn(l)
}

// leaveOn goes on with somebody who leaves: the end, if all is settled, or else what is
// left to do.
func (c *Call) leaveOn(l community.Leaving) error {
	if gone, err := c.leaver(l); err != nil || gone {
		return err
	}
	open, err := c.openOf(c.from)
	if err != nil {
		return err
	}
	a, err := c.tx.Account(c.from.Account)
	if err != nil {
		return err
	}
	if open == "" && a.Balance > 0 {
		text, err := c.leaveText()
		if err != nil {
			return err
		}
		return c.askLeaving(text)
	}
	balance, err := c.leaveBalance(c.from, l.Until)
	if err != nil {
		return err
	}
	c.answer(leaveBegun, "open", open, "balance", balance)
	return nil
}

// leaveRestToCommons gives what a leaver has left to the commons.
func (c *Call) leaveRestToCommons() error {
	a, err := c.tx.Account(c.from.Account)
	if err != nil || a.Balance <= 0 {
		return err
	}
	why, err := c.tx.Write("left to the commons on leaving")
	if err != nil {
		return err
	}
	if _, err := ledger.Settle(c.book, c.from.Account, why, c.now); err != nil {
		return err
	}
	return c.leavers()
}

// leavers looks at everybody who is on their way out.
func (c *Call) leavers() error {
	all, err := c.tx.Leaving()
	for _, l := range all {
		if _, err := c.leaver(l); err != nil {
			return err
		}
	}
	return err
}

// leaver lets somebody go whose account is even and of whom nothing is open any more.
// Until then their account comes nearer to zero and never further away.
func (c *Call) leaver(l community.Leaving) (gone bool, err error) {
	m := c.people.byID[l.Member]
	open, err := c.openOf(m)
	if err != nil {
		return false, err
	}
	goesOn := c.householdGoesOn(m)
	a, err := c.tx.Account(m.Account)
	switch {
	case err != nil:
		return false, err
	case goesOn, open == "" && a.Balance == 0:
		return true, c.letGo(l, m, goesOn)
	}
	floor, ceiling := community.LeavingLimits(a.Balance)
	if a.Floor != floor || a.Ceiling != ceiling {
		if err := c.tx.SetLimits(a.ID, floor, ceiling, true); err != nil {
			return false, err
		}
	}
	if l.Told || c.now.Before(l.Until) || a.Balance >= 0 {
		return false, nil
	}
	l.Told = true
	c.tellCouncil(leavePlanOver, "who", m)
	if m.Met {
		c.send(direct(m), storage.Topic{}, leaveLate)
	}
	if err := c.tx.SetLeaving(l); err != nil {
		return false, err
	}
	return false, c.reread()
}

// onTheWayOut reports whether an account is narrowed because somebody leaves: then its
// limits tell where it stands, and are nobody's to see or to set.
func (c *Call) onTheWayOut(a ledger.AccountID) bool {
	return slices.ContainsFunc(c.people.byAccount[a], func(m community.Member) bool {
		_, leaves := c.people.leaving[m.ID]
		return leaves
	})
}

// letGo ends a membership. The account has the limits again that it would have if they
// came back.
func (c *Call) letGo(l community.Leaving, m community.Member, goesOn bool) error {
	if err := c.restoreLimits(l, m); err != nil {
		return err
	}
	if m.Council {
		if err := c.tx.LeaveCouncil(m.ID, c.now); err != nil {
			return err
		}
	}
	if err := c.tx.SetStatus(m, community.Former, c.people.policy); err != nil {
		return err
	}
	if err := c.tx.ForgetPortal(m.ID); err != nil {
		return err
	}
	if err := c.reread(); err != nil {
		return err
	}
	if err := c.clearBoard(m); err != nil {
		return err
	}
	done, tell := leaveDone, leftEven
	if goesOn {
		done, tell = leaveDoneHousehold, leftHousehold
		if err := c.handCasesOver(m); err != nil {
			return err
		}
	}
	if m.Met {
		c.send(direct(m), storage.Topic{}, c.text(done, "community", c.people.community.Name))
	}
	c.tellCouncil(tell, "who", m)
	if m.Council {
		return c.tellShrunk(c.people.short(m))
	}
	return nil
}

// clearBoard takes down what somebody has on the board, and them off the requests that they
// have taken up: whoever asked may hope for somebody else.
func (c *Call) clearBoard(m community.Member) error {
	if err := c.takeAllDown(m); err != nil {
		return err
	}
	taken, err := c.tx.TakenUp(board.Request, int64(m.ID), c.now)
	if err != nil {
		return err
	}
	for _, p := range taken {
		if err := c.stepBack(p, m); err != nil {
			return err
		}
	}
	return nil
}

// takeAllDown takes down what somebody has on the board.
func (c *Call) takeAllDown(m community.Member) error {
	posts, err := c.tx.OpenPostsOf(int64(m.ID), c.now)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if err := c.endPost(p, c.text(downCard, "who", m, "text", p.Text), "🚫"); err != nil {
			return err
		}
	}
	return nil
}

// restoreLimits ends somebody's leaving and gives the account its limits back.
func (c *Call) restoreLimits(l community.Leaving, m community.Member) error {
	if err := c.tx.SetLimits(m.Account, l.Floor, l.Ceiling, l.OwnLimits); err != nil {
		return err
	}
	if err := c.tx.FollowStatus(m.Account, c.people.policy); err != nil {
		return err
	}
	return c.tx.EndLeaving(l.Member)
}

// stay is for somebody who thinks better of it.
func (c *Call) stay(l community.Leaving) error {
	if err := c.dropLeaving(); err != nil {
		return err
	}
	if err := c.restoreLimits(l, c.people.byID[l.Member]); err != nil {
		return err
	}
	return c.reread()
}
