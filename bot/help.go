package bot

import (
	"slices"
	"strings"
)

// help is made from the command table: what this member may say in this place.
func help(c *Call) error {
	if word, _ := nextWord(c.words); word != "" {
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
	c.answer(helpAll, "list", strings.Join(lines, "\n"))
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
	type guess struct {
		cmd      *Command
		distance int
	}
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
	slices.SortStableFunc(guesses, func(a, b guess) int { return a.distance - b.distance })
	var lines []string
	for _, g := range guesses[:min(3, len(guesses))] {
		lines = append(lines, g.cmd.line()+" – "+g.cmd.Brief)
	}
	c.answer(unknownLine, "list", strings.Join(lines, "\n"))
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
