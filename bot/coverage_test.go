package bot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"communityconnect/ledger"
)

// checkedBefore are refusals of the ledger that nobody can meet in a conversation,
// because the bot looks first or answers in its own words.
var checkedBefore = map[ledger.Code]string{
	ledger.NotDisputed:      "only an open case is settled",
	ledger.WrongSides:       "the bot gives every kind of transfer its sides",
	ledger.SameAccount:      "the bot refuses one household",
	ledger.UnknownAccount:   "accounts come from members",
	ledger.AlreadyConfirmed: "a second yes is told whom we wait for",
	ledger.OldAmount:        "an answer to an old amount is told the new one",
	ledger.NotReversible:    "only trades are reversed",
	ledger.ReasonMissing:    "the bot asks the council for the reason and fills in that of an undo",
}

func TestEveryCodeHasAPhrase(t *testing.T) {
	for _, code := range append(ledger.Codes(), codes()...) {
		_, phrased := phrases[code]
		if why, before := checkedBefore[code]; phrased == before {
			t.Errorf("%s: phrase %v, checked before %q; it needs exactly one", code, phrased, why)
		}
	}
	known := map[ledger.Code]bool{}
	for _, code := range append(ledger.Codes(), codes()...) {
		known[code] = true
	}
	for code := range phrases {
		if !known[code] {
			t.Errorf("%s has a phrase but is in no list of codes", code)
		}
	}
}

// TestEveryPhraseIsSaid holds that whatever the bot can say stands in some
// conversation, where somebody has read it.
func TestEveryPhraseIsSaid(t *testing.T) {
	said := transcripts(t)
	for name, phrase := range allPhrases(t) {
		if !phrasePattern(phrase).MatchString(said) {
			t.Errorf("nobody ever says %s in a conversation: %q", name, phrase)
		}
	}
}

// TestEveryCommandIsPlayed holds that every command occurs in some conversation.
func TestEveryCommandIsPlayed(t *testing.T) {
	said := transcripts(t)
	for _, cmd := range Commands() {
		for _, word := range append([]string{cmd.Name}, cmd.Aliases...) {
			if !regexp.MustCompile(`(?m)> /?` + word + `\b`).MatchString(said) {
				t.Errorf("/%s occurs in no conversation", word)
			}
		}
	}
}

// TestMessagesAreShort holds every message of every conversation to one screen.
func TestMessagesAreShort(t *testing.T) {
	const most = 800 // letters; the manners say about 600, and a list may be longer
	for _, message := range regexp.MustCompile(`(?m)^    bot.*(\n        .*)*`).FindAllString(transcripts(t), -1) {
		if n := len([]rune(strings.ReplaceAll(message, "\n        ", "\n"))); n > most {
			t.Errorf("%d letters in one message:\n%s", n, message)
		}
	}
}

// transcripts are the lines of all conversations, one after the other.
func transcripts(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.chat")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations")
	}
	var all strings.Builder
	for _, file := range append(files, "stage/week.chat") {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

// unplayed are phrases that a story can't bring about; each has a test of its own.
var unplayed = map[string]bool{
	"failed":      true, // TestAPanicIsAnswered
	"diskFailing": true, // the tests of a full disk
	"fileDamaged": true, // TestFileIsDamaged
}

// allPhrases reads the constants of phrases.go and its like, and the table of codes.
func allPhrases(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("phrases*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no phrases: %v", err)
	}
	found := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.CONST {
				addPhrases(t, found, group)
			}
		}
	}
	for code, phrase := range phrases {
		found[string(code)] = phrase
	}
	return found
}

func addPhrases(t *testing.T, found map[string]string, group *ast.GenDecl) {
	t.Helper()
	for _, spec := range group.Specs {
		v := spec.(*ast.ValueSpec)
		text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if !unplayed[v.Names[0].Name] {
			found[v.Names[0].Name] = text
		}
	}
}

// phrasePattern finds a phrase in a transcript, whatever was filled in.
func phrasePattern(phrase string) *regexp.Regexp {
	parts := regexp.MustCompile(`\{@?\w+\}`).Split(phrase, -1)
	for i := range parts {
		parts[i] = strings.ReplaceAll(regexp.QuoteMeta(parts[i]), "\n", `\n\s*`)
	}
	return regexp.MustCompile(strings.Join(parts, `[^\n]*(\n        [^\n]*)*?`))
}
