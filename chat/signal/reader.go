package signal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
)

const (
	// lineAtMost is the longest line that is read. Signal's texts end at 64 KiB, a list of
	// the groups of a busy account at a few MiB.
	lineAtMost = 64 << 20

	readAtOnce = 64 << 10
)

// reader splits what it reads into lines.
type reader struct {
	r     *bufio.Reader
	space []byte // where lines are put, many in one piece of memory
}

// line returns the next line without its end, in memory that is not used again. With an
// error comes what was read of a line that has no end.
func (r *reader) line() ([]byte, error) {
	part, err := r.r.ReadSlice('\n')
	if err == nil {
		return r.keep(bytes.TrimRight(part, "\r\n")), nil
	}
	line := bytes.Clone(part)
	for errors.Is(err, bufio.ErrBufferFull) && len(line) < lineAtMost {
		part, err = r.r.ReadSlice('\n')
		line = append(line, part...)
	}
	if errors.Is(err, bufio.ErrBufferFull) {
		err = fmt.Errorf("a line is longer than %d bytes", lineAtMost)
	}
	return bytes.TrimRight(line, "\r\n"), err
}

// keep copies a line.
func (r *reader) keep(line []byte) []byte {
	if len(r.space) < len(line) {
		r.space = make([]byte, max(readAtOnce, len(line)))
	}
	kept := r.space[:len(line):len(line)]
	r.space = r.space[len(line):]
	copy(kept, line)
	return kept
}
