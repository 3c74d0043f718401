package community

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"communityconnect/ledger"
)

// Turns are equal: of those who may always, nobody has mediated twice more than another.
func TestTurnsAreEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "willing")
		var willing []Willing
		for id := range n {
			willing = append(willing, Willing{Member: MemberID(id + 1), Turn: noon.Add(time.Duration(rapid.IntRange(-9, 0).Draw(t, "turn")) * time.Hour)})
		}
		turns := map[MemberID]int{}
		for at := range rapid.IntRange(0, 30).Draw(t, "cases") {
			next, found := NextMediator(willing, func(MemberID) bool { return true })
			if !found {
				t.Fatal("nobody's turn")
			}
			turns[next]++
			willing[next-1].Turn = noon.Add(time.Duration(at+1) * time.Minute)
		}
		for _, w := range willing {
			for _, other := range willing {
				if d := turns[w.Member] - turns[other.Member]; d > 1 {
					t.Fatalf("%v", turns)
				}
			}
		}
		if _, found := NextMediator(willing, func(MemberID) bool { return false }); found {
			t.Fatal("somebody who may not")
		}
	})
}

// Nobody mediates who is a party, of their household, vouched for them, or saw it.
func TestMayMediate(t *testing.T) {
	m := Member{ID: 7, Account: 5, Status: Full, Met: true, Person: "x"}
	if !MayMediate(m, []ledger.AccountID{2, 3}, []MemberID{8}, nil) {
		t.Error("somebody who may")
	}
	for name, may := range map[string]bool{
		"household": MayMediate(m, []ledger.AccountID{2, 5}, nil, nil), "sponsor": MayMediate(m, nil, []MemberID{7}, nil),
		"witness": MayMediate(m, nil, nil, []MemberID{7}),
	} {
		if may {
			t.Error(name)
		}
	}
	for _, change := range []func(*Member){
		func(m *Member) { m.Status = Newcomer }, func(m *Member) { m.Status = Suspended }, func(m *Member) { m.Met = false },
		func(m *Member) { m.Person = "" }, func(m *Member) { m.Frozen = noon },
	} {
		other := m
		change(&other)
		if MayMediate(other, nil, nil, nil) {
			t.Errorf("%+v", other)
		}
	}
}

// Every case ends: whatever its stage, it takes two deadlines at most, and it is over
// before what is held has to be released, with the policy a community starts with.
func TestEveryCaseEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Case{Stage: rapid.SampledFrom([]Stage{Seeking, Mediating, Offered, WithCouncil}).Draw(t, "stage"), Opened: noon, Due: DefaultPolicy().CaseDue(noon)}
		council := rapid.Bool().Draw(t, "council")
		for n := 0; c.Open(); n++ {
			if n == 2 {
				t.Fatalf("%+v never ends", c)
			}
			if c.Stage = c.AtDeadline(council); c.Open() {
				c.Due = DefaultPolicy().CaseDue(c.Due)
			}
		}
		if c.Due.Sub(c.Opened) > CaseHold {
			t.Fatal("it lasts longer than anything is held")
		}
	})
}
