package bot

import (
	"slices"
	"strings"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// settleClash looks whether what a member logs has been logged already and is still open:
// both sides tend to write the same hour down, and a phone with a bad line is tapped
// twice. The other side's word for the very same help is answered with a yes; what only
// looks the same is asked about. It reports whether that was all there was to do.
func (c *Call) settleClash(giver, receiver community.Member, m ledger.Minutes, what string) (bool, error) {
	if c.apart {
		return false, nil
	}
	open, err := c.tx.OpenTrades(c.from.Account)
	if err != nil {
		return false, err
	}
	for _, t := range open {
		if t.Giver != giver.Account || t.Receiver != receiver.Account {
			continue
		}
		alike, waits := sameWords(t.What.Body, what), c.waitsForMe(t)
		switch {
		case waits && alike && t.Minutes == m:
			return true, c.answerTrade(t.ID, t.Version, answer{kind: yes, typed: true})
		case alike, waits && t.Minutes == m:
			line := "trade " + personMark(giver.ID) + " " + personMark(receiver.ID) + " " + m.String() + " " + what
			return true, c.askAuthor(askSame, line, int64(t.ID), c.text(loggedBefore, c.tradeArgs(t)...))
		}
	}
	return false, nil
}

// stands reports whether what a sentence tells has been logged already and is still open:
// then its card stands, and nobody is asked twice for one hour.
func (c *Call) stands(giver, receiver community.Member, m ledger.Minutes, what string) (bool, error) {
	open, err := c.tx.OpenTrades(giver.Account)
	return slices.ContainsFunc(open, func(t ledger.Trade) bool {
		return t.Giver == giver.Account && t.Receiver == receiver.Account && (t.Minutes == m || sameWords(t.What.Body, what))
	}), err
}

// sameWords reports whether two texts may name one piece of help: every word of the
// shorter is in the longer.
func sameWords(a, b string) bool {
	short, long := strings.Fields(community.Fold(a)), strings.Fields(community.Fold(b))
	if len(short) > len(long) {
		short, long = long, short
	}
	return !slices.ContainsFunc(short, func(word string) bool { return !slices.Contains(long, word) })
}

// answerSame is the author's word on whether two logs are one piece of help.
func (c *Call) answerSame(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	if a.kind == no {
		c.apart = true
		return c.runLine(q.Line, q.In, c.from)
	}
	t, err := c.tx.Trade(ledger.TradeID(q.TopicID))
	if err != nil {
		return err
	}
	m, err := c.loggedAmount(q.Line)
	switch {
	case err != nil:
		return err
	case t.Minutes != m && t.Party(c.from.Account):
		return c.answerTrade(t.ID, t.Version, answer{kind: amount, minutes: m, typed: true})
	case c.waitsForMe(t):
		return c.answerTrade(t.ID, t.Version, answer{kind: yes, typed: true})
	}
	c.answer(staysAsItIs, c.tradeArgs(t)...)
	return nil
}

// loggedAmount reads the amount of a line that settleClash has kept.
func (c *Call) loggedAmount(line string) (ledger.Minutes, error) {
	reading := *c
	_, reading.words, _ = splitCommand(line)
	if _, _, err := reading.twoPeople(); err != nil {
		return 0, err
	}
	return reading.amount()
}
