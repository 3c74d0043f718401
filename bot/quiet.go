package bot

import (
	"strings"

	"communityconnect/community"
)

// quiet shows which messages the bot sends unasked, and turns them off and on again.
func quiet(c *Call) error {
	word, rest := nextWord(strings.ToLower(c.words))
	rest = strings.TrimSpace(rest)
	if word == "" {
		p := c.people.policy
		lines, err := c.quietLines(community.NudgeRules())
		c.private(quietIs, "list", lines, "from", p.QuietFrom, "until", p.QuietUntil)
		return err
	}
	kinds := nudgeKinds(word)
	if len(kinds) == 0 || rest != "" && rest != "on" && rest != "off" {
		return refuse(quietUnknown, "word", c.plainWords(c.words), "list", strings.Join(kindNames(), ", "))
	}
	for _, r := range kinds {
		if err := c.tx.ChooseNudge(c.from.ID, r.Kind, rest == "on"); err != nil {
			return err
		}
	}
	lines, err := c.quietLines(kinds)
	c.private(quietNow, "list", lines)
	return err
}

// nudgeKinds reads the name of a kind, in the singular or the plural, or "all".
func nudgeKinds(word string) (kinds []community.NudgeRule) {
	for _, r := range community.NudgeRules() {
		if name := string(r.Kind); word == "all" || word == name || word+"s" == name {
			kinds = append(kinds, r)
		}
	}
	return kinds
}

func kindNames() (names []string) {
	for _, r := range community.NudgeRules() {
		names = append(names, string(r.Kind))
	}
	return names
}

// quietLines tells a member which unasked messages they get.
func (c *Call) quietLines(kinds []community.NudgeRule) (string, error) {
	var lines []string
	for _, r := range kinds {
		wanted, err := c.wants(c.from, r.Kind)
		if err != nil {
			return "", err
		}
		sign := "🔕"
		if wanted {
			sign = "🔔"
		}
		lines = append(lines, sign+" "+string(r.Kind)+" – "+r.Brief)
	}
	return strings.Join(lines, "\n"), nil
}
