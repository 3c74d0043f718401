package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"communityconnect/community"
	"communityconnect/ledger"
)

// whoSlot stands in a waiting command for the person who has yet to be chosen.
const whoSlot = string(personOpen) + "?" + string(personClose)

// splitCommand cuts the first word off a line: "/gave @Ann 2h" is "gave" and
// "@Ann 2h". Slashed tells whether it began with a slash.
func splitCommand(line string) (name, rest string, slashed bool) {
	line = strings.TrimSpace(line)
	line, slashed = strings.CutPrefix(line, "/")
	i := strings.IndexFunc(line, unicode.IsSpace)
	if i < 0 {
		return strings.ToLower(line), "", slashed
	}
	return strings.ToLower(line[:i]), strings.TrimSpace(line[i:]), slashed
}

// nextWord cuts the next word off s.
func nextWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// maxNameWords is how many words a typed name may have: "Mary Anne van der Berg".
const maxNameWords = 6

// person takes a person off the front of the words: a mention, or a name with or
// without an @, the longest that fits. It fails with personMissing, personUnknown, or
// a whichPerson when the name fits several.
func (c *Call) person() (community.Member, error) {
	if id, rest, ok := markedPerson(c.words); ok {
		m, known := c.people.byID[id]
		if !known || m.Status == community.Former {
			return m, refuse(personUnknown, "name", "that person")
		}
		c.takePerson(m, strings.TrimSpace(rest))
		return m, nil
	}
	if c.words == "" {
		return community.Member{}, refuse(personMissing, "usage", c.command.line())
	}
	parts := strings.Fields(c.words)
	var found []community.Member
	taken := 0
	for n := min(maxNameWords, len(parts)); n > 0 && len(found) == 0; n-- {
		found, taken = c.people.names.Find(strings.TrimLeft(strings.Join(parts[:n], " "), "@")), n
	}
	said := strings.TrimLeft(parts[0], "@")
	if parts[0] == unknownMention {
		return community.Member{}, refuse(personOutside, "name", "That person")
	}
	if len(found) == 0 {
		return community.Member{}, refuse(personUnknown, "name", strings.TrimRight(said, ",.;:"))
	}
	rest := strings.Join(parts[taken:], " ")
	if len(found) > 1 {
		return community.Member{}, &whichPerson{said: said, candidates: found, line: c.taken + whoSlot + " " + rest}
	}
	c.takePerson(found[0], rest)
	return found[0], nil
}

func (c *Call) takePerson(m community.Member, rest string) {
	c.taken += personMark(m.ID) + " "
	c.words = rest
}

// amount takes an amount off the words: from the front ("2 hours moving boxes"), or
// else the first thing further on that is an amount with its unit ("boxes, 2h"). What
// looks like an amount and is none gets the error of what is wrong with it.
func (c *Call) amount() (ledger.Minutes, error) {
	parts := strings.Fields(c.words)
	for at := range parts {
		m, taken, err := amountAt(parts[at:], at > 0)
		if err != nil {
			return 0, err
		}
		if taken > 0 {
			rest := append(append([]string{}, parts[:at]...), parts[at+taken:]...)
			c.words = strings.Join(rest, " ")
			return m, nil
		}
	}
	if m, found := findAmount(c.words); found {
		return m, nil // "an hour of ironing": the words stay as they are
	}
	return 0, &ledger.Error{Code: ledger.AmountMissing}
}

// amountAt reads an amount of at most four words at the beginning of parts. With
// unitNeeded a bare number is something else: a house, a day, a size.
func amountAt(parts []string, unitNeeded bool) (m ledger.Minutes, taken int, err error) {
	if !startsLikeAmount(parts[0]) {
		return 0, 0, nil
	}
	if strings.Contains(parts[0], "-") && !strings.HasPrefix(parts[0], "-") {
		return 0, 0, nil // 9-11, a phone number
	}
	var first error
	for n := min(4, len(parts)); n > 0; n-- {
		words := strings.TrimRight(strings.Join(parts[:n], " "), ",.;:!)")
		m, err := ledger.ParseAmount(words)
		if err == nil {
			if unitNeeded && !strings.ContainsFunc(words, unicode.IsLetter) && !strings.ContainsAny(words, ":½¼¾") {
				return 0, 0, nil
			}
			if m > maxBareHours && !strings.ContainsFunc(words, unicode.IsLetter) && !strings.Contains(words, ":") {
				return 0, 0, &ledger.Error{Code: ledger.AmountNonsense} // 90 is hardly 90 hours
			}
			return m, n, nil
		}
		if ledger.CodeOf(err) != ledger.AmountNonsense {
			first = err // the longest reading that is an amount, but not one we take
		}
	}
	if first != nil && !unitNeeded {
		return 0, 0, first
	}
	if unitNeeded {
		return 0, 0, nil
	}
	return 0, 0, &ledger.Error{Code: ledger.AmountNonsense}
}

// maxBareHours is the largest number without a unit that is taken for hours.
const maxBareHours = 12 * ledger.Hour

func startsLikeAmount(word string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, "+-−–.("))
	return unicode.IsDigit(r) || strings.ContainsRune("½¼¾", r)
}

// what returns the rest of the words as the text of a trade: "for moving boxes" and
// "moving boxes" are the same.
func (c *Call) what() string {
	text := strings.TrimSpace(c.words)
	for _, filler := range []string{"for ", "of ", "- ", "– ", ": "} {
		if len(text) > len(filler) && strings.EqualFold(text[:len(filler)], filler) {
			text = strings.TrimSpace(text[len(filler):])
		}
	}
	text = c.plainWords(strings.TrimRight(text, " ,;:-–"))
	if text == "" {
		return "help"
	}
	return text
}

// plainWords makes free text fit to be shown inside a sentence of the bot: one line,
// persons by name, nothing that turns the direction of the text, at most maxWhat letters.
func (c *Call) plainWords(s string) string {
	s, _ = c.people.render(s, direct(c.from))
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)), " ")
	if letters := []rune(s); len(letters) > maxWhat {
		s = strings.TrimSpace(string(letters[:maxWhat-1])) + "…"
	}
	return s
}

// maxWhat is the longest text of a trade or a reason, in letters.
const maxWhat = 140

// number takes "#12" off the front of the words.
func (c *Call) number() (int64, bool) {
	word, rest := nextWord(c.words)
	digits, found := strings.CutPrefix(word, "#")
	if !found || digits == "" || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	var n int64
	for _, d := range digits {
		n = 10*n + int64(d-'0')
	}
	c.words = rest
	return n, true
}
