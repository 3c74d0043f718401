package bot

import (
	"errors"
	"slices"
	"strings"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/nlp"
)

// plain reads a sentence that is no command. It does nothing that a command could not:
// what the rules are sure of and can be taken back is done at once, what moves credits
// is asked back, and everything else is left alone.
func (c *Call) plain(text string) error {
	if c.place == InCouncil || c.place == InGroup && (c.from.Deaf || c.people.policy.PlainLanguage == 0) {
		return nil
	}
	said := c.utterance()
	reading := c.world.language.parser.Understand(said)
	if reading.Outcome == nlp.NotForUs || reading.Outcome == nlp.Unsure {
		if c.wonders(said, reading) {
			return nil
		}
	}
	switch {
	case reading.Outcome == nlp.NotForUs:
		return nil
	case reading.Outcome == nlp.Unsure && c.place != InDM:
		return c.askHeard(reading, text)
	}
	c.forUs, c.guessed = true, true
	if reading.Outcome == nlp.Unsure {
		return c.askMeant(reading, text)
	}
	err := c.meant(reading, text)
	if c.place != InDM && silentInGroup(err) {
		c.forUs = false
		return nil // it was hardly for us, so nobody is bothered with what is wrong
	}
	return err
}

// silentInGroup are errors that a guess must not make in front of everybody.
func silentInGroup(err error) bool {
	var which *whichPerson
	return errors.As(err, &which) || codeOf(err) != "" && codeOf(err) != ledger.BelowFloor && codeOf(err) != ledger.AboveCeiling
}

// utterance is the message as the rules of language want it.
func (c *Call) utterance() nlp.Utterance {
	u := nlp.Utterance{Text: withoutMarks(c.msg.Text), Direct: c.place == InDM}
	for _, m := range c.msg.Mentions {
		name := "?"
		if who, ok := c.people.byPerson[m.Person]; ok {
			name = who.Name
		}
		u.Mentions = append(u.Mentions, nlp.Mention{Name: name, Start: m.Start, Length: m.Length, Bot: m.Person == c.world.self})
	}
	for _, m := range c.people.all {
		if m.Known() {
			u.Sender.Members = append(u.Sender.Members, m.Name)
		}
	}
	if own, err := c.ownPosts(); err == nil {
		for _, p := range own {
			u.Sender.Posts = append(u.Sender.Posts, p.Text)
		}
	}
	if c.msg.ReplyTo != nil {
		u.ReplyTo = c.quoted()
	}
	return u
}

// quoted tells what kind of message is replied to.
func (c *Call) quoted() *nlp.Quoted {
	q := &nlp.Quoted{Kind: nlp.QuotedChatter, Bot: c.msg.ReplyTo.Author == c.world.self, Self: c.msg.ReplyTo.Author == c.msg.From}
	if who, ok := c.people.byPerson[c.msg.ReplyTo.Author]; ok {
		q.Author = who.Name
	}
	switch {
	case c.about == nil:
	case c.about.Kind == topicTrade:
		q.Kind = nlp.QuotedPrompt
	case c.about.Kind == topicPost:
		p, found, err := c.tx.Post(board.PostID(c.about.ID))
		if err != nil || !found {
			break
		}
		author := c.people.byID[community.MemberID(p.Author)]
		q.Text, q.Author, q.Bot, q.Self = p.Text, author.Name, false, c.household(author)
		q.Kind = nlp.QuotedOffer
		if p.Kind == board.Request {
			q.Kind = nlp.QuotedRequest
		}
	}
	return q
}

// meant carries out what a sentence means.
func (c *Call) meant(r nlp.Reading, text string) error {
	s := r.Slots
	switch r.Intent {
	case nlp.Offer:
		return c.runWords("offer", text)
	case nlp.Request:
		return c.runWords("request", text)
	case nlp.Interest:
		return c.interest(s.Ref)
	case nlp.LogTrade:
		return c.guessTrade(s)
	case nlp.Confirm, nlp.Decline:
		return c.maybeAnswer(r)
	case nlp.Balance:
		return c.runWords("balance", "")
	case nlp.History:
		return c.runWords("history", c.namedMark(s.With))
	case nlp.Browse:
		kind := map[string]string{"offer": "offers ", "request": "requests "}[s.Kind]
		return c.runWords("board", kind+s.Query)
	case nlp.MyPosts:
		return c.runWords("mine", "")
	case nlp.ClosePost:
		return c.closeByWords(s.Ref)
	case nlp.FindPerson:
		return c.runWords("find", s.Skill)
	case nlp.Help:
		return c.runWords("help", "")
	case nlp.Dispute:
		c.private(disputeHint)
	case nlp.Vouch:
		c.private(vouchHint, "voucher", c.vouchersNeeded(oneVoucherThem, twoVouchersThem))
	case nlp.Thanks:
		if c.place == InDM {
			c.react("🙏")
		}
	}
	return nil
}

// maybeAnswer is a sentence that may be a yes or a no to the one trade that waits, but is
// not plain enough to move credits: in a direct message its author is asked.
func (c *Call) maybeAnswer(r nlp.Reading) error {
	c.command = c.world.lookUp("confirm")
	c.words = numberOf(r.Slots.Ref)
	t, _, err := c.openTrade(c.waitsForMe)
	if err != nil || c.place != InDM || !c.waitsForMe(t) {
		c.forUs = c.place == InDM
		return nil
	}
	line := "confirm #" + itoa(int64(t.ID))
	switch {
	case r.Intent == nlp.Decline && r.Slots.Minutes > 0:
		line = "amend #" + itoa(int64(t.ID)) + " " + r.Slots.Minutes.String()
	case r.Intent == nlp.Decline:
		line = "decline #" + itoa(int64(t.ID))
	}
	return c.askAuthor(askGuess, line, 0, c.text(didYouMean, "line", "/"+line+c.text(" ({amount}, {what})", c.tradeArgs(t)...)))
}

// runWords carries out a command as if it had been typed.
func (c *Call) runWords(name, words string) error {
	cmd := c.world.lookUp(name)
	if cmd == nil {
		return nil
	}
	return c.run(cmd, words)
}

func numberOf(ref string) string {
	if strings.HasPrefix(ref, "#") {
		return ref
	}
	return ""
}

// interest takes up the post that a sentence points at. Where it points at none for
// certain, nothing happens: neighbours talk about many things.
func (c *Call) interest(ref string) error {
	if c.about != nil && c.about.Kind == topicPost {
		return c.answerPost(c.about.ID, answer{kind: canHelp, typed: true})
	}
	open, err := c.tx.OpenPosts(c.now)
	if err != nil {
		return err
	}
	name, isPerson := strings.CutPrefix(ref, "@")
	var fits []board.Post
	for _, p := range open {
		author := c.people.byID[community.MemberID(p.Author)]
		switch {
		case c.household(author):
		case ref == "#"+itoa(int64(p.ID)):
			return c.take(p, author)
		case isPerson && slices.ContainsFunc(c.people.names.Find(name), func(m community.Member) bool { return m.ID == author.ID }):
			fits = append(fits, p)
		}
	}
	if len(fits) != 1 {
		c.forUs = false
		return nil
	}
	return c.take(fits[0], c.people.byID[community.MemberID(fits[0].Author)])
}

// closeByWords takes down the one post of the member's that the words pick out.
func (c *Call) closeByWords(ref string) error {
	if c.about != nil && c.about.Kind == topicPost || strings.HasPrefix(ref, "#") {
		return c.runWords("close", ref)
	}
	p, found, err := c.ownPostOf(ref)
	switch {
	case err != nil:
		return err
	case found:
		return c.takeDown(p)
	}
	return c.runWords("close", "")
}

// ownPostOf is the one open post of the author's that some words pick out.
func (c *Call) ownPostOf(words string) (board.Post, bool, error) {
	own, err := c.ownPosts()
	picked := slices.DeleteFunc(slices.Clone(own), func(p board.Post) bool { return words == "" || words == "reply" || !p.Matches(words) })
	if err != nil || len(picked) != 1 {
		return board.Post{}, false, err
	}
	return picked[0], true, nil
}

// guessTrade asks whether a trade was understood rightly: in the group on a card that
// both sides react to, in a direct message its author first.
func (c *Call) guessTrade(s nlp.Slots) error {
	t, err := c.heardTrade(s)
	if err != nil {
		return err
	}
	if c.late || c.place == InDM {
		line := c.tradeLine(t)
		return c.askAuthor(askGuess, line, 0, c.text(didYouMean, "line", "/"+c.plainWords(line)))
	}
	if standing, err := c.stands(t.giver, t.receiver, t.minutes, t.what); standing || err != nil {
		return err
	}
	c.command = c.world.lookUp("trade")
	return c.propose(t.giver, t.receiver, t.minutes, t.what, onAGuess)
}

// heardTrade is a trade as a sentence tells it.
type heardTrade struct {
	giver, receiver community.Member
	minutes         ledger.Minutes
	what            string
}

// heardTrade finds the people of a trade, and refuses one that can't be.
func (c *Call) heardTrade(s nlp.Slots) (t heardTrade, err error) {
	if t.giver, err = c.namedOrMe(s.Provider); err != nil {
		return t, err
	}
	if t.receiver, err = c.namedOrMe(s.Receiver); err != nil {
		return t, err
	}
	if t.giver.Account == t.receiver.Account {
		return t, refuse(personYourself)
	}
	if s.Minutes == 0 {
		return t, &ledger.Error{Code: ledger.AmountMissing}
	}
	if t.what = c.plainWords(s.What); t.what == "" {
		t.what = "help"
	}
	t.minutes = s.Minutes
	return t, nil
}

// tradeLine is the command that logs a trade, as its author would type it.
func (c *Call) tradeLine(t heardTrade) string {
	tail := " " + t.minutes.String() + " " + t.what
	switch c.from.ID {
	case t.giver.ID:
		return "gave " + personMark(t.receiver.ID) + tail
	case t.receiver.ID:
		return "got " + personMark(t.giver.ID) + tail
	}
	return "trade " + personMark(t.giver.ID) + " " + personMark(t.receiver.ID) + tail
}

// namedOrMe finds a person that a sentence names.
func (c *Call) namedOrMe(name string) (community.Member, error) {
	if name == nlp.Me || name == "" {
		return c.from, nil
	}
	found := c.people.names.Find(strings.TrimPrefix(name, "@"))
	switch len(found) {
	case 0:
		return community.Member{}, refuse(personUnknown, "name", c.plainWords(name))
	case 1:
		return found[0], nil
	}
	return community.Member{}, refuse(personTwo, "name", c.plainWords(name))
}

// namedMark stands in a command for whom a sentence names; "" where that isn't certain.
func (c *Call) namedMark(name string) string {
	if found := c.people.names.Find(strings.TrimPrefix(name, "@")); name != "" && len(found) == 1 {
		return personMark(found[0].ID)
	}
	return ""
}

// askMeant asks the author, in a direct message, whether something was meant. What only
// tells them what to do is told at once.
func (c *Call) askMeant(r nlp.Reading, text string) error {
	switch r.Intent {
	case nlp.Confirm, nlp.Decline:
		return c.maybeAnswer(r)
	case nlp.Dispute, nlp.Vouch:
		return c.meant(r, text)
	}
	line, err := c.lineOf(r, text)
	if err != nil {
		return err
	}
	if line == "" {
		c.unknownWords(text)
		return nil
	}
	return c.askAuthor(askGuess, line, 0, c.text(didYouMean, "line", "/"+c.plainWords(line)))
}

// lineOf is the command that a reading comes to; "" for none.
func (c *Call) lineOf(r nlp.Reading, text string) (string, error) {
	switch r.Intent {
	case nlp.Offer, nlp.Request:
		return string(r.Intent) + " " + text, nil
	case nlp.LogTrade:
		t, err := c.heardTrade(r.Slots)
		return c.tradeLine(t), err
	case nlp.Balance:
		return "balance", nil
	case nlp.History:
		return strings.TrimSpace("history " + c.namedMark(r.Slots.With)), nil
	case nlp.MyPosts:
		return "mine", nil
	case nlp.ClosePost:
		p, found, err := c.ownPostOf(r.Slots.Ref)
		if !found {
			return "", err
		}
		return "close #" + itoa(int64(p.ID)), nil
	case nlp.Browse:
		kind := map[string]string{"offer": "offers ", "request": "requests "}[r.Slots.Kind]
		return strings.TrimSpace("board " + kind + r.Slots.Query), nil
	case nlp.FindPerson:
		return "find " + r.Slots.Skill, nil
	case nlp.Help:
		return "help", nil
	}
	return "", nil
}

// listen lets a member say whether the bot may read their plain sentences.
func listen(c *Call) error {
	word, _ := nextWord(strings.ToLower(c.words))
	deaf := false
	switch word {
	case "off", "no", "stop":
		deaf = true
	case "on", "yes", "again", "":
	default:
		return refuse(textMissing, "usage", "/listen off")
	}
	if err := c.tx.SetDeaf(c.from.ID, deaf); err != nil {
		return err
	}
	c.changed = true
	if deaf {
		c.quietly(listensNot)
	} else {
		c.quietly(listensAgain)
	}
	return nil
}

// listenWords reads "stop listening to me" and "listen to me again".
func listenWords(text string) (words string, ok bool) {
	line := strings.Trim(strings.ToLower(text), " .!")
	switch {
	case strings.HasPrefix(line, "stop listening") || strings.HasPrefix(line, "don't listen to me"):
		return "off", true
	case strings.HasPrefix(line, "listen to me") || strings.HasPrefix(line, "start listening"):
		return "on", true
	}
	return "", false
}
