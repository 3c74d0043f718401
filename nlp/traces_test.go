package nlp_test

import (
	"slices"
	"testing"

	"communityconnect/ledger"
	"communityconnect/nlp"
)

// What stands in a message is found whatever it means.
func TestTraces(t *testing.T) {
	p := parser(t)
	for _, c := range []struct {
		u    nlp.Utterance
		want nlp.Traces
	}{
		{nlp.Utterance{Text: "Tom fixed my bike, an hour and a half"}, nlp.Traces{Amounts: []ledger.Minutes{90}, People: true, Work: true}},
		{nlp.Utterance{Text: "the match is at 7"}, nlp.Traces{}},
		{nlp.Utterance{Text: "\ufffc gutters", Mentions: []nlp.Mention{{Name: "TimeBot", Length: 1, Bot: true}}}, nlp.Traces{Work: true, Addressed: true}},
		{nlp.Utterance{Text: "/gave Tom 2h"}, nlp.Traces{Amounts: []ledger.Minutes{120}, People: true, Aside: true}},
		{nlp.Utterance{Text: "2 hours of weeding and 1 hour of ironing"}, nlp.Traces{Amounts: []ledger.Minutes{60, 120, 180}, Work: true}},
	} {
		got := p.Traces(c.u)
		if !slices.Equal(got.Amounts, c.want.Amounts) || got.People != c.want.People || got.Work != c.want.Work || got.Addressed != c.want.Addressed || got.Aside != c.want.Aside {
			t.Errorf("%q: got %+v, want %+v", c.u.Text, got, c.want)
		}
	}
}

// Names are found where they stand, and what is plainly help is no name.
func TestNamed(t *testing.T) {
	const text = "Thanks Bridie, and Mrs Kelly too: Gardening on Saturday"
	var got []string
	for _, s := range parser(t).Named(text) {
		got = append(got, text[s.Start:s.End])
	}
	if want := []string{"Bridie", "Mrs Kelly"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
