package lexicon

import (
	"embed"
	"io/fs"
)

//go:embed data/*.txt
var files embed.FS

// Other is the category of help that is none of the eighteen.
const Other = "other"

// Categories lists the kinds of help, [Other] last.
func Categories() []string {
	return []string{"gardening", "repairs", "home_help", "transport", "moving", "childcare", "pets", "tuition", "tech", "food",
		"crafts", "wellbeing", "admin", "arts", "events", "lending", "space", "goods", Other}
}

// Lexicon is the concepts and the words they are known by.
type Lexicon struct {
	concepts   []concept
	byName     map[string]ID
	trie       trie
	vocabulary []string        // of the trie, sorted
	tasks      map[string]bool // stems of verbs that are work
	work       map[string]bool // stems of verbs that make work of a thing
	services   map[string]bool // stems of nouns for work
	objects    map[string]bool // stems of things that can be kept
	stop       map[string]bool // words that say nothing
}

// ID numbers a concept within one [Lexicon], from 0.
type ID int

// Load reads the concepts that come with the program.
func Load() (*Lexicon, error) {
	data, err := fs.Sub(files, "data")
	if err != nil {
		return nil, err
	}
	return LoadFrom(data)
}

// LoadFrom reads the concepts of every .txt file of a directory. The error names the
// file and the line and says what to do.
func LoadFrom(dir fs.FS) (*Lexicon, error) {
	names, err := fs.Glob(dir, "*.txt")
	if err != nil {
		return nil, err
	}
	r := reader{stems: map[string]string{}, seen: map[string]use{}, declared: map[string]place{}}
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		if err := r.read(name, string(data)); err != nil {
			return nil, err
		}
	}
	return r.build()
}

// Name returns the name of a concept, as in the data files.
func (l *Lexicon) Name(id ID) string { return l.concepts[id].name }

// CategoryOf returns the category a concept mostly belongs to, "" if it is only a way of speaking.
func (l *Lexicon) CategoryOf(id ID) string { return l.concepts[id].category() }

// Title returns the name of a concept in words, for people: "dog walking".
func (l *Lexicon) Title(id ID) string { return l.concepts[id].title }

// Stop reports whether a word, as [Words] gives its text, says nothing about what is
// offered or asked: "anyone", "need", "please".
func (l *Lexicon) Stop(word string) bool { return l.stop[word] }

// Vocabulary returns the words the concepts are known by, as stems or, where only that
// form counts, as written. It is what a misspelt word can be compared with. The caller must not change it.
func (l *Lexicon) Vocabulary() []string { return l.vocabulary }
