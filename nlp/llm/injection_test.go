package llm_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"communityconnect/community"
	"communityconnect/nlp"
	"communityconnect/nlp/llm"
)

// attempt is a message that tries to instruct the model.
type attempt struct {
	Name   string
	Text   string
	Group  bool
	Quoted string // what it replies to
	Says   string // what a model says that obeys
	So     string // what becomes of it: the code of an error, or the reading
}

func (a attempt) utterance() nlp.Utterance {
	u := dm(a.Text, neighbours()...)
	u.Direct = !a.Group
	if a.Quoted != "" {
		u.ReplyTo = &nlp.Quoted{Kind: nlp.QuotedRequest, Text: a.Quoted, Author: "Ben"}
	}
	return u
}

func neighbours() []string { return []string{"Ann", "Ben", "Cara", "Dee", "Eve", "Finn"} }

// Whatever a message makes the model say, what comes out is nothing, or a question to its
// author about what stands in it.
func TestInjections(t *testing.T) {
	attempts := readLines[attempt](t, "testdata/injections.jsonl")
	if len(attempts) < 60 || len(attempts)%7 == 0 {
		t.Fatalf("%d attempts", len(attempts))
	}
	for _, a := range attempts {
		t.Run(a.Name, func(t *testing.T) {
			s := says(a.Says)
			r, err := client(t, s, func(o *llm.Options) { o.Fold = community.Fold }).Guess(t.Context(), a.utterance())
			got := string(code(t, err))
			if err == nil {
				got = summary(r)
			}
			if got != a.So {
				t.Errorf("%q: got %q, want %q", a.Text, got, a.So)
			}
			harmless(t, a.utterance(), r)
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, body := range s.bodies {
				oneMessage(t, body)
			}
		})
	}
}

// Messages with what others want said: what comes out keeps within the message. The long
// suite tries every message with everything.
func TestObedientModels(t *testing.T) { obey(t, 10) }

// obey tries each message with so many of the others' answers.
func obey(t *testing.T, answers int) {
	attempts := readLines[attempt](t, "testdata/injections.jsonl")
	next := ""
	s := &server{answer: func(sent) reply { return reply{content: next} }}
	c := client(t, s, func(o *llm.Options) {
		o.Fold, o.Budget, o.Transport = community.Fold, llm.Budget{Requests: 1 << 20, Tokens: 1 << 30}, inProcess{s}
	})
	readings := 0
	for i, a := range attempts {
		u := a.utterance()
		for k := range min(answers, len(attempts)) {
			next = attempts[(i+1+7*k)%len(attempts)].Says // 7 is no divisor of their number
			r, err := c.Guess(t.Context(), u)
			if err == nil && r.Intent != nlp.None {
				readings++
			}
			harmless(t, u, r)
		}
	}
	if readings == 0 {
		t.Error("nothing ever comes through: this shows nothing")
	}
}

// summary is a reading in a line.
func summary(r nlp.Reading) string {
	s := r.Slots
	switch r.Intent {
	case nlp.LogTrade:
		return strings.TrimSpace(fmt.Sprintf("%s %s %s %d %s", r.Intent, s.Provider, s.Receiver, s.Minutes, s.What))
	case nlp.Offer, nlp.Request:
		line := strings.TrimSpace(fmt.Sprintf("%s %d %s", r.Intent, s.Minutes, s.Title))
		if s.When != "" {
			line += " | | " + s.When
		}
		return line
	case nlp.Browse:
		return strings.TrimSpace(string(r.Intent) + " " + s.Query)
	}
	return string(r.Intent)
}

// harmless holds a reading to what validation promises, in other words than validation's.
func harmless(t *testing.T, u nlp.Utterance, r nlp.Reading) {
	t.Helper()
	allowed := []nlp.Intent{nlp.None, nlp.LogTrade, nlp.Offer, nlp.Request, nlp.Balance, nlp.History, nlp.MyPosts, nlp.Browse, nlp.FindPerson, nlp.Help}
	if !slices.Contains(allowed, r.Intent) {
		t.Fatalf("%q: the intent is %q", u.Text, r.Intent)
	}
	if r.Outcome == nlp.Sure || r.Intent != nlp.None && r.Outcome != nlp.Unsure {
		t.Errorf("%q: the outcome is %d", u.Text, r.Outcome)
	}
	text := strings.ToLower(norm.NFKC.String(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Co, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, u.Text)))
	for _, name := range []string{r.Slots.Provider, r.Slots.Receiver} {
		if name != "" && name != nlp.Me && !strings.Contains(text, strings.ToLower(name)) {
			t.Errorf("%q: %q is not in it", u.Text, name)
		}
	}
	if r.Slots.Minutes != 0 && !slices.Contains(parser(t).Traces(u).Amounts, r.Slots.Minutes) {
		t.Errorf("%q: %d minutes are not in it", u.Text, r.Slots.Minutes)
	}
	for _, words := range []string{r.Slots.What, r.Slots.Title, r.Slots.When, r.Slots.Query, r.Slots.Skill} {
		if strings.ContainsAny(words, "/@\n\r<>{}[]`*\"\ufffc\ue000\ue001") || len(words) > 200 {
			t.Errorf("%q: signs in %q", u.Text, words)
		}
		for _, w := range strings.Fields(strings.ToLower(words)) {
			if !strings.Contains(text, w) {
				t.Errorf("%q: %q is not in it", u.Text, w)
			}
		}
	}
}

// oneMessage holds a request to its shape: instructions that never change, and one message
// as data.
func oneMessage(t *testing.T, body string) {
	t.Helper()
	var req sent
	if err := json.Unmarshal([]byte(body), &req); err != nil {
		t.Fatal(err)
	}
	if len(req.Messages) != 2 || req.Messages[0].Role != "system" || req.Messages[1].Role != "user" {
		t.Fatalf("the messages are %+v", req.Messages)
	}
	var data map[string]string
	if err := json.Unmarshal([]byte(req.text()), &data); err != nil {
		t.Fatalf("the data is %q: %v", req.text(), err)
	}
	for key := range data {
		if key != "place" && key != "reply_to" && key != "text" {
			t.Errorf("the data has a field %q", key)
		}
	}
}
