package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"communityconnect/chat"
	"communityconnect/nlp"
	"communityconnect/storage"
)

// Guesser reads sentences that the rules are unsure of, a language model for one. It may
// take its time: it is asked outside of any transaction, and its answer comes back as a
// message of its own. Nothing is ever done because of it but to ask the author.
type Guesser interface {
	// Worth reports at once whether a message that the rules read as r may be shown to it.
	Worth(u nlp.Utterance, r nlp.Reading) bool
	// Guess reads a message. An error says why there is no reading; nothing is shown of it
	// but in the log, so it must not hold words of the message.
	Guess(ctx context.Context, u nlp.Utterance) (nlp.Reading, error)
	// Where is the host that messages go to; "" for this machine.
	Where() string
}

// guessesADay is how many messages of one person a guesser is asked about, so that
// nobody uses up what is there for all.
const guessesADay = 20

// guesses counts what the guesser was asked. The engine's goroutine owns it.
type guesses struct {
	under int // how many are under way
	day   string
	of    map[chat.PersonID]int
}

// take counts a guess about a person's message, if there is one left today (UTC).
func (g *guesses) take(who chat.PersonID, now time.Time) bool {
	if day := now.UTC().Format(time.DateOnly); day != g.day {
		g.day, g.of = day, map[chat.PersonID]int{}
	}
	g.of[who]++
	return g.of[who] <= guessesADay
}

// wonder is a message that the guesser is to be asked about.
type wonder struct {
	inbox   storage.InboxID
	message chat.Message
	said    nlp.Utterance
}

// wonders notes that the guesser is to be asked about this message, if there is one and
// it may see it. Then nothing is said yet.
func (c *Call) wonders(u nlp.Utterance, r nlp.Reading) bool {
	g := c.world.guesser
	if g == nil || c.guess != nil || c.from.Deaf || !g.Worth(u, r) {
		return false
	}
	u.Sender.Posts = nil
	u.Sender.Members = nil // here so that no name leaves, also of those who have left
	for _, m := range c.people.all {
		u.Sender.Members = append(u.Sender.Members, m.Name)
	}
	c.wondered = &u
	return true
}

// ask asks the guesser, in a goroutine of its own. What it says comes back as a job.
func (e *Engine) ask(ctx context.Context, w wonder) {
	defer e.flying.Done()
	reading := nlp.Reading{Intent: nlp.None}
	err := errTooMany
	if w.said.Text != "" {
		done := make(chan struct{})
		defer close(done)
		go e.showThinking(ctx, w.message.In, done)
		reading, err = safely(ctx, e.world.guesser, w.said)
	}
	if err != nil {
		e.log.Warn().Int64("inbox", int64(w.inbox)).Str("reason", err.Error()).Msg("no guess")
	}
	ctx, cancel := linger(ctx)
	defer cancel()
	_ = e.push(ctx, &guessed{w, reading, err != nil})
}

// thinkingShows is how long somebody waits before they see that the bot is at it.
const thinkingShows = time.Second

// showThinking lets somebody who talks with the bot see that it is thinking, if that
// takes long. Nobody else has to know.
func (e *Engine) showThinking(ctx context.Context, in chat.Conversation, done <-chan struct{}) {
	timer := time.NewTimer(thinkingShows)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-done:
		return
	}
	if in.Direct() {
		_, _ = e.line.Send(ctx, chat.Outgoing{Act: chat.Typing, To: in}) // lost without harm
	}
}

var errTooMany = errors.New("too many of one person today")

// safely is Guess for a guesser that may fall over.
func safely(ctx context.Context, g Guesser, u nlp.Utterance) (r nlp.Reading, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = nlp.Reading{Intent: nlp.None}, fmt.Errorf("the guesser fell over: %T", p)
		}
	}()
	if r, err = g.Guess(ctx, u); err != nil {
		r = nlp.Reading{Intent: nlp.None}
	}
	return r, err
}

// guessed is what the guesser says about a message. It is a message itself, by the same
// author and of the same time, and so happens once.
type guessed struct {
	wonder
	reading nlp.Reading
	failed  bool // there is no reading because the guesser failed
}

func (g *guessed) apply(e *Engine, tx *storage.Tx, b *batch) error {
	b.after = append(b.after, func() { e.guesses.under-- })
	now := e.now()
	row := g.message
	row.Kind = chat.Guessed
	id, fresh, err := tx.Receive(row, chat.TimestampOf(now))
	if err != nil || !fresh {
		return err
	}
	acted, err := tx.ActedSince(g.inbox, g.message.From)
	if err != nil {
		return err
	}
	if acted { // what it meant is the past
		return tx.Done(id, row, false)
	}
	c, err := e.call(tx, g.message, now)
	if err != nil {
		return err
	}
	c.guess, c.noGuess = &g.reading, g.failed
	return e.carry(tx, c, id, row, b)
}

// reconsider is a message that the guesser has read. If that comes to a command, its
// author is asked, in private: in the group nobody has spoken to us. Otherwise the
// message is answered as if there were no guesser.
func (c *Call) reconsider() error {
	text, addressed := c.people.marked(c.msg, c.world.self)
	if err := c.findTopic(c.msg.ReplyTo); err != nil {
		return err
	}
	line, err := c.lineOf(*c.guess, text)
	if err != nil && codeOf(err) == "" {
		return err
	}
	reachable := c.place == InDM || c.from.Met
	if err == nil && line != "" && reachable {
		c.forUs = true
		return c.askBack(askModel, line)
	}
	if c.place == InDM || addressed {
		c.forUs = true
	}
	if c.place == InDM || addressed || c.noGuess {
		return c.sentence(text)
	}
	return nil
}

// aboutModel tells a member whether a language model is in use, and what it is shown.
func (c *Call) aboutModel() {
	if c.world.guesser == nil {
		c.answer(helpNoModel)
		return
	}
	where := "on my own machine"
	if host := c.world.guesser.Where(); host != "" {
		where = "at " + host
	}
	c.answer(helpModel, "where", where)
}
