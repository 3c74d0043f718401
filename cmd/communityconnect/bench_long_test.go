//go:build long

package main

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"

	"communityconnect/storage/storagetest"
)

// auditedFile is the environment's word for TestAuditOfOneFile, which is no test of its
// own but the child process of others.
const auditedFile = "COMMUNITYCONNECT_TEST_AUDIT"

func TestAuditOfOneFile(t *testing.T) {
	path, ok := os.LookupEnv(auditedFile)
	if !ok {
		return // not called as a child
	}
	if code := run(context.Background(), []string{"audit", "--db", path}, os.Stdin, os.Stdout, os.Stderr); code != exitFine {
		t.Fatalf("exit code %d", code)
	}
	status, err := os.ReadFile("/proc/self/status")
	fine(t, err)
	t.Logf("%s", regexp.MustCompile(`VmHWM.*`).Find(status))
}

// auditAlone audits a file in a process of its own and returns the most memory that it
// had, in megabytes.
func auditAlone(t testing.TB, path string) (mb int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestAuditOfOneFile$", "-test.v")
	cmd.Env = append(os.Environ(), auditedFile+"="+path)
	out, err := cmd.CombinedOutput()
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(out)
	if err != nil || m == nil {
		t.Fatalf("%v: %s", err, out)
	}
	kb, err := strconv.Atoi(string(m[1]))
	fine(t, err)
	return kb / 1024
}

// The audit of a million transfers fits into 150 MB of memory.
func TestAuditMemory(t *testing.T) {
	db := storagetest.New(t, 100)
	storagetest.Fill(t, db, 1_000_000)
	fine(t, db.Close())
	start := time.Now()
	mb := auditAlone(t, db.Path())
	t.Logf("%d MB, %s", mb, time.Since(start).Round(time.Millisecond))
	if mb > 150 {
		t.Errorf("the audit took %d MB", mb)
	}
}

// The audit of 100,000 transfers among 10,000 households, against hledger and ledger
// balancing the journal of the same transfers. Theirs includes reading text, ours
// checking every hash; the ratio of the whole commands is what a treasurer would notice.
// ledger is also asked as it is usually typed: its default report is a tree, which costs
// it far more than the flat list for accounts as many as these.
func BenchmarkAuditAgainstPeers(b *testing.B) {
	db := storagetest.New(b, 10_000)
	storagetest.Fill(b, db, 100_000)
	journal, want := journalOf(b, db), standings(b, db)
	fine(b, db.Close())
	took := map[string]time.Duration{}
	rounds := 0
	for b.Loop() {
		rounds++
		start := time.Now()
		auditAlone(b, db.Path())
		took["audit"] += time.Since(start)
		for name := range peers() {
			start := time.Now()
			got := balances(b, name, journal)
			took[name] += time.Since(start)
			agree(b, name, got, want)
		}
		start = time.Now()
		if err := exec.Command("ledger", "--args-only", "-f", journal, "balance").Run(); err != nil {
			b.Fatal(err)
		}
		took["ledger-balance-as-typed"] += time.Since(start)
	}
	b.ReportMetric(0, "ns/op")
	for name, d := range took {
		b.ReportMetric(d.Seconds()/float64(rounds), "s-"+name)
		if name != "audit" {
			b.ReportMetric(d.Seconds()/took["audit"].Seconds(), "x-"+name)
		}
	}
}
