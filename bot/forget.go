package bot

import (
	"time"

	"communityconnect/board"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// askForget is the question whether somebody really wants to be forgotten.
const askForget = "forget"

// forget asks back before anything is erased. Who has left is forgotten as a whole; of a
// member only old words can go: the others have to know whom they trade with.
func forget(c *Call) error {
	if !c.from.Frozen.IsZero() {
		return refuse(frozen)
	}
	if c.place != InDM && !c.from.Met {
		c.answer(sayHelloFirst)
		return nil
	}
	phrase, whole := forgetAsksOld, ""
	if c.from.Status == community.Former {
		if err := c.mayBeForgotten(); err != nil {
			return err
		}
		phrase, whole = forgetAsksAll, wholeLine
	}
	if err := c.dropForgetQuestions(); err != nil {
		return err
	}
	id, err := c.tx.Ask(storage.Question{Kind: askForget, Asked: c.from.ID, Asker: c.from.ID, Line: whole, In: direct(c.from),
		At: c.now, Expires: c.now.Add(24 * time.Hour)})
	if err != nil {
		return err
	}
	if c.place != InDM {
		c.react("👍")
	}
	c.send(direct(c.from), storage.Topic{Kind: topicQuestion, ID: int64(id)}, c.text(phrase))
	return nil
}

// wholeLine is what a question remembers whose yes forgets everything.
const wholeLine = "whole"

// dropForgetQuestions keeps one such question open at a time.
func (c *Call) dropForgetQuestions() error {
	q, found, err := c.forgetQuestion()
	if err != nil || !found {
		return err
	}
	return c.tx.CloseQuestion(q.ID, "withdrawn")
}

func (c *Call) forgetQuestion() (q storage.Question, found bool, err error) {
	open, err := c.tx.OpenQuestions(c.from.Account)
	for _, q := range open {
		if q.Kind == askForget && q.Asked == c.from.ID {
			return q, true, err
		}
	}
	return q, false, err
}

// mayBeForgotten refuses while something is open that a nobody could not settle any more.
// In a household the others go on.
func (c *Call) mayBeForgotten() error {
	for _, m := range c.people.byAccount[c.from.Account] {
		if m.ID != c.from.ID && m.Status != community.Former {
			return nil
		}
	}
	a, err := c.tx.Account(c.from.Account)
	if err != nil {
		return err
	}
	open, err := c.openList(c.from)
	switch {
	case err != nil:
		return err
	case a.Balance != 0:
		return refuse(forgetBalance, "balance", a.Balance.Signed())
	case open != "":
		return refuse(forgetOpen, "list", open)
	}
	return nil
}

func (c *Call) answerForget(q storage.Question, a answer) error {
	switch a.kind {
	case no:
		c.answer(leftIt)
		return c.tx.CloseQuestion(q.ID, "answered")
	case yes:
	default:
		return c.unclearAnswer(a)
	}
	whole := q.Line == wholeLine
	if whole && c.from.Status == community.Former {
		if err := c.mayBeForgotten(); err != nil {
			return err
		}
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	if err := c.tx.AskErasure(c.from.ID, whole, c.now); err != nil {
		return err
	}
	if whole {
		c.answer(forgetSoonAll)
	} else {
		c.answer(forgetSoonOld)
	}
	return nil
}

// former is somebody who has left and writes to the bot: they can still see what is held
// of them, have it erased, and speak where one of their trades is disputed. Anything else
// is answered like a stranger's word.
func (c *Call) former(m community.Member) (done bool, err error) {
	if c.place != InDM || c.msg.Kind != chat.Said && c.msg.Kind != chat.Reacted {
		return false, nil
	}
	c.from = m
	text, _ := c.people.marked(c.msg, c.world.self)
	name, rest, _ := splitCommand(text)
	if cmd := c.world.lookUp(name); cmd != nil && cmd.Former && cmd.fitsBare(rest) {
		c.forUs = true
		return true, c.run(cmd, rest)
	}
	a, ref := wordsAnswer(text), c.msg.ReplyTo
	if r := c.msg.Reaction; r != nil {
		a, ref = reactionAnswer(r.Emoji), &r.Target
		a.taken = r.Removed
	}
	if err := c.findTopic(ref); err != nil {
		return false, err
	}
	if c.about != nil && c.about.Kind == topicCase {
		return true, c.answerTopic(*c.about, a)
	}
	return c.formerAnswer(a)
}

// formerAnswer is a yes or no of somebody who has left: whether to be forgotten, or how a
// case ends about a trade of theirs.
func (c *Call) formerAnswer(a answer) (done bool, err error) {
	open, err := c.tx.OpenQuestions(c.from.Account)
	if err != nil || a.kind == unclear || a.taken {
		return false, err
	}
	for _, q := range open {
		replied := c.about != nil && c.about.Kind == topicQuestion && c.about.ID == int64(q.ID)
		bare := c.about == nil && c.msg.Kind == chat.Said
		if (q.Kind == askForget || q.Kind == askOutcome) && q.Asked == c.from.ID && (replied || bare) {
			return true, c.answerQuestion(q, a)
		}
	}
	return false, nil
}

// erasePatience is how long what is on its way to somebody may hold up their being
// forgotten.
const erasePatience = time.Hour

// erase forgets who asked for it, once the goodbye has reached them. The file is swept when
// nothing is on its way any more that could name them: at night that may be the morning.
func (c *Call) erase() error {
	all, err := c.tx.Erasures()
	empty, named := 0, false
	for _, e := range all {
		m := c.people.byID[e.Member]
		if !e.Done {
			waits, err := c.tx.WaitsFor(m.Person)
			if err != nil {
				return err
			}
			if waits && c.now.Sub(e.Asked) < erasePatience {
				continue
			}
			if err := c.eraseOne(m, e.Whole && m.Status == community.Former); err != nil {
				return err
			}
		}
		waits, err := c.tx.WaitsFrom(e.Asked.Add(erasePatience))
		if err != nil {
			return err
		}
		empty++
		named = named || waits
	}
	c.sweepFile = empty > 0 && !named
	return err
}

// eraseOne forgets somebody, and takes what has lost its words out of the index.
func (c *Call) eraseOne(m community.Member, whole bool) error {
	var posts []board.PostID
	var err error
	if whole {
		if posts, err = c.tx.PostsBy(m); err != nil {
			return err
		}
	}
	if err := c.tx.Forget(m, whole); err != nil {
		return err
	}
	if whole && m.Person != "" {
		c.forgotten = append(c.forgotten, chat.PersonID(m.Person))
	}
	trades, err := c.tx.TradesWithoutWords(m.Account)
	if err != nil {
		return err
	}
	c.index(func(x *board.Index) {
		for _, id := range posts {
			x.RemovePost(id)
		}
		for _, id := range trades {
			x.RemoveTrade(int64(id))
		}
	})
	c.changed = true
	return nil
}

// retire lets go of what has been kept long enough.
func (c *Call) retire() error {
	return c.tx.Retire(c.now, time.Duration(c.people.policy.RetentionDays)*24*time.Hour)
}

// sweepFile takes out of the file's bytes what is in none of its rows any more. While
// somebody else reads the file it is put off to the next minute.
func (e *Engine) sweepFile() {
	if err := e.db.Sweep(); err != nil {
		e.log.Warn().Err(err).Msg("the file could not be swept yet of who was forgotten")
		return
	}
	select {
	case e.jobs <- swept{}:
	default: // it is busy; the file is swept once more in a minute
	}
}

// swept notes that the file holds nothing any more of those who were forgotten.
type swept struct{}

func (swept) apply(_ *Engine, tx *storage.Tx, _ *batch) error { return tx.ErasuresSwept() }
