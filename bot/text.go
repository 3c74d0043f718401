package bot

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"

	"communityconnect/chat"
	"communityconnect/community"
)

// A person in a text is written as their number between two private-use characters.
// It becomes a mention, or a name, when the text goes out; and it is how a command
// that waits for an answer remembers whom it means, whatever they are called by then.
const (
	personOpen  = '\ue000'
	personClose = '\ue001'
)

func personMark(id community.MemberID) string {
	return string(personOpen) + strconv.FormatInt(int64(id), 10) + string(personClose)
}

// strangerMark is personMark for somebody who is no member. Only their own conversation
// and a group where everybody sees them is ever told of them.
func strangerMark(p chat.PersonID) string {
	return string(personOpen) + "=" + string(p) + string(personClose)
}

// markedStranger reads what strangerMark wrote at the start of s.
func markedStranger(s string) (p chat.PersonID, rest string, ok bool) {
	after, found := strings.CutPrefix(s, string(personOpen)+"=")
	id, rest, closed := strings.Cut(after, string(personClose))
	return chat.PersonID(id), rest, found && closed
}

// markedPerson reads what personMark wrote at the start of s.
func markedPerson(s string) (id community.MemberID, rest string, ok bool) {
	after, found := strings.CutPrefix(s, string(personOpen))
	if !found {
		return 0, s, false
	}
	digits, rest, found := strings.Cut(after, string(personClose))
	n, err := strconv.ParseInt(digits, 10, 64)
	if !found || err != nil {
		return 0, s, false
	}
	return community.MemberID(n), rest, true
}

// withoutMarks takes the private-use characters out of what people typed, so that
// nobody can write a person that the line did not mention.
func withoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if r == personOpen || r == personClose {
			return -1
		}
		return r
	}, s)
}

// fill puts arguments into a phrase: {name} becomes what is printed, {@name} a
// mention. Arguments are pairs of a name and a value; a member is printed by the name
// that is enough to tell them apart.
func (p *people) fill(phrase string, args ...any) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(phrase, "{")
		name, rest, closed := strings.Cut(after, "}")
		if !found || !closed {
			b.WriteString(phrase)
			return b.String()
		}
		b.WriteString(before)
		if value, known := p.argument(name, args); known {
			b.WriteString(value)
		} else {
			b.WriteString("{" + name + "}")
		}
		phrase = rest
	}
}

// argument prints the value that goes by a name.
func (p *people) argument(name string, args []any) (string, bool) {
	plain, mention := strings.CutPrefix(name, "@")
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != plain {
			continue
		}
		switch v := args[i+1].(type) {
		case community.Member:
			if mention {
				return personMark(v.ID), true
			}
			return p.short(v), true
		case string:
			return v, !mention
		default:
			return fmt.Sprint(v), !mention
		}
	}
	return "", false
}

// render turns the persons of a text into mentions, in a group, or into names, in a
// direct conversation, where everybody knows who is meant.
func (p *people) render(text string, to chat.Conversation) (string, []chat.Mention) {
	if !strings.ContainsRune(text, personOpen) {
		return text, nil
	}
	var b strings.Builder
	var mentions []chat.Mention
	units := 0
	write := func(s string) {
		b.WriteString(s)
		for _, r := range s {
			units += utf16.RuneLen(r)
		}
	}
	for text != "" {
		before, after, found := strings.Cut(text, string(personOpen))
		write(before)
		if !found {
			break
		}
		if p, rest, ok := markedStranger(string(personOpen) + after); ok {
			mentions = append(mentions, chat.Mention{Person: p, Start: units, Length: 1})
			write("\ufffc")
			text = rest
			continue
		}
		id, rest, ok := markedPerson(string(personOpen) + after)
		if !ok {
			text = after
			continue
		}
		m := p.byID[id]
		if to.Direct() || m.Person == "" {
			write(p.short(m))
		} else {
			mentions = append(mentions, chat.Mention{Person: chat.PersonID(m.Person), Start: units, Length: 1})
			write("\ufffc")
		}
		text = rest
	}
	return b.String(), mentions
}

// unknownMention stands for a mention of somebody who is no member.
const unknownMention = "@?"

// marked turns the mentions of a message into marked persons and takes out what no
// member has typed. A mention of the bot itself is dropped; addressed tells that there
// was one. Somebody who is no member stays an unreadable name, and finds nobody.
func (p *people) marked(m chat.Message, self chat.PersonID) (text string, addressed bool) {
	units := utf16.Encode([]rune(withoutMarks(m.Text)))
	var b strings.Builder
	at := 0
	for _, mention := range m.Mentions {
		end := mention.Start + mention.Length
		if mention.Start < at || mention.Length < 1 || end > len(units) || end < mention.Start {
			continue // overlapping or outside the text
		}
		b.WriteString(string(utf16.Decode(units[at:mention.Start])))
		if mention.Person == self {
			addressed = true
		} else if who, ok := p.byPerson[mention.Person]; ok {
			b.WriteString(" " + personMark(who.ID) + " ")
		} else {
			b.WriteString(" " + unknownMention + " ")
		}
		at = end
	}
	b.WriteString(string(utf16.Decode(units[at:])))
	return strings.TrimSpace(strings.ReplaceAll(b.String(), "\ufffc", "")), addressed
}
