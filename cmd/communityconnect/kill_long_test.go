//go:build long

package main

import (
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"

	"communityconnect/chat/signal/signaltest"
)

// victim is the bot as a process of its own, to be killed.
type victim struct {
	t       *testing.T
	config  string
	process *exec.Cmd
	hears   *os.File // ends when it can be told to stop
	kills   int
}

func (v *victim) start() {
	hears, tell, err := os.Pipe()
	fine(v.t, err)
	v.hears = hears
	v.process = exec.Command(os.Args[0])
	v.process.ExtraFiles = []*os.File{tell}
	v.process.Env = append(os.Environ(), asHasty+"="+v.config)
	if testing.Verbose() {
		v.process.Stderr = os.Stderr
	}
	fine(v.t, v.process.Start())
	fine(v.t, tell.Close())
}

// stop ends the process, and waits until it is gone. It can be killed at any time, but told
// to stop only when it hears.
func (v *victim) stop(with syscall.Signal) {
	defer v.hears.Close()
	if with == syscall.SIGTERM {
		_, err := io.ReadAll(v.hears)
		fine(v.t, err)
	}
	fine(v.t, v.process.Process.Signal(with))
	if err := v.process.Wait(); (err == nil) != (with == syscall.SIGTERM) {
		v.t.Errorf("the bot ended with %v", err)
	}
}

// The same storm, with the bot killed in the middle of it, again and again: what reached
// the inbox has its effect once, what had to be said was said, twice only with a mark, in
// order, and the books hold. What signal-cli had handed over when the bot was killed and
// was not yet in the inbox is lost: it is counted, and is always the last before the kill.
func TestBlizzardWithKills(t *testing.T) {
	const seed = 11
	var names []string
	for i := range 20 {
		names = append(names, "Person"+string(rune('a'+i)))
	}
	b := &blizzard{rng: rand.New(rand.NewPCG(seed, 2)), epochs: [][]int{nil}, scale: 2 * time.Second}
	b.village, b.people = newVillage(t, signaltest.Options{Receipts: true, Shuffle: rand.New(rand.NewPCG(seed, 1)), Wrote: b.wrote}, 3, names...)
	bot := &victim{t: t, config: b.onSocket()}
	database := b.conf.Communities[0].Database
	b.conf.Communities[0].Database = beside(bot.config, database)
	hurry := 50 * time.Millisecond
	b.pause = func(d time.Duration) { time.Sleep(min(d, hurry)) }
	b.begin = bot.start
	b.cease = func() {
		if b.rng.IntN(8) == 0 {
			bot.stop(syscall.SIGTERM)
			return
		}
		bot.kills++
		bot.stop(syscall.SIGKILL)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.epochs = append(b.epochs, nil)
	}
	bot.start()
	if _, err := b.Next(t.Context()); err != nil { // it has introduced itself
		t.Fatal(err)
	}
	for _, p := range b.people {
		b.Say(p, signaltest.Direct(p), "hello")
	}
	for kill := 40; b.number < 2000; {
		b.step()
		if b.number >= kill {
			b.cease()
			b.begin()
			kill += 40
		}
	}
	hurry = time.Second
	b.calm()
	bot.stop(syscall.SIGTERM)
	b.verify(seed)
	b.verifyLost()
	t.Logf("%d kills; of %d messages that signal-cli had handed over, %d were lost on the way to the inbox", bot.kills, len(slices.Compact(b.whole)), b.lost())
}

// verifyLost holds that what was lost was on its way when the bot was killed: nothing that
// was handed over after it, to the same bot, has arrived.
func (b *blizzard) verifyLost() {
	times := map[int]int{}
	for _, n := range b.whole {
		times[n]++
	}
	for i, epoch := range b.epochs {
		missing := 0
		for _, n := range epoch {
			_, arrived := slices.BinarySearch(b.inbox, n)
			switch {
			case !arrived:
				missing = n
			case missing != 0 && times[n] == 1:
				b.t.Errorf("between kills %d and %d storm-%d is missing, and storm-%d after it arrived", i, i+1, missing, n)
			}
		}
	}
}
