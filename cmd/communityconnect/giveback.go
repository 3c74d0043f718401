package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"
)

// When memory is given back: what the start took, and then what an hour may have left.
const (
	giveBackFirst = 15 * time.Second
	giveBackEvery = time.Hour
)

// giveBack returns memory that is not used to the system now and then, until ctx ends: of
// the heap, and of the program itself.
func giveBack(ctx context.Context) {
	for pause := giveBackFirst; ; pause = giveBackEvery {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
			debug.FreeOSMemory()
			giveBackFiles()
		}
	}
}

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
