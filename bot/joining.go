package bot

import (
	"regexp"
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// maxApplicants is how many may wait to be let in at once: whoever makes up accounts by the
// hundred gets nowhere.
const maxApplicants = 200

// wish is what a stranger's words ask for.
type wish struct {
	join  bool
	claim bool   // of an account that is here already
	name  string // what they call themselves, if they say so
}

var (
	saysName  = regexp.MustCompile(`(?i)\b(?:i['’]?m|i am|this is|my name is|my name['’]s|it['’]?s|call me)\s+([^,.;:!?\n]+)`)
	saysMoved = regexp.MustCompile(`(?i)\b(?:new|other|another)\s+(?:signal\s+)?(?:account|number|phone)\b|\blost my\s+(?:old\s+)?(?:phone|account|number)\b|\bmy old\s+(?:account|number|phone)\b`)
	nameEnds  = regexp.MustCompile(`(?i)\s+(?:with|on|and|but|from|here|again|new)\b.*$`)
)

// readWish reads what a stranger writes.
func readWish(text string) wish {
	name, rest, _ := splitCommand(text)
	w := wish{join: name == "join" || isGreeting(text)}
	if m := saysName.FindStringSubmatch(text); m != nil {
		w.name = strings.TrimSpace(nameEnds.ReplaceAllString(m[1], ""))
	}
	w.claim = w.name != "" && saysMoved.MatchString(text)
	w.join = w.join || w.claim
	if w.name == "" && name == "join" {
		w.name = rest
	}
	w.name = fitName(w.name)
	return w
}

// nameWords is how many words a stranger's name may have.
const nameWords = 4

// fitName makes a name out of what somebody calls themselves; "" where it is none.
func fitName(typed string) string {
	name, err := community.CleanName(withoutMarks(typed))
	if err != nil || len(strings.Fields(name)) > nameWords || strings.ContainsAny(name, "/#") {
		return ""
	}
	return name
}

// stranger is somebody who is no member. They learn nothing about anybody: what they are
// told is the same whoever is one. A wish to be let in is noted; anything else gets one
// answer a day, in a direct message only.
func (c *Call) stranger() error {
	if c.place != InDM || c.msg.Kind != chat.Said {
		return nil
	}
	text := strings.TrimSpace(withoutMarks(c.msg.Text))
	wish := readWish(text)
	a, applied, err := c.tx.ApplicantIs(c.msg.From)
	switch {
	case err != nil:
		return err
	case applied:
		return c.applicant(a, wish, text)
	case wish.join:
		return c.apply(wish)
	}
	return c.onceADay(strangerHello, "community", c.people.community.Name)
}

// onceADay answers a stranger, unless they have had their answer of the day.
func (c *Call) onceADay(phrase string, args ...any) error {
	answer, err := c.tx.AnswerStranger(string(c.msg.From), c.now, c.now.AddDate(0, 0, -1))
	if err == nil && answer {
		c.answer(phrase, args...)
	}
	return err
}

// apply notes that a stranger would like to be let in, and gives them their code.
func (c *Call) apply(w wish) error {
	all, err := c.tx.Applicants()
	if err != nil {
		return err
	}
	former, was := c.people.byPerson[c.msg.From]
	if len(all) >= maxApplicants || !was && !w.claim && c.people.policy.Full(c.people.all) {
		return c.onceADay(joinNotNow, "community", c.people.community.Name)
	}
	a := storage.Applicant{
		Person: c.msg.From, Kind: storage.NewPerson, Name: w.name, Met: true, Asked: c.now, Expires: c.now.AddDate(0, 0, c.people.policy.JoinDays),
	}
	switch {
	case was:
		a.Kind, a.Name, a.Member = storage.ComesBack, former.Name, former.ID
	case w.claim:
		a.Kind, a.Member = storage.Claims, c.claimed(w.name)
	case a.Name == "":
		a.Name = fitName(c.msg.Name)
	}
	c.forUs = true
	if a, err = c.tx.Apply(a); err != nil {
		return err
	}
	if _, err := c.tx.AnswerStranger(string(c.msg.From), c.now, c.now); err != nil {
		return err
	}
	if was {
		c.tellCouncil(joinBackTell, "who", former, "code", community.ShowCode(a.Code))
	}
	c.sayCode(a)
	return nil
}

// sayCode tells an applicant what happens next.
func (c *Call) sayCode(a storage.Applicant) {
	args := []any{"community", c.people.community.Name, "code", community.ShowCode(a.Code), "name", a.Name, "until", c.until(a.Expires),
		"voucher", c.vouchersNeeded(oneVoucher, twoVouchers)}
	switch {
	case a.Kind == storage.ComesBack:
		c.answer(joinBack, args...)
	case a.Kind == storage.Claims:
		c.answer(joinClaim, args...)
	case a.Name == "":
		c.answer(joinNameless, args...)
	default:
		c.answer(joinCode, args...)
	}
}

// applicant is somebody who has asked already.
func (c *Call) applicant(a storage.Applicant, w wish, text string) error {
	first := !a.Met
	a.Met = true
	switch {
	case c.asksAnew(a, w, text): // nobody's word for the first goes for this
		if err := c.tx.Decided(a.ID); err != nil {
			return err
		}
		return c.apply(w)
	case w.name != "" && a.Kind == storage.NewPerson:
		a.Name = w.name
	case a.Name == "" && fitName(text) != "":
		a.Name = fitName(text)
	case first:
	default:
		c.forUs = true
		return c.onceADay(joinStill, "community", c.people.community.Name, "code", community.ShowCode(a.Code), "until", c.until(a.Expires))
	}
	c.forUs = true
	if err := c.tx.SetApplicant(a); err != nil {
		return err
	}
	if first {
		c.sayCode(a)
		return nil
	}
	c.answer(joinNamed, "name", a.Name, "code", community.ShowCode(a.Code))
	return nil
}

// anewAfter is how long somebody waits before they ask for another thing once more.
const anewAfter = time.Hour

// asksAnew reports whether an applicant asks for another thing than before: somebody
// new turns out to have been here, or the other way round. When they may depends on
// nothing that they could learn from it.
func (c *Call) asksAnew(a storage.Applicant, w wish, text string) bool {
	name, _, _ := splitCommand(text)
	switch a.Kind {
	case storage.NewPerson:
		return w.claim
	case storage.Claims:
		return (w.claim || name == "join") && c.now.Sub(a.Asked) >= anewAfter
	}
	return false
}

// expireApplicants ends, kindly, what nobody has vouched for in time.
func (c *Call) expireApplicants() error {
	all, err := c.tx.Applicants()
	if err != nil {
		return err
	}
	for _, a := range all {
		if c.now.Before(a.Expires) {
			continue
		}
		if err := c.tx.Decided(a.ID); err != nil {
			return err
		}
		if a.Met {
			c.send(chat.Conversation{Person: a.Person}, storage.Topic{}, c.text(joinExpired, "community", c.people.community.Name))
		}
		if a.Greeting != 0 {
			c.tellCouncil(joinExpiredTell, "name", shownName(a.Name))
		}
	}
	return nil
}

// shownName is what somebody is called, also where they have never said their name.
func shownName(name string) string {
	if name == "" {
		return community.StandIn
	}
	return name
}

// join tells a member how somebody new comes in.
func join(c *Call) error {
	c.aside(joinHow, "voucher", c.vouchersNeeded(oneVoucherThem, twoVouchersThem))
	return nil
}

func (c *Call) vouchersNeeded(one, two string) string {
	if c.people.policy.Vouchers == 1 {
		return one
	}
	return two
}
