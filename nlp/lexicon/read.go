package lexicon

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// reader collects the concepts of the data files.
type reader struct {
	concepts []draft
	declared map[string]place  // concept names
	seen     map[string]use    // phrases, by their normal form
	stems    map[string]string // of the words met so far
	tasks    []string
	work     []string
	services []string
	objects  []string
	stop     []string
}

// draft is a concept as read, its references not yet looked up.
type draft struct {
	concept
	at      place
	phrases []phrase
	nearTo  []nearTo
}

type phrase struct {
	at     place
	text   string
	words  []string // as [reader.pattern] gives them
	weight float64
}

type nearTo struct {
	name   string
	weight float64
	at     place
}

// use is where a phrase stands, and for what.
type use struct {
	place
	concept string
}

// place is where something stands.
type place struct {
	file string
	line int
}

func (p place) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.file, p.line, fmt.Sprintf(format, args...))
}

// read adds one file. A line that begins with a space continues the list before it.
func (r *reader) read(file, data string) error {
	key := ""
	for i, raw := range strings.Split(data, "\n") {
		at := place{file, i + 1}
		line, _, _ := strings.Cut(raw, "#")
		trimmed := strings.TrimSpace(line)
		value := trimmed
		switch {
		case trimmed == "":
			continue
		case trimmed[0] == '[':
			key = ""
			if err := r.open(at, trimmed); err != nil {
				return err
			}
			continue
		case line[0] == ' ' || line[0] == '\t':
			if key == "" {
				return at.errorf("this line continues no list; begin it with strong:, words: or weak:")
			}
		default:
			var ok bool
			if key, value, ok = strings.Cut(trimmed, ":"); !ok {
				return at.errorf("%q is neither a concept ([name] category) nor a list (words: …)", trimmed)
			}
		}
		if err := r.line(at, strings.TrimSpace(key), strings.TrimSpace(value)); err != nil {
			return err
		}
	}
	return nil
}

// open starts a concept: "[dog-walking] pets" or "[mower] gardening 1, lending 0.5".
func (r *reader) open(at place, line string) error {
	name, rest, ok := strings.Cut(line[1:], "]")
	name = strings.TrimSpace(name)
	if !ok || name == "" {
		return at.errorf("a concept begins with its name in brackets: [dog-walking] pets")
	}
	if before, twice := r.declared[name]; twice {
		return at.errorf("concept %q stands already at %s:%d; give one of them another name", name, before.file, before.line)
	}
	r.declared[name] = at
	d := draft{at: at}
	d.name, d.title = name, strings.ReplaceAll(name, "-", " ")
	for _, item := range list(rest) {
		category, weight, err := weighed(item, 1)
		if err != nil {
			return at.errorf("%v", err)
		}
		i := slices.Index(Categories(), category)
		if i < 0 {
			return at.errorf("unknown category %q; use one of %s", category, strings.Join(Categories(), ", "))
		}
		d.share = append(d.share, share{i, weight})
	}
	r.concepts = append(r.concepts, d)
	return nil
}

// line adds one list to the concept that is open.
func (r *reader) line(at place, key, value string) error {
	switch key {
	case "tasks":
		r.tasks = append(r.tasks, list(value)...)
		return nil
	case "services":
		r.services = append(r.services, list(value)...)
		return nil
	case "objects":
		r.objects = append(r.objects, list(value)...)
		return nil
	case "work":
		r.work = append(r.work, list(value)...)
		return nil
	case "stop":
		r.stop = append(r.stop, list(value)...)
		return nil
	}
	if len(r.concepts) == 0 || r.concepts[len(r.concepts)-1].at.file != at.file {
		return at.errorf("%q stands before any concept; begin with [name] category", key)
	}
	d := &r.concepts[len(r.concepts)-1]
	switch key {
	case "strong":
		return r.phrases(at, d, value, strongWeight)
	case "words":
		return r.phrases(at, d, value, plainWeight)
	case "weak":
		return r.phrases(at, d, value, weakWeight)
	case "title":
		d.title = value
	case "act":
		if !knownAct(value) {
			return at.errorf("unknown act %q; use borrow, give, have, space, lesson or work", value)
		}
		d.act = act(value)
	case "near":
		for _, item := range list(value) {
			name, weight, err := weighed(item, 0.5)
			if err != nil {
				return at.errorf("%v", err)
			}
			d.nearTo = append(d.nearTo, nearTo{name, weight, at})
		}
	case "beats":
		for _, name := range list(value) {
			i := slices.Index(Categories(), name)
			if i < 0 {
				return at.errorf("unknown category %q; use one of %s", name, strings.Join(Categories(), ", "))
			}
			d.beats = append(d.beats, i)
		}
	default:
		return at.errorf("unknown list %q; use strong, words, weak, near, beats, act or title", key)
	}
	return nil
}

// phrases adds words to a concept. Two forms of one word within a concept are one phrase,
// with the greater weight.
func (r *reader) phrases(at place, d *draft, value string, weight float64) error {
	for _, text := range list(value) {
		words := r.pattern(text)
		norm := strings.Join(words, " ")
		if len(words) == 0 || words[0] == "_" {
			return at.errorf("%q has no word to go by, or begins with a gap", text)
		}
		if before, twice := r.seen[norm]; twice && before.concept != d.name {
			return at.errorf("%q stands already in %s at %s:%d; keep it in one of the two", text, before.concept, before.file, before.line)
		} else if twice {
			continue // the greater weight stands first: strong, words, weak
		}
		r.seen[norm] = use{at, d.name}
		d.phrases = append(d.phrases, phrase{at, text, words, weight})
	}
	return nil
}

// pattern is the normal form of a phrase: stems, "=word" for an exact word, "_" for a gap.
func (r *reader) pattern(text string) []string {
	var out []string
	for _, field := range strings.Fields(text) {
		if field == "_" {
			out = append(out, "_")
			continue
		}
		mark := ""
		if field[0] == '=' {
			mark = "="
		}
		eachWord(field, func(folded []byte, _, _ int) {
			w := string(folded)
			switch {
			case mark != "":
				out = append(out, "="+w)
			case !filler(w):
				out = append(out, r.stem(w))
			}
		})
	}
	return out
}

func stemSet(words []string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[Stem(w)] = true
	}
	return set
}

func (r *reader) stem(word string) string {
	s, ok := r.stems[word]
	if !ok {
		s = Stem(word)
		r.stems[word] = s
	}
	return s
}

// build looks up what the concepts refer to.
func (r *reader) build() (*Lexicon, error) {
	l := &Lexicon{byName: make(map[string]ID, len(r.concepts)), stop: make(map[string]bool, len(r.stop)), trie: newTrie()}
	for i, d := range r.concepts {
		l.byName[d.name] = ID(i)
	}
	empty := make(map[string]bool, len(r.stop))
	for _, w := range r.stop {
		empty[Stem(w)] = true
	}
	for i, d := range r.concepts {
		if len(d.phrases) == 0 {
			return nil, d.at.errorf("concept %q has no words; add a line words: …", d.name)
		}
		for _, n := range d.nearTo {
			id, ok := l.byName[n.name]
			if !ok {
				return nil, n.at.errorf("near names %q, which is no concept", n.name)
			}
			d.near = append(d.near, near{id, n.weight})
		}
		for _, p := range d.phrases {
			if len(p.words) == 1 && empty[p.words[0]] {
				return nil, p.at.errorf("%q says nothing without its small words, which are skipped; add another word", p.text)
			}
			l.trie.add(p.words, ID(i), p.weight)
		}
		l.concepts = append(l.concepts, d.concept)
	}
	l.trie.nodes = slices.Clip(slices.Clone(l.trie.nodes))
	l.vocabulary = slices.Clip(slices.Sorted(l.trie.words()))
	for word, stem := range r.stems {
		l.trie.join(word, stem)
	}
	l.tasks, l.work, l.services, l.objects = stemSet(r.tasks), stemSet(r.work), stemSet(r.services), stemSet(r.objects)
	for _, w := range r.stop {
		l.stop[w] = true
	}
	return l, nil
}

// list splits at commas and drops what is empty.
func list(s string) []string {
	var out []string
	for _, item := range strings.Split(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

// weighed splits "name 0.5"; without a number the weight is the one given.
func weighed(item string, weight float64) (string, float64, error) {
	name, number, ok := strings.Cut(item, " ")
	if !ok {
		return name, weight, nil
	}
	w, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || w <= 0 || w > 5 {
		return "", 0, fmt.Errorf("%q is no weight; write a number between 0 and 5 after the name, as in %q", number, name+" 0.5")
	}
	return name, w, nil
}
