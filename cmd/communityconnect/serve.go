package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/storage"
)

// How long the bot takes for what it need not wait for.
const (
	settleAtMost   = 5 * time.Second  // for the last replies, when it is told to stop
	lookAtMost     = 15 * time.Second // to find out at the start who it is
	aliveAtMost    = 5 * time.Second
	troublesAtMost = 64 // waiting to be dealt with; the log has them all
)

// run opens the file, founds the community if need be, and is the bot until ctx ends.
func (s *service) run(ctx context.Context) (err error) {
	w, closeFile, err := s.start(ctx)
	if w == nil || err != nil {
		return errors.Join(err, closeFile())
	}
	debug.FreeOSMemory() // what reading the language took
	return errors.Join(w.run(ctx), closeFile())
}

// start opens the file, founds the community if need be, and connects it; w is nil if ctx
// ended before there was a community. The file is to be closed in any case.
func (s *service) start(ctx context.Context) (w *wire, closeFile func() error, err error) {
	closeFile = func() error { return nil }
	if s.starting != nil {
		select {
		case s.starting <- struct{}{}:
			defer func() { <-s.starting }()
		case <-ctx.Done():
			return nil, closeFile, nil
		}
	}
	db, err := storage.Open(s.community.Database)
	if err != nil {
		return nil, closeFile, openError(s.community.Database, err)
	}
	closeFile = db.Close
	if err := s.found(ctx, db); err != nil {
		if ctx.Err() != nil {
			return nil, closeFile, nil
		}
		return nil, closeFile, err
	}
	self, err := s.whoAmI(ctx, db)
	if err != nil {
		return nil, closeFile, err
	}
	w, err = s.wire(db, self)
	return w, closeFile, err
}

// whoAmI asks signal-cli for the bot's account. While that does not answer, the one it
// had last is good enough to begin with.
func (s *service) whoAmI(ctx context.Context, db *storage.DB) (self chat.PersonID, err error) {
	if !s.ownLine() {
		self = s.account.line.Self()
	}
	ctx, cancel := context.WithTimeout(ctx, lookAtMost)
	defer cancel()
	if self == "" {
		if c, err := signal.Dial(ctx, s.signal); err == nil {
			self = c.Self()
			c.Close()
		}
	}
	if self != "" {
		return self, db.Update(func(tx *storage.Tx) error { return tx.SetSelf(self) })
	}
	s.log.Warn().Msg("signal-cli does not answer yet")
	return self, db.View(func(tx *storage.Tx) (err error) {
		if self, err = tx.Self(); err == nil && self == "" {
			err = errors.New("signal-cli does not answer, and this file does not say which account is the bot's; start signal-cli first")
		}
		return err
	})
}

// passage is what a community needs of its line.
type passage interface {
	bot.Line
	Metrics() signal.Metrics
	Absent(chat.GroupID) (absent, known bool)
	Self() chat.PersonID
}

// errNotUp is about a community that is not up.
var errNotUp = errors.New("the community is not up")

// wire is what connects a community's engine with its line.
type wire struct {
	*service
	db     *storage.DB
	self   chat.PersonID
	line   passage
	own    *signal.Line // the same, where no other community has it; else nil
	engine *bot.Engine

	working  context.Context // ends with the engine
	troubles chan signal.Trouble
	fatal    chan error

	mu     sync.Mutex
	failed bool      // the disk: the engine has paused the line
	online bool      // signal-cli is there,
	turned time.Time // or not, since then
}

func (s *service) wire(db *storage.DB, self chat.PersonID) (*wire, error) {
	w := &wire{service: s, turned: s.now(), db: db, self: self, troubles: make(chan signal.Trouble, troublesAtMost), fatal: make(chan error, 1)}
	var err error
	if s.ownLine() {
		opts := s.signal
		opts.Trouble, opts.Changed = w.trouble, w.changed
		if w.own, err = signal.New(opts, w); err != nil {
			return nil, err
		}
		w.line = w.own
	} else {
		w.line = branch{s.account, chat.GroupID(s.community.Group)}
	}
	language, guesser, err := s.understanding()
	if err != nil {
		return nil, err
	}
	w.engine, err = bot.New(bot.Options{
		Language: language, Guesser: guesser,
		DB: db, Line: w, Self: self, Group: chat.GroupID(s.community.Group), Council: chat.GroupID(s.community.CouncilGroup), Now: s.now, Log: s.log,
		Pace: s.pace, Sweep: s.sweep, Uptime: uptime(), Portal: portalURL(s.conf.Portal),
		Online: func() bool { return w.line.Metrics().State != signal.Offline },
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.community.Database, err)
	}
	return w, nil
}

// uptime counts from now, by a clock that nobody can set.
func uptime() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// run is the bot's life: everything starts, ctx or a failure ends it, and then it stops in
// order: the line first, so that all it has taken from Signal is kept.
func (w *wire) run(ctx context.Context) error {
	endpoint, err := listen(w.metrics, func() []*wire { return []*wire{w} }, w.log)
	if err != nil {
		return err
	}
	defer endpoint.Close()
	apart := context.WithoutCancel(ctx) // each part is stopped when it is its turn
	working, stopEngine := context.WithCancel(apart)
	listening, stopLine := context.WithCancel(apart)
	ended, engineEnded := context.WithCancel(apart)
	defer stopEngine()
	defer stopLine()
	w.working = ended

	var parts sync.WaitGroup
	defer parts.Wait()
	defer engineEnded()
	engine, line := make(chan error, 1), make(chan error, 1)
	parts.Go(func() { engine <- w.engine.Run(working); engineEnded() })
	if w.own != nil {
		parts.Go(func() { line <- w.own.Run(listening) })
	} else {
		line <- nil
		w.account.joined(w)
		defer w.account.left(w)
	}
	parts.Go(func() { w.alarms(ended) })
	if w.host == nil {
		parts.Go(func() { watchdog(ended, w.alive, w.log) })
	} else {
		w.host.joined(w)
		defer w.host.left(w)
	}
	parts.Go(func() { w.calendar(ended) })
	endPages, err := w.servePortal()
	if err != nil {
		w.fail(err)
		endPages = func() {}
	}
	w.status(daemon.SdNotifyReady)
	w.log.Info().Msg("the bot is up")

	var failure error
	select {
	case <-ctx.Done():
		w.log.Info().Msg("told to stop")
	case failure = <-w.fatal:
	case failure = <-engine:
		engine <- nil
		failure = fmt.Errorf("the bot had to stop: %w", cmp.Or(failure, errors.New("it ended by itself")))
	}
	w.status(daemon.SdNotifyStopping)
	endPages()
	w.lastReplies(apart)
	stopLine()
	failure = errors.Join(failure, <-line)
	stopEngine()
	failure = errors.Join(failure, <-engine)
	w.log.Info().Msg("stopped")
	return failure
}

// lastReplies waits a moment for what can still go out; what can't goes out after the
// next start.
func (w *wire) lastReplies(ctx context.Context) {
	if w.line.Metrics().State == signal.Offline || w.diskFails() || w.working.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, settleAtMost)
	defer cancel()
	if err := w.engine.Settle(ctx); err != nil {
		w.log.Info().Msg("some messages wait for the next start")
	}
}

// changed is called when the line comes and goes.
func (w *wire) changed(state signal.State) {
	w.turn(state != signal.Offline)
	w.status("STATUS=" + map[signal.State]string{
		signal.Online: "talking with Signal", signal.Offline: "waiting for signal-cli", signal.Paused: "paused: Signal keeps what comes in",
	}[state])
	if state == signal.Online && w.line.Self() != w.self {
		w.fail(errors.New("signal-cli now serves another account as the bot's; start the bot again"))
	}
}

// fail ends the bot for a reason that only a new start puts right.
func (w *wire) fail(err error) {
	select {
	case w.fatal <- err:
	default: // there is a reason already
	}
}

// Deliver hands what came in to the engine.
func (w *wire) Deliver(ctx context.Context, batch []signal.Delivery) error {
	return w.Take(ctx, deliveries(batch))
}

func deliveries(batch []signal.Delivery) []bot.Delivery {
	all := make([]bot.Delivery, len(batch))
	for i, d := range batch {
		all[i] = bot.Delivery{Message: d.Message, Undecoded: d.Undecoded}
		if d.Arrival != nil {
			all[i].Arrival = &bot.Arrival{By: d.Arrival.By, Sent: d.Arrival.Sent}
		}
	}
	return all
}

// Roster returns who was in a group when its changes were last handled.
func (w *wire) Roster(_ context.Context, group chat.GroupID) (members []chat.PersonID, err error) {
	err = w.db.View(func(tx *storage.Tx) error {
		members, err = tx.Roster(group)
		return err
	})
	return members, err
}

// Send, Pause and Resume are the line as the engine knows it.
func (w *wire) Send(ctx context.Context, o chat.Outgoing) (chat.Receipt, error) {
	return w.line.Send(ctx, o)
}

// Pause is called when the disk fails.
func (w *wire) Pause() { w.setFailed(true); w.line.Pause() }

// Resume is called when it works again.
func (w *wire) Resume() { w.setFailed(false); w.line.Resume() }

func (w *wire) setFailed(failed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = failed
}

func (w *wire) diskFails() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}
