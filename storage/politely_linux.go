package storage

import (
	"runtime"
	"syscall"
)

// nice is how far long work stands back behind what neighbours wait for; 19 is the most.
const nice = 10

// politely does long work on a thread of its own, at a lower priority, and returns when it
// is done. Linux has priorities for threads. Only root could raise this one's again, so
// the goroutine ends without unlocking it, and the runtime throws it away.
func politely(work func()) {
	done := make(chan any, 1)
	go func() {
		defer func() { done <- recover() }()
		runtime.LockOSThread()
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, nice) // without it, it works as well
		work()
	}()
	if failed := <-done; failed != nil {
		panic(failed)
	}
}
