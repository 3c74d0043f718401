package nlp_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"communityconnect/nlp"
	"communityconnect/nlp/lexicon"
)

const botName = "TimeBot"

// example is a labelled message, in the shape of testdata/dev.jsonl.
type example struct {
	ID       string           `json:"id"`
	Context  string           `json:"context"`
	ReplyTo  *quotedJSON      `json:"reply_to"`
	Mentions []mentionJSON    `json:"mentions"`
	Text     string           `json:"text"`
	Plain    string           `json:"text_plain"`
	Intent   string           `json:"intent"`
	Slots    map[string]any   `json:"slots"`
	Also     []also           `json:"also"`
	Accept   map[string][]any `json:"accept"`
}

// toBot reports whether an example is said to the bot: directly, or by mentioning it.
func (e example) toBot() bool {
	return e.Context == "dm" || slices.ContainsFunc(e.Mentions, func(m mentionJSON) bool { return m.Name == botName })
}

type quotedJSON struct{ Kind, Text, Author string }

type mentionJSON struct {
	Name          string
	Start, Length int
}

type also struct {
	Intent string         `json:"intent"`
	Slots  map[string]any `json:"slots"`
}

// utterance is what the parser is given of an example.
func (e example) utterance() nlp.Utterance {
	u := nlp.Utterance{Text: e.Text, Direct: e.Context == "dm"}
	for _, m := range e.Mentions {
		u.Mentions = append(u.Mentions, nlp.Mention{Name: m.Name, Start: m.Start, Length: m.Length, Bot: m.Name == botName})
	}
	if q := e.ReplyTo; q != nil {
		u.ReplyTo = &nlp.Quoted{Kind: nlp.QuotedKind(q.Kind), Text: q.Text, Author: q.Author, Self: q.Author == "self", Bot: q.Author == "bot"}
	}
	return u
}

func jsonExamples(t testing.TB, file string) []example {
	t.Helper()
	var out []example
	for _, line := range fileLines(t, file) {
		var e example
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out = append(out, e)
	}
	return out
}

func fileLines(t testing.TB, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		if line := strings.TrimSpace(sc.Text()); line != "" && !strings.HasPrefix(line, "//") {
			out = append(out, line)
		}
	}
	return out
}

// shortExamples reads the short form of testdata/*.txt:
//
//	g offer category=tech,admin minutes=60 | text with @Tom and @{Mary Byrne}
//	d confirm ref=reply | yes <trade_prompt bot: Trade #4 · 2 h · Tom → you>
//
// g is the group and d a direct message; "a/b" as intent accepts both; a slot's further
// values follow commas, "-" being none; <kind author: text> at the end is what it replies to.
func shortExamples(t testing.TB, file string) []example {
	t.Helper()
	var out []example
	for n, line := range fileLines(t, file) {
		head, text, ok := strings.Cut(line, " | ")
		fields := strings.Fields(head)
		if !ok || len(fields) < 2 {
			t.Fatalf("%s: %q is no example", file, line)
		}
		e := example{ID: fmt.Sprintf("%s:%d", file[strings.LastIndex(file, "/")+1:], n+1), Context: "group", Slots: map[string]any{}, Accept: map[string][]any{}}
		if fields[0] == "d" {
			e.Context = "dm"
		}
		intents := strings.Split(fields[1], "/")
		e.Intent = intents[0]
		for _, f := range fields[2:] {
			k, v, _ := strings.Cut(f, "=")
			for i, one := range strings.Split(v, ",") {
				if k != "category" {
					one = strings.ReplaceAll(one, "_", " ")
				}
				if one == "-" {
					one = ""
				}
				if i == 0 {
					e.Slots[k] = one
				}
				e.Accept[k] = append(e.Accept[k], one)
			}
		}
		for _, i := range intents[1:] {
			e.Also = append(e.Also, also{i, e.Slots})
		}
		e.Plain, e.ReplyTo = cutQuoted(text)
		e.Text, e.Mentions = cutMentions(e.Plain)
		out = append(out, e)
	}
	return out
}

func cutQuoted(text string) (string, *quotedJSON) {
	text = strings.TrimSpace(text)
	i := strings.LastIndex(text, " <")
	if i < 0 || !strings.HasSuffix(text, ">") {
		return text, nil
	}
	who, said, ok := strings.Cut(text[i+2:len(text)-1], ": ")
	kind, author, ok2 := strings.Cut(who, " ")
	if !ok || !ok2 {
		return text, nil
	}
	return strings.TrimSpace(text[:i]), &quotedJSON{Kind: kind, Text: said, Author: author}
}

func cutMentions(plain string) (string, []mentionJSON) {
	var b strings.Builder
	var ms []mentionJSON
	for i := 0; i < len(plain); {
		if plain[i] != '@' {
			b.WriteByte(plain[i])
			i++
			continue
		}
		name, n := "", 0
		if strings.HasPrefix(plain[i+1:], "{") {
			n = strings.IndexByte(plain[i:], '}') + 1
			name = plain[i+2 : i+n-1]
		} else {
			n = 1
			for n < len(plain)-i && (plain[i+n] >= 'A' && plain[i+n] <= 'Z' || plain[i+n] >= 'a' && plain[i+n] <= 'z' || plain[i+n] >= 0x80) {
				n++
			}
			name = plain[i+1 : i+n]
		}
		ms = append(ms, mentionJSON{name, len(utf16.Encode([]rune(b.String()))), 1})
		b.WriteString("\uFFFC")
		i += n
	}
	return b.String(), ms
}

func parser(t testing.TB) *nlp.Parser {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	p, err := nlp.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// chatterLines reads a file of chatter: one message a line, all said in the group.
func chatterLines(t testing.TB, file string) []example {
	t.Helper()
	var out []example
	for n, line := range fileLines(t, file) {
		e := example{ID: fmt.Sprintf("%s:%d", file[strings.LastIndex(file, "/")+1:], n+1), Context: "group", Intent: "none"}
		e.Plain, e.ReplyTo = cutQuoted(line)
		e.Text, e.Mentions = cutMentions(e.Plain)
		out = append(out, e)
	}
	return out
}

// examplesOf reads a file of any of the three forms.
func examplesOf(t testing.TB, file string) []example {
	t.Helper()
	switch {
	case strings.HasSuffix(file, ".jsonl"):
		return jsonExamples(t, file)
	case strings.Contains(file, "chatter"):
		return chatterLines(t, file)
	}
	return shortExamples(t, file)
}
