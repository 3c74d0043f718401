package portal

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"communityconnect/community"
	"communityconnect/storage"
)

// maxNameTried is how long a user name can be, in bytes.
const maxNameTried = 400

// device is what a browser calls itself, cut to a sensible length.
func device(r *http.Request) string {
	name := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == utf8.RuneError {
			return -1
		}
		return c
	}, r.UserAgent())
	if len(name) > maxDevice {
		name = strings.ToValidUTF8(name[:maxDevice], "")
	}
	return name
}

// loginPage is the door.
type loginPage struct {
	Problem string
	Name    string
	People  []community.Member // whom anybody may be, in the demo
}

// showLogin shows the door, and what was said to whoever has been logged out by what they did.
func (p *Portal) showLogin(w http.ResponseWriter, r *http.Request) {
	s := sheet{Refused: p.sessions.PopBool(r.Context(), keyRefused)}
	s.Said = paragraphs(p.sessions.PopString(r.Context(), keySaid))
	if r.URL.Query().Has(notDone) {
		s.Said, s.Refused = append(s.Said, loggedOut), true
	}
	p.loginSheet(w, r, http.StatusOK, s, loginPage{})
}

// notDone in the address of the door is for whoever has sent a form and was not in any more.
const notDone = "not-done"

func (p *Portal) loginPage(w http.ResponseWriter, r *http.Request, status int, page loginPage) {
	p.loginSheet(w, r, status, sheet{}, page)
}

func (p *Portal) loginSheet(w http.ResponseWriter, r *http.Request, status int, s sheet, page loginPage) {
	if p.Open {
		if err := p.db().View(func(tx *storage.Tx) error {
			all, err := tx.Members()
			for _, m := range all {
				if m.Active() && m.Person != "" {
					page.People = append(page.People, m)
				}
			}
			return err
		}); err != nil {
			p.fault(w, r, err)
			return
		}
	}
	s.Title, s.Page = "Log in", page
	p.outsideSheet(w, r, status, "login", s)
}

// logIn takes a user name and a password. What it says, and how long it takes, is the same
// whether or not there is such a name.
func (p *Portal) logIn(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.problem(w, r, http.StatusRequestEntityTooLarge, tooMuch)
		return
	}
	name, password := r.PostForm.Get("name"), r.PostForm.Get("password")
	if len(name) > maxNameTried {
		name = "" // nobody has such a name, and it is not worth remembering
	}
	if !p.doors.mayTry(name, p.address(r)) {
		p.Log.Warn().Msg("too many tries to log in")
		w.Header().Set("Retry-After", strconv.Itoa(int(tryByNameEvery.Seconds())))
		p.loginPage(w, r, http.StatusTooManyRequests, loginPage{Problem: tooManyTries, Name: name})
		return
	}
	member, err := p.check(r, name, password)
	switch {
	case err != nil:
		p.fault(w, r, err)
	case member == 0:
		p.Log.Info().Msg("a log-in did not fit")
		p.loginPage(w, r, http.StatusForbidden, loginPage{Problem: doesNotFit, Name: name})
	default:
		p.admit(w, r, member, "password", "/")
	}
}

// check returns whose name and password these are, or 0.
func (p *Portal) check(r *http.Request, name, password string) (community.MemberID, error) {
	var known storage.Password
	if err := p.db().View(func(tx *storage.Tx) error {
		found, _, err := tx.PasswordNamed(name)
		if err != nil {
			return err
		}
		// Looked for where there is no such name, too: it takes a moment.
		if m, there, err := memberOf(tx, found.Member); err != nil || !there || m.Status == community.Former {
			return err
		}
		known = found
		return nil
	}); err != nil {
		return 0, err
	}
	if len(password) > maxPassword {
		password = ""
	}
	fits, err := p.doors.fits(r.Context(), password, known.Hash)
	if err != nil || !fits {
		return 0, err
	}
	return known.Member, nil
}

func memberOf(tx *storage.Tx, id community.MemberID) (community.Member, bool, error) {
	all, err := tx.Members()
	for _, m := range all {
		if m.ID == id {
			return m, m.Known(), err
		}
	}
	return community.Member{}, false, err
}

// admit begins a session and shows a page.
func (p *Portal) admit(w http.ResponseWriter, r *http.Request, member community.MemberID, by, next string) {
	if err := p.comeIn(r, member, by); err != nil {
		p.fault(w, r, err)
		return
	}
	http.Redirect(w, r, p.base+next, http.StatusSeeOther)
}

// linkPage is what a one-time link opens. Opening it uses nothing up: phones and chats
// look at links by themselves.
type linkPage struct {
	Secret string
	Name   string // whose it is: nobody comes in as somebody else without seeing it
	Good   bool
	Other  bool // somebody else is in on this device
}

func (p *Portal) showLink(w http.ResponseWriter, r *http.Request) {
	page := linkPage{Secret: r.PathValue("secret")}
	err := p.db().View(func(tx *storage.Tx) error {
		member, good, err := tx.PortalLink(page.Secret, p.Now())
		if err != nil || !good {
			return err
		}
		page.Good = true
		m, _, err := memberOf(tx, member)
		if err != nil {
			return err
		}
		page.Name = m.Name
		if id := p.sessions.GetInt64(r.Context(), keyLogin); id != 0 {
			in, there, err := tx.Login(id, p.Now())
			page.Other = there && in.Member != member
			return err
		}
		return nil
	})
	switch {
	case err != nil:
		p.fault(w, r, err)
	case !page.Good:
		p.outside(w, r, http.StatusGone, "link", "This link is used up", page)
	default:
		p.outside(w, r, http.StatusOK, "link", "Come in", page)
	}
}

// enter uses a one-time link.
func (p *Portal) enter(w http.ResponseWriter, r *http.Request) {
	secret := r.PathValue("secret")
	var member community.MemberID
	next := "/"
	err := p.db().Update(func(tx *storage.Tx) error {
		if id := p.sessions.GetInt64(r.Context(), keyLogin); id != 0 {
			whose, good, err := tx.PortalLink(secret, p.Now())
			if err != nil {
				return err
			}
			if in, there, err := tx.Login(id, p.Now()); err != nil || there && good && in.Member != whose {
				return errors.Join(err, errSomebodyElse)
			}
		}
		id, good, err := tx.UsePortalLink(secret, p.Now())
		if err != nil || !good {
			return err
		}
		if m, there, err := memberOf(tx, id); err != nil || !there || m.Status == community.Former || !m.Frozen.IsZero() {
			return err
		}
		member = id
		if _, chosen, err := tx.PasswordOf(id); err != nil || !chosen {
			next = "/me/password"
			return err
		}
		return nil
	})
	switch {
	case errors.Is(err, errSomebodyElse):
		p.outside(w, r, http.StatusConflict, "link", "Somebody else is in", linkPage{Good: true, Other: true})
	case err != nil:
		p.fault(w, r, err)
	case member == 0:
		p.outside(w, r, http.StatusGone, "link", "This link is used up", linkPage{})
	default:
		p.admit(w, r, member, "link", next)
	}
}

// errSomebodyElse is a link of one member in the browser of another.
var errSomebodyElse = errors.New("portal: somebody else is in")

// enterAs lets anybody be anybody, in the demo.
func (p *Portal) enterAs(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.problem(w, r, http.StatusRequestEntityTooLarge, tooMuch)
		return
	}
	id, _ := strconv.ParseInt(r.PostForm.Get("member"), 10, 64) // 0 is nobody
	known := false
	if err := p.db().View(func(tx *storage.Tx) (err error) {
		_, known, err = memberOf(tx, community.MemberID(id))
		return err
	}); err != nil {
		p.fault(w, r, err)
		return
	}
	if !known {
		p.problem(w, r, http.StatusNotFound, notThere)
		return
	}
	p.admit(w, r, community.MemberID(id), "demo", "/")
}

// endLogins ends one login of the member, or all but this one.
func (v *visit) endLogins() error {
	if err := v.form(); err != nil {
		return err
	}
	id, _ := strconv.ParseInt(v.r.PostForm.Get("login"), 10, 64)
	v.then(func() error {
		if err := v.db().Update(func(tx *storage.Tx) error {
			if id == 0 {
				return tx.EndLogins(v.me.ID, v.login.ID)
			}
			return tx.EndLogin(id, v.me.ID)
		}); err != nil {
			return err
		}
		return v.goOn("/me", loginsEnded, false)
	})
	return nil
}

// logOut ends this login. What the cookie stood for is gone.
func (v *visit) logOut() error {
	v.then(func() error {
		ctx := v.r.Context()
		if err := v.leave(ctx); err != nil {
			return err
		}
		if err := v.sessions.Destroy(ctx); err != nil {
			return err
		}
		http.Redirect(v.w, v.r, v.base+"/login", http.StatusSeeOther)
		return nil
	})
	return nil
}
