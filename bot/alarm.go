package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// lettersCount is how long a message that went wrong is an alarm.
const lettersCount = 24 * time.Hour

// Observe holds what was found outside the engine (the line, the disk, the backups)
// against the alarms, and returns once the council's copy of it is durable.
func (e *Engine) Observe(ctx context.Context, found community.Signs) error {
	return e.wait(ctx, func(done chan<- struct{}) job { return observed{found, done} })
}

// wait has a job done, and waits for it to be durable.
func (e *Engine) wait(ctx context.Context, of func(done chan<- struct{}) job) error {
	done := make(chan struct{}, 1)
	if err := e.push(ctx, of(done)); err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

type observed struct {
	found community.Signs
	done  chan<- struct{}
}

func (o observed) apply(e *Engine, tx *storage.Tx, b *batch) error {
	b.after = append(b.after, func() { o.done <- struct{}{} })
	return e.watch(tx, b, o.found)
}

// watch raises and clears alarms, and lets the council know.
func (e *Engine) watch(tx *storage.Tx, b *batch, found community.Signs) error {
	c, err := e.call(tx, chat.Message{}, e.now())
	if err != nil {
		return err
	}
	standing, err := tx.StandingAlarms()
	if err != nil {
		return err
	}
	raised, cleared := community.Watch(standing, found, c.now)
	for _, a := range raised {
		if err := tx.RaiseAlarm(a); err != nil {
			return err
		}
		e.log.Warn().Str("alarm", string(a.Kind)).Msg("an alarm is raised")
		if !a.Told.IsZero() {
			c.tellAlarm(alarmWords[a.Kind].raised, a)
		}
	}
	for _, a := range cleared {
		if err := tx.ClearAlarm(a.Kind, c.now); err != nil {
			return err
		}
		e.log.Info().Str("alarm", string(a.Kind)).Msg("an alarm is over")
		c.tellAlarm(alarmWords[a.Kind].over, a)
	}
	return e.queue(tx, c, b)
}

func (c *Call) tellAlarm(phrase string, a community.Alarm) {
	c.tellCouncil(phrase, "detail", a.Detail, "since", c.moment(a.Since))
}

// ownSigns are what the engine itself can see: its books, its clock, its mail.
func (e *Engine) ownSigns(tx *storage.Tx, now time.Time) (community.Signs, error) {
	found := community.Signs{community.AuditFailed: {Wrong: e.closed != "", Detail: e.closed}}
	failed, dead, err := tx.LettersGivenUp(now.Add(-lettersCount))
	if err != nil {
		return nil, err
	}
	found[community.DeadLetters] = community.Sign{Wrong: failed+dead > 0, Detail: letters(failed, dead)}
	if e.uptime == nil {
		return found, nil
	}
	standing, err := tx.StandingAlarms()
	if err != nil {
		return nil, err
	}
	var jumped time.Time
	for _, a := range standing {
		if a.Kind == community.ClockJumped {
			jumped = a.Since
		}
	}
	jump := e.clock.jump(now, e.uptime())
	sign := community.ClockSign(jump, jumped, now)
	sign.Detail = ledger.Minutes(jump.Abs() / time.Minute).String()
	found[community.ClockJumped] = sign
	return found, nil
}

// letters says how many messages went wrong.
func letters(failed, dead int) string {
	var parts []string
	if failed > 0 {
		parts = append(parts, counted(int64(failed), "of mine could not be delivered", "of mine could not be delivered"))
	}
	if dead > 0 {
		parts = append(parts, counted(int64(dead), "to me made me stumble", "to me made me stumble"))
	}
	return strings.Join(parts, ", ")
}

// watchedClock is a clock beside one that nobody can set.
type watchedClock struct {
	now time.Time     // by the clock; zero before it was first looked at
	up  time.Duration // by the other
}

// jump is how much further the clock has moved than time has passed.
func (w *watchedClock) jump(now time.Time, up time.Duration) (by time.Duration) {
	if !w.now.IsZero() {
		by = now.Round(0).Sub(w.now) - (up - w.up)
	}
	w.now, w.up = now.Round(0), up
	return by
}

// Inspect looks at every page of the file and recomputes the books, beside whoever reads
// and writes them. If they do not hold, nothing is posted from then on and the council
// hears why; once they do again, posting goes on. A fault is no error: the report has it.
func (e *Engine) Inspect(ctx context.Context) (ledger.Report, error) {
	report, err := e.db.Inspect()
	if err != nil && !errors.Is(err, storage.ErrUnsound) {
		return report, err
	}
	why := ""
	switch {
	case !report.OK():
		why = faults(report)
	case err != nil:
		why = "the file is damaged"
	}
	return report, errors.Join(err, e.wait(ctx, func(done chan<- struct{}) job { return inspected{why, done} }))
}

// faults says what an audit has found.
func faults(r ledger.Report) string {
	return counted(int64(len(r.Faults)), "fault", "faults") + ", the first: " + r.Faults[0].String()
}

// inspected closes or opens the books.
type inspected struct {
	why  string // they do not hold; "" if they do
	done chan<- struct{}
}

func (i inspected) apply(e *Engine, tx *storage.Tx, b *batch) error {
	b.after = append(b.after, func() {
		e.closed = i.why
		i.done <- struct{}{}
	})
	return e.watch(tx, b, community.Signs{community.AuditFailed: {Wrong: i.why != "", Detail: i.why}})
}
