package llm_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communityconnect/nlp"
	"communityconnect/nlp/llm"
)

// The gate lets through what may concern us and the rules could not settle.
func TestWorth(t *testing.T) {
	c := client(t, says(object()), nil)
	answer := dm("it was more like three hours really")
	answer.ReplyTo = &nlp.Quoted{Kind: nlp.QuotedPrompt, Bot: true}
	for name, x := range map[string]struct {
		u    nlp.Utterance
		r    nlp.Reading
		want bool
	}{
		"anything in private":              {dm("cuántas horas tengo"), nlp.Reading{}, true},
		"an unsure reading":                {dm("cuántas horas tengo"), nlp.Reading{Intent: nlp.Balance, Outcome: nlp.Unsure}, true},
		"a sure reading":                   {dm("what's my balance now"), nlp.Reading{Intent: nlp.Balance, Outcome: nlp.Sure}, false},
		"a word or two":                    {dm("lovely thanks"), nlp.Reading{}, false},
		"a command":                        {dm("/gave Ann 2h gardening"), nlp.Reading{}, false},
		"a long letter":                    {dm(strings.Repeat("and another thing ", 60)), nlp.Reading{}, false},
		"an answer to the bot":             {answer, nlp.Reading{}, false},
		"chatter in the group":             {inGroup("what a match last night, unreal"), nlp.Reading{}, false},
		"an amount without a person":       {inGroup("stuck in traffic for 2 hours again"), nlp.Reading{}, false},
		"a person without an amount":       {inGroup("Ann you are a riot", "Ann"), nlp.Reading{}, false},
		"a person and an amount":           {inGroup("that was a good 2 hours with Ann yesterday", "Ann"), nlp.Reading{}, true},
		"a mention and work":               {inGroup("@[Ann] and my gutters, the sequel"), nlp.Reading{}, true},
		"said to the bot in the group":     {inGroup("@[TimeBot] cuántas horas tengo"), nlp.Reading{}, true},
		"somebody else's words":            {inGroup("> Ann did 2 hours of gardening", "Ann"), nlp.Reading{}, false},
		"a sure reading in the group, too": {inGroup("Ann did 2 hours of gardening for me", "Ann"), nlp.Reading{Intent: nlp.LogTrade, Outcome: nlp.Sure}, false},
	} {
		if got := c.Worth(x.u, x.r); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Of what neighbours say to each other, hardly anything is asked about.
func TestChatterStaysAtHome(t *testing.T) {
	c, p := client(t, says(object()), nil), parser(t)
	files, err := filepath.Glob("../testdata/chatter*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no chatter: %v", err)
	}
	all, asked := 0, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			all++
			u := nlp.Utterance{Text: line}
			if c.Worth(u, p.Understand(u)) {
				asked++
			}
		}
	}
	t.Logf("%d of %d lines of chatter would be asked about", asked, all)
	if all < 100 || asked*10 > all {
		t.Errorf("%d of %d lines of chatter would be asked about", asked, all)
	}
}

// recorded is the whole of a server's answer to a message.
type recorded struct {
	Server  string
	Text    string
	Members []string
	Group   bool
	Body    map[string]any
	So      string
}

// The answers of the servers people run come through, whatever else stands in them.
func TestRecordedAnswers(t *testing.T) {
	for _, r := range readLines[recorded](t, "testdata/answers.jsonl") {
		t.Run(r.Server, func(t *testing.T) {
			body := mustJSON(t, r.Body)
			u := dm(r.Text, r.Members...)
			u.Direct = !r.Group
			got, err := client(t, &server{answer: func(sent) reply { return reply{body: body} }}, nil).Guess(t.Context(), u)
			if line := summary(got); err != nil || line != r.So {
				t.Errorf("read %q, %v, want %q", line, err, r.So)
			}
			harmless(t, u, got)
		})
	}
}

// Asking costs little besides the waiting: masking, checking and the two of them in JSON.
func BenchmarkGuess(b *testing.B) {
	s := says(object("intent", "log_trade", "giver", "M1", "receiver", "me", "minutes", 120))
	c, err := llm.New(llm.Options{
		BaseURL: "http://localhost/v1", Model: "m", Parser: parser(b), Transport: inProcess{s}, Budget: llm.Budget{Requests: 1 << 40, Tokens: 1 << 50},
	})
	if err != nil {
		b.Fatal(err)
	}
	u := dm("Ann was so good to me, my shed took her a whole 2 hours", neighbours()...)
	b.Run("rules", func(b *testing.B) {
		for b.Loop() {
			parser(b).Understand(u)
		}
	})
	b.Run("worth", func(b *testing.B) {
		for b.Loop() {
			c.Worth(u, nlp.Reading{})
		}
	})
	b.Run("guess", func(b *testing.B) {
		for b.Loop() {
			if _, err := c.Guess(b.Context(), u); err != nil {
				b.Fatal(err)
			}
			s.bodies, s.keys = nil, nil
		}
	})
}
