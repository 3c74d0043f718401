package signal

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"communityconnect/chat"
)

// The three benchmarks read the same lines from a unix socket, which a writer in the same
// process keeps full: bare lines; lines that are decoded with encoding/json v2 in the same
// loop; and what a Line does, from the socket to the handler. Compare their ns/op.

// firehose writes one line after the other, each for itself as signal-cli does, until the
// reader goes away.
func firehose(b *testing.B) net.Conn {
	ln, err := net.Listen("unix", filepath.Join(b.TempDir(), "s"))
	if err != nil {
		b.Fatal(err)
	}
	line, err := os.ReadFile(filepath.Join("testdata", "0.13.19", "receive-group-hidden-number.json"))
	if err != nil {
		b.Fatal(err)
	}
	line = append(bytes.TrimSpace(line), '\n')
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		for err == nil {
			_, err = conn.Write(line)
		}
	}()
	conn, err := net.Dial("unix", ln.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		conn.Close()
		ln.Close()
	})
	return conn
}

func BenchmarkBareLines(b *testing.B) {
	r := bufio.NewReaderSize(firehose(b), 64<<10)
	for b.Loop() {
		if _, err := r.ReadSlice('\n'); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLinesDecoded(b *testing.B) {
	r := bufio.NewReaderSize(firehose(b), 64<<10)
	for b.Loop() {
		line, err := r.ReadSlice('\n')
		if err != nil {
			b.Fatal(err)
		}
		if d, err := decode(line, account{}); err != nil || d.delivery.Message == nil {
			b.Fatal(d, err)
		}
	}
}

// counting is a handler that says when it has had enough.
type counting struct {
	left int
	once sync.Once
	done chan struct{}
}

func (c *counting) Deliver(_ context.Context, batch []Delivery) error {
	if c.left -= len(batch); c.left <= 0 {
		c.once.Do(func() { close(c.done) })
	}
	return nil
}

func (*counting) Roster(context.Context, chat.GroupID) ([]chat.PersonID, error) { return nil, nil }

func BenchmarkLineDelivered(b *testing.B) {
	h := &counting{left: b.N, done: make(chan struct{})}
	l, err := New(Options{Socket: "-", Log: zerolog.Nop()}, h)
	if err != nil {
		b.Fatal(err)
	}
	l.me = account{aci: "bc95dad1-95a7-454c-a8c2-4a6f765e764a"}
	go l.deliverAll(context.Background())
	conn := firehose(b)
	b.ResetTimer()
	c := newClient(conn, l.received, l.queue.waiting)
	<-h.done
	b.StopTimer()
	c.Close()
	l.queue.close()
}

func BenchmarkDecode(b *testing.B) {
	line, err := os.ReadFile(filepath.Join("testdata", "0.13.19", "receive-group-hidden-number.json"))
	if err != nil {
		b.Fatal(err)
	}
	line = bytes.TrimSpace(line)
	b.ReportAllocs()
	for b.Loop() {
		if d, err := decode(line, account{}); err != nil || d.delivery.Message == nil {
			b.Fatal(d, err)
		}
	}
}
