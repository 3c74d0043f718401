package nlp_test

import (
	"testing"

	"communityconnect/nlp"
)

// Who gave and who was helped, where it is said outright or only looks so.
func TestParties(t *testing.T) {
	p := parser(t)
	for _, c := range []struct {
		text     string
		reply    *nlp.Quoted
		direct   bool
		from, to string // "" for no trade
	}{
		{text: "me -> Bogdan 40m translating a letter", from: nlp.Me, to: "Bogdan"},
		{text: "Sam → me, 2h hedge", from: "Sam", to: nlp.Me},
		{text: "Ann → me, 2 hours", direct: true, from: "Ann", to: nlp.Me},
		{text: "Ann to me 1 hour yesterday", direct: true, from: "Ann", to: nlp.Me},
		{text: "log 2 hours Ann to Ben", from: "Ann", to: "Ben"},
		{text: "record a quarter hour, me to Ibrahim, printing his boarding passes", from: nlp.Me, to: "Ibrahim"},
		{text: "30 min driving this morning, I took Mary to Dr Byrne", from: nlp.Me, to: "Mary"},
		{text: "Nuala owes me 1.5 for the wallpapering", direct: true, from: nlp.Me, to: "Nuala"},
		{text: "Done, 2 hours", reply: &nlp.Quoted{Kind: nlp.QuotedRequest, Text: "Hedge to be cut", Author: "Jo"}, from: nlp.Me, to: "Jo"},
		{text: "Did I give Ann 2 hours for the hedge?"},
		{text: "I never gave Ann 2 hours for the hedge"},
		{text: "I'll give Ann 2 hours for the hedge"},
	} {
		r := p.Understand(nlp.Utterance{Text: c.text, Direct: c.direct, ReplyTo: c.reply})
		if got := r.Intent == nlp.LogTrade; got != (c.from != "") || got && (r.Slots.Provider != c.from || r.Slots.Receiver != c.to) {
			t.Errorf("%q: %+v, want from %q to %q", c.text, r, c.from, c.to)
		}
	}
}

// A sum is believed as one only behind its parts.
func TestSums(t *testing.T) {
	for text, want := range map[string]int64{
		"on two mornings, first 1 hour and after 2 hours, in total 3": 180,
		"Minded Ann's kids for two hours on Friday, altogether 4.":    120,
		"An hour moving boxes, in total 11":                           60,
	} {
		if m, ok := nlp.Amount(text); !ok || int64(m) != want {
			t.Errorf("%q: %v, want %d", text, m, want)
		}
	}
}

// What rules out a post rules it out for the classifier, too, where it is beyond doubt.
func TestNoPostForMoney(t *testing.T) {
	certain := parser(t).With(leaning(t, 12, 3, 0), nil, nil)
	for _, text := range []string{"Old curtains in the porch, yours for a tenner", "Old bike in the porch, $20", "@Ann old curtains in the porch"} {
		u := nlp.Utterance{Text: text}
		if text[0] == '@' {
			u = nlp.Utterance{Text: "\uFFFC" + text[4:], Mentions: []nlp.Mention{{Name: "Ann", Length: 1}}}
		}
		if r := certain.Understand(u); r.Intent != nlp.None {
			t.Errorf("%q: %+v", text, r)
		}
	}
	if r := certain.Understand(nlp.Utterance{Text: "Old curtains in the porch"}); r.Intent != nlp.Offer {
		t.Errorf("for nothing: %+v", r)
	}
	if r := certain.Understand(nlp.Utterance{Text: "🌞"}); r.Intent != nlp.None {
		t.Errorf("no words: %+v", r)
	}
}
