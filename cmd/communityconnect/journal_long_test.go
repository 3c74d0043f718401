//go:build long

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// peers are the accounting programs that read our journal, and how each is asked for
// one line for each account, "120 min  members:2 Ann". They must be installed.
func peers() map[string]func(journal string) *exec.Cmd {
	return map[string]func(string) *exec.Cmd{
		"hledger": func(journal string) *exec.Cmd {
			return exec.Command("hledger", "-f", journal, "balance", "--flat", "--no-total", "--empty")
		},
		"ledger": func(journal string) *exec.Cmd {
			return exec.Command("ledger", "--args-only", "-f", journal, "balance", "--flat", "--no-total", "--empty")
		},
	}
}

// balances asks a peer what the journal adds up to. A balance of zero may have no line.
func balances(t testing.TB, name, journal string) map[string]ledger.Minutes {
	t.Helper()
	cmd := peers()[name](journal)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "COLUMNS=400")
	out, err := cmd.Output()
	if err != nil {
		if e, ok := err.(*exec.ExitError); ok {
			t.Fatalf("%s: %v: %s", name, err, e.Stderr)
		}
		t.Fatalf("%s: %v; install it with the system's package manager", name, err)
	}
	line := regexp.MustCompile(`^\s*(-?\d+)(?: min)?  (.+)$`)
	got := map[string]ledger.Minutes{}
	for _, l := range strings.Split(strings.TrimRight(string(out), "\n"), "\n") {
		m := line.FindStringSubmatch(l)
		if m == nil {
			t.Fatalf("%s says %q", name, l)
		}
		n, err := strconv.Atoi(m[1])
		fine(t, err)
		if n != 0 {
			got[m[2]] = ledger.Minutes(n)
		}
	}
	return got
}

// standings returns what the books say, under the names of the journal.
func standings(t testing.TB, db *storage.DB) map[string]ledger.Minutes {
	t.Helper()
	want := map[string]ledger.Minutes{}
	fine(t, db.View(func(tx *storage.Tx) error {
		b, err := openBooks(tx, noon)
		for _, h := range b.holders {
			if h.Balance != 0 {
				want[journalAccount(h)] = h.Balance
			}
		}
		return err
	}))
	return want
}

func journalOf(t testing.TB, db *storage.DB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "books.journal")
	f, err := os.Create(path)
	fine(t, err)
	fine(t, db.View(func(tx *storage.Tx) error {
		b, err := openBooks(tx, noon)
		if err != nil {
			return err
		}
		return writeJournal(f, b)
	}))
	fine(t, f.Close())
	return path
}

func agree(t testing.TB, name string, got, want map[string]ledger.Minutes) {
	t.Helper()
	for account, m := range want {
		if got[account] != m {
			t.Errorf("%s: %q stands at %d, the books say %d", name, account, got[account], m)
		}
	}
	for account, m := range got {
		if _, ok := want[account]; !ok {
			t.Errorf("%s: %q stands at %d, the books have no such account", name, account, m)
		}
	}
}

// hledger and ledger read the journal and come to the same balances.
func TestPeersReadTheJournal(t *testing.T) {
	db := riverside(t)
	journal := journalOf(t, db)
	for name := range peers() {
		agree(t, name, balances(t, name, journal), standings(t, db))
	}
	many := storagetest.New(t, 100)
	storagetest.Fill(t, many, 5000)
	journal = journalOf(t, many)
	for name := range peers() {
		agree(t, name, balances(t, name, journal), standings(t, many))
	}
}

// The tags reach the peers, so that a transfer can be found by its hash or its trade.
func TestPeersReadTheTags(t *testing.T) {
	journal := journalOf(t, riverside(t))
	for name, args := range map[string][]string{
		"hledger": {"-f", journal, "register", "tag:reverses=4"},
		"ledger":  {"--args-only", "-f", journal, "register", "%reverses=4"},
	} {
		out, err := exec.Command(name, args...).CombinedOutput()
		fine(t, err)
		if n := strings.Count(string(out), " min "); !strings.Contains(string(out), "it was not so") || n < 2 {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// Whatever people are called and whatever they write, the journal stays a journal.
func TestPeersReadAnyWords(t *testing.T) {
	words := rapid.OneOf(
		rapid.String(),
		rapid.StringOfN(rapid.RuneFrom([]rune("ab1 \t\n\r:;|()[]{}<>@=*!#%&~\"'`$,.-+/\\_^?é\u00a0\u2028ñ\u202e\u200b")), 1, 30, -1),
		rapid.SampledFrom([]string{"(Ann)", "[Ann]", "2026-01-01 * x", "account x", "include /etc/passwd", "; date:2020-01-01", "a  b", "=x", "~ monthly", "end comment", "comment", "!", "* x", "1 min", "P 2026", "@ 3 EUR", "x @@ 3", "{=1}", "a | b", "assert 0"}),
	)
	rapid.Check(t, func(rt *rapid.T) {
		db := storagetest.New(t, 2)
		defer db.Close()
		name := words.Draw(rt, "name")
		if clean, err := community.CleanName(name); err == nil && rapid.Bool().Draw(rt, "as given by the bot") {
			name = clean
		}
		storagetest.Update(t, db, func(tx *storage.Tx) error {
			for i := range 3 {
				text, err := tx.Write(words.Draw(rt, "what"))
				fine(t, err)
				_, err = ledger.Move(tx, ledger.Transfer{From: 2, To: ledger.AccountID(1 + 2*(i%2)), Minutes: ledger.Minutes(i + 1), Kind: ledger.OfGift, At: noon, What: text})
				fine(t, err)
			}
			return nil
		})
		tamper(t, db.Path(), fmt.Sprintf("UPDATE member SET name = CAST(x'%x' AS TEXT) WHERE id = 1", name))
		journal := journalOf(t, db)
		for peer := range peers() {
			agree(t, peer, balances(t, peer, journal), standings(t, db))
		}
		if t.Failed() {
			b, _ := os.ReadFile(journal)
			rt.Fatalf("%s", b)
		}
	})
}
