package bot

import (
	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/storage"
)

// announce says something to everybody in the council's name, and in that of whoever
// says it. It moves nothing, so it needs no second; the log has it.
func announce(c *Call) error {
	text, _ := c.people.render(c.words, direct(c.from))
	text, err := board.CleanText(text)
	switch {
	case text == "":
		return refuse(textMissing, "usage", "/announce We meet on Sunday at three")
	case err != nil:
		return refuse(textLong, "most", board.MaxText)
	}
	c.react("👍")
	c.send(c.group(), storage.Topic{}, c.text(announcement, "who", c.from, "text", text))
	return c.log(c.text(actAnnounce, "text", text))
}

// takedown takes a post off the board for a reason, which its author is told. Whoever
// wrote it may write it again in other words, so it needs no second.
func takedown(c *Call) error {
	id := c.postNumber()
	p, found, err := c.tx.Post(board.PostID(id))
	why := c.plainWords(c.words)
	switch {
	case err != nil:
		return err
	case id == 0:
		return refuse(numberMissing, "usage", "/takedown #12 why")
	case !found:
		return refuse(noPost)
	case why == "":
		return refuse(reasonMissing, "usage", "/takedown #12 why")
	case p.State != board.Open:
		return refuse(postOver)
	}
	author := c.people.byID[community.MemberID(p.Author)]
	args := []any{"who", author, "text", p.Text, "why", why, "scope", c.people.policy.Scope}
	if err := c.endPost(p, c.text(takenDown, args...), "🚫"); err != nil {
		return err
	}
	if author.Met {
		c.send(direct(author), storage.Topic{}, c.text(takenDownYou, args...))
		c.react("👍")
	} else {
		c.answer(takenDownTell, args...)
	}
	return c.log(c.text(actTakedown, args...))
}
