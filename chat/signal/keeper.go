package signal

import (
	"context"
	"errors"
	"sync"
	"time"

	"communityconnect/chat"
)

// retryAfter is how long the keeper waits after a failure.
const retryAfter = 30 * time.Second

// keeper follows what Signal does not announce in messages: who is in a group, and whose
// safety number has changed. It is one goroutine that makes calls and inserts what it
// finds into the line's queue.
type keeper struct {
	line *Line
	wake chan struct{}

	mu       sync.Mutex
	groups   map[chat.GroupID]due // to be asked for their members
	suspects map[chat.PersonID]suspicion
	reviewed due
	absent   map[chat.GroupID]bool // groups the bot is not in, or not yet
	trusted  time.Time             // when a key was last trusted, until that is settled

	// What was delivered last. Only the keeper's goroutine looks at these.
	rosters  map[chat.GroupID]map[chat.PersonID]bool
	unnamed  map[chat.GroupID]int // how often somebody's name was missing since
	keys     map[chat.PersonID]string
	reported map[chat.PersonID]string // the key of the last NewDevice message
	stamp    chat.Timestamp
}

// due is when something is to be done: when nothing new has come for a while, but at the
// latest some time after the first.
type due struct {
	at, latest time.Time
}

// suspicion is that a person's safety number has changed.
type suspicion struct {
	due
	looked int // so often in vain
}

func newKeeper(l *Line) *keeper {
	return &keeper{
		line: l, wake: make(chan struct{}, 1),
		groups: map[chat.GroupID]due{}, suspects: map[chat.PersonID]suspicion{},
		rosters: map[chat.GroupID]map[chat.PersonID]bool{}, absent: map[chat.GroupID]bool{}, unnamed: map[chat.GroupID]int{},
		keys: map[chat.PersonID]string{}, reported: map[chat.PersonID]string{},
	}
}

// groupChanged notes that a group is not what it was.
func (k *keeper) groupChanged(g chat.GroupID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := time.Now()
	d := k.groups[g]
	if d.latest.IsZero() {
		d.latest = now.Add(debounceAtMost)
	}
	if d.at = now.Add(debounce); d.at.After(d.latest) {
		d.at = d.latest
	}
	k.groups[g] = d
	k.nudge()
}

// heardFrom notes that something came from a group, which the bot is in, then.
func (k *keeper) heardFrom(g chat.GroupID) {
	k.mu.Lock()
	absent := k.absent[g]
	k.mu.Unlock()
	if absent {
		k.groupChanged(g)
	}
}

// suspect notes that a person's safety number may have changed; everybody's, if it is not
// known whose.
func (k *keeper) suspect(p chat.PersonID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if p == "" {
		k.reviewed.at = time.Now().Add(debounce)
	} else {
		k.suspects[p] = suspicion{due: due{at: time.Now()}}
	}
	k.nudge()
}

// review notes that everything is to be looked at, since things may have changed while
// there was no connection.
func (k *keeper) review() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.reviewed.at = time.Now()
	for g := range k.line.ours {
		k.groups[g] = due{at: k.reviewed.at, latest: k.reviewed.at}
	}
	k.nudge()
}

func (k *keeper) nudge() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// run works until ctx ends.
func (k *keeper) run(ctx context.Context) {
	for ctx.Err() == nil {
		job, wait := k.next(time.Now())
		if job != nil {
			job(ctx)
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-k.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// next returns what is to be done now, or how long there is nothing to do. Safety numbers
// come first: messages wait for them.
func (k *keeper) next(now time.Time) (job func(context.Context), wait time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	wait = reviewEvery
	ready := func(d due) bool {
		left := d.at.Sub(now)
		wait = min(wait, max(left, 0))
		return left <= 0
	}
	for p, s := range k.suspects {
		if ready(s.due) {
			delete(k.suspects, p)
			return k.retried(func(ctx context.Context) error { return k.look(ctx, p, s.looked) },
				func(again time.Time) { k.suspects[p] = suspicion{due{at: again}, s.looked} }), 0
		}
	}
	if at := k.trusted; !at.IsZero() && ready(due{at: at.Add(releaseAfter)}) {
		k.trusted = time.Time{}
		return func(context.Context) { k.release(at) }, 0
	}
	if !k.reviewed.at.IsZero() && ready(k.reviewed) {
		k.reviewed.at = now.Add(reviewEvery)
		for g := range k.line.ours {
			if _, waiting := k.groups[g]; !waiting {
				k.groups[g] = due{at: now, latest: now}
			}
		}
		return k.retried(func(ctx context.Context) error {
			_, err := k.checkKeys(ctx, "")
			return err
		},
			func(again time.Time) { k.reviewed.at = again }), 0
	}
	for g, d := range k.groups {
		if ready(d) {
			delete(k.groups, g)
			return k.retried(func(ctx context.Context) error { return k.checkRoster(ctx, g) },
				func(again time.Time) {
					if _, waiting := k.groups[g]; !waiting {
						k.groups[g] = due{at: again, latest: again}
					}
				}), 0
		}
	}
	return nil, wait
}

// retried makes a job that is noted again if it fails.
func (k *keeper) retried(job func(context.Context) error, note func(time.Time)) func(context.Context) {
	return func(ctx context.Context) {
		err := job(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		if !errors.Is(err, ErrOffline) {
			k.line.opts.Log.Warn().Str("reason", lossReason(err)).Dur("retry_in", retryAfter).Msg("signal: review failed")
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		note(time.Now().Add(retryAfter))
	}
}

// nextStamp returns a time for a message of the line's own making: now, and later than
// all before.
func (k *keeper) nextStamp() chat.Timestamp {
	k.stamp = max(k.stamp+1, chat.TimestampOf(time.Now()))
	return k.stamp
}
