package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/board"
	"communityconnect/chat"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// Line is what the engine needs of the way to the people.
type Line interface {
	// Send carries out one act and returns when it is known what became of it. An error
	// is a *chat.SendError, or one of the context.
	Send(context.Context, chat.Outgoing) (chat.Receipt, error)
	// Pause asks the line to take no more messages in; Resume to go on.
	Pause()
	Resume()
}

// Options are what an engine is made of.
type Options struct {
	DB      *storage.DB
	Line    Line
	Self    chat.PersonID // who the bot is on the line
	Group   chat.GroupID
	Council chat.GroupID
	Now     func() time.Time
	Log     zerolog.Logger
	Portal  string // the web pages' address as members see it; "" for none
	// Language may be shared by engines; without it the engine loads its own.
	Language *Language
	// Guesser is asked about sentences that the rules are unsure of; nil for none.
	Guesser Guesser
	// InFlight is how many conversations may be written to at once; 0 is the default of 4.
	InFlight int
	// Pace is how fast the bot speaks; the zero Pace holds nothing back.
	Pace Pace
	// Online reports whether the line can take anything just now. While it can't, nothing is
	// begun that nobody has asked for. Nil: it always can.
	Online func() bool
	// Uptime is a clock that nobody can set, from any beginning; with one the engine sees
	// Now jump. Nil: it does not look.
	Uptime func() time.Duration
	// Sweep is how often deadlines are looked at; 0 is every minute.
	Sweep time.Duration
	// Failpoint is called at named moments, for tests that kill the program there; nil in
	// real life.
	Failpoint func(name string)
}

// The moments at which Failpoint is called.
const (
	BeforeCommit = "before-commit"
	AfterCommit  = "after-commit"
	BeforeSend   = "before-send"
	AfterSend    = "after-send"
)

const defaultInFlight = 4

// maxBatch is how many jobs share one commit at most.
const maxBatch = 256

// Engine takes the messages of one community in order.
type Engine struct {
	db      *storage.DB
	line    Line
	now     func() time.Time
	log     zerolog.Logger
	fail    func(string)
	world   world
	jobs    chan job
	outbox  outbox
	flying  sync.WaitGroup // messages being sent, and guesses being made
	people  *people        // nil when it has to be read anew
	closed  string         // why the books do not hold and nothing is posted; "" if they do
	uptime  func() time.Duration
	clock   watchedClock
	swept   time.Time
	absent  bool          // nobody could answer when it looked last, or it has not looked yet
	every   time.Duration // between two sweeps
	settled []chan struct{}
	held    []job // wait for a message in flight to land
	guesses guesses

	generation atomic.Int64 // grows with every change of people
	looked     atomic.Pointer[Look]
}

// job is one thing for the engine's goroutine to do inside a transaction.
type job interface {
	// apply does it. What it changes outside the transaction it leaves in the batch.
	apply(*Engine, *storage.Tx, *batch) error
}

// batch is what one transaction leaves to be done once it is durable.
type batch struct {
	outbox  outbox // as it is then
	after   []func()
	wonders []wonder
	changed bool // people or policy
}

// New prepares an engine: it audits the books and takes up what waits in the outbox.
func New(o Options) (*Engine, error) {
	e := &Engine{
		db: o.DB, line: o.Line, now: o.Now, uptime: o.Uptime, log: o.Log, fail: o.Failpoint, jobs: make(chan job, maxBatch),
		absent: true, every: cmp.Or(o.Sweep, time.Minute), outbox: newOutbox(cmp.Or(o.InFlight, defaultInFlight), o.Pace),
	}
	if e.fail == nil {
		e.fail = func(string) {}
	}
	if err := checkCommands(Chapters()); err != nil {
		return nil, err
	}
	if o.Language == nil {
		var err error
		if o.Language, err = LoadLanguage(); err != nil {
			return nil, err
		}
	}
	if o.Online == nil {
		o.Online = func() bool { return true }
	}
	e.world = world{self: o.Self, online: o.Online, portal: o.Portal, group: o.Group, council: o.Council, jobs: Jobs(), commands: Commands(), language: o.Language, guesser: o.Guesser,
		index: board.NewIndex(o.Language.lexicon), audit: func() (ledger.Report, error) { return e.db.Audit(nil) }}
	if err := e.start(); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *Engine) start() error {
	report, err := e.db.Audit(nil)
	if err != nil {
		return fmt.Errorf("audit the books: %w", err)
	}
	if !report.OK() {
		e.closed = faults(report)
		e.log.Error().Int("faults", len(report.Faults)).Msg("the books don't add up; nothing will be posted")
	}
	return e.db.Update(func(tx *storage.Tx) error {
		c, found, err := tx.Community()
		if err != nil {
			return err
		}
		if !found {
			return errors.New("the file has no community in it yet")
		}
		if e.world.zone, err = time.LoadLocation(c.Timezone); err != nil {
			return err
		}
		if err := e.firstLook(tx); err != nil {
			return err
		}
		opening, err := e.call(tx, chat.Message{}, e.now())
		if err != nil {
			return err
		}
		if err := fillIndex(tx, e.world.index, opening.people, opening); err != nil {
			return err
		}
		if err := tellRestored(tx, opening); err != nil {
			return err
		}
		waiting, err := tx.Waiting()
		if err != nil {
			return err
		}
		return e.outbox.recover(tx, waiting)
	})
}

// firstLook raises and clears the alarms that the start is about. A clock that is behind
// the newest message has been set back while the bot was away.
func (e *Engine) firstLook(tx *storage.Tx) error {
	last, err := tx.LastArrival()
	if err != nil {
		return err
	}
	if e.uptime != nil && last.After(e.now()) {
		e.clock = watchedClock{now: last, up: e.uptime()}
	}
	found, err := e.ownSigns(tx, e.now())
	if err != nil {
		return err
	}
	return e.watch(tx, &batch{outbox: newOutbox(0, Pace{})}, found) // what it queues is taken up with the rest
}

// Deliver hands messages to the engine and returns once all of them are durable, with
// everything they brought about. While the disk fails it waits.
func (e *Engine) Deliver(ctx context.Context, messages ...chat.Message) error {
	came := newHanded(len(messages))
	all := make(together, len(messages))
	for i, m := range messages {
		all[i] = &intake{message: m, handed: came}
	}
	if err := e.push(ctx, all); err != nil {
		return err
	}
	return await(ctx, came.durable)
}

// together are jobs that came in together. They share a commit.
type together []job

func (all together) apply(e *Engine, tx *storage.Tx, b *batch) error {
	for _, j := range all {
		if err := j.apply(e, tx, b); err != nil {
			return err
		}
	}
	return nil
}

// Settle returns once every message has been handled and everything that could be sent
// has been: for an embedded line, and for tests.
func (e *Engine) Settle(ctx context.Context) error {
	done := make(chan struct{})
	if err := e.push(ctx, settle{done}); err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Engine) push(ctx context.Context, j job) error {
	select {
	case e.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run works until the context ends, and then finishes what it has begun. Its error is
// one that the program can't go on after.
func (e *Engine) Run(ctx context.Context) error {
	tick := time.NewTicker(e.every)
	defer tick.Stop()
	ctx, cancel := context.WithCancel(ctx)
	defer e.flying.Wait()
	defer cancel()
	if err := e.work(ctx, nil); err != nil { // what the last run left to be sent
		return err
	}
	for {
		var jobs []job
		select {
		case <-ctx.Done():
			return e.land(ctx)
		case j := <-e.jobs:
			jobs = e.inOrder(e.drain(j))
		case <-tick.C:
		}
		if err := e.work(ctx, jobs); err != nil {
			return err
		}
	}
}

// land notes what becomes of the messages that are in flight when the engine is told to
// stop. Nothing else is begun.
func (e *Engine) land(ctx context.Context) error {
	e.outbox.most = 0
	landed := make(chan struct{})
	go func() { e.flying.Wait(); close(landed) }()
	for {
		select {
		case j := <-e.jobs:
			if err := e.note(ctx, j); err != nil {
				return err
			}
		case <-landed:
			for len(e.jobs) > 0 {
				if err := e.note(ctx, <-e.jobs); err != nil {
					return err
				}
			}
			return nil
		}
	}
}

func (e *Engine) note(ctx context.Context, j job) error {
	switch j.(type) {
	case *sent, *guessed:
		return e.work(ctx, []job{j})
	}
	return nil // the line still has it
}

// drain takes all that waits: the busier the line, the more messages share a commit,
// and nobody waits for a timer.
func (e *Engine) drain(first job) []job {
	jobs := []job{first}
	for len(jobs) < maxBatch {
		select {
		case j := <-e.jobs:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}
