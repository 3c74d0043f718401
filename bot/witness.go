package bot

import (
	"slices"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// witness names somebody who was there, or adds what its author saw.
func witness(c *Call) error {
	cs, t, err := c.myCase()
	if err != nil {
		return err
	}
	if t.Party(c.from.Account) {
		words, taken := c.words, c.taken
		who, err := c.person()
		if err == nil && c.words == "" {
			if err := c.mayWitness(cs, t, who); err != nil {
				return err
			}
			return c.addWitness(cs, t, who)
		}
		c.words, c.taken = words, taken // words that begin with a name, or with none
	}
	return c.addStatement(cs, t, c.words)
}

// myCase is the case that a line is about: the one whose message it replies to, the one
// it numbers, or the only open one that its author has a part in.
func (c *Call) myCase() (community.Case, ledger.Trade, error) {
	var id community.CaseID
	if c.about != nil && c.about.Kind == topicCase {
		id = community.CaseID(c.about.ID)
	} else if n, ok := c.number(); ok {
		id = community.CaseID(n)
	}
	open, err := c.tx.OpenCases()
	if err != nil {
		return community.Case{}, ledger.Trade{}, err
	}
	var found []community.Case
	for _, cs := range open {
		if mine, err := c.inCase(cs); err != nil {
			return cs, ledger.Trade{}, err
		} else if mine && (id == 0 || id == cs.ID) {
			found = append(found, cs)
		}
	}
	switch len(found) {
	case 0:
		return community.Case{}, ledger.Trade{}, refuse(noCase)
	case 1:
		return c.caseOf(found[0].ID)
	}
	list := ""
	for _, cs := range found {
		_, t, err := c.caseOf(cs.ID)
		if err != nil {
			return cs, t, err
		}
		list += c.text("\n#{id} {trade}", c.caseArgs(cs, t)...)
	}
	return community.Case{}, ledger.Trade{}, refuse(severalCases, "list", list, "command", "/"+c.command.Name)
}

// inCase reports whether somebody has a part in a case: a party, its mediator, a witness.
func (c *Call) inCase(cs community.Case) (bool, error) {
	t, err := c.tx.Trade(cs.Trade)
	if err != nil || t.Party(c.from.Account) || cs.Mediator == c.from.ID {
		return err == nil, err
	}
	witnesses, err := c.tx.Witnesses(cs.ID)
	return slices.Contains(witnesses, c.from.ID), err
}

// mayWitness refuses a witness who has another part in the case.
func (c *Call) mayWitness(cs community.Case, t ledger.Trade, who community.Member) error {
	if who.ID == 0 || t.Party(who.Account) || who.ID == cs.Mediator || who.ID == cs.Answerer {
		return refuse(notWitness, "who", who)
	}
	return nil
}

// addWitness asks somebody who is said to have been there.
func (c *Call) addWitness(cs community.Case, t ledger.Trade, who community.Member) error {
	if who.Person == "" {
		c.send(direct(c.from), storage.Topic{}, c.text(witnessNoPhone, "who", who))
		return nil
	}
	fresh, err := c.tx.AddWitness(cs.ID, who.ID, c.from.ID)
	if err != nil {
		return err
	}
	named := c.command.Name == "witness"
	switch {
	case !who.Met:
		c.send(direct(c.from), storage.Topic{}, c.text(askThemToSayHello, "who", who))
		return nil
	case fresh:
		c.askWitness(cs, t, c.from, who)
	}
	if named {
		c.answer(witnessNamed, "who", who)
	}
	return nil
}

func (c *Call) askWitness(cs community.Case, t ledger.Trade, by, who community.Member) {
	args := c.caseArgs(cs, t)
	for i := 0; i < len(args); i += 2 {
		if args[i] == "by" {
			args[i+1] = by
		}
	}
	c.send(direct(who), caseTopic(cs), c.text(witnessPrompt, args...))
}

// askAsWitness asks somebody who has just said hello what they were named for before.
func (c *Call) askAsWitness() error {
	return c.eachOpenCase(func(cs community.Case, t ledger.Trade) error {
		witnesses, err := c.tx.Witnesses(cs.ID)
		if err == nil && slices.Contains(witnesses, c.from.ID) && !t.Party(c.from.Account) {
			c.askWitness(cs, t, c.openingSide(cs), c.from)
		}
		return err
	})
}

// answerCase is a reply to a message about a case: what somebody has to say about it.
func (c *Call) answerCase(id community.CaseID, a answer) error {
	if !a.typed {
		return nil
	}
	cs, t, err := c.caseOf(id)
	if err != nil {
		return err
	}
	if mine, err := c.inCase(cs); err != nil || !mine {
		return err
	}
	c.forUs = true
	if err := c.notLost(); err != nil {
		return err
	}
	text, _ := c.people.marked(c.msg, c.world.self)
	return c.addStatement(cs, t, text)
}

// addStatement keeps what somebody says about a case, and passes it on to whoever looks
// at it.
func (c *Call) addStatement(cs community.Case, t ledger.Trade, words string) error {
	switch {
	case !cs.Open():
		return refuse(caseClosed)
	case cs.Mediator == c.from.ID:
		return refuse(mediatorTalks, "id", int64(cs.ID))
	}
	text, err := c.statementText(words)
	if err != nil {
		return err
	}
	said, err := c.tx.Statements(cs.ID)
	if err != nil {
		return err
	}
	mine := 0
	for _, s := range said {
		if s.Member == c.from.ID {
			mine++
		}
	}
	if mine >= maxStatements {
		return refuse(statementsMany, "most", maxStatements)
	}
	if err := c.tx.AddStatement(cs.ID, storage.Statement{Member: c.from.ID, Text: text, At: c.now}); err != nil {
		return err
	}
	news := c.text(statementNew, append(c.caseArgs(cs, t), "who", c.from, "text", text)...)
	switch {
	case cs.CouncilReads():
		c.tellCouncilOf(t, news)
	case cs.Mediator != 0 && cs.Mediator != c.from.ID:
		c.send(direct(c.people.byID[cs.Mediator]), caseTopic(cs), news)
	}
	c.answer(witnessNoted)
	return nil
}

// maxStatements is how often one person can add to a case.
const maxStatements = 10

// statementPages is what was said about a case, a line each, on as many pages as it takes.
func (c *Call) statementPages(cs community.Case) (pages []string, err error) {
	said, err := c.tx.Statements(cs.ID)
	if err != nil {
		return nil, err
	}
	page := ""
	for _, s := range said {
		text := s.Text
		if text == "" {
			text = "(erased)"
		}
		line := c.text(statementLine, "who", c.people.byID[s.Member], "text", text)
		if page != "" && len([]rune(page))+len([]rune(line)) > pageLetters {
			pages, page = append(pages, page), ""
		}
		page += line
	}
	return append(pages, page), nil
}
