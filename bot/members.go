package bot

import (
	"slices"
	"strings"

	"communityconnect/community"
	"communityconnect/storage"
)

// members lists who is in, or takes somebody in who has no phone.
func members(c *Call) error {
	if word, rest := nextWord(c.words); strings.EqualFold(word, "add") {
		return c.addWithoutPhone(rest)
	}
	var lines []string
	for _, m := range c.people.all {
		if !m.Known() || m.Status == community.Former {
			continue
		}
		role := string(m.Status)
		if m.Council {
			role = "council"
		}
		if m.Person != "" && !m.Met {
			role += ", hasn't said hello to me yet"
		}
		if m.Person == "" {
			role += ", no phone"
		}
		lines = append(lines, m.Name+" ("+role+")")
	}
	heading := c.text(membersAre, "count", counted(int64(len(lines)), "person", "people"))
	for _, page := range pages(append([]string{heading}, lines...), pageLetters) {
		c.answer("{list}", "list", strings.Join(page, "\n"))
	}
	return nil
}

// addWithoutPhone takes somebody in by the council's word whose help is written on paper:
// /enter brings it into the books.
func (c *Call) addWithoutPhone(typed string) error {
	if typed == "" {
		return refuse(personMissing, "usage", "/members add Tom Byrne")
	}
	name, err := community.CleanName(c.plainWords(typed))
	if err == nil && slices.ContainsFunc(c.people.all, func(m community.Member) bool { return community.Fold(m.Name) == community.Fold(name) }) {
		err = community.ErrNameTaken
	}
	if err != nil {
		return refuse(nameRefused, "why", err)
	}
	if c.people.policy.Full(c.people.all) {
		c.answer(joinFull, "name", name)
		return nil
	}
	act := c.deed(actAddPaper, "name", name)
	if ok, err := c.second("members add "+name, act); err != nil || !ok {
		return err
	}
	if _, err := c.tx.AddMember(community.Member{Name: name, Status: community.Newcomer, Joined: c.now}, c.people.policy); err != nil {
		return err
	}
	if err := c.reread(); err != nil {
		return err
	}
	c.send(c.group(), storage.Topic{}, c.text(welcomePaper, "name", name))
	return c.log(act.words)
}
