package bot

import (
	"strings"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// pending lists what waits for the council, and who waits to be let in.
func pending(c *Call) error {
	var lines []string
	for _, list := range []func() ([]string, error){c.pendingActs, c.pendingApplicants, c.pendingCandidates} {
		more, err := list()
		if err != nil {
			return err
		}
		lines = append(lines, more...)
	}
	if len(lines) == 0 {
		c.answer(pendingNothing)
		return nil
	}
	const most = 12 // lines: a message stays one screen
	if n := len(lines) - most; n > 0 {
		lines = append(lines[:most], c.text(pendingMore, "count", n))
	}
	c.answer(pendingIs, "list", strings.Join(lines, "\n"))
	return nil
}

func (c *Call) pendingActs() (lines []string, err error) {
	open, err := c.tx.OpenSeconds()
	for _, q := range open {
		if q.Kind != askSecond {
			continue
		}
		lines = append(lines, c.text(pendingAct, "who", c.people.byID[q.Asker], "act", shorten(secondAct(q), 100)))
	}
	return lines, err
}

func (c *Call) pendingApplicants() (lines []string, err error) {
	all, err := c.tx.Applicants()
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		by, err := c.vouchers(a)
		if err != nil {
			return nil, err
		}
		phrase := pendingNew
		switch a.Kind {
		case storage.ComesBack:
			phrase = pendingBack
		case storage.Claims:
			phrase = pendingClaim
		}
		lines = append(lines, c.text(phrase, "name", shownName(a.Name), "code", community.ShowCode(a.Code), "day", c.day(a.Asked), "vouched", c.vouchedOf(a, by)))
	}
	return lines, nil
}

func (c *Call) pendingCandidates() (lines []string, err error) {
	all, err := c.tx.Candidates()
	for _, cand := range all {
		phrase := pendingCandidate
		if cand.Backer != 0 {
			phrase = pendingSeat
		}
		lines = append(lines, c.text(phrase, "who", c.people.byID[cand.Member], "by", c.people.byID[cand.Backer], "when", c.hour(cand.Due)))
	}
	return lines, err
}

// approve lets in whoever waits: by the council's word alone, but for a claim, which needs
// two vouchers beside.
func approve(c *Call) error {
	if c.words == "" {
		return refuse(personMissing, "usage", "/approve CODE")
	}
	a, err := c.applicantNamed(c.words)
	if err != nil {
		return err
	}
	switch a.Kind {
	case storage.Claims:
		return c.moveAccount(a)
	case storage.ComesBack:
		return c.letBack(a)
	}
	act := c.deed(actApprove, "name", shownName(a.Name), "code", community.ShowCode(a.Code))
	if ok, err := c.second("approve "+a.Code, act); err != nil || !ok {
		return err
	}
	if err := c.admit(a); err != nil {
		return err
	}
	return c.log(act.words)
}

// letBack gives somebody who had left their place and their history back. They begin as
// a newcomer; if they have done enough to be more than that, it shows within the minute.
func (c *Call) letBack(a storage.Applicant) error {
	who := c.people.byID[a.Member]
	act := c.deed(actLetBack, "who", who)
	if ok, err := c.second("approve "+a.Code, act, who.Account); err != nil || !ok {
		return err
	}
	if err := c.tx.SetStatus(who, community.Newcomer, c.people.policy); err != nil {
		return err
	}
	if err := c.tx.Decided(a.ID); err != nil {
		return err
	}
	if err := c.reread(); err != nil {
		return err
	}
	who = c.people.byID[who.ID]
	present, err := c.inGroup(who)
	if err != nil {
		return err
	}
	if !present {
		c.add(who)
	}
	c.send(c.group(), storage.Topic{}, c.text(backGroup, "who", who))
	if a.Met {
		c.send(chat.Conversation{Person: a.Person}, storage.Topic{}, c.text(backYou, "who", who, "community", c.people.community.Name))
	}
	return c.log(act.words)
}
