package main

import (
	"context"
	"errors"
	"time"

	"communityconnect/bot/schedule"
	"communityconnect/storage"
)

// nightSpec is when the books are audited and copied: at an hour that no change of the
// clocks leaves out or repeats.
const nightSpec = "30 4 * * *"

// calendar does what is due by the calendar until ctx ends, and first what was missed.
func (w *wire) calendar(ctx context.Context) {
	zone, err := w.zone()
	if err != nil {
		w.fail(err)
		return
	}
	c, err := schedule.New(zone, append(schedule.Jobs(w.engine.Do),
		schedule.Job{Name: "night", Spec: nightSpec, Run: w.night}, schedule.Job{Name: "drill", Spec: drillSpec, Run: w.drill}))
	if err != nil {
		w.fail(err)
		return
	}
	c.Run(ctx, w.now, w.log)
}

func (w *wire) zone() (zone *time.Location, err error) {
	err = w.db.View(func(tx *storage.Tx) error {
		c, _, err := tx.Community()
		if err == nil {
			zone, err = time.LoadLocation(c.Timezone)
		}
		return err
	})
	return zone, err
}

// night audits the books and makes the copy of the day.
func (w *wire) night(ctx context.Context, due time.Time) (over bool, err error) {
	err = errors.Join(
		w.engine.Once(ctx, "audit", due, func(ctx context.Context) error {
			release, err := w.turnAtNight(ctx)
			if err != nil {
				return err
			}
			defer release()
			_, err = w.engine.Audit(ctx)
			return err
		}),
		w.engine.Once(ctx, "backup", due, w.backUp),
	)
	return err == nil, err
}
