package bot_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// crashPlan is what a child that will be killed is told.
type crashPlan struct {
	Database string
	Members  int
	DieAt    string // a failpoint's name; "" for none
	Hits     int    // how often it is passed before
}

// planName is the variable of the environment that carries the plan.
const planName = "BOT_TEST_PLAN"

// toChild and fromChild are the lines between a child and the test, as JSON.
type toChild struct {
	ID      int
	Message chat.Message
}

type fromChild struct {
	Acked int           // the message with this ID is durable, with all it brought about; 0: this is about a send
	Out   chat.Outgoing // sent
	Sent  chat.Timestamp

	Paused, Resumed bool // the line was
}

// crashChild runs a real engine on a file until it is killed. Messages come in on its
// standard input; what becomes of them, and what the bot sends, goes to its standard
// output, where it survives the child.
func crashChild() error {
	var plan crashPlan
	if err := json.Unmarshal([]byte(os.Getenv(planName)), &plan); err != nil {
		return err
	}
	db, err := openOrFound(plan.Database, plan.Members)
	if err != nil {
		return err
	}
	line := &tellingLine{}
	engine, err := bot.New(bot.Options{DB: db, Line: line, Self: self, Group: group, Council: council, Now: time.Now, Log: zerolog.Nop(),
		Failpoint: dieAt(plan.DieAt, plan.Hits)})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	takeIn(ctx, engine, line)
	settled := engine.Settle(ctx)
	stop()
	return errors.Join(settled, <-ended, db.Close())
}

func openOrFound(path string, members int) (*storage.DB, error) {
	_, missing := os.Stat(path)
	db, err := storage.Open(path)
	if err == nil && errors.Is(missing, fs.ErrNotExist) {
		err = found(db, members, community.DefaultPolicy(), time.Now())
	}
	return db, err
}

// dieAt kills the process when a failpoint is passed once more than hits.
func dieAt(name string, hits int) func(string) {
	var mu sync.Mutex
	return func(passed string) {
		mu.Lock()
		defer mu.Unlock()
		if passed != name {
			return
		}
		if hits--; hits < 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
}

// takeIn delivers what comes in, all at once, until the input ends.
func takeIn(ctx context.Context, engine *bot.Engine, line *tellingLine) {
	var all sync.WaitGroup
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var m toChild
		if err := json.Unmarshal(in.Bytes(), &m); err != nil {
			panic(err)
		}
		all.Go(func() {
			if err := engine.Deliver(ctx, m.Message); err == nil {
				line.tell(fromChild{Acked: m.ID})
			}
		})
	}
	all.Wait()
}

// tellingLine tells the test what it sends.
type tellingLine struct {
	mu    sync.Mutex
	stamp chat.Timestamp
}

func (l *tellingLine) Pause()  { l.tell(fromChild{Paused: true}) }
func (l *tellingLine) Resume() { l.tell(fromChild{Resumed: true}) }

func (l *tellingLine) Send(_ context.Context, o chat.Outgoing) (chat.Receipt, error) {
	l.mu.Lock()
	l.stamp = max(l.stamp+1, chat.TimestampOf(time.Now()))
	sent := l.stamp
	l.mu.Unlock()
	l.tell(fromChild{Out: o, Sent: sent})
	return chat.Receipt{Sent: sent}, nil
}

// tell writes one line in one piece.
func (l *tellingLine) tell(f fromChild) {
	b, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	if _, err := os.Stdout.Write(append(b, '\n')); err != nil {
		panic(err)
	}
}
