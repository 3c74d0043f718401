package storage

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"communityconnect/community"
)

// linkBytes is how much chance is in a one-time link: nobody guesses 256 bits.
const linkBytes = 32

// portalActsKept is how long a form that was sent is remembered.
const portalActsKept = time.Hour

// AddPortalLink makes the secret of a one-time link for a member and keeps its hash. An
// earlier link of theirs is void.
func (tx *Tx) AddPortalLink(member community.MemberID, expires time.Time) (secret string, err error) {
	if err := tx.exec("DELETE FROM portal_link WHERE member = ?", int64(member)); err != nil {
		return "", err
	}
	b := make([]byte, linkBytes)
	tx.random(b)
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, tx.exec("INSERT INTO portal_link (digest, member, expires_at) VALUES (?, ?, ?)", digestOf(secret), int64(member), seconds(expires))
}

func digestOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// PortalLink returns whose link it is; found is false for one that is used, late or
// nobody's.
func (tx *Tx) PortalLink(secret string, now time.Time) (member community.MemberID, found bool, err error) {
	found, err = tx.row("SELECT member FROM portal_link WHERE digest = ? AND expires_at > ?", []any{digestOf(secret), seconds(now)}, &member)
	return member, found, err
}

// UsePortalLink is PortalLink, and the link is used up.
func (tx *Tx) UsePortalLink(secret string, now time.Time) (member community.MemberID, found bool, err error) {
	if member, found, err = tx.PortalLink(secret, now); err != nil || !found {
		return 0, false, err
	}
	return member, true, tx.exec("DELETE FROM portal_link WHERE digest = ?", digestOf(secret))
}

// Password is what a member has chosen to log in with.
type Password struct {
	Member  community.MemberID
	Name    string
	Hash    string
	Changed time.Time
}

const passwordColumns = "member, name, hash, changed_at"

func readPassword(s scanner) (p Password, err error) {
	var changed int64
	err = s.Scan(&p.Member, &p.Name, &p.Hash, &changed)
	p.Changed = fromSeconds(changed)
	return p, err
}

// PasswordOf returns what a member logs in with; found is false where they have chosen nothing.
func (tx *Tx) PasswordOf(member community.MemberID) (p Password, found bool, err error) {
	return one(list(tx, readPassword, "SELECT "+passwordColumns+" FROM portal_password WHERE member = ?", int64(member)))
}

// PasswordNamed finds by user name; case and look-alike letters make no difference.
func (tx *Tx) PasswordNamed(name string) (p Password, found bool, err error) {
	return one(list(tx, readPassword, "SELECT "+passwordColumns+" FROM portal_password WHERE folded = ?", community.Fold(name)))
}

// SetPassword keeps what a member logs in with. It fails with community.ErrNameTaken when
// another member uses that name.
func (tx *Tx) SetPassword(p Password) error {
	if other, found, err := tx.PasswordNamed(p.Name); err != nil || found && other.Member != p.Member {
		if err == nil {
			err = community.ErrNameTaken
		}
		return err
	}
	return tx.exec(`INSERT INTO portal_password (member, name, folded, hash, changed_at) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (member) DO UPDATE SET name = excluded.name, folded = excluded.folded, hash = excluded.hash, changed_at = excluded.changed_at`,
		int64(p.Member), p.Name, community.Fold(p.Name), p.Hash, seconds(p.Changed))
}

// Login is one device on which somebody is in.
type Login struct {
	ID      int64
	Member  community.MemberID
	Device  string
	By      string // "link", "password" or "demo"
	Since   time.Time
	Seen    time.Time
	Expires time.Time
}

const loginColumns = "id, member, device, by, since, seen, expires_at"

func readLogin(s scanner) (l Login, err error) {
	var since, seen, expires int64
	err = s.Scan(&l.ID, &l.Member, &l.Device, &l.By, &since, &seen, &expires)
	l.Since, l.Seen, l.Expires = fromSeconds(since), fromSeconds(seen), fromSeconds(expires)
	return l, err
}

// AddLogin notes that somebody has come in.
func (tx *Tx) AddLogin(l Login) (int64, error) {
	return tx.insert("INSERT INTO portal_login (member, device, by, since, seen, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
		int64(l.Member), l.Device, l.By, seconds(l.Since), seconds(l.Seen), seconds(l.Expires))
}

// Login returns a login that has not ended.
func (tx *Tx) Login(id int64, now time.Time) (l Login, found bool, err error) {
	return one(list(tx, readLogin, "SELECT "+loginColumns+" FROM portal_login WHERE id = ? AND expires_at > ?", id, seconds(now)))
}

// Logins returns where a member is in, the latest first.
func (tx *Tx) Logins(member community.MemberID, now time.Time) ([]Login, error) {
	return list(tx, readLogin, "SELECT "+loginColumns+" FROM portal_login WHERE member = ? AND expires_at > ? ORDER BY seen DESC, id DESC", int64(member), seconds(now))
}

// SeenLogin notes when somebody was last there.
func (tx *Tx) SeenLogin(id int64, now time.Time) error {
	return tx.exec("UPDATE portal_login SET seen = ? WHERE id = ?", seconds(now), id)
}

// EndLogin ends one login of a member.
func (tx *Tx) EndLogin(id int64, member community.MemberID) error {
	return tx.exec("DELETE FROM portal_login WHERE id = ? AND member = ?", id, int64(member))
}

// EndLogins ends all logins of a member but one (0: none is kept), and takes their links away.
func (tx *Tx) EndLogins(member community.MemberID, but int64) error {
	if err := tx.exec("DELETE FROM portal_login WHERE member = ? AND id <> ?", int64(member), but); err != nil {
		return err
	}
	return tx.exec("DELETE FROM portal_link WHERE member = ?", int64(member))
}

// ForgetPortal takes away all by which a member comes in.
func (tx *Tx) ForgetPortal(member community.MemberID) error {
	if err := tx.EndLogins(member, 0); err != nil {
		return err
	}
	return tx.exec("DELETE FROM portal_password WHERE member = ?", int64(member))
}

// PortalSession returns what is kept for a cookie.
func (tx *Tx) PortalSession(token string, now time.Time) (data []byte, found bool, err error) {
	found, err = tx.row("SELECT data FROM portal_session WHERE token = ? AND expires_at > ?", []any{token, seconds(now)}, &data)
	return data, found, err
}

// KeepPortalSession keeps something for a cookie.
func (tx *Tx) KeepPortalSession(token string, data []byte, expires time.Time) error {
	return tx.exec(`INSERT INTO portal_session (token, data, expires_at) VALUES (?, ?, ?)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`, token, data, seconds(expires))
}

// DropPortalSession forgets a cookie.
func (tx *Tx) DropPortalSession(token string) error {
	return tx.exec("DELETE FROM portal_session WHERE token = ?", token)
}

// PortalAct returns what was answered to a form that was sent already.
func (tx *Tx) PortalAct(once string) (said string, refused, found bool, err error) {
	found, err = tx.row("SELECT said, refused FROM portal_act WHERE once = ?", []any{once}, &said, &refused)
	return said, refused, found, err
}

// NotePortalAct remembers what a form was answered.
func (tx *Tx) NotePortalAct(once, said string, refused bool, now time.Time) error {
	return tx.exec("INSERT INTO portal_act (once, said, refused, at) VALUES (?, ?, ?, ?)", once, said, refused, seconds(now))
}

// ExpirePortal forgets links, logins and cookies whose time is up, and forms of the past.
func (tx *Tx) ExpirePortal(now time.Time) error {
	for _, table := range []string{"portal_link", "portal_login", "portal_session"} {
		if err := tx.exec("DELETE FROM "+table+" WHERE expires_at <= ?", seconds(now)); err != nil {
			return err
		}
	}
	return tx.exec("DELETE FROM portal_act WHERE at <= ?", seconds(now.Add(-portalActsKept)))
}

// emptyPortal puts everybody out: a restored file would let in whom it knew then.
func (tx *Tx) emptyPortal() error {
	for _, table := range []string{"portal_link", "portal_login", "portal_session", "portal_act"} {
		if err := tx.exec("DELETE FROM " + table); err != nil {
			return err
		}
	}
	return nil
}
