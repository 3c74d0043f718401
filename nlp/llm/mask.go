package llm

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"communityconnect/nlp"
)

// The most a message may have to be asked about. A neighbour's message is far below both.
const (
	maxText   = 1200 // bytes: package nlp has to see all of it, or a name could hide at its end
	maxTokens = 120  // words, likewise
	maxMasks  = 40   // people and other things that stay here
)

// masked is a message as it may leave the machine, and the way back.
type masked struct {
	text   string            // the message with M1, X1 … in it
	people []string          // the names behind M1, M2 …, as the message has them
	real   map[string]string // what stands behind "m1", "x1" …
}

// Each thing that stays here is first replaced by one letter of a private area, which no
// later step takes for part of a word, and at the end by its label.
const firstMask = '\U000F0000'

// masker takes out of a message what must not leave.
type masker struct {
	*names
	text  string
	masks []mask
	byKey map[string]int
}

// mask is one thing taken out.
type mask struct {
	letter string // M for a person, X for anything else
	real   string
}

// mask takes out of the message whatever names, numbers or places somebody. Mentions go
// first and addresses before the names in them. It is false for a message with too much in
// it.
func (c *Client) mask(u nlp.Utterance) (masked, bool) {
	m := &masker{names: newNames(c.fold, u.Sender.Members, c.hide), byKey: map[string]int{}}
	m.mentions(u)
	if m.text == "" || len(m.text) > maxText || len(tokens(m.text)) > maxTokens {
		return masked{}, false
	}
	for _, p := range patterns() {
		m.text = p.re.ReplaceAllStringFunc(m.text, func(s string) string {
			if p.unless != nil && p.unless(s) {
				return s
			}
			return m.other(s)
		})
	}
	m.words()
	for spans, i := c.parser.Named(m.text), 0; i < len(spans); i++ {
		s := spans[len(spans)-1-i] // from the end, so that the places before stay right
		said := m.text[s.Start:s.End]
		if name := strings.TrimLeft(said, "@"); !strings.ContainsFunc(said, isMask) && !strings.ContainsFunc(name, unicode.IsDigit) {
			bare := m.possessor(name)
			m.text = m.text[:s.Start] + m.person("named "+m.fold(bare), bare) + name[len(bare):] + m.text[s.End:]
		}
	}
	return m.labelled(), len(m.masks) <= maxMasks
}

func isMask(r rune) bool { return r >= firstMask }

// mentions makes the text plain and puts a person in the place of each mention.
func (m *masker) mentions(u nlp.Utterance) {
	at := make(map[int]nlp.Mention, len(u.Mentions))
	for _, mention := range u.Mentions {
		at[mention.Start] = mention
	}
	var b strings.Builder
	unit, skip := 0, 0
	for _, r := range u.Text {
		mention, found := at[unit]
		unit += max(1, utf16.RuneLen(r))
		switch {
		case skip > 0:
			skip--
		case found && mention.Bot:
			skip = mention.Length - 1
		case found && mention.Length > 0:
			b.WriteString(" " + m.member(mention.Name, mention.Name) + " ")
			skip = mention.Length - 1
		case r == '\uFFFC':
		default:
			b.WriteString(plainRune(r))
		}
	}
	m.text = strings.Join(strings.Fields(norm.NFKC.String(b.String())), " ")
}

// plainRune drops what is not seen: a name can't be hidden behind it, nor an order.
func plainRune(r rune) string {
	switch {
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return " "
	case unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector), r == unicode.ReplacementChar, r == '\u034F', r == '\u115F', r == '\u1160', r == '\u3164', r == '\uFFA0':
		return ""
	}
	return string(r)
}

// add takes one thing out; the same thing gets the same mask.
func (m *masker) add(key, real, letter string) string {
	i, known := m.byKey[key]
	if !known {
		i = len(m.masks)
		m.masks = append(m.masks, mask{letter, real})
		m.byKey[key] = i
	}
	return string(firstMask + rune(i))
}

func (m *masker) person(key, real string) string { return m.add(key, real, "M") }
func (m *masker) other(real string) string       { return m.add("other "+real, real, "X") }

// member takes out a person who is named in full.
func (m *masker) member(full, real string) string {
	return m.person("member "+m.joined(full), real)
}

// words takes out every word that is part of somebody's name, whatever its case and
// wherever it stands, and those of the hidden phrases.
func (m *masker) words() {
	all := tokens(m.text)
	var b strings.Builder
	end := 0
	for i := 0; i < len(all); {
		n, letter := m.taken(all[i:])
		b.WriteString(m.text[end:all[i].start])
		last := all[i+max(n, 1)-1]
		said := m.text[all[i].start:last.end]
		b.WriteString(m.without(said, letter, n))
		end = last.end
		i += max(n, 1)
	}
	m.text = b.String() + m.text[end:]
}

// without gives what is written in the place of some words.
func (m *masker) without(said, letter string, n int) string {
	if n == 0 {
		return said
	}
	if letter == "X" {
		return m.other(said)
	}
	bare := m.possessor(said)
	tail := said[len(bare):]
	if tail == "s" {
		tail = "'s" // as it should have been written
	}
	if full, only := m.only(bare); only {
		return m.member(full, bare) + tail
	}
	return m.person("named "+m.fold(bare), bare) + tail
}

// labelled puts the labels in, counted from the left and set off from the words beside them.
func (m *masker) labelled() masked {
	out := masked{real: make(map[string]string, len(m.masks))}
	labels := make([]string, len(m.masks))
	others := 0
	var b strings.Builder
	before := ' '
	for _, r := range m.text {
		i := int(r - firstMask)
		switch {
		case !isMask(r) || i >= len(m.masks):
			if isMask(before) && wordy(r) {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			before = r
			continue
		case labels[i] != "":
		case m.masks[i].letter == "M":
			out.people = append(out.people, m.masks[i].real)
			labels[i] = "M" + strconv.Itoa(len(out.people))
		default:
			others++
			labels[i] = "X" + strconv.Itoa(others)
		}
		if wordy(before) || isMask(before) {
			b.WriteByte(' ')
		}
		b.WriteString(labels[i])
		out.real[strings.ToLower(labels[i])] = m.unmasked(m.masks[i].real)
		before = r
	}
	out.text = strings.Join(strings.Fields(b.String()), " ")
	return out
}

// unmasked puts back what was taken out of something before it was taken out itself: a
// mention within an address.
func (m *masker) unmasked(s string) string {
	for i := len(m.masks) - 1; i >= 0 && strings.ContainsFunc(s, isMask); i-- {
		s = strings.ReplaceAll(s, string(firstMask+rune(i)), m.masks[i].real)
	}
	return s
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
