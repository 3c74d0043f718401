package bot_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/chat"
)

// What a record of testdata/disk/powercut.c says. The last two are the child's own: a
// message is acknowledged, something is said.
const (
	recNamed = iota
	recWritten
	recTruncated
	recFlushed
	recRemoved
	recAcked // at: the trade's number; file: 0 it is logged, 1 it is confirmed
	recSaid  // data: the text
)

// record is one of them.
type record struct {
	op, file byte
	at       int64
	data     []byte
}

// bytes is how a record stands in the file.
func (r record) bytes() []byte {
	b := []byte{r.op, r.file, 0, 0}
	b = binary.NativeEndian.AppendUint32(b, uint32(len(r.data)))
	b = binary.NativeEndian.AppendUint64(b, uint64(r.at))
	return append(b, r.data...)
}

// The variables of the environment that the library and the child share.
const (
	powerLog    = "POWERCUT_LOG"
	powerFiles  = "POWERCUT_FILES"
	powerTrades = "POWERCUT_TRADES"
	powerSync   = "POWERCUT_SYNCHRONOUS"
)

// powerChild runs a real engine while everything it does to its files is recorded, and
// adds what it has acknowledged and said. Eight pairs log and confirm help at once.
func powerChild() error {
	trades, err := strconv.Atoi(os.Getenv(powerTrades))
	if err != nil {
		return err
	}
	log, err := os.OpenFile(os.Getenv(powerLog), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	const pairs = 8
	db, err := openOrFound(os.Getenv(powerFiles), 2*pairs)
	if err != nil {
		return err
	}
	if _, err := writer(db).Exec("PRAGMA synchronous = " + os.Getenv(powerSync)); err != nil {
		return err
	}
	line := &recordingLine{log: log, prompts: make([]chan chat.Timestamp, trades)}
	for i := range line.prompts {
		line.prompts[i] = make(chan chat.Timestamp, 1)
	}
	engine, err := bot.New(bot.Options{DB: db, Line: line, Self: self, Group: group, Council: council, Now: time.Now, Log: zerolog.Nop()})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	var all sync.WaitGroup
	failures := make([]error, pairs)
	for pair := range pairs {
		all.Go(func() {
			for n := pair; n < trades && failures[pair] == nil; n += pairs {
				failures[pair] = line.trade(ctx, engine, n, pair)
			}
		})
	}
	all.Wait()
	settled := engine.Settle(ctx)
	stop()
	return errors.Join(append(failures, settled, <-ended, db.Close())...)
}

// recordingLine says what it is told into the record.
type recordingLine struct {
	log     *os.File
	mu      sync.Mutex
	stamp   chat.Timestamp
	prompts []chan chat.Timestamp
}

func (l *recordingLine) Pause()  {}
func (l *recordingLine) Resume() {}

func (l *recordingLine) add(r record) error {
	_, err := l.log.Write(r.bytes())
	return err
}

func (l *recordingLine) Send(_ context.Context, o chat.Outgoing) (chat.Receipt, error) {
	l.mu.Lock()
	l.stamp = max(l.stamp+1, chat.TimestampOf(time.Now()))
	sent := l.stamp
	l.mu.Unlock()
	if err := l.add(record{op: recSaid, data: []byte(o.Text)}); err != nil {
		return chat.Receipt{}, err
	}
	if n, ok := choreIn(o.Text); ok && strings.Contains(o.Text, "Is that right") {
		l.prompts[n] <- sent
	}
	return chat.Receipt{Sent: sent}, nil
}

// choreIn finds a trade's number in a text.
func choreIn(text string) (n int, ok bool) {
	_, rest, found := strings.Cut(text, "chore")
	if !found {
		return 0, false
	}
	_, err := fmt.Sscanf(rest, "%d", &n)
	return n, err == nil
}

// trade logs and confirms one trade of a pair, and notes both in the record once they
// are durable. Now and then it makes SQLite move the log into the file.
func (l *recordingLine) trade(ctx context.Context, engine *bot.Engine, n, pair int) error {
	giver, receiver := 2*pair+1, 2*pair+2
	if n/16%2 == 1 {
		giver, receiver = receiver, giver
	}
	m := chat.Message{Kind: chat.Said, From: person(giver), Sent: l.now(), In: inDM(giver), Text: fmt.Sprintf("/gave \ufffc 1h chore%d", n),
		Mentions: []chat.Mention{{Person: person(receiver), Start: 6, Length: 1}}}
	if err := engine.Deliver(ctx, m); err != nil {
		return err
	}
	if err := l.add(record{op: recAcked, file: 0, at: int64(n)}); err != nil {
		return err
	}
	tap := chat.Message{Kind: chat.Reacted, From: person(receiver), In: inDM(receiver), Reaction: &chat.Reaction{Emoji: "✅"}}
	tap.Reaction.Target = chat.Ref{Author: self, Sent: <-l.prompts[n]}
	tap.Sent = l.now()
	if err := engine.Deliver(ctx, tap); err != nil {
		return err
	}
	if err := l.add(record{op: recAcked, file: 1, at: int64(n)}); err != nil {
		return err
	}
	if n%40 == 39 {
		return checkpoint(os.Getenv(powerFiles))
	}
	return nil
}

func (l *recordingLine) now() chat.Timestamp {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stamp = max(l.stamp+1, chat.TimestampOf(time.Now()))
	return l.stamp
}

// checkpoint moves the log into the file, as the bot itself does when the log is long.
func checkpoint(path string) error {
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=5000&_synchronous="+os.Getenv(powerSync))
	if err != nil {
		return err
	}
	_, err = db.Exec("PRAGMA wal_checkpoint(RESTART)")
	return errors.Join(err, db.Close())
}
