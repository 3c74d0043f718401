package portal_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A page weighs little, with its stylesheet.
func TestPagesAreSmall(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	for i := range 60 {
		h.say(fmt.Sprintf("cat> /offer %s number %d, weekday evenings", strings.Repeat("Guitar lessons for beginners ", 8), i*7919))
		h.say(fmt.Sprintf("ben> /gave @ann 5m %s%d", strings.Repeat("a long story ", 9), i), "ann> ✅")
	}
	ann := h.in("ann")
	_, after, _ := strings.Cut(ann.page("/"), `rel="stylesheet" href="`)
	style, _, _ := strings.Cut(after, `"`)
	css := ann.get(style)
	if css.status != http.StatusOK || !strings.Contains(css.header.Get("Cache-Control"), "immutable") {
		t.Fatalf("the stylesheet: %d", css.status)
	}
	for who, paths := range map[*browser][]string{
		ann: {"/", "/board", "/statement", "/books", "/people", "/me", "/record", "/decisions"}, h.in("dee"): {"/council", "/council/people", "/council/policy", "/council/health", "/council/log"},
	} {
		for _, path := range paths {
			if size := len(who.page(path)) + len(css.body); size > 60<<10 {
				t.Errorf("%s weighs %d bytes", path, size)
			}
		}
	}
}

// However much waits for somebody, their first page is one for a phone, and nothing on it
// is out of reach.
func TestTheFirstPageStaysSmall(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	for i := range 60 {
		h.say(fmt.Sprintf("ben dm> /gave @ann 1m task %d, and a long tale about it", i), fmt.Sprintf("ann dm> /offer Thing %d of which there is much to say", i))
	}
	ann, ben := h.in("ann"), h.in("ben")
	page := ann.page("/")
	has(t, page, "task 0,", "task 37,", "And 22 more", "All 60 of yours")
	for who, page := range map[string]string{"Ann": page, "Ben": ben.page("/"), "Ann's own page": ann.page(fmt.Sprint("/people/", h.member("Ann")))} {
		if len(page) > 48<<10 {
			t.Errorf("%s: %d bytes", who, len(page))
		}
	}
	has(t, ben.page("/"), "And 30 more")
	ann.act("/do/confirm", "trade", 1, "version", 1)
	has(t, ann.page("/"), "task 38,", "And 21 more")
}
