package bot

import (
	"context"
	"time"

	"communityconnect/chat"
	"communityconnect/nlp"
	"communityconnect/storage"
)

// work carries jobs out in one transaction and afterwards does what had to wait for
// it. While the disk fails, or the file is damaged, the same jobs are tried again and again:
// a program that ended would take in, and lose, something more with each new start.
func (e *Engine) work(ctx context.Context, jobs []job) error {
	told := false
	for pause := (backoff{}); ; {
		b, claimed, err := e.commit(jobs)
		if err == nil {
			if pause.begun {
				e.line.Resume()
				e.log.Info().Msg("the disk works again")
			}
			e.fail(AfterCommit)
			e.finish(ctx, b, claimed)
			return nil
		}
		e.people = nil
		notice := diskFailing
		switch {
		case storage.Damaged(err):
			notice = fileDamaged
		case !storage.Failing(err):
			return err
		}
		if !pause.begun {
			e.line.Pause()
			e.log.Error().Err(err).Msg("the file can't be written; the line is paused")
		}
		told = told || e.tellPastTheOutbox(ctx, notice)
		if err := pause.wait(ctx); err != nil {
			return nil // stopped while waiting; the line keeps what it has not handed over
		}
	}
}

func (e *Engine) commit(jobs []job) (b *batch, claimed []storage.OutboxRow, err error) {
	b = &batch{outbox: e.outbox.begin()}
	err = e.db.Update(func(tx *storage.Tx) error {
		if err := e.sweep(tx, b); err != nil {
			return err
		}
		for _, j := range jobs {
			if err := j.apply(e, tx, b); err != nil {
				return err
			}
		}
		now := e.now()
		claimed, err = b.outbox.claim(tx, now, func() (bool, error) { return e.quiet(tx, now) })
		e.fail(BeforeCommit)
		return err
	})
	return b, claimed, err
}

// quiet reports whether nobody is written to unasked now.
func (e *Engine) quiet(tx *storage.Tx, now time.Time) (bool, error) {
	c, err := e.call(tx, chat.Message{}, now)
	return err == nil && c.people.policy.Quiet(now.In(e.world.zone)), err
}

// finish does what could not be done before the commit.
func (e *Engine) finish(ctx context.Context, b *batch, claimed []storage.OutboxRow) {
	if b.changed {
		e.people = nil
		e.generation.Add(1)
	}
	for _, f := range b.after {
		f()
	}
	e.outbox = b.outbox
	e.outbox.lanes.keep()
	for _, row := range claimed {
		e.flying.Add(1)
		go e.send(ctx, row)
	}
	for _, w := range b.wonders {
		if !e.guesses.take(w.message.From, e.now()) {
			w.said = nlp.Utterance{}
		}
		e.guesses.under++
		e.flying.Add(1)
		go e.ask(ctx, w)
	}
	if pause := e.outbox.due(e.now()); pause > 0 {
		e.wake(pause)
	}
	if e.outbox.idle() && len(e.jobs) == 0 && e.guesses.under == 0 {
		for _, done := range e.settled {
			close(done)
		}
		e.settled = nil
	}
}

// sweep looks, once a minute, after what has waited too long.
func (e *Engine) sweep(tx *storage.Tx, b *batch) error {
	now := e.now()
	back := e.absent && e.world.online() // before anything that was said meanwhile is heard
	if now.Sub(e.swept) < e.every && now.After(e.swept) && !back {
		return nil
	}
	b.after = append(b.after, func() { e.swept = now })
	found, err := e.ownSigns(tx, now)
	if err != nil {
		return err
	}
	if err := e.watch(tx, b, found); err != nil {
		return err
	}
	if err := e.standstill(tx, b, now); err != nil {
		return err
	}
	for _, look := range deadlines() {
		c, err := e.call(tx, chat.Message{}, now)
		if err != nil {
			return err
		}
		if err := e.guarded(tx, c, b, "deadlines", look); err != nil {
			return err
		}
	}
	return nil
}

// tellPastTheOutbox tells the council that the outbox, like everything else, can't be
// written. It reports false where the notice did not leave and may be tried again.
func (e *Engine) tellPastTheOutbox(ctx context.Context, notice string) bool {
	if e.world.council == "" {
		return true
	}
	_, err := e.line.Send(ctx, chat.Outgoing{Act: chat.Send, To: chat.Conversation{Group: e.world.council}, Text: notice})
	failure := failureOf(err)
	if failure != nil {
		e.log.Error().Str("outcome", string(failure.Outcome)).Msg("the council could not be told that the file can't be written")
	}
	return failure == nil || failure.Outcome != chat.NotSent && failure.Outcome != chat.Later
}

// settle is a job that waits until there is nothing left to do.
type settle struct{ done chan struct{} }

func (s settle) apply(e *Engine, _ *storage.Tx, b *batch) error {
	b.after = append(b.after, func() { e.settled = append(e.settled, s.done) })
	return nil
}
