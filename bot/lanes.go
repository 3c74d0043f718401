package bot

import (
	"iter"
	"maps"
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

// lane is one conversation's queue, never empty.
type lane struct {
	rows   []storage.OutboxRow
	busy   bool      // the first rows are in flight
	taken  int       // so many of them travel in one message
	notTil time.Time // not to be tried before
	delay  backoff
}

// lanes are the conversations in which something waits. What a transaction changes
// stands beside them until it is durable: while many wait, a copy of them all for every
// commit would cost more than the commit.
type lanes struct {
	durable map[chat.Conversation]lane
	changed map[chat.Conversation]lane // one without rows is gone
}

func newLanes() lanes {
	return lanes{durable: map[chat.Conversation]lane{}, changed: map[chat.Conversation]lane{}}
}

// begin returns the lanes for a transaction to change.
func (l lanes) begin() lanes {
	return lanes{durable: l.durable, changed: map[chat.Conversation]lane{}}
}

// keep makes durable what the transaction has changed.
func (l lanes) keep() {
	maps.Copy(l.durable, l.changed)
	for to, changed := range l.changed {
		if len(changed.rows) == 0 {
			delete(l.durable, to)
		}
	}
	clear(l.changed)
}

func (l lanes) of(to chat.Conversation) lane {
	if changed, ok := l.changed[to]; ok {
		return changed
	}
	return l.durable[to]
}

func (l lanes) set(to chat.Conversation, changed lane) { l.changed[to] = changed }

// all goes through the lanes that have something in them, in no order. They may be
// changed meanwhile.
func (l lanes) all() iter.Seq2[chat.Conversation, lane] {
	return func(yield func(chat.Conversation, lane) bool) {
		for to := range l.durable {
			if now := l.of(to); len(now.rows) > 0 && !yield(to, now) {
				return
			}
		}
		for to, changed := range l.changed {
			if _, seen := l.durable[to]; !seen && len(changed.rows) > 0 && !yield(to, changed) {
				return
			}
		}
	}
}
