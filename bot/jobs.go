package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// Job is something that the bot does by the calendar, in the community's time zone.
type Job struct {
	Name string
	Spec string // minute, hour, day of the month, month, day of the week: as cron has it
	// Waking jobs say something in a group: in quiet hours, and while the line is away, they
	// wait.
	Waking bool
	run    func(*Call, span) error
}

// Jobs returns what the bot does by the calendar. Deadlines are none of it: they are rows
// that are looked at every minute.
func Jobs() []Job {
	return []Job{
		{Name: "retention", Spec: "20 4 * * *", run: func(c *Call, _ span) error { return c.retire() }},
		{Name: "round", Spec: "0 * * * *", run: func(c *Call, _ span) error { return c.round() }},
		{Name: "limits", Spec: "0 9 * * *", run: (*Call).coach},
		{Name: "statements", Spec: "0 10 1 * *", run: (*Call).statements},
		{Name: "digest", Spec: "0 18 * * 0", Waking: true, run: (*Call).digest},
		{Name: "council", Spec: "0 9 * * 1", Waking: true, run: (*Call).councilWeek},
		{Name: "ideas", Spec: "0 10 * * 3", run: (*Call).tellRounds},
	}
}

// Do carries out what a job has to do that was due at a time, in one transaction, unless
// that has been done. Over is false where it has to wait: for its hour, or for the end of
// the quiet hours.
func (e *Engine) Do(ctx context.Context, name string, due time.Time) (over bool, err error) {
	for _, j := range e.world.jobs {
		if j.Name == name {
			d := &calendarJob{job: j, due: due, done: make(chan struct{}, 1)}
			if err := e.push(ctx, d); err != nil {
				return false, err
			}
			err := await(ctx, d.done)
			return d.over && err == nil, err
		}
	}
	return false, fmt.Errorf("there is no job called %s", name)
}

// calendarJob is a job of the calendar whose hour has come.
type calendarJob struct {
	job  Job
	due  time.Time
	over bool
	done chan struct{}
}

func (d *calendarJob) apply(e *Engine, tx *storage.Tx, b *batch) error {
	d.over = false
	b.after = append(b.after, func() { d.done <- struct{}{} })
	c, err := e.call(tx, chat.Message{}, e.now())
	if err != nil {
		return err
	}
	due, err := c.due(d.job.Name, d.due)
	if err != nil {
		return err
	}
	s, err := c.since(d.job.Name, d.due)
	if err != nil || !due {
		d.over = !d.due.After(c.now)
		return err
	}
	if d.job.Waking {
		if later, err := c.later(c.group(), c.council()); later || err != nil {
			return err
		}
	}
	d.over = true
	if err := tx.NoteJob(d.job.Name, d.due, c.now); err != nil {
		return err
	}
	return e.guarded(tx, c, b, d.job.Name, func(c *Call) error { return d.job.run(c, s) })
}

// stuckAfter is how long something waits to go out in a line that works, at most.
const stuckAfter = 15 * time.Minute

// later reports whether nothing should be said unasked in any of these conversations just
// now: it is too late in the day, the line is away, or what was said there before waits for
// it still. What waits here is drawn together, and may become untrue; in the line it piles up.
func (c *Call) later(in ...chat.Conversation) (bool, error) {
	if !c.world.online() || c.people.policy.Quiet(c.now.In(c.world.zone)) {
		return true, nil
	}
	for _, to := range in {
		if waits, err := c.tx.UnaskedWaits(to, c.now.Add(-stuckAfter)); waits || err != nil {
			return waits, err
		}
	}
	return false, nil
}

// longestSpan is how far a job looks back at most, after a long stop.
const longestSpan = 31 * 24 * time.Hour

// since is the time that a job looks back on: from when it was done last, so that nothing
// is told twice.
func (c *Call) since(name string, due time.Time) (span, error) {
	_, ran, err := c.tx.JobDone(name)
	switch {
	case ran.IsZero():
		ran = c.people.community.Created
	case ran.After(c.now): // by a clock that was wrong
		ran = due.AddDate(0, 0, -7)
	}
	if longest := due.Add(-longestSpan); ran.Before(longest) {
		ran = longest
	}
	return span{from: ran, to: due}, err
}

// due reports whether a job has to be done that was due at a time. What a community
// missed before it was founded is not made up.
func (c *Call) due(name string, due time.Time) (bool, error) {
	last, _, err := c.tx.JobDone(name)
	switch {
	case err != nil || due.After(c.now) || due.Before(c.people.community.Created):
		return false, err
	case last.After(c.now.Add(community.ClockError)):
		return true, nil
	}
	return due.After(last), nil
}

// guarded does something that nobody has said, so that a mistake in it leaves nothing half
// done and ends nothing else. What it says keeps the quiet hours.
func (e *Engine) guarded(tx *storage.Tx, c *Call, b *batch, name string, do func(*Call) error) error {
	c.unasked = true
	err := tx.Savepoint(func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = &panicked{value: r, stack: debug.Stack()}
			}
		}()
		return do(c)
	})
	switch {
	case err != nil && storage.Failing(err):
		return err
	case err != nil:
		e.log.Error().Str("job", name).Str("error", faultKind(err)).Msg("a job could not be done")
		e.people = nil // what it noted of people was undone
		return nil
	}
	return e.queue(tx, c, b)
}

// Once does something outside the engine's transactions that was due at a time, unless it
// has been done already. It counts as done once it has succeeded.
func (e *Engine) Once(ctx context.Context, name string, due time.Time, do func(context.Context) error) error {
	asked := &onceJob{name: name, due: due, done: make(chan struct{}, 1)}
	if err := e.push(ctx, asked); err != nil {
		return err
	}
	if err := await(ctx, asked.done); err != nil || !asked.isDue {
		return err
	}
	if err := do(ctx); err != nil {
		return err
	}
	over := &onceJob{name: name, due: due, over: true, done: make(chan struct{}, 1)}
	if err := e.push(ctx, over); err != nil {
		return err
	}
	return await(ctx, over.done)
}

// onceJob asks whether something is due, or notes that it is over.
type onceJob struct {
	name  string
	due   time.Time
	over  bool
	isDue bool
	done  chan struct{}
}

func (o *onceJob) apply(e *Engine, tx *storage.Tx, b *batch) error {
	b.after = append(b.after, func() { o.done <- struct{}{} })
	if o.over {
		return tx.NoteJob(o.name, o.due, e.now())
	}
	c, err := e.call(tx, chat.Message{}, e.now())
	if err != nil {
		return err
	}
	o.isDue, err = c.due(o.name, o.due)
	return err
}
