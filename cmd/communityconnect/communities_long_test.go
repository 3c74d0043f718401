//go:build long

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
	"communityconnect/storage"
)

// manyCommunities is how many one process has to bear.
const manyCommunities = 200

// crowd makes so many communities of three people each; one person in ten is in two.
func crowd(t *testing.T, n int) (*district, map[string]chat.PersonID) {
	var members [][]string
	for i := range n {
		all := []string{fmt.Sprint("Ann", i), fmt.Sprint("Ben", i), fmt.Sprint("Cleo", i)}
		if i%10 == 9 {
			all[2] = fmt.Sprint("Cleo", i-1)
		}
		members = append(members, all)
	}
	return newDistrict(t, members...)
}

// A week of 200 communities in one process, on one account: trades every day in each, a
// restart in the middle. Every trade is in the books of its community and of no other,
// everybody who is in two communities has been asked once, and all sums are zero.
func TestWeekOfManyCommunities(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		d, people := crowd(t, manyCommunities)
		d.sweep = 30 * time.Minute // two million looks at the deadlines would prove no more
		trades := make([]int, manyCommunities)
		d.start()
		d.pass(time.Hour)
		for day := range 7 {
			for i := range manyCommunities {
				ann, ben := people[fmt.Sprint("Ann", i)], people[fmt.Sprint("Ben", i)]
				if day == 0 {
					d.Say(ann, signaltest.Direct(ann), "hello")
					d.Say(ben, signaltest.Direct(ben), "hello")
				}
				if rng.IntN(3) > 0 {
					d.Say(ann, signaltest.Direct(ann), fmt.Sprintf("/gave ben%d 1h c%d-%d", i, i, day))
					trades[i]++
				}
				if i%10 == 9 && day == 1 {
					shared := people[fmt.Sprint("Cleo", i-1)]
					d.Say(shared, signaltest.Direct(shared), "/balance")
				}
			}
			d.pass(6 * time.Hour)
			for i := range manyCommunities {
				ben := people[fmt.Sprint("Ben", i)]
				d.Say(ben, signaltest.Direct(ben), "yes")
			}
			d.pass(18 * time.Hour)
			if day == 3 {
				d.end()
				d.start()
			}
		}
		d.end()
		for i, c := range d.conf.Communities {
			db, err := storage.OpenReader(c.Database)
			fine(t, err)
			report, err := db.Audit(nil)
			if err != nil || !report.OK() || report.Sum != 0 || report.Transfers != int64(trades[i]) {
				t.Errorf("community %d: %d transfers for %d trades, %v, %v", i, report.Transfers, trades[i], report.Faults, err)
			}
			fine(t, db.View(func(tx *storage.Tx) error {
				all, err := tx.PostedTrades(100)
				for _, trade := range all {
					if !strings.HasPrefix(trade.What.Body, fmt.Sprintf("c%d-", i)) {
						t.Errorf("community %d has a trade of another", i)
					}
				}
				return err
			}))
			fine(t, db.Close())
			if i%10 == 9 {
				shared := people[fmt.Sprint("Cleo", i-1)]
				if told := d.texts(signaltest.Direct(shared)); len(told) != 1 || !strings.HasPrefix(told[0], "You're in more than one community") {
					t.Errorf("who is in two communities read %q", told)
				}
			}
		}
	})
}

// What the whole program takes while it is idle, with one community and with many.
func TestMemoryOfManyCommunities(t *testing.T) {
	program := t.TempDir() + "/communityconnect"
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	takes := map[int]int{}
	for _, n := range []int{1, manyCommunities} {
		d, _ := crowd(t, n)
		file := d.onSocketAs(func(i int) string { return fmt.Sprintf("c%d.db", i) })
		cmd := exec.Command(program, "run", "--config", file)
		fine(t, cmd.Start())
		for range n { // every introduction
			if _, err := d.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(10 * time.Second)
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		fine(t, err)
		m := regexp.MustCompile(`VmRSS:\s*(\d+) kB`).FindSubmatch(status)
		takes[n], err = strconv.Atoi(string(m[1]))
		fine(t, err)
		fine(t, cmd.Process.Signal(syscall.SIGTERM))
		fine(t, cmd.Wait())
	}
	each := float64(takes[manyCommunities]-takes[1]) / 1024 / (manyCommunities - 1)
	t.Logf("idle: %.1f MiB with one community, %.1f MiB with %d: %.2f MiB for each more", float64(takes[1])/1024, float64(takes[manyCommunities])/1024, manyCommunities, each)
	if each > 3 {
		t.Error("a community more takes more than 3 MiB")
	}
}
