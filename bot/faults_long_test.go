//go:build long

package bot_test

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// TestDiskErrors lets the disk under a running bot fail in the kernel's own words, at
// writing or at flushing, again and again: nothing acknowledged is lost, nothing is
// doubled, and the bot goes on by itself each time.
func TestDiskErrors(t *testing.T) {
	library := preload(t, "disk")
	for name, fault := range map[string]struct {
		control int
		errno   syscall.Errno
	}{
		"full":          {writeError, syscall.ENOSPC},
		"write error":   {writeError, syscall.EIO},
		"flush error":   {flushError, syscall.EIO},
		"flush refuses": {flushError, syscall.ENOSPC},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, d := newStorm(t, 3), newDisk(t)
			s.environment = []string{"LD_PRELOAD=" + library, controlName + "=" + d.control.Name()}
			for range 12 {
				s.logOne()
			}
			told, failures := 0, 0
			heal := func() { d.set(fault.control, 0) }
			healing := time.AfterFunc(0, heal)
			s.play(crashPlan{}, func(*os.Process) {
				if told++; told%15 == 0 {
					failures++
					d.set(fault.control, int64(fault.errno))
					healing.Reset(1500 * time.Millisecond)
				}
			})
			healing.Stop()
			heal() // the next one must be able to open the file
			s.check()
			s.finish()
			if s.paused == 0 || s.paused != s.resumed {
				t.Errorf("the line was paused %d times and resumed %d times; the disk failed %d times", s.paused, s.resumed, failures)
			}
		})
	}
}
