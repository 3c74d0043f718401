package bot

import (
	"errors"
	"slices"
	"strings"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// Kinds of topics and questions about a case.
const (
	topicCase = "case" // replies to it are statements

	askMediate = "mediate" // would you mediate?
	askOutcome = "outcome" // do you agree to this?
)

// disputeCommands are for when two don't agree.
func disputeCommands() []Command {
	return []Command{
		{Name: "dispute", Usage: "[#12] why", Brief: "say that a finished trade is wrong; a neighbour mediates", Places: InDM | InGroup, Suspended: true, Bare: bareAny, Run: dispute},
		{Name: "witness", Usage: "@Cat (or what you saw)", Brief: "name who was there, or tell what you saw", Places: InDM, Suspended: true, Former: true, Bare: bareAny, Run: witness},
		{Name: "mediate", Usage: "on", Brief: "whether you'd mediate between others", Places: InDM | InGroup, Bare: bareWord, Run: mediate},
		{Name: "resolve", Usage: "[#3] 1h30 why", Brief: "propose how a case ends", Places: InDM | InCouncil, CouncilAt: InCouncil, Bare: bareAny, Hidden: true, Run: resolveCase},
	}
}

// dispute opens a case about a finished trade.
func dispute(c *Call) error {
	if c.place != InDM && !c.from.Met {
		return refuse(helloFirst)
	}
	about := c.about
	t, err := c.finishedTrade()
	if err != nil {
		return err
	}
	if !t.Party(c.from.Account) {
		return &ledger.Error{Code: ledger.NotAParty}
	}
	if err := c.mayDispute(t); err != nil {
		return err
	}
	words := c.words
	why, err := c.statementText(words)
	if err != nil {
		return err
	}
	if c.late && about == nil {
		return c.askAgain("dispute #" + itoa(int64(t.ID)) + " " + words)
	}
	if t, err = ledger.Dispute(c.book, t.ID, c.from.Account); err != nil {
		return err
	}
	cs := community.Case{
		Trade: t.ID, Opener: c.from.ID, By: c.from.Account, Answerer: c.people.holder(t.Other(c.from.Account)).ID, Stage: community.Seeking,
		Opened: c.now, Due: c.people.policy.CaseDue(c.now), HoldUntil: c.now.Add(community.CaseHold),
	}
	if cs.ID, err = c.tx.OpenCase(cs); err != nil {
		return err
	}
	return c.openCase(cs, t, words, why)
}

// mayDispute refuses a case that can't be, and one more than somebody may have open.
func (c *Call) mayDispute(t ledger.Trade) error {
	switch t.State {
	case ledger.Proposed:
		return refuse(disputeOpen)
	case ledger.Disputed:
		return refuse(disputedNow)
	}
	if _, before, err := c.tx.CaseAbout(t.ID); err != nil || before {
		return errors.Join(err, refuse(disputedBefore))
	}
	open, err := c.tx.OpenCases()
	if err != nil {
		return err
	}
	mine := 0
	for _, cs := range open {
		if cs.By == c.from.Account {
			mine++
		}
	}
	if mine >= community.MaxOpenCases {
		return refuse(casesOpen, "most", community.MaxOpenCases)
	}
	return nil
}

// openCase tells both sides, takes note of who was there, and asks for a mediator. The
// other side is told also if they never wrote to the bot: it is about them.
func (c *Call) openCase(cs community.Case, t ledger.Trade, words, why string) error {
	if err := c.tx.AddStatement(cs.ID, storage.Statement{Member: c.from.ID, Text: why, At: c.now}); err != nil {
		return err
	}
	args := append(c.caseArgs(cs, t), "why", why)
	if c.place != InDM {
		c.react("👍")
	}
	c.send(direct(c.from), caseTopic(cs), c.text(caseOpened, append(args, "hold", c.holdText(t, c.from))...))
	switch other := c.people.byID[cs.Answerer]; {
	case other.Person != "":
		c.send(direct(other), caseTopic(cs), c.text(caseAgainst, append(args, "hold", c.holdText(t, other))...))
	case other.ID != 0:
		c.tellCouncil(dueInPerson, "who", other)
	}
	for rest := words; ; {
		i := strings.IndexRune(rest, personOpen)
		if i < 0 {
			break
		}
		id, after, ok := markedPerson(rest[i:])
		if !ok {
			break
		}
		if rest = after; c.mayWitness(cs, t, c.people.byID[id]) == nil {
			if err := c.addWitness(cs, t, c.people.byID[id]); err != nil {
				return err
			}
		}
	}
	for _, m := range []community.Member{c.from, c.people.byID[cs.Answerer]} {
		if err := c.tellSponsors(m, "case", sponsorDispute); err != nil {
			return err
		}
	}
	return c.seekMediator(cs, t)
}

func caseTopic(cs community.Case) storage.Topic {
	return storage.Topic{Kind: topicCase, ID: int64(cs.ID)}
}

// caseArgs are the arguments of every phrase about a case.
func (c *Call) caseArgs(cs community.Case, t ledger.Trade) []any {
	args := append(c.tradeArgs(t), "date", c.until(t.Created))
	for i := 0; i < len(args); i += 2 {
		if args[i] == "id" { // the number of the case is what people may have to type
			args[i+1] = int64(cs.ID)
		}
	}
	return append(args, "trade", c.text(caseTrade, args...), "by", c.openingSide(cs), "other", c.otherSide(cs, t), "due", c.until(cs.Due),
		"mediator", c.people.byID[cs.Mediator])
}

// caseOf reads a case and its trade.
func (c *Call) caseOf(id community.CaseID) (community.Case, ledger.Trade, error) {
	cs, found, err := c.tx.Case(id)
	if err == nil && !found {
		err = refuse(noCase)
	}
	if err != nil {
		return cs, ledger.Trade{}, err
	}
	t, err := c.tx.Trade(cs.Trade)
	return cs, t, err
}

// seekMediator asks whose turn it is, leaving out whoever was asked about this case
// before. Where nobody is left the council looks at it.
func (c *Call) seekMediator(cs community.Case, t ledger.Trade) error {
	willing, err := c.tx.Willing()
	if err != nil {
		return err
	}
	may, err := c.mayMediate(cs, t)
	if err != nil {
		return err
	}
	asked, err := c.tx.QuestionsAbout(askMediate, int64(cs.ID))
	if err != nil {
		return err
	}
	next, found := community.NextMediator(willing, func(id community.MemberID) bool {
		return may(id) && !slices.ContainsFunc(asked, func(q storage.Question) bool { return q.Asked == id })
	})
	cs.Stage, cs.Mediator = community.Seeking, 0
	if !found || c.otherSide(cs, t).Person == "" { // who can't be asked to agree: the commons, somebody without Signal
		return c.passToCouncil(cs, t, caseNoMediator)
	}
	if err := c.tx.SetCase(cs); err != nil {
		return err
	}
	if err := c.tx.SetTurn(next, c.now); err != nil {
		return err
	}
	m := c.people.byID[next]
	summary := c.text("mediate about {amount} ({what})", c.tradeArgs(t)...)
	expires := c.now.Add(community.TurnToMediate)
	if cs.Due.Before(expires) {
		expires = cs.Due
	}
	id, err := c.tx.Ask(storage.Question{
		Kind: askMediate, Asked: m.ID, Asker: c.openingSide(cs).ID, TopicID: int64(cs.ID), Options: []string{summary}, In: direct(m), At: c.now, Expires: expires,
	})
	if err != nil {
		return err
	}
	c.send(direct(m), storage.Topic{Kind: topicQuestion, ID: int64(id)}, c.text(mediatePrompt, c.caseArgs(cs, t)...))
	return nil
}

// mayMediate tells who may mediate in a case: nobody with another part in it, and nobody
// who vouched for a party.
func (c *Call) mayMediate(cs community.Case, t ledger.Trade) (func(community.MemberID) bool, error) {
	var sponsors []community.MemberID
	for _, account := range []ledger.AccountID{t.Giver, t.Receiver} {
		for _, m := range c.people.byAccount[account] {
			by, err := c.tx.Sponsors(m.ID)
			if err != nil {
				return nil, err
			}
			sponsors = append(sponsors, by...)
		}
	}
	witnesses, err := c.tx.Witnesses(cs.ID)
	return func(id community.MemberID) bool {
		return community.MayMediate(c.people.byID[id], []ledger.AccountID{t.Giver, t.Receiver}, sponsors, witnesses)
	}, err
}

// answerMediate is the answer of somebody whose turn it is.
func (c *Call) answerMediate(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	cs, t, err := c.caseOf(community.CaseID(q.TopicID))
	switch {
	case err != nil:
		return err
	case cs.Stage != community.Seeking:
		c.answer(mediateOver)
		return nil
	case a.kind == no:
		c.answer(mediateNot)
		return c.seekMediator(cs, t)
	}
	if may, err := c.mayMediate(cs, t); err != nil || !may(q.Asked) { // named as a witness since
		c.answer(mediateOver)
		return errors.Join(err, c.seekMediator(cs, t))
	}
	cs.Stage, cs.Mediator = community.Mediating, q.Asked
	if err := c.tx.SetCase(cs); err != nil {
		return err
	}
	c.answer(mediateThanks, "id", int64(cs.ID))
	pages, err := c.statementPages(cs)
	if err != nil {
		return err
	}
	for _, page := range pages {
		c.send(direct(c.from), caseTopic(cs), c.text(statementsAre, "trade", c.text(caseTrade, c.caseArgs(cs, t)...), "list", page))
	}
	c.tellParties(cs, t, caseMediator, c.caseArgs(cs, t)...)
	return nil
}

// mediate tells or changes whether somebody is willing to mediate.
func mediate(c *Call) error {
	willing, err := c.tx.Willing()
	if err != nil {
		return err
	}
	is := slices.ContainsFunc(willing, func(w community.Willing) bool { return w.Member == c.from.ID })
	switch strings.ToLower(c.words) {
	case "on", "yes":
		c.quietly(mediateOn)
		return c.tx.SetWilling(c.from.ID, true, c.now)
	case "off", "no":
		c.quietly(mediateOff)
		return c.tx.SetWilling(c.from.ID, false, c.now)
	}
	if is {
		c.private(mediateIsOn)
	} else {
		c.private(mediateIsOff)
	}
	return nil
}

// statementText is what somebody says about a case, fit to be passed on.
func (c *Call) statementText(words string) (string, error) {
	typed, _ := c.people.render(words, direct(c.from))
	text, err := board.CleanText(typed)
	switch {
	case errors.Is(err, board.ErrTextEmpty):
		return "", refuse(whyDispute)
	case errors.Is(err, board.ErrTextLong):
		return "", refuse(statementLong, "most", board.MaxText)
	}
	return text, err
}
