package bot

import (
	"errors"
	"slices"
	"strings"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/nlp"
	"communityconnect/storage"
)

func offer(c *Call) error   { return c.post(board.Offer, c.people.policy.OfferDays) }
func request(c *Call) error { return c.post(board.Request, c.people.policy.RequestDays) }

// post puts a card up in the group, wherever it was written. Saying the same thing again
// renews what stands there already.
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
	category := c.world.language.parser.Category(nlp.Intent(kind), text)
	when := c.world.language.parser.When(text)
	p := board.Post{
		Kind: kind, Author: int64(c.from.ID), Category: category, Text: text, Minutes: minutes, When: when, Wanted: board.Wanted(text), State: board.Open,
		Created: c.now, Expires: c.now.AddDate(0, 0, days),
	}
	p.At = c.timeOf(p)
	if same, found := c.world.index.Duplicate(p); found {
		if done, err := c.postAgain(same.Post, p); done || err != nil {
			return err
		}
	}
	if a, away := c.people.away[c.from.ID]; away { // who asks or offers is there
		if err := c.comeBack(a); err != nil {
			return err
		}
	}
	if p.ID, err = c.tx.AddPost(p); err != nil {
		return err
	}
	c.index(func(x *board.Index) { x.AddPost(p) })
	if c.place == InDM {
		c.react("👍")
	}
	text = c.card(p, "") + c.couldHelp(p, c.from)
	if c.guessed && c.place == InGroup {
		text += c.text(guessCard, "author", c.from)
	}
	c.send(c.group(), postTopic(p), text)
	return nil
}

// postAgain gives a post that stands already the new words, and a new time to stand.
func (c *Call) postAgain(id board.PostID, p board.Post) (done bool, err error) {
	old, found, err := c.tx.Post(id)
	if err != nil || !found || old.State != board.Open || !c.now.Before(old.Expires) {
		return false, err
	}
	if !board.SaysTheSame(old.Text, p.Text) {
		return false, nil
	}
	p.ID, p.Created = old.ID, old.Created
	p.At = c.timeOf(p)
	if err := c.tx.SetPost(p); err != nil {
		return false, err
	}
	c.index(func(x *board.Index) { x.AddPost(p) })
	c.edit(c.group(), postTopic(p), c.card(p, ""), "🔄")
	c.quietly(postAgain, "text", p.Text)
	return true, nil
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
	own := author.Account == c.from.Account
	if !own && a.kind != canHelp {
		return nil // a smile or a word between neighbours
	}
	c.forUs = c.forUs || !own && !a.taken
	if err := c.notLost(); err != nil {
		return err
	}
	switch {
	case own:
		return c.answerOwnPost(p, a)
	case a.taken:
		return c.stepBack(p, c.from)
	}
	return c.take(p, author)
}

// answerOwnPost is the author's word under their own card: "sorted", "still on", or ❌.
func (c *Call) answerOwnPost(p board.Post, a answer) error {
	switch {
	case a.taken:
		return nil
	case a.typed && closesPost(a.text):
		c.forUs = true
		return c.takeDown(p)
	case !a.typed && a.kind == no && p.State == board.Open:
		c.forUs = true
		return c.endPost(p, c.text(downCard, "who", c.from, "text", p.Text), "🚫")
	case a.typed && renewsPost(a.text):
		c.forUs = true
		return c.renew(p)
	}
	return nil
}

// closesPost reads "sorted", "gone", "all taken" under one's own card.
func closesPost(text string) bool {
	return slices.Contains([]string{"sorted", "all sorted", "gone", "all gone", "taken", "all taken", "done", "found someone", "close", "closed",
		"no longer needed", "sorted now", "sorted thanks", "sorted, thanks", "never mind", "cancel", "cancelled"}, plainLine(text))
}

// renewsPost reads "still on" under one's own card.
func renewsPost(text string) bool {
	return slices.Contains([]string{"still on", "still open", "still going", "still available", "still looking", "renew", "keep it", "keep it up"}, plainLine(text))
}

func plainLine(text string) string {
	return strings.Trim(strings.ToLower(strings.TrimSpace(text)), " .!")
}

// take brings the two together: one message to both. Whoever comes when there are
// helpers enough is told so, and stands by.
func (c *Call) take(p board.Post, author community.Member) error {
	if p.State != board.Open || !c.now.Before(p.Expires) {
		c.aside(postIsOver, "who", author, "text", p.Text)
		return nil
	}
	if _, away := c.people.away[author.ID]; away {
		c.aside(postPaused, "author", author, "text", p.Text)
		return nil
	}
	if c.from.Status == community.Suspended && p.Kind == board.Offer {
		return refuse(notForSuspended)
	}
	if err := c.roomToEarn(p); err != nil {
		return err
	}
	before, err := c.tx.Takers(p.ID)
	if err != nil {
		return err
	}
	fresh, err := c.tx.Take(p.ID, int64(c.from.ID), c.now)
	if err != nil || !fresh {
		return err
	}
	args := []any{"helper", c.from, "author", author, "text", p.Text}
	switch {
	case p.Kind == board.Request && len(before) >= p.Wanted:
		c.aside(takenAlready, args...)
		c.tell(author, c.group(), spareHelper, args...)
	case p.Kind == board.Request:
		c.introduce(author, c.text(requestTaken, args...))
	default:
		c.introduce(author, c.text(offerTaken, args...))
	}
	return nil
}

// roomToEarn tells a helper before the work, not after it, that they could not be
// credited for it.
func (c *Call) roomToEarn(p board.Post) error {
	if p.Kind != board.Request || p.Minutes == 0 {
		return nil
	}
	a, err := c.tx.Account(c.from.Account)
	if err != nil {
		return err
	}
	r, err := c.tx.Reserved(a.ID, 0)
	if err == nil && a.RoomUp(r) < p.Minutes && c.from.Met {
		c.send(direct(c.from), storage.Topic{}, c.text(littleRoom, "room", a.RoomUp(r), "amount", p.Minutes))
	}
	return err
}

// introduce tells both, in direct messages, or in the group if either has none yet.
func (c *Call) introduce(author community.Member, text string) {
	if c.from.Met && author.Met {
		c.send(direct(author), storage.Topic{}, text)
		c.send(direct(c.from), storage.Topic{}, text)
		return
	}
	c.send(c.group(), storage.Topic{}, personMark(author.ID)+" "+personMark(c.from.ID)+" "+text)
}

// stepBack is a taker who can't after all.
func (c *Call) stepBack(p board.Post, helper community.Member) error {
	had, err := c.tx.StepBack(p.ID, int64(helper.ID))
	if err != nil || !had || p.State != board.Open {
		return err
	}
	c.forUs = true
	author := c.people.byID[community.MemberID(p.Author)]
	c.tell(author, c.group(), takerGone, "helper", helper, "text", p.Text)
	return c.promote(p, author)
}

// promote brings in whoever has stood by, now that a place is free.
func (c *Call) promote(p board.Post, author community.Member) error {
	takers, err := c.tx.Takers(p.ID)
	if err != nil || p.Kind != board.Request || len(takers) < p.Wanted {
		return err
	}
	helper := c.people.byID[community.MemberID(takers[p.Wanted-1])]
	text := c.text(requestTaken, "helper", helper, "author", author, "text", p.Text)
	c.tell(helper, c.group(), "{text}", "text", text)
	c.tell(author, c.group(), "{text}", "text", text)
	return nil
}

// takeDown closes a post of the member's own and says so on its card.
func (c *Call) takeDown(p board.Post) error {
	if p.State != board.Open {
		return refuse(postOver)
	}
	c.react("👍")
	return c.endPost(p, c.card(p, "sorted"), "✅")
}

// endPost takes a post off the board and shows on its card what has become of it.
func (c *Call) endPost(p board.Post, card, emoji string) error {
	if err := c.tx.SetPostState(p.ID, board.Closed, c.now); err != nil {
		return err
	}
	c.index(func(x *board.Index) { x.RemovePost(p.ID) })
	c.edit(c.group(), postTopic(p), card, emoji)
	return nil
}

// renew keeps a post of the member's own for another while.
func (c *Call) renew(p board.Post) error {
	days := c.people.policy.OfferDays
	if p.Kind == board.Request {
		days = c.people.policy.RequestDays
	}
	p.State, p.Expires = board.Open, c.now.AddDate(0, 0, days)
	if err := c.tx.SetPost(p); err != nil {
		return err
	}
	p.At = c.timeOf(p)
	c.index(func(x *board.Index) { x.AddPost(p) })
	c.quietly(postRenewed, "until", c.until(p.Expires), "text", p.Text)
	return nil
}

func closePost(c *Call) error { return c.onOwnPost((*Call).takeDown) }

func renew(c *Call) error { return c.onOwnPost((*Call).renew) }

// onOwnPost does something to the post that is replied to, numbered, or the member's
// only one.
func (c *Call) onOwnPost(do func(*Call, board.Post) error) error {
	id := c.postNumber()
	if id == 0 {
		own, err := c.ownPosts()
		switch {
		case err != nil:
			return err
		case len(own) == 0:
			return refuse(noPost)
		case len(own) > 1:
			return refuse(severalOpen, "list", postList(own), "command", "/"+c.command.Name)
		}
		return do(c, own[0])
	}
	p, found, err := c.tx.Post(board.PostID(id))
	switch {
	case err != nil:
		return err
	case !found:
		return refuse(noPost)
	case !c.household(c.people.byID[community.MemberID(p.Author)]):
		return refuse(notYourPost)
	}
	return do(c, p)
}

// postNumber is the post that is replied to or numbered, or 0.
func (c *Call) postNumber() int64 {
	if c.about != nil && c.about.Kind == topicPost {
		return c.about.ID
	}
	n, _ := c.number()
	return n
}

// take is 🙋 in words, for a post by its number.
func take(c *Call) error {
	id := c.postNumber()
	p, found, err := c.tx.Post(board.PostID(id))
	switch {
	case err != nil:
		return err
	case id == 0 || !found:
		return refuse(noPost)
	}
	author := c.people.byID[community.MemberID(p.Author)]
	if c.household(author) {
		return refuse(personYourself)
	}
	return c.take(p, author)
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
