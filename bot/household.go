package bot

import (
	"strconv"
	"strings"

	"communityconnect/community"
	"communityconnect/storage"
)

// household brings somebody into the account of the people they live with, or out of it
// again. Both are asked, too, for they can spend each other's. Who has trades of their own keeps them: only an account without any is given up.
func household(c *Call) error {
	who, err := c.person()
	if err != nil {
		return err
	}
	if c.words == "" {
		return c.partHousehold(who)
	}
	with, err := c.person()
	if err != nil {
		return err
	}
	if who.Account == with.Account {
		c.answer(householdAlready, "who", who, "with", with)
		return nil
	}
	unused, err := c.tx.Unused(who.Account)
	switch {
	case err != nil:
		return err
	case !unused:
		return refuse(ownTrades, "who", who)
	}
	act := c.deed(actHousehold, "who", who, "with", with)
	if ok, err := c.second("household "+personMark(who.ID)+" "+personMark(with.ID), act, who.Account, with.Account); err != nil || !ok {
		return err
	}
	if err := c.log(act.words); err != nil {
		return err
	}
	return c.askHousehold(who, with, with)
}

// askHousehold is the question whether two share an account: of whoever has it, and then
// of whoever comes into it. For somebody without a phone the council has spoken.
const askHousehold = "household"

func (c *Call) askHousehold(who, with, asked community.Member) error {
	if asked.Person == "" {
		return c.agreeHousehold(who, with, asked)
	}
	q := storage.Question{
		Kind: askHousehold, Asked: asked.ID, Asker: c.from.ID, TopicID: int64(who.ID), Options: []string{itoa(int64(with.ID))},
		In: direct(asked), At: c.now, Expires: c.people.policy.PromptExpiry(c.now),
	}
	id, err := c.tx.Ask(q)
	if err != nil {
		return err
	}
	if q.ID = id; asked.Met {
		c.sayHousehold(q)
	}
	return nil
}

func (c *Call) sayHousehold(q storage.Question) {
	c.send(q.In, storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}, c.householdText(q))
}

func (c *Call) householdText(q storage.Question) string {
	who, with := c.householdOf(q)
	phrase := householdAsk
	if q.Asked == who.ID {
		phrase = householdAskIn
	}
	return c.text(phrase, "who", who, "with", with)
}

// householdOf reads whom a question is about.
func (c *Call) householdOf(q storage.Question) (who, with community.Member) {
	id, _ := strconv.ParseInt(strings.Join(q.Options, ""), 10, 64)
	return c.people.byID[community.MemberID(q.TopicID)], c.people.byID[community.MemberID(id)]
}

func (c *Call) answerHousehold(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	who, with := c.householdOf(q)
	if a.kind == no {
		c.answer(leftIt)
		c.tellCouncil(householdRefused, "by", c.from, "who", who, "with", with)
		return nil
	}
	return c.agreeHousehold(who, with, c.people.byID[q.Asked])
}

// agreeHousehold goes on after a yes: to the other of the two, or to the deed.
func (c *Call) agreeHousehold(who, with, by community.Member) error {
	if who.Status == community.Former || with.Status == community.Former {
		c.answer(householdGone)
		return nil
	}
	if by.ID == with.ID {
		if c.place == InDM {
			c.answer(householdThanks, "who", who)
		}
		return c.askHousehold(who, with, who)
	}
	unused, err := c.tx.Unused(who.Account)
	switch {
	case err != nil:
		return err
	case !unused || who.Account == with.Account:
		return refuse(ownTrades, "who", who)
	}
	if err := c.tx.JoinHousehold(who.ID, with.Account, c.people.policy); err != nil {
		return err
	}
	return c.householdChanged(householdJoinedYou, householdJoined, who, c.people.byAccount[with.Account]...)
}

// partHousehold gives somebody an account of their own; the others keep the one they had.
func (c *Call) partHousehold(who community.Member) error {
	others := c.people.byAccount[who.Account]
	if len(others) < 2 {
		c.answer(householdAlone, "who", who)
		return nil
	}
	act := c.deed(actPart, "who", who)
	if ok, err := c.second("household "+personMark(who.ID), act, who.Account); err != nil || !ok {
		return err
	}
	if err := c.tx.LeaveHousehold(who, c.people.policy); err != nil {
		return err
	}
	if err := c.log(act.words); err != nil {
		return err
	}
	if err := c.householdChanged(householdPartedYou, householdParted, who, others...); err != nil {
		return err
	}
	return c.handCasesOver(who)
}

// householdChanged tells whoever came or went, and the others.
func (c *Call) householdChanged(toThem, toOthers string, who community.Member, others ...community.Member) error {
	if err := c.reread(); err != nil {
		return err
	}
	c.tell(who, direct(who), toThem)
	for _, m := range others {
		if m.ID != who.ID {
			c.tell(m, direct(m), toOthers, "who", who)
		}
	}
	return nil
}
