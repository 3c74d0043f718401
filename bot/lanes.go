package bot

import (
	"iter"
	"maps"
	"slices"
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
	hushed bool // nothing in it may be said before the end of the quiet hours
}

// hush puts what may be said in the quiet hours before what nobody has asked for, and
// returns how much that is. An edit stays behind the message that it is of.
func (l lane) hush() (hushed lane, may int) {
	var first, later []storage.OutboxRow
	behind := map[storage.Topic]bool{}
	for _, row := range l.rows {
		if row.Unasked || row.Out.Act == chat.Edit && behind[row.Topic] {
			behind[row.Topic] = true
			later = append(later, row)
		} else {
			first = append(first, row)
		}
	}
	l.rows, l.hushed = append(first, later...), len(first) == 0
	return l, len(first)
}

// unasked reports whether there is anything in it that nobody has asked for.
func (l lane) unasked() bool {
	return slices.ContainsFunc(l.rows, func(row storage.OutboxRow) bool { return row.Unasked })
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
