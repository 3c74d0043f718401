package bot

import (
	"context"
	"slices"
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

// Delivery is one thing that a line hands over. Exactly one of the fields is set.
type Delivery struct {
	Message   *chat.Message
	Arrival   *Arrival
	Undecoded []byte // a line that could not be understood, without phone numbers
}

// Arrival says that messages of the bot are on one of a person's devices.
type Arrival struct {
	By   chat.PersonID
	Sent []chat.Timestamp
}

// Take hands things over in their order and returns once all of them are durable, with
// everything they brought about. A change of a group's members is remembered in the
// transaction that handles it. While the disk fails Take waits.
func (e *Engine) Take(ctx context.Context, all []Delivery) error {
	came := newHanded(len(all))
	jobs := make(together, len(all))
	for i, d := range all {
		switch {
		case d.Message != nil && d.Message.Kind == chat.Roster:
			jobs[i] = &rosterIntake{intake{message: *d.Message, handed: came}}
		case d.Message != nil:
			jobs[i] = &intake{message: *d.Message, handed: came}
		case d.Arrival != nil:
			jobs[i] = &arrival{Arrival: *d.Arrival, handed: came}
		default:
			jobs[i] = &undecoded{line: d.Undecoded, handed: came}
		}
	}
	if err := e.push(ctx, jobs); err != nil {
		return err
	}
	return await(ctx, came.durable)
}

// handed are things that came in together: whoever waits for them is woken once, and not
// for each.
type handed struct {
	left    int // how many are not durable yet; only the engine's goroutine counts
	durable chan struct{}
}

func newHanded(n int) *handed {
	h := &handed{left: n, durable: make(chan struct{})}
	if n == 0 {
		close(h.durable)
	}
	return h
}

func (h *handed) landed() {
	if h.left--; h.left == 0 {
		close(h.durable)
	}
}

// await returns once something is done.
func await(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rosterIntake is a message that says who has joined a group and who has left it.
type rosterIntake struct{ intake }

func (r *rosterIntake) apply(e *Engine, tx *storage.Tx, b *batch) error {
	if err := r.intake.apply(e, tx, b); err != nil {
		return err
	}
	return tx.NoteRoster(r.message.In.Group, r.message.Joined, r.message.Left)
}

// undecoded is a line that is kept to be looked at.
type undecoded struct {
	line   []byte
	handed *handed
}

func (u *undecoded) apply(e *Engine, tx *storage.Tx, b *batch) error {
	b.after = append(b.after, u.handed.landed)
	return tx.KeepUndecoded(u.line, e.now())
}

// arrival settles messages that may or may not have gone out.
type arrival struct {
	Arrival
	handed *handed
}

func (a *arrival) apply(_ *Engine, tx *storage.Tx, b *batch) error {
	b.after = append(b.after, a.handed.landed)
	for _, stamp := range a.Sent {
		if err := b.outbox.arrived(tx, a.By, stamp); err != nil {
			return err
		}
	}
	return nil
}

// arrived takes a message out of doubt whose identity the line had told when it could not
// tell what became of it. A receipt for an identity that nobody knows proves nothing:
// another message of the same hour may have had it, and one that is wrongly taken for sent
// is lost, while one that is wrongly sent again says so.
func (o *outbox) arrived(tx *storage.Tx, by chat.PersonID, stamp chat.Timestamp) error {
	if known, err := tx.KnownSent(stamp); err != nil || known {
		return err
	}
	for to, l := range o.lanes.all() {
		if l.busy || l.rows[0].State != storage.Unknown || to.Direct() && to.Person != by {
			continue
		}
		topic, found, err := tx.About(to, stamp)
		if err != nil {
			return err
		}
		going := l.rows[:max(1, l.taken)]
		if !found || !slices.ContainsFunc(going, func(r storage.OutboxRow) bool { return r.Topic == topic }) {
			continue
		}
		o.inFlight++ // done counts it as landed
		o.done(to)
		for _, row := range going {
			if err := tx.MarkSent(row, stamp); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}

// Tell queues a message that no member has caused: a word to the operator or the council.
func (e *Engine) Tell(ctx context.Context, to chat.Conversation, text string) error {
	t := &tell{to: to, text: text, done: make(chan struct{}, 1)}
	if err := e.push(ctx, t); err != nil {
		return err
	}
	return await(ctx, t.done)
}

type tell struct {
	to   chat.Conversation
	text string
	done chan struct{}
}

func (t *tell) apply(e *Engine, tx *storage.Tx, b *batch) error {
	row, err := tx.QueueUnasked(chat.Outgoing{Act: chat.Send, To: t.to, Text: t.text}, storage.Topic{}, e.now())
	if err != nil {
		return err
	}
	b.outbox.add(row)
	b.after = append(b.after, func() { t.done <- struct{}{} })
	return nil
}

// TryNow ends the pauses between tries, after what made them necessary is over.
func (e *Engine) TryNow(ctx context.Context) error {
	return e.push(ctx, tryNow{})
}

type tryNow struct{}

func (tryNow) apply(_ *Engine, _ *storage.Tx, b *batch) error {
	for to, l := range b.outbox.lanes.all() {
		l.notTil = time.Time{}
		b.outbox.lanes.set(to, l)
	}
	return nil
}

// Alive returns once the engine has got round to it: an error means that it does not work.
// Posting is false while the books do not add up and nothing is posted.
func (e *Engine) Alive(ctx context.Context) (posting bool, err error) {
	done := make(chan struct{}, 1)
	a := &alive{done: done}
	if err := e.push(ctx, a); err != nil {
		return false, err
	}
	if err := await(ctx, done); err != nil {
		return false, err
	}
	return a.posting, nil
}

type alive struct {
	done    chan<- struct{}
	posting bool
}

func (a *alive) apply(e *Engine, _ *storage.Tx, b *batch) error {
	a.posting = e.closed == ""
	b.after = append(b.after, func() { a.done <- struct{}{} })
	return nil
}
