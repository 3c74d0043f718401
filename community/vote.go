package community

import (
	"slices"
	"strings"
	"time"

	"communityconnect/ledger"
)

// ProposalID is a proposal's number, from 1.
type ProposalID int64

// ProposalState is what has become of a proposal.
type ProposalState string

// The states of a proposal. Votes count while it is Open; a Passed one waits for the day
// on which it takes effect.
const (
	ProposalOpen      ProposalState = "open"
	ProposalPassed    ProposalState = "passed"
	ProposalDone      ProposalState = "done"      // passed, and in effect
	ProposalRejected  ProposalState = "rejected"  // voted down
	ProposalNoQuorum  ProposalState = "no quorum" // too few voted
	ProposalWithdrawn ProposalState = "withdrawn" // by who made it
	ProposalVoid      ProposalState = "void"      // passed, and could not be carried out
)

// Proposal is a question to all members. Its Text is for people; what it brings about by
// itself, if anything, is a policy (Setting and Value) or an act of the council (Line).
type Proposal struct {
	ID      ProposalID
	By      MemberID
	Text    string
	Setting string // the policy that it changes, by name
	Value   string // what to, as people write it; of an act of the council, what makes it the same act
	Line    string // the council's command that it carries out
	// Parties are the households that it is about. They have no vote on it.
	Parties []ledger.AccountID
	Opened  time.Time
	Closes  time.Time
	Effect  time.Time // when it takes effect if it passes
	State   ProposalState
	Tally   Tally // once it is over
}

// Ballot is the vote of one household.
type Ballot struct {
	Account ledger.AccountID
	Member  MemberID // who of it voted last
	For     bool
}

// Tally is how the households voted.
type Tally struct {
	For, Against int
	Entitled     int // households that could have voted
}

// MaxOpenProposals is how many proposals one household may have open at a time.
const MaxOpenProposals = 2

// MayVote reports whether a member may vote on a proposal: full members who were here
// when it was made. A newcomer's word is their sponsor's so far, and whoever could bring
// in newcomers could bring in votes. Neither may who is suspended, who has left, whose
// safety number has changed, or whom it is about.
func MayVote(p Proposal, m Member) bool {
	return m.Status == Full && m.Frozen.IsZero() && m.Person != "" && !m.Joined.After(p.Opened) && !slices.Contains(p.Parties, m.Account)
}

// Count counts the ballots of the households that may vote now: whoever has left or was
// suspended since they voted no longer does.
func Count(p Proposal, members []Member, ballots []Ballot) Tally {
	entitled := map[ledger.AccountID]bool{}
	for _, m := range members {
		if MayVote(p, m) {
			entitled[m.Account] = true
		}
	}
	t := Tally{Entitled: len(entitled)}
	for _, b := range ballots {
		switch {
		case !entitled[b.Account]:
			continue
		case b.For:
			t.For++
		default:
			t.Against++
		}
		entitled[b.Account] = false // a household has one vote, whatever the list says
	}
	return t
}

// Quorum is how many households have to vote, at least one.
func (t Tally) Quorum(p Policy) int {
	return max(1, (t.Entitled*p.VoteQuorum+99)/100)
}

// Outcome is what a proposal has come to with that tally.
func (t Tally) Outcome(p Policy) ProposalState {
	voted := t.For + t.Against
	switch {
	case voted < t.Quorum(p):
		return ProposalNoQuorum
	case 100*t.For > p.VoteMajority*voted:
		return ProposalPassed
	}
	return ProposalRejected
}

// VoteCloses is when a vote that begins now is over.
func (p Policy) VoteCloses(now time.Time) time.Time { return now.AddDate(0, 0, p.VoteDays) }

// VoteTakesEffect is when what passes in a vote that is over at that time takes effect.
func (p Policy) VoteTakesEffect(closes time.Time) time.Time {
	return closes.AddDate(0, 0, p.VoteNotice)
}

// ReadProposal finds the policy that the words of a proposal name: "floor -40h", "the
// commons floor to -200h". Ok is false for any other text. Whether the value fits is for
// Setting.Set to say.
func ReadProposal(words string) (s Setting, value string, ok bool) {
	fields := strings.Fields(words)
	if len(fields) > 2 && strings.EqualFold(fields[0], "the") {
		fields = fields[1:]
	}
	if len(fields) < 2 {
		return s, "", false
	}
	if s, err := SettingNamed(fields[0]); err == nil && s.words {
		return s, strings.Join(fields[1:], " "), true
	}
	value, fields = fields[len(fields)-1], fields[:len(fields)-1]
	if last := len(fields) - 1; last > 0 && slices.Contains([]string{"to", "=", "at"}, strings.ToLower(fields[last])) {
		fields = fields[:last]
	}
	s, err := SettingNamed(strings.Join(fields, "_"))
	return s, value, err == nil
}
