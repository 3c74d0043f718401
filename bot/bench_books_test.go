package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// BenchmarkOldBooks compares, turn by turn in one run, what a neighbour does in books of
// a thousand transfers and of a million; everybody has a hundredth of them all on one
// side or the other. Then the bot is started on the million in a process of its own.
// Making the million takes a minute or two.
//
//	old/young   the ratio of the medians
//	ready-ms    from the start of the process's work to an engine that is ready; the audit is in it
//	audit-ms    the audit alone
//	rss-MB      memory of the process once it is idle
func BenchmarkOldBooks(b *testing.B) {
	const members = 100
	var houses []*house
	for _, transfers := range []int{1000, 1_000_000} {
		db := storagetest.New(b, members)
		storagetest.Fill(b, db, transfers)
		h := &house{t: b, db: db, line: newPretendLine(time.Now), now: time.Now}
		h.start()
		houses = append(houses, h)
	}
	for name, act := range map[string]func(h *house){
		"trade": func(h *house) {
			h.deliver(h.gave(1, 2, inDM(1), "5m an afternoon of help"))
			h.settle()
			h.deliver(h.tapped(2, inDM(2), "✅", h.line.last(inDM(2)).sent))
		},
		"balance": func(h *house) { h.deliver(h.said(1, inDM(1), "/balance")) },
		"history": func(h *house) { h.deliver(h.said(1, inDM(1), "/history")) },
	} {
		b.Run(name, func(b *testing.B) {
			var took [2][]time.Duration
			for n := 0; b.Loop(); n++ {
				for turn := range houses {
					i := (turn + n) % len(houses) // each goes first every other time
					h := houses[i]
					begun := time.Now()
					act(h)
					took[i] = append(took[i], time.Since(begun))
					h.settle()
					h.line.forget()
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(median(took[1]).Microseconds()), "old-µs")
			b.ReportMetric(float64(median(took[1]))/float64(median(took[0])), "old/young")
		})
	}
	for _, h := range houses {
		closeHouse(h)
	}
	b.Run("start", func(b *testing.B) { started(b, houses[1].db.Path()) })
}

// started starts the bot on a file, each time in a new process.
func started(b *testing.B, path string) {
	var ready, audit []time.Duration
	var rss int64
	for b.Loop() {
		if len(ready) == 7 {
			continue // that is enough of them
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childName+"=start", planName+"="+path)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			b.Fatal(err)
		}
		var s startReport
		if err := json.Unmarshal(out, &s); err != nil {
			b.Fatal(err)
		}
		ready, audit, rss = append(ready, s.Ready), append(audit, s.Audit), s.RSS
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(median(ready).Milliseconds()), "ready-ms")
	b.ReportMetric(float64(median(audit).Milliseconds()), "audit-ms")
	b.ReportMetric(float64(rss)/1024, "rss-MB")
}

// startReport is what a child that only starts tells.
type startReport struct {
	Ready, Audit time.Duration
	RSS          int64 // KiB
}

// startChild starts the bot on a file, waits until it is idle, and tells how that went.
func startChild() error {
	begun := time.Now()
	db, err := storage.Open(os.Getenv(planName))
	if err != nil {
		return err
	}
	engine, err := bot.New(bot.Options{DB: db, Line: newPretendLine(time.Now), Self: self, Group: group, Council: council,
		Now: time.Now, Log: zerolog.Nop()})
	if err != nil {
		return err
	}
	s := startReport{Ready: time.Since(begun)}
	if s.RSS, err = idleMemory(engine); err != nil {
		return err
	}
	begun = time.Now()
	if _, err := db.Audit(nil); err != nil {
		return err
	}
	s.Audit = time.Since(begun)
	if err := json.NewEncoder(os.Stdout).Encode(s); err != nil {
		return err
	}
	return db.Close()
}

// idleMemory lets the engine answer one question and returns what the process holds
// after that, in KiB.
func idleMemory(engine *bot.Engine) (int64, error) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	err := engine.Deliver(ctx, chat.Message{Kind: chat.Said, From: person(1), Sent: chat.TimestampOf(time.Now()), In: inDM(1), Text: "/balance"})
	if err == nil {
		err = engine.Settle(ctx)
	}
	stop()
	if failed := <-ended; err == nil {
		err = failed
	}
	debug.FreeOSMemory() // the runtime does so by itself within minutes
	status, readErr := os.ReadFile(filepath.Join("/proc", "self", "status"))
	if err == nil {
		err = readErr
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kib int64
	if err == nil {
		_, err = fmt.Sscan(rest, &kib)
	}
	return kib, err
}
