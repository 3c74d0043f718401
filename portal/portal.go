package portal

import (
	"bytes"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"
	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/community"
	"communityconnect/storage"
)

// Options are what the pages of one community are made of.
type Options struct {
	// Community is the file and the bot that are at work now.
	Community func() (*storage.DB, *bot.Engine)
	// URL is where members find the pages, without a slash at the end. With https in it the
	// pages are served for a proxy that speaks TLS.
	URL            string
	TrustedProxies []netip.Prefix // whose word on where a request comes from counts
	Now            func() time.Time
	Log            zerolog.Logger
	// Hashing is how hard passwords are to guess from the file; nil for the usual.
	Hashing *argon2id.Params
	// Backups is the directory of the backups; "" where there is none.
	Backups string
	// Open lets anybody come in as anybody: for the demo.
	Open bool
}

// Portal serves the pages of one community.
type Portal struct {
	Options
	base     string // the path of URL: "" or "/credits"
	origin   string // URL without its path
	sessions *scs.SessionManager
	sheets   sheets
	doors    doors
}

// New prepares the pages. It fails when the address of URL can't be read.
func New(o Options) (*Portal, error) {
	at, err := url.Parse(o.URL)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, errors.New("the portal's url is not an address like https://credits.example.org")
	}
	p := &Portal{Options: o, base: strings.TrimRight(at.EscapedPath(), "/"), origin: at.Scheme + "://" + at.Host}
	if p.Hashing == nil {
		p.Hashing = usualHashing()
	}
	if p.doors, err = newDoors(p.Hashing, o.Now); err != nil {
		return nil, err
	}
	if p.sheets, err = readSheets(p.base); err != nil {
		return nil, err
	}
	p.sessions = newSessions(p.db, o.Now, at.Scheme == "https", p.base)
	p.sessions.ErrorFunc = p.fault
	return p, nil
}

func (p *Portal) db() *storage.DB {
	db, _ := p.Community()
	return db
}

func (p *Portal) engine() *bot.Engine {
	_, engine := p.Community()
	return engine
}

func (p *Portal) secure() bool { return strings.HasPrefix(p.URL, "https:") }

// Handler answers requests.
func (p *Portal) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{name}", p.static)
	inside := http.NewServeMux()
	for _, pg := range pages() {
		inside.HandleFunc("GET "+pg.path, p.page(pg))
	}
	inside.HandleFunc("GET /statement.csv", p.member("history", bot.InDM, (*visit).statementCSV))
	inside.HandleFunc("GET /me/data/{name}", p.member("mydata", bot.InDM, (*visit).ownFile))
	inside.HandleFunc("POST /do/{form}", p.act)
	inside.HandleFunc("POST /me/password", p.member("", 0, (*visit).choosePassword))
	inside.HandleFunc("POST /me/end", p.member("", 0, (*visit).endLogins))
	inside.HandleFunc("POST /logout", p.member("", 0, (*visit).logOut))
	inside.HandleFunc("GET /login", p.showLogin)
	inside.HandleFunc("POST /login", p.logIn)
	inside.HandleFunc("GET /enter/{secret}", p.showLink)
	inside.HandleFunc("POST /enter/{secret}", p.enter)
	if p.Open {
		inside.HandleFunc("POST /as", p.enterAs)
	}
	inside.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { p.problem(w, r, http.StatusNotFound, notThere) })
	mux.Handle("/", p.sessions.LoadAndSave(inside))
	sameSite := http.NewCrossOriginProtection()
	if err := sameSite.AddTrustedOrigin(p.origin); err != nil { // a proxy may call us by another name
		panic(err) // New has read it
	}
	sameSite.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.problem(w, r, http.StatusForbidden, fromElsewhere) }))
	return p.around(p.under(sameSite.Handler(mux)))
}

// under serves below the path of URL. Whoever types another form of an address, like the
// path itself without a slash at its end, is sent on to the one that is meant and not out
// of it.
func (p *Portal) under(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clean := path.Clean(r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/") && clean != "/" || clean == p.base {
			clean += "/"
		}
		if clean == r.URL.Path || r.Method == http.MethodPost {
			http.StripPrefix(p.base, next).ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, (&url.URL{Path: clean, RawQuery: r.URL.RawQuery}).String(), http.StatusMovedPermanently)
	})
}

// visit is one request by somebody who is in, on a snapshot of the file.
type visit struct {
	*Portal
	w     http.ResponseWriter
	r     *http.Request
	tx    *storage.Tx
	look  bot.Look
	read  bot.Reading
	me    community.Member
	login storage.Login
	now   time.Time

	body  bytes.Buffer // what is shown
	later func() error // what is done once the snapshot is let go of
}

// door is where whoever is not in is sent. Whoever has sent something hears there that it
// was not done.
func (p *Portal) door(r *http.Request) string {
	if r.Method == http.MethodPost && r.URL.Path != "/logout" {
		return "/login?" + notDone
	}
	return "/login"
}

// member lets in who is logged in and may use a command in a place ("" for whoever is in),
// and sends everybody else to the door.
func (p *Portal) member(command string, at bot.Place, do func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Portal: p, w: w, r: r, now: p.Now()}
		look, err := p.engine().Look()
		if err != nil {
			p.fault(w, r, err)
			return
		}
		v.look = look
		err = p.db().View(func(tx *storage.Tx) error {
			v.tx = tx
			in, err := v.identify()
			switch {
			case err != nil:
				return err
			case !in:
				http.Redirect(w, r, p.base+p.door(r), http.StatusSeeOther)
				return nil
			case command != "" && !v.read.May(command, at):
				return errNotAllowed
			}
			return do(v)
		})
		if err == nil && v.later != nil {
			err = v.later()
		}
		if err == nil && v.body.Len() > 0 { // a slow reader holds nobody up
			_, _ = w.Write(v.body.Bytes())
		}
		switch {
		case err == nil:
		case errors.Is(err, errNotThere):
			p.problem(w, r, http.StatusNotFound, notThere)
		case errors.Is(err, errNotAllowed):
			p.problem(w, r, http.StatusForbidden, notAllowed)
		default:
			p.fault(w, r, err)
		}
	}
}
