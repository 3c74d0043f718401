package bot

import (
	"slices"
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// lateAfter is how long a message may be under way before an answer or a trade in it
// is asked again: what was meant an hour ago may not be meant now.
const lateAfter = time.Hour

// clockSlack is how far a phone's clock may be off without being misunderstood.
const clockSlack = 2 * time.Minute

// place tells what a conversation is to us; 0 for a group that is none of ours.
func (w *world) place(in chat.Conversation) Place {
	switch {
	case in.Direct():
		return InDM
	case in.Group == w.group:
		return InGroup
	case in.Group == w.council:
		return InCouncil
	}
	return 0
}

// handle understands one message and carries it out.
func (c *Call) handle() error {
	if c.place == 0 {
		return nil
	}
	if err := c.learnNames(); err != nil {
		return err
	}
	switch {
	case c.msg.Kind == chat.Roster:
		return c.roster()
	case c.msg.From == c.world.self:
		return nil
	}
	m, known := c.people.byPerson[c.msg.From]
	if known && m.Status == community.Former {
		if done, err := c.former(m); done || err != nil {
			return err
		}
	}
	if !known || m.Status == community.Applicant || m.Status == community.Former {
		return c.stranger()
	}
	c.from = m
	if c.msg.Kind == chat.NewDevice {
		return c.newDevice()
	}
	if err := c.heard(); err != nil {
		return err
	}
	before := c.from.Met
	waiting, err := c.meet()
	if err != nil {
		return err
	}
	c.first, c.unseen = !before && c.from.Met, len(waiting) > 0
	switch {
	case c.guess != nil:
		err = c.reconsider()
	case c.msg.Kind == chat.Said:
		err = c.said()
	case c.msg.Kind == chat.Acted:
		err = c.acted()
	case c.msg.Kind == chat.Reacted:
		err = c.reacted()
	case c.msg.Kind == chat.Edited:
		err = c.edited()
	}
	for _, q := range waiting {
		if err == nil {
			err = c.askNow(q)
		}
	}
	if err == nil && c.first {
		err = c.askAsWitness()
	}
	return err
}

// meet notes a member's first direct message: from now on they may be written to, and
// what has waited for them is returned, to be asked.
func (c *Call) meet() ([]storage.Question, error) {
	if c.place != InDM || c.from.Met {
		return nil, nil
	}
	if err := c.tx.SetMet(c.from.ID); err != nil {
		return nil, err
	}
	c.from.Met, c.changed = true, true
	c.people.byID[c.from.ID] = c.from
	open, err := c.tx.OpenQuestions(c.from.Account)
	return slices.DeleteFunc(open, func(q storage.Question) bool { return q.In != direct(c.from) }), err
}

// askNow sends a question that has waited for its person to say hello.
func (c *Call) askNow(q storage.Question) error {
	switch q.Kind {
	case askTrade, askUndo:
	case askEarly:
		return c.sayEarly(q)
	case askHousehold:
		c.sayHousehold(q)
		return nil
	default:
		return nil
	}
	t, err := c.tx.Trade(ledger.TradeID(q.TopicID))
	if err != nil {
		return err
	}
	asker := *c
	asker.from, asker.replies = c.people.byID[q.Asker], nil
	if q.Kind == askTrade {
		err = asker.promptInDM(t, c.from, "")
	} else {
		asker.send(q.In, storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}, asker.undoPrompt(t, q.Line, q.In))
	}
	c.replies = append(c.replies, asker.replies...)
	return err
}

// said is a message with words.
func (c *Call) said() error {
	text, addressed := c.people.marked(c.msg, c.world.self)
	if c.act != nil {
		text, addressed = c.act.Words.text, true
	}
	if text == "" {
		return nil
	}
	if err := c.findTopic(c.msg.ReplyTo); err != nil {
		return err
	}
	name, rest, slashed := splitCommand(text)
	cmd := c.world.lookUp(name)
	talking := c.place == InDM || addressed
	if cmd != nil && (slashed || talking && c.about == nil && cmd.fitsBare(rest)) {
		if cmd.Verdict(c.from, c.place) == Ignored {
			return nil
		}
		c.forUs = true
		return c.run(cmd, rest)
	}
	if c.about != nil && !slashed {
		if a := wordsAnswer(text); a.kind != unclear || c.about.Kind != topicPost {
			return c.answerTopic(*c.about, a)
		}
	}
	switch {
	case talking:
		c.forUs = true
		return c.toTheBot(text, slashed)
	case slashed:
		return nil
	}
	return c.plain(text)
}

// toTheBot is a direct message, or a mention of the bot, that is no command.
func (c *Call) toTheBot(text string, slashed bool) error {
	if !slashed && c.place == InDM && !c.unseen {
		if done, err := c.numberedAnswer(text); done || err != nil {
			return err
		}
		if done, err := c.bareAnswer(c.bareWords(text)); done || err != nil {
			return err
		}
	}
	if isGreeting(text) || c.unseen {
		return c.sayHello()
	}
	if words, ok := listenWords(text); ok {
		return c.runWords("listen", words)
	}
	if !slashed {
		return c.sentence(text)
	}
	c.unknownInDM(text)
	return nil
}

// sentence is something said to the bot that is neither a command nor an answer.
func (c *Call) sentence(text string) error {
	said := len(c.replies)
	if err := c.plain(text); err != nil || len(c.replies) > said || c.wondered != nil {
		return err
	}
	c.unknownInDM(text)
	return nil
}

// unknownInDM says in a direct message that something was not understood. In a group
// nobody has to see that.
func (c *Call) unknownInDM(text string) {
	if c.place == InDM {
		c.unknownWords(text)
	}
}

func isGreeting(text string) bool {
	first, rest := nextWord(strings.ToLower(strings.Trim(text, " .!?👋😊")))
	return slices.Contains([]string{"hi", "hello", "hey", "hiya", "howya", "morning", "start", "hallo", "yo"}, strings.Trim(first, ".,!")) && len(strings.Fields(rest)) <= 2 ||
		slices.Contains([]string{"good morning", "good evening", "good afternoon"}, strings.ToLower(strings.Trim(text, " .!?👋😊")))
}

// reacted is a tap on a message, or one taken back. Only taps on the bot's own count.
func (c *Call) reacted() error {
	r := c.msg.Reaction
	if r == nil || r.Target.Author != c.world.self {
		return nil
	}
	if err := c.findTopic(&r.Target); err != nil || c.about == nil {
		return err
	}
	if c.about.Kind == topicGreeting {
		return c.waveAt(storage.ApplicantID(c.about.ID), r)
	}
	if c.about.Kind == topicTrade && isThanks(r.Emoji) {
		return c.thank(ledger.TradeID(c.about.ID), r.Removed)
	}
	a := reactionAnswer(r.Emoji)
	a.taken = r.Removed
	if a.kind == unclear {
		return nil
	}
	return c.answerTopic(*c.about, a)
}

// findTopic finds what a message of the bot was about.
func (c *Call) findTopic(ref *chat.Ref) error {
	if ref == nil || ref.Author != c.world.self {
		return nil
	}
	topic, found, err := c.tx.About(c.in, ref.Sent)
	if found {
		c.about = &topic
	}
	return err
}

// edited is never carried out. If it looks like a command, its author hears that.
func (c *Call) edited() error {
	text, _ := c.people.marked(c.msg, c.world.self)
	name, _, slashed := splitCommand(text)
	if cmd := c.world.lookUp(name); cmd == nil || !slashed || c.allowed(cmd) != nil {
		return nil
	}
	c.forUs = true
	if c.from.Met {
		c.send(direct(c.from), storage.Topic{}, editIgnored)
	} else if !c.in.Direct() {
		c.send(c.in, storage.Topic{}, personMark(c.from.ID)+" "+editIgnored)
	}
	return nil
}
