package nlp

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed cues/*.cues words/*.txt
var language embed.FS

// cueFiles are read in this order: a list must stand before the cues that use it.
func cueFiles() []string {
	return []string{"lists", "guards", "request", "offer", "frames", "asks", "trades", "replies"}
}

// maxCues is how many cues found.set has room for.
const maxCues = 256

// loadGrammar compiles the embedded language.
func loadGrammar() (*grammar, error) {
	c := newCompiler()
	for _, name := range cueFiles() {
		file := "cues/" + name + ".cues"
		data, err := language.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := c.read(file, string(data)); err != nil {
			return nil, err
		}
	}
	if len(c.names) > maxCues {
		return nil, fmt.Errorf("%d cues are more than %d", len(c.names), maxCues)
	}
	g := &grammar{vocabulary: c.vocabulary, cues: c.cues, cueNames: c.names, patterns: c.patterns, sets: c.sets, names: map[string]bool{}, spelling: map[string]string{}}
	for list, into := range map[string]*map[string]bool{"common": &g.common, "fillers": &g.fillers, "joiners": &g.joiners, "ordinary": &g.ordinary, "past": &g.past, "tasks": &g.tasks} {
		words, err := wordList(list)
		if err != nil {
			return nil, err
		}
		*into = map[string]bool{}
		for _, w := range words {
			(*into)[w] = true
		}
	}
	names, err := wordList("names")
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		bare := strings.TrimSuffix(n, "*")
		g.names[bare] = bare == n
	}
	if err := g.readSpelling(); err != nil {
		return nil, err
	}
	g.index()
	return g, nil
}

// wordList reads words/<name>.txt: words between spaces, # starts a comment line.
func wordList(name string) ([]string, error) {
	data, err := language.ReadFile("words/" + name + ".txt")
	if err != nil {
		return nil, err
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "#") {
			out = append(out, strings.Fields(line)...)
		}
	}
	return out, nil
}

func (g *grammar) readSpelling() error {
	data, err := language.ReadFile("words/spelling.txt")
	if err != nil {
		return err
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		short, full, ok := strings.Cut(line, "=")
		if !ok {
			return fmt.Errorf("words/spelling.txt:%d: want \"short = full\"", n)
		}
		g.spelling[strings.TrimSpace(short)] = strings.TrimSpace(full)
	}
	return nil
}
