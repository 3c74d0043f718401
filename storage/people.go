package storage

import (
	"encoding/json"
	"time"

	"communityconnect/community"
	"communityconnect/ledger"
)

// Community is what the file says about the community itself.
type Community struct {
	Name     string
	Timezone string // IANA name
	Created  time.Time
}

// Found starts a community in an empty file: its name, its policy and the commons.
func (tx *Tx) Found(c Community, p community.Policy) error {
	if err := tx.exec("INSERT INTO community (id, name, timezone, created_at) VALUES (1, ?, ?, ?)", c.Name, c.Timezone, seconds(c.Created)); err != nil {
		return err
	}
	if _, err := tx.AddAccount(ledger.CommonsAccount, p.CommonsFloor, p.CommonsCeiling); err != nil {
		return err
	}
	return tx.SetPolicy(p)
}

// Community returns what Found kept; found is false in an empty file.
func (tx *Tx) Community() (c Community, found bool, err error) {
	var created int64
	found, err = tx.row("SELECT name, timezone, created_at FROM community", nil, &c.Name, &c.Timezone, &created)
	c.Created = fromSeconds(created)
	return c, found, err
}

// Policy returns the policy in force: the defaults, and what was set since.
func (tx *Tx) Policy() (community.Policy, error) {
	p := community.DefaultPolicy()
	values := map[string]string{}
	type pair struct{ name, value string }
	pairs, err := list(tx, func(s scanner) (v pair, err error) { err = s.Scan(&v.name, &v.value); return v, err },
		"SELECT name, value FROM policy")
	if err != nil {
		return p, err
	}
	for _, v := range pairs {
		values[v.name] = v.value
	}
	for _, s := range community.Settings() {
		if v, ok := values[s.Name]; ok {
			if err := s.Set(&p, v); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}

// SetPolicy keeps a policy.
func (tx *Tx) SetPolicy(p community.Policy) error {
	for _, s := range community.Settings() {
		if err := tx.exec("INSERT INTO policy (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
			s.Name, s.Get(p)); err != nil {
			return err
		}
	}
	return nil
}

// FollowPolicy gives every account that has no limits of its own those of its members'
// standing, as FollowStatus does, and the commons its own.
func (tx *Tx) FollowPolicy(p community.Policy) error {
	if err := tx.SetLimits(ledger.Commons, p.CommonsFloor, p.CommonsCeiling, false); err != nil {
		return err
	}
	for _, status := range []community.Status{community.Newcomer, community.Full} {
		floor, ceiling := p.Limits(status)
		if err := tx.exec(`UPDATE account SET floor = ?, ceiling = ? WHERE own_limits = 0
			AND id IN (SELECT account FROM member WHERE `+standing+` = ?)`, int64(floor), int64(ceiling), string(status)); err != nil {
			return err
		}
	}
	return nil
}

// standing is a member's status, whatever a suspension has taken away for now.
const standing = "iif(status = 'suspended' AND suspended_from <> '', suspended_from, status)"

// FollowStatus gives an account that has no limits of its own those of its members'
// standing: of a household the wider ones. An account that everybody has left stays as it is.
func (tx *Tx) FollowStatus(a ledger.AccountID, p community.Policy) error {
	for _, status := range []community.Status{community.Full, community.Newcomer} {
		found, err := tx.row("SELECT 1 FROM member WHERE account = ? AND "+standing+" = ?", []any{int64(a), string(status)}, new(int))
		if err != nil {
			return err
		}
		if found {
			floor, ceiling := p.Limits(status)
			return tx.exec("UPDATE account SET floor = ?, ceiling = ? WHERE id = ? AND own_limits = 0", int64(floor), int64(ceiling), int64(a))
		}
	}
	return nil
}

const memberColumns = `id, account, coalesce(person, ''), name, status, council, met, deaf, nameless, frozen_at, joined_at,
	sponsor_hears, left_council, lost, lost_by, lost_at, heard_at`

func readMember(s scanner) (m community.Member, err error) {
	var frozen, joined, left, lost, heard int64
	err = s.Scan(&m.ID, &m.Account, &m.Person, &m.Name, &m.Status, &m.Council, &m.Met, &m.Deaf, &m.Nameless, &frozen, &joined,
		&m.SponsorHears, &left, &m.Lost, &m.LostBy, &lost, &heard)
	m.Frozen, m.Joined, m.LeftCouncil, m.LostAt, m.Heard = fromMillis(frozen), fromSeconds(joined), fromSeconds(left), fromSeconds(lost), fromSeconds(heard)
	return m, err
}

// Members returns everybody who is or was in the community, in the order of joining.
func (tx *Tx) Members() ([]community.Member, error) {
	return list(tx, readMember, "SELECT "+memberColumns+" FROM member ORDER BY id")
}

// AddMember takes somebody in with an account of their own and the limits of their
// status. It fails with community.ErrNameTaken when somebody is called alike.
func (tx *Tx) AddMember(m community.Member, p community.Policy) (community.Member, error) {
	folded := community.Fold(m.Name)
	if taken, err := tx.row("SELECT 1 FROM member WHERE folded = ?", []any{folded}, new(int)); err != nil || taken {
		if taken {
			err = community.ErrNameTaken
		}
		return m, err
	}
	floor, ceiling := p.Limits(m.Status)
	account, err := tx.AddAccount(ledger.MemberAccount, floor, ceiling)
	if err != nil {
		return m, err
	}
	m.Account = account
	id, err := tx.insert(`INSERT INTO member (account, person, name, folded, status, council, met, nameless, joined_at)
		VALUES (?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?)`, int64(m.Account), m.Person, m.Name, folded, string(m.Status), m.Council, m.Met, m.Nameless, seconds(m.Joined))
	m.ID = community.MemberID(id)
	return m, err
}

// SetMet remembers that the person has written to the bot and may be written to.
func (tx *Tx) SetMet(id community.MemberID) error {
	return tx.exec("UPDATE member SET met = 1 WHERE id = ?", int64(id))
}

// AnswerStranger notes that somebody who is no member gets an answer at now. It is
// false when they have had one since the given time.
func (tx *Tx) AnswerStranger(person string, now, since time.Time) (bool, error) {
	n, err := tx.change(`INSERT INTO stranger (person, answered) VALUES (?1, ?2)
		ON CONFLICT (person) DO UPDATE SET answered = excluded.answered WHERE answered <= ?3`, person, seconds(now), seconds(since))
	return n > 0, err
}

// Freeze notes that a member's safety number has changed: until others have said that
// it is still them, what was asked of them before is not theirs to answer. Earlier
// words for them no longer count.
func (tx *Tx) Freeze(id community.MemberID, now time.Time) error {
	if err := tx.exec("DELETE FROM vouch WHERE member = ?", int64(id)); err != nil {
		return err
	}
	return tx.exec("UPDATE member SET frozen_at = ? WHERE id = ?", now.UnixMilli(), int64(id))
}

// Unfreeze ends what Freeze began.
func (tx *Tx) Unfreeze(id community.MemberID) error {
	return tx.exec("UPDATE member SET frozen_at = 0, lost = 0 WHERE id = ?", int64(id))
}

// Lose is Freeze for somebody whose phone may be in other hands, by another's word.
func (tx *Tx) Lose(id, by community.MemberID, now time.Time) error {
	if err := tx.Freeze(id, now); err != nil {
		return err
	}
	return tx.exec("UPDATE member SET lost = 1, lost_by = ?, lost_at = ? WHERE id = ?", int64(by), seconds(now), int64(id))
}

// Vouch notes that one member stands for another, and returns everybody who does.
func (tx *Tx) Vouch(id, by community.MemberID, now time.Time) ([]community.MemberID, error) {
	if err := tx.exec("INSERT INTO vouch (member, by, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", int64(id), int64(by), seconds(now)); err != nil {
		return nil, err
	}
	return list(tx, func(s scanner) (m community.MemberID, err error) { err = s.Scan(&m); return m, err },
		"SELECT by FROM vouch WHERE member = ? ORDER BY at, by", int64(id))
}

// JoinCouncil takes a member into the council.
func (tx *Tx) JoinCouncil(id community.MemberID) error {
	return tx.exec("UPDATE member SET council = 1, left_council = 0 WHERE id = ?", int64(id))
}

// LeaveCouncil takes a member out of the council, which remembers for a while that they
// were on it.
func (tx *Tx) LeaveCouncil(id community.MemberID, now time.Time) error {
	return tx.exec("UPDATE member SET council = 0, left_council = ? WHERE id = ? AND council = 1", seconds(now), int64(id))
}

// Suspend takes away what a member may do, and remembers their standing. They are logged
// out wherever they are.
func (tx *Tx) Suspend(id community.MemberID) error {
	if err := tx.EndLogins(id, 0); err != nil {
		return err
	}
	return tx.exec("UPDATE member SET suspended_from = status, status = 'suspended' WHERE id = ? AND status <> 'suspended'", int64(id))
}

// Readmit gives a suspended member their standing back.
func (tx *Tx) Readmit(id community.MemberID) error {
	return tx.exec(`UPDATE member SET status = iif(suspended_from = '', 'member', suspended_from), suspended_from = ''
		WHERE id = ? AND status = 'suspended'`, int64(id))
}

// SetStatus gives a member another standing, and their account the limits that go with it.
func (tx *Tx) SetStatus(m community.Member, s community.Status, p community.Policy) error {
	if err := tx.exec("UPDATE member SET status = ? WHERE id = ?", string(s), int64(m.ID)); err != nil {
		return err
	}
	return tx.FollowStatus(m.Account, p)
}

// SetDeaf remembers whether the bot should read a member's plain sentences.
func (tx *Tx) SetDeaf(id community.MemberID, deaf bool) error {
	return tx.exec("UPDATE member SET deaf = ? WHERE id = ?", deaf, int64(id))
}

// LogEntry is one act of the council.
type LogEntry struct {
	At       time.Time
	Actor    community.MemberID
	Seconder community.MemberID // 0 where none was needed
	Act      string             // the command's name
	What     string             // in words, with the reason; "" once erased
}

// Log adds an act to the council's log.
func (tx *Tx) Log(e LogEntry) error {
	text, err := tx.Write(e.What)
	if err != nil {
		return err
	}
	_, err = tx.insert("INSERT INTO council_log (at, actor, seconder, act, text) VALUES (?, ?, ?, ?, ?)",
		seconds(e.At), int64(e.Actor), int64(e.Seconder), e.Act, text.ID)
	return err
}

// LogEntries returns the newest acts of the council, newest first.
func (tx *Tx) LogEntries(limit int) ([]LogEntry, error) {
	return list(tx, func(s scanner) (e LogEntry, err error) {
		var at int64
		err = s.Scan(&at, &e.Actor, &e.Seconder, &e.Act, &e.What)
		e.At = fromSeconds(at)
		return e, err
	}, `SELECT l.at, l.actor, l.seconder, l.act, coalesce(x.body, '') FROM council_log l JOIN text x ON x.id = l.text
		ORDER BY l.id DESC LIMIT +?`, limit)
}

// asJSON can't fail for the plain structs it is given.
func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Unused reports whether an account has no entry and no open trade: nothing is lost if
// nobody has it any more.
func (tx *Tx) Unused(a ledger.AccountID) (bool, error) {
	used, err := tx.row("SELECT 1 FROM account WHERE id = ? AND latest <> 0", []any{int64(a)}, new(int))
	if err != nil || used {
		return false, err
	}
	open, err := tx.OpenTrades(a)
	return len(open) == 0, err
}

// JoinHousehold makes a member one of those who share an account.
func (tx *Tx) JoinHousehold(id community.MemberID, a ledger.AccountID, p community.Policy) error {
	if err := tx.exec("UPDATE member SET account = ? WHERE id = ?", int64(a), int64(id)); err != nil {
		return err
	}
	return tx.FollowStatus(a, p)
}

// LeaveHousehold gives a member an account of their own, with the limits of their standing.
func (tx *Tx) LeaveHousehold(m community.Member, p community.Policy) error {
	floor, ceiling := p.Limits(m.Status)
	a, err := tx.AddAccount(ledger.MemberAccount, floor, ceiling)
	if err != nil {
		return err
	}
	if err := tx.JoinHousehold(m.ID, a, p); err != nil {
		return err
	}
	return tx.FollowStatus(m.Account, p)
}
