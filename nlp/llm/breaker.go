package llm

import "time"

// The breaker's figures.
const (
	failuresToOpen = 3
	firstPause     = time.Minute
	longestPause   = 30 * time.Minute
	longestAsked   = 24 * time.Hour // what a server may ask for with Retry-After
)

// breaker leaves a failing server alone: after a few failures in a row for a while, then
// it lets one request through to see, and if that fails, for twice as long.
type breaker struct {
	failures int
	pause    time.Duration // the last one; 0 while all is well
	until    time.Time
}

func (b *breaker) open(now time.Time) bool { return now.Before(b.until) }

func (b *breaker) succeeded() { *b = breaker{} }

// failed counts a failure. A pause that the server itself asks for is kept at once.
func (b *breaker) failed(now time.Time, asked time.Duration) {
	b.failures++
	if b.failures < failuresToOpen && asked <= 0 {
		return
	}
	b.pause = min(max(2*b.pause, firstPause), longestPause)
	b.until = now.Add(max(b.pause, min(asked, longestAsked)))
}
