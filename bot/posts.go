package bot

import (
	"errors"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/storage"
)

func offer(c *Call) error   { return c.post(board.Offer, c.people.policy.OfferDays) }
func request(c *Call) error { return c.post(board.Request, c.people.policy.RequestDays) }

// post puts a card up in the group, wherever it was written.
func (c *Call) post(kind board.Kind, days int) error {
	typed, _ := c.people.render(c.words, direct(c.from))
	text, err := board.CleanText(typed)
	switch {
	case errors.Is(err, board.ErrTextEmpty):
		return refuse(textMissing, "usage", "/"+c.command.Name+" "+c.command.Usage)
	case errors.Is(err, board.ErrTextLong):
		return refuse(textLong, "most", board.MaxText)
	}
	minutes, _ := findAmount(strings.ToLower(text))
	p := board.Post{
		Kind: kind, Author: int64(c.from.ID), Text: text, Minutes: minutes, State: board.Open,
		Created: c.now, Expires: c.now.AddDate(0, 0, days),
	}
	if p.ID, err = c.tx.AddPost(p); err != nil {
		return err
	}
	if c.place == InDM {
		c.react("👍")
	}
	c.send(c.group(), postTopic(p), c.card(p, ""))
	return nil
}

func postTopic(p board.Post) storage.Topic {
	return storage.Topic{Kind: topicPost, ID: int64(p.ID)}
}

// card is how a post stands in the group. State is what has become of it, if anything.
func (c *Call) card(p board.Post, state string) string {
	phrase := offerCard
	if p.Kind == board.Request {
		phrase = requestCard
	}
	if state != "" {
		phrase = overCard
	}
	return c.text(phrase, "who", c.people.byID[community.MemberID(p.Author)], "text", p.Text, "state", state)
}

// answerPost is a reaction or a reply to a card.
func (c *Call) answerPost(id int64, a answer) error {
	p, found, err := c.tx.Post(board.PostID(id))
	if err != nil || !found {
		return err
	}
	author := c.people.byID[community.MemberID(p.Author)]
	switch {
	case author.Account == c.from.Account:
		if a.typed && closesPost(a.text) {
			c.forUs = true
			return c.takeDown(p)
		}
		return nil
	case a.kind != canHelp:
		return nil // a smile or a word between neighbours
	case a.taken:
		return c.stepBack(p, author)
	}
	c.forUs = true
	return c.take(p, author)
}

// closesPost reads "sorted", "gone", "all taken" under one's own card.
func closesPost(text string) bool {
	switch strings.Trim(strings.ToLower(strings.TrimSpace(text)), " .!") {
	case "sorted", "all sorted", "gone", "all gone", "taken", "done", "found someone", "close", "closed", "no longer needed", "sorted now", "sorted thanks", "sorted, thanks":
		return true
	}
	return false
}

// take brings the two together: one message to both.
func (c *Call) take(p board.Post, author community.Member) error {
	if p.State != board.Open || !c.now.Before(p.Expires) {
		c.private(postIsOver, "who", author, "text", p.Text)
		return nil
	}
	if c.from.Status == community.Suspended && p.Kind == board.Offer {
		return refuse(notForSuspended)
	}
	fresh, err := c.tx.Take(p.ID, int64(c.from.ID), c.now)
	if err != nil || !fresh {
		return err
	}
	phrase := offerTaken
	if p.Kind == board.Request {
		phrase = requestTaken
	}
	text := c.text(phrase, "helper", c.from, "author", author, "text", p.Text)
	if c.from.Met && author.Met {
		c.send(direct(author), storage.Topic{}, text)
		c.send(direct(c.from), storage.Topic{}, text)
		return nil
	}
	c.send(c.group(), storage.Topic{}, personMark(author.ID)+" "+personMark(c.from.ID)+" "+text)
	return nil
}

// stepBack is a taker who can't after all.
func (c *Call) stepBack(p board.Post, author community.Member) error {
	had, err := c.tx.StepBack(p.ID, int64(c.from.ID))
	if err != nil || !had || p.State != board.Open {
		return err
	}
	c.forUs = true
	c.tell(author, c.group(), takerGone, "helper", c.from, "text", p.Text)
	return nil
}

// takeDown closes a post of the member's own and says so on its card.
func (c *Call) takeDown(p board.Post) error {
	if p.State != board.Open {
		return refuse(postOver)
	}
	if err := c.tx.SetPostState(p.ID, board.Closed); err != nil {
		return err
	}
	c.edit(c.group(), postTopic(p), c.card(p, "sorted"), "✅")
	c.react("👍")
	return nil
}

func closePost(c *Call) error {
	id := int64(0)
	if c.about != nil && c.about.Kind == topicPost {
		id = c.about.ID
	} else if n, ok := c.number(); ok {
		id = n
	}
	mine, err := c.ownPosts()
	if err != nil {
		return err
	}
	if id == 0 {
		switch len(mine) {
		case 0:
			return refuse(noPost)
		case 1:
			return c.takeDown(mine[0])
		}
		return refuse(severalOpen, "list", postList(mine), "command", "/close")
	}
	p, found, err := c.tx.Post(board.PostID(id))
	switch {
	case err != nil:
		return err
	case !found:
		return refuse(noPost)
	case c.people.byID[community.MemberID(p.Author)].Account != c.from.Account:
		return refuse(notYourPost)
	}
	return c.takeDown(p)
}

func (c *Call) ownPosts() ([]board.Post, error) {
	open, err := c.tx.OpenPosts(c.now)
	if err != nil {
		return nil, err
	}
	var own []board.Post
	for _, p := range open {
		if c.people.byID[community.MemberID(p.Author)].Account == c.from.Account {
			own = append(own, p)
		}
	}
	return own, nil
}

func postList(posts []board.Post) string {
	var b strings.Builder
	for _, p := range posts {
		b.WriteString("\n#" + itoa(int64(p.ID)) + " " + shorten(p.Text, 60))
	}
	return b.String()
}

// boardPage is how many posts one message shows.
const boardPage = 8

// showBoard lists what is open, newest first.
func showBoard(c *Call) error {
	if err := c.tx.ExpirePosts(c.now); err != nil {
		return err
	}
	posts, err := c.tx.OpenPosts(c.now)
	if err != nil {
		return err
	}
	kind, search := boardWords(c.words)
	var lines []string
	left := 0
	for _, p := range posts {
		author := c.people.byID[community.MemberID(p.Author)]
		if kind != "" && p.Kind != kind || !p.Matches(search) || !author.Active() {
			continue
		}
		if len(lines) == boardPage {
			left++
			continue
		}
		lines = append(lines, c.text(boardLine, "who", author, "sign", postSign(p), "text", shorten(p.Text, 80), "day", c.day(p.Created)))
	}
	if len(lines) == 0 {
		c.answer(boardEmpty)
		return nil
	}
	more := ""
	if left > 0 {
		more = c.text(boardMore, "left", left)
	}
	c.answer(boardIs, "list", strings.Join(lines, "\n"), "more", more)
	return nil
}

// boardWords reads "offers", "requests" or a search, or both.
func boardWords(words string) (kind board.Kind, search string) {
	first, rest := nextWord(words)
	switch strings.ToLower(first) {
	case "offers", "offer":
		return board.Offer, rest
	case "requests", "request", "needs":
		return board.Request, rest
	}
	return "", words
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
