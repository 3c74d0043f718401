package bot

import (
	"slices"
	"strings"

	"communityconnect/ledger"
	"communityconnect/nlp"
	"communityconnect/storage"
)

// A direct message may be an answer without being a reply: it is bound to what is open.

// The lengths, in words, up to which a direct message may be an answer: at once; if the
// rules of language read nothing else in it; and if it also begins with a yes or a no.
const (
	plainlyAnswer  = 2
	possiblyAnswer = 8
	maxAnswer      = 16
)

// bareWords reads a direct message as an answer. "Ok, I need a lift tomorrow" begins like
// a yes and "I gave Ben two hours" holds an amount: whatever means something else, or is
// too long to be sure of, answers nothing.
func (c *Call) bareWords(text string) answer {
	a := wordsAnswer(text)
	words := len(strings.Fields(text))
	if words <= plainlyAnswer {
		return a
	}
	u := c.utterance()
	first, rest := nextWord(strings.ToLower(text))
	first = strings.TrimRight(first, ",.;:!")
	if c.meansElse(u) || len(u.Mentions) == 0 && c.meansElse(nlp.Utterance{Text: rest, Direct: u.Direct, Sender: u.Sender}) {
		return answer{text: text, typed: true}
	}
	if words <= possiblyAnswer && a.kind != unclear {
		return a
	}
	if words > maxAnswer || words > possiblyAnswer && !slices.Contains(noWords, first) && !slices.Contains(yesWords, first) {
		return answer{text: text, typed: true}
	}
	if !amends([]string{first}) && !slices.Contains(denialOpeners, first) {
		return answer{text: text, typed: true} // "my balance is wrong", "the traffic, two hours"
	}
	u.ReplyTo = &nlp.Quoted{Kind: nlp.QuotedPrompt, Bot: true} // as if it had been said under the question
	switch r := c.world.language.parser.Understand(u); {
	case r.Outcome != nlp.Sure:
	case r.Intent == nlp.Decline && r.Slots.Minutes > 0:
		return answer{kind: amount, minutes: r.Slots.Minutes, text: text, typed: true}
	case r.Intent == nlp.Decline && a.kind != no && a.kind != amount:
		return answer{kind: no, text: text, typed: true}
	case r.Intent == nlp.Decline, r.Intent == nlp.Confirm && a.kind == yes:
		return a
	}
	return answer{text: text, typed: true}
}

// meansElse reports whether something is meant that is no answer.
func (c *Call) meansElse(u nlp.Utterance) bool {
	switch c.world.language.parser.Understand(u).Intent {
	case nlp.None, nlp.Confirm, nlp.Decline, nlp.Thanks:
		return false
	}
	return true
}

// bareAnswer binds a yes, a no, an amount or a choice to the only question that is
// open. It counts only for what had been asked when it was written.
func (c *Call) bareAnswer(a answer) (done bool, err error) {
	open, err := c.tx.OpenQuestions(c.from.Account)
	if err != nil {
		return false, err
	}
	written := c.msg.Sent.Time().Add(clockSlack)
	if c.msg.Served != 0 && c.msg.Served.Time().Before(written) {
		written = c.msg.Served.Time()
	}
	open = slices.DeleteFunc(open, func(q storage.Question) bool {
		return !c.mine(q) || q.At.After(written) || !c.now.Before(q.Expires) || c.from.Lost && q.Kind != askOld
	})
	open = withoutRepeats(open)
	if n := len(open); n > 1 && ownWords(open[n-1]) {
		open = open[n-1:] // the bot has just asked what they meant: that is what they answer
	}
	choice := len(open) == 1 && open[0].Kind == askWhich
	if a.kind == unclear && !choice {
		return false, nil
	}
	switch len(open) {
	case 0:
		if a.kind == yes || a.kind == no {
			return true, refuse(nothingOpen)
		}
		return false, nil
	case 1:
		return true, c.answerQuestion(open[0], a)
	}
	return true, refuse(severalOpen, "list", c.questionList(open), "command", "/confirm")
}

// withoutRepeats leaves only the newest of questions that ask a member the same about their
// own words.
func withoutRepeats(open []storage.Question) []storage.Question {
	var kept []storage.Question
	for i, q := range open {
		again := func(later storage.Question) bool {
			return ownWords(q) && later.Kind == q.Kind && later.Line == q.Line && later.TopicID == q.TopicID
		}
		if !slices.ContainsFunc(open[i+1:], again) {
			kept = append(kept, q)
		}
	}
	return kept
}

func (c *Call) questionList(open []storage.Question) string {
	list := ""
	for _, q := range open {
		if line, ok := c.postQuestion(q); ok {
			list += line
			continue
		}
		if named, ok := aboutPeople[q.Kind]; ok {
			list += "\n" + named
			continue
		}
		switch t, err := c.tx.Trade(ledger.TradeID(q.TopicID)); {
		case q.Kind == askMediate || q.Kind == askOutcome:
			list += "\n" + strings.Join(q.Options, "")
		case q.TopicID == 0 || err != nil || q.Kind == askSpill || q.Kind == askHeard:
			list += "\n/" + c.plainWords(strings.ReplaceAll(q.Line, whoSlot, "?"))
		case q.Kind == askUndo:
			list += c.text("\nundo #{id} {giver} → {receiver}, {amount}, {what}", c.tradeArgs(t)...)
		default:
			list += c.tradeList([]ledger.Trade{t})
		}
	}
	return list
}

// ownWords reports whether a question is about what its member has just said.
func ownWords(q storage.Question) bool {
	switch q.Kind {
	case askSpill, askLeave, askGift, askWhich, askGuess, askModel, askHeard, askLate, askSame, askClaim:
		return true
	}
	return false
}
