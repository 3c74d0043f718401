package bot

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"communityconnect/chat"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// intake is one message that has come in.
type intake struct {
	message chat.Message
	handed  *handed
}

func (in *intake) apply(e *Engine, tx *storage.Tx, b *batch) error {
	if early, err := e.early(tx, in.message, b); err != nil || early {
		b.after = append(b.after, func() { e.held = append(e.held, in) })
		return err
	}
	b.after = append(b.after, in.handed.landed)
	now := e.now()
	id, fresh, err := tx.Receive(in.message, chat.TimestampOf(now))
	if err != nil || !fresh {
		return err // delivered before: no rule runs and nothing is said
	}
	c, err := e.call(tx, in.message, now)
	if err != nil {
		return err
	}
	if err := e.carry(tx, c, id, in.message, b); err != nil {
		return err
	}
	if c.wondered != nil {
		b.wonders = append(b.wonders, wonder{inbox: id, message: in.message, said: *c.wondered})
	}
	return nil
}

// carry carries a message out and ends its row of the inbox.
func (e *Engine) carry(tx *storage.Tx, c *Call, id storage.InboxID, m chat.Message, b *batch) error {
	switch err := c.carryOut(); {
	case err == nil:
	case storage.Failing(err):
		return err
	default:
		c.wondered = nil
		e.log.Error().Int64("inbox", int64(id)).Str("error", faultKind(err)).Msg("a message could not be handled")
		c.replies = nil
		if c.forUs {
			c.answer(failed)
		}
		if err := e.queue(tx, c, b); err != nil {
			return err
		}
		return tx.Dead(id, m)
	}
	if err := e.queue(tx, c, b); err != nil {
		return err
	}
	return tx.Done(id, m, c.forUs)
}

// call prepares what a handler sees.
func (e *Engine) call(tx *storage.Tx, m chat.Message, now time.Time) (*Call, error) {
	if e.people == nil {
		p, err := readPeople(tx)
		if err != nil {
			return nil, err
		}
		e.people = p
	}
	c := &Call{
		tx: tx, book: tx, now: now, people: e.people, world: &e.world, place: e.world.place(m.In), in: m.In, msg: m,
		late: m.Served != 0 && now.Sub(m.Served.Time()) > lateAfter || m.Sent != 0 && m.Served != 0 && m.Served.Time().Sub(m.Sent.Time()) > lateAfter,
	}
	if e.closed != "" {
		c.book = closedBook{tx}
	}
	return c, nil
}

// queue puts what a handler wants said into the outbox.
func (e *Engine) queue(tx *storage.Tx, c *Call, b *batch) error {
	for _, r := range c.replies {
		text, mentions := c.people.render(r.text, r.to)
		queue := tx.Queue
		if c.unasked && r.act == chat.Send {
			queue = tx.QueueUnasked
		}
		row, err := queue(chat.Outgoing{
			Act: r.act, To: r.to, Text: text, Mentions: mentions, Quote: r.quote, Target: r.on, Emoji: r.emoji, Files: r.files, Add: r.add,
		}, r.topic, c.now)
		if err != nil {
			return err
		}
		b.outbox.add(row)
	}
	for _, p := range c.forgotten {
		b.outbox.drop(chat.Conversation{Person: p})
	}
	for _, change := range c.indexed {
		b.after = append(b.after, func() { change(e.world.index) })
	}
	if c.sweepFile {
		b.after = append(b.after, e.sweepFile)
	}
	if c.changed {
		b.changed = true
		e.people = nil
	}
	return nil
}

// carryOut handles the message so that a no, a mistake or a panic leaves nothing half
// done: all it had changed is undone, and then the person is told.
func (c *Call) carryOut() error {
	err := c.tx.Savepoint(func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = &panicked{value: r, stack: debug.Stack()}
			}
		}()
		return c.handle()
	})
	if err == nil || storage.Failing(err) {
		return err
	}
	c.changed = true // what the handler noted of people may have been undone
	return c.tx.Savepoint(func() error {
		told, failure := c.refused(err)
		if failure != nil {
			return failure
		}
		if !told {
			return err
		}
		return nil
	})
}

// panicked is a handler that fell over.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return "panic" }

// faultKind is what the log may know of a fault: where, never about whom or what.
func faultKind(err error) string {
	var p *panicked
	if errors.As(err, &p) {
		return "panic\n" + string(p.stack)
	}
	return fmt.Sprintf("%T", err)
}

// closedBook are books that refuse to post, after an audit has failed. Everything else
// goes on.
type closedBook struct{ *storage.Tx }

func (closedBook) Append(ledger.Transfer) error { return refuse(booksClosed) }
