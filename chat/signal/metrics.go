package signal

import (
	"maps"
	"sync"
	"time"

	"communityconnect/chat"
)

// Metrics is a snapshot of a line's counters. They count from the making of the line.
type Metrics struct {
	State   State
	Version string // of signal-cli, "" before the first connection

	LastEnvelope time.Time // when something last came from Signal; zero if nothing has
	Waiting      int       // read, not yet durable
	Automatic    bool      // the last message came although nobody had asked: see NotManual

	Received   uint64 // lines that brought something
	Messages   map[chat.Kind]uint64
	Arrivals   uint64
	Undecoded  uint64            // lines that could not be understood
	Cut        uint64            // of these, lines cut short by the end of a connection
	Ignored    map[string]uint64 // by reason
	Exceptions map[string]uint64 // messages the daemon could not decrypt, by exception

	Sends    map[string]uint64 // by outcome: "sent" or a chat.Outcome
	Results  map[string]uint64 // by signal-cli's result type, one for each recipient
	Failures map[int]uint64    // refused sends, by signal-cli's error code

	Connections uint64 // made so far; one less are reconnections
	Deliveries  uint64 // batches that the handler made durable
	Refused     uint64 // batches that it could not
}

// meter is where a line counts.
type meter struct {
	mu sync.Mutex
	m  Metrics
}

// keysAtMost bounds each of the maps, whose keys come from the daemon.
const keysAtMost = 64

func newMeter() *meter {
	return &meter{m: Metrics{
		State:    Offline,
		Messages: map[chat.Kind]uint64{}, Ignored: map[string]uint64{}, Exceptions: map[string]uint64{},
		Sends: map[string]uint64{}, Results: map[string]uint64{}, Failures: map[int]uint64{},
	}}
}

// do changes the counters.
func (t *meter) do(f func(m *Metrics)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f(&t.m)
}

// snapshot copies the counters.
func (t *meter) snapshot() Metrics {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.m
	out.Messages, out.Ignored, out.Exceptions = maps.Clone(t.m.Messages), maps.Clone(t.m.Ignored), maps.Clone(t.m.Exceptions)
	out.Sends, out.Results, out.Failures = maps.Clone(t.m.Sends), maps.Clone(t.m.Results), maps.Clone(t.m.Failures)
	return out
}

// count adds one to a counter by name.
func count[K comparable](m map[K]uint64, key, other K) {
	if _, known := m[key]; !known && len(m) >= keysAtMost {
		key = other
	}
	m[key]++
}
