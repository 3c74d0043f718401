package bot

import (
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// wrongCodesADay is how many codes a member may get wrong in a day.
const wrongCodesADay = 5

// vouch is a member's word for somebody: for an applicant, by their code, or for a member
// with a new phone, by their name.
func vouch(c *Call) error {
	switch {
	case !c.from.Frozen.IsZero():
		return refuse(frozen)
	case !c.from.MayVouch():
		return refuse(notVouching)
	}
	if code, ok := community.ParseCode(strings.Trim(c.words, " .,!")); ok {
		return c.vouchCode(code)
	}
	return c.vouchMember()
}

// vouchCode stands for whoever has a code.
func (c *Call) vouchCode(code string) error {
	since := c.now.Add(-24 * time.Hour)
	wrong, err := c.tx.WrongCodes(c.from.ID, since)
	switch {
	case err != nil:
		return err
	case wrong >= wrongCodesADay:
		c.answer(codeGuesses)
		return nil
	}
	a, found, err := c.tx.ApplicantWithCode(code)
	switch {
	case err != nil:
		return err
	case !found || !c.now.Before(a.Expires):
		if _, err := c.tx.WrongCode(c.from.ID, c.now, since); err != nil {
			return err
		}
		c.answer(codeUnknown)
		return nil
	case a.Kind == storage.ComesBack:
		c.answer(backByCouncil, "name", a.Name)
		return nil
	case a.Kind == storage.Claims:
		return c.askClaim(a)
	}
	missing, err := c.vouchFor(a)
	if err != nil {
		return err
	}
	if missing > 0 {
		c.answer(vouchNoted)
		return nil
	}
	return c.admit(a)
}

// vouchFor notes the member's word for an applicant and returns how many others it needs.
func (c *Call) vouchFor(a storage.Applicant) (missing int, err error) {
	if err := c.tx.VouchFor(a.ID, c.from.ID, c.now); err != nil {
		return 0, err
	}
	by, err := c.vouchers(a)
	return c.people.policy.Missing(by), err
}

func (c *Call) vouchers(a storage.Applicant) (by []community.Member, err error) {
	ids, err := c.tx.Vouchers(a.ID)
	for _, id := range ids {
		by = append(by, c.people.byID[id])
	}
	return by, err
}

// waveAt is a 👋 on the greeting of people who were added to the group: the member's word
// for all of them. Taken away, it counts no more for those who are not in yet.
func (c *Call) waveAt(greeting storage.ApplicantID, r *chat.Reaction) error {
	if chat.PlainEmoji(r.Emoji) != "👋" {
		return nil
	}
	all, err := c.tx.Greeted(greeting)
	if err != nil {
		return err
	}
	if !r.Removed {
		return c.vouchAll(all)
	}
	for _, a := range all {
		if err := c.tx.TakeBackVouch(a.ID, c.from.ID); err != nil {
			return err
		}
	}
	return nil
}

// vouchByName is a reply to a greeting. It stands for those whom it names.
func (c *Call) vouchByName(greeting storage.ApplicantID, a answer) error {
	all, err := c.tx.Greeted(greeting)
	if err != nil {
		return err
	}
	var named []storage.Applicant
	for _, applicant := range all {
		for _, m := range c.msg.Mentions {
			if m.Person == applicant.Person {
				named = append(named, applicant)
			}
		}
	}
	if chat.PlainEmoji(a.text) == "👋" {
		named = all
	}
	return c.vouchAll(named)
}

// vouchAll stands for some of those who were greeted. Whose word doesn't count hears of it
// where nobody else does.
func (c *Call) vouchAll(all []storage.Applicant) error {
	if len(all) == 0 {
		return nil
	}
	c.forUs = true
	if !c.from.MayVouch() {
		if c.from.Met {
			c.send(direct(c.from), storage.Topic{}, c.text(phrases[notVouching]))
		}
		return nil
	}
	for _, a := range all {
		missing, err := c.vouchFor(a)
		if err == nil && missing == 0 {
			err = c.admit(a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// vouchMember stands for a member whose phone is new, or was said to be lost. A household
// counts once, and nobody stands for their own.
func (c *Call) vouchMember() error {
	who, err := c.person()
	switch {
	case err != nil:
		return err
	case c.household(who):
		return refuse(personYourself)
	case who.Frozen.IsZero():
		c.aside(vouchNeedless, "who", who)
		return nil
	}
	ids, err := c.tx.Vouch(who.ID, c.from.ID, c.now)
	if err != nil {
		return err
	}
	var by []community.Member
	for _, id := range ids {
		by = append(by, c.people.byID[id])
	}
	if community.Households(by, who.Account) < community.ClaimVouchers {
		c.aside(vouchNoted)
		return nil
	}
	c.react("👍")
	return c.unfreeze(who)
}
