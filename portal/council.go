package portal

import (
	"communityconnect/bot"
	"communityconnect/community"
)

// councilLogLines is how much of its log the council sees on one page.
const councilLogLines = 100

// pendingPage is what waits for a second member of the council.
type pendingPage struct {
	Acts       []secondView
	Applicants []bot.Applicant
	Others     []string
}

type secondView struct {
	Question int64
	By       string
	Act      string
	At       string
	Own      bool
	About    bool
}

func (v *visit) pending() (any, error) {
	waiting, err := v.read.Seconding()
	if err != nil {
		return nil, err
	}
	var p pendingPage
	for _, s := range waiting {
		p.Acts = append(p.Acts, secondView{s.Topic.ID, v.read.Name(s.By), s.Act, v.read.Clock(s.At), s.Own, s.About})
	}
	p.Applicants, p.Others, err = v.read.Applicants()
	return p, err
}

// councilPeople lists everybody with their standing. Balances are nobody's to see.
func (v *visit) councilPeople() (any, error) {
	var all []councilMember
	for _, m := range v.read.Members() {
		if m.Known() && m.Status != community.Former {
			all = append(all, newCouncilMember(m))
		}
	}
	return all, nil
}

// councilMember is a member as the council sees them.
type councilMember struct {
	ID     int64
	Name   string
	Status string
	Notes  []string
}

func newCouncilMember(m community.Member) councilMember {
	c := councilMember{ID: int64(m.ID), Name: m.Name, Status: string(m.Status)}
	if m.Council {
		c.Status = "council"
	}
	switch {
	case m.Person == "":
		c.Notes = append(c.Notes, "no phone")
	case !m.Met:
		c.Notes = append(c.Notes, "hasn't said hello to the bot yet")
	}
	if !m.Frozen.IsZero() {
		c.Notes = append(c.Notes, "phone not sure")
	}
	return c
}

// councilPersonPage is one member with their limits.
type councilPersonPage struct {
	councilMember
	Floor, Ceiling string
	Leaving        bool // their limits are nobody's to see
	OwnLimits      bool
	Frozen         bool
	MayLimits      bool
	Suspended      bool
	Party          bool // of the household of who looks: no act of theirs
}

func (p councilPersonPage) title() string { return p.Name }

func (v *visit) councilPerson() (any, error) {
	id, err := v.pathNumber()
	if err != nil {
		return nil, err
	}
	m, known := v.read.Member(community.MemberID(id))
	if !known || !m.Known() || m.Status == community.Former {
		return nil, errNotThere
	}
	a, err := v.tx.Account(m.Account)
	if err != nil {
		return nil, err
	}
	p := councilPersonPage{
		councilMember: newCouncilMember(m), Floor: a.Floor.Signed(), Ceiling: a.Ceiling.Signed(), Frozen: !m.Frozen.IsZero(),
		MayLimits: v.read.May("limits", bot.InCouncil), Party: m.Account == v.me.Account, Suspended: m.Status == community.Suspended,
	}
	if p.Leaving = v.read.LimitsAreSecret(m); p.Leaving {
		p.Floor, p.Ceiling, p.MayLimits = "", "", false
	}
	p.OwnLimits, err = v.tx.OwnLimits(a.ID)
	return p, err
}

// enterSlip is the form for trades from paper.
func (v *visit) enterSlip() (any, error) { return v.others(), nil }

// settingView is one policy.
type settingView struct {
	Name, Brief, Value string
	VoteOnly           bool
}

func (v *visit) policy() (any, error) {
	var all []settingView
	for _, s := range community.Settings() {
		all = append(all, settingView{s.Name, s.Brief, s.Get(v.read.Policy()), s.VoteOnly})
	}
	return all, nil
}

// logLine is one act of the council.
type logLine struct{ Day, Who, What string }

func (v *visit) councilLog() (any, error) {
	entries, err := v.tx.LogEntries(councilLogLines)
	var all []logLine
	for _, e := range entries {
		actor, _ := v.read.Member(e.Actor)
		who := v.read.Name(actor)
		if second, ok := v.read.Member(e.Seconder); ok {
			who += " with " + v.read.Name(second)
		}
		what := e.What
		if what == "" {
			what = "/" + e.Act + " (erased)"
		}
		all = append(all, logLine{v.read.Day(e.At), who, v.read.Plain(what)})
	}
	return all, err
}
