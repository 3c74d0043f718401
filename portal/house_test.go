package portal_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/bot/stage"
	"communityconnect/chat"
	"communityconnect/chat/console"
	"communityconnect/portal"
	"communityconnect/storage"
)

// house is a whole community with its pages: the real engine, the real rules, a real file
// and a real server on loopback.
type house struct {
	t      testing.TB
	stage  *stage.Stage
	server *httptest.Server
	chat   lines // what was said in the chat
	log    lines
}

// lines is output that several goroutines write and read.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// take returns what was written since the last time.
func (l *lines) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.String()
}

var language = sync.OnceValues(bot.LoadLanguage)

// quick is for tests: no password in them has to withstand anybody.
var quick = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// settings are what a test may want otherwise.
type settings struct {
	url     string
	hashing *argon2id.Params
	proxies []netip.Prefix
	open    bool
}

// open founds the community of every test: Ann, Ben, Cat; Dee, Eve and Una of the council;
// Finn, who has never said hello to the bot; and Paddy, who has no phone.
func open(t testing.TB, s settings) *house {
	t.Helper()
	words, err := language()
	fine(t, err)
	h := &house{t: t}
	h.server = httptest.NewUnstartedServer(nil)
	at := "http://" + h.server.Listener.Addr().String()
	if s.url == "" {
		s.url = at
	}
	h.stage, err = stage.Open(stage.Options{
		Database: filepath.Join(t.TempDir(), "house.db"), Out: &h.chat, Name: "Riverside", Zone: "Europe/Dublin",
		Start: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC), Look: console.Look{}, Language: words, Log: zerolog.New(&h.log), Portal: s.url,
		Cast: stage.Cast{
			Members: []string{"Ann", "Ben", "Cat", "Dee", "Eve", "Una", "Finn"}, Council: []string{"Dee", "Eve", "Una"},
			Met: []string{"Ann", "Ben", "Cat", "Dee", "Eve", "Una"}, Paper: []string{"Paddy"}, Strangers: []string{"Sam"},
		},
	})
	fine(t, err)
	if s.hashing == nil {
		s.hashing = quick
	}
	p, err := portal.New(portal.Options{
		Community: h.stage.Community, URL: s.url, Now: h.stage.Now, Log: zerolog.New(&h.log), Hashing: s.hashing,
		TrustedProxies: s.proxies, Open: s.open,
	})
	fine(t, err)
	config := portal.NewServer(p.Handler())
	config.Addr = h.server.Config.Addr
	h.server.Config = config
	h.server.Start()
	t.Cleanup(func() {
		h.server.Close()
		fine(t, h.stage.Close())
	})
	return h
}

func fine(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// say is what somebody types in the chat.
func (h *house) say(lines ...string) {
	h.t.Helper()
	for _, line := range lines {
		if err := h.stage.Play(line); err != nil {
			h.t.Fatalf("%q: %v", line, err)
		}
	}
}

// heard is what was said in the chat since the last time, once the bot has said it all.
func (h *house) heard() string {
	h.t.Helper()
	fine(h.t, h.stage.Wait(0))
	return h.chat.take()
}

var linkIn = regexp.MustCompile(`/enter/[\w-]{43}`)

// link asks the bot for somebody's one-time link and returns its path.
func (h *house) link(who string) string {
	h.t.Helper()
	h.heard()
	h.say(who + " dm> /portal")
	path := linkIn.FindString(h.heard())
	if path == "" {
		h.t.Fatalf("no link for %s", who)
	}
	return path
}

// browser is what somebody has in front of them, without JavaScript.
type browser struct {
	t    testing.TB
	http *http.Client
	at   string
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	fine(h.t, err)
	return &browser{t: h.t, at: h.server.URL, http: &http.Client{
		Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a page as it came.
type answer struct {
	status int
	header http.Header
	body   string
	to     string // where it sends the browser
}

func (b *browser) do(method, path string, form url.Values, header ...string) answer {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, b.at+path, body)
	fine(b.t, err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := b.http.Do(r)
	fine(b.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	fine(b.t, err)
	return answer{resp.StatusCode, resp.Header, string(text), resp.Header.Get("Location")}
}

func (b *browser) get(path string) answer { b.t.Helper(); return b.do("GET", path, nil) }

// page gets a page that has to be there.
func (b *browser) page(path string) string {
	b.t.Helper()
	a := b.get(path)
	if a.status != http.StatusOK {
		b.t.Fatalf("%s: %d, to %s\n%s", path, a.status, a.to, text(a.body))
	}
	return a.body
}

// post sends a form of pairs.
func (b *browser) post(path string, pairs ...any) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(fmt.Sprint(pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return b.do("POST", path, form)
}

// act sends a form and returns what the next page says about it.
func (b *browser) act(path string, pairs ...any) string {
	b.t.Helper()
	a := b.post(path, pairs...)
	if a.status != http.StatusSeeOther {
		b.t.Fatalf("%s: %d\n%s", path, a.status, text(a.body))
	}
	return said(b.page(a.to))
}

// in lets somebody in by a link.
func (h *house) in(who string) *browser {
	h.t.Helper()
	b := h.browser()
	if a := b.post(h.link(who)); a.status != http.StatusSeeOther {
		h.t.Fatalf("%s does not come in: %d", who, a.status)
	}
	return b
}

// member is somebody's number.
func (h *house) member(name string) (id int64) {
	h.t.Helper()
	fine(h.t, h.stage.DB().View(func(tx *storage.Tx) error {
		all, err := tx.Members()
		for _, m := range all {
			if m.Name == name {
				id = int64(m.ID)
			}
		}
		return err
	}))
	if id == 0 {
		h.t.Fatalf("nobody is called %s", name)
	}
	return id
}

var (
	note = regexp.MustCompile(`(?s)<div class="note (?:good|bad)"[^>]*>(.*?)</div>`)
	tags = regexp.MustCompile(`<[^>]*>`)
	gaps = regexp.MustCompile(`\s+`)
)

// said is what a page says about what was done before it.
func said(page string) string {
	m := note.FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return text(m[1])
}

// text is what one reads on a page.
func text(page string) string {
	_, main, found := strings.Cut(page, "<main")
	if !found {
		main = page
	}
	plain := tags.ReplaceAllString(main, " ")
	for entity, letter := range map[string]string{"&#43;": "+", "&#39;": "'", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": `"`} {
		plain = strings.ReplaceAll(plain, entity, letter)
	}
	return strings.TrimSpace(gaps.ReplaceAllString(plain, " "))
}

// has fails the test unless a page says all of it.
func has(t testing.TB, page string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text(page), w) {
			t.Errorf("the page does not say %q:\n%s", w, text(page))
		}
	}
}

// fileDump is all that stands in the file, as it is on the disk.
func (h *house) fileDump() string {
	h.t.Helper()
	var all strings.Builder
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(h.stage.DB().Path() + end)
		if err != nil && !os.IsNotExist(err) {
			h.t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

// kept is what is kept of what somebody has told the bot.
func (h *house) kept(name string) (all string) {
	h.t.Helper()
	fine(h.t, h.stage.DB().View(func(tx *storage.Tx) error {
		messages, err := tx.Inbox(chat.PersonID("person-"+strings.ToLower(name)), 100)
		for _, m := range messages {
			all += m.Text + "\n"
		}
		return err
	}))
	return all
}
