//go:build long

package bot_test

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkTradeOnSlowDisk is BenchmarkTrade on a disk that takes a millisecond for a
// flush, as the disks of small servers do, and with flushes counted:
//
//	flushes/trade       of 64 confirmations waiting at once, until they are durable
//	sent-flushes/trade  until all that the bot has to say about them is sent and noted
func BenchmarkTradeOnSlowDisk(b *testing.B) {
	d := newDisk(b)
	d.flushTakes(time.Millisecond)
	cmd := child(b, preload(b, "disk"), d, "-test.run=^$", "-test.bench=^BenchmarkTrade$", "-test.benchtime=10x")
	for b.Loop() {
		out, err := cmd.Output()
		if err != nil {
			b.Fatal(err)
		}
		relay(b, out)
	}
}

// relay reports the metrics of a child's benchmarks as those of this one.
func relay(b *testing.B, out []byte) {
	b.ReportMetric(0, "ns/op")
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		_, name, _ := strings.Cut(fields[0], "/")
		name, _, _ = strings.Cut(name, "-")
		for i := 2; i+1 < len(fields); i += 2 {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(v, name+":"+fields[i+1])
		}
	}
}
