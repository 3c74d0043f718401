package llm_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"communityconnect/community"
	"communityconnect/nlp"
	"communityconnect/nlp/llm"
)

// labelled is a message of the rules' own corpus.
type labelled struct {
	Context  string
	Text     string
	Mentions []struct {
		Name          string
		Start, Length int
	}
	ReplyTo *struct{ Kind, Text, Author string } `json:"reply_to"`
}

func (l labelled) utterance(members []string) nlp.Utterance {
	u := nlp.Utterance{Text: l.Text, Direct: l.Context == "dm", Sender: nlp.Sender{Members: members, Posts: []string{"Posts of mine, unseen"}}}
	for _, m := range l.Mentions {
		u.Mentions = append(u.Mentions, nlp.Mention{Name: m.Name, Start: m.Start, Length: m.Length, Bot: m.Name == "TimeBot"})
	}
	if q := l.ReplyTo; q != nil {
		u.ReplyTo = &nlp.Quoted{Kind: nlp.QuotedKind(q.Kind), Text: q.Text, Author: q.Author, Self: q.Author == "self", Bot: q.Author == "bot"}
	}
	return u
}

// Nothing that leaves the machine has a member's name in it, a number, an identifier, or
// what anybody else said: over the whole corpus, and over messages made to leak.
func TestNothingPersonalLeaves(t *testing.T) {
	corpus := readLines[labelled](t, "../testdata/dev.jsonl")
	members := []string{"Siobhán Ní Dhuinn", "Jean-Luc Picard", "Abdul Al Rashid", "Олена Коваль", "Xin Yi"}
	seen := map[string]bool{"TimeBot": true, "self": true, "bot": true, "": true}
	know := func(name string) {
		if !seen[name] {
			seen[name] = true
			members = append(members, name)
		}
	}
	for _, l := range corpus {
		for _, m := range l.Mentions {
			know(m.Name)
		}
		if l.ReplyTo != nil {
			know(l.ReplyTo.Author)
		}
	}
	for _, text := range []string{
		"ask siobhan or SIOBHÁN, ní dhuinn's bike, 'Jean-Luc' and \"picard\", abdul's 2 hours",
		"call xin on 087-1234567 / +353 1 234 5678 / (01) 2345678 about 2 hours, or xin.yi+time@mail.example.ie",
		"my id is 0f3c4a9e-8a41-4d7e-9c55-0c9b7f6f1a2b or 0F3C4A9E8A414D7E9C550C9B7F6F1A2B, signal.me/#eu/abcdef",
		"IBAN IE29AIBK93115212345678, or DE89 3704 0044 0532 0130 00, card 4111 1111 1111 1111",
		"Олено, Олени, олена коваль, К\u200bо\u200bв\u200bаль", "S\u0069\u006f\u0062ha\u0301n, ｓｉｏｂｈａｎ, 𝓍𝒾𝓃, s.i.o.b.h.a.n", "@siobhán @SiobhánNíDhuinn @jean_luc #picard",
		"Riverside owes me, the riverside credits do",
	} {
		corpus = append(corpus, labelled{Context: "dm", Text: text, ReplyTo: &struct{ Kind, Text, Author string }{"request", "Words of somebody else", "Xin Yi"}})
	}
	s := says(object())
	c := client(t, s, func(o *llm.Options) {
		o.Fold, o.Hide, o.Transport, o.Budget = community.Fold, []string{"Riverside Credits"}, inProcess{s}, llm.Budget{Requests: 1 << 20, Tokens: 1 << 30}
	})
	for _, l := range corpus {
		before := s.requests()
		_, err := c.Guess(t.Context(), l.utterance(members))
		if s.requests() == before {
			if code(t, err) != llm.TooMuch {
				t.Errorf("%q: %v", l.Text, err)
			}
			continue
		}
		body := s.bodies[before]
		leaks(t, l.Text, body, members)
		if l.ReplyTo != nil && len(l.ReplyTo.Text) > 6 && strings.Contains(body, l.ReplyTo.Text) && !strings.Contains(l.Text, l.ReplyTo.Text) {
			t.Errorf("%q: what it replies to has left", l.Text)
		}
		if strings.Contains(body, "of mine, unseen") || strings.Contains(strings.ToLower(body), "riverside") {
			t.Errorf("%q: left as %s", l.Text, body)
		}
	}
}

// personal are things of a form that nothing that leaves may have.
var personal = regexp.MustCompile(`\d{4}|@[\w.-]+\.\w|https?:|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}`)

// leaks looks for members' names and for numbers in the message that has left.
func leaks(t *testing.T, said, body string, members []string) {
	t.Helper()
	var req sent
	if err := json.Unmarshal([]byte(body), &req); err != nil {
		t.Fatal(err)
	}
	var data struct{ Text string }
	if err := json.Unmarshal([]byte(req.text()), &data); err != nil {
		t.Fatal(err)
	}
	if found := personal.FindString(data.Text); found != "" {
		t.Errorf("%q: %q has left in %q", said, found, data.Text)
	}
	left := map[string]bool{}
	for _, w := range strings.FieldsFunc(data.Text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) }) {
		left[community.Fold(w)] = true
	}
	for _, name := range members {
		for i, part := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' }) {
			if folded := community.Fold(part); left[folded] && len([]rune(folded)) > 1 && (i == 0 || folded != "al" && folded != "ni") {
				t.Errorf("%q: %q of %q has left in %q", said, part, name, data.Text)
			}
		}
	}
	for _, p := range req.Format.Schema.Schema.Properties["giver"].Enum {
		if p := p.(string); p != "" && p != nlp.Me && !regexp.MustCompile(`^M[0-9]+$`).MatchString(p) {
			t.Errorf("%q: the schema names %q", said, p)
		}
	}
}

// A member's name doesn't leave, whatever stands around it.
func FuzzNamesStay(f *testing.F) {
	f.Add("thanks ", "Siobhan", "'s mother, 2 hours", true)
	f.Add("http://x.ie/", "SIOBHÁN", "@mail.ie", false)
	f.Add("\U000F0001", "si\u200bobhan", "\ue0001\ue001", true)
	s := says(object())
	o := llm.Options{BaseURL: "http://localhost/v1", Model: "m", Parser: parser(f), Fold: community.Fold, Transport: inProcess{s}, Budget: llm.Budget{Requests: 1 << 40, Tokens: 1 << 50}}
	c, err := llm.New(o)
	if err != nil {
		f.Fatal(err)
	}
	members := []string{"Siobhán Dunne", "Bo"}
	f.Fuzz(func(t *testing.T, before, name, after string, direct bool) {
		u := dm(before+" "+name+" "+after, members...)
		u.Direct = direct
		n := s.requests()
		if _, err := c.Guess(t.Context(), u); err != nil && code(t, err) != llm.TooMuch {
			t.Fatal(err)
		}
		for _, body := range s.bodies[n:] {
			leaks(t, u.Text, body, members)
			oneMessage(t, body)
		}
		s.bodies = nil
	})
}
