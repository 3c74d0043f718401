package portal_test

import (
	"bufio"
	"database/sql"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/portal"
)

// What another site makes a browser send is refused, with and without the newer headers.
func TestPostsFromOtherSites(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @ann 2h shelves")
	ann := h.in("ann")
	before := h.state()
	form := map[string][]string{"trade": {"1"}, "version": {"1"}}
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
		{"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, {"Sec-Fetch-Site", "", "Origin", "null"},
	} {
		for _, path := range []string{"/do/confirm", "/login", "/logout", "/me/password", "/me/end"} {
			if a := ann.do("POST", path, form, headers...); a.status != http.StatusForbidden || !strings.Contains(a.body, "another site") {
				t.Errorf("%s with %v: %d", path, headers, a.status)
			}
		}
	}
	if after := h.state(); after != before {
		t.Error("something has changed")
	}
	ann.page("/")
	if a := ann.get("/do/confirm?trade=1&version=1"); a.status == http.StatusOK || h.state() != before {
		t.Errorf("a link confirms a trade: %d", a.status)
	}
}

// An older browser says no more than where it is, and a proxy may call us by another name:
// the address that members type is ours.
func TestPostsBehindAProxy(t *testing.T) {
	t.Parallel()
	h := open(t, settings{url: "https://credits.example.org"})
	b := h.browser()
	form := map[string][]string{"name": {"Ann"}, "password": {"a guess"}}
	if a := b.do("POST", "/login", form, "Sec-Fetch-Site", "", "Origin", "https://credits.example.org"); !strings.Contains(text(a.body), "don't fit together") {
		t.Errorf("from our own address: %d %s", a.status, text(a.body))
	}
	if a := b.do("POST", "/login", form, "Sec-Fetch-Site", "", "Origin", "http://credits.example.org"); !strings.Contains(a.body, "another site") {
		t.Errorf("from another: %d", a.status)
	}
}

// Texts that want to be more than text are text, wherever they are shown.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann, ben := h.in("ann"), h.in("ben")
	for _, harm := range []string{
		`<script>alert(1)</script> lessons`, `"><img src=x onerror=alert(1)> lessons`, `javascript:alert(1) lessons`, "{{.Me}} lessons",
		"\u202elessons backwards\u202c", "lessons \ue0001\ue001 for nobody", "lessons\x00with\x1bcontrols", "'; DROP TABLE transfer; -- lessons",
	} {
		ann.post("/do/offer", "text", harm)
		ann.post("/do/gave", "who", h.member("Ben"), "amount", "1m", "what", harm)
		ann.post("/do/about", "text", harm)
		h.say("ben> /offer " + strings.ReplaceAll(harm, "\x00", ""))
		for _, path := range []string{"/", "/board", "/board?q=lessons", "/posts/1", "/posts/2", "/statement", "/people/1", "/me", "/trades/1"} {
			for _, b := range []*browser{ann, ben} {
				body := b.get(path).body
				for _, mark := range []string{"<script", "<img", `href="javascript:`, "\u202e", "\ue000", "\x00", "\x1b", `onerror=alert(1)>`} {
					if strings.Contains(body, mark) && !strings.Contains(strings.ReplaceAll(body, "&gt;", ">"), "&lt;img src=x") {
						t.Errorf("%s shows %q of %q", path, mark, harm)
					}
				}
			}
		}
	}
	for _, size := range []int{301, 10_000, 60_000} {
		if got := ann.act("/do/offer", "text", strings.Repeat("x", size)); !strings.Contains(got, "too long for a card") {
			t.Errorf("%d letters: %q", size, got)
		}
	}
	for _, path := range []string{"/do/offer", "/login", "/me/password"} {
		if a := ann.post(path, "text", strings.Repeat("x", 64<<10)); a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("64 KiB to %s: %d", path, a.status)
		}
	}
	if a := ann.get("/board?q=" + strings.Repeat("x", 8000)); a.status != http.StatusOK {
		t.Errorf("a search of 8,000 letters: %d", a.status)
	}
	for _, back := range []string{"//evil.example", "https://evil.example", "/\\evil.example", "\r\nX: y"} {
		if a := ann.post("/do/listen", "to", "on", "back", back); a.to != "/me" {
			t.Errorf("back to %q goes to %q", back, a.to)
		}
	}
}

// An address in another form leads to the page that is meant, and never out of the portal.
func TestAddressesStayInside(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]map[string]string{
		"https://example.org/credits": {
			"/credits": "/credits/", "/credits?x=1": "/credits/?x=1", "/credits/": "/credits/login", "/credits//board": "/credits/board",
			"/credits/x/../board?q=tea": "/credits/board?q=tea", "/credits//evil.example/%2e%2e": "/credits/", "//evil.example": "/evil.example", "/board": "",
		},
		"https://example.org": {"/": "/login", "//board": "/board", "//evil.example/..": "/", "/static/..%2fportal.go": "/portal.go", `/\evil.example`: ""},
	} {
		b := open(t, settings{url: at}).browser()
		for path, to := range want {
			if a := b.get(path); a.to != to {
				t.Errorf("%s: %s leads to %d %q", at, path, a.status, a.to)
			}
		}
	}
}

// While nothing can be written, one can still read, and what fails says so on a page.
func TestReadingGoesOnWhenNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann := h.in("ann")
	db, err := sql.Open("sqlite3", h.stage.DB().Path())
	fine(t, err)
	for _, table := range []string{"portal_login", "portal_session"} {
		_, err = db.Exec("CREATE TRIGGER full_" + table + " BEFORE UPDATE ON " + table + " BEGIN SELECT RAISE(ABORT, 'full'); END")
		fine(t, err)
	}
	fine(t, db.Close())
	fine(t, h.stage.Wait(time.Hour))
	has(t, ann.page("/"), "Hello Ann")
	if a := ann.post("/do/listen", "to", "on"); a.status != http.StatusInternalServerError || !strings.Contains(a.body, "Something went wrong on our side") {
		t.Errorf("a form gets %d\n%s", a.status, a.body)
	}
}

// Whoever lets a program press the buttons is held back before the group is full of it.
func TestActFlood(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann := h.in("ann")
	held := 0
	for range 150 {
		if a := ann.post("/do/listen", "to", "on"); strings.Contains(ann.page(a.to), "That was a lot at once") {
			held++
		}
	}
	if held < 20 {
		t.Errorf("%d of 150 were held back", held)
	}
}

// Every answer forbids scripts, frames and guessing, and is kept by nobody.
func TestHeaders(t *testing.T) {
	t.Parallel()
	h := open(t, settings{url: "https://credits.example.org"})
	b := h.browser()
	for _, path := range []string{"/login", "/", "/enter/x", "/nothing", "/static/icon.svg", "/static/nothing", "/statement.csv"} {
		a := b.get(path)
		for name, want := range map[string]string{
			"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Strict-Transport-Security": "max-age=31536000",
			"Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		policy := a.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
			t.Errorf("%s: %s", path, policy)
		}
		if cached := a.header.Get("Cache-Control") != "no-store"; cached != (path == "/static/icon.svg") {
			t.Errorf("%s: Cache-Control is %q", path, a.header.Get("Cache-Control"))
		}
	}
}

// Nothing private stands in the log or in an address: no name, no word, no secret.
func TestNothingPrivateInLogsAndAddresses(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	link := h.link("ann")
	ann := h.browser()
	addresses := []string{}
	note := func(a answer) { addresses = append(addresses, a.to) }
	note(ann.post(link))
	h.password(ann, "three green wheelbarrows")
	note(ann.post("/do/offer", "text", "Guitar lessons"))
	note(ann.post("/do/gave", "who", h.member("Ben"), "amount", "1h", "what", "a private matter"))
	note(ann.post("/do/gave", "who", h.member("Ben"), "amount", "nonsense", "what", "a private matter"))
	note(ann.post("/logout"))
	note(ann.post("/login", "name", "Ann", "password", "a guess"))
	note(ann.post("/login", "name", "Ann", "password", "three green wheelbarrows"))
	log := h.log.String()
	if !strings.Contains(log, "GET /") && !strings.Contains(log, "served") {
		t.Fatalf("the log has nothing in it:\n%s", log)
	}
	for _, private := range []string{strings.TrimPrefix(link, "/enter/"), "wheelbarrow", "Guitar", "matter", "Ann", "Ben", "127.0.0.1", "guess"} {
		if strings.Contains(log, private) {
			t.Errorf("the log has %q in it", private)
		}
		if all := strings.Join(addresses, " "); strings.Contains(all, private) {
			t.Errorf("an address has %q in it: %s", private, all)
		}
	}
}

// Nothing of what opens doors stands in the file as it is: no link, no cookie, no password.
func TestSecretsAreHashedInTheFile(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	link := h.link("ann")
	secret := strings.TrimPrefix(link, "/enter/")
	ann := h.browser()
	used := h.link("ben")
	a := ann.post(used)
	cookie, _, _ := strings.Cut(strings.TrimPrefix(a.header.Get("Set-Cookie"), "session="), ";")
	h.password(ann, "three green wheelbarrows")
	fine(t, h.stage.Restart())
	dump := h.fileDump()
	for what, s := range map[string]string{"a link": secret, "a used link": strings.TrimPrefix(used, "/enter/"), "a cookie": cookie, "a password": "wheelbarrow"} {
		if strings.Contains(dump, s) {
			t.Errorf("%s stands in the file", what)
		}
	}
}

// Whoever sends slowly, or nothing, is let go of.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	for name, sends := range map[string]string{
		"nothing": "", "half a header": "GET /login HTTP/1.1\r\nHost: x\r\nX-", "half a body": "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nname=",
		"nothing more": "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := portal.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.ParseForm() != nil {
						w.WriteHeader(http.StatusBadRequest)
					}
				}))
				ours, theirs := net.Pipe()
				go server.Serve(&oneConnection{conn: ours}) //nolint:errcheck // ends with Close
				begun := time.Now()
				go io.WriteString(theirs, sends) //nolint:errcheck // the other side may be gone
				_, err := io.Copy(io.Discard, bufio.NewReader(theirs))
				if took := time.Since(begun); err != nil || took > 2*time.Minute {
					t.Errorf("let go of after %v, %v", took, err)
				}
				fine(t, server.Close())
			})
		})
	}
}

// oneConnection is a listener to which one client comes.
type oneConnection struct {
	conn net.Conn
	once sync.Once
	done chan struct{}
}

func (l *oneConnection) Accept() (c net.Conn, err error) {
	l.once.Do(func() { c, l.done = l.conn, make(chan struct{}) })
	if c != nil {
		return c, nil
	}
	<-l.done
	return nil, net.ErrClosed
}

func (l *oneConnection) Close() error {
	defer func() { _ = recover() }() // a second time
	close(l.done)
	return nil
}

func (l *oneConnection) Addr() net.Addr { return l.conn.LocalAddr() }
