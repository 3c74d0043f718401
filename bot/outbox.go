package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

// outbox keeps the order of what goes out: one message in flight in a conversation, the
// next when it is known what became of the one before. The rows themselves are in the
// database; this is what of them is still to do. It belongs to the engine's goroutine.
type outbox struct {
	lanes    map[chat.Conversation]*lane
	waiting  int // rows not finished
	inFlight int
	most     int // in flight at once
	flying   sync.WaitGroup
}

// lane is one conversation's queue.
type lane struct {
	rows   []storage.OutboxRow
	busy   bool
	notTil time.Time // not to be tried before
	delay  backoff
}

func newOutbox(most int) outbox { return outbox{lanes: map[chat.Conversation]*lane{}, most: most} }

// What Signal's clients still accept: an edit within a day of the original, and at most
// ten of one message. A margin of one is kept for an edit of unknown fate.
const (
	editWithin = 24 * time.Hour
	maxEdits   = 9
)

// again marks a message that may be seen twice.
const again = "(Again, in case it didn't reach you.) "

// recover takes up what the run before left behind. What was being sent may have
// arrived: it is sent once more, and says so where that could confuse.
func (o *outbox) recover(tx *storage.Tx, rows []storage.OutboxRow) error {
	for i, row := range rows {
		if row.State == storage.Queued {
			continue
		}
		rows[i].State = storage.Unknown
		if err := tx.Doubt(row.ID); err != nil {
			return err
		}
	}
	o.add(rows)
	return nil
}

func (o *outbox) add(rows []storage.OutboxRow) {
	for _, row := range rows {
		l := o.lanes[row.Out.To]
		if l == nil {
			l = &lane{}
			o.lanes[row.Out.To] = l
		}
		l.rows = append(l.rows, row)
		o.waiting++
	}
}

// idle reports whether everything has gone out.
func (o *outbox) idle() bool { return o.waiting == 0 }

// wait returns when no send is under way any more.
func (o *outbox) wait() { o.flying.Wait() }

// claim picks the next message of every conversation that has none in flight, and
// notes in the same transaction that from now on its fate is open. New are rows of
// this transaction, which are not in the lanes yet.
func (o *outbox) claim(tx *storage.Tx, fresh []storage.OutboxRow, now time.Time) ([]storage.OutboxRow, error) {
	var ready []storage.OutboxRow
	for _, l := range o.lanes {
		if !l.busy && len(l.rows) > 0 && !now.Before(l.notTil) {
			ready = append(ready, l.rows[0])
		}
	}
	begun := map[chat.Conversation]bool{}
	for _, row := range fresh {
		if o.lanes[row.Out.To] == nil && !begun[row.Out.To] {
			begun[row.Out.To] = true
			ready = append(ready, row)
		}
	}
	slices.SortFunc(ready, func(a, b storage.OutboxRow) int { return cmp.Compare(a.ID, b.ID) })
	ready = ready[:min(len(ready), max(0, o.most-o.inFlight))]
	for i, row := range ready {
		resolved, err := resolve(tx, row, now)
		if err == nil {
			err = tx.Claim(row.ID)
		}
		if err != nil {
			return nil, err
		}
		resolved.Attempts++
		ready[i] = resolved
	}
	return ready, nil
}

// resolve turns "edit the card about this" into an edit of the message that shows it,
// or into what stands in for it where it can't be edited any more.
func resolve(tx *storage.Tx, row storage.OutboxRow, now time.Time) (storage.OutboxRow, error) {
	if row.State == storage.Unknown && row.Out.Act == chat.Send {
		row.Out.Text = again + row.Out.Text
		row.Out.Mentions = shift(row.Out.Mentions, len(again)) // again is ASCII: a letter is a UTF-16 unit
	}
	if row.Out.Act != chat.Edit || row.Out.Target != nil {
		return row, nil
	}
	card, found, err := tx.LastCard(row.Topic, row.Out.To)
	switch {
	case err != nil:
		return row, err
	case !found:
		row.Out.Act = chat.Send // the card never went out: this is news to them
		return row, nil
	}
	row.Out.Target = &chat.Ref{Sent: card.Original}
	if now.Sub(card.Original.Time()) > editWithin || card.Edits >= maxEdits {
		row.Out.Act, row.Out.Text, row.Out.Mentions = chat.React, "", nil
	}
	return row, nil
}

func shift(mentions []chat.Mention, by int) []chat.Mention {
	moved := make([]chat.Mention, len(mentions))
	for i, m := range mentions {
		m.Start += by
		moved[i] = m
	}
	return moved
}

func (o *outbox) begin(row storage.OutboxRow) {
	o.lanes[row.Out.To].busy = true
	o.inFlight++
	o.flying.Add(1)
}

// send hands one message to the line and reports back to the engine.
func (e *Engine) send(ctx context.Context, row storage.OutboxRow) {
	defer e.outbox.flying.Done()
	if row.Out.Target != nil && row.Out.Target.Author == "" {
		row.Out.Target.Author = e.world.self
	}
	e.fail(BeforeSend)
	receipt, err := e.line.Send(ctx, row.Out)
	e.fail(AfterSend)
	if ctx.Err() == nil {
		_ = e.push(ctx, &sent{row: row, receipt: receipt, err: err}) // else the row stays in doubt
	}
}

// sent is a message of which it is known, more or less, what became of it.
type sent struct {
	row     storage.OutboxRow
	receipt chat.Receipt
	err     error
}

func (s *sent) apply(e *Engine, tx *storage.Tx, b *batch) error {
	outcome, pause := outcomeOf(s.err)
	if outcome == chat.Unknown && s.row.Attempts > 1 {
		outcome = chat.Never // once more is enough
	}
	done := outcome == "" || outcome == chat.Never
	var err error
	switch outcome {
	case "":
		err = tx.MarkSent(s.row, s.receipt.Sent)
	case chat.Never:
		err = tx.GiveUp(s.row.ID)
	case chat.Unknown:
		err = tx.Doubt(s.row.ID)
	default:
		err = tx.Release(s.row.ID)
	}
	if outcome != "" {
		e.log.Warn().Int64("outbox", int64(s.row.ID)).Str("outcome", string(outcome)).Msg("a message did not plainly go out")
	}
	b.after = append(b.after, func() { e.outbox.report(s.row, outcome, done, pause, e.now(), e.wake) })
	return err
}

// outcomeOf reads a line's answer: "" is success.
func outcomeOf(err error) (outcome chat.Outcome, pause time.Duration) {
	if err == nil {
		return "", 0
	}
	var s *chat.SendError
	if errors.As(err, &s) {
		return s.Outcome, s.After
	}
	return chat.Unknown, 0
}

// report moves a lane on after a send.
func (o *outbox) report(row storage.OutboxRow, outcome chat.Outcome, done bool, pause time.Duration, now time.Time, wake func(time.Duration)) {
	l := o.lanes[row.Out.To]
	l.busy = false
	o.inFlight--
	if done {
		l.rows, l.delay = l.rows[1:], backoff{}
		o.waiting--
		if len(l.rows) == 0 {
			delete(o.lanes, row.Out.To)
		}
		return
	}
	if outcome == chat.Unknown {
		l.rows[0].State = storage.Unknown
		l.rows[0].Attempts = row.Attempts
	}
	if pause == 0 {
		pause = l.delay.next()
	}
	l.notTil = now.Add(pause)
	wake(pause)
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
