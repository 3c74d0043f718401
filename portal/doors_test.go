package portal_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"communityconnect/portal"
)

// A one-time link lets in once, in time, and whom it was made for; looking at it uses
// nothing up.
func TestOneTimeLink(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	link := h.link("ann")
	for range 3 { // previews, and a phone that looks ahead
		has(t, h.browser().page(link), "you're in, as Ann")
		h.browser().do("HEAD", link, nil)
	}

	// In Ben's browser it does nothing, and is not used up by it.
	ben := h.in("ben")
	has(t, ben.page(link), "Somebody else is logged in here")
	if a := ben.post(link); a.status != http.StatusConflict {
		t.Errorf("Ben with Ann's link gets %d", a.status)
	}
	has(t, ben.page("/"), "Hello Ben")

	first := h.browser()
	if a := first.post(link); a.to != "/me/password" {
		t.Fatalf("Ann gets %d to %s", a.status, a.to)
	}
	has(t, first.page("/"), "Hello Ann")
	second := h.browser()
	if a := second.post(link); a.status != http.StatusGone || second.get("/").to != "/login" {
		t.Errorf("a second time: %d", a.status)
	}
	if a := second.get(link); a.status != http.StatusGone {
		t.Errorf("looking at a used one: %d", a.status)
	}

	late := h.link("ann")
	fine(t, h.stage.Wait(15*time.Minute))
	if a := h.browser().post(late); a.status != http.StatusGone {
		t.Errorf("too late: %d", a.status)
	}
	older := h.link("ann")
	newer := h.link("ann")
	if a := h.browser().post(older); a.status != http.StatusGone {
		t.Errorf("one that another has replaced: %d", a.status)
	}
	if a := h.browser().post(newer); a.status != http.StatusSeeOther {
		t.Errorf("the newer one: %d", a.status)
	}
	for _, path := range []string{"/enter/", "/enter/x", "/enter/" + strings.Repeat("A", 43)} {
		if a := h.browser().post(path); a.status != http.StatusGone && a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// A changed safety number ends every login and every link. The password opens the pages
// for reading; nothing is changed until others have stood for the member.
func TestNewPhoneEndsLogins(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann := h.in("ann")
	h.password(ann, "three green wheelbarrows")
	link := h.link("ann")
	h.say("ben> /gave @ann 1h tea", ".newphone ann")
	if a := ann.get("/"); a.to != "/login" {
		t.Errorf("still in: %d", a.status)
	}
	if a := h.browser().post(link); a.status != http.StatusGone {
		t.Errorf("the link still opens: %d", a.status)
	}
	if a := ann.post("/login", "name", "Ann", "password", "three green wheelbarrows"); a.status != http.StatusSeeOther {
		t.Fatalf("the password: %d", a.status)
	}
	has(t, ann.page("/"), "It isn't sure that your phone is in your hands", "Did Ben give you 1h?")
	if got := ann.act("/do/confirm", "trade", 1, "version", 1); !strings.Contains(got, "That waits") {
		t.Errorf("confirming says %q", got)
	}
	if got := ann.act("/me/password", "name", "Ann", "password", "another long one", "again", "another long one", "old", "three green wheelbarrows"); !strings.Contains(got, "That waits") {
		t.Errorf("a new password: %q", got)
	}
	h.say("ben dm> /vouch ann", "cat dm> /vouch ann")
	if got := ann.act("/do/confirm", "trade", 1, "version", 1); !strings.Contains(got, "Recorded") {
		t.Errorf("after that, confirming says %q", got)
	}
}

// Whoever has lost their phone comes in by their password, reports it, and stays in to
// read. From then on nothing that comes from the phone counts, here or in the chat, until
// the council has cleared it.
func TestLostPhone(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	finder := h.in("ann")
	h.password(finder, "three green wheelbarrows")
	h.say("ben> /gave @ann 1h tea")
	owner := h.browser()
	owner.post("/login", "name", "Ann", "password", "three green wheelbarrows")
	has(t, owner.page("/lost"), "Report my phone lost")
	h.heard()
	if got := owner.act("/do/lost", "back", "/lost"); !strings.Contains(got, "From now on nothing counts that comes from Ann's phone") {
		t.Errorf("reporting it says %q", got)
	}
	if got := h.heard(); !strings.Contains(got, "bot to council> Ann says on the web pages that their phone is lost") {
		t.Errorf("the council hears %q", got)
	}
	if finder.get("/").to != "/login" {
		t.Error("whoever has the phone is still in")
	}
	h.say("ann> ✅", "ann dm> /portal")
	if linkIn.MatchString(h.heard()) {
		t.Error("the phone gets a link")
	}
	has(t, owner.page("/"), "Did Ben give you 1h?", "It isn't sure that your phone is in your hands")
	has(t, owner.page("/statement"), "Nothing came or went")
	if got := owner.act("/do/confirm", "trade", 1, "version", 1); !strings.Contains(got, "That waits") {
		t.Errorf("confirming says %q", got)
	}
	h.say("dee council> /restore @Ann")
	eve := h.in("eve")
	eve.act("/do/second", "question", questionOn(t, eve.page("/council")))
	if got := owner.act("/do/confirm", "trade", 1, "version", 1); !strings.Contains(got, "Recorded") {
		t.Errorf("after the council has cleared it, confirming says %q", got)
	}
}

// A cookie laid out beforehand is nobody's, and one that was copied is worth nothing after
// its owner has logged out.
func TestCookies(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	at, err := url.Parse(h.server.URL)
	fine(t, err)
	cookie := func(b *browser) *http.Cookie {
		for _, c := range b.http.Jar.Cookies(at) {
			if c.Name == "session" {
				return c
			}
		}
		return nil
	}
	thief := h.browser()
	thief.http.Jar.SetCookies(at, []*http.Cookie{{Name: "session", Value: "laid-out-beforehand", Path: "/"}})
	ann := h.browser()
	ann.http.Jar.SetCookies(at, []*http.Cookie{{Name: "session", Value: "laid-out-beforehand", Path: "/"}})
	ann.post(h.link("ann"))
	ann.page("/")
	if c := cookie(ann); c == nil || c.Value == "laid-out-beforehand" {
		t.Fatal("the cookie is the old one")
	}
	if thief.get("/").to != "/login" {
		t.Error("the one laid out beforehand opens the pages")
	}
	before := cookie(ann).Value
	ann.post(h.link("ann")) // again, in the same browser
	if cookie(ann).Value == before {
		t.Error("a second log-in keeps the cookie")
	}
	thief.http.Jar.SetCookies(at, []*http.Cookie{{Name: "session", Value: cookie(ann).Value, Path: "/"}})
	thief.page("/")
	if a := ann.post("/logout"); a.to != "/login" {
		t.Errorf("logging out: %d", a.status)
	}
	if thief.get("/").to != "/login" || ann.get("/").to != "/login" {
		t.Error("the copied cookie still opens the pages")
	}
}

// Behind TLS the cookie is for this host and for TLS alone; it is never for scripts.
func TestCookieOverTLS(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"https://credits.example.org": "__Host-session=; Path=/; HttpOnly; Secure; SameSite=Lax",
		"https://example.org/credits": "__Secure-session=; Path=/credits/; HttpOnly; Secure; SameSite=Lax",
		"http://127.0.0.1:8080":       "session=; Path=/; HttpOnly; SameSite=Lax",
	} {
		h := open(t, settings{url: at})
		base := strings.TrimPrefix(strings.TrimPrefix(at, "https://example.org"), "https://credits.example.org")
		if strings.HasPrefix(at, "http:") {
			base = ""
		}
		a := h.browser().post(base + h.link("ann"))
		if a.status != http.StatusSeeOther || !strings.HasPrefix(a.to, base+"/") {
			t.Fatalf("%s: %d to %s", at, a.status, a.to)
		}
		got := a.header.Get("Set-Cookie")
		name, rest, _ := strings.Cut(got, "=")
		_, attributes, _ := strings.Cut(rest, ";")
		var kept []string
		for _, part := range strings.Split(attributes, ";") {
			if p := strings.TrimSpace(part); !strings.HasPrefix(p, "Expires") && !strings.HasPrefix(p, "Max-Age") {
				kept = append(kept, p)
			}
		}
		if got := name + "=; " + strings.Join(kept, "; "); got != want {
			t.Errorf("%s: %s", at, got)
		}
		if hsts := a.header.Get("Strict-Transport-Security") != ""; hsts != strings.HasPrefix(at, "https") {
			t.Errorf("%s: HSTS is %v", at, hsts)
		}
	}
}

// Log in with a name and a password: what is said is the same for a name that nobody has,
// and so is the work.
func TestLogIn(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.password(h.in("ann"), "three green wheelbarrows")
	b := h.browser()
	wrong := b.post("/login", "name", "Ann", "password", "three green wheelbarrow")
	unknown := b.post("/login", "name", "Nob", "password", "three green wheelbarrow")
	if wrong.status != http.StatusForbidden || wrong.status != unknown.status || strings.ReplaceAll(wrong.body, "Ann", "Nob") != unknown.body {
		t.Errorf("they differ: %d, %d\n%s\n%s", wrong.status, unknown.status, text(wrong.body), text(unknown.body))
	}
	for _, name := range []string{"Ann", "ann", " ANN "} {
		in := h.browser()
		if a := in.post("/login", "name", name, "password", "three green wheelbarrows"); a.status != http.StatusSeeOther {
			t.Errorf("%q does not come in: %d", name, a.status)
		}
		has(t, in.page("/"), "Hello Ann")
	}
	p, err := portal.New(portal.Options{Community: h.stage.Community, URL: "http://localhost", Now: h.stage.Now})
	fine(t, err)
	params, _, _, err := argon2id.DecodeHash(portal.NobodysHash(p))
	if err != nil || params.Memory < 19<<10 || params.Iterations < 2 {
		t.Errorf("a name that nobody has costs %+v, %v", params, err)
	}
}

// Passwords that are short, easy or different are refused; another one needs the old one,
// unless a link has just shown whose phone it is, and ends all other logins.
func TestChoosingAPassword(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann, ben := h.in("ann"), h.in("ben")
	for password, want := range map[string]string{
		"short": "at least 10 letters", "1234567890": "too easy", "Password123": "too easy", "Riverside2026": "too easy", "Ann19570412": "too easy", "abababababab": "too easy", "aaaaaaaaaaaa": "too easy", "annannann-Ann": "too easy", strings.Repeat("long ", 300): "too long",
	} {
		if got := ann.act("/me/password", "name", "Ann", "password", password, "again", password); !strings.Contains(got, want) {
			t.Errorf("%.20q: %q", password, got)
		}
	}
	if got := ann.act("/me/password", "name", "Ann", "password", "three green wheelbarrows", "again", "three green wheelbarrow"); !strings.Contains(got, "aren't the same") {
		t.Errorf("two different ones: %q", got)
	}
	h.password(ann, "three green wheelbarrows and Ann")
	h.password(ann, "three green wheelbarrows")
	if got := ben.act("/me/password", "name", "Аnn", "password", "two blue teapots", "again", "two blue teapots"); !strings.Contains(got, "Somebody has that user name") {
		t.Errorf("a name that looks like Ann's: %q", got)
	}
	other := h.browser()
	other.post("/login", "name", "Ann", "password", "three green wheelbarrows")
	fine(t, h.stage.Wait(time.Hour))
	page := ann.page("/me/password")
	if !strings.Contains(page, "Your present password") {
		t.Error("the old one is not asked for")
	}
	if got := ann.act("/me/password", "name", "Ann", "password", "two blue teapots", "again", "two blue teapots", "old", "a guess it is"); !strings.Contains(got, "isn't your present password") {
		t.Errorf("with a guess: %q", got)
	}
	if got := ann.act("/me/password", "name", "Ann", "password", "two blue teapots", "again", "two blue teapots", "old", "three green wheelbarrows"); !strings.Contains(got, "From now on") {
		t.Errorf("with the old one: %q", got)
	}
	if other.get("/").to != "/login" {
		t.Error("the other login goes on")
	}
	ann.page("/")
}

// Whoever tries passwords is held back, by name from wherever they come, and by address
// under whatever name; nobody else is.
func TestLogInFlood(t *testing.T) {
	t.Parallel()
	h := open(t, settings{proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	h.password(h.in("ann"), "three green wheelbarrows")
	h.password(h.in("ben"), "two blue teapots")
	try := func(from, name, password string) int {
		form := url.Values{"name": {name}, "password": {password}}
		return h.browser().do("POST", "/login", form, "X-Forwarded-For", from).status
	}
	held := 0
	for i := range 100 {
		if try(fmt.Sprintf("198.51.100.%d", i), "Ann", "a guess") == http.StatusTooManyRequests {
			held++
		}
	}
	if held < 90 {
		t.Errorf("under one name from everywhere: %d of 100 were held back", held)
	}
	if got := try("203.0.113.1", "Ann", "three green wheelbarrows"); got != http.StatusTooManyRequests {
		t.Errorf("the right one after that: %d", got)
	}
	held = 0
	for i := range 100 {
		if try(fmt.Sprintf("2001:db8::%x", i), fmt.Sprint("name", i), "a guess") == http.StatusTooManyRequests {
			held++
		}
	}
	if held < 60 {
		t.Errorf("from one network under every name: %d of 100 were held back", held)
	}
	if got := try("192.0.2.7", "Ben", "two blue teapots"); got != http.StatusSeeOther {
		t.Errorf("Ben, who has done nothing: %d", got)
	}
	fine(t, h.stage.Wait(time.Hour))
	if got := try("203.0.113.1", "Ann", "three green wheelbarrows"); got != http.StatusSeeOther {
		t.Errorf("Ann an hour later: %d", got)
	}
	if h.in("ann").get("/").status != http.StatusOK {
		t.Error("the link is held back, too")
	}
}

// One address that tries passwords under ever new names, or under Ann's without an end,
// keeps neither Ben nor Ann out.
func TestOneAddressHoldsNobodyElseUp(t *testing.T) {
	t.Parallel()
	h := open(t, settings{proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	h.password(h.in("ann"), "three green wheelbarrows")
	h.password(h.in("ben"), "two blue teapots")
	b := h.browser()
	try := func(from, name, password string) int {
		return b.do("POST", "/login", url.Values{"name": {name}, "password": {password}}, "X-Forwarded-For", from).status
	}
	for i := range 4200 {
		try("198.51.100.1", fmt.Sprint("name", i), "a guess")
	}
	if got := try("192.0.2.7", "Ben", "two blue teapots"); got != http.StatusSeeOther {
		t.Errorf("Ben during a flood of names: %d", got)
	}
	for range 60 {
		for range 10 {
			try("198.51.100.2", "Ann", "a guess")
		}
		fine(t, h.stage.Wait(30*time.Second))
	}
	if got := try("192.0.2.8", "Ann", "three green wheelbarrows"); got != http.StatusSeeOther {
		t.Errorf("Ann during half an hour of guesses from somewhere else: %d", got)
	}
}

// What a request says of where it comes from counts only from a proxy that is trusted.
func TestForwardedForIsNotBelieved(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	held := 0
	for i := range 60 {
		form := url.Values{"name": {fmt.Sprint("name", i)}, "password": {"a guess"}}
		if h.browser().do("POST", "/login", form, "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i)).status == http.StatusTooManyRequests {
			held++
		}
	}
	if held < 20 {
		t.Errorf("%d of 60 were held back", held)
	}
}
