package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// room is what one part of the house may import: our own rooms, and modules of others.
type room struct {
	ours   []string
	others []string
}

// rooms is the table of rooms. A directory belongs to the room with the longest
// matching name, and a room stands for its sub-rooms too. A new arrow or a new module
// is a new word here, to be argued for.
var rooms = map[string]room{
	"cmd/communityconnect": {
		ours: []string{"bot", "board", "chat", "community", "config", "ledger", "nlp", "portal", "storage"},
		others: []string{
			"github.com/coreos/go-systemd/v22", "github.com/mdp/qrterminal/v3", "github.com/VictoriaMetrics/metrics",
			"github.com/rs/zerolog", "golang.org/x/term",
		},
	},
	"bot":                 {ours: []string{"board", "chat", "community", "ledger", "nlp", "storage"}, others: []string{"github.com/rs/zerolog"}},
	"bot/reception":       {ours: []string{"bot", "chat", "community", "storage"}, others: []string{"github.com/rs/zerolog"}},
	"bot/schedule":        {ours: []string{"bot"}, others: []string{"github.com/robfig/cron/v3", "github.com/rs/zerolog"}},
	"ledger":              {},
	"ledger/booktest":     {ours: []string{"ledger"}},
	"nlp":                 {ours: []string{"ledger"}, others: []string{"github.com/kljensen/snowball", "golang.org/x/text"}},
	"nlp/lexicon":         {others: []string{"github.com/kljensen/snowball", "golang.org/x/text"}},
	"nlp/linear":          {},
	"nlp/llm":             {ours: []string{"ledger", "nlp"}, others: []string{"github.com/sashabaranov/go-openai", "golang.org/x/text"}},
	"storage":             {ours: []string{"board", "chat", "community", "ledger"}, others: []string{"filippo.io/age", "github.com/klauspost/compress/zstd", "github.com/mattn/go-sqlite3"}},
	"storage/storagetest": {ours: []string{"board", "community", "ledger", "storage"}, others: []string{"filippo.io/age"}},
	"config":              {ours: []string{"ledger"}, others: []string{"github.com/pelletier/go-toml/v2"}},
	"chat":                {},
	"chat/chattest":       {ours: []string{"chat"}},
	"chat/console":        {ours: []string{"chat"}},
	"chat/signal":         {ours: []string{"chat"}, others: []string{"github.com/go-json-experiment/json", "github.com/rs/zerolog"}},
	"board":               {ours: []string{"ledger", "nlp/lexicon"}},
	"board/boardbench":    {ours: []string{"board", "nlp/lexicon"}, others: []string{"filippo.io/age", "github.com/klauspost/compress/zstd", "github.com/mattn/go-sqlite3"}},
	"community":           {ours: []string{"ledger"}, others: []string{"golang.org/x/text"}},
	"e2e":                 {others: []string{"github.com/rs/zerolog"}}, // tests alone
	"portal": {
		ours: []string{"board", "bot", "community", "ledger", "storage"},
		others: []string{
			"github.com/alexedwards/argon2id", "github.com/alexedwards/scs/v2", "github.com/rs/zerolog", "golang.org/x/time",
		},
	},
}

// forTests are the modules that test files may import anywhere.
var forTests = []string{"github.com/chromedp/cdproto", "github.com/chromedp/chromedp", "pgregory.net/rapid"}

// module is our own import path.
const module = "communityconnect"

// source is one Go file of the project.
type source struct {
	dir  string // from the project's top, with slashes
	name string
	test bool
	file *ast.File
}

// sources parses every Go file of the project, whatever its build tags.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	const top = "../.."
	set := token.NewFileSet()
	var all []source
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && p != top):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(p, ".go"):
			return nil
		}
		f, err := parser.ParseFile(set, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, p)
		all = append(all, source{path.Dir(filepath.ToSlash(rel)), d.Name(), strings.HasSuffix(p, "_test.go"), f})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("found only %d files: the search for them is broken", len(all))
	}
	return set, all
}

// within reports whether one of the names is p or a parent of it.
func within(p string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return p == n || strings.HasPrefix(p, n+"/") })
}

// roomOf returns the room that a directory belongs to.
func roomOf(dir string) (name string, r room, ok bool) {
	for n, v := range rooms {
		if within(dir, []string{n}) && len(n) > len(name) {
			name, r, ok = n, v, true
		}
	}
	return name, r, ok
}

// Nothing imports what the table of rooms does not allow it.
func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		name, r, ok := roomOf(s.dir)
		if !ok {
			t.Errorf("%s/%s stands in no room", s.dir, s.name)
			continue
		}
		for _, spec := range s.file.Imports {
			p := strings.Trim(spec.Path.Value, `"`)
			ours, isOurs := strings.CutPrefix(p, module+"/")
			switch first, _, _ := strings.Cut(p, "/"); {
			case isOurs && !s.test && ours != s.dir && !within(ours, r.ours) && !within(ours, []string{name}):
				t.Errorf("%s/%s imports %s, which %s may not", s.dir, s.name, ours, name)
			case isOurs || p == "C" || !strings.Contains(first, "."): // our own, checked above, or the standard library
			case !within(p, r.others) && (!s.test || !within(p, forTests)):
				t.Errorf("%s/%s imports %s, which %s may not", s.dir, s.name, p, name)
			}
		}
	}
}

// Every package says in a comment what it is.
func TestEveryPackageHasAComment(t *testing.T) {
	_, all := sources(t)
	comment := map[string]string{}
	for _, s := range all {
		if s.test {
			continue
		}
		comment[s.dir] += ""
		if s.file.Doc != nil {
			comment[s.dir] += s.file.Doc.Text()
		}
	}
	for dir, text := range comment {
		if want := "Package " + path.Base(dir) + " "; !strings.HasPrefix(text, want) && !strings.HasPrefix(text, "Communityconnect ") {
			t.Errorf("%s has no package comment that begins with %q", dir, want)
		}
	}
}

// Nothing runs before main, and only main ends the program.
func TestNoInitAndOneExit(t *testing.T) {
	set, all := sources(t)
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					t.Errorf("%s: an init function", set.Position(n.Pos()))
				}
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				exits := ok && (x.Name == "os" && n.Sel.Name == "Exit" || x.Name == "log" && strings.HasPrefix(n.Sel.Name, "Fatal"))
				if exits && !s.test && (s.dir != "cmd/communityconnect" || s.name != "main.go") {
					t.Errorf("%s: only main ends the program", set.Position(n.Pos()))
				}
			}
			return true
		})
	}
}
