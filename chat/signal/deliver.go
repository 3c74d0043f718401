package signal

import (
	"bytes"
	"context"
)

// batchAtMost is how many deliveries the handler gets at once.
const batchAtMost = 256

// untrusted is the exception of a message that the daemon holds back because the sender's
// safety number has changed.
const untrusted = "UntrustedIdentityException"

// deliverAll hands over everything that comes through the queue until it is closed and
// empty, and returns how many deliveries it could not get rid of.
func (l *Line) deliverAll(ctx context.Context) (lost int) {
	for {
		items := l.queue.take()
		if items == nil {
			return lost
		}
		for len(items) > 0 {
			n := min(len(items), batchAtMost)
			lost += l.deliver(ctx, items[:n])
			items = items[n:]
		}
	}
}

// deliver hands over a few items as one batch and returns how many are lost. That is none,
// except at the end, when the handler refuses them to the end.
func (l *Line) deliver(ctx context.Context, items []item) (lost int) {
	me := l.whoAmI()
	batch := make([]Delivery, 0, len(items))
	for _, it := range items {
		if it.line == nil {
			batch = append(batch, it.delivery)
		} else if d, ok := l.open(it, me); ok {
			batch = append(batch, d)
		}
	}
	if len(batch) > 0 && !l.commit(ctx, batch) {
		return len(batch)
	}
	for _, it := range items {
		if it.done != nil {
			close(it.done)
		}
	}
	return 0
}

// whoAmI waits for the first connection to find out which account is the bot's.
func (l *Line) whoAmI() account {
	for {
		l.mu.Lock()
		me, ending, turn := l.me, l.ending, l.turn
		l.mu.Unlock()
		if me.aci != "" || ending {
			return me
		}
		<-turn
	}
}

// open decodes a line, counts it, and says whether there is something to hand over.
func (l *Line) open(it item, me account) (Delivery, bool) {
	d, err := decode(it.line, me)
	if err != nil {
		return l.undecoded(it)
	}
	if d.automatic {
		l.notManual.Do(func() { l.trouble(Trouble{Kind: NotManual}) })
	}
	if d.exception != "" {
		l.meter.do(func(m *Metrics) { count(m.Exceptions, d.exception, "other") })
		l.trouble(Trouble{Kind: Undecryptable, Person: d.from, Detail: d.exception})
		if d.exception == untrusted {
			l.keeper.suspect(d.from)
		}
		return Delivery{}, false
	}
	m := d.delivery.Message
	foreign := l.ours != nil && (m != nil && !m.In.Direct() && !l.ours[m.In.Group] || d.changed != "" && !l.ours[d.changed])
	if d.changed != "" && !foreign {
		l.keeper.groupChanged(d.changed)
	} else if m != nil && !m.In.Direct() {
		l.keeper.heardFrom(m.In.Group)
	}
	l.meter.do(func(t *Metrics) {
		t.Automatic = d.automatic
		switch {
		case foreign:
			count(t.Ignored, ignoredForeign, "other")
		case d.ignored != "":
			count(t.Ignored, d.ignored, "other")
		case m != nil:
			count(t.Messages, m.Kind, "other")
		default:
			t.Arrivals++
		}
	})
	return d.delivery, !foreign && d.ignored == ""
}

// undecoded makes a delivery of a line that is not understood. The stump of an answer that
// the end of a connection has cut off is nothing that came in.
func (l *Line) undecoded(it item) (Delivery, bool) {
	if it.cut && !bytes.Contains(it.line, []byte(`"receive"`)) {
		return Delivery{}, false
	}
	l.meter.do(func(m *Metrics) {
		m.Undecoded++
		if it.cut {
			m.Cut++
		}
	})
	l.opts.Log.Warn().Int("bytes", len(it.line)).Bool("cut", it.cut).Msg("signal: line not understood")
	return Delivery{Undecoded: withoutNumbers(it.line)}, true
}

// commit gives the handler a batch until it has made it durable. While it can't, the line
// is paused. It gives up only when the line ends.
func (l *Line) commit(ctx context.Context, batch []Delivery) bool {
	for {
		ending := l.untilResumed()
		err := l.handler.Deliver(ctx, batch)
		l.mu.Lock()
		stuck := l.stuck
		l.mu.Unlock()
		if err == nil {
			l.meter.do(func(m *Metrics) { m.Deliveries++ })
			if stuck {
				l.change(func() { l.stuck = false })
			}
			return true
		}
		l.meter.do(func(m *Metrics) { m.Refused++ })
		if ending {
			return false
		}
		l.change(func() { l.stuck, l.paused = true, true })
		l.opts.Log.Error().Int("batch", len(batch)).Msg("signal: paused, the store refused a batch")
		l.trouble(Trouble{Kind: NotDelivered})
	}
}

// untilResumed waits while the line is paused, and reports whether it is about to end.
func (l *Line) untilResumed() (ending bool) {
	for {
		l.mu.Lock()
		paused, ending, turn := l.paused, l.ending, l.turn
		l.mu.Unlock()
		if !paused || ending {
			return ending
		}
		<-turn
	}
}

// insert hands over something the line itself has found out, after everything that was
// read before, and returns when it is durable or ctx ends.
func (l *Line) insert(ctx context.Context, d Delivery) error {
	done := make(chan struct{})
	l.queue.insert(item{delivery: d, done: done})
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
