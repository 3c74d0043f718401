package bot

import (
	"errors"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// profileOffers is how many open offers a profile shows at most.
const profileOffers = 5

// profile shows what neighbours may know of each other, and changes what somebody says
// of themselves. There is nothing in it to compare people by.
func profile(c *Call) error {
	if c.words == "" {
		return c.showProfile(c.from)
	}
	switch word, rest := nextWord(c.words); strings.ToLower(word) {
	case "name":
		return c.rename(rest)
	case "about":
		return c.setAbout(rest)
	}
	who, err := c.person()
	if err != nil {
		return err
	}
	return c.showProfile(who)
}

func (c *Call) showProfile(m community.Member) error {
	about, err := c.tx.AboutMember(m.ID)
	if err != nil {
		return err
	}
	posts, err := c.tx.OpenPostsOf(int64(m.ID), c.now)
	if err != nil {
		return err
	}
	deeds, err := c.tx.Deeds(m.Account)
	if err != nil {
		return err
	}
	var offers []string
	for _, p := range posts {
		if p.Kind == board.Offer && len(offers) < profileOffers {
			offers = append(offers, shorten(p.Text, 60))
		}
	}
	sponsors, err := c.sponsors(m)
	if err != nil {
		return err
	}
	text := c.text(profileIs, "name", m.Name, "since", m.Joined.In(c.world.zone).Format("2 January 2006")) + sponsors
	if about != "" {
		text += c.text(profileAbout, "about", about)
	}
	if len(offers) > 0 {
		text += c.text(profileOffersAre, "list", strings.Join(offers, "; "))
	}
	text += "\n" + c.deeds(deeds)
	if m.ID == c.from.ID {
		text += c.text(profileHow)
	}
	c.aside("{profile}", "profile", text)
	return nil
}

// sponsors tells who vouched for somebody when they came; founders have nobody.
func (c *Call) sponsors(m community.Member) (string, error) {
	by, err := c.sponsorsOf(m)
	if err != nil || len(by) == 0 {
		return "", err
	}
	return c.text(profileSponsors, "list", c.listed(by)), nil
}

func (c *Call) deeds(d storage.Deeds) string {
	if d.Trades == 0 {
		return profileNoTrades
	}
	trades := counted(d.Trades, "trade", "trades")
	if d.More {
		trades = "at least " + trades
	}
	text := c.text(profileTrades, "trades", trades, "people", counted(d.People, "person", "different people"))
	if d.Thanks > 0 {
		text += c.text(profileThanks, "times", counted(d.Thanks, "time", "times"))
	}
	return text
}

// rename changes what the books and the board call somebody. The council hears of it, so
// that nobody slips into another's name.
func (c *Call) rename(typed string) error {
	name, err := community.CleanName(c.plainWords(typed))
	if err == nil {
		err = c.tx.Rename(c.from.ID, name)
	}
	switch {
	case errors.Is(err, community.ErrNameEmpty), errors.Is(err, community.ErrNameLong), errors.Is(err, community.ErrNameWord), errors.Is(err, community.ErrNameTaken):
		return refuse(nameRefused, "why", err)
	case err != nil:
		return err
	}
	c.changed = true
	c.aside(profileRenamed, "name", name)
	c.tellCouncil(profileRenamedTell, "old", c.from.Name, "new", name)
	return nil
}

func (c *Call) setAbout(typed string) error {
	if len([]rune(typed)) > maxWhat {
		return refuse(aboutLong, "most", maxWhat)
	}
	about := c.plainWords(typed)
	if about == "-" {
		about = ""
	}
	if err := c.tx.SetAboutMember(c.from.ID, about); err != nil {
		return err
	}
	if about == "" {
		c.aside(profileAboutGone)
		return nil
	}
	c.aside(profileAboutSet, "about", about)
	return nil
}

// isThanks reports whether an emoji under a receipt says thank you.
func isThanks(emoji string) bool { return chat.PlainEmoji(emoji) == "🙏" }

// thank counts one side's thanks for a trade that is in the books. It is a tap, and gets
// no word back.
func (c *Call) thank(id ledger.TradeID, taken bool) error {
	t, err := c.tx.Trade(id)
	if err != nil || !t.Party(c.from.Account) || t.State != ledger.Posted {
		return err
	}
	c.forUs = true
	if taken {
		return c.tx.Unthank(t.ID, c.from.Account)
	}
	return c.tx.Thank(t.ID, c.from.Account, t.Other(c.from.Account), c.now)
}

// feedback is a word to the council. It goes in without a name, unless its author says
// otherwise within a day.
func feedback(c *Call) error {
	if c.place == InCouncil && c.from.Council {
		return c.showFeedback()
	}
	if c.words == "" {
		return refuse(textMissing, "usage", "/feedback The board is hard to read")
	}
	if len([]rune(c.words)) > maxFeedback {
		return refuse(textLong, "most", maxFeedback)
	}
	if c.place != InDM && !c.from.Met {
		c.answer(sayHelloFirst)
		return nil
	}
	c.forUs = false // the question keeps the words as long as they need an author, and nothing else does
	words, _ := c.people.render(c.words, direct(c.from))
	id, err := c.tx.Ask(storage.Question{Kind: askFeedback, Asked: c.from.ID, Asker: c.from.ID, Line: words, In: direct(c.from),
		At: c.now, Expires: c.now.Add(feedbackWait)})
	if err != nil {
		return err
	}
	if c.place != InDM {
		c.react("👍")
	}
	c.send(direct(c.from), storage.Topic{Kind: topicQuestion, ID: int64(id)}, c.text(feedbackAsks))
	return nil
}

// askFeedback is the question whether a word to the council bears its author's name.
const askFeedback = "feedback"

const (
	maxFeedback  = 500 // letters
	feedbackWait = 24 * time.Hour
	feedbackShow = 10 // in the council's group at once
)

// answerFeedback adds the author's name, or leaves it out at once.
func (c *Call) answerFeedback(q storage.Question, a answer) error {
	if a.kind != yes && a.kind != no {
		return c.unclearAnswer(a)
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	var author community.MemberID
	if a.kind == yes {
		author = q.Asked
		c.answer(feedbackNamed)
	} else {
		c.answer(feedbackNameless)
	}
	return c.keepFeedback(q, author)
}

// keepFeedback hands the words over and cuts what led from them to their author.
func (c *Call) keepFeedback(q storage.Question, author community.MemberID) error {
	if err := c.tx.AddFeedback(storage.Feedback{Member: author, At: c.now, Text: q.Line}); err != nil {
		return err
	}
	return c.tx.BlankQuestion(q.ID)
}

// showFeedback lists to the council what it was told in the last weeks.
func (c *Call) showFeedback() error {
	all, err := c.tx.FeedbackSince(c.now.AddDate(0, -1, 0), feedbackShow)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		c.answer(feedbackNone)
		return nil
	}
	var lines []string
	for _, f := range all {
		lines = append(lines, c.feedbackLine(f, 200))
	}
	c.answer(feedbackIs, "list", strings.Join(pages(lines, pageLetters)[0], "\n"))
	return nil
}

// feedbackLine is a word to the council, cut at a number of letters, and who said it, if
// they wanted that known.
func (c *Call) feedbackLine(f storage.Feedback, letters int) string {
	who := ""
	if m, known := c.people.byID[f.Member]; known {
		who = " (" + c.people.short(m) + ")"
	}
	return "“" + shorten(f.Text, letters) + "”" + who
}
