package bot

import (
	"strings"

	"communityconnect/community"
)

// quiet shows which messages the bot sends unasked, and turns them off and on again.
func quiet(c *Call) error {
	word, rest := nextWord(strings.ToLower(c.words))
	kinds, ok := nudgeKinds(word)
	rest = strings.TrimSpace(rest)
	if word == "" {
		return c.showQuiet()
	}
	if !ok || rest != "" && rest != "on" && rest != "off" {
		return refuse(quietUnknown, "word", c.plainWords(c.words), "list", strings.Join(kindNames(), ", "))
	}
	for _, kind := range kinds {
		if err := c.tx.ChooseNudge(c.from.ID, kind, rest == "on"); err != nil {
			return err
		}
	}
	return c.showQuiet()
}

// nudgeKinds reads the name of a kind, in the singular or the plural, or "all".
func nudgeKinds(word string) (kinds []community.NudgeKind, ok bool) {
	for _, r := range community.NudgeRules() {
		name := string(r.Kind)
		if word == "all" || word == name || word+"s" == name {
			kinds = append(kinds, r.Kind)
		}
	}
	return kinds, len(kinds) > 0
}

func kindNames() (names []string) {
	for _, r := range community.NudgeRules() {
		names = append(names, string(r.Kind))
	}
	return names
}

// showQuiet tells a member which unasked messages they get.
func (c *Call) showQuiet() error {
	var lines []string
	for _, r := range community.NudgeRules() {
		wanted, err := c.wants(c.from, r.Kind)
		if err != nil {
			return err
		}
		sign := "🔕"
		if wanted {
			sign = "🔔"
		}
		lines = append(lines, sign+" "+string(r.Kind)+" – "+r.Brief)
	}
	p := c.people.policy
	c.private(quietIs, "list", strings.Join(lines, "\n"), "from", p.QuietFrom, "until", p.QuietUntil)
	return nil
}
