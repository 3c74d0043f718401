package bot

import (
	"slices"
	"strings"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// askEarly is the question whether somebody's sponsors may hear early of trouble.
const askEarly = "early"

// admit takes an applicant in as a newcomer, by the word of those who vouched for them or
// of the council.
func (c *Call) admit(a storage.Applicant) error {
	if c.people.policy.Full(c.people.all) {
		c.aside(joinFull, "name", shownName(a.Name))
		return nil
	}
	m, err := c.newMember(a)
	if err != nil {
		return err
	}
	sponsors, err := c.vouchers(a)
	if err != nil {
		return err
	}
	for _, s := range sponsors {
		if err := c.tx.AddSponsor(m.ID, s.ID, c.now); err != nil {
			return err
		}
	}
	if err := c.tx.Decided(a.ID); err != nil {
		return err
	}
	if err := c.reread(); err != nil {
		return err
	}
	return c.welcome(m, sponsors, shownName(a.Name))
}

// newMember gives an applicant an account and a name that nobody else has.
func (c *Call) newMember(a storage.Applicant) (community.Member, error) {
	name := community.UniqueName(shownName(a.Name), func(folded string) bool {
		return slices.ContainsFunc(c.people.all, func(m community.Member) bool { return community.Fold(m.Name) == folded })
	})
	return c.tx.AddMember(community.Member{
		Person: string(a.Person), Name: name, Status: community.Newcomer, Met: a.Met, Nameless: a.Name == "", Joined: c.now,
	}, c.people.policy)
}

// welcome tells everybody who should know that somebody is in: the group in one line,
// those who vouched, and the newcomer, who hears if the name they wanted was taken.
func (c *Call) welcome(m community.Member, sponsors []community.Member, wanted string) error {
	if err := c.welcomeInGroup(m, sponsors); err != nil {
		return err
	}
	for _, s := range sponsors {
		if s.Met {
			c.send(direct(s), storage.Topic{}, c.text(vouchedIn, "who", m))
		}
	}
	called := ""
	if wanted != m.Name {
		called = c.text(calledNow, "wanted", wanted, "name", m.Name)
	}
	if m.Met {
		c.send(direct(m), storage.Topic{}, c.welcomeText(m, sponsors, called))
	}
	if len(sponsors) == 0 {
		return nil
	}
	return c.askEarly(m)
}

// welcomeText tells a newcomer how this works.
func (c *Call) welcomeText(m community.Member, sponsors []community.Member, called string) string {
	by := byCouncilYou
	if len(sponsors) > 0 {
		by = c.text(byMembersYou, "list", c.listed(sponsors))
	}
	p := c.people.policy
	return c.text(welcomeDM, "community", c.people.community.Name, "name", m.Name, "by", by, "called", called,
		"down", -p.NewcomerFloor, "up", p.NewcomerCeiling, "scope", p.Scope)
}

// sayHello answers a greeting. A newcomer who says hello for the first time was promised
// to hear how this works.
func (c *Call) sayHello() error {
	if !c.first || c.from.Status != community.Newcomer {
		c.answer(hello, "you", c.people.short(c.from), "community", c.people.community.Name)
		return nil
	}
	sponsors, err := c.sponsorsOf(c.from)
	if err == nil {
		c.answer("{text}", "text", c.welcomeText(c.from, sponsors, ""))
	}
	return err
}

// sponsorsOf are those who vouched for somebody when they came.
func (c *Call) sponsorsOf(m community.Member) (all []community.Member, err error) {
	ids, err := c.tx.Sponsors(m.ID)
	for _, id := range ids {
		all = append(all, c.people.byID[id])
	}
	return all, err
}

// welcomeInGroup tells the group in one line, and takes whoever isn't there into it.
func (c *Call) welcomeInGroup(m community.Member, sponsors []community.Member) error {
	present, err := c.inGroup(m)
	if err != nil {
		return err
	}
	by := byCouncil
	if len(sponsors) > 0 {
		by = c.text(byMembers, "list", c.listed(sponsors))
	}
	phrase := welcomeUnmet
	switch {
	case !present:
		c.add(m)
		phrase = welcomeGroup
	case m.Met:
		phrase = welcomeThere
	}
	c.send(c.group(), storage.Topic{}, c.text(phrase, "who", m, "name", m.Name, "by", by))
	return nil
}

func (c *Call) listed(all []community.Member) string {
	var names []string
	for _, m := range all {
		names = append(names, c.people.short(m))
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// inGroup reports whether somebody is in the community's group on the line.
func (c *Call) inGroup(m community.Member) (bool, error) {
	present, err := c.tx.Roster(c.world.group)
	return slices.Contains(present, chat.PersonID(m.Person)), err
}

// add takes somebody into the group on the line, where the bot may.
func (c *Call) add(m community.Member) {
	c.replies = append(c.replies, reply{act: chat.Add, to: c.group(), add: []chat.PersonID{chat.PersonID(m.Person)}})
}

// askEarly asks a newcomer whether those who vouched for them may hear early of trouble.
// Who has yet to say hello is asked then.
func (c *Call) askEarly(m community.Member) error {
	q := storage.Question{Kind: askEarly, Asked: m.ID, Asker: m.ID, In: direct(m), At: c.now, Expires: c.people.policy.PromptExpiry(c.now)}
	id, err := c.tx.Ask(q)
	if err != nil || !m.Met {
		return err
	}
	q.ID = id
	return c.sayEarly(q)
}

func (c *Call) sayEarly(q storage.Question) error {
	text, err := c.earlyText(q)
	if err == nil {
		c.send(q.In, storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}, text)
	}
	return err
}

func (c *Call) earlyText(q storage.Question) (string, error) {
	sponsors, err := c.sponsorsOf(c.people.byID[q.Asked])
	return c.text(earlyAsk, "list", c.listed(sponsors)), err
}

// answerEarly keeps the newcomer's answer, which holds until their limits have opened.
func (c *Call) answerEarly(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.SetSponsorHears(q.Asked, a.kind == yes); err != nil {
		return err
	}
	c.changed = true
	if a.kind == yes {
		c.answer(earlyYes)
	} else {
		c.answer(earlyNo)
	}
	return c.tx.CloseQuestion(q.ID, "answered")
}

// tellSponsors lets those who vouched for a newcomer hear early of trouble, if the
// newcomer has agreed to that. The phrase has {who} for the newcomer.
func (c *Call) tellSponsors(m community.Member, key, phrase string) error {
	if m.Status != community.Newcomer || !m.SponsorHears {
		return nil
	}
	ids, err := c.tx.Sponsors(m.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := c.nudge(c.people.byID[id], nudge{kind: community.NudgeNews, key: "sponsor " + itoa(int64(m.ID)) + " " + key, text: c.text(phrase, "who", m)})
		if err != nil {
			return err
		}
	}
	return nil
}

// watchNewcomers lets sponsors know early of newcomers who near their floor: at three
// quarters of it, as the newcomer hears themselves.
func (c *Call) watchNewcomers() error {
	for _, m := range c.people.all {
		if m.Status != community.Newcomer || !m.SponsorHears {
			continue
		}
		a, err := c.tx.Account(m.Account)
		if err == nil && a.Balance < 0 && a.Balance*4 <= a.Floor*3 {
			err = c.tellSponsors(m, "floor", sponsorFloor)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// openLimits gives newcomers the community's own limits once they have earned them.
// Limits that were set for one of them stay.
func (c *Call) openLimits() error {
	for _, m := range c.people.all {
		if m.Status != community.Newcomer || c.now.Before(m.Joined.AddDate(0, 0, c.people.policy.NewcomerDays)) {
			continue
		}
		if err := c.openLimitsOf(m); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) openLimitsOf(m community.Member) error {
	dealings, err := c.tx.Dealings(m.Account)
	if err != nil {
		return err
	}
	sponsors, err := c.tx.Sponsors(m.ID)
	if err != nil || !c.people.policy.Opens(m, dealings, sponsors, c.people.all, c.now) {
		return err
	}
	if err := c.tx.SetStatus(m, community.Full, c.people.policy); err != nil {
		return err
	}
	if err := c.tx.SetSponsorHears(m.ID, false); err != nil {
		return err
	}
	if err := c.reread(); err != nil {
		return err
	}
	a, err := c.tx.Account(m.Account)
	if err != nil {
		return err
	}
	return c.nudge(c.people.byID[m.ID], nudge{kind: community.NudgeNews, key: "limits opened",
		text: c.text(limitsOpened, "who", m, "floor", a.Floor.Signed(), "ceiling", a.Ceiling.Signed())})
}
