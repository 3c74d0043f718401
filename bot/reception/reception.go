// Package reception stands between one Signal account and the communities that share it. It
// hands each thing that comes in to the community that it is for, and to no other.
//
// What is said in a group is for that group's community. What somebody writes directly is
// for the only community they are in; for the one whose message they answer; else for the
// one they meant last; else they are asked, and what they wrote waits until they say, in a
// file that is none of the communities'. Nothing is written into a community's own file
// before that.
//
// A community that can't take what is for it, because its disk fails or it is not up, holds
// up no other: what comes for it is parked, durable and in order, until it can.
package reception

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/storage/visitors"
)

// Community is what the reception needs of one. It is known by its group.
type Community interface {
	// Take hands things over in order and returns once they are durable.
	Take(ctx context.Context, all []bot.Delivery) error
	// Knows reports whether somebody is a member, or in its group.
	Knows(chat.PersonID) (bool, error)
	// Wrote reports whether a message of the bot in that conversation was this community's.
	Wrote(chat.Conversation, chat.Timestamp) (bool, error)
	// Sent reports whether a message of the bot was this community's, wherever it was.
	Sent(chat.Timestamp) (bool, error)
}

// Line is what the reception needs of the way to the people.
type Line interface {
	Send(context.Context, chat.Outgoing) (chat.Receipt, error)
	Pause()
	Resume()
}

// Place is the place of one community at the reception.
type Place struct {
	Name    string
	Group   chat.GroupID
	Council chat.GroupID
}

// Options are what a reception is made of.
type Options struct {
	Book   *visitors.Book
	Line   Line
	Self   func() chat.PersonID // who the bot is on the line
	Places []Place              // at least one
	Now    func() time.Time
	Log    zerolog.Logger
}

// Reception serves one account.
type Reception struct {
	Options
	desks  []*desk
	asking chan struct{} // there is a question to send
	words  chan word     // that may get lost with the program
}

// desk is where one community takes what is for it.
type desk struct {
	Place
	mu        sync.Mutex
	community Community     // nil while it is not up
	open      bool          // it takes things, and nothing is parked for it
	failing   bool          // its disk
	closed    chan struct{} // closed when it no longer takes things
	opened    chan struct{} // holds one when it may again
}

// New makes a reception. Nothing is taken before a community is up.
func New(o Options) *Reception {
	r := &Reception{Options: o, asking: make(chan struct{}, 1), words: make(chan word, wordsAtMost)}
	for _, p := range o.Places {
		r.desks = append(r.desks, &desk{Place: p, closed: make(chan struct{}), opened: make(chan struct{}, 1)})
	}
	return r
}

func (r *Reception) desk(group chat.GroupID) *desk {
	at := slices.IndexFunc(r.desks, func(d *desk) bool { return group != "" && (d.Group == group || d.Council == group) })
	if at < 0 {
		return nil
	}
	return r.desks[at]
}

// Up says that a community can take things from now on.
func (r *Reception) Up(group chat.GroupID, c Community) {
	d := r.desk(group)
	d.mu.Lock()
	d.community, d.failing = c, false
	d.mu.Unlock()
	d.wake()
}

// Down says that it no longer can.
func (r *Reception) Down(group chat.GroupID) {
	d := r.desk(group)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.community = nil
	d.shut()
}

// Fail says that a community's disk fails, or no longer does. Its engine takes up by itself
// what it had begun.
func (r *Reception) Fail(group chat.GroupID, failing bool) {
	d := r.desk(group)
	d.mu.Lock()
	d.failing = failing
	if failing {
		d.shut()
	}
	d.mu.Unlock()
	if !failing {
		d.wake()
	}
}

func (d *desk) shut() {
	if d.open {
		d.open = false
		close(d.closed)
	}
}

func (d *desk) wake() {
	select {
	case d.opened <- struct{}{}:
	default:
	}
}

// now returns the community, if it takes things, and what is closed when it no longer does.
func (d *desk) now() (c Community, closed <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open {
		return nil, nil
	}
	return d.community, d.closed
}

// present is the community while it is up, whether it takes things or not.
func (d *desk) present() Community {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.community
}

// Run hands over what was parked and sends what has to be asked, until ctx ends.
func (r *Reception) Run(ctx context.Context) {
	var parts sync.WaitGroup
	for _, d := range r.desks {
		parts.Go(func() { r.reopen(ctx, d) })
	}
	parts.Go(func() { r.talk(ctx) })
	parts.Wait()
}

// Deliver hands things over and returns once they are durable: with their communities, or
// parked, or waiting for a person's word.
func (r *Reception) Deliver(ctx context.Context, batch []bot.Delivery) error {
	lots := make([][]bot.Delivery, len(r.desks))
	for _, d := range batch {
		to, err := r.route(ctx, d)
		if err != nil {
			return err
		}
		for i := range r.desks {
			if slices.Contains(to, r.desks[i]) {
				lots[i] = append(lots[i], d)
			}
		}
	}
	failures := make([]error, len(r.desks))
	var all sync.WaitGroup
	for i, lot := range lots {
		if len(lot) > 0 {
			all.Go(func() { failures[i] = r.hand(ctx, r.desks[i], lot) })
		}
	}
	all.Wait()
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

// hand gives a lot to a community, or parks it where that can't take it.
func (r *Reception) hand(ctx context.Context, d *desk, lot []bot.Delivery) error {
	if c, closed := d.now(); c != nil {
		taking, stop := context.WithCancel(ctx)
		go func() {
			select {
			case <-closed:
				stop()
			case <-taking.Done():
			}
		}()
		err := c.Take(taking, lot)
		stop()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
	// What a community has begun and what is parked may be the same: it takes a message once.
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut()
	rows := make([]json.RawMessage, len(lot))
	for i := range lot {
		body, err := json.Marshal(lot[i])
		if err != nil {
			return err
		}
		rows[i] = body
	}
	if err := r.Book.Park(d.Group, rows); err != nil {
		return fmt.Errorf("park what is for a community that can't take it: %w", err)
	}
	d.wake()
	return nil
}

// parkedAtOnce is how many parked things are handed over together.
const parkedAtOnce = 256

// parkedAgain is how long it takes until a community that would not take what was parked is
// tried again.
const parkedAgain = 30 * time.Second

// reopen hands a community what was parked for it, whenever it may be able to take it, and
// lets it take things as they come once there is no more.
func (r *Reception) reopen(ctx context.Context, d *desk) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.opened:
		}
		for !r.emptied(ctx, d) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(parkedAgain):
			}
		}
	}
}

// emptied hands over all that is parked. It is false where that could not be done.
func (r *Reception) emptied(ctx context.Context, d *desk) bool {
	for {
		d.mu.Lock()
		c := d.community
		rows, upTo, err := r.Book.Parked(d.Group, parkedAtOnce)
		switch {
		case c == nil || d.failing:
			d.mu.Unlock()
			return true // it will say when it is up
		case err == nil && len(rows) == 0:
			if !d.open {
				d.open, d.closed = true, make(chan struct{})
			}
			d.mu.Unlock()
			return true
		}
		d.mu.Unlock()
		if err != nil {
			r.Log.Error().Err(err).Msg("what was parked for a community can't be read")
			return false
		}
		lot := make([]bot.Delivery, len(rows))
		for i, body := range rows {
			if err := json.Unmarshal(body, &lot[i]); err != nil {
				r.Log.Error().Msg("what was parked for a community makes no sense")
				return false
			}
		}
		if err := c.Take(ctx, lot); err != nil {
			return false
		}
		if err := r.Book.Unpark(d.Group, upTo); err != nil {
			return false
		}
		r.Log.Info().Int("parked", len(lot)).Msg("a community has taken what was parked for it")
	}
}
