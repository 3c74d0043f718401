package signal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What may become of a call besides its answer.
var (
	// ErrOffline is the error of everything that needs a connection while there is none.
	ErrOffline = errors.New("not connected to signal-cli")

	errNotWritten = errors.New("the call was not written")
	errNoAnswer   = errors.New("the call was written, but its answer did not come")
)

// CallError is the daemon's refusal of a call.
type CallError struct {
	Method string
	Code   int
	Class  string // the Java exception, if one is named
	Text   string // the daemon's words; they may name people and groups and must not be logged

	data jsontext.Value
}

// Error shows what can be logged.
func (e *CallError) Error() string {
	if e.Class != "" {
		return fmt.Sprintf("signal-cli answered %s with error %d (%s)", e.Method, e.Code, e.Class)
	}
	return fmt.Sprintf("signal-cli answered %s with error %d", e.Method, e.Code)
}

// javaClass finds the exceptions that signal-cli names in its errors.
var javaClass = regexp.MustCompile(`\(([A-Za-z]{1,60}(?:Exception|Error))\)`)

// Client is one connection to the daemon. Its calls may be made from any number of
// goroutines. A Client is made by [Dial], or by a [Line] for itself.
type Client struct {
	conn    net.Conn
	notify  func(line []byte, cut bool) // gets every line that is no answer, in order
	waiting func(n int)                 // is told how many more calls wait
	account string                      // goes with every call; empty if the daemon serves one account

	version string
	me      account

	writer chan struct{} // whoever has put something in may write

	mu      sync.Mutex
	pending map[uint64]chan frame
	last    uint64
	err     error

	broken chan struct{} // closed when the connection can no longer be used
	done   chan struct{} // closed when everything that came in has been handed on
}

// newClient takes over a connection and starts to read it.
func newClient(conn net.Conn, notify func([]byte, bool), waiting func(int)) *Client {
	c := &Client{
		conn: conn, notify: notify, waiting: waiting,
		writer: make(chan struct{}, 1), pending: map[uint64]chan frame{},
		broken: make(chan struct{}), done: make(chan struct{}),
	}
	go c.read()
	return c
}

// Close ends the connection and returns when everything that was read is handed on.
func (c *Client) Close() {
	c.fail(net.ErrClosed, 0)
	<-c.done
}

// fail gives the connection up. What the daemon wrote before is still read, for a while.
func (c *Client) fail(err error, readOn time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return
	}
	c.err = err
	close(c.broken)
	if readOn <= 0 {
		c.conn.Close()
		return
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(readOn))
}

// cause says why the connection was given up, nil if it was not.
func (c *Client) cause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// read is the one reader of the connection.
func (c *Client) read() {
	defer close(c.done)
	defer c.conn.Close()
	r := reader{r: bufio.NewReaderSize(c.conn, readAtOnce)}
	for {
		line, err := r.line()
		if err != nil {
			if len(line) > 0 {
				c.notify(line, true)
			}
			c.fail(err, 0)
			return
		}
		if len(line) > 0 {
			c.dispatch(line)
		}
	}
}

// dispatch gives an answer to whoever waits for it and hands everything else on.
func (c *Client) dispatch(line []byte) {
	received, f, err := isReceive(line)
	if received || err != nil {
		c.notify(line, false)
		return
	}
	id, err := strconv.ParseUint(string(bytes.Trim(f.ID, `"`)), 10, 64)
	if err != nil {
		return // the daemon complains about a line that it could not attribute to a call
	}
	c.mu.Lock()
	waiter := c.pending[id]
	delete(c.pending, id)
	c.mu.Unlock()
	if waiter != nil { // else it had stopped waiting
		waiter <- f
	}
}

// call makes one call and waits for its answer, at most as long as given. The error is a
// [*CallError] or wraps errNotWritten or errNoAnswer.
func (c *Client) call(ctx context.Context, atMost time.Duration, method string, params map[string]any, result any) error {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	if c.waiting != nil {
		c.waiting(1)
		defer c.waiting(-1)
	}
	answer, err := c.request(ctx, method, params)
	if err != nil {
		return err
	}
	if e := answer.Error; e != nil {
		out := &CallError{Method: method, Code: e.Code, Text: e.Message, data: e.Data}
		if m := javaClass.FindStringSubmatch(e.Message); m != nil {
			out.Class = m[1]
		}
		return out
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Result, result, lenient); err != nil {
		return fmt.Errorf("%w: the answer to %s has an unknown shape", errNoAnswer, method)
	}
	return nil
}

// request writes a call and waits for what comes back.
func (c *Client) request(ctx context.Context, method string, params map[string]any) (frame, error) {
	answers := make(chan frame, 1)
	c.mu.Lock()
	if err := c.err; err != nil {
		c.mu.Unlock()
		return frame{}, fmt.Errorf("%w: %w", errNotWritten, ErrOffline)
	}
	c.last++
	id := c.last
	c.pending[id] = answers
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.pending, id)
		c.mu.Unlock()
	}()

	line, err := requestLine(id, method, c.account, params)
	if err != nil {
		return frame{}, fmt.Errorf("%w: %w", errNotWritten, err)
	}
	if err := c.write(ctx, line); err != nil {
		return frame{}, err
	}
	select {
	case f := <-answers:
		return f, nil
	case <-c.done: // everything that came has been read
		select {
		case f := <-answers:
			return f, nil
		default:
			return frame{}, fmt.Errorf("%w: %w", errNoAnswer, c.cause())
		}
	case <-ctx.Done():
		return frame{}, fmt.Errorf("%w: %w", errNoAnswer, ctx.Err())
	}
}

func requestLine(id uint64, method, account string, params map[string]any) ([]byte, error) {
	request := struct {
		Version string         `json:"jsonrpc"`
		Method  string         `json:"method"`
		Params  map[string]any `json:"params,omitempty"`
		ID      uint64         `json:"id"`
	}{"2.0", method, params, id}
	if account != "" {
		request.Params = map[string]any{"account": account}
		for k, v := range params {
			request.Params[k] = v
		}
	}
	line, err := json.Marshal(request, lenient, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("the parameters of %s cannot be written: %w", method, err)
	}
	return append(line, '\n'), nil
}

// write writes one line as a whole. A line that was cut short makes the connection
// useless, and was not carried out, unless only its end is missing.
func (c *Client) write(ctx context.Context, line []byte) error {
	select {
	case c.writer <- struct{}{}:
		defer func() { <-c.writer }()
	case <-c.broken:
		return fmt.Errorf("%w: %w", errNotWritten, ErrOffline)
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", errNotWritten, ctx.Err())
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		_ = c.conn.SetWriteDeadline(time.Unix(1, 0))
		close(stopped)
	})
	n, err := c.conn.Write(line)
	if !stop() {
		<-stopped
		_ = c.conn.SetWriteDeadline(time.Time{}) // for the next one, if this one was just in time
	}
	if err == nil {
		return nil
	}
	c.fail(err, readOnFor)
	if n >= len(line)-1 {
		return fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	return fmt.Errorf("%w: %w", errNotWritten, err)
}

// beat proves in regular intervals that the daemon is there, and gives the connection up
// if it is not. It leaves out a beat while nobody reads the connection.
func (c *Client) beat(ctx context.Context, holding func() bool) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.broken:
			return
		case <-tick.C:
		}
		if holding() {
			continue
		}
		err := c.call(ctx, quickTimeout, "version", nil, nil)
		var refused *CallError
		if err != nil && ctx.Err() == nil && !errors.As(err, &refused) {
			c.fail(fmt.Errorf("no heartbeat: %w", err), readOnFor)
		}
	}
}
