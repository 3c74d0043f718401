package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"
)

// When memory is given back: once the bot has had next to nothing to do for a while, and
// there is enough to win.
const (
	restFor    = 3 * time.Second
	restsAt    = 15 * time.Millisecond // of processor time in that while; slow machines take some to idle
	worthwhile = 10                    // how many times as long as giving back the heap took it has worked since
	grown      = 6 << 20               // bytes that more of its files are resident than when they were given back
)

// giveBack returns memory to the system whenever the bot comes to rest, until ctx ends: what
// the heap no longer needs, and the pages of the program that only the work needed. Those
// are so quickly given back and fetched again, and so soon all there again, that it goes by
// them and not by the work.
func giveBack(ctx context.Context) {
	look := time.NewTicker(restFor)
	defer look.Stop()
	var heap thrift
	files := 0 // bytes of them that were left the last time
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		now := worked()
		rests := heap.rests(now)
		if rests && heap.due(now) {
			debug.FreeOSMemory()
			heap.gave(now, worked())
		}
		if rests && residentFiles() > files+grown {
			giveBackFiles()
			files = residentFiles()
		}
	}
}

// thrift judges by processor time when memory is to be given back.
type thrift struct {
	last  time.Duration // when it was last asked
	given time.Duration // when memory was last given back
	cost  time.Duration // and what that took
}

// rests is whether there was next to nothing to do since it was last asked, now that the
// process has taken so much altogether.
func (t *thrift) rests(now time.Duration) bool {
	since := now - t.last
	t.last = now
	return since < restsAt
}

// due is whether enough was worked since memory was last given back.
func (t *thrift) due(now time.Duration) bool { return now-t.given > worthwhile*t.cost }

// gave notes that memory was given back between two moments of processor time.
func (t *thrift) gave(from, to time.Duration) { t.cost, t.last, t.given = to-from, to, to }

// stretch is a part of the address space, from its first byte to the one after its last.
type stretch struct{ from, to uintptr }

// untouched finds what a process has mapped of files and never wrote to (its mappings as
// in proc_pid_smaps(5)): its machine code, and what comes with it to be read. It is in
// the file just the same. A page that somebody has written to, as the loader does and as
// debuggers do, is "anonymous", and rules out the whole mapping.
func untouched(smaps io.Reader) []stretch {
	var found []stretch
	var at stretch
	var ours bool
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		line := lines.Text()
		var next stretch
		var may, offset, device string
		var inode, own uint64
		if n, _ := fmt.Sscanf(line, "%x-%x %s %s %s %d", &next.from, &next.to, &may, &offset, &device, &inode); n == 6 {
			at, ours = next, inode != 0 && (may == "r-xp" || may == "r--p")
		} else if n, _ := fmt.Sscanf(line, "Anonymous: %d kB", &own); n == 1 && own == 0 && ours {
			found = append(found, at)
		}
	}
	return found
}
