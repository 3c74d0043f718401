package nlp

import (
	"slices"

	"communityconnect/ledger"
)

// Traces are what stands in a message, whatever it means: what a second reader of the
// message has to be held to.
type Traces struct {
	Amounts   []ledger.Minutes // every amount of work, and what they come to; ascending
	People    bool             // somebody other than the bot is mentioned or named
	Work      bool             // it speaks of something neighbours do for each other
	Addressed bool             // it mentions the bot
	Aside     bool             // it is a command, or somebody else's words
}

// Traces finds what stands in a message.
func (p *Parser) Traces(u Utterance) Traces {
	s := p.scene(&u)
	t := Traces{Aside: s.aside(), Work: s.aboutAll() >= plainlyWork}
	if m := s.amount(); m > 0 {
		t.Amounts = append(t.Amounts, m)
	}
	for _, a := range s.amounts {
		if m, ok := a.minutesOf(); ok {
			t.Amounts = append(t.Amounts, m)
		}
	}
	slices.Sort(t.Amounts)
	t.Amounts = slices.Compact(t.Amounts)
	for i := range s.words {
		t.Addressed = t.Addressed || s.bot(i)
		t.People = t.People || s.persons[i] > i
	}
	return t
}

// plainlyWork is how plainly words must speak of help to count as such.
const plainlyWork = 0.8

// Span is a stretch of a text, in bytes.
type Span struct{ Start, End int }

// Named finds where a text without mentions names people, in order. A capital makes a
// name of any word that nothing else explains, so it rather finds one too many.
func (p *Parser) Named(text string) []Span {
	u := Utterance{Text: text}
	s := p.scene(&u)
	if s.text != text {
		return nil // longer than we read
	}
	var all []Span
	for i := 0; i < len(s.words); i++ {
		end := s.persons[i]
		if end <= i {
			continue
		}
		if _, given := s.g.names[s.words[i].folded]; given || s.words[i].kind == mention || s.about(i, end) == 0 {
			all = append(all, Span{s.words[i].start, s.words[end-1].end})
		}
		i = end - 1
	}
	return all
}
