package main

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/bot/reception"
	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/config"
	"communityconnect/storage"
	"communityconnect/storage/visitors"
)

// account is a Signal account that several communities share: one line, and a reception
// that knows what is for whom.
type account struct {
	services  []*service
	options   signal.Options
	line      *signal.Line
	book      *visitors.Book
	reception *reception.Reception
	now       func() time.Time
	log       zerolog.Logger

	mu    sync.Mutex
	wires map[chat.GroupID]*wire // of the communities that are up, by their group
}

func newAccount(conf config.Config, all []*service, log zerolog.Logger) *account {
	a := &account{services: all, options: all[0].signal, now: all[0].now, log: log, wires: map[chat.GroupID]*wire{}}
	a.options.Groups, a.options.Log = nil, log
	for _, s := range all {
		s.account = a
		s.pace.Every *= time.Duration(len(all)) // together they speak as fast as one would
		a.options.Groups = append(a.options.Groups, groups(s.community)...)
	}
	a.options.Trouble, a.options.Changed = a.trouble, a.changed
	return a
}

// open makes the line, and opens what the communities have in common.
func (a *account) open() (err error) {
	if a.book, err = visitors.Open(visitorsPath(a.services[0].community)); err != nil {
		return openError(visitorsPath(a.services[0].community), err)
	}
	if a.line, err = signal.New(a.options, a); err != nil {
		return err
	}
	var places []reception.Place
	for _, s := range a.services {
		places = append(places, reception.Place{Name: s.community.Name, Group: chat.GroupID(s.community.Group), Council: chat.GroupID(s.community.CouncilGroup)})
	}
	a.reception = reception.New(reception.Options{Book: a.book, Line: a.line, Self: a.line.Self, Places: places, Now: a.now, Log: a.log})
	return nil
}

func (a *account) close() {
	if err := a.book.Close(); err != nil {
		a.log.Error().Err(err).Msg("the book of visitors was not closed well")
	}
}

// run is the account's life. At its end the line goes first, so that all it has taken from
// Signal is kept.
func (a *account) run(ctx context.Context) {
	apart := context.WithoutCancel(ctx)
	listening, stopLine := context.WithCancel(apart)
	working, stopAll := context.WithCancel(apart)
	defer stopLine()
	defer stopAll()
	var communities, rest sync.WaitGroup
	for _, s := range a.services {
		communities.Go(func() { s.keepUp(working) })
	}
	rest.Go(func() { a.reception.Run(working) })
	line := make(chan error, 1)
	go func() { line <- a.line.Run(listening) }()
	<-ctx.Done()
	var last sync.WaitGroup
	for _, w := range a.all() {
		last.Go(func() { w.lastReplies(apart) })
	}
	last.Wait()
	stopLine()
	if err := <-line; err != nil {
		a.log.Error().Err(err).Msg("the line did not end well")
	}
	stopAll()
	communities.Wait()
	rest.Wait()
}

func (a *account) all() []*wire {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []*wire
	for _, w := range a.wires {
		all = append(all, w)
	}
	return all
}

func (a *account) wireOf(group chat.GroupID) *wire {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range a.wires {
		if group == chat.GroupID(w.community.Group) || group == chat.GroupID(w.community.CouncilGroup) {
			return w
		}
	}
	return nil
}

// joined says that a community is up, left that it no longer is.
func (a *account) joined(w *wire) {
	a.mu.Lock()
	a.wires[chat.GroupID(w.community.Group)] = w
	a.mu.Unlock()
	w.turn(a.line.Metrics().State != signal.Offline)
	a.reception.Up(chat.GroupID(w.community.Group), w)
}

func (a *account) left(w *wire) {
	a.reception.Down(chat.GroupID(w.community.Group))
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.wires, chat.GroupID(w.community.Group))
}

// trouble goes to the community whose group it is about, or to all.
func (a *account) trouble(t signal.Trouble) {
	for _, w := range a.all() {
		if t.Group == "" || w == a.wireOf(t.Group) {
			w.trouble(t)
		}
	}
}

func (a *account) changed(state signal.State) {
	for _, w := range a.all() {
		w.changed(state)
	}
}

// Deliver hands what came in to the reception. Where even that can't keep it, the line
// waits, and Signal with it.
func (a *account) Deliver(ctx context.Context, batch []signal.Delivery) error {
	all := deliveries(batch)
	for try := 0; ; try++ {
		err := a.reception.Deliver(ctx, all)
		if err == nil || ctx.Err() != nil {
			if try > 0 {
				a.line.Resume()
			}
			return err
		}
		if try == 0 {
			a.log.Error().Err(err).Msg("what came in can't be kept; the line is paused")
			a.line.Pause()
		}
		if err := patience(ctx, try); err != nil {
			return err
		}
	}
}

// Roster returns who was in a group when its changes were last handled.
func (a *account) Roster(ctx context.Context, group chat.GroupID) ([]chat.PersonID, error) {
	w := a.wireOf(group)
	if w == nil {
		return nil, errNotUp
	}
	return w.Roster(ctx, group)
}

// branch is the account's line as one of its communities has it.
type branch struct {
	*account
	group chat.GroupID
}

func (b branch) Send(ctx context.Context, o chat.Outgoing) (chat.Receipt, error) {
	return b.line.Send(ctx, b.reception.Outgoing(b.group, o))
}

func (b branch) Pause()  { b.reception.Fail(b.group, true) }
func (b branch) Resume() { b.reception.Fail(b.group, false) }

func (b branch) Metrics() signal.Metrics                    { return b.line.Metrics() }
func (b branch) Absent(g chat.GroupID) (absent, known bool) { return b.line.Absent(g) }
func (b branch) Self() chat.PersonID                        { return b.line.Self() }

// Take is how the reception hands things to a community.
func (w *wire) Take(ctx context.Context, all []bot.Delivery) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.working, cancel)()
	return w.engine.Take(ctx, all)
}

// Knows reports whether somebody is a member, or in the community's group.
func (w *wire) Knows(p chat.PersonID) (known bool, err error) {
	err = w.db.View(func(tx *storage.Tx) error {
		known, err = tx.Acquainted(p)
		return err
	})
	return known, err
}

// Wrote reports whether a message of the bot in a conversation was this community's.
func (w *wire) Wrote(in chat.Conversation, sent chat.Timestamp) (wrote bool, err error) {
	err = w.db.View(func(tx *storage.Tx) error {
		wrote, err = tx.SentTo(in, sent)
		return err
	})
	return wrote, err
}

// Sent reports whether a message of the bot was this community's.
func (w *wire) Sent(sent chat.Timestamp) (was bool, err error) {
	err = w.db.View(func(tx *storage.Tx) error {
		was, err = tx.KnownSent(sent)
		return err
	})
	return was, err
}
