package nlp_test

import (
	"sync"
	"testing"

	"communityconnect/nlp"
)

// In the group a post that is not plain enough to act on is worth a question; what is
// said to one person, or the way friends text, is not.
func TestUnsureInTheGroup(t *testing.T) {
	undecided := leaning(t, 0.5, 3, 0)
	p := parser(t).With(undecided, nil, nil)
	for text, want := range map[string]nlp.Outcome{
		"If you need your lawn mowed let me know":       nlp.Unsure,
		"if u need ur lawn mowed let me know":           nlp.NotForUs,
		"Happy to mow lawns this week for anyone stuck": nlp.Unsure,
		"If you need to talk about it let me know":      nlp.NotForUs,
		"Happy to mow lawns":                            nlp.NotForUs,
	} {
		if r := p.Understand(nlp.Utterance{Text: text}); r.Outcome != want {
			t.Errorf("%q: %+v", text, r)
		}
	}
	decided := parser(t).With(leaning(t, 4, 3, 0), nil, nil)
	if r := decided.Understand(nlp.Utterance{Text: "Happy to mow lawns this week for anyone stuck"}); r.Outcome != nlp.Sure {
		t.Errorf("plain: %+v", r)
	}
}

// What is heard in a direct message is left alone in the group.
func TestQuestionsToTheBotInTheGroup(t *testing.T) {
	p := parser(t)
	const text = "trades from last week"
	if r := p.Understand(nlp.Utterance{Text: text, Direct: true}); r.Intent != nlp.History || r.Outcome == nlp.NotForUs {
		t.Errorf("to the bot: %+v", r)
	}
	if r := p.Understand(nlp.Utterance{Text: text}); r.Intent != nlp.None || r.Outcome != nlp.NotForUs {
		t.Errorf("in the group: %+v", r)
	}
}

// Addressing the bot in the group makes it listen as it does in a direct message.
func TestAddressedInGroup(t *testing.T) {
	p := parser(t)
	u := nlp.Utterance{Text: "\uFFFC how many hours have I got?", Mentions: []nlp.Mention{{Name: "Credits", Length: 1, Bot: true}}}
	if r := p.Understand(u); r.Intent != nlp.Balance || r.Outcome != nlp.Sure {
		t.Errorf("addressed: %+v", r)
	}
	u.Mentions[0].Bot = false
	if r := p.Understand(u); r.Intent != nlp.None {
		t.Errorf("said to somebody else: %+v", r)
	}
}

// A member's name is known for one in lower case, also where no list of names has it.
func TestMembersAreKnownByName(t *testing.T) {
	p := parser(t)
	u := nlp.Utterance{Text: "helped zebedee with his hedge, 2 hours", Direct: true}
	if r := p.Understand(u); r.Slots.Receiver == "zebedee" {
		t.Fatalf("known without being told: %+v", r)
	}
	u.Sender.Members = []string{"Ann Daly", "Zebedee Byrne"}
	if r := p.Understand(u); r.Intent != nlp.LogTrade || r.Slots.Provider != nlp.Me || r.Slots.Receiver != "zebedee" || r.Slots.Minutes != 120 {
		t.Errorf("told of the member: %+v", r)
	}
}

// A parser serves many goroutines at once and gives each what it would give one.
func TestParserIsSafeForConcurrentUse(t *testing.T) {
	p := parser(t)
	examples := jsonExamples(t, "testdata/dev.jsonl")
	want := make([]nlp.Reading, len(examples))
	for i, e := range examples {
		want[i] = p.Understand(e.utterance())
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i, e := range examples {
				if got := p.Understand(e.utterance()); got != want[i] {
					t.Errorf("%s: %+v, alone %+v", e.ID, got, want[i])
				}
			}
		})
	}
	all.Wait()
}

// Commands and quoted words are not the sender's own speech.
func TestAsides(t *testing.T) {
	p := parser(t)
	for _, text := range []string{"/offer Guitar lessons", "> Looking for a lend of a drill", "Fwd: Wanted: a drill", "“Looking for a lift to Cork” says he", "   ", ""} {
		if r := p.Understand(nlp.Utterance{Text: text}); r.Intent != nlp.None {
			t.Errorf("%q: %+v", text, r)
		}
	}
}
