package nlp_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"communityconnect/nlp"
	"communityconnect/nlp/lexicon"
	"communityconnect/nlp/linear"
)

// labelled are the messages to learn from, by the file they stand in.
func labelled(t testing.TB) map[string][]example {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	out := map[string][]example{"testdata/dev.jsonl": jsonExamples(t, "testdata/dev.jsonl")}
	for _, f := range files {
		if strings.HasPrefix(filepath.Base(f), "unseen-") {
			continue // those show how well it was learnt
		}
		out[f] = examplesOf(t, f)
	}
	return out
}

// lessons makes of labelled messages that reply to nothing what the classifier learns from:
// which of what was said in the group is a post, and which posts, wherever said, are offers.
func lessons(p *nlp.Parser, files map[string][]example) []linear.Example {
	var out []linear.Example
	for _, f := range sortedKeys(files) {
		for _, e := range files[f] {
			if e.ReplyTo != nil {
				continue
			}
			post, offer, trade, gave, thanks := linear.No, linear.Unasked, linear.No, linear.Unasked, linear.Unasked
			switch e.Intent {
			case "offer":
				post, offer = linear.Yes, linear.Yes
			case "request":
				post, offer = linear.Yes, linear.No
			case "log_trade":
				trade = linear.Yes
				if e.Slots["provider"] == "me" {
					gave = linear.Yes
				} else if e.Slots["receiver"] == "me" {
					gave = linear.No
				}
			case "thanks":
				thanks = linear.Yes
			case "none":
				thanks = linear.No
			}
			if len(e.Also) > 0 || e.Context == "dm" {
				post, trade, thanks = linear.Unasked, linear.Unasked, linear.Unasked
			}
			answers := []linear.Answer{post, offer, trade, gave, thanks}
			if slices.ContainsFunc(answers, func(a linear.Answer) bool { return a != linear.Unasked }) {
				out = append(out, linear.Example{Features: p.Features(e.utterance()), Answers: answers})
			}
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// postQuestions are what learnt/posts.txt answers. Whether a text is a post is asked of its words
// alone, so that it stays an opinion apart from that of the cues; who gives is asked of
// both.
func postQuestions() []linear.Question {
	words := func(f string) bool { return !strings.HasPrefix(f, "cue ") }
	return []linear.Question{
		{Name: "post", Cost: 1, Tiny: 0.05, Even: true, Uses: words},
		{Name: "offer", Cost: 1, Tiny: 0.05, Even: true},
		{Name: "trade", Cost: 1, Tiny: 0.05, Even: true, Uses: words},
		{Name: "gave", Cost: 1, Tiny: 0.05, Even: true},
		{Name: "thanks", Cost: 1, Tiny: 0.1, Even: true},
	}
}

func model(t testing.TB, table linear.Table) *linear.Model {
	t.Helper()
	var b bytes.Buffer
	if _, err := table.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	m, err := linear.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// kindLessons makes of labelled posts what the categories are learnt from.
func kindLessons(p *nlp.Parser, files map[string][]example) []linear.Example {
	var out []linear.Example
	for _, f := range sortedKeys(files) {
		for _, e := range files[f] {
			kind, ok := e.Slots["category"].(string)
			if !ok || e.ReplyTo != nil || e.Intent != "offer" && e.Intent != "request" {
				continue
			}
			answers := make([]linear.Answer, len(lexicon.Categories()))
			for i, c := range lexicon.Categories() {
				switch {
				case c == kind:
					answers[i] = linear.Yes
				case !slices.ContainsFunc(e.Accept["category"], func(v any) bool { return slotText(v) == c }):
					answers[i] = linear.No
				}
			}
			out = append(out, linear.Example{Features: p.KindFeatures(e.utterance(), nlp.Intent(e.Intent)), Answers: answers})
		}
	}
	return out
}

// kindQuestions are what learnt/kinds.txt answers.
func kindQuestions() []linear.Question {
	var questions []linear.Question
	for _, c := range lexicon.Categories() {
		questions = append(questions, linear.Question{Name: c, Cost: 1, Tiny: 0.15})
	}
	return questions
}

// turns are what can be meant where only a few things can be.
func turns() map[string][]string {
	return map[string][]string{
		"bot": {"none", "offer", "request", "interest", "log_trade", "confirm", "decline", "balance", "history", "browse",
			"my_posts", "close_post", "find_person", "help", "dispute", "vouch", "thanks"},
		"prompt": {"none", "confirm", "decline", "dispute"},
		"post":   {"none", "interest", "thanks"},
		"own":    {"none", "close_post"},
	}
}

// turnOf is the turn at which an example is said; "" where anything can be meant.
func turnOf(e example) string {
	q := e.utterance().ReplyTo
	switch {
	case q == nil && e.toBot():
		return "bot"
	case q == nil:
		return ""
	case q.Kind == nlp.QuotedPrompt:
		return "prompt"
	case q.Kind != nlp.QuotedOffer && q.Kind != nlp.QuotedRequest:
		return ""
	case q.Self:
		return "own"
	}
	return "post"
}

// turnLessons makes of messages what is learnt of what is meant at each turn.
func turnLessons(p *nlp.Parser, files map[string][]example) []linear.Example {
	var out []linear.Example
	for _, f := range sortedKeys(files) {
		for _, e := range files[f] {
			at := turnOf(e)
			if at == "" || !slices.Contains(turns()[at], e.Intent) {
				continue
			}
			var answers []linear.Answer
			for _, q := range turnQuestions() {
				intent, ours := strings.CutPrefix(q.Name, at+".")
				switch {
				case !ours, intent != e.Intent && slices.ContainsFunc(e.Also, func(a also) bool { return a.Intent == intent }):
					answers = append(answers, linear.Unasked)
				case intent == e.Intent:
					answers = append(answers, linear.Yes)
				default:
					answers = append(answers, linear.No)
				}
			}
			out = append(out, linear.Example{Features: p.Features(e.utterance()), Answers: answers})
		}
	}
	return out
}

// turnQuestions are what learnt/turns.txt answers.
func turnQuestions() []linear.Question {
	var questions []linear.Question
	for _, at := range sortedKeys(turns()) {
		for _, intent := range turns()[at] {
			questions = append(questions, linear.Question{Name: at + "." + intent, Cost: 1, Tiny: 0.1, Even: true})
		}
	}
	return questions
}

// lesson is one of the learnt tables with all it is learnt from.
type lesson struct {
	file      string
	questions []linear.Question
	examples  []linear.Example
}

func (l lesson) teach() linear.Table { return linear.Train(l.questions, l.examples) }

func allLessons(t testing.TB) []lesson {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	p, err := nlp.Untaught(lex) // what was learnt before may be of other questions
	if err != nil {
		t.Fatal(err)
	}
	files := labelled(t)
	return []lesson{
		{"learnt/posts.txt", postQuestions(), lessons(p, files)},
		{"learnt/kinds.txt", kindQuestions(), kindLessons(p, files)},
		{"learnt/turns.txt", turnQuestions(), turnLessons(p, files)},
	}
}

// mark tells a lesson from others, and the weights that were learnt from it.
func (l lesson) mark(weights []byte) string {
	h := sha256.New()
	for _, q := range l.questions {
		fmt.Fprintln(h, q.Name, q.Cost, q.Tiny, q.Even)
	}
	for _, e := range l.examples {
		fmt.Fprintln(h, e.Answers, strings.Join(e.Features, "\t"))
	}
	return fmt.Sprintf("# learnt from %d examples, %.16x, %.8x; go test ./nlp -run Learnt -update writes this file", len(l.examples), h.Sum(nil), sha256.Sum256(weights))
}

// What the classifier knows was learnt from the examples there are, with the cues and the
// lexicon there are, and nobody has changed it since. With -update it is learnt anew.
func TestLearntIsFromTheExamples(t *testing.T) {
	for _, l := range allLessons(t) {
		if *update {
			var b bytes.Buffer
			if _, err := l.teach().WriteTo(&b); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(l.file, append([]byte(l.mark(b.Bytes())+"\n"), b.Bytes()...), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(l.file)
		if err != nil {
			t.Fatal(err)
		}
		mark, weights, _ := bytes.Cut(kept, []byte("\n"))
		if string(mark) != l.mark(weights) {
			t.Errorf("%s is from other examples, cues or concepts: run go test ./nlp -run Learnt -update", l.file)
		}
	}
}
