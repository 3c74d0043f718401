package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// Act is something a member does on the web pages. It is a line that they could have
// typed, and it goes the way of one: the same transaction, the same permissions, the same
// words to everybody else in the chat.
type Act struct {
	From  community.MemberID
	Place Place // where it would have been typed
	Words Words
	// About is what it answers, where it is an answer. The zero Topic is none.
	About storage.Topic
	// Once names the form that was sent: the same words a second time change nothing and get
	// the answer of the first.
	Once string
}

// Words is a line as a member could have typed it. Write makes one.
type Words struct{ text string }

// Write puts a line together: a command with its slash, or an answer, and what follows.
// Members are named beyond doubt; what people wrote themselves can name nobody so.
func Write(parts ...any) Words {
	var words []string
	for _, p := range parts {
		switch p := p.(type) {
		case community.Member:
			words = append(words, personMark(p.ID))
		case string:
			words = append(words, strings.TrimSpace(withoutMarks(p)))
		default:
			words = append(words, fmt.Sprint(p))
		}
	}
	return Words{strings.TrimSpace(strings.Join(words, " "))}
}

// Answer is what the bot says to whoever acted on a page.
type Answer struct {
	Said    []string
	Refused bool
}

// text is how it is kept.
func (a Answer) text() string { return strings.Join(a.Said, "\n\n") }

// Act carries out what somebody does on a page and returns what the bot answers them.
// What concerns others, and every card, appears in the chat as if it had been typed. The
// error is the context's. What nobody waits for any more is not begun, so that after an
// error the act may be sent again; one that was being carried out just then is known by its
// name.
func (e *Engine) Act(ctx context.Context, a Act) (Answer, error) {
	j := &acted{ctx: ctx, act: a, done: make(chan Answer, 1)}
	if err := e.push(ctx, j); err != nil {
		return Answer{}, err
	}
	select {
	case answer := <-j.done:
		return answer, nil
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
}

// acted is an act on its way through the engine.
type acted struct {
	ctx  context.Context // of whoever waits for it
	act  Act
	done chan Answer
}

// key is what tells the act from every other.
func (a Act) key() string {
	sum := sha256.Sum256([]byte(fmt.Sprint(a.From, a.Place, a.About, a.Once, a.Words.text)))
	return hex.EncodeToString(sum[:])
}

func (j *acted) apply(e *Engine, tx *storage.Tx, b *batch) error {
	if j.ctx.Err() != nil {
		return nil // they have been told that it didn't work, and may have gone elsewhere
	}
	key := j.act.key()
	said, refused, found, err := tx.PortalAct(key)
	if err != nil {
		return err
	}
	if found {
		j.answer(b, Answer{Said: []string{said}, Refused: refused})
		return nil
	}
	now := e.now()
	m := chat.Message{Kind: chat.Acted, Sent: chat.TimestampOf(now)}
	c, err := e.call(tx, m, now)
	if err != nil {
		return err
	}
	who := c.people.byID[j.act.From]
	c.act, c.forUs, c.place = &j.act, true, j.act.Place
	c.msg.From = chat.PersonID(who.Person)
	c.in = map[Place]chat.Conversation{InDM: direct(who), InGroup: c.group(), InCouncil: c.council()}[j.act.Place]
	c.msg.In = c.in
	c.msg.Text, _ = c.people.render(j.act.Words.text, direct(who))
	if j.act.About != (storage.Topic{}) {
		c.about = &j.act.About
	}
	id, err := receiveNext(tx, &c.msg)
	if err != nil {
		return err
	}
	replies, err := e.carryAct(tx, c, id, b)
	if err != nil {
		return err
	}
	answer := c.answerTo(who, replies)
	j.answer(b, answer)
	return tx.NotePortalAct(key, answer.text(), answer.Refused, now)
}

func (j *acted) answer(b *batch, a Answer) {
	b.after = append(b.after, func() { j.done <- a })
}

// receiveNext notes the act in the inbox, at the next moment at which its author has not
// done anything yet.
func receiveNext(tx *storage.Tx, m *chat.Message) (storage.InboxID, error) {
	for {
		id, fresh, err := tx.Receive(*m, m.Sent)
		if err != nil || fresh {
			return id, err
		}
		m.Sent++
	}
}

// carryAct carries an act out and returns all that the bot has to say about it. The plain
// answer stays on the page.
func (e *Engine) carryAct(tx *storage.Tx, c *Call, id storage.InboxID, b *batch) (all []reply, err error) {
	dead := false
	if err := c.carryOut(); err != nil {
		if storage.Failing(err) {
			return nil, err
		}
		e.log.Error().Int64("inbox", int64(id)).Str("error", faultKind(err)).Msg("an act could not be handled")
		c.replies, dead, c.refusal = nil, true, true
		c.answer(failed)
	}
	all = c.replies
	c.replies = nil
	for _, r := range all {
		if !r.own {
			c.replies = append(c.replies, r)
		}
	}
	if err := e.queue(tx, c, b); err != nil {
		return nil, err
	}
	if dead {
		return all, tx.Dead(id, c.msg)
	}
	return all, tx.Done(id, c.msg, c.forUs)
}

// forPage reports whether a reply is for whoever acts.
func (c *Call) forPage(r reply) bool { return r.own || r.to.Direct() && r.to.Person == c.msg.From }

// answerTo is what of the replies the page shows: what is for the one who acts, or else
// what everybody may read in the chat.
func (c *Call) answerTo(who community.Member, replies []reply) Answer {
	a := Answer{Refused: c.refusal}
	var public, thumbs []string
	for _, r := range replies {
		text, _ := c.people.render(r.text, direct(who))
		switch {
		case text == "":
		case r.act == chat.React:
			thumbs = append(thumbs, text)
		case c.forPage(r):
			a.Said = append(a.Said, text)
		case !r.to.Direct():
			public = append(public, text)
		}
	}
	if public = append(public, thumbs...); len(a.Said) == 0 && len(public) > 0 {
		a.Said = public[:1]
	}
	if len(a.Said) == 0 && len(replies) > 0 && !a.Refused {
		a.Said = []string{doneOnPage} // others hear of it
	}
	return a
}

// acted is said, by somebody who is at the pages. With a phone that is no longer known to
// be theirs they may look, and call for help, and nothing else.
func (c *Call) acted() error {
	if c.place == InCouncil && !c.from.Council {
		return refuse(councilOnly) // nobody else is in that group
	}
	name, _, _ := splitCommand(c.act.Words.text)
	if cmd := c.world.lookUp(name); !c.from.Frozen.IsZero() && (cmd == nil || !cmd.Frozen) {
		return refuse(pagesFrozen)
	}
	return c.said()
}

// May tells whether somebody may use a command in a place: the pages show what it says,
// and the engine holds everybody to it. Whoever has lost their phone is at the pages by
// their password, and may look.
func May(m community.Member, command string, at Place) bool {
	m.Lost = false
	w := world{commands: Commands()}
	cmd := w.lookUp(command)
	return cmd != nil && (at != InCouncil || m.Council) && (&Call{from: m, place: at}).allowed(cmd) == nil
}
