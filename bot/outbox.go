package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

// outbox keeps the order of what goes out: one message in flight in a conversation, the
// next when it is known what became of the one before. The rows themselves are in the
// database; this is what of them is still to do. It is a value: a transaction works on
// one of its own, which takes the place of the old one once the commit is durable.
type outbox struct {
	lanes    lanes
	inFlight int
	most     int // in flight at once
	purse    purse
}

func newOutbox(most int, pace Pace) outbox {
	return outbox{lanes: newLanes(), most: most, purse: purse{pace: pace}}
}

// begin returns the outbox for a transaction. It shares the rows of the lanes: they are
// added to at the end and never changed.
func (o outbox) begin() outbox {
	o.lanes = o.lanes.begin()
	return o
}

// What Signal's clients still accept: an edit within a day of the original, and at most
// ten of one message. A margin of one is kept for an edit of unknown fate.
const (
	editWithin = 24 * time.Hour
	maxEdits   = 9
)

// again marks a message that may be seen twice.
const again = "(Again, in case it didn't reach you.) "

// landing is how long a message in flight is waited for when the engine stops: one cut
// off in the air would go out a second time after the next start.
const landing = 10 * time.Second

// recover takes up what the run before left behind. What was being sent may have
// arrived: it is sent once more, and says so where that could confuse.
func (o *outbox) recover(tx *storage.Tx, rows []storage.OutboxRow) error {
	for _, row := range rows {
		if row.State != storage.Queued {
			row.State = storage.Unknown
			if err := tx.Doubt(row.ID); err != nil {
				return err
			}
		}
		o.add(row)
	}
	o.lanes.keep()
	return nil
}

func (o *outbox) add(row storage.OutboxRow) {
	l := o.lanes.of(row.Out.To)
	l.rows, l.hushed = append(l.rows, row), false
	o.lanes.set(row.Out.To, l)
}

// idle reports whether everything has gone out that may.
func (o *outbox) idle() bool {
	for _, l := range o.lanes.all() {
		if !l.hushed {
			return false
		}
	}
	return true
}

// claim picks the next message of every conversation that has none in flight, and
// notes in the transaction that from now on its fate is open. What has waited longest
// goes first. In the quiet hours what nobody has asked for waits on, however long it has
// waited already: also what the line could not take before they began.
func (o *outbox) claim(tx *storage.Tx, now time.Time, quiet func() (bool, error)) ([]storage.OutboxRow, error) {
	free := min(o.most-o.inFlight, o.purse.ready(now))
	if free <= 0 {
		return nil, nil
	}
	type front struct {
		to    chat.Conversation
		first storage.OutboxID
		may   int // so many may go
	}
	var ready []front
	for to, l := range o.lanes.all() {
		if l.busy || now.Before(l.notTil) {
			continue
		}
		may := len(l.rows)
		if l.unasked() {
			switch hush, err := quiet(); {
			case err != nil:
				return nil, err
			case hush:
				l, may = l.hush()
			default:
				l.hushed = false
			}
			o.lanes.set(to, l)
		}
		if may > 0 {
			ready = append(ready, front{to, l.rows[0].ID, may})
		}
	}
	slices.SortFunc(ready, func(a, b front) int { return cmp.Compare(a.first, b.first) })
	ready = ready[:min(len(ready), free)]
	o.purse.take(len(ready), now)
	claimed := make([]storage.OutboxRow, len(ready))
	for i, front := range ready {
		l := o.lanes.of(front.to)
		l.busy, l.taken = true, 1
		if o.purse.pace.Every > 0 {
			l.taken = travelling(l.rows[:front.may])
		}
		for _, row := range l.rows[:l.taken] {
			if err := tx.Claim(row.ID); err != nil {
				return nil, err
			}
		}
		resolved, err := resolve(tx, merge(l.rows[:l.taken]), now)
		if err != nil {
			return nil, err
		}
		claimed[i] = resolved
		o.lanes.set(front.to, l)
		o.inFlight++
	}
	return claimed, nil
}

// due is how long it is until a message that may go has to wait for no other reason
// than the pace; 0 if none does.
func (o *outbox) due(now time.Time) time.Duration {
	for _, l := range o.lanes.all() {
		if !l.busy && !l.hushed && !now.Before(l.notTil) && o.purse.ready(now) == 0 {
			return o.purse.pace.Every
		}
	}
	return 0
}

// done moves a lane on after its message has gone out, or never will.
func (o *outbox) done(to chat.Conversation) {
	o.inFlight--
	l := o.lanes.of(to)
	o.lanes.set(to, lane{rows: l.rows[max(1, l.taken):]})
}

// drop takes away what waits to go out to somebody. What is in flight lands as it does.
func (o *outbox) drop(to chat.Conversation) {
	l := o.lanes.of(to)
	if l.busy {
		l.rows = slices.Clip(l.rows[:max(1, l.taken)])
	} else {
		l = lane{}
	}
	o.lanes.set(to, l)
}

// doubtPause is how long a receipt may take to clear a doubt before the message is sent
// once more.
const doubtPause = 90 * time.Second

// retry keeps a lane at its message, and returns the pause before another try at it.
func (o *outbox) retry(to chat.Conversation, inDoubt bool, pause time.Duration, now time.Time) time.Duration {
	o.inFlight--
	l := o.lanes.of(to)
	l.busy = false
	if inDoubt {
		l.rows = slices.Clone(l.rows)
		for i := range l.rows[:max(1, l.taken)] {
			l.rows[i].State = storage.Unknown
		}
		pause = max(pause, doubtPause)
	}
	if pause == 0 {
		pause = l.delay.next()
	}
	l.notTil = now.Add(pause)
	o.lanes.set(to, l)
	return pause
}

// resolve turns "edit the card about this" into an edit of the message that shows it,
// or into what stands in for it where it can't be edited any more.
func resolve(tx *storage.Tx, row storage.OutboxRow, now time.Time) (storage.OutboxRow, error) {
	switch {
	case row.Out.Act == chat.Send:
		return marked(row), nil
	case row.Out.Act != chat.Edit || row.Out.Target != nil:
		return row, nil
	}
	card, found, err := tx.LastCard(row.Topic, row.Out.To)
	switch {
	case err != nil:
		return row, err
	case !found:
		row.Out.Act = chat.Send // the card never went out: this is news to them
		return marked(row), nil
	}
	row.Out.Target = &chat.Ref{Sent: card.Original}
	if now.Sub(card.Original.Time()) > editWithin || card.Edits >= maxEdits {
		row.Out.Act, row.Out.Text, row.Out.Mentions = chat.React, "", nil
	}
	return row, nil
}

// marked says of a new message that it may have arrived before, if so. An edit or a
// reaction that is made twice is seen once.
func marked(row storage.OutboxRow) storage.OutboxRow {
	if row.State == storage.Unknown {
		row.Out.Text = again + row.Out.Text
		row.Out.Mentions = shift(row.Out.Mentions, len(again)) // again is ASCII: a letter is a UTF-16 unit
	}
	return row
}

func shift(mentions []chat.Mention, by int) []chat.Mention {
	moved := make([]chat.Mention, len(mentions))
	for i, m := range mentions {
		m.Start += by
		moved[i] = m
	}
	return moved
}

// send hands one message to the line and reports back to the engine.
func (e *Engine) send(ctx context.Context, row storage.OutboxRow) {
	defer e.flying.Done()
	ctx, cancel := linger(ctx)
	defer cancel()
	if row.Out.Target != nil && row.Out.Target.Author == "" {
		row.Out.Target.Author = e.world.self
	}
	e.fail(BeforeSend)
	receipt, err := e.line.Send(ctx, row.Out)
	e.fail(AfterSend)
	_ = e.push(ctx, &sent{row: row, receipt: receipt, err: err}) // else the row stays in doubt
}

// linger returns a context that ends a moment after ctx.
func linger(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(landing, cancel) })
	return longer, func() { stop(); cancel() }
}

// sent is a message of which it is known, more or less, what became of it.
type sent struct {
	row     storage.OutboxRow
	receipt chat.Receipt
	err     error
}

func (s *sent) apply(e *Engine, tx *storage.Tx, b *batch) error {
	failure := failureOf(s.err)
	inDoubt := s.row.State == storage.Unknown
	switch {
	case failure == nil:
		b.outbox.done(s.row.Out.To)
		if err := tx.NoteMissed(s.receipt.Missed, e.now()); err != nil {
			return err
		}
		return s.each(func(row storage.OutboxRow) error { return tx.MarkSent(row, s.receipt.Sent) })
	case failure.Outcome == chat.Never, failure.Outcome == chat.Unknown && inDoubt: // once more is enough
		b.outbox.done(s.row.Out.To)
		e.log.Warn().Int64("outbox", int64(s.row.ID)).Str("outcome", string(failure.Outcome)).Msg("a message is given up")
		return s.each(func(row storage.OutboxRow) error {
			return errors.Join(tx.Remember(row, failure.Sent), tx.GiveUp(row.ID), e.undelivered(tx, row, b))
		})
	}
	inDoubt = inDoubt || failure.Outcome == chat.Unknown
	pause := b.outbox.retry(s.row.Out.To, inDoubt, failure.After, e.now())
	b.after = append(b.after, func() { e.wake(pause) })
	e.log.Warn().Int64("outbox", int64(s.row.ID)).Str("outcome", string(failure.Outcome)).Dur("pause", pause).Msg("a message will be tried again")
	if inDoubt {
		return s.each(func(row storage.OutboxRow) error {
			return errors.Join(tx.Remember(row, failure.Sent), tx.Doubt(row.ID))
		})
	}
	return s.each(func(row storage.OutboxRow) error { return tx.Release(row.ID) })
}

// each does something to every row that travelled in the message.
func (s *sent) each(do func(storage.OutboxRow) error) error {
	err := do(s.row)
	for _, row := range s.row.With {
		err = errors.Join(err, do(row))
	}
	return err
}

// failureOf reads a line's answer: nil is success. Of an error of another kind nobody
// can know whether the message is out.
func failureOf(err error) *chat.SendError {
	var s *chat.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &s):
		return s
	}
	return &chat.SendError{Outcome: chat.Unknown, Cause: err}
}

// wake makes the engine look at its lanes again after a while.
func (e *Engine) wake(after time.Duration) {
	time.AfterFunc(after, func() {
		select {
		case e.jobs <- nothing{}:
		default: // it is busy and will look anyway
		}
	})
}

// nothing is a job that does nothing: the look at the lanes after it is what counts.
type nothing struct{}

func (nothing) apply(*Engine, *storage.Tx, *batch) error { return nil }

// backoff is a growing pause between tries.
type backoff struct {
	begun bool
	last  time.Duration
}

// The shortest and the longest pause between tries.
const (
	minPause = time.Second
	maxPause = time.Minute
)

func (b *backoff) next() time.Duration {
	b.begun = true
	b.last = min(max(2*b.last, minPause), maxPause)
	return b.last
}

// wait pauses, or returns early with the context's error.
func (b *backoff) wait(ctx context.Context) error {
	timer := time.NewTimer(b.next())
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
