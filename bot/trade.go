package bot

import (
	"cmp"

	"communityconnect/board"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// Kinds of topics and questions.
const (
	topicTrade    = "trade"
	topicPost     = "post"
	topicQuestion = "question"

	askTrade  = "trade"  // is this amount right?
	askUndo   = "undo"   // may this trade be undone?
	askSpill  = "spill"  // may the rest go to the commons?
	askWhich  = "which"  // whom do you mean?
	askLate   = "late"   // do you still mean it?
	askSecond = "second" // does another council member agree?
	askGuess  = "guess"  // was a sentence understood rightly?
	askModel  = "model"  // was it, by the guesser?
	askHeard  = "heard"  // was a sentence in the group meant for the board?
	askSame   = "same"   // is it what has been logged already?
)

func gave(c *Call) error {
	receiver, err := c.person()
	if err != nil {
		return err
	}
	return c.logTrade(c.from, receiver)
}

func got(c *Call) error {
	giver, err := c.person()
	if err != nil {
		return err
	}
	return c.logTrade(giver, c.from)
}

func trade(c *Call) error {
	giver, receiver, err := c.twoPeople()
	if err != nil {
		return err
	}
	return c.logTrade(giver, receiver)
}

// twoPeople takes giver and receiver off the front of the words.
func (c *Call) twoPeople() (giver, receiver community.Member, err error) {
	if giver, err = c.person(); err != nil {
		return giver, receiver, err
	}
	receiver, err = c.person()
	return giver, receiver, err
}

// logTrade takes amount and text off the words and asks whoever has not said yes by
// logging it.
func (c *Call) logTrade(giver, receiver community.Member) error {
	if giver.Account == receiver.Account {
		return refuse(personYourself)
	}
	if _, _, another := markedPerson(c.words); another {
		return refuse(onePerson)
	}
	m, err := c.amount()
	if err != nil {
		return err
	}
	what := c.what()
	if c.late {
		return c.askAgain(c.command.Name + " " + c.taken + m.String() + " " + what)
	}
	if settled, err := c.settleClash(giver, receiver, m, what); settled || err != nil {
		return err
	}
	return c.propose(giver, receiver, m, what, onTheirWord)
}

// proposal is on what grounds a trade is opened.
type proposal int

const (
	onTheirWord proposal = iota // an explicit command is its author's own yes
	withSpill                   // and the rest above the ceiling goes to the commons
	onAGuess                    // a sentence is not: both are asked
)

// propose opens a trade.
func (c *Call) propose(giver, receiver community.Member, m ledger.Minutes, what string, how proposal) error {
	if err := c.mayReceive(receiver); err != nil {
		return err
	}
	for _, side := range []community.Member{giver, receiver} {
		if err := c.canBeAsked(side); err != nil {
			return err
		}
	}
	text, err := c.tx.Write(what)
	if err != nil {
		return err
	}
	t := ledger.Trade{
		Giver: giver.Account, Receiver: receiver.Account, LoggedBy: c.from.Account, Minutes: m, What: text,
		Spill: how == withSpill, Created: c.now, Expires: c.people.policy.PromptExpiry(c.now),
	}
	proposed, err := ledger.Propose(c.book, t, how != onAGuess)
	if code := ledger.CodeOf(err); code == ledger.AboveCeiling || code == ledger.BelowFloor {
		return &limitRefusal{cause: err, trade: t, line: "gave " + personMark(receiver.ID) + " " + m.String() + " " + what}
	}
	if err != nil {
		return err
	}
	return c.askSides(proposed, "")
}

// canBeAsked refuses what waits for the word of somebody without a phone, where nobody else
// of their household has one. The commons is asked by nobody.
func (c *Call) canBeAsked(m community.Member) error {
	if holder := c.people.holder(m.Account); holder.ID != 0 && holder.Person == "" {
		return refuse(noPhone, "who", holder)
	}
	return nil
}

// askSides asks each side that has not confirmed the present amount. Before is what an
// amendment changed, in words.
func (c *Call) askSides(t ledger.Trade, before string) error {
	where := c.group()
	if c.place != InGroup {
		where = chat.Conversation{}
	}
	var waiting []community.Member
	for _, account := range []ledger.AccountID{t.Giver, t.Receiver} {
		if !t.Confirmed(account) {
			waiting = append(waiting, c.people.holder(account))
		}
	}
	for _, m := range waiting {
		in := where
		if in == (chat.Conversation{}) {
			in = direct(m)
		}
		if _, err := c.tx.Ask(storage.Question{
			Kind: askTrade, Asked: m.ID, Asker: c.from.ID, TopicID: int64(t.ID), Version: t.Version, In: in, At: c.now, Expires: t.Expires,
		}); err != nil {
			return err
		}
	}
	if where.Direct() {
		return c.askEachInDM(t, waiting, before)
	}
	if len(waiting) > 0 {
		c.send(where, tradeTopic(t), c.groupPrompt(t, waiting, before))
	}
	return nil
}

// askEachInDM sends each side a prompt of its own, and tells the author how it went.
func (c *Call) askEachInDM(t ledger.Trade, waiting []community.Member, before string) error {
	var unmet []community.Member
	for _, m := range waiting {
		switch {
		case m.ID == c.from.ID || m.Met:
			if err := c.promptInDM(t, m, before); err != nil {
				return err
			}
		default:
			unmet = append(unmet, m)
		}
	}
	if len(unmet) == 0 && before == "" {
		c.react("👍") // an amendment shows on the card that it changes
	}
	for _, m := range unmet {
		c.answer(askThemToSayHello, "who", m)
	}
	return nil
}

func tradeTopic(t ledger.Trade) storage.Topic {
	return storage.Topic{Kind: topicTrade, ID: int64(t.ID), Version: t.Version}
}

// tradeArgs are the arguments of every phrase about a trade.
func (c *Call) tradeArgs(t ledger.Trade) []any {
	return []any{"giver", c.people.holder(t.Giver), "receiver", c.people.holder(t.Receiver), "amount", t.Minutes, "what", cmp.Or(t.What.Body, "erased"),
		"id", int64(t.ID), "day", c.day(t.Created)}
}

// groupPrompt is the card in the group: it mentions whoever is asked.
func (c *Call) groupPrompt(t ledger.Trade, waiting []community.Member, before string) string {
	args := append(c.tradeArgs(t), "before", before, "by", c.from)
	switch {
	case len(waiting) == 2 && c.guessed:
		return c.text(guessBoth, args...)
	case len(waiting) == 2:
		return c.text(promptBoth, args...)
	case before != "":
		return c.text(promptAmended, append(args, "asked", waiting[0])...)
	case waiting[0].Account == t.Receiver:
		return c.text(promptReceiver, args...)
	default:
		return c.text(promptGiver, args...)
	}
}

// promptInDM asks one side in private, where it can be told where it will stand.
func (c *Call) promptInDM(t ledger.Trade, m community.Member, before string) error {
	account, err := c.tx.Account(m.Account)
	if err != nil {
		return err
	}
	args := append(c.tradeArgs(t), "before", before, "by", c.people.byID[c.from.ID], "now", account.Balance.Signed())
	phrase, outlook, after, limit := promptGiverDM, outlookUp, account.Balance+t.Minutes, account.Ceiling
	if m.Account == t.Receiver {
		phrase, outlook, after, limit = promptReceiverDM, outlookDown, account.Balance-t.Minutes, account.Floor
	}
	if before != "" {
		phrase = promptAmendedDM
	} else if !t.Party(c.from.Account) {
		phrase = promptThirdDM
	}
	args = append(args, "then", after.Signed(), "limit", limit.Signed())
	c.send(direct(m), tradeTopic(t), c.text(phrase, args...)+" "+c.text(outlook, args...)+"\n"+c.text(howToAnswer))
	return nil
}

// announce tells everybody concerned that a trade is in the books: the prompt is
// edited, and in private each is told where they stand.
func (c *Call) announce(book ledger.Book, t ledger.Trade, where chat.Conversation) error {
	if err := c.tx.CloseQuestions(askTrade, int64(t.ID), "answered"); err != nil {
		return err
	}
	if err := c.meetRequest(t); err != nil {
		return err
	}
	c.index(func(x *board.Index) { x.AddTrade(pastTrade(t, c.people)) })
	args := c.tradeArgs(t)
	if !where.Direct() {
		c.edit(where, tradeTopic(t), c.text(postedInGroup, args...), "✅")
		return nil
	}
	for _, account := range []ledger.AccountID{t.Giver, t.Receiver} {
		if err := c.announceTo(book, t, account, where); err != nil {
			return err
		}
	}
	if !t.Party(t.LoggedBy) && t.LoggedBy != ledger.Commons {
		c.tell(c.people.holder(t.LoggedBy), where, postedInGroup, args...)
	}
	return nil
}

// announceTo tells one side in private. Where its own yes was the last, its prompt says
// so; the other side gets a message.
func (c *Call) announceTo(book ledger.Book, t ledger.Trade, account ledger.AccountID, where chat.Conversation) error {
	m, other := c.people.holder(account), c.people.holder(t.Other(account))
	if other.Account == c.from.Account {
		other = c.from
	}
	a, err := book.Account(account)
	if err != nil {
		return err
	}
	args := append(c.tradeArgs(t), "balance", a.Balance.Signed(), "other", other)
	switch {
	case account == c.from.Account && direct(c.from) == where:
		c.edit(where, tradeTopic(t), c.text(postedToConfirmer, args...), "✅")
	case account == c.from.Account: // somebody else of the household was asked
		c.edit(where, tradeTopic(t), c.text(postedToConfirmer, args...), "✅")
		c.send(direct(c.from), tradeTopic(t), c.text(postedToConfirmer, args...))
	case m.Met && m.Person != "":
		c.send(direct(m), tradeTopic(t), c.text(postedToOther, args...))
	}
	return nil
}

// meetRequest takes a request off the board when somebody who had taken it up has
// helped its author. With several such requests it is left to the author.
func (c *Call) meetRequest(t ledger.Trade) error {
	giver, receiver := c.people.holder(t.Giver), c.people.holder(t.Receiver)
	posts, err := c.tx.TakenPosts(board.Request, int64(receiver.ID), int64(giver.ID))
	if err != nil || len(posts) != 1 {
		return err
	}
	takers, err := c.tx.Takers(posts[0].ID)
	if err != nil || len(takers) < posts[0].Wanted {
		return err
	}
	c.index(func(x *board.Index) { x.RemovePost(posts[0].ID) })
	return c.tx.SetPostState(posts[0].ID, board.Met, c.now)
}
