package portal_test

import "fmt"

// livelyWeek fills the community with what every page has something to show of.
func (h *house) livelyWeek() {
	h.t.Helper()
	h.say(
		"ben> /gave @eve 1h30 putting up shelves", "eve> ✅", ".wait 3d",
		"cat> /offer Guitar lessons for beginners, weekday evenings",
		"ann> /offer Man with a van, small moves at the weekend",
		"eve> /gave @cat 45m walking the dog", "cat> ✅", ".wait 4d",
		"eve> /request Help to move boxes on Saturday, 2h",
		"ann> /gave @cat 2h moving boxes", "cat> ✅",
		"dee> /request A lift to the hospital on Tuesday morning", ".wait 1d",
		"ann> /gave @eve 2h moving boxes",
		"eve> /gave @una 30m a cup of tea",
		"cat> /propose A shared tool shed", "ben dm> /vote yes",
		"dee council> /policy offer_days 60", "eve council> /limits @Ann -20h +60h", "dee council> /audit",
	)
}

// allPages are the addresses of all pages that Eve can see after the lively week.
func (h *house) allPages() []string {
	return []string{
		"/", "/board", "/board?q=boxes", "/board?kind=offers", "/posts/1", "/posts/3", "/new/offer", "/new/request", "/record", "/trades/1", "/trades/4",
		"/statement", "/statement?from=2025-01-01&to=2025-02-01", "/people", fmt.Sprint("/people/", h.member("Cat")), "/books", "/me", "/me/password",
		"/council", "/council/people", fmt.Sprint("/council/people/", h.member("Ann")), "/council/enter", "/council/policy", "/council/log",
		"/decisions", "/lost", "/council/cases", "/council/health", "/council/backups",
	}
}
