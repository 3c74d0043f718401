package storage

import (
	"errors"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
)

// ApplicantID is the number of somebody who asks to be let in.
type ApplicantID int64

// ApplicantKind is what they ask for.
type ApplicantKind string

// What can be asked for.
const (
	NewPerson ApplicantKind = "new"   // a place of their own
	ComesBack ApplicantKind = "back"  // the place they had before they left
	Claims    ApplicantKind = "claim" // the place of a member who they say they are, on a new account
)

// Applicant is somebody who asks to be let in.
type Applicant struct {
	ID       ApplicantID
	Person   chat.PersonID
	Code     string
	Kind     ApplicantKind
	Name     string             // what they call themselves; "" until they have said
	Member   community.MemberID // who they were, or say they are; 0 for nobody we know
	Met      bool               // has written to the bot
	Greeting ApplicantID        // the first of those who were greeted together; 0 for nobody
	Refuted  bool               // the account that is claimed says that it isn't so
	Asked    time.Time
	Expires  time.Time
}

const applicantColumns = "id, person, code, kind, name, member, met, greeting, refuted, asked_at, expires_at"

func readApplicant(s scanner) (a Applicant, err error) {
	var asked, expires int64
	err = s.Scan(&a.ID, &a.Person, &a.Code, &a.Kind, &a.Name, &a.Member, &a.Met, &a.Greeting, &a.Refuted, &asked, &expires)
	a.Asked, a.Expires = fromSeconds(asked), fromSeconds(expires)
	return a, err
}

// Apply keeps somebody's wish to be let in, with a code that no other has.
func (tx *Tx) Apply(a Applicant) (Applicant, error) {
	for {
		a.Code = community.NewCode(tx.random)
		if _, taken, err := tx.ApplicantWithCode(a.Code); err != nil {
			return a, err
		} else if !taken {
			break
		}
	}
	id, err := tx.insert(`INSERT INTO applicant (person, code, kind, name, member, met, greeting, asked_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(a.Person), a.Code, string(a.Kind), a.Name, int64(a.Member), a.Met, int64(a.Greeting), seconds(a.Asked), seconds(a.Expires))
	a.ID = ApplicantID(id)
	return a, err
}

// SetApplicant keeps what has become known of an applicant since: what they ask for,
// their name, whether they have written, with whom they were greeted, whether they were
// refuted, and until when they wait.
func (tx *Tx) SetApplicant(a Applicant) error {
	return tx.exec("UPDATE applicant SET kind = ?, name = ?, member = ?, met = ?, greeting = ?, refuted = ?, expires_at = ? WHERE id = ?",
		string(a.Kind), a.Name, int64(a.Member), a.Met, int64(a.Greeting), a.Refuted, seconds(a.Expires), int64(a.ID))
}

// Decided forgets an applicant, and who stood for them.
func (tx *Tx) Decided(id ApplicantID) error {
	return errors.Join(tx.exec("DELETE FROM voucher WHERE applicant = ?", int64(id)), tx.exec("DELETE FROM applicant WHERE id = ?", int64(id)))
}

// ApplicantIs returns what somebody on the line has asked for.
func (tx *Tx) ApplicantIs(p chat.PersonID) (a Applicant, found bool, err error) {
	return one(list(tx, readApplicant, "SELECT "+applicantColumns+" FROM applicant WHERE person = ?", string(p)))
}

// ApplicantWithCode returns whose code it is.
func (tx *Tx) ApplicantWithCode(code string) (a Applicant, found bool, err error) {
	return one(list(tx, readApplicant, "SELECT "+applicantColumns+" FROM applicant WHERE code = ?", code))
}

// Applicant returns an applicant by number.
func (tx *Tx) Applicant(id ApplicantID) (a Applicant, found bool, err error) {
	return one(list(tx, readApplicant, "SELECT "+applicantColumns+" FROM applicant WHERE id = ?", int64(id)))
}

// Greeted returns everybody who was greeted in one message and still waits.
func (tx *Tx) Greeted(greeting ApplicantID) ([]Applicant, error) {
	return list(tx, readApplicant, "SELECT "+applicantColumns+" FROM applicant WHERE greeting = ? AND greeting > 0 ORDER BY id", int64(greeting))
}

// Applicants returns everybody who waits, in the order in which they asked.
func (tx *Tx) Applicants() ([]Applicant, error) {
	return list(tx, readApplicant, "SELECT "+applicantColumns+" FROM applicant ORDER BY id")
}

// VouchFor notes that a member stands for an applicant.
func (tx *Tx) VouchFor(id ApplicantID, by community.MemberID, now time.Time) error {
	return tx.exec("INSERT INTO voucher (applicant, by, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", int64(id), int64(by), seconds(now))
}

// TakeBackVouch ends it.
func (tx *Tx) TakeBackVouch(id ApplicantID, by community.MemberID) error {
	return tx.exec("DELETE FROM voucher WHERE applicant = ? AND by = ?", int64(id), int64(by))
}

func readMemberID(s scanner) (m community.MemberID, err error) { err = s.Scan(&m); return m, err }

// Vouchers returns who stands for an applicant, first come first.
func (tx *Tx) Vouchers(id ApplicantID) ([]community.MemberID, error) {
	return list(tx, readMemberID, "SELECT by FROM voucher WHERE applicant = ? ORDER BY at, by", int64(id))
}

// AddSponsor puts on record who vouched for a member when they came.
func (tx *Tx) AddSponsor(id, by community.MemberID, now time.Time) error {
	return tx.exec("INSERT INTO sponsor (member, by, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", int64(id), int64(by), seconds(now))
}

// Sponsors returns who vouched for a member when they came.
func (tx *Tx) Sponsors(id community.MemberID) ([]community.MemberID, error) {
	return list(tx, readMemberID, "SELECT by FROM sponsor WHERE member = ? ORDER BY at, by", int64(id))
}

// SetSponsorHears keeps whether a member's sponsors may hear early of trouble.
func (tx *Tx) SetSponsorHears(id community.MemberID, hears bool) error {
	return tx.exec("UPDATE member SET sponsor_hears = ? WHERE id = ?", hears, int64(id))
}

// WrongCode notes that a member got a code wrong, forgets what was before since, and
// returns how often they have since.
func (tx *Tx) WrongCode(by community.MemberID, now, since time.Time) (n int, err error) {
	if err := tx.exec("DELETE FROM wrong_code WHERE by = ? AND at < ?", int64(by), since.UnixMilli()); err != nil {
		return 0, err
	}
	if err := tx.exec("INSERT INTO wrong_code (by, at) VALUES (?, ?) ON CONFLICT DO NOTHING", int64(by), now.UnixMilli()); err != nil {
		return 0, err
	}
	return tx.WrongCodes(by, since)
}

// WrongCodes returns how many codes a member got wrong since a time.
func (tx *Tx) WrongCodes(by community.MemberID, since time.Time) (n int, err error) {
	_, err = tx.row("SELECT count(*) FROM wrong_code WHERE by = ? AND at >= ?", []any{int64(by), since.UnixMilli()}, &n)
	return n, err
}

// MovePerson makes another account on the line a member's: what was said to the old one
// and waits for an answer waits for the new one's, and whoever has the old one is nobody.
func (tx *Tx) MovePerson(m community.Member, to chat.PersonID) error {
	if err := tx.exec("UPDATE member SET person = ?, met = 1 WHERE id = ?", string(to), int64(m.ID)); err != nil {
		return err
	}
	if err := tx.Unfreeze(m.ID); err != nil {
		return err
	}
	return tx.exec("UPDATE question SET to_person = ? WHERE state = 'open' AND asked = ? AND to_person = ?", string(to), int64(m.ID), m.Person)
}

// dealingsAtMost is how many of somebody's trades are looked at, newest first.
const dealingsAtMost = 100

// Dealings returns an account's newest trades that stand in the books.
func (tx *Tx) Dealings(a ledger.AccountID) ([]community.Dealing, error) {
	return list(tx, func(s scanner) (d community.Dealing, err error) { err = s.Scan(&d.With, &d.Minutes); return d, err },
		`SELECT * FROM (SELECT f.to_account, f.minutes FROM transfer f JOIN trade x ON x.id = f.trade AND x.state = 'posted'
			WHERE f.from_account = +?1 AND f.kind = 'trade' ORDER BY f.id DESC LIMIT +?2)
		UNION ALL SELECT * FROM (SELECT t.from_account, t.minutes FROM transfer t JOIN trade x ON x.id = t.trade AND x.state = 'posted'
			WHERE t.to_account = +?1 AND t.kind = 'trade' ORDER BY t.id DESC LIMIT +?2)`, int64(a), dealingsAtMost)
}
