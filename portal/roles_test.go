package portal_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"communityconnect/bot"
	"communityconnect/community"
	"communityconnect/portal"
	"communityconnect/storage"
)

// role is somebody with a standing, at a browser.
type role struct {
	name    string
	member  community.Member // none: nobody is in
	browser *browser
}

// roles are one of each: nobody, a member, a suspended one, one whose phone is not sure,
// and one of the council.
func (h *house) roles() []role {
	h.t.Helper()
	all := []role{
		{name: "nobody", browser: h.browser()}, {name: "Ann", browser: h.in("ann")}, {name: "Dee", browser: h.in("dee")},
		{name: "Ben", browser: h.in("ben")}, {name: "Cat", browser: h.in("cat")},
	}
	h.password(all[4].browser, "three blind mice")
	h.say(".newphone cat")
	all[4].browser = h.browser()
	if a := all[4].browser.post("/login", "name", "Cat", "password", "three blind mice"); a.status != http.StatusSeeOther {
		h.t.Fatalf("Cat does not come in: %d", a.status)
	}
	h.suspend("Ben")
	if all[3].browser.get("/").to != "/login" {
		h.t.Error("Ben is still in")
	}
	all[3].browser = h.in("ben")
	fine(h.t, h.stage.DB().View(func(tx *storage.Tx) error {
		members, err := tx.Members()
		for _, m := range members {
			for i := range all {
				if all[i].name == m.Name {
					all[i].member = m
				}
			}
		}
		return err
	}))
	return all
}

// password chooses a password.
func (h *house) password(b *browser, password string) {
	h.t.Helper()
	page := b.page("/me/password")
	_, after, _ := strings.Cut(page, `id="name" name="name"`)
	_, after, _ = strings.Cut(after, `value="`)
	name, _, _ := strings.Cut(after, `"`)
	if got := b.act("/me/password", "name", name, "password", password, "again", password); !strings.Contains(got, "From now on") {
		h.t.Fatalf("no password: %q", got)
	}
}

// suspend takes somebody's rights away behind the bot's back.
func (h *house) suspend(name string) {
	h.t.Helper()
	id := h.member(name)
	fine(h.t, h.stage.Update(func(tx *storage.Tx) error { return tx.Suspend(community.MemberID(id)) }))
}

// Every page shows itself to whom the table of commands allows it, and to nobody else.
func TestEveryPageByEveryRole(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.livelyWeek()
	roles := h.roles()
	for _, p := range portal.GuardedPages() {
		path := strings.NewReplacer("{$}", "", "{id}", "1", "{kind}", "offer").Replace(p.Path)
		for _, r := range roles {
			got := r.browser.get(path)
			switch {
			case r.member.ID == 0:
				if got.status != http.StatusSeeOther || got.to != "/login" {
					t.Errorf("%s: nobody gets %d", path, got.status)
				}
			case p.Command == "" || bot.May(r.member, p.Command, p.Place):
				own := got.status == http.StatusNotFound && strings.Contains(p.Path, "{id}") || got.status == http.StatusForbidden && strings.Contains(p.Path, "{kind}")
				if got.status != http.StatusOK && !own {
					t.Errorf("%s: %s gets %d, and may /%s", path, r.name, got.status, p.Command)
				}
			case got.status != http.StatusForbidden:
				t.Errorf("%s: %s gets %d, and may not /%s", path, r.name, got.status, p.Command)
			}
			if strings.HasPrefix(path, "/council") && r.name != "Dee" && got.status == http.StatusOK {
				t.Errorf("%s is open to %s", path, r.name)
			}
		}
	}
}

// Every form does what it says for whom the table of commands allows it; from everybody
// else, and from whoever is not in, it changes nothing at all.
func TestEveryFormByEveryRole(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.livelyWeek()
	fields := []any{
		"trade", 1, "version", 1, "id", 1, "question", 1, "amount", "1h", "what", "tea", "why", "because", "text", "some words", "option", "1", "to", "on",
		"who", h.member("Una"), "giver", h.member("Una"), "receiver", h.member("Paddy"), "floor", "-1h", "ceiling", "+1h", "name", "offer_days", "value", "30",
	}
	roles := h.roles()
	for _, f := range portal.GuardedForms() {
		if f.Path == "/do/lost" {
			continue // whoever has lost their phone may say so, and is logged out by it: see TestLostPhone
		}
		for _, r := range roles {
			before := h.state()
			got := r.browser.post(f.Path, fields...)
			may := r.member.ID != 0 && (f.Command == "" || bot.May(r.member, f.Command, f.Place))
			switch {
			case r.member.ID == 0 && (got.status != http.StatusSeeOther || got.to != "/login?not-done"):
				t.Errorf("%s: nobody gets %d, to %s", f.Path, got.status, got.to)
			case r.member.ID != 0 && !may && got.status != http.StatusForbidden:
				t.Errorf("%s: %s gets %d, and may not /%s", f.Path, r.name, got.status, f.Command)
			case may && got.status != http.StatusSeeOther && got.status != http.StatusNotFound:
				t.Errorf("%s: %s gets %d", f.Path, r.name, got.status)
			}
			frozen := !r.member.Frozen.IsZero()
			if !may || frozen {
				if after := h.state(); after != before {
					t.Errorf("%s by %s changed something:\n%s\n%s", f.Path, r.name, before, after)
				}
			}
			if frozen && got.status == http.StatusSeeOther && f.Command != "lost" {
				has(t, r.browser.page(got.to), "That waits")
			}
		}
	}
}

// Whoever may not do something is not led to a page that tells them so.
func TestNoLinkLeadsToARefusal(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.livelyWeek()
	links := regexp.MustCompile(`href="(/[^"#]*)"`)
	for _, r := range h.roles()[1:] {
		seen := map[string]bool{}
		for _, page := range []string{"/", "/board", "/people", "/statement", "/decisions", "/me", "/lost"} {
			for _, link := range links.FindAllStringSubmatch(r.browser.page(page), -1) {
				to := html.UnescapeString(link[1])
				if seen[to] {
					continue
				}
				seen[to] = true
				if a := r.browser.get(to); a.status != http.StatusOK {
					t.Errorf("%s: %s leads %s to %d", page, to, r.name, a.status)
				}
			}
		}
	}
}

// state is what of the community can be changed, put into one line.
func (h *house) state() (s string) {
	h.t.Helper()
	fine(h.t, h.stage.DB().View(func(tx *storage.Tx) error {
		seq, head, err := tx.Head()
		if err != nil {
			return err
		}
		members, err := tx.Members()
		if err != nil {
			return err
		}
		policy, err := tx.Policy()
		if err != nil {
			return err
		}
		posts, err := tx.AllPosts()
		if err != nil {
			return err
		}
		s = fmt.Sprint(seq, head, policy, len(posts))
		for _, p := range posts {
			s += fmt.Sprint(p.State, p.Expires)
		}
		for _, m := range members {
			trades, err := tx.OpenTrades(m.Account)
			if err != nil {
				return err
			}
			questions, err := tx.OpenQuestions(m.Account)
			if err != nil {
				return err
			}
			a, err := tx.Account(m.Account)
			if err != nil {
				return err
			}
			s += fmt.Sprint(m, len(trades), len(questions), a)
		}
		seconds, err := tx.OpenSeconds()
		s += fmt.Sprint(len(seconds))
		return err
	}))
	return s
}

// Nobody reaches what is somebody else's by guessing its number.
func TestNumbersOfOthersOpenNothing(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @ann 2h a private matter", "ann> ✅", "ben> /gave @ann 1h another matter", "ann> /offer Guitar lessons", "ann> /close #1", "ben dm> /undo #1 wrong day")
	cat, dee, ann := h.in("cat"), h.in("dee"), h.in("ann")
	for _, b := range []*browser{cat, dee} { // the council has no key to it either
		for _, path := range []string{"/trades/1", "/trades/2", "/trades/99", "/trades/0", "/trades/-1", "/trades/x", "/trades/99999999999999999999", "/posts/1", "/posts/99"} {
			if a := b.get(path); a.status != http.StatusNotFound || strings.Contains(a.body, "matter") {
				t.Errorf("%s: %d", path, a.status)
			}
		}
		for _, path := range []string{"/", "/statement", "/statement?from=2020-01-01", "/statement.csv?from=2020-01-01", "/books", "/people/1", "/board?q=matter"} {
			if a := b.get(path); strings.Contains(a.body, "private matter") && !strings.HasPrefix(path, "/board") {
				t.Errorf("%s tells of it", path)
			}
		}
	}
	before := h.state()
	for _, form := range []string{"confirm", "amend", "decline", "cancel", "undo", "close", "renew", "yes", "no", "choose", "second", "stop"} {
		for number := 1; number < 6; number++ {
			a := cat.post("/do/"+form, "trade", number, "version", 1, "id", number, "question", number, "amount", "5m", "why", "mischief", "option", 1)
			if got := said(cat.get(a.to).body); strings.Contains(got, "Ann") || strings.Contains(got, "Ben") {
				t.Errorf("%s of number %d tells Cat %q", form, number, got)
			}
		}
	}
	if after := h.state(); after != before {
		t.Errorf("Cat has changed something:\n%s\n%s", before, after)
	}
	// A login of somebody else's is not Cat's to end.
	for number := range 20 {
		cat.post("/me/end", "login", number+1)
	}
	ann.page("/")
}
