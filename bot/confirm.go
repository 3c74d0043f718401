package bot

import (
	"slices"
	"strconv"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// openTrade finds the trade that a command without a prompt of its own is about: the
// one whose message it replies to, the one whose number it names, or the only one
// that waits for this member.
func (c *Call) openTrade(mine func(ledger.Trade) bool) (ledger.Trade, int, error) {
	if c.about != nil && c.about.Kind == topicTrade {
		t, err := c.tx.Trade(ledger.TradeID(c.about.ID))
		return t, c.about.Version, err
	}
	if n, ok := c.number(); ok {
		t, err := c.tx.Trade(ledger.TradeID(n))
		return t, t.Version, err
	}
	if n, err := strconv.ParseInt(c.words, 10, 64); err == nil && c.command.Bare == bareWord {
		t, err := c.tx.Trade(ledger.TradeID(n)) // the number alone, without its sign
		c.words = ""
		return t, t.Version, err
	}
	open, err := c.tx.OpenTrades(c.from.Account)
	if err != nil {
		return ledger.Trade{}, 0, err
	}
	var found []ledger.Trade
	for _, t := range open {
		if mine(t) {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 0:
		return ledger.Trade{}, 0, refuse(nothingOpen)
	case 1:
		return found[0], found[0].Version, nil
	}
	return ledger.Trade{}, 0, refuse(severalOpen, "list", c.tradeList(found), "command", "/"+c.command.Name)
}

// waitsForMe picks the trades that this member has yet to confirm.
func (c *Call) waitsForMe(t ledger.Trade) bool {
	return t.Party(c.from.Account) && !t.Confirmed(c.from.Account)
}

func (c *Call) tradeList(all []ledger.Trade) string {
	list := ""
	for _, t := range all {
		list += c.text("\n#{id} {giver} → {receiver}, {amount}, {what}", c.tradeArgs(t)...)
	}
	return list
}

func confirm(c *Call) error {
	t, version, err := c.openTrade(c.waitsForMe)
	if err != nil {
		return err
	}
	if c.words != "" { // "/confirm please not"
		return refuse(surplusWords, "words", c.plainWords(c.words), "command", "/confirm")
	}
	return c.answerTrade(t.ID, version, answer{kind: yes, typed: true})
}

func decline(c *Call) error {
	t, version, err := c.openTrade(c.waitsForMe)
	if err != nil {
		return err
	}
	return c.answerTrade(t.ID, version, answer{kind: no, typed: true, text: c.words})
}

func amend(c *Call) error {
	t, version, err := c.openTrade(func(t ledger.Trade) bool { return t.Party(c.from.Account) })
	if err != nil {
		return err
	}
	m, err := c.amount()
	if err != nil {
		return err
	}
	return c.answerTrade(t.ID, version, answer{kind: amount, minutes: m, typed: true})
}

// cancel takes back a trade that its author has logged and nobody has answered yet.
func cancel(c *Call) error {
	if c.about != nil && c.about.Kind == topicProposal {
		return c.withdrawProposal(community.ProposalID(c.about.ID))
	}
	if c.about != nil && c.about.Kind == topicCase {
		return c.takeCaseBack(community.CaseID(c.about.ID))
	}
	t, _, err := c.openTrade(func(t ledger.Trade) bool { return t.LoggedBy == c.from.Account })
	if err != nil {
		return err
	}
	if t, err = ledger.Cancel(c.book, t.ID, c.from.Account, c.now); err != nil {
		return err
	}
	return c.endPrompt(t, c.text(tradeCancelled, append(c.tradeArgs(t), "by", c.from)...), "🚫")
}

// answerTrade is a side's answer to the question whether an amount is right.
func (c *Call) answerTrade(id ledger.TradeID, version int, a answer) error {
	t, err := c.tx.Trade(id)
	if err != nil {
		return err
	}
	if !t.Party(c.from.Account) {
		if c.byNumber() { // nobody learns of trades between others
			return &ledger.Error{Code: ledger.UnknownTrade}
		}
		waiting := t.Receiver
		if t.ReceiverConfirmed {
			waiting = t.Giver
		}
		return c.notYours(c.people.holder(waiting), a)
	}
	c.forUs = true
	if t.State != ledger.Proposed {
		return c.answerOver(t, a)
	}
	if !c.from.Frozen.IsZero() && a.kind != unclear {
		if q, found := c.lastAsked(t); found {
			if err := c.stillThem(q.At); err != nil {
				return err
			}
		}
	}
	if c.late && !a.taken && a.kind != unclear {
		return c.promptAgain(t)
	}
	switch {
	case a.taken && a.kind == yes && version == t.Version:
		_, err := ledger.Unconfirm(c.book, id, c.from.Account)
		return err
	case a.taken:
		return nil
	case a.kind == yes:
		return c.confirmTrade(t, version, a)
	case a.kind == no && version != t.Version: // they have not seen what it is now
		c.answer(oldAmount, c.tradeArgs(t)...)
		return nil
	case a.kind == no:
		return c.declineTrade(t, a)
	case a.kind == amount:
		return c.amendTrade(t, a)
	}
	return c.unclearAnswer(a)
}

// answerOver is an answer to a trade that is over. Nobody may be left to believe that
// their late yes has counted; a second tap on a posted trade needs no word.
func (c *Call) answerOver(t ledger.Trade, a answer) error {
	if a.taken || a.kind == unclear || t.State == ledger.Posted && !a.typed {
		return nil
	}
	phrase := map[ledger.TradeState]string{
		ledger.Posted: overPosted, ledger.Disputed: overPosted, ledger.Reversed: overReversed,
		ledger.Declined: overDeclined, ledger.Cancelled: overCancelled, ledger.Expired: overExpired,
	}[t.State]
	c.answer(phrase, c.tradeArgs(t)...)
	return nil
}

// promptAgain asks once more where an answer was under way for too long to be sure of.
func (c *Call) promptAgain(t ledger.Trade) error {
	where := c.whereAsked(t)
	if where.Direct() {
		c.send(direct(c.from), storage.Topic{}, c.text(answerWasLate))
		return c.promptInDM(t, c.from, "")
	}
	c.send(where, tradeTopic(t), c.text(answerWasLateGroup, append(c.tradeArgs(t), "you", c.from)...))
	return nil
}

// whereAsked is the conversation in which the member, or else anybody, was last asked
// about a trade.
func (c *Call) whereAsked(t ledger.Trade) chat.Conversation {
	if c.place == InGroup && c.about != nil && c.about.Kind == topicTrade && c.about.ID == int64(t.ID) {
		return c.in // it is answered under its card
	}
	q, found := c.lastAsked(t)
	if !found {
		return direct(c.from)
	}
	return q.In
}

// lastAsked is the last question about a trade: the member's own, if they were asked.
func (c *Call) lastAsked(t ledger.Trade) (storage.Question, bool) {
	asked, err := c.tx.QuestionsAbout(askTrade, int64(t.ID))
	if err != nil || len(asked) == 0 {
		return storage.Question{}, false
	}
	for _, q := range slices.Backward(asked) {
		if c.household(c.people.byID[q.Asked]) {
			return q, true
		}
	}
	return asked[len(asked)-1], true
}

func (c *Call) confirmTrade(t ledger.Trade, version int, a answer) error {
	where := c.whereAsked(t)
	book := &known{Book: c.book, trade: t}
	confirmed, err := ledger.Confirm(book, t.ID, c.from.Account, version, c.now)
	switch code := ledger.CodeOf(err); code {
	case "":
		if err != nil {
			return err
		}
	case ledger.AlreadyConfirmed:
		if a.typed {
			c.answer(waitingForOther, "other", c.people.holder(t.Other(c.from.Account)))
		}
		return nil
	case ledger.OldAmount:
		c.answer(oldAmount, c.tradeArgs(t)...)
		return nil
	case ledger.BelowFloor, ledger.AboveCeiling, ledger.CommonsLimit:
		return &limitRefusal{cause: err, trade: t, line: "confirm"}
	default:
		return err
	}
	if a.typed && !where.Direct() && c.msg.In != where {
		c.react("👍")
	}
	if confirmed.State == ledger.Posted {
		return c.announce(book, confirmed, where)
	}
	return nil
}

// known are books of which a trade has been read already, in this transaction, and of
// which no account is read twice: a transfer moves both balances by its amount, or fails.
type known struct {
	ledger.Book
	trade    ledger.Trade
	accounts []ledger.Account
}

func (k *known) Trade(id ledger.TradeID) (ledger.Trade, error) {
	if id == k.trade.ID {
		return k.trade, nil
	}
	return k.Book.Trade(id)
}

func (k *known) Account(id ledger.AccountID) (ledger.Account, error) {
	for _, a := range k.accounts {
		if a.ID == id {
			return a, nil
		}
	}
	a, err := k.Book.Account(id)
	if err == nil {
		k.accounts = append(k.accounts, a)
	}
	return a, err
}

func (k *known) Append(t ledger.Transfer) error {
	if err := k.Book.Append(t); err != nil {
		return err
	}
	for i := range k.accounts {
		switch a := &k.accounts[i]; a.ID {
		case t.From:
			a.Balance -= t.Minutes
		case t.To:
			a.Balance += t.Minutes
		}
	}
	return nil
}

// declineTrade ends a trade with one side's no, and passes the reason on.
func (c *Call) declineTrade(t ledger.Trade, a answer) error {
	t, err := ledger.Decline(c.book, t.ID, c.from.Account, c.now)
	if err != nil {
		return err
	}
	why := ""
	if reason := c.plainWords(a.text); reason != "" {
		why = " (“" + reason + "”)"
	}
	where := c.whereAsked(t)
	shown := why
	if c.place == InDM && !where.Direct() {
		shown = "" // what was said in private stays there
	}
	if err := c.endPrompt(t, c.text(tradeDeclined, append(c.tradeArgs(t), "by", c.from, "why", shown)...), "❌"); err != nil {
		return err
	}
	args := append(c.tradeArgs(t), "by", c.from, "why", why)
	author := c.people.holder(t.LoggedBy)
	if author.Account != c.from.Account && (author.Met || shown == why) {
		c.tell(author, where, tradeDeclined, args...)
	}
	return nil
}

// amendTrade is a yes to another amount; the other side is asked about it in a new message.
func (c *Call) amendTrade(t ledger.Trade, a answer) error {
	before := t.Minutes
	old := tradeTopic(t)
	where := c.whereAsked(t)
	changed, err := ledger.Amend(c.book, t.ID, c.from.Account, a.minutes, c.people.policy.PromptExpiry(c.now))
	switch code := ledger.CodeOf(err); {
	case code == ledger.SameAmount && a.negated: // "no, 2h" to a question about 2h
		return c.unclearAnswer(a)
	case code == ledger.SameAmount && !t.Confirmed(c.from.Account):
		return c.confirmTrade(t, t.Version, a) // naming the amount asked about is a yes
	case code == ledger.BelowFloor || code == ledger.AboveCeiling:
		return &limitRefusal{cause: err, trade: changed}
	case err != nil:
		return err
	}
	asked, err := c.tx.OpenQuestionsAbout(askTrade, int64(t.ID))
	if err != nil {
		return err
	}
	if err := c.tx.CloseQuestions(askTrade, int64(t.ID), "answered"); err != nil {
		return err
	}
	args := append(c.tradeArgs(changed), "by", c.from, "before", before)
	for _, in := range c.cards(asked) {
		c.edit(in, old, c.text(promptReplaced, args...), "✏️")
	}
	c.place, c.in = c.world.place(where), where
	return c.askSides(changed, before.String())
}

// endPrompt closes the questions about a trade and shows on its card how it ended.
func (c *Call) endPrompt(t ledger.Trade, text, emoji string) error {
	asked, err := c.tx.OpenQuestionsAbout(askTrade, int64(t.ID))
	if err != nil {
		return err
	}
	if err := c.tx.CloseQuestions(askTrade, int64(t.ID), "withdrawn"); err != nil {
		return err
	}
	cards := c.cards(asked)
	for _, in := range cards {
		c.edit(in, tradeTopic(t), text, emoji)
	}
	if !slices.Contains(cards, c.msg.In) {
		c.react("👍")
	}
	return nil
}

// cards returns the conversations in which questions have been put.
func (c *Call) cards(asked []storage.Question) []chat.Conversation {
	var in []chat.Conversation
	for _, q := range asked {
		reached := !q.In.Direct() || c.people.byID[q.Asked].Met
		if reached && !slices.Contains(in, q.In) {
			in = append(in, q.In)
		}
	}
	return in
}
