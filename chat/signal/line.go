package signal

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"communityconnect/chat"
)

// Line is the bot's way to Signal. Make it with [New], let it work with [Line.Run].
type Line struct {
	opts    Options
	handler Handler
	ours    map[chat.GroupID]bool // nil: all groups
	queue   *queue
	meter   *meter
	keeper  *keeper

	mu     sync.Mutex
	client *Client // nil while there is no connection that is set up
	me     account
	paused bool          // told to, or Deliver has failed
	stuck  bool          // a batch that Deliver refused has not been delivered yet
	renew  bool          // the subscription is to be made anew
	ending bool          // Run is about to return
	turn   chan struct{} // closed and replaced when one of the above changes

	notManual sync.Once // to say it once
}

// New makes a line. It does nothing before Run.
func New(opts Options, h Handler) (*Line, error) {
	if opts.Dial == nil {
		dial, err := dialer(opts)
		if err != nil {
			return nil, err
		}
		opts.Dial = dial
	}
	if h == nil {
		return nil, errors.New("signal: a line needs a handler")
	}
	l := &Line{
		opts: opts, handler: h, queue: newQueue(), meter: newMeter(),
		turn: make(chan struct{}),
	}
	if len(opts.Groups) > 0 {
		l.ours = map[chat.GroupID]bool{}
		for _, g := range opts.Groups {
			l.ours[g] = true
		}
	}
	l.keeper = newKeeper(l)
	return l, nil
}

func dialer(opts Options) (func(context.Context) (net.Conn, error), error) {
	network, address := "unix", opts.Socket
	switch {
	case opts.Socket != "" && opts.Address != "":
		return nil, errors.New("signal: both a socket and an address of signal-cli are given; keep one")
	case opts.Address != "":
		network, address = "tcp", opts.Address
	case opts.Socket == "":
		return nil, errors.New("signal: neither a socket nor an address of signal-cli is given")
	}
	return func(ctx context.Context) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		return new(net.Dialer).DialContext(ctx, network, address)
	}, nil
}

// Run connects, receives and follows the groups until ctx ends, and reconnects by itself
// as often as it takes. Then it stops in order: it unsubscribes so that Signal keeps what
// comes later, reads and delivers everything that the daemon had already taken, and
// closes. It returns an error only if something was left that could not be delivered.
// A line runs once.
func (l *Line) Run(ctx context.Context) error {
	delivering, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	var workers sync.WaitGroup
	var lost int
	workers.Go(func() {
		defer giveUp()
		lost = l.deliverAll(delivering)
	})
	workers.Go(func() { l.keeper.run(ctx) })
	workers.Go(func() {
		<-ctx.Done()
		l.change(func() { l.ending = true })
		overdue := time.AfterFunc(handOverTimeout, giveUp)
		<-delivering.Done()
		overdue.Stop()
	})

	l.stayConnected(ctx)
	l.queue.close()
	workers.Wait()
	if lost > 0 {
		l.opts.Log.Error().Int("lost", lost).Msg("signal: stopped with undelivered lines")
		return fmt.Errorf("%d lines from Signal could not be kept: the store refused them to the end", lost)
	}
	return nil
}

// stayConnected makes one connection after the other.
func (l *Line) stayConnected(ctx context.Context) {
	wait := backoffFirst
	for ctx.Err() == nil {
		start := time.Now()
		err := l.connection(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(start) >= steadyAfter {
			wait = backoffFirst
		}
		pause := time.Duration(float64(wait) * (0.5 + rand.Float64()))
		wait = min(wait*2, backoffLast)
		e := l.opts.Log.Warn().Str("reason", lossReason(err)).Dur("retry_in", pause.Round(time.Millisecond))
		if errors.Is(err, errUnreachable) {
			e = e.Err(err) // names the socket and what is wrong with it
		}
		e.Msg("signal: offline")
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// connection lives through one connection, from dialling to its end.
func (l *Line) connection(ctx context.Context) error {
	conn, err := l.opts.Dial(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreachable, err)
	}
	c := newClient(conn, l.received, l.queue.waiting)
	defer func() {
		l.setClient(nil)
		c.Close()
	}()
	start := time.Now()
	if err := c.introduce(ctx, l.opts.Account); err != nil {
		return err
	}
	l.setClient(c)
	l.opts.Log.Info().Str("version", c.version).Dur("took", time.Since(start)).Msg("signal: connected")
	if TooOld(c.version) {
		l.trouble(Trouble{Kind: Outdated, Detail: c.version})
	}
	l.keeper.review()

	beating, stop := context.WithCancel(context.WithoutCancel(ctx))
	var heart sync.WaitGroup
	heart.Go(func() { c.beat(beating, l.queue.holding) })
	defer heart.Wait()
	defer stop()
	return l.converse(ctx, c)
}

// converse keeps the subscription as it should be until the connection or ctx ends.
func (l *Line) converse(ctx context.Context, c *Client) error {
	sub := subscription{c: c}
	uncut := context.WithoutCancel(ctx) // a subscription is never left half made
	for {
		paused, renew, turn := l.wanted()
		state := Online
		var err error
		if paused || renew {
			err = sub.stop(uncut)
		}
		if paused {
			state = Paused
		} else if err == nil {
			err = sub.start(uncut)
		}
		if err != nil {
			c.fail(err, readOnFor) // what is under way still comes
			<-c.done
			return err
		}
		l.setState(state)
		select {
		case <-c.broken:
			<-c.done
			return c.cause()
		case <-turn:
		case <-ctx.Done():
			l.leave(uncut, c, &sub)
			return ctx.Err()
		}
	}
}

// leave ends a connection in order. An envelope that the daemon is just decrypting when it
// is told to unsubscribe is lost, so it waits for a quiet moment, but not for long.
func (l *Line) leave(ctx context.Context, c *Client, sub *subscription) {
	for end := time.Now().Add(quietAtMost); time.Now().Before(end); {
		quiet := time.Since(l.meter.snapshot().LastEnvelope)
		if quiet >= quietFor {
			break
		}
		select {
		case <-c.broken:
			return
		case <-time.After(min(quietFor-quiet, time.Until(end))):
		}
	}
	if err := sub.stop(ctx); err != nil {
		l.opts.Log.Warn().Str("reason", lossReason(err)).Msg("signal: stopped without unsubscribing")
	}
	c.settle(ctx)
}

// received takes a line from the connection.
func (l *Line) received(line []byte, cut bool) {
	now := time.Now()
	l.meter.do(func(m *Metrics) {
		m.Received++
		m.LastEnvelope = now
	})
	l.queue.put(item{line: line, cut: cut})
}

// change changes the line's state and wakes whoever waits for that.
func (l *Line) change(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
	close(l.turn)
	l.turn = make(chan struct{})
}

// wanted says whether the line is to be subscribed, whether it is to be so anew, and what
// is closed when that changes.
func (l *Line) wanted() (paused, renew bool, turn <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	renew, l.renew = l.renew, false
	return l.paused || l.stuck, renew, l.turn
}

func (l *Line) setClient(c *Client) {
	if c == nil {
		l.change(func() { l.client = nil })
		l.setState(Offline)
		return
	}
	l.change(func() {
		l.client, l.me = c, c.me
	})
	l.meter.do(func(m *Metrics) {
		m.Connections++
		m.Version = c.version
	})
}

func (l *Line) setState(s State) {
	changed := false
	l.meter.do(func(m *Metrics) {
		changed = m.State != s
		m.State = s
	})
	if changed && l.opts.Changed != nil {
		l.opts.Changed(s)
	}
}

// current returns the connection, or an error while there is none.
func (l *Line) current() (*Client, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.client == nil || l.ending {
		return nil, ErrOffline
	}
	return l.client, nil
}

// trouble logs a trouble and passes it on.
func (l *Line) trouble(t Trouble) {
	e := l.opts.Log.Warn().Str("trouble", string(t.Kind))
	if t.Kind == Undecryptable || t.Kind == Outdated {
		e = e.Str("detail", t.Detail)
	}
	e.Msg("signal: trouble")
	if l.opts.Trouble != nil {
		l.opts.Trouble(t)
	}
}

// Self is the bot's own account, "" before the first connection.
func (l *Line) Self() chat.PersonID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.me.aci
}

// Absent reports whether the bot was found not to be in a group that it is for. It is not
// known before the line has asked.
func (l *Line) Absent(g chat.GroupID) (absent, known bool) {
	l.keeper.mu.Lock()
	defer l.keeper.mu.Unlock()
	absent, known = l.keeper.absent[g]
	return absent, known
}

// Metrics returns the line's counters as they are now.
func (l *Line) Metrics() Metrics {
	m := l.meter.snapshot()
	m.Waiting = l.queue.len()
	return m
}

// Pause unsubscribes, so that Signal keeps what comes in, and hands nothing over until
// Resume. What was read already is kept in memory. Sends still go out.
func (l *Line) Pause() {
	l.change(func() { l.paused = true })
}

// Resume hands over what was kept and subscribes again.
func (l *Line) Resume() {
	l.change(func() { l.paused = false })
}
