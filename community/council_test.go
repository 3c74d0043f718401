package community

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"communityconnect/ledger"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// seat is a member of the council with an account of their own.
func seat(n int) Member {
	return Member{ID: MemberID(n), Account: ledger.AccountID(n), Status: Full, Council: true, Person: "p"}
}

func left(m Member, ago time.Duration) Member {
	m.Council, m.LeftCouncil = false, noon.Add(-ago)
	return m
}

func with(m Member, change func(*Member)) Member {
	change(&m)
	return m
}

// Whose word an act of the council waits for, in councils of every kind.
func TestSignOff(t *testing.T) {
	day := 24 * time.Hour
	frozen := func(m *Member) { m.Frozen = noon }
	for name, c := range map[string]struct {
		others  []Member
		parties []ledger.AccountID
		want    SignOff
	}{
		"a council of two":                          {[]Member{seat(2)}, nil, BySecond},
		"the other has a part in it":                {[]Member{seat(2)}, []ledger.AccountID{2}, ByMembers},
		"a third has none":                          {[]Member{seat(2), seat(3)}, []ledger.AccountID{2}, BySecond},
		"the other is frozen":                       {[]Member{with(seat(2), frozen)}, nil, NoSecond},
		"one is a party, a third is frozen":         {[]Member{seat(2), with(seat(3), frozen)}, []ledger.AccountID{2}, NoSecond},
		"a council of one":                          {nil, nil, ByMembers},
		"a council of one among members":            {[]Member{with(seat(2), func(m *Member) { m.Council = false })}, nil, ByMembers},
		"a council of one household":                {[]Member{with(seat(2), func(m *Member) { m.Account = 1 })}, nil, ByMembers},
		"the other left yesterday":                  {[]Member{left(seat(2), day)}, nil, Shrunk},
		"the other was suspended yesterday":         {[]Member{with(left(seat(2), day), func(m *Member) { m.Status = Suspended })}, nil, Shrunk},
		"the other left a week ago":                 {[]Member{left(seat(2), 7*day)}, nil, ByMembers},
		"one left a week ago and one yesterday":     {[]Member{left(seat(2), 7*day), left(seat(3), day)}, nil, Shrunk},
		"one left yesterday, one is a party":        {[]Member{left(seat(2), day), seat(3)}, []ledger.AccountID{3}, Shrunk},
		"one left yesterday, another is still here": {[]Member{left(seat(2), day), seat(3)}, nil, BySecond},
	} {
		if got := DefaultPolicy().SignOffFor(append([]Member{seat(1)}, c.others...), seat(1), c.parties, noon); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	p := DefaultPolicy()
	p.SignOff = 1
	if got := p.SignOffFor([]Member{seat(1)}, seat(1), nil, noon); got != Alone {
		t.Errorf("where one is enough: %s", got)
	}
}

// Whatever one of the council does to the others, the members are not asked in the
// council's place within a week, unless all the others still sit on it and it is about
// them; and nothing ever goes through without another's word.
func TestNobodyBecomesACouncilOfOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := []Member{seat(1)}
		others := rapid.IntRange(1, 5).Draw(t, "others")
		for n := range others {
			m := seat(n + 2)
			switch rapid.IntRange(0, 3).Draw(t, "fate") {
			case 0:
				m = left(m, time.Duration(rapid.Int64Range(0, int64(CouncilMemory)-1).Draw(t, "ago")))
			case 1:
				m = with(left(m, time.Hour), func(m *Member) { m.Status = Suspended })
			case 2:
				m.Frozen = noon
			}
			all = append(all, m)
		}
		var parties []ledger.AccountID
		for n := range others {
			if rapid.Bool().Draw(t, "party") {
				parties = append(parties, ledger.AccountID(n+2))
			}
		}
		got := DefaultPolicy().SignOffFor(all, all[0], parties, noon)
		aboutAll := !slices.ContainsFunc(all[1:], func(m Member) bool { return !m.Council || !slices.Contains(parties, m.Account) })
		if got == Alone || (got == ByMembers) != aboutAll {
			t.Fatalf("%+v: %s", all, got)
		}
		for _, m := range all[1:] {
			if got == BySecond && m.CanCouncil() {
				return
			}
		}
		if got == BySecond {
			t.Fatalf("%+v: a second, but by whom?", all)
		}
	})
}

func TestWhenAShrunkCouncilForgets(t *testing.T) {
	if got := ShrunkUntil([]Member{seat(1), left(seat(2), time.Hour), left(seat(3), 2*time.Hour)}); !got.Equal(noon.Add(CouncilMemory - time.Hour)) {
		t.Errorf("until %v", got)
	}
	if got := ShrunkUntil([]Member{seat(1)}); !got.IsZero() {
		t.Errorf("a council that never shrank: %v", got)
	}
}
