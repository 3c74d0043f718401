package community

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"communityconnect/ledger"
)

// A code is read as it is shown, however it is typed, and no name is taken for one.
func TestCodes(t *testing.T) {
	source := rand.NewChaCha8([32]byte{1})
	random := func(b []byte) { _, _ = source.Read(b) }
	seen := map[string]bool{}
	for range 200 {
		code := NewCode(random)
		if seen[code] {
			t.Fatalf("%s came twice in two hundred", code)
		}
		seen[code] = true
		for _, typed := range []string{code, ShowCode(code), code[:3] + " " + code[3:], "  " + code} {
			if got, ok := ParseCode(typed); !ok || got != code {
				t.Fatalf("%q is read as %q", typed, got)
			}
		}
	}
	if got, ok := ParseCode("ktr-mbd"); !ok || got != "KTRMBD" {
		t.Errorf("small letters are read as %q", got)
	}
	for _, typed := range []string{"", "Ann", "@Ann", "Brendan", "KTRMB", "KTRMBDK", "KTR-MB1", "KTRMBÄ", "Glynns"} {
		if code, ok := ParseCode(typed); ok {
			t.Errorf("%q is taken for the code %s", typed, code)
		}
	}
}

// However many stand for somebody, a household counts once, and only those count whose
// limits have opened and who are beyond doubt.
func TestHouseholds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var vouchers []Member
		able := map[ledger.AccountID]bool{}
		for n := range rapid.IntRange(0, 8).Draw(t, "vouchers") {
			m := Member{ID: MemberID(n + 1), Account: ledger.AccountID(rapid.IntRange(2, 5).Draw(t, "account")), Person: "p",
				Status: rapid.SampledFrom([]Status{Full, Newcomer, Suspended, Former}).Draw(t, "status")}
			if rapid.IntRange(0, 4).Draw(t, "frozen") == 0 {
				m.Frozen = noon
			}
			vouchers = append(vouchers, m)
			if m.Status == Full && m.Frozen.IsZero() && m.Account != 2 {
				able[m.Account] = true
			}
		}
		if got := Households(vouchers, 2); got != len(able) {
			t.Fatalf("%d households, want %d: %+v", got, len(able), vouchers)
		}
		p := DefaultPolicy()
		p.Vouchers = 2
		if missing := p.Missing(vouchers); missing < 0 || missing+min(2, Households(vouchers)) != 2 {
			t.Fatalf("%d are missing", missing)
		}
	})
}

func TestLargestSize(t *testing.T) {
	all := []Member{{Status: Full}, {Status: Newcomer}, {Status: Suspended}, {Status: Former}}
	for largest, full := range map[int]bool{0: false, 2: true, 3: true, 4: false} {
		p := DefaultPolicy()
		p.LargestSize = largest
		if p.Full(all) != full {
			t.Errorf("three of %d: full is %v", largest, !full)
		}
	}
}
