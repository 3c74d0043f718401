package bot

import (
	"slices"
	"strconv"
	"strings"
)

// pageLetters is how long the list on a page of help may be.
const pageLetters = 500

// scopeLetters is how much the first page says of what may be traded.
const scopeLetters = 200

// help is made from the table of commands: what this member may say in this place. The
// first page has what people need most, and stays one screen however many commands
// there are.
func help(c *Call) error {
	word, rest := nextWord(c.words)
	word = strings.ToLower(strings.TrimPrefix(word, "/"))
	switch cmd := c.world.lookUp(word); {
	case word == "model":
		c.aboutModel()
		return nil
	case cmd != nil && (!cmd.Council || c.from.Council):
		c.answer(helpOne, "line", cmd.line(), "brief", cmd.Brief, "also", cmd.also(), "place", placeNames(cmd.Places))
		return nil
	}
	if word == "" && c.place == InCouncil {
		word = "council"
	}
	for _, chapter := range Chapters() {
		if lines := c.helpLines(chapter); chapter.Name == word && len(lines) > 0 {
			c.helpPage(chapter, lines, rest)
			return nil
		}
	}
	c.helpFirst()
	return nil
}

// helpFirst answers with the first page.
func (c *Call) helpFirst() {
	var lines, more []string
	for _, chapter := range Chapters() {
		for _, cmd := range chapter.Commands {
			if cmd.First && c.allowed(&cmd) == nil {
				lines = append(lines, cmd.helpLine())
			}
		}
		if len(c.helpLines(chapter)) > 0 {
			more = append(more, chapter.Name)
		}
	}
	if c.world.guesser != nil {
		lines = append(lines, helpModelLine)
	}
	c.answer(helpAll, "list", strings.Join(lines, "\n"), "more", strings.Join(more, ", "), "scope", shorten(c.people.policy.Scope, scopeLetters))
}

// helpLines lists what a member may say in this place out of one chapter.
func (c *Call) helpLines(chapter Chapter) (lines []string) {
	for _, cmd := range chapter.Commands {
		if !cmd.Hidden && cmd.Council == (c.place == InCouncil) && c.allowed(&cmd) == nil {
			lines = append(lines, cmd.helpLine())
		}
	}
	return lines
}

// helpPage answers with one page of a chapter, by its number.
func (c *Call) helpPage(chapter Chapter, lines []string, number string) {
	all := pages(lines, pageLetters)
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(all) {
		n = 1
	}
	more := ""
	if n < len(all) {
		more = c.text(helpMore, "next", "/help "+chapter.Name+" "+strconv.Itoa(n+1))
	}
	c.answer(helpChapter, "name", chapter.Name, "brief", chapter.Brief, "list", strings.Join(all[n-1], "\n"), "more", more)
}

// pages deals lines out so that no page is longer than so many letters.
func pages(lines []string, letters int) (all [][]string) {
	length := letters
	for _, line := range lines {
		n := len([]rune(line)) + 1
		if length+n > letters {
			all, length = append(all, nil), 0
		}
		all[len(all)-1] = append(all[len(all)-1], line)
		length += n
	}
	return all
}

func (cmd *Command) helpLine() string { return "/" + cmd.Name + " – " + cmd.Brief }

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
