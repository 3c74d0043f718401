package bot

import (
	"fmt"
	"slices"
	"strings"

	"communityconnect/community"
)

// Command is one thing that people can tell the bot to do.
type Command struct {
	Name    string
	Aliases []string
	Usage   string // what follows the name, with an example of a person, an amount
	Brief   string // one line for /help
	Places  Place
	Council bool // for members of the council only
	// CouncilAt are those of its places where a command of everybody's is the council's.
	CouncilAt Place
	// Suspended tells that a suspended member may still do this.
	Suspended bool
	// Frozen tells that somebody may do this on the web pages while their phone is not
	// known to be theirs.
	Frozen bool
	// Outside tells that somebody who is no member may do this, in a direct message.
	Outside bool
	// Former tells that somebody who has left may still do this, in a direct message.
	Former bool
	// First commands are on the first page of help; there is room for a handful.
	First bool
	// Hidden commands are on no page of help, and explained by /help WORD alone.
	Hidden bool
	// Bare tells how much may follow the command when it is typed without a slash: a
	// plain sentence may begin with any word.
	Bare bareness
	Run  func(*Call) error
}

// bareness is how freely a command may be typed without its slash in a direct message.
type bareness int

const (
	bareAlone bareness = iota // only the word by itself
	bareWord                  // with one word or number after it
	bareAny                   // whatever follows
)

// checkCommands refuses a table in which a word means two things.
func checkCommands(all []Chapter) error {
	seen := map[string]bool{}
	for _, chapter := range all {
		if seen[chapter.Name] || chapter.Brief == "" {
			return fmt.Errorf("chapter %q is double or incomplete", chapter.Name)
		}
		seen[chapter.Name] = true
		for _, cmd := range chapter.Commands {
			for _, word := range append([]string{cmd.Name}, cmd.Aliases...) {
				if seen[word] || word != strings.ToLower(word) || cmd.Brief == "" || cmd.Run == nil || cmd.Places == 0 {
					return fmt.Errorf("command %q is double or incomplete", word)
				}
				seen[word] = true
			}
		}
	}
	return nil
}

// lookUp finds a command by its exact name or alias: a prefix never moves credits.
func (w *world) lookUp(word string) *Command {
	i := slices.IndexFunc(w.commands, func(cmd Command) bool {
		return cmd.Name == word || slices.Contains(cmd.Aliases, word)
	})
	if i < 0 {
		return nil
	}
	return &w.commands[i]
}

// fitsBare reports whether a line that begins with the command's word but no slash is
// meant as the command, and is not a sentence that happens to begin so.
func (cmd *Command) fitsBare(rest string) bool {
	switch cmd.Bare {
	case bareAny:
		return true
	case bareWord:
		return len(strings.Fields(rest)) <= 1
	default:
		return rest == ""
	}
}

// allowed refuses a command to somebody who may not use it, or not here.
func (c *Call) allowed(cmd *Command) error {
	switch {
	case c.from.Lost && !cmd.Frozen:
		return refuse(phoneLost)
	case (cmd.Council || cmd.CouncilAt&c.place != 0) && !c.from.Council:
		return refuse(councilOnly)
	case cmd.Council && !c.from.Frozen.IsZero():
		return refuse(frozen)
	case cmd.Places&c.place == 0:
		return refuse(elsewhere, "command", "/"+cmd.Name, "place", placeNames(cmd.Places))
	case c.from.Status == community.Suspended && !cmd.Suspended:
		return refuse(notForSuspended)
	}
	return nil
}

func placeNames(p Place) string {
	var names []string
	if p&InDM != 0 {
		names = append(names, "a direct message to me")
	}
	if p&InGroup != 0 {
		names = append(names, "the group")
	}
	if p&InCouncil != 0 {
		names = append(names, "the council's group")
	}
	return strings.Join(names, " or ")
}

// run carries a command out.
func (c *Call) run(cmd *Command, words string) error {
	if err := c.allowed(cmd); err != nil {
		return err
	}
	c.command, c.words, c.taken = cmd, words, ""
	return cmd.Run(c)
}

// resume takes up a line that was kept, to read it once more.
func (c *Call) resume(line string) {
	name, rest, _ := splitCommand(line)
	c.command, c.words, c.taken = c.world.lookUp(name), rest, ""
}
