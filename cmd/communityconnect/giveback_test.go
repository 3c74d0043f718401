package main

import (
	"testing"
	"time"
)

// Memory is given back at rest, and never costs more than a tenth of the work before it.
func TestThrift(t *testing.T) {
	const cost = 10 * time.Millisecond
	var since thrift
	var now time.Duration
	for i, look := range []struct {
		worked time.Duration
		due    bool
	}{
		{200 * time.Millisecond, false}, // it starts
		{time.Millisecond, true},
		{time.Millisecond, false}, // nothing to give
		{50 * time.Millisecond, false},
		{time.Millisecond, false}, // too little for the effort
		{60 * time.Millisecond, false},
		{restsAt, false}, // not yet at rest
		{restsAt - 1, true},
		{0, false},
	} {
		now += look.worked
		if due := since.rests(now) && since.due(now); due != look.due {
			t.Errorf("look %d, after %v: due %v", i, now, due)
		}
		if look.due {
			since.gave(now, now+cost)
			now += cost
		}
	}
}
