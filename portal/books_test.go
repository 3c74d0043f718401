package portal_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var journalRow = regexp.MustCompile(`<tr><td>(\d+)</td><td[^>]*>[^<]*</td><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td><td>([^<]*)</td>`)

// Whoever knows one entry of a neighbour's in the journal finds no other of theirs by it,
// however they turn the pages, and so can't add up a balance.
func TestTheJournalAddsUpNobodysBalance(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @cat 1h tea", "cat> ✅", "ben> /gave @eve 2h shelves", "eve> ✅", "una> /gave @ben 3h hedge", "ben> ✅",
		"una dm> /gift @eve 30m thanks", "una dm> yes", "una dm> /gift commons 15m thanks", "una dm> yes")
	cat := h.in("cat")
	for before := 2; before < 8; before++ {
		page := cat.page(fmt.Sprint("/books?before=", before))
		seen := map[string]bool{}
		rows := journalRow.FindAllStringSubmatch(page, -1)
		if want := min(before-1, 5); len(rows) != want {
			t.Fatalf("%d entries below %d, not %d:\n%s", len(rows), before, want, page)
		}
		for _, row := range rows {
			for _, who := range row[2:4] {
				if who != "you" && who != "the commons" && seen[who] {
					t.Errorf("%s is in two entries below %d", who, before)
				}
				seen[who] = true
			}
			if gift := row[5] == "gift"; gift != (row[4] == "–") {
				t.Errorf("a %s of %s", row[5], row[4])
			}
		}
		if !seen["you"] {
			t.Error("Cat does not find her own")
		}
	}
	if body := cat.page("/books"); strings.Contains(body, "Ben") || strings.Contains(body, "Una") {
		t.Error("the books name people")
	}
}

// What a leaver leaves to the commons was all they had: the journal does not say how much.
func TestTheJournalKeepsWhatALeaverHad(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @eve 2h shelves", "eve> ✅", "ben dm> /leave", "ben dm> yes", "ben dm> yes")
	cat := h.in("cat")
	rows := journalRow.FindAllStringSubmatch(cat.page("/books"), -1)
	if len(rows) != 2 || rows[0][5] != "settlement" || rows[0][4] != "–" {
		t.Errorf("the journal says %v", rows)
	}
}

// The narrowed limits of a leaver are their balance: the council sees neither on its page.
func TestALeaversLimitsAreNobodysToSee(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @cat 3h15 shelves", "cat> ✅", "cat dm> /leave", "cat dm> yes")
	page := h.in("dee").page(fmt.Sprint("/council/people/", h.member("Cat")))
	has(t, page, "They are on the way out")
	if strings.Contains(text(page), "3h15") {
		t.Errorf("the page tells what Cat owes:\n%s", text(page))
	}
}
