package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/nlp/lexicon"
)

// boardPage is how many posts one message shows.
const boardPage = 8

// showBoard lists what is open, newest first, or what fits the words best first.
func showBoard(c *Call) error {
	kind, search, page := boardWords(c.words)
	posts, err := c.boardPosts(kind, search)
	if err != nil {
		return err
	}
	first := min((page-1)*boardPage, len(posts))
	last := min(first+boardPage, len(posts))
	if first == last {
		c.answer(boardEmpty)
		return nil
	}
	var lines []string
	for _, p := range posts[first:last] {
		lines = append(lines, c.text(boardLine, "who", c.people.byID[community.MemberID(p.Author)], "sign", postSign(p), "text", shorten(p.Text, 80), "day", c.day(p.Created)))
	}
	more := ""
	if left := len(posts) - last; left > 0 {
		more = c.text(boardMore, "left", left, "next", strings.TrimSpace("/board "+c.wordsWithoutPage())+" "+strconv.Itoa(page+1))
	}
	c.answer(boardIs, "list", strings.Join(lines, "\n"), "more", more)
	return nil
}

// boardPosts returns the open posts by people who are there, in the order of showing.
func (c *Call) boardPosts(kind board.Kind, search string) ([]board.Post, error) {
	posts, err := c.tx.OpenPosts(c.now)
	if err != nil {
		return nil, err
	}
	posts = slices.DeleteFunc(posts, func(p board.Post) bool {
		return kind != "" && p.Kind != kind || !c.people.byID[community.MemberID(p.Author)].Active()
	})
	if search == "" {
		return posts, nil
	}
	query := board.Search{Text: search, Kind: kind, Limit: len(posts) + 1, Standing: c.standing(community.Member{})}
	if category := strings.ReplaceAll(strings.ToLower(search), " ", "_"); slices.Contains(lexicon.Categories(), category) {
		query.Category, query.Text = category, ""
	}
	var found []board.Post
	for _, m := range c.world.index.Search(query) {
		if i := slices.IndexFunc(posts, func(p board.Post) bool { return p.ID == m.Post }); i >= 0 {
			found = append(found, posts[i])
		}
	}
	for _, p := range posts { // what the words stand in, though the index makes little of them
		if query.Text != "" && p.Matches(search) && !slices.ContainsFunc(found, func(f board.Post) bool { return f.ID == p.ID }) {
			found = append(found, p)
		}
	}
	return found, nil
}

// boardWords reads "offers", "requests", what to search for, and a page.
func boardWords(words string) (kind board.Kind, search string, page int) {
	page = 1
	fields := strings.Fields(words)
	if n := len(fields); n > 0 {
		if number, err := strconv.Atoi(fields[n-1]); err == nil && number > 0 {
			page, fields = number, fields[:n-1]
		}
	}
	if len(fields) > 0 {
		switch strings.ToLower(fields[0]) {
		case "offers", "offer":
			kind, fields = board.Offer, fields[1:]
		case "requests", "request", "needs":
			kind, fields = board.Request, fields[1:]
		}
	}
	return kind, strings.Join(fields, " "), page
}

// wordsWithoutPage is what was asked for, to ask for the next page of it.
func (c *Call) wordsWithoutPage() string {
	kind, search, _ := boardWords(c.words)
	if kind != "" {
		search = string(kind) + "s " + search
	}
	return strings.TrimSpace(search)
}

func postSign(p board.Post) string {
	if p.Kind == board.Offer {
		return "🎁"
	}
	return "🙏"
}

// mine shows a member's own posts and what waits for them.
func mine(c *Call) error {
	posts, err := c.ownPosts()
	if err != nil {
		return err
	}
	open, err := c.tx.OpenTrades(c.from.Account)
	if err != nil {
		return err
	}
	var lines []string
	for _, t := range open {
		phrase := mineWaitsOther
		if c.waitsForMe(t) {
			phrase = mineWaitsYou
		}
		lines = append(lines, c.text(phrase, c.tradeArgs(t)...))
	}
	for _, p := range posts {
		lines = append(lines, c.text(minePost, "sign", postSign(p), "text", shorten(p.Text, 80), "id", int64(p.ID), "until", c.until(p.Expires)))
	}
	if len(lines) == 0 {
		c.private(mineEmpty)
		return nil
	}
	c.private("{list}", "list", strings.Join(lines, "\n"))
	return nil
}

// until prints a day ahead.
func (c *Call) until(t time.Time) string { return t.In(c.world.zone).Format("2 January") }
