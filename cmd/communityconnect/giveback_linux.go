package main

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// worked is the processor time that the process has taken since it began.
func worked() time.Duration {
	var took syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &took); err != nil {
		return 0
	}
	return time.Duration(took.Utime.Nano() + took.Stime.Nano())
}

// residentFiles is how many bytes of files the process has in memory: those of its own
// program and libraries, nearly all. It is 0 where the system doesn't say.
func residentFiles() int {
	statm, err := os.ReadFile("/proc/self/statm") // in pages; see proc_pid_statm(5)
	if err != nil {
		return 0
	}
	var size, resident, shared int
	if _, err := fmt.Sscan(string(statm), &size, &resident, &shared); err != nil {
		return 0
	}
	return shared * os.Getpagesize()
}

// giveBackFiles lets go of the pages of the program's own file and its libraries, most of
// which only the start needed: Linux maps them in large pieces, and takes none back until
// memory is short. What is used again comes from the cache of files within microseconds.
// Where the system refuses, they stay.
func giveBackFiles() {
	smaps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer smaps.Close()
	for _, at := range untouched(smaps) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, at.from, at.to-at.from, syscall.MADV_DONTNEED)
	}
}
