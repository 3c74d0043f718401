package nlp_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"communityconnect/nlp"
	"communityconnect/nlp/lexicon"
	"communityconnect/nlp/linear"
)

// labelled are the messages to learn from, by the file they stand in: all that were said
// to everybody in the group, or to the bot, and that reply to nothing.
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
	for f, examples := range out {
		out[f] = slices.DeleteFunc(examples, func(e example) bool { return e.ReplyTo != nil })
	}
	return out
}

// lessons makes of labelled messages what the classifier learns from: which of what was
// said in the group is a post, and which posts, wherever said, are offers.
func lessons(p *nlp.Parser, files map[string][]example) []linear.Example {
	var out []linear.Example
	for _, f := range sortedKeys(files) {
		for _, e := range files[f] {
			post, offer, trade, gave := linear.No, linear.Unasked, linear.No, linear.Unasked
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
			}
			if len(e.Also) > 0 || e.Context == "dm" {
				post, trade = linear.Unasked, linear.Unasked
			}
			answers := []linear.Answer{post, offer, trade, gave}
			if slices.ContainsFunc(answers, func(a linear.Answer) bool { return a != linear.Unasked }) {
				out = append(out, linear.Example{Features: p.Features(e.utterance()), Answers: answers})
			}
		}
	}
	return out
}

func sortedKeys(m map[string][]example) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

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
			if !ok || e.Intent != "offer" && e.Intent != "request" {
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

// askLessons makes of direct messages what is learnt of what is wanted of the bot.
func askLessons(p *nlp.Parser, files map[string][]example) []linear.Example {
	var out []linear.Example
	for _, f := range sortedKeys(files) {
		for _, e := range files[f] {
			if e.Context != "dm" {
				continue
			}
			answers := make([]linear.Answer, len(intents()))
			for i, intent := range intents() {
				switch {
				case intent == e.Intent:
					answers[i] = linear.Yes
				case !slices.ContainsFunc(e.Also, func(a also) bool { return a.Intent == intent }):
					answers[i] = linear.No
				}
			}
			out = append(out, linear.Example{Features: p.Features(e.utterance()), Answers: answers})
		}
	}
	return out
}

// intents are what can be wanted of the bot.
func intents() []string {
	return []string{"none", "offer", "request", "interest", "log_trade", "confirm", "decline", "balance", "history", "browse", "my_posts", "close_post", "find_person", "help", "dispute", "vouch", "thanks"}
}

// askQuestions are what learnt/asks.txt answers.
func askQuestions() []linear.Question {
	var questions []linear.Question
	for _, i := range intents() {
		questions = append(questions, linear.Question{Name: i, Cost: 1, Tiny: 0.1, Even: true})
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
	p, files := parser(t), labelled(t)
	return []lesson{
		{"learnt/posts.txt", postQuestions(), lessons(p, files)},
		{"learnt/kinds.txt", kindQuestions(), kindLessons(p, files)},
		{"learnt/asks.txt", askQuestions(), askLessons(p, files)},
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
