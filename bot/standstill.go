package bot

import (
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

// How long the bot has to have been out of touch for what ran out meanwhile to be given its
// time back, how long at most anybody believes it to have been, and how often it is noted
// that it is in touch.
const (
	standstillFrom = 12 * time.Hour
	standstillMost = 366 * 24 * time.Hour
	inTouchEvery   = 6 * time.Hour
)

// inTouch is the name under which it is noted, like a job of the calendar, when the bot and
// its line last worked.
const inTouch = "in touch"

// standstill lets what waits for people wait on for as long as nobody could answer: the bot
// was off, or signal-cli gone. Answers that were given meanwhile come in only now.
func (e *Engine) standstill(tx *storage.Tx, b *batch, now time.Time) error {
	online := e.world.online()
	b.after = append(b.after, func() { e.absent = !online })
	if !online {
		return nil
	}
	c, err := e.call(tx, chat.Message{}, now)
	if err != nil {
		return err
	}
	return e.guarded(tx, c, b, inTouch, func(c *Call) error { return c.backInTouch(e.absent) })
}

func (c *Call) backInTouch(absent bool) error {
	_, last, err := c.tx.JobDone(inTouch)
	if err != nil {
		return err
	}
	gone := c.now.Sub(last)
	if absent && !last.IsZero() && standstillFrom <= gone && gone <= standstillMost {
		if err := c.tx.StoodStill(gone); err != nil {
			return err
		}
	}
	if gone.Abs() < inTouchEvery {
		return nil
	}
	return c.tx.NoteJob(inTouch, c.now, c.now)
}

// inTouchOnly keeps a deadline from being looked at while nobody can answer.
func inTouchOnly(look func(*Call) error) func(*Call) error {
	return func(c *Call) error {
		if !c.world.online() {
			return nil
		}
		return look(c)
	}
}
