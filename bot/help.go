package bot

import (
	"slices"
	"strings"
)

// help is made from the command table: what this member may say in this place.
func help(c *Call) error {
	if word, _ := nextWord(c.words); word != "" {
		if strings.EqualFold(word, "model") {
			c.aboutModel()
			return nil
		}
		cmd := c.world.lookUp(strings.ToLower(strings.TrimPrefix(word, "/")))
		if cmd != nil && (!cmd.Council || c.from.Council) {
			c.answer(helpOne, "line", cmd.line(), "brief", cmd.Brief, "also", cmd.also(), "place", placeNames(cmd.Places))
			return nil
		}
	}
	var lines []string
	for _, cmd := range c.world.commands {
		if cmd.Hidden || cmd.Council != (c.place == InCouncil) || c.allowed(&cmd) != nil {
			continue
		}
		lines = append(lines, "/"+cmd.Name+" – "+cmd.Brief)
	}
	if c.world.guesser != nil && c.place != InCouncil {
		lines = append(lines, helpModelLine)
	}
	phrase := helpAll
	if c.place == InCouncil {
		phrase = helpCouncil
	}
	c.answer(phrase, "list", strings.Join(lines, "\n"))
	return nil
}

// line is how a command is typed.
func (cmd *Command) line() string { return strings.TrimSpace("/" + cmd.Name + " " + cmd.Usage) }

func (cmd *Command) also() string {
	if len(cmd.Aliases) == 0 {
		return ""
	}
	return " (also /" + strings.Join(cmd.Aliases, ", /") + ")"
}

// unknownWords answers a direct message that is no command and no answer with the three
// likeliest things meant.
func (c *Call) unknownWords(text string) {
	first, _, _ := splitCommand(text)
	var guesses []guess
	for i := range c.world.commands {
		cmd := &c.world.commands[i]
		if c.allowed(cmd) != nil {
			continue
		}
		best := distance(first, cmd.Name)
		for _, alias := range cmd.Aliases {
			best = min(best, distance(first, alias))
		}
		guesses = append(guesses, guess{cmd, best})
	}
	// A slip of the fingers is near a command; anything else is near nothing, and gets
	// what people mostly want.
	slices.SortStableFunc(guesses, func(a, b guess) int { return a.rank() - b.rank() })
	var lines []string
	for _, g := range guesses[:min(3, len(guesses))] {
		lines = append(lines, g.cmd.line()+" – "+g.cmd.Brief)
	}
	c.answer(unknownLine, "list", strings.Join(lines, "\n"))
}

// guess is a command that may have been meant.
type guess struct {
	cmd      *Command
	distance int
}

func (g guess) rank() int {
	switch usual := slices.Index([]string{"request", "gave", "balance"}, g.cmd.Name); {
	case g.distance <= 2:
		return g.distance
	case usual >= 0:
		return 3 + usual
	default:
		return 3 + g.distance*10
	}
}

// distance counts the letters to change, add or drop to make one word the other
// (Levenshtein), for words as short as commands.
func distance(a, b string) int {
	x, y := []rune(shorten(a, 20)), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(y)]
}
