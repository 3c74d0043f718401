package bot

import (
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// A new account on the line becomes a member's own by three words: of two members of
// other households, to whom the person has given the code that only the new account has,
// and of the council, of which nobody who vouched may act or second. The old account hears
// of it at the first word, and can do nothing from the second on.
const (
	askClaim = "claim" // do you know who says that they are somebody?
	askOld   = "old"   // is it you who has a new account?
)

// lostAgain is how long a member waits before they report another lost phone.
const lostAgain = 7 * 24 * time.Hour

// claimed is the member whom a name means, of those whose account can be moved; 0 for
// nobody, or more than one. The applicant never hears which.
func (c *Call) claimed(name string) community.MemberID {
	found := c.people.names.Find(name)
	if len(found) != 1 {
		return 0
	}
	return found[0].ID
}

// askClaim makes sure that a member who has a code knows what it is for: it may have
// been handed to them as something else.
func (c *Call) askClaim(a storage.Applicant) error {
	who, known := c.people.byID[a.Member]
	switch {
	case !known || who.Status == community.Former:
		c.answer(claimNobody, "name", a.Name)
		return nil
	case c.household(who):
		return refuse(personYourself)
	}
	id, err := c.tx.Ask(storage.Question{
		Kind: askClaim, Asked: c.from.ID, Asker: c.from.ID, TopicID: int64(a.ID), In: c.in, At: c.now, Expires: c.now.AddDate(0, 0, 1),
	})
	if err != nil {
		return err
	}
	c.send(c.in, storage.Topic{Kind: topicQuestion, ID: int64(id)}, c.text(claimAsk, "who", who))
	return nil
}

// answerClaim is a member's word for, or against, somebody who says that they are a member.
func (c *Call) answerClaim(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	applicant, found, err := c.tx.Applicant(storage.ApplicantID(q.TopicID))
	who := c.people.byID[applicant.Member]
	switch {
	case err != nil:
		return err
	case !found || who.ID == 0 || who.Status == community.Former:
		c.answer(codeUnknown)
		return nil
	case a.kind == no:
		c.answer(claimDoubted)
		c.tellCouncil(claimDoubtedTell, "by", c.from, "who", who, "code", community.ShowCode(applicant.Code))
		return nil
	case !c.from.MayVouch() || c.household(who) || c.from.ID != q.Asked:
		return refuse(notVouching)
	}
	before, err := c.vouchers(applicant)
	if err != nil {
		return err
	}
	if _, err := c.vouchFor(applicant); err != nil {
		return err
	}
	by, err := c.vouchers(applicant)
	if err != nil {
		return err
	}
	if len(before) == 0 {
		if err := c.tellOld(applicant, who); err != nil {
			return err
		}
	}
	if community.Households(by, who.Account) < community.ClaimVouchers {
		c.answer(vouchNoted)
		return nil
	}
	c.answer(claimVouched, "who", who)
	if community.Households(before, who.Account) >= community.ClaimVouchers {
		return nil // the council knows
	}
	return c.claimReady(applicant, who, by)
}

// tellOld lets whoever has the old account say that they are still there.
func (c *Call) tellOld(a storage.Applicant, who community.Member) error {
	if who.Person == "" || !who.Met {
		return nil
	}
	id, err := c.tx.Ask(storage.Question{
		Kind: askOld, Asked: who.ID, Asker: c.from.ID, TopicID: int64(a.ID), In: direct(who), At: c.now, Expires: a.Expires,
	})
	if err != nil {
		return err
	}
	c.send(direct(who), storage.Topic{Kind: topicQuestion, ID: int64(id)}, c.text(claimOld, "by", c.from))
	return nil
}

// answerOld is the old account's word. It stops nothing by itself, for a thief may have
// the phone; the council decides in the light of it.
func (c *Call) answerOld(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	applicant, found, err := c.tx.Applicant(storage.ApplicantID(q.TopicID))
	if err != nil || !found {
		return err
	}
	if a.kind == yes {
		c.answer(claimOldYes)
		return nil
	}
	applicant.Refuted = true
	c.answer(claimOldNo)
	c.tellCouncil(claimRefuted, "who", c.people.byID[applicant.Member], "code", community.ShowCode(applicant.Code))
	return c.tx.SetApplicant(applicant)
}

// claimReady stops the old account, now that two members say that it is no longer its
// owner's, and hands the matter to the council.
func (c *Call) claimReady(a storage.Applicant, who community.Member, by []community.Member) error {
	if who.Person != "" && who.Frozen.IsZero() {
		if err := c.lose(who, 0); err != nil {
			return err
		}
	}
	c.tellCouncil(claimReadyTell, "who", who, "list", c.listed(by), "code", community.ShowCode(a.Code))
	return nil
}

// moveAccount makes a member of whoever has the new account, by the council's word.
func (c *Call) moveAccount(a storage.Applicant) error {
	who, known := c.people.byID[a.Member]
	if !known || who.Status == community.Former { // there is no place any more to move to
		return refuse(noApplicant, "name", a.Name)
	}
	by, err := c.vouchers(a)
	switch {
	case err != nil:
		return err
	case community.Households(by, who.Account) < community.ClaimVouchers:
		return refuse(claimUnvouched, "who", who)
	}
	parties := []ledger.AccountID{who.Account}
	for _, m := range by {
		parties = append(parties, m.Account)
	}
	refuted := ""
	if a.Refuted {
		refuted = actClaimRefuted
	}
	act := c.deed(actClaim, "who", who, "list", c.listed(by), "refuted", refuted)
	if ok, err := c.second("approve "+a.Code, act, parties...); err != nil || !ok {
		return err
	}
	old := who
	if err := c.tx.MovePerson(who, a.Person); err != nil {
		return err
	}
	// The password, too: it may have been chosen by whoever has the old phone.
	if err := c.tx.ForgetPortal(who.ID); err != nil {
		return err
	}
	if err := c.tx.CloseQuestions(askOld, int64(a.ID), "withdrawn"); err != nil {
		return err
	}
	if err := c.tx.Decided(a.ID); err != nil {
		return err
	}
	if err := c.reread(); err != nil {
		return err
	}
	who = c.people.byID[who.ID]
	return c.moved(old, who, act.words)
}

// moved tells everybody who should know that a member has a new account.
func (c *Call) moved(old, who community.Member, act string) error {
	present, err := c.inGroup(who)
	if err != nil {
		return err
	}
	if !present {
		c.add(who)
	}
	c.send(direct(who), storage.Topic{}, c.text(claimDone, "who", who))
	if err := c.askAnew(who); err != nil {
		return err
	}
	c.send(c.group(), storage.Topic{}, c.text(claimDoneGroup, "who", who))
	if was, err := c.inGroup(old); err != nil {
		return err
	} else if was {
		c.tellCouncil(claimRemoveOld, "who", who)
	}
	return c.log(act)
}

// askAnew puts the questions that wait for a member in private to their new account.
func (c *Call) askAnew(who community.Member) error {
	open, err := c.tx.OpenQuestions(who.Account)
	if err != nil {
		return err
	}
	own := *c
	own.from, own.replies = who, nil
	for _, q := range open {
		if q.In != direct(who) {
			continue
		}
		if err := own.askNow(q); err != nil {
			return err
		}
	}
	c.replies = append(c.replies, own.replies...)
	return nil
}

// lost is a member's word that another's phone is gone, and may be in other hands; on the
// web pages, one's own. From then on nothing counts that comes from it.
func lost(c *Call) error {
	if c.words == "" && c.act != nil {
		if c.from.Lost {
			c.answer(lostAlready, "who", c.from)
			return nil
		}
		if err := c.lose(c.from, c.from.ID); err != nil {
			return err
		}
		c.answer(lostNoted, "who", c.from)
		c.tellCouncil(lostOwnTell, "who", c.from)
		return nil
	}
	who, err := c.person()
	switch {
	case err != nil:
		return err
	case !c.from.Frozen.IsZero():
		return refuse(frozen)
	case who.ID == c.from.ID:
		return refuse(personYourself)
	case !c.from.MayVouch():
		return refuse(notVouching)
	case who.Person == "" || who.Lost:
		c.aside(lostAlready, "who", who)
		return nil
	case c.lostLately():
		return refuse(lostOften)
	}
	if err := c.lose(who, c.from.ID); err != nil {
		return err
	}
	c.aside(lostNoted, "who", who)
	c.tellCouncil(lostTell, "by", c.from, "who", who)
	if who.Met {
		c.send(direct(who), storage.Topic{}, c.text(lostThem, "by", c.from, "who", who))
	}
	return nil
}

// lostLately reports whether the member has reported somebody's phone in the last week.
func (c *Call) lostLately() bool {
	for _, m := range c.people.all {
		if m.LostBy == c.from.ID && c.now.Sub(m.LostAt) < lostAgain {
			return true
		}
	}
	return false
}

// lose freezes a chat identity altogether.
func (c *Call) lose(who community.Member, by community.MemberID) error {
	c.changed = true
	if err := c.tx.Lose(who.ID, by, c.now); err != nil {
		return err
	}
	return c.tx.EndLogins(who.ID, 0)
}

// notLost refuses whatever comes from a phone that others say is lost.
func (c *Call) notLost() error {
	if c.from.Lost {
		return refuse(phoneLost)
	}
	return nil
}

// vouchedOf says how many of those who have to stand for an applicant do.
func (c *Call) vouchedOf(a storage.Applicant, by []community.Member) string {
	have, need := community.Households(by), c.people.policy.Vouchers
	if a.Kind == storage.Claims {
		have, need = community.Households(by, c.people.byID[a.Member].Account), community.ClaimVouchers
	}
	return itoa(int64(min(have, need))) + " of " + counted(int64(need), "voucher", "vouchers")
}

// applicantNamed finds an applicant by code, or by what they call themselves.
func (c *Call) applicantNamed(words string) (storage.Applicant, error) {
	words = strings.Trim(words, " .,!")
	if code, ok := community.ParseCode(words); ok {
		if a, found, err := c.tx.ApplicantWithCode(code); err != nil || found {
			return a, err
		}
	}
	if id, _, ok := markedPerson(words); ok {
		words = c.people.byID[id].Name
	}
	all, err := c.tx.Applicants()
	if err != nil {
		return storage.Applicant{}, err
	}
	var named []storage.Applicant
	for _, a := range all {
		if community.Fold(words) != "" && community.Fold(a.Name) == community.Fold(strings.TrimPrefix(words, "@")) || mentionedIn(c.msg, a.Person) {
			named = append(named, a)
		}
	}
	if len(named) != 1 {
		return storage.Applicant{}, refuse(noApplicant, "name", c.plainWords(words))
	}
	return named[0], nil
}

func mentionedIn(m chat.Message, p chat.PersonID) bool {
	for _, mention := range m.Mentions {
		if mention.Person == p {
			return true
		}
	}
	return false
}
