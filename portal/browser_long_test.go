//go:build long

package portal_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "keep pictures of the pages in this directory")

// screen is what somebody looks at.
type screen struct {
	name          string
	width, height int64
	phone         bool
}

var screens = []screen{{"phone", 390, 844, true}, {"desktop", 1280, 900, false}}

// window opens a real browser of its own, with nothing remembered.
func (h *house) window(t *testing.T, s screen, script, dark bool) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is needed: install Debian's package")
	}
	profile, err := os.MkdirTemp("", "browser-")
	fine(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // the browser may still be tidying up
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.UserDataDir(profile), chromedp.WindowSize(int(s.width), int(s.height)))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	fine(t, chromedp.Run(ctx,
		emulation.SetDeviceMetricsOverride(s.width, s.height, 1, s.phone),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		emulation.SetScriptExecutionDisabled(!script)))
	return ctx
}

// visitor is somebody at a real browser.
type visitor struct {
	t   *testing.T
	h   *house
	ctx context.Context
}

func (v visitor) run(what string, actions ...chromedp.Action) {
	v.t.Helper()
	if err := chromedp.Run(v.ctx, actions...); err != nil {
		var at, page string
		_ = chromedp.Run(v.ctx, chromedp.Location(&at), chromedp.OuterHTML("html", &page))
		v.t.Fatalf("%s, at %s: %v\n%s", what, at, err, text(page))
	}
}

func (v visitor) open(path string) {
	v.t.Helper()
	v.run("open "+path, chromedp.Navigate(v.h.server.URL+path))
}

// press taps a button or a link by what it says, and waits for the page that follows.
func (v visitor) press(words string) {
	v.t.Helper()
	sel := fmt.Sprintf(`(//main//button[normalize-space()=%[1]q] | //main//a[normalize-space()=%[1]q] | //summary[normalize-space()=%[1]q] | //footer//button[normalize-space()=%[1]q])[1]`, words)
	v.run("press "+words, chromedp.ScrollIntoView(sel, chromedp.BySearch), chromedp.Click(sel, chromedp.BySearch))
}

func (v visitor) fill(id, words string) {
	v.t.Helper()
	v.run("fill "+id, chromedp.SetValue("#"+id, words, chromedp.ByQuery))
}

// sees waits until the page says something.
func (v visitor) sees(words ...string) {
	v.t.Helper()
	for _, w := range words {
		ctx, cancel := context.WithTimeout(v.ctx, 15*time.Second)
		err := chromedp.Run(ctx, chromedp.WaitVisible(fmt.Sprintf(`//body[contains(normalize-space(), %q)]`, w), chromedp.BySearch))
		cancel()
		if err != nil {
			var page string
			v.run("look", chromedp.OuterHTML("html", &page))
			v.t.Fatalf("the page does not say %q:\n%s", w, text(page))
		}
	}
}

// TestBrowser goes through what a neighbour does, in a real browser, on a phone and on a
// desk, with JavaScript off.
func TestBrowser(t *testing.T) {
	for _, s := range screens {
		t.Run(s.name, func(t *testing.T) {
			h := open(t, settings{})
			v := visitor{t, h, h.window(t, s, false, false)}

			// In by the link, which opening alone does not use up; a password is chosen.
			link := h.link("ann")
			v.open(link)
			v.open(link)
			v.press("Come in")
			v.sees("Choose a user name and a password")
			v.fill("name", "Annie")
			v.fill("password", "three green wheelbarrows")
			v.fill("again", "three green wheelbarrows")
			v.press("Keep it")
			v.sees("From now on you can log in as Annie")
			v.press("Log out, Ann")
			v.sees("No password, or forgotten?")
			v.open("/")
			v.sees("No password, or forgotten?")
			v.fill("name", "annie")
			v.fill("password", "three green wheelbarrows")
			v.press("Log in")
			v.sees("Hello Ann")

			// A trade of the chat.
			h.say("ben> /gave @ann 1h30 putting up shelves")
			h.heard()
			v.open("/")
			v.sees("Did Ben give you 1h30?")
			v.press("Yes, 1h30 is right")
			v.sees("Recorded: Ben gave Ann 1h30", "-1h30")
			if got := h.heard(); !strings.Contains(got, "bot edits> ✅ Recorded: Ben gave Ann 1h30") {
				t.Errorf("the chat says %q", got)
			}

			// Posting, searching, the statement.
			v.press("Ask for help")
			v.fill("text", "Help to move boxes on Saturday, 2h")
			v.press("Ask the neighbours")
			v.sees("Ann asks: Help to move boxes on Saturday, 2h")
			v.fill("q", "boxes")
			v.press("Search")
			v.sees("What fits, best first", "Help to move boxes")
			v.open("/statement")
			v.sees("putting up shelves", "you gave 0h and got 1h30")
			v.press("Log out, Ann")
			v.sees("No password, or forgotten?")

			// The council.
			h.say("dee council> /policy offer_days 60")
			v.open(h.link("eve"))
			v.press("Come in")
			v.sees("Not now")
			v.press("Not now")
			v.sees("One thing waits for a second member of the council")
			v.open("/council")
			h.heard()
			v.press("Second it")
			v.sees("Dee, seconded by Eve: change the policy offer_days from 90 to 60")
			if got := h.heard(); !strings.Contains(got, "bot to council edits> ✅ Dee, seconded by Eve") {
				t.Errorf("the chat says %q", got)
			}
			v.press("Log out, Eve")
			v.sees("No password, or forgotten?")
			v.open("/council")
			v.sees("No password, or forgotten?")
		})
	}
}

// TestEverybodyCanUseThePages lets axe-core judge every page, on both screens, in the
// light and in the dark, and looks for pages that are wider than a phone.
func TestEverybodyCanUseThePages(t *testing.T) {
	axe := readAxe(t)
	h := open(t, settings{open: true})
	h.livelyWeek()
	for _, s := range screens {
		for _, dark := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s dark=%v", s.name, dark), func(t *testing.T) {
				v := visitor{t, h, h.window(t, s, true, dark)}
				for _, p := range []string{"/login", "/nothing", "/enter/nothing", h.link("eve")} {
					v.judge(axe, p, s, dark)
				}
				v.press("Come in")
				v.sees("Choose a user name")
				for _, p := range h.allPages() {
					v.judge(axe, p, s, dark)
				}
			})
		}
	}
}

// readAxe returns the script of axe-core, which npm brings.
func readAxe(t *testing.T) string {
	t.Helper()
	const at = "testdata/axe"
	npm := exec.Command("npm", "ci", "--no-audit", "--no-fund")
	npm.Dir = at
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm: %v\n%s", err, out)
	}
	script, err := os.ReadFile(filepath.Join(at, "node_modules/axe-core/axe.min.js"))
	fine(t, err)
	return string(script)
}

// judge opens a page and fails the test for every rule it breaks.
func (v visitor) judge(axe, path string, s screen, dark bool) {
	v.t.Helper()
	v.open(path)
	var found string
	v.run("judge "+path, chromedp.Evaluate(axe+";0", nil), chromedp.Evaluate(
		`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => JSON.stringify(
			r.violations.map(v => ({rule: v.id, help: v.help, at: v.nodes.map(n => n.html.slice(0, 200))}))))`, &found, awaitPromise))
	var violations []struct {
		Rule, Help string
		At         []string
	}
	fine(v.t, json.Unmarshal([]byte(found), &violations))
	for _, violation := range violations {
		v.t.Errorf("%s: %s (%s)\n%s", path, violation.Help, violation.Rule, strings.Join(violation.At, "\n"))
	}
	var wide bool
	v.run("measure "+path, chromedp.Evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth`, &wide))
	if wide {
		v.t.Errorf("%s is wider than a %s", path, s.name)
	}
	if *shots != "" {
		v.picture(path, s, dark)
	}
}

func awaitPromise(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// picture keeps what the page looks like.
func (v visitor) picture(path string, s screen, dark bool) {
	v.t.Helper()
	var png []byte
	name := strings.Trim(strings.Map(func(r rune) rune {
		if r == '/' || r == '?' || r == '=' || r == '&' {
			return '-'
		}
		return r
	}, path), "-")
	if name == "" {
		name = "home"
	}
	if strings.HasPrefix(name, "enter-") {
		name = name[:min(len(name), 8)]
	}
	name += "-" + s.name
	if dark {
		name += "-dark"
	}
	v.run("picture", chromedp.FullScreenshot(&png, 100))
	fine(v.t, os.MkdirAll(*shots, 0o755))
	fine(v.t, os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o644))
}

// Long names, names of other scripts, and words without an end fit on the narrowest
// screen, which is also a desk at 400 %.
func TestNothingIsTooWide(t *testing.T) {
	h := open(t, settings{})
	h.livelyWeek()
	pages := append(h.allPages(), fmt.Sprint("/people/", h.member("Una")), "/posts/5", "/posts/6", "/trades/6")
	h.say("ann dm> /profile name שרה", "ben dm> /profile name Bartholomew-Christopherson von und zu", "cat dm> /profile name 🎈Cat🎈",
		"una dm> /profile about https://example.org/"+strings.Repeat("long", 25), "eve> /request "+strings.Repeat("Donaudampfschiff", 12),
		"una dm> /offer שיעורי גיטרה בערב, 2h", "una> /gave @eve 1h "+strings.Repeat("x", 120), "eve> ✅")
	narrow := screen{"narrow", 320, 640, true}
	v := visitor{t, h, h.window(t, narrow, true, false)}
	v.open(h.link("eve"))
	v.press("Come in")
	v.sees("Choose a user name")
	for _, p := range pages {
		v.open(p)
		v.run("open all", chromedp.Evaluate(`document.querySelectorAll("details").forEach(d => d.open = true)`, nil))
		var wide bool
		v.run("measure "+p, chromedp.Evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth`, &wide))
		if wide {
			t.Errorf("%s is too wide", p)
		}
		if *shots != "" {
			v.picture(p, narrow, false)
		}
	}
}
