package bot

import (
	"slices"

	"communityconnect/chat"
	"communityconnect/storage"
)

// early reports whether a message answers one of the bot's that is still in flight: a
// quick tap can overtake the line's word on how to know that message again. It has to
// wait for it to land, or nobody would know what was tapped.
func (e *Engine) early(tx *storage.Tx, m chat.Message, b *batch) (bool, error) {
	ref := m.ReplyTo
	if m.Reaction != nil {
		ref = &m.Reaction.Target
	}
	if ref == nil || ref.Author != e.world.self || !b.outbox.lanes.of(m.In).busy {
		return false, nil
	}
	_, found, err := tx.About(m.In, ref.Sent)
	return !found, err
}

// inOrder puts the jobs of a batch behind those that have waited for one to land, and
// what has landed before all.
func (e *Engine) inOrder(jobs []job) []job {
	jobs = append(e.held, jobs...)
	e.held = nil
	rank := func(j job) int {
		if _, ok := j.(*sent); ok {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(jobs, func(a, b job) int { return rank(a) - rank(b) })
	return jobs
}
