// Package schedule is a community's calendar: when by its clocks each job of the bot is
// due. Whether a job has been done stands in the community's file, not here: one that was
// missed is made up once, and none is done twice, whatever stops and starts in between.
package schedule

import (
	"context"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"

	"communityconnect/bot"
)

// Job is something to do and when.
type Job struct {
	Name string
	Spec string // minute, hour, day of the month, month, day of the week: as cron has it
	// Run does what was due at a time, unless it has been done already. Over is false where
	// it has to wait.
	Run func(ctx context.Context, due time.Time) (over bool, err error)
}

// Jobs returns what the bot itself does by the calendar, each done by do: the engine's Do.
func Jobs(do func(ctx context.Context, name string, due time.Time) (bool, error)) []Job {
	var all []Job
	for _, j := range bot.Jobs() {
		all = append(all, Job{Name: j.Name, Spec: j.Spec, Run: func(ctx context.Context, due time.Time) (bool, error) {
			return do(ctx, j.Name, due)
		}})
	}
	return all
}

// lookEvery is how often all jobs are looked at beside their own hours: for what had to
// wait, for a machine that was asleep, for a clock that was put forward.
const lookEvery = 10 * time.Minute

// Calendar is the jobs of one community in its time zone.
type Calendar struct {
	zone    *time.Location
	entries []entry
}

type entry struct {
	Job
	hours cron.Schedule
	over  time.Time // what was due then is over; it is read and set by the job alone, which never runs twice at a time
}

// New reads the hours of the jobs. A spec that makes no sense is an error.
func New(zone *time.Location, jobs []Job) (*Calendar, error) {
	c := &Calendar{zone: zone}
	for _, j := range jobs {
		hours, err := cron.ParseStandard(j.Spec)
		if err != nil {
			return nil, fmt.Errorf("when is %s due? %w", j.Name, err)
		}
		c.entries = append(c.entries, entry{Job: j, hours: hours})
	}
	return c, nil
}

// Run does at once what was missed, and then every job when it is due, until ctx ends. A
// job that fails or panics is logged, and no other suffers. It returns when the last one
// that was begun is over.
func (c *Calendar) Run(ctx context.Context, now func() time.Time, log zerolog.Logger) {
	runner := cron.New(cron.WithLocation(c.zone), cron.WithLogger(logger{log}))
	all := make([]cron.Job, len(c.entries))
	for i := range c.entries {
		e := &c.entries[i]
		// What panics is caught first: the other link takes one that panics to run for ever.
		chain := cron.NewChain(cron.SkipIfStillRunning(cron.DiscardLogger), cron.Recover(logger{log}))
		all[i] = chain.Then(cron.FuncJob(func() { c.run(ctx, e, now(), log) }))
		runner.Schedule(e.hours, all[i])
	}
	look := cron.FuncJob(func() {
		for _, j := range all {
			if ctx.Err() == nil {
				j.Run()
			}
		}
	})
	look.Run()
	runner.Schedule(cron.Every(lookEvery), look)
	runner.Start()
	<-ctx.Done()
	<-runner.Stop().Done()
}

func (c *Calendar) run(ctx context.Context, e *entry, now time.Time, log zerolog.Logger) {
	due, ok := c.open(e, now)
	if !ok || ctx.Err() != nil {
		return
	}
	switch over, err := e.Run(ctx, due); {
	case err == nil && over:
		e.over = due
	case err != nil && ctx.Err() == nil:
		log.Error().Err(err).Str("job", e.Name).Msg("a job of the calendar failed")
	}
}

// open returns when a job was due last, if that is not over.
func (c *Calendar) open(e *entry, now time.Time) (due time.Time, ok bool) {
	if !e.over.IsZero() && !now.Before(e.over) && e.hours.Next(e.over).After(now) {
		return due, false
	}
	due, ok = c.latest(e.hours, now)
	return due, ok && !due.Equal(e.over)
}

// latest returns when a job was due last, at now or before. It is false if it was not
// due in the last year.
func (c *Calendar) latest(hours cron.Schedule, now time.Time) (due time.Time, ok bool) {
	now = now.In(c.zone)
	const day = 24 * time.Hour
	for _, back := range []time.Duration{2 * time.Hour, 2 * day, 8 * day, 32 * day, 367 * day} {
		for next := hours.Next(now.Add(-back)); !next.IsZero() && !next.After(now); next = hours.Next(next) {
			due, ok = next, true
		}
		if ok {
			return due, true
		}
	}
	return due, false
}

// Next returns when anything is due after a time, for a clock that is moved by hand; the
// zero time if nothing ever is.
func (c *Calendar) Next(after time.Time) (next time.Time) {
	for _, e := range c.entries {
		if at := e.hours.Next(after.In(c.zone)); next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return next
}

// Catch does all that was due last, for a clock that is moved by hand.
func (c *Calendar) Catch(ctx context.Context, now time.Time) error {
	for i := range c.entries {
		e := &c.entries[i]
		due, ok := c.open(e, now)
		if !ok {
			continue
		}
		over, err := e.Run(ctx, due)
		if err != nil {
			return err
		}
		if over {
			e.over = due
		}
	}
	return nil
}

// logger lets cron write where everything else does. What it tells of each job's hours is
// left out.
type logger struct{ to zerolog.Logger }

func (logger) Info(string, ...any) {}

func (l logger) Error(err error, msg string, _ ...any) {
	l.to.Error().Str("error", fmt.Sprintf("%T", err)).Msg("a job of the calendar: " + msg)
}
