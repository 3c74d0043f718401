package main

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// Only what is a file's, is not written to, and never was, may be let go.
func TestUntouchedLeavesWhatWasWritten(t *testing.T) {
	mapping := func(head string, own int) string {
		return head + "\nSize: 8 kB\nRss: 8 kB\nAnonymous: " + strconv.Itoa(own) + " kB\nVmFlags: rd mr mw me sd\n"
	}
	smaps := mapping("00400000-00402000 r--p 00000000 fe:00 77 /opt/a program", 0) +
		mapping("00402000-00408000 r-xp 00002000 fe:00 77 /opt/a program", 0) +
		mapping("00408000-0040a000 r--p 00008000 fe:00 77 /opt/a program", 4) + // the loader wrote addresses
		mapping("0040a000-0040c000 rw-p 0000a000 fe:00 77 /opt/a program", 0) +
		mapping("7f0000000000-7f0000002000 r-xp 00000000 fe:00 78 /lib/libc.so.6", 4) + // a debugger's breakpoint
		mapping("7f0000002000-7f0000004000 r--p 00000000 00:00 0", 0) + // no file
		mapping("7f0000004000-7f0000006000 r--s 00000000 fe:00 79 /home/books.db", 0) + // shared
		mapping("7f0000006000-7f0000008000 ---p 00000000 fe:00 78 /lib/libc.so.6", 0) +
		mapping("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]", 0)
	got := untouched(strings.NewReader(smaps))
	want := []stretch{{0x400000, 0x402000}, {0x402000, 0x408000}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%x is let go, want %x", got, want)
	}
}

// What is let go is no longer resident, and reads the same when it is needed again: each
// time the bot comes to rest, however little it did in between.
func TestGiveBackFiles(t *testing.T) {
	program, err := os.Executable()
	fine(t, err)
	content, err := os.ReadFile(program)
	fine(t, err)
	file, err := os.Open(program)
	fine(t, err)
	defer file.Close()
	mapped, err := syscall.Mmap(int(file.Fd()), 0, len(content), syscall.PROT_READ, syscall.MAP_PRIVATE)
	fine(t, err)
	defer func() { fine(t, syscall.Munmap(mapped)) }()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { giveBack(ctx) })
		for range 3 {
			if !bytes.Equal(mapped, content) {
				t.Error("what was let go came back as something else")
			}
			before := residentFiles()
			time.Sleep(2 * restFor) // after the first it has rested
			synctest.Wait()
			if after := residentFiles(); after > before-len(content)*3/4 {
				t.Errorf("%d bytes of files were resident, %d of them could have been let go, and still %d are", before, len(content), after)
			}
		}
		stop()
		done.Wait()
	})
}
