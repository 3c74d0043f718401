package bot

import (
	"errors"
	"slices"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// errOvertaken is raised when an act would no longer be what was seconded.
var errOvertaken = errors.New("bot: something else was decided meanwhile")

// deed is an act of the council: in words, and in a form that stays the same whatever those
// are called by then whom it is about.
type deed struct{ words, form string }

// deed fills a phrase about an act. Its form has accounts for people, and leaves out what
// anybody can make read otherwise without changing the act: the words of a trade, the
// names of those who vouch.
func (c *Call) deed(phrase string, args ...any) deed {
	lasting := slices.Clone(args)
	for i := 0; i+1 < len(args); i += 2 {
		if m, ok := args[i+1].(community.Member); ok {
			lasting[i+1] = "@" + itoa(int64(m.Account))
		} else if args[i] == "what" || args[i] == "list" {
			lasting[i+1] = ""
		}
	}
	return deed{words: c.text(phrase, args...), form: c.text(phrase, lasting...)}
}

// second is what stands before every act of the council that moves credits, limits,
// policy or people. The first time it asks the others and returns false: the line will
// be carried out again once somebody has seconded it. Neither who acts nor who seconds
// may share an account with a party. What was seconded is the deed: where it would be
// another by then, something else has been decided meanwhile.
func (c *Call) second(line string, act deed, parties ...ledger.AccountID) (bool, error) {
	if slices.Contains(parties, c.from.Account) {
		return false, refuse(selfDealing)
	}
	if c.seconder.ID != 0 {
		if act.form != c.agreed && act.words != c.agreed {
			return false, errOvertaken
		}
		return true, c.maySecond(c.seconder, parties)
	}
	if c.byVote != "" {
		if act := c.forMembers(act, parties); act.form != c.agreed && act.words != c.agreed {
			return false, errOvertaken
		}
		return true, nil
	}
	switch c.people.policy.SignOffFor(c.people.all, c.from, parties, c.now) {
	case community.Alone:
		c.react("👍")
		return true, nil
	case community.ByMembers:
		return false, c.askMembers(line, act, parties)
	case community.Shrunk:
		return false, refuse(councilShrunk, "until", c.until(community.ShrunkUntil(c.people.all)))
	case community.NoSecond:
		return false, refuse(noSecond)
	}
	id, err := c.tx.Ask(storage.Question{
		Kind: askSecond, Asker: c.from.ID, Line: line, Options: secondOptions(act, parties), In: c.council(), At: c.now, Expires: c.people.policy.PromptExpiry(c.now),
	})
	if err != nil {
		return false, err
	}
	c.send(c.council(), storage.Topic{Kind: topicQuestion, ID: int64(id)}, c.text(promptSecond, "who", c.from, "act", act.words))
	return false, nil
}

// secondOptions are what the question for a second remembers: the deed, in both of its
// forms, and then the accounts of those whom it is about.
func secondOptions(act deed, parties []ledger.AccountID) []string {
	options := []string{act.words, act.form}
	for _, a := range parties {
		options = append(options, itoa(int64(a)))
	}
	return options
}

// secondAct is the act that waits for a second, in words.
func secondAct(q storage.Question) string {
	if len(q.Options) == 0 {
		return ""
	}
	return q.Options[0]
}

// secondForm is its lasting form; of one that an older version asked about, the words.
func secondForm(q storage.Question) string {
	if len(q.Options) < 2 {
		return secondAct(q)
	}
	return q.Options[1]
}

// partyTo reports whether the member is one of those whom an act is about: neither their
// yes nor their no decides it.
func (c *Call) partyTo(q storage.Question) bool {
	return len(q.Options) > 2 && slices.Contains(q.Options[2:], itoa(int64(c.from.Account)))
}

func (c *Call) maySecond(m community.Member, parties []ledger.AccountID) error {
	switch {
	case m.Account == c.from.Account:
		return refuse(ownAct)
	case slices.Contains(parties, m.Account):
		return refuse(selfDealing)
	}
	return nil
}

// answerSecond is a council member's answer to another's act.
func (c *Call) answerSecond(q storage.Question, a answer) error {
	if !c.from.Council || !c.from.Active() || c.place != InCouncil {
		return nil
	}
	asker := c.people.byID[q.Asker]
	topic := storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}
	args := []any{"who", asker, "by", c.from, "act", secondAct(q)}
	c.forUs = true
	switch {
	case a.taken:
		return nil
	case !c.from.Frozen.IsZero():
		return refuse(frozen)
	case a.kind != yes && a.kind != no:
		return nil
	case c.partyTo(q):
		return refuse(selfDealing)
	case a.kind == no:
		c.edit(q.In, topic, c.text(actStopped, args...), "❌")
		return c.tx.CloseQuestion(q.ID, "answered")
	case c.from.Account == asker.Account:
		return refuse(ownAct)
	case !asker.Council || !asker.Active():
		c.answer(actorGone, "who", asker)
		return c.tx.CloseQuestion(q.ID, "withdrawn")
	case !asker.Frozen.IsZero():
		c.answer(actorFrozen, "who", asker)
		return nil
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	c.seconder, c.agreed = c.from, secondForm(q)
	said := len(c.replies)
	c.edit(q.In, topic, c.text(actSeconded, args...), "✅")
	err := c.runLine(q.Line, q.In, asker)
	c.from = c.seconder // whose act a refusal answers
	if errors.Is(err, errOvertaken) {
		c.replies = c.replies[:said]
		c.edit(q.In, topic, c.text(actOvertaken, args...), "⚠️")
		return nil
	}
	return err
}
