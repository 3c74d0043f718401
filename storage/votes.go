package storage

import (
	"encoding/json"
	"time"

	"communityconnect/community"
	"communityconnect/ledger"
)

const proposalColumns = `p.id, p.author, coalesce(x.body, ''), p.setting, p.value, p.line, p.parties, p.state, p.opened_at, p.closes_at, p.effect_at,
	p.votes_for, p.votes_against, p.entitled`

const proposalFrom = " FROM proposal p JOIN text x ON x.id = p.text "

func readProposal(s scanner) (p community.Proposal, err error) {
	var parties string
	var opened, closes, effect int64
	if err = s.Scan(&p.ID, &p.By, &p.Text, &p.Setting, &p.Value, &p.Line, &parties, &p.State, &opened, &closes, &effect,
		&p.Tally.For, &p.Tally.Against, &p.Tally.Entitled); err != nil {
		return p, err
	}
	p.Opened, p.Closes, p.Effect = fromSeconds(opened), fromSeconds(closes), fromSeconds(effect)
	if parties != "" {
		err = json.Unmarshal([]byte(parties), &p.Parties)
	}
	return p, err
}

// AddProposal keeps a new proposal, open, and returns its number.
func (tx *Tx) AddProposal(p community.Proposal) (community.ProposalID, error) {
	text, err := tx.Write(p.Text)
	if err != nil {
		return 0, err
	}
	parties := ""
	if len(p.Parties) > 0 {
		parties = asJSON(p.Parties)
	}
	id, err := tx.insert(`INSERT INTO proposal (author, text, setting, value, line, parties, state, opened_at, closes_at, effect_at)
		VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)`, int64(p.By), text.ID, p.Setting, p.Value, p.Line, parties,
		seconds(p.Opened), seconds(p.Closes), seconds(p.Effect))
	return community.ProposalID(id), err
}

// EndProposal keeps what has become of a proposal.
func (tx *Tx) EndProposal(id community.ProposalID, s community.ProposalState, t community.Tally) error {
	return tx.exec("UPDATE proposal SET state = ?, votes_for = ?, votes_against = ?, entitled = ? WHERE id = ?",
		string(s), t.For, t.Against, t.Entitled, int64(id))
}

// Proposal returns a proposal by number.
func (tx *Tx) Proposal(id community.ProposalID) (p community.Proposal, found bool, err error) {
	return one(list(tx, readProposal, "SELECT "+proposalColumns+proposalFrom+"WHERE p.id = +?", int64(id)))
}

// OpenProposals returns what can be voted on, oldest first.
func (tx *Tx) OpenProposals() ([]community.Proposal, error) {
	return list(tx, readProposal, "SELECT "+proposalColumns+proposalFrom+"WHERE p.state = 'open' ORDER BY p.id")
}

// PassedProposals returns what has passed and waits for the day on which it takes effect,
// oldest first.
func (tx *Tx) PassedProposals() ([]community.Proposal, error) {
	return list(tx, readProposal, "SELECT "+proposalColumns+proposalFrom+"WHERE p.state = 'passed' ORDER BY p.id")
}

// EndedProposals returns the latest that can't be voted on any more, newest first.
func (tx *Tx) EndedProposals(limit int) ([]community.Proposal, error) {
	return list(tx, readProposal, "SELECT "+proposalColumns+proposalFrom+"WHERE p.state <> 'open' ORDER BY p.id DESC LIMIT +?", limit)
}

// DueProposals returns the votes that are over at now.
func (tx *Tx) DueProposals(now time.Time) ([]community.Proposal, error) {
	return list(tx, readProposal, "SELECT "+proposalColumns+proposalFrom+"WHERE p.state = 'open' AND p.closes_at <= ? ORDER BY +p.id", seconds(now))
}

// Vote keeps a household's vote, in place of an earlier one.
func (tx *Tx) Vote(id community.ProposalID, b community.Ballot, now time.Time) error {
	return tx.exec(`INSERT INTO ballot (proposal, account, member, vote, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (proposal, account) DO UPDATE SET member = excluded.member, vote = excluded.vote, at = excluded.at`,
		int64(id), int64(b.Account), int64(b.Member), b.For, seconds(now))
}

// TakeBackVote takes a vote back if it is still the one that this member gave.
func (tx *Tx) TakeBackVote(id community.ProposalID, b community.Ballot) error {
	return tx.exec("DELETE FROM ballot WHERE proposal = ? AND account = ? AND member = ? AND vote = ?",
		int64(id), int64(b.Account), int64(b.Member), b.For)
}

func readBallot(s scanner) (b community.Ballot, err error) {
	err = s.Scan(&b.Account, &b.Member, &b.For)
	return b, err
}

// Ballots returns the votes on a proposal.
func (tx *Tx) Ballots(id community.ProposalID) ([]community.Ballot, error) {
	return list(tx, readBallot, "SELECT account, member, vote FROM ballot WHERE proposal = +? ORDER BY account", int64(id))
}

// BallotOf returns a household's vote; found is false when it has not voted.
func (tx *Tx) BallotOf(id community.ProposalID, a ledger.AccountID) (b community.Ballot, found bool, err error) {
	return one(list(tx, readBallot, "SELECT account, member, vote FROM ballot WHERE proposal = +? AND account = +?", int64(id), int64(a)))
}

// MarkVoted notes that the members have voted on a policy.
func (tx *Tx) MarkVoted(s community.Setting, p community.Policy) error {
	return tx.exec("INSERT INTO policy (name, value, voted) VALUES (?, ?, 1) ON CONFLICT (name) DO UPDATE SET voted = 1", s.Name, s.Get(p))
}

// Voted reports whether the members have voted on a policy.
func (tx *Tx) Voted(s community.Setting) (bool, error) {
	return tx.row("SELECT 1 FROM policy WHERE name = ? AND voted = 1", []any{s.Name}, new(int))
}
