package storage

import (
	"time"

	"communityconnect/community"
)

// Candidate is a member who was added to the council's group and is not on the council
// yet.
type Candidate struct {
	Member community.MemberID
	Backer community.MemberID // who of the council said yes; 0 for nobody yet
	Due    time.Time          // when they join the council; without a backer, when it is off the table
}

func readCandidate(s scanner) (c Candidate, err error) {
	var due int64
	err = s.Scan(&c.Member, &c.Backer, &due)
	c.Due = fromSeconds(due)
	return c, err
}

// SetCandidate keeps where a candidate stands.
func (tx *Tx) SetCandidate(c Candidate) error {
	return tx.exec(`INSERT INTO candidate (member, backed_by, due_at) VALUES (?, ?, ?)
		ON CONFLICT (member) DO UPDATE SET backed_by = excluded.backed_by, due_at = excluded.due_at`, int64(c.Member), int64(c.Backer), seconds(c.Due))
}

// DropCandidate ends it.
func (tx *Tx) DropCandidate(id community.MemberID) error {
	return tx.exec("DELETE FROM candidate WHERE member = ?", int64(id))
}

// Candidate returns where a member stands on their way to the council.
func (tx *Tx) Candidate(id community.MemberID) (c Candidate, found bool, err error) {
	return one(list(tx, readCandidate, "SELECT member, backed_by, due_at FROM candidate WHERE member = ?", int64(id)))
}

// Candidates returns everybody who is on the way to the council.
func (tx *Tx) Candidates() ([]Candidate, error) {
	return list(tx, readCandidate, "SELECT member, backed_by, due_at FROM candidate ORDER BY due_at, member")
}
