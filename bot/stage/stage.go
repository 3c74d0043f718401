// Package stage puts a whole community on the embedded line: the real engine, the real
// rules and a real database, with a clock that is moved by hand. The demo plays on it,
// and so do the conversations that the tests hold the bot to.
package stage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/bot/schedule"
	"communityconnect/chat"
	"communityconnect/chat/console"
	"communityconnect/community"
	"communityconnect/storage"
)

// Cast is who is in the community. Names of the council are among Members, too.
type Cast struct {
	Members   []string
	Council   []string
	Strangers []string // on the line, but no members
	Paper     []string // members without a phone
	Met       []string // have written to the bot before
}

// Options say where and how the stage stands.
type Options struct {
	Database string // path
	Out      io.Writer
	Look     console.Look
	Start    time.Time
	Zone     string
	Name     string
	Cast     Cast
	Log      zerolog.Logger
	Language *bot.Language // nil: the engine loads its own at every start
	Guesser  bot.Guesser   // nil for none
	Portal   string        // the web pages' address; "" for none
}

// Stage is a community on the embedded line.
type Stage struct {
	Line *console.Line

	options Options
	db      *storage.DB
	engine  *bot.Engine
	stop    context.CancelFunc
	ended   chan error
	last    chat.Message
	fresh   bool

	calendar *schedule.Calendar // nil: nothing is done by the calendar

	mu  sync.Mutex
	now time.Time
}

// ErrReal is a file whose members are real people: nobody plays with those.
var ErrReal = errors.New("that file belongs to a real community; give the demo a file of its own")

// Open founds the community, unless the file has one already, and starts the bot.
func Open(o Options) (*Stage, error) {
	s := &Stage{options: o, now: o.Start}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, nil
}

// Fresh reports whether the file had no community before.
func (s *Stage) Fresh() bool { return s.fresh }

// personPrefix tells the people of a stage from real ones.
const personPrefix = "person-"

func personID(name string) chat.PersonID {
	return chat.PersonID(personPrefix + strings.ReplaceAll(community.Fold(name), " ", "-"))
}

func (s *Stage) open() error {
	db, err := storage.Open(s.options.Database)
	if err != nil {
		return fmt.Errorf("open %s: %w", s.options.Database, err)
	}
	s.mu.Lock()
	s.db = db
	s.mu.Unlock()
	if err := s.prepare(); err != nil {
		return errors.Join(err, db.Close())
	}
	engine, err := bot.New(bot.Options{
		DB: db, Line: s.Line, Self: console.Bot, Group: console.Group, Council: console.Council,
		Now: s.Now, Log: s.options.Log, Language: s.options.Language, Guesser: s.options.Guesser, Portal: s.options.Portal, InFlight: 1, // one at a time, so that a transcript has one order
	})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	ctx, stop := context.WithCancel(context.Background())
	s.mu.Lock()
	s.engine, s.stop, s.ended = engine, stop, make(chan error, 1)
	s.mu.Unlock()
	go func() { s.ended <- engine.Run(ctx) }()
	return nil
}

// prepare founds the community in a fresh file, and learns who can speak.
func (s *Stage) prepare() error {
	return s.db.Update(func(tx *storage.Tx) error {
		_, exists, err := tx.Community()
		if err != nil {
			return err
		}
		if !exists {
			s.fresh = true
			if err := s.found(tx); err != nil {
				return err
			}
		}
		last, err := tx.LastTrace()
		if err != nil {
			return err
		}
		if now := last.Add(time.Minute); s.Line == nil && !s.fresh && now.After(s.Now()) { // time goes on where the file stopped
			s.mu.Lock()
			s.now = now
			s.mu.Unlock()
		}
		members, err := tx.Members()
		if err != nil || s.Line != nil {
			return err
		}
		var people []console.Person
		for _, m := range members {
			if m.Person != "" && !strings.HasPrefix(m.Person, personPrefix) {
				return ErrReal
			}
			if m.Person != "" {
				people = append(people, console.Person{ID: chat.PersonID(m.Person), Name: m.Name})
			}
		}
		for _, name := range s.options.Cast.Strangers {
			people = append(people, console.Person{ID: personID(name), Name: name})
		}
		s.Line = console.New(s.options.Out, s.options.Look, s.Now, people)
		return nil
	})
}

// found takes the cast in as founding members, with the community's full limits.
func (s *Stage) found(tx *storage.Tx) error {
	policy := community.DefaultPolicy()
	if err := tx.Found(storage.Community{Name: s.options.Name, Timezone: s.options.Zone, Created: s.now}, policy); err != nil {
		return err
	}
	cast := s.options.Cast
	var group, council []chat.PersonID
	for _, name := range append(append([]string{}, cast.Members...), cast.Paper...) {
		m := community.Member{Name: name, Person: string(personID(name)), Status: community.Full, Joined: s.now}
		m.Council, m.Met = contains(cast.Council, name), contains(cast.Met, name)
		if contains(cast.Paper, name) {
			m.Person = ""
		}
		if _, err := tx.AddMember(m, policy); err != nil {
			return fmt.Errorf("take in %s: %w", name, err)
		}
		if m.Person != "" {
			group = append(group, chat.PersonID(m.Person))
		}
		if m.Council {
			council = append(council, chat.PersonID(m.Person))
		}
	}
	return errors.Join(tx.NoteRoster(console.Group, group, nil), tx.NoteRoster(console.Council, council, nil))
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// Now is the stage's clock.
func (s *Stage) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Wait moves the clock on, and lets the bot do what was due in between. With a calendar
// it stops at every hour at which something is due.
func (s *Stage) Wait(d time.Duration) error {
	end := s.Now().Add(d)
	for s.calendar != nil {
		next := s.calendar.Next(s.Now())
		if next.IsZero() || next.After(end) {
			break
		}
		s.setClock(next)
		if err := s.calendar.Catch(context.Background(), next); err != nil {
			return err
		}
		s.setClock(next.Add(time.Minute)) // what came of it is said at the next look
		if err := s.settle(); err != nil {
			return err
		}
	}
	if end.After(s.Now()) {
		s.setClock(end)
	}
	return s.settle()
}

func (s *Stage) setClock(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = t.In(s.now.Location())
}

// KeepCalendar lets the bot do from now on what it does by the calendar, too.
func (s *Stage) KeepCalendar() error {
	zone, err := time.LoadLocation(s.options.Zone)
	if err != nil {
		return err
	}
	jobs := schedule.Jobs(func(ctx context.Context, name string, due time.Time) (bool, error) {
		return s.engine.Do(ctx, name, due)
	})
	s.calendar, err = schedule.New(zone, jobs)
	return err
}

// Type carries out one line as the neighbour who typed it, and returns once the bot
// has done all it wanted to about it.
func (s *Stage) Type(line string) error { return s.TypeLate(line, 0) }

// TypeLate is Type for a message that was under way for a while.
func (s *Stage) TypeLate(line string, late time.Duration) error {
	m, err := s.Line.Read(line)
	if err != nil {
		return err
	}
	if late > 0 {
		m = console.Delay(m, late)
	}
	return s.Deliver(m)
}

// Deliver hands a message to the bot. Nobody types in the same second as another.
func (s *Stage) Deliver(m chat.Message) error {
	s.last = m
	if err := s.engine.Take(context.Background(), []bot.Delivery{{Message: &m}}); err != nil {
		return err
	}
	if err := s.settle(); err != nil {
		return err
	}
	s.mu.Lock()
	s.now = s.now.Add(time.Second)
	s.mu.Unlock()
	return nil
}

// Redeliver hands the last message over once more, as a line may do.
func (s *Stage) Redeliver() error { return s.Deliver(s.last) }

// Observe hands what somebody has found outside the bot to it.
func (s *Stage) Observe(found community.Signs) error {
	if err := s.engine.Observe(context.Background(), found); err != nil {
		return err
	}
	return s.settle()
}

// settle waits until the bot has nothing left to do, or has stopped working.
func (s *Stage) settle() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	settled := make(chan error, 1)
	go func() { settled <- s.engine.Settle(ctx) }()
	select {
	case err := <-settled:
		return err
	case err := <-s.ended:
		s.ended <- err
		return fmt.Errorf("the bot has stopped: %w", err)
	}
}

// Update changes the community's file behind the bot's back, which is restarted for it.
func (s *Stage) Update(f func(*storage.Tx) error) error {
	if err := s.db.Update(f); err != nil {
		return err
	}
	return s.Restart()
}

// Community is the file and the bot itself, until the next Restart.
func (s *Stage) Community() (*storage.DB, *bot.Engine) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.db, s.engine
}

// DB is the community's file.
func (s *Stage) DB() *storage.DB { return s.db }

// Restart stops the bot and starts it again on the same file.
func (s *Stage) Restart() error {
	if err := s.Close(); err != nil {
		return err
	}
	return s.Reopen()
}

// Reopen starts the bot again after Close.
func (s *Stage) Reopen() error {
	if err := s.open(); err != nil {
		return err
	}
	return s.settle()
}

// Close stops the bot.
func (s *Stage) Close() error {
	s.stop()
	err := <-s.ended
	s.ended <- err
	return errors.Join(err, s.db.Close())
}

// Commands lists what the bot can be told, with its slash.
func (s *Stage) Commands() []string {
	var all []string
	for _, cmd := range bot.Commands() {
		all = append(all, "/"+cmd.Name)
	}
	return all
}
