package bot

import (
	"context"
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
	o := observed{found, make(chan struct{}, 1)}
	if err := e.push(ctx, o); err != nil {
		return err
	}
	return await(ctx, o.done)
}

type observed struct {
	found community.Signs
	done  chan struct{}
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
