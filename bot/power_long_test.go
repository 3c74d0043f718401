//go:build long

package bot_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"communityconnect/ledger"
	"communityconnect/storage"
)

// TestPowerCut records what a busy bot does to its files and cuts the power at 1,000
// random points: nothing acknowledged may be lost, nothing said may be untrue, and
// nothing may be damaged. To show that the test would notice, the same is done with
// synchronous=NORMAL, the driver's own default: then most cuts must lose something.
func TestPowerCut(t *testing.T) {
	t.Run("full", func(t *testing.T) {
		const cuts = 1000
		records, names := recorded(t, "FULL")
		for _, c := range cutAt(records, cuts, 1) {
			if lost := c.check(t, names); lost > 0 {
				t.Errorf("a cut after %d of %d records lost %d things", c.records, len(records), lost)
			}
		}
	})
	t.Run("normal", func(t *testing.T) {
		const cuts = 100
		losing := 0
		records, names := recorded(t, "NORMAL")
		for _, c := range cutAt(records, cuts, 2) {
			if c.check(t, names) > 0 {
				losing++
			}
		}
		t.Logf("%d of %d cuts lost something", losing, cuts)
		if losing < cuts/2 {
			t.Errorf("only %d of %d cuts lost something without flushes: the test is blind", losing, cuts)
		}
	})
}

// recorded runs the child and reads its record.
func recorded(t *testing.T, synchronous string) (all []record, names map[byte]string) {
	t.Helper()
	return recordedOf(t, "power", synchronous)
}

// recordedOf runs one of the children.
func recordedOf(t *testing.T, child, synchronous string) (all []record, names map[byte]string) {
	t.Helper()
	const trades = 320
	dir := t.TempDir()
	log := filepath.Join(dir, "record")
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childName+"="+child, "LD_PRELOAD="+preload(t, "powercut"), powerLog+"="+log,
		powerFiles+"="+filepath.Join(dir, "power.db"), powerTrades+"="+strconv.Itoa(trades), powerSync+"="+synchronous)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	names = map[byte]string{}
	for len(b) >= 16 {
		length := binary.NativeEndian.Uint32(b[4:])
		r := record{op: b[0], file: b[1], at: int64(binary.NativeEndian.Uint64(b[8:])), data: b[16 : 16+length]}
		b = b[16+length:]
		if r.op == recNamed {
			names[r.file] = strings.TrimPrefix(string(r.data), filepath.Join(dir, "power.db"))
			continue
		}
		all = append(all, r)
	}
	t.Logf("%d records", len(all))
	return all, names
}

// cut is what a power cut leaves.
type cut struct {
	records int
	files   map[byte][]byte
	acked   map[int64]bool // trades: true once the confirmation was acknowledged
	said    []string
}

// cutAt yields the state after each of n random cuts, in order. What was flushed is
// there; of what was written since, any sectors of 512 bytes may be. A removal counts
// from the next flush of any file, as in a journalling file system.
func cutAt(all []record, n int, seed uint64) func(func(int, *cut) bool) {
	random := rand.New(rand.NewPCG(seed, 0))
	at := make([]int, n)
	for i := range at {
		at[i] = 1 + random.IntN(len(all))
	}
	slices.Sort(at)
	return func(yield func(int, *cut) bool) {
		d := surface{files: map[byte][]byte{}, pending: map[byte][]record{}}
		c := &cut{acked: map[int64]bool{}}
		for i, where := range at {
			for ; c.records < where; c.records++ {
				r := all[c.records]
				switch r.op {
				case recAcked:
					c.acked[r.at] = c.acked[r.at] || r.file == 1
				case recSaid:
					c.said = append(c.said, string(r.data))
				case recFlushed:
					d.flush(r.file)
				default:
					d.pending[r.file] = append(d.pending[r.file], r)
				}
			}
			c.files = d.after(random, []float64{0, 0.5, random.Float64()}[i%3])
			if !yield(i, c) {
				return
			}
		}
	}
}

// surface is the disk: what is on it for good, and what is not yet.
type surface struct {
	files   map[byte][]byte
	pending map[byte][]record
}

func (d *surface) flush(file byte) {
	for _, r := range d.pending[file] {
		d.files[file] = write(d.files[file], r)
	}
	delete(d.pending, file)
	for other, waiting := range d.pending {
		for i, r := range waiting {
			if r.op == recRemoved {
				delete(d.files, other)
				d.pending[other] = waiting[i+1:]
			}
		}
	}
}

// after copies the disk with each pending sector on it with some probability.
func (d *surface) after(random *rand.Rand, probability float64) map[byte][]byte {
	files := map[byte][]byte{}
	for file, content := range d.files {
		files[file] = slices.Clone(content)
	}
	for file, waiting := range d.pending {
		for _, r := range waiting {
			if r.op != recWritten {
				if random.Float64() < probability {
					files[file] = write(files[file], r)
				}
				continue
			}
			for s := 0; s < len(r.data); s += 512 {
				if random.Float64() < probability {
					sector := record{op: recWritten, at: r.at + int64(s), data: r.data[s:min(s+512, len(r.data))]}
					files[file] = write(files[file], sector)
				}
			}
		}
	}
	return files
}

// write carries out one record on a file's content; nil is no file.
func write(content []byte, r record) []byte {
	switch r.op {
	case recWritten:
		if end := int(r.at) + len(r.data); end > len(content) {
			content = append(content, make([]byte, end-len(content))...)
		}
		copy(content[r.at:], r.data)
		return content
	case recTruncated:
		if int(r.at) <= len(content) {
			return content[:r.at]
		}
		return append(content, make([]byte, int(r.at)-len(content))...)
	default:
		return nil
	}
}

// check opens what is left as the bot would after the cut, and counts what was
// acknowledged or said and is not there.
func (c *cut) check(t *testing.T, names map[byte]string) (lost int) {
	t.Helper()
	dir, err := os.MkdirTemp("", "powercut")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "cut.db")
	for file, content := range c.files {
		if content == nil {
			continue
		}
		if err := os.WriteFile(path+names[file], content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db, err := storage.Open(path)
	if err != nil {
		t.Fatalf("after %d records the file can't be opened: %v", c.records, err)
	}
	defer db.Close()
	var sound string
	if err := writer(db).QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("after %d records the file is damaged: %v %s", c.records, err, sound)
	}
	if report, err := db.Audit(nil); err != nil || !report.OK() {
		t.Errorf("after %d records the audit fails: %v %v", c.records, err, report.Faults)
	}
	states := map[string]ledger.TradeState{}
	if err := db.View(func(tx *storage.Tx) error {
		for row, err := range tx.EveryTrade() {
			if err != nil {
				return err
			}
			states[row.Value.What.Body] = row.Value.State
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for n, confirmed := range c.acked {
		if state := states[fmt.Sprintf("chore%d", n)]; state == "" || confirmed && state != ledger.Posted {
			lost++
		}
	}
	for _, text := range c.said {
		n, ok := choreIn(text)
		if state := states[fmt.Sprintf("chore%d", n)]; ok && (state == "" || strings.Contains(text, "ecorded") && state != ledger.Posted) {
			lost++
		}
	}
	return lost
}
