package nlp

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every cue that the code asks for is in a cue file, and every cue there is asked for: a
// slip in a name would otherwise be a rule that never fires.
func TestCuesAreNamedAndUsed(t *testing.T) {
	g, err := loadGrammar()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"([a-z_.]+)"`)
	asked := regexp.MustCompile(`\.(?:has|hit|longest|partyHit)\(("[^)]*)\)|\{("[a-z.]+"), [0-9.]+\}`)
	used := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range asked.FindAllStringSubmatch(string(src), -1) {
			for _, name := range quoted.FindAllStringSubmatch(m[1]+m[2], -1) {
				used[name[1]] = true
				if _, ok := g.cues[name[1]]; !ok {
					t.Errorf("%s asks for the cue %q, which no file has", f, name[1])
				}
			}
		}
	}
	for name := range g.cues {
		if !used[name] {
			t.Errorf("the cue %q is never asked for", name)
		}
	}
}

// A mistake in a cue file is an error that names the line.
func TestCueFileMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"[a]\n(one | two":        "x.cues:2",
		"[a]\none )":             "x.cues:2",
		"[a]\n%nobody":           "x.cues:2",
		"[a]\nI want":            "x.cues:2",
		"one two":                "x.cues:1",
		"[a]\n\n<whom>":          "x.cues:3",
		"%l = a | (b\n[a]\n%l":   "x.cues:1",
		"[a]\nfine // [b\nso+so": "x.cues:3",
	} {
		err := newCompiler().read("x.cues", text)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want an error at %s", text, err, want)
		}
	}
}

// The pattern language means what cues/README.txt says.
func TestPatternLanguage(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"looking for", "still looking for it", true},
		{"looking for", "looking. For what", false},
		{"(a | b c) d", "so b c d", true},
		{"(a | b c) d", "so b d", false},
		{"want [a | some] tea", "want tea", true},
		{"want [a | some] tea", "want some tea", true},
		{"got .. from", "got a lift from her", true},
		{"got .. from", "got a very long lift from her", false},
		{"got * from", "got from her", false},
		{"^ wanted", "Hi all, wanted a drill", true},
		{"^ wanted", "he wanted a drill", false},
		{"^^ wanted", "Hello there. Wanted a drill", false},
		{"~ can do", "I'm free and can do it", true},
		{"gone $", "all gone!", true},
		{"gone $", "gone home", false},
		{"wanted :", "Wanted: drill", true},
		{"wanted :", "Wanted drill", false},
		{"here ?", "anyone here?", true},
		{"here !?", "anyone here?", false},
		{"owe <who>", "I owe Mary Byrne one", true},
		{"owe <who>", "I owe nobody", false},
		{"<amount> for", "two hours for her", true},
		{"back <when>", "back on Friday evening", true},
		{"mind <doing>", "don't mind helping", true},
		{"<who> <did>", "Then Mary fixed it", true},
	} {
		g, err := loadGrammar()
		if err != nil {
			t.Fatal(err)
		}
		comp := newCompiler()
		if err := comp.read("x.cues", "[c]\n"+c.pattern); err != nil {
			t.Fatalf("%q: %v", c.pattern, err)
		}
		g.vocabulary, g.cues, g.patterns, g.sets = comp.vocabulary, comp.cues, comp.patterns, comp.sets
		g.index()
		p := &Parser{grammar: g}
		s := p.scene(&Utterance{Text: c.text})
		if got := s.has("c"); got != c.want {
			t.Errorf("%q in %q: %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}
