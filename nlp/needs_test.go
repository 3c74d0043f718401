package nlp

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"communityconnect/nlp/lexicon"
)

// Sparing an attempt never loses a cue: with and without a look at what the patterns
// need, the same is found in every text we have.
func TestNeedsLoseNoCue(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(lex)
	if err != nil {
		t.Fatal(err)
	}
	patient := *p.grammar
	patient.patterns = slices.Clone(p.grammar.patterns)
	var none needs
	none[0].add(anyPhrase)
	none[1].add(anyPhrase)
	demanding := 0
	for i := range patient.patterns {
		if patient.patterns[i].needed != none {
			demanding++
		}
		patient.patterns[i].needed = none
	}
	if demanding < len(patient.patterns)/2 {
		t.Errorf("of %d patterns only %d need anything", len(patient.patterns), demanding)
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for text := range strings.Lines(string(data)) {
			s := p.scene(&Utterance{Text: text})
			if want := patient.find(s.phrase); !slices.Equal(want.hits, s.cues.hits) {
				t.Fatalf("%s: %q: found %v, want %v", f, text, s.cues.hits, want.hits)
			}
		}
	}
}
