package bot

import (
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

// Pace is how fast the bot speaks. Signal takes many messages from one account in a
// short time for spam, so the first few of a burst go at once and the others follow one
// by one. The zero Pace holds nothing back.
type Pace struct {
	Burst int           // so many at once
	Every time.Duration // then one in every such time
}

// DefaultPace stays far below what Signal's servers allow one account to another (60 at
// once, then one a second), because what they allow one account to all others is not known.
func DefaultPace() Pace { return Pace{Burst: 8, Every: time.Second} }

// purse holds what may be said at once: a token bucket.
type purse struct {
	pace  Pace
	spent time.Time // when everything taken so far will have been earned back
}

// ready returns how many messages may go now.
func (p purse) ready(now time.Time) int {
	if p.pace.Every <= 0 {
		return maxBatch
	}
	debt := p.spent.Sub(now)
	if debt < 0 {
		debt = 0
	}
	return max(0, p.pace.Burst-int((debt+p.pace.Every-1)/p.pace.Every))
}

// take spends n messages.
func (p *purse) take(n int, now time.Time) {
	if p.spent.Before(now) {
		p.spent = now
	}
	p.spent = p.spent.Add(time.Duration(n) * p.pace.Every)
}

// maxMerged is the longest message that several become, in bytes: below what Signal
// sends as text without an attachment.
const maxMerged = 1800

// travelling returns how many of the rows at the front of a direct conversation can go
// as one message: plain words that wait behind each other, of which at most one can be
// answered, so that a tap on the message has one meaning.
func travelling(rows []storage.OutboxRow) int {
	answerable, length := 0, 0
	for i, row := range rows {
		out := row.Out
		if out.Act != chat.Send || !out.To.Direct() || out.Quote != nil || len(out.Mentions) > 0 || len(out.Files) > 0 || row.State != storage.Queued {
			return max(1, i)
		}
		if row.Topic.Kind != "" {
			answerable++
		}
		length += len(out.Text) + 2
		if i > 0 && (answerable > 1 || length > maxMerged) {
			return i
		}
	}
	return len(rows)
}

// merge makes one message of several that wait for one person.
func merge(rows []storage.OutboxRow) storage.OutboxRow {
	one := rows[0]
	for _, row := range rows[1:] {
		one.Out.Text += "\n\n" + row.Out.Text
		one.With = append(one.With, row)
	}
	return one
}
