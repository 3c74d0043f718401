package portal

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"communityconnect/community"
	"communityconnect/storage"
)

// How long somebody stays in, and how exactly it is noted when they were last seen.
const (
	staysIn   = 30 * 24 * time.Hour
	seenEvery = 10 * time.Minute
	maxDevice = 200
)

// What a session holds.
const (
	keyLogin   = "login"   // int64, the number of the login
	keySaid    = "said"    // string, what the next page shows
	keyRefused = "refused" // bool, it was a no
	keyDraft   = "draft"   // string, a form that was refused and what was typed into it, encoded
)

// newSessions keeps sessions in the community's file. The cookie's name holds browsers to
// what it says: over TLS only, for this host and no other.
func newSessions(db func() *storage.DB, now func() time.Time, secure bool, base string) *scs.SessionManager {
	s := scs.New()
	s.Store = sessionStore{db, now}
	s.HashTokenInStore = true
	s.Lifetime = staysIn
	s.Cookie.HttpOnly, s.Cookie.SameSite, s.Cookie.Secure, s.Cookie.Path = true, http.SameSiteLaxMode, secure, base+"/"
	switch {
	case secure && base == "":
		s.Cookie.Name = "__Host-session"
	case secure:
		s.Cookie.Name = "__Secure-session"
	}
	return s
}

// sessionStore is the file, as scs wants it.
type sessionStore struct {
	db  func() *storage.DB
	now func() time.Time
}

func (s sessionStore) Find(token string) (data []byte, found bool, err error) {
	err = s.db().View(func(tx *storage.Tx) error {
		data, found, err = tx.PortalSession(token, s.now())
		return err
	})
	return data, found, err
}

func (s sessionStore) Commit(token string, data []byte, _ time.Time) error {
	return s.db().Update(func(tx *storage.Tx) error { return tx.KeepPortalSession(token, data, s.now().Add(staysIn)) })
}

func (s sessionStore) Delete(token string) error {
	return s.db().Update(func(tx *storage.Tx) error { return tx.DropPortalSession(token) })
}

// identify finds out who is there. A login ends when it is taken away, when its member has
// left, and when the safety number of their phone has changed since.
func (v *visit) identify() (in bool, err error) {
	id := v.sessions.GetInt64(v.r.Context(), keyLogin)
	if id == 0 {
		return false, nil
	}
	login, found, err := v.tx.Login(id, v.now)
	if err != nil || !found {
		return false, err
	}
	read, found := v.look.Reading(v.tx, login.Member)
	if !found {
		return false, nil
	}
	me := read.Me()
	if !me.Known() || me.Status == community.Former || !me.Frozen.IsZero() && login.Since.Before(me.Frozen.Truncate(time.Second)) {
		return false, nil
	}
	v.read, v.me, v.login = read, me, login
	if v.now.Sub(login.Seen) > seenEvery {
		v.then(func() error {
			if err := v.db().Update(func(tx *storage.Tx) error { return tx.SeenLogin(login.ID, v.now) }); err != nil {
				v.Log.Warn().Str("error", fmt.Sprintf("%T", err)).Msg("not noted when somebody was last there") // they read on
			}
			return nil
		})
	}
	return true, nil
}

// then does something once the snapshot is let go of.
func (v *visit) then(do func() error) {
	before := v.later
	v.later = func() error {
		if before != nil {
			if err := before(); err != nil {
				return err
			}
		}
		return do()
	}
}

// comeIn begins a session for a member. It gets a new cookie, so that nobody can have
// laid one out for them beforehand.
func (p *Portal) comeIn(r *http.Request, member community.MemberID, by string) error {
	ctx := r.Context()
	if err := p.leave(ctx); err != nil {
		return err
	}
	if err := p.sessions.RenewToken(ctx); err != nil {
		return err
	}
	now := p.Now()
	login := storage.Login{Member: member, Device: device(r), By: by, Since: now, Seen: now, Expires: now.Add(staysIn)}
	if err := p.db().Update(func(tx *storage.Tx) (err error) { login.ID, err = tx.AddLogin(login); return err }); err != nil {
		return err
	}
	p.sessions.Put(ctx, keyLogin, login.ID)
	return nil
}

// leave ends the login of a session, if it has one.
func (p *Portal) leave(ctx context.Context) error {
	id := p.sessions.GetInt64(ctx, keyLogin)
	if id == 0 {
		return nil
	}
	return p.db().Update(func(tx *storage.Tx) error {
		login, found, err := tx.Login(id, p.Now())
		if err != nil || !found {
			return err
		}
		return tx.EndLogin(id, login.Member)
	})
}

// say leaves something for the next page to show.
func (p *Portal) say(ctx context.Context, text string, refused bool) {
	p.sessions.Put(ctx, keySaid, text)
	p.sessions.Put(ctx, keyRefused, refused)
}
