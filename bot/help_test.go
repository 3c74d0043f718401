package bot

import (
	"fmt"
	"strings"
	"testing"

	"communityconnect/community"
)

// Help is one screen on a phone, on every page and in every place, and stays that
// however many commands a chapter gets.
func TestHelpIsOneScreen(t *testing.T) {
	const screen = 600
	many := Chapter{Name: "many", Brief: "a chapter that has grown"}
	for i := range 60 {
		many.Commands = append(many.Commands, Command{Name: fmt.Sprintf("command%d", i), Brief: strings.Repeat("word ", 6), Places: anywhere})
	}
	for _, place := range []Place{InDM, InGroup, InCouncil} {
		for _, council := range []bool{false, true} {
			c := &Call{place: place, people: &people{policy: community.DefaultPolicy()}, world: &world{commands: Commands(), guesser: pretendGuesser{}},
				from: community.Member{ID: 1, Status: community.Full, Council: council}}
			c.helpFirst()
			shown := map[string]bool{}
			for _, chapter := range append(Chapters(), many) {
				lines := c.helpLines(chapter)
				for n := range pages(lines, pageLetters) {
					c.helpPage(chapter, lines, fmt.Sprint(n+1))
				}
				for _, line := range lines {
					shown[line] = true
				}
			}
			said := ""
			for _, r := range c.replies {
				if n := len([]rune(r.text)); n > screen {
					t.Errorf("%d letters on one page:\n%s", n, r.text)
				}
				said += r.text + "\n"
			}
			for line := range shown {
				if !strings.Contains(said, line+"\n") {
					t.Errorf("%q is on no page", line)
				}
			}
			if len(shown) > 0 && place != InCouncil && !strings.Contains(said, "More: /help many 2") {
				t.Error("a long chapter doesn't say how it goes on")
			}
		}
	}
}

// pretendGuesser is a guesser that is there, and is never asked.
type pretendGuesser struct{ Guesser }
