package nlp

import (
	"strings"
	"unicode/utf8"
)

// people finds the names in a phrase: mentions, known given names, and words with a
// capital where nothing else explains it. In the group a sentence's first word, which has
// a capital anyhow, must be a known name.
func (p *phrase) people(g *grammar, s Sender, direct bool) {
	var members map[string]bool
	if len(s.Members) > 0 {
		members = make(map[string]bool, len(s.Members))
		for _, m := range s.Members[:min(len(s.Members), 1000)] {
			first, _, _ := strings.Cut(fold(m), " ")
			members[first] = true
		}
	}
	for i := 0; i < len(p.words); i++ {
		end := p.name(g, members, direct, i)
		p.persons[i] = end
		if end > i+1 {
			i = end - 1
		}
	}
}

// name is where the name that starts at word i ends, or 0.
func (p *phrase) name(g *grammar, members map[string]bool, direct bool, i int) int {
	w := p.words[i]
	switch {
	case w.kind == mention:
		if p.bot(i) {
			return 0
		}
		return i + 1
	case w.kind != letters || utf8.RuneCountInString(w.folded) < 2:
		return 0
	}
	bare := strings.TrimSuffix(w.folded, "'s")
	if honorific(bare) && w.capital && i+1 < len(p.words) && p.words[i+1].capital && p.words[i+1].kind == letters {
		return i + 2
	}
	if members[bare] && (w.capital || !g.ordinary[bare] && !g.known(bare)) {
		return p.surname(g, i)
	}
	sure, known := g.names[bare]
	switch {
	case known && (w.capital && (i > 0 && w.pause != sentence || sure || p.pastAt(g, i+1) || p.namely(i+1)) || !w.capital && sure):
		return p.surname(g, i)
	case !w.capital || g.ordinary[w.folded] || g.ordinary[bare]:
		return 0
	case i > 0 && w.pause != sentence && !p.shouting(i):
		if prev := p.words[i-1]; prev.folded == "the" || prev.folded == "a" || prev.folded == "an" || prev.kind == number {
			return 0
		}
		return p.surname(g, i)
	case direct && p.pastAt(g, i+1) && !g.known(bare):
		return p.surname(g, i)
	}
	return 0
}

// namely reports whether word i shows that what stands before it is a person.
func (p *phrase) namely(i int) bool {
	if i >= len(p.words) {
		return false
	}
	switch p.words[i].folded {
	case "owes", "owed", "was", "came", "has", "is", "and", "comes", "kindly", "very":
		return true
	}
	return p.words[i].pause == comma
}

// known reports whether the grammar uses a word, which makes it unlikely to be a name.
func (g *grammar) known(w string) bool {
	_, ok := g.vocabulary[w]
	return ok
}

// surname carries a name on over the words with a capital that follow it.
func (p *phrase) surname(g *grammar, i int) int {
	end := i + 1
	if strings.HasSuffix(p.words[i].folded, "'s") {
		return end
	}
	for end < len(p.words) && end < i+3 {
		w := p.words[end]
		bare := strings.TrimSuffix(w.folded, "'s")
		if !w.capital || w.kind != letters || w.pause != run || g.ordinary[bare] || p.shouting(end) {
			break
		}
		end++
		if bare != w.folded {
			break
		}
	}
	return end
}

// shouting reports whether word i is one of several in capitals, which then say nothing.
func (p *phrase) shouting(i int) bool {
	t := p.text[p.words[i].start:p.words[i].end]
	return len(t) > 1 && strings.ToUpper(t) == t
}

func honorific(w string) bool {
	switch w {
	case "mrs", "mr", "ms", "miss", "dr", "fr", "father", "sister", "sr", "auntie", "aunty":
		return true
	}
	return false
}

// bot reports whether word i addresses the bot.
func (p *phrase) bot(i int) bool {
	w := p.words[i]
	if w.kind != mention {
		return false
	}
	if w.who >= 0 {
		return p.mentions[w.who].Bot
	}
	return w.folded == "timebot" || w.folded == "bot"
}

// person is the name that starts at word i, as written.
func (p *phrase) person(i int) string {
	end := p.persons[i]
	if end <= i {
		return ""
	}
	if w := p.words[i]; w.kind == mention {
		if w.who >= 0 {
			return nameOf(p.mentions[w.who])
		}
		return p.text[w.start+1 : w.end]
	}
	name := p.cut(i, end)
	name = strings.TrimSuffix(strings.TrimSuffix(name, "'s"), "’s")
	return name
}

// owner reports whether the name from i is followed by 's.
func (p *phrase) owner(i int) bool {
	end := p.persons[i]
	return end > i && (p.words[end-1].owns || strings.HasSuffix(p.words[end-1].folded, "'s"))
}

// pastAt reports whether word i tells what somebody did.
func (p *phrase) pastAt(g *grammar, i int) bool {
	if i >= len(p.words) || p.words[i].kind != letters {
		return false
	}
	w := p.words[i].folded
	if w == "looked" && i+1 < len(p.words) && p.words[i+1].folded == "after" {
		return true
	}
	if g.past[w] {
		return true
	}
	return len(w) > 4 && strings.HasSuffix(w, "ed") && !notPast(w)
}

func notPast(w string) bool {
	switch w {
	case "need", "indeed", "speed", "hundred", "naked", "wicked", "sacred", "exceed", "proceed", "succeed", "breed", "bleed", "weed", "seaweed",
		"interested", "gifted", "talented", "scared", "stressed", "knackered", "wrecked", "qualified", "retired", "excited", "delighted", "tired", "bored", "annoyed", "worried", "confused", "disappointed", "looked", "wanted", "needed",
		"agreed", "advised", "used", "supposed", "allowed", "talked", "chatted", "waited", "watched", "queued", "played", "listened", "argued", "walked", "married":
		return w != "walked" && w != "played" && w != "listened"
	}
	return false
}
