package community

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"communityconnect/ledger"
)

// However somebody who leaves trades, each trade that their limits let through brings
// them nearer to zero or leaves them where they are.
func TestLeaversComeNearerToZero(t *testing.T) {
	abs := func(m ledger.Minutes) ledger.Minutes { return max(m, -m) }
	rapid.Check(t, func(t *rapid.T) {
		balance := ledger.Minutes(rapid.IntRange(-3000, 3000).Draw(t, "balance"))
		for range rapid.IntRange(0, 20).Draw(t, "trades") {
			a := ledger.Account{Balance: balance}
			a.Floor, a.Ceiling = LeavingLimits(balance)
			m := ledger.Minutes(rapid.IntRange(1, 1200).Draw(t, "minutes"))
			next := balance
			if rapid.Bool().Draw(t, "gives") && m <= a.RoomUp(ledger.Reserved{}) {
				next += m
			} else if m <= a.RoomDown(ledger.Reserved{}) {
				next -= m
			}
			if abs(next) > abs(balance) || next*balance < 0 {
				t.Fatalf("from %v to %v", balance, next)
			}
			balance = next
		}
	})
}

func TestReadAbsence(t *testing.T) {
	for words, want := range map[string]string{
		"2 weeks": "2026-05-18", "for a month": "2026-06-04", "ten days": "2026-05-14", "until 5 June": "2026-06-05", "till friday": "2026-05-08",
		"until June 5": "2026-06-05", "until 1 may": "2027-05-01", "until Mon": "2026-05-11", "1 day": "2026-05-05", "12 months.": "2027-05-04",
	} {
		got, err := ReadAbsence(words, noon)
		if err != nil || got.Format(time.DateOnly) != want {
			t.Errorf("%q: %v %v, want %s", words, got, err, want)
		}
	}
	if got, err := ReadAbsence(" ", noon); err != nil || !got.IsZero() {
		t.Errorf("no words: %v %v", got, err)
	}
	for _, words := range []string{"0 weeks", "soon", "until", "until the cows come home", "2", "for", "500 days", "40 months", "-2 weeks", "until 31 June"} {
		if got, err := ReadAbsence(words, noon); err != ErrNoAbsence {
			t.Errorf("%q: %v %v", words, got, err)
		}
	}
}

func TestFellSilent(t *testing.T) {
	p := DefaultPolicy()
	m := Member{Status: Full, Person: "x", Joined: noon.AddDate(-1, 0, 0), Heard: noon.AddDate(0, 0, -p.SilenceDays)}
	if !p.FellSilent(m, noon) {
		t.Error("90 days of silence")
	}
	for _, change := range []func(*Member){
		func(m *Member) { m.Heard = noon.AddDate(0, 0, -89) }, func(m *Member) { m.Joined = noon.AddDate(0, 0, -89) },
		func(m *Member) { m.Person = "" }, func(m *Member) { m.Status = Former },
	} {
		other := m
		change(&other)
		if p.FellSilent(other, noon) {
			t.Errorf("%+v", other)
		}
	}
}
