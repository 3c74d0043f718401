package signaltest

import (
	"bufio"
	"encoding/json"
	"net"
	"slices"
)

// session is one client.
type session struct {
	d       *Daemon
	conn    net.Conn
	subs    []int
	answers [][]byte // to be written, may be shuffled
	ordered [][]byte // to be written in order, before anything that comes from the queue
	cut     bool     // write half of the next line and end
	dropped bool
	gone    chan struct{} // closed when it is dropped
}

// serve takes a connection, or refuses it after Stop.
func (d *Daemon) serve(conn net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		conn.Close()
		return false
	}
	s := &session{d: d, conn: conn, gone: make(chan struct{})}
	if d.opts.Automatic {
		s.subs = []int{-1}
	}
	d.sessions[s] = true
	d.workers.Go(s.read)
	d.workers.Go(s.write)
	return true
}

// drop ends a session. d.mu is held.
func (s *session) drop() {
	if s.dropped {
		return
	}
	s.dropped = true
	close(s.gone)
	delete(s.d.sessions, s)
	s.conn.Close()
	s.d.moved.Broadcast()
}

// read takes calls, each of which is worked on beside the others.
func (s *session) read() {
	r := bufio.NewReader(s.conn)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			s.d.mu.Lock()
			s.drop()
			s.d.mu.Unlock()
			return
		}
		s.d.workers.Go(func() { s.handle(line) })
	}
}

// write is the one writer of the connection.
func (s *session) write() {
	for {
		s.d.mu.Lock()
		line, received := s.nextLine()
		for line == nil && !s.dropped {
			s.d.moved.Wait()
			line, received = s.nextLine()
		}
		cut := s.cut
		s.cut = false
		dropped := s.dropped
		s.d.mu.Unlock()
		if dropped && line == nil {
			return
		}
		n := len(line)
		if cut {
			n /= 2
		}
		wrote, err := s.conn.Write(line[:n])
		if received && s.d.opts.Wrote != nil {
			s.d.opts.Wrote(line[:wrote], wrote == len(line))
		}
		if cut || err != nil {
			s.d.mu.Lock()
			s.drop()
			s.d.mu.Unlock()
		}
	}
}

// nextLine picks what to write next. d.mu is held.
func (s *session) nextLine() (line []byte, received bool) {
	if s.dropped {
		return nil, false
	}
	waiting := len(s.ordered) > 0 || len(s.subs) > 0 && len(s.d.queue) > 0
	if n := len(s.answers); n > 0 {
		at := 0
		if r := s.d.opts.Shuffle; r != nil {
			at = r.IntN(n)
			if waiting && r.IntN(2) == 0 {
				at = -1
			}
		}
		if at >= 0 {
			line = s.answers[at]
			s.answers = slices.Delete(s.answers, at, at+1)
			return line, false
		}
	}
	if len(s.ordered) > 0 {
		line, s.ordered = s.ordered[0], s.ordered[1:]
		return line, false
	}
	if !waiting {
		return nil, false
	}
	envelope := s.d.queue[0]
	s.d.queue = s.d.queue[1:]
	return s.notification(envelope), true
}

// notification puts an envelope into the shape that a subscriber gets.
func (s *session) notification(envelope []byte) []byte {
	if envelope[0] != '{' {
		return append(envelope, '\n') // a broken line, as it is
	}
	head := `{"jsonrpc":"2.0","method":"receive","params":`
	if sub := s.subs[0]; sub >= 0 {
		n, _ := json.Marshal(sub)
		return append(append(append([]byte(head+`{"subscription":`), n...), `,"result":`...), append(envelope, "}}\n"...)...)
	}
	return append([]byte(head), append(envelope, "}\n"...)...)
}

// CutNext writes only half of the next line, whatever it is, and ends the connection.
func (d *Daemon) CutNext() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s := range d.sessions {
		s.cut = true
	}
}
