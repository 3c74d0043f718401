package community

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"communityconnect/ledger"
)

// anybody draws a member of one of a few households.
func anybody(t *rapid.T, id MemberID) Member {
	m := Member{
		ID: id, Account: ledger.AccountID(rapid.IntRange(2, 6).Draw(t, "household")), Person: rapid.SampledFrom([]string{"", "x"}).Draw(t, "person"),
		Status: rapid.SampledFrom([]Status{Applicant, Newcomer, Full, Full, Full, Suspended, Former}).Draw(t, "status"),
		Joined: noon.Add(time.Duration(rapid.IntRange(-2, 1).Draw(t, "joined")) * time.Hour),
	}
	if rapid.IntRange(0, 5).Draw(t, "frozen") == 0 {
		m.Frozen = noon
	}
	return m
}

// Whatever ballots there are, a household counts once at most, only if somebody of it
// may vote, and never on what is about it.
func TestCountIsByHousehold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var members []Member
		for id := range rapid.IntRange(0, 12).Draw(t, "members") {
			members = append(members, anybody(t, MemberID(id+1)))
		}
		p := Proposal{Opened: noon, Parties: []ledger.AccountID{2}}
		able := map[ledger.AccountID]bool{}
		for _, m := range members {
			if m.Account != 2 && m.Status == Full && m.Person != "" && m.Frozen.IsZero() && !m.Joined.After(noon) {
				able[m.Account] = true
			}
		}
		var ballots []Ballot
		voted := map[ledger.AccountID]bool{}
		for range rapid.IntRange(0, 20).Draw(t, "ballots") {
			b := Ballot{Account: ledger.AccountID(rapid.IntRange(2, 8).Draw(t, "voter")), For: rapid.Bool().Draw(t, "for")}
			ballots = append(ballots, b)
			if able[b.Account] {
				voted[b.Account] = true
			}
		}
		tally := Count(p, members, ballots)
		if tally.Entitled != len(able) || tally.For+tally.Against != len(voted) {
			t.Fatalf("%+v of %d households that may, %d of which voted", tally, len(able), len(voted))
		}
	})
}

// What passes has its quorum and its majority, and one more vote for it never makes it
// fail.
func TestOutcome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := DefaultPolicy()
		p.VoteQuorum, p.VoteMajority = rapid.IntRange(1, 100).Draw(t, "quorum"), rapid.IntRange(50, 99).Draw(t, "majority")
		tally := Tally{For: rapid.IntRange(0, 60).Draw(t, "for"), Against: rapid.IntRange(0, 60).Draw(t, "against")}
		voted := tally.For + tally.Against
		tally.Entitled = voted + rapid.IntRange(0, 60).Draw(t, "silent")
		switch tally.Outcome(p) {
		case ProposalPassed:
			if 100*voted < p.VoteQuorum*tally.Entitled || 100*tally.For <= p.VoteMajority*voted || tally.For <= tally.Against {
				t.Fatalf("%+v passed with %+v", tally, p)
			}
			more := Tally{For: tally.For + 1, Against: tally.Against, Entitled: max(tally.Entitled, voted+1)}
			if more.Outcome(p) != ProposalPassed && more.Entitled == tally.Entitled {
				t.Fatalf("%+v passed and %+v did not", tally, more)
			}
		case ProposalNoQuorum:
			if voted > 0 && 100*voted >= p.VoteQuorum*tally.Entitled {
				t.Fatalf("%+v has its quorum", tally)
			}
		}
	})
}

func TestReadProposal(t *testing.T) {
	for words, want := range map[string][2]string{
		"floor -40h": {"floor", "-40h"}, "The commons floor to -200h": {"commons_floor", "-200h"}, "newcomer-floor = -10h": {"newcomer_floor", "-10h"},
		"vote_quorum at 20": {"vote_quorum", "20"}, "floor dance on Fridays": {}, "scope Help of all kinds": {"scope", "Help of all kinds"}, "floor": {}, "": {}, "a bench by the river": {}, "the floor -40h": {"floor", "-40h"},
	} {
		s, value, ok := ReadProposal(words)
		if ok != (want[0] != "") || ok && (s.Name != want[0] || value != want[1]) {
			t.Errorf("%q: %q %q %v", words, s.Name, value, ok)
		}
	}
}
