package signal

import "sync"

// How much may wait for the handler before the connection is no longer read.
const (
	queueItems = 1024
	queueBytes = 8 << 20
)

// item is one thing on its way to the handler: a line as it was read, or a delivery that
// the line itself has made.
type item struct {
	line     []byte
	cut      bool // the connection ended in the middle of it
	delivery Delivery
	done     chan<- struct{} // closed when it is durable
}

// queue keeps what came in, in order, until the handler has it. Whoever puts a line into
// a full queue waits, and with them the socket and the daemon, but not while somebody
// waits for the answer to a call: the answer may stand behind the line.
type queue struct {
	mu     sync.Mutex
	moved  sync.Cond
	items  []item
	bytes  int
	calls  int // how many calls wait for an answer
	held   bool
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.moved.L = &q.mu
	return q
}

// put adds an item at the end, when there is room.
func (q *queue) put(it item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.calls == 0 && (len(q.items) >= queueItems || q.bytes >= queueBytes) {
		q.held = true
		q.moved.Wait()
	}
	q.held = false
	q.items = append(q.items, it)
	q.bytes += len(it.line)
	if len(q.items) == 1 {
		q.moved.Broadcast()
	}
}

// insert adds an item that must not wait for room.
func (q *queue) insert(it item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, it)
	q.moved.Broadcast()
}

// take returns everything that waits, in order; nothing at all only when the queue is
// closed and empty.
func (q *queue) take() []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.moved.Wait()
	}
	items := q.items
	q.items, q.bytes = nil, 0
	q.moved.Broadcast()
	return items
}

// waiting says that n more calls wait for an answer.
func (q *queue) waiting(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls += n
	if n > 0 {
		q.moved.Broadcast()
	}
}

// holding reports whether somebody waits for room.
func (q *queue) holding() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.held
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

// close lets take return what is left and then nothing.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.moved.Broadcast()
}
