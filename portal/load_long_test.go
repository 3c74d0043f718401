//go:build long

package portal_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/time/rate"
)

// The load of a day on which everybody looks at once.
const (
	loadPerSecond = 200
	loadSeconds   = 10
	tradeEvery    = 25 * time.Millisecond // at most one in it
)

// Two hundred pages a second in the process of the bot fail nobody, and keep nobody in
// the chat waiting twice as long. Seconds with the load and without it take turns, so that
// whatever else the machine does falls on both.
func TestLoad(t *testing.T) {
	h := open(t, settings{})
	h.livelyWeek()
	readers := []*browser{h.in("ann"), h.in("ben"), h.in("cat"), h.in("dee")}
	for _, b := range readers {
		b.http.Transport = &http.Transport{MaxIdleConnsPerHost: 50}
	}
	paths := []string{"/", "/board", "/board?q=boxes", "/statement", "/books", "/people", "/decisions", "/me"}
	var failed, served atomic.Int64
	arrivals, trades := rate.NewLimiter(loadPerSecond, 1), rate.NewLimiter(rate.Every(tradeEvery), 1)
	load := func() {
		var under sync.WaitGroup
		for n := range loadPerSecond {
			fine(t, arrivals.Wait(t.Context()))
			under.Go(func() {
				b := readers[n%len(readers)]
				resp, err := b.http.Get(b.at + paths[n/len(readers)%len(paths)])
				if err != nil || resp.StatusCode != http.StatusOK {
					failed.Add(1)
				}
				if err == nil {
					_ = resp.Body.Close()
				}
				served.Add(1)
			})
		}
		under.Wait()
	}
	var alone, beside []time.Duration
	trade := func() time.Duration {
		fine(t, trades.Wait(t.Context()))
		begun := time.Now()
		h.say("ben> /gave @ann 1m a hand", "ann> ✅", "ann> /gave @ben 1m a hand", "ben> ✅")
		return time.Since(begun)
	}
	trade()
	for range loadSeconds {
		for end := time.Now().Add(time.Second); time.Now().Before(end); {
			alone = append(alone, trade())
		}
		end := time.Now().Add(time.Second)
		var loading sync.WaitGroup
		loading.Go(load)
		for time.Now().Before(end) {
			beside = append(beside, trade())
		}
		loading.Wait()
	}
	ratio := float64(median(beside)) / float64(median(alone))
	t.Logf("%d pages, %d failed; %d trades alone, %d beside; a trade beside takes %.2f of one alone", served.Load(), failed.Load(), len(alone), len(beside), ratio)
	if failed.Load() > 0 || served.Load() != loadPerSecond*loadSeconds {
		t.Errorf("%d pages of %d failed", failed.Load(), served.Load())
	}
	if ratio > 2 {
		t.Errorf("a trade takes %.2f of what it does alone", ratio)
	}
}
