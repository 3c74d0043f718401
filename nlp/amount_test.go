package nlp

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"communityconnect/ledger"
)

type durationLine struct {
	ID      string          `json:"id"`
	Plain   string          `json:"text_plain"`
	Minutes *ledger.Minutes `json:"minutes"`
}

func durations(t testing.TB, file string) []durationLine {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []durationLine
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var l durationLine
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out = append(out, l)
	}
	return out
}

// Every phrase of the sets is read as its label says.
func TestAmountOfPhrases(t *testing.T) {
	for _, file := range []string{"testdata/durations.jsonl", "testdata/amounts.jsonl", "testdata/amounts2.jsonl", "testdata/amounts3.jsonl", "testdata/amounts4.jsonl", "testdata/amounts5.jsonl", "testdata/amounts6.jsonl"} {
		right, all := 0, 0
		for _, l := range durations(t, file) {
			m, ok := Amount(l.Plain)
			all++
			if ok != (l.Minutes != nil) || ok && m != *l.Minutes {
				want := "nothing"
				if l.Minutes != nil {
					want = l.Minutes.String()
				}
				t.Errorf("%s Amount(%q) = %v %v, want %s", l.ID, l.Plain, m, ok, want)
				continue
			}
			right++
		}
		t.Logf("%s: %d of %d", file, right, all)
	}
}
