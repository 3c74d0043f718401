package bot

import (
	"slices"
	"strconv"
	"strings"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/nlp"
	"communityconnect/storage"
)

// answerKind is what somebody means by a reaction or a few words.
type answerKind int

const (
	unclear answerKind = iota
	yes
	no
	canHelp // 🙋
	amount  // another amount than the one asked about
)

// answer is what somebody says to something the bot has asked or shown.
type answer struct {
	kind    answerKind
	minutes ledger.Minutes // amount
	text    string         // the words, or those after the yes or no
	taken   bool           // a reaction that is taken back, or a taker who steps back
	negated bool           // an amount after a no
	typed   bool           // in words: it deserves a word back where a tap does not
}

// reactionAnswer reads an emoji, skin tone and all.
func reactionAnswer(emoji string) answer {
	switch chat.PlainEmoji(emoji) {
	case "✅", "👍", "👌", "☑", "✔", "💯":
		return answer{kind: yes}
	case "❌", "👎", "✖", "🚫":
		return answer{kind: no}
	case "🙋", "🙋‍♀", "🙋‍♂", "✋", "🤚":
		return answer{kind: canHelp}
	}
	return answer{}
}

// findAmount finds the amount in a few words: "no, it was only an hour".
func findAmount(line string) (ledger.Minutes, bool) {
	if m, err := ledger.ParseAmount(strings.TrimRight(line, " .!")); err == nil {
		return m, true
	}
	m, found := nlp.Amount(line)
	return m, found && m <= ledger.MaxAmount
}

// answerTopic is an answer to a message of the bot: a reaction to it, or a reply.
func (c *Call) answerTopic(t storage.Topic, a answer) error {
	switch t.Kind {
	case topicTrade:
		return c.answerTrade(ledger.TradeID(t.ID), t.Version, a)
	case topicPost:
		return c.answerPost(t.ID, a)
	case topicNudges:
		return c.answerNudges(t.ID, a)
	case topicCase:
		return c.answerCase(community.CaseID(t.ID), a)
	case topicProposal:
		return c.answerProposal(community.ProposalID(t.ID), a)
	case topicGreeting:
		return c.vouchByName(storage.ApplicantID(t.ID), a)
	case topicCandidate:
		return c.answerCandidate(community.MemberID(t.ID), a)
	case topicQuestion:
		q, found, err := c.tx.Question(storage.QuestionID(t.ID))
		if err != nil {
			return err
		}
		if !found || !c.now.Before(q.Expires) {
			return c.tooLate(storage.QuestionID(t.ID), a)
		}
		return c.answerQuestion(q, a)
	}
	return nil
}

// answerQuestion is an answer to a question that is still open.
func (c *Call) answerQuestion(q storage.Question, a answer) error {
	if q.Kind == askSecond {
		return c.answerSecond(q, a)
	}
	if !c.mine(q) {
		if c.byNumber() { // nobody learns what others are asked
			return c.tooLate(q.ID, a)
		}
		return c.notYours(c.people.byID[q.Asked], a)
	}
	if a.taken {
		return nil // these questions are over with the first answer
	}
	c.forUs = true
	if q.Kind == askOld { // whoever has the old phone may always say that they are still there
		return c.answerOld(q, a)
	}
	if err := c.stillThem(q.At); err != nil {
		return err
	}
	switch q.Kind {
	case askTrade:
		return c.answerTrade(ledger.TradeID(q.TopicID), q.Version, a)
	case askUndo:
		return c.answerUndo(q, a)
	case askMediate:
		return c.answerMediate(q, a)
	case askOutcome:
		return c.answerOutcome(q, a)
	case askLeave:
		return c.answerLeave(q, a)
	case askGift:
		return c.answerGift(q, a)
	case askWhich:
		return c.answerWhich(q, a)
	case askForget:
		return c.answerForget(q, a)
	case askFeedback:
		return c.answerFeedback(q, a)
	case askEarly:
		return c.answerEarly(q, a)
	case askClaim:
		return c.answerClaim(q, a)
	case askHousehold:
		return c.answerHousehold(q, a)
	case askLate, askSpill, askGuess, askModel, askHeard:
		return c.answerLine(q, a)
	case askMay:
		return c.answerMay(q, a)
	case askHelp:
		return c.answerHelp(q, a)
	case askStill:
		return c.answerStill(q, a)
	case askHappened:
		return c.answerHappened(q, a)
	case askSame:
		return c.answerSame(q, a)
	}
	return nil
}

// mine reports whether a question is the member's to answer: what an account is asked any
// adult of the household may answer, and what a person is asked nobody else.
func (c *Call) mine(q storage.Question) bool {
	switch q.Kind {
	case askTrade, askUndo, askOutcome:
		return c.household(c.people.byID[q.Asked])
	}
	return q.Asked == c.from.ID
}

// answerLine carries out, or drops, a command that waited for its author's yes.
func (c *Call) answerLine(q storage.Question, a answer) error {
	switch a.kind {
	case yes:
		if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
			return err
		}
		c.late = false
		if q.Kind == askSpill {
			return c.spill(q)
		}
		return c.runLine(q.Line, q.In, c.from)
	case no:
		if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
			return err
		}
		c.answer(leftIt)
		return nil
	}
	return c.unclearAnswer(a)
}

// answerWhich puts the chosen person into the command that waits for them.
func (c *Call) answerWhich(q storage.Question, a answer) error {
	chosen := c.choose(q.Options, a.text)
	if chosen.ID == 0 {
		if a.kind == no {
			c.answer(leftIt)
			return c.tx.CloseQuestion(q.ID, "answered")
		}
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	return c.runLine(strings.Replace(q.Line, whoSlot, personMark(chosen.ID), 1), q.In, c.from)
}

// choose finds the one of the options that the words name, by number or by name.
func (c *Call) choose(options []string, text string) community.Member {
	text = strings.Trim(text, " .!")
	if id, _, ok := markedPerson(text); ok && slices.Contains(options, strconv.FormatInt(int64(id), 10)) {
		return c.people.byID[id]
	}
	var chosen []community.Member
	for i, option := range options {
		id, err := strconv.ParseInt(option, 10, 64)
		m, known := c.people.byID[community.MemberID(id)]
		if err != nil || !known {
			continue
		}
		if text == strconv.Itoa(i+1) {
			return m
		}
		folded, want := community.Fold(m.Name), community.Fold(text)
		if want != "" && (folded == want || strings.HasSuffix(folded, " "+want)) {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) == 1 {
		return chosen[0]
	}
	return community.Member{}
}

// runLine carries out a stored command as its author, where it was begun.
func (c *Call) runLine(line string, in chat.Conversation, author community.Member) error {
	name, rest, _ := splitCommand(line)
	cmd := c.world.lookUp(name)
	if cmd == nil {
		return nil // a command of an older version
	}
	c.from, c.in, c.place = author, in, c.world.place(in)
	return c.run(cmd, rest)
}

// byNumber reports whether what is answered is known by a number alone, and not by a
// message that the member has seen: a page says what it likes.
func (c *Call) byNumber() bool { return c.about == nil || c.act != nil }

// notYours is for somebody who answers what another was asked. A tap goes without a
// word; what was typed gets one, in private.
func (c *Call) notYours(asked community.Member, a answer) error {
	if a.typed && c.from.Met {
		c.forUs = true
		c.send(direct(c.from), storage.Topic{}, c.text(notYourQuestion, "who", asked))
	}
	return nil
}

// tooLate is for an answer to a question that is over. A second tap on what was
// answered needs no word.
func (c *Call) tooLate(id storage.QuestionID, a answer) error {
	if a.kind == unclear || a.taken {
		return nil
	}
	answered, err := c.tx.Answered(id)
	if err != nil || answered && !a.typed {
		return err
	}
	c.forUs = true
	c.answer(questionOver)
	return nil
}

// unclearAnswer asks once more in a direct message, and stays silent in a group.
func (c *Call) unclearAnswer(a answer) error {
	if a.typed && c.place == InDM {
		c.answer(didNotUnderstand)
	}
	return nil
}

// askAgain keeps a command that arrived long after it was written until its author
// says that it is still meant.
func (c *Call) askAgain(line string) error {
	return c.askAuthor(askLate, line, 0, c.text(stillMeant, "when", c.clock(c.msg.Sent.Time()), "line", "/"+c.plainWords(line)))
}

// askAuthor asks the member something about their own words.
func (c *Call) askAuthor(kind, line string, trade int64, text string, options ...string) error {
	id, err := c.tx.Ask(storage.Question{
		Kind: kind, Asked: c.from.ID, Asker: c.from.ID, TopicID: trade, Line: line, Options: options, In: c.in,
		At: c.now, Expires: c.now.AddDate(0, 0, 1),
	})
	if err != nil {
		return err
	}
	c.send(c.in, storage.Topic{Kind: topicQuestion, ID: int64(id)}, text)
	return nil
}

// askWhichPerson asks whom a name means; the command waits.
func (c *Call) askWhichPerson(w *whichPerson) error {
	var names, options []string
	for i, m := range w.candidates {
		names = append(names, strconv.Itoa(i+1)+". "+m.Name)
		options = append(options, strconv.FormatInt(int64(m.ID), 10))
	}
	return c.askAuthor(askWhich, c.command.Name+" "+w.line, 0,
		c.text(whichOne, "name", w.said, "list", strings.Join(names, "\n")), options...)
}
