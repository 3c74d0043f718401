package nlp_test

import (
	"strings"
	"testing"

	"communityconnect/nlp"
	"communityconnect/nlp/linear"
)

// leaning is a table that answers every text alike, and says nothing of who gave.
func leaning(t *testing.T, post, offer, trade float64) *linear.Model {
	t.Helper()
	return model(t, linear.Table{Questions: []string{"post", "offer", "trade", "gave", "thanks"}, Bias: []float64{post, offer, trade, 0, -9}})
}

// In the group a post needs both: what the classifier is sure is none stays unheard,
// however plain its cues. What is said to the bot is meant for it.
func TestAPostNeedsBothOpinions(t *testing.T) {
	p := parser(t).With(leaning(t, -20, 0, 0), nil, nil)
	for _, text := range []string{"Wanted: a lend of a ladder on Saturday", "Happy to mow lawns this week for anyone stuck"} {
		if r := p.Understand(nlp.Utterance{Text: text}); r.Intent != nlp.None {
			t.Errorf("%q in the group: %+v", text, r)
		}
		if r := p.Understand(nlp.Utterance{Text: text, Direct: true}); r.Intent != nlp.Offer && r.Intent != nlp.Request {
			t.Errorf("%q to the bot: %+v", text, r)
		}
	}
}

// A text without any cue is a post only if it is very much like one, and then it needs
// to be plain who gives.
func TestAPostWithoutCues(t *testing.T) {
	p := parser(t)
	const text = "Sundays, the green, Swedish gymnastics"
	for _, c := range []struct {
		post, offer float64
		want        nlp.Intent
	}{{0, 3, nlp.None}, {12, 3, nlp.Offer}, {12, -3, nlp.Request}, {5, 0, nlp.None}} {
		r := p.With(leaning(t, c.post, c.offer, 0), nil, nil).Understand(nlp.Utterance{Text: text})
		if r.Intent != c.want {
			t.Errorf("odds %v of a post and %v of an offer: %+v, want %s", c.post, c.offer, r, c.want)
		}
	}
}

// Who gives is for the cues to say, unless the classifier is sure of the other; and then
// the parts are those of the other.
func TestWhoGivesWhereOpinionsDiffer(t *testing.T) {
	const text = "Wanted: a lend of a ladder on Saturday"
	for offer, want := range map[float64]nlp.Intent{0: nlp.Request, 1: nlp.Request, 6: nlp.Offer} {
		r := parser(t).With(leaning(t, 12, offer, 0), nil, nil).Understand(nlp.Utterance{Text: text})
		if r.Intent != want || r.Slots.Category != "lending" || r.Slots.Title == "" || r.Slots.When != "on Saturday" {
			t.Errorf("odds %v of an offer: %+v, want %s", offer, r, want)
		}
	}
}

// A report of help in the group that is more like a story is left alone, unless the bot
// is told to write it down.
func TestAStoryIsNoTrade(t *testing.T) {
	for odds, want := range map[float64]nlp.Intent{-1: nlp.None, 1: nlp.LogTrade} {
		p := parser(t).With(leaning(t, -5, 0, odds), nil, nil)
		if r := p.Understand(nlp.Utterance{Text: "Ann helped me with the hedge for two hours"}); r.Intent != want {
			t.Errorf("odds %v: %+v", odds, r)
		}
		if r := p.Understand(nlp.Utterance{Text: "Log two hours of hedge cutting from Ann to me please"}); r.Intent != nlp.LogTrade {
			t.Errorf("odds %v, told to: %+v", odds, r)
		}
	}
}

// What the rules can't read in a direct message is guessed where it is likely and has
// what it needs, and asked back; what only looks at something is done if it is plain.
func TestGuesses(t *testing.T) {
	p := parser(t)
	guess := func(intent string, odds float64) nlp.Reading {
		m := model(t, linear.Table{Questions: []string{"bot.none", "bot." + intent}, Bias: []float64{-1, odds}})
		return p.With(nil, nil, m).Understand(nlp.Utterance{Text: "Hm now, #12 then", Direct: true})
	}
	for _, c := range []struct {
		intent string
		odds   float64
		want   nlp.Outcome
	}{{"balance", 2, nlp.Sure}, {"balance", 0.9, nlp.Unsure}, {"offer", 9, nlp.Unsure}, {"balance", 0.4, nlp.NotForUs}, {"close_post", 5, nlp.Unsure}, {"confirm", 5, nlp.Unsure}, {"vouch", 5, nlp.NotForUs}} {
		r := guess(c.intent, c.odds)
		if r.Outcome != c.want || c.want != nlp.NotForUs && string(r.Intent) != c.intent {
			t.Errorf("%s with odds %v: %+v", c.intent, c.odds, r)
		}
	}
	if r := guess("close_post", 5); r.Slots.Ref != "#12" {
		t.Errorf("what is closed: %+v", r)
	}
}

// Where the classifier is plainly of another opinion than the rules, nothing is changed in a
// direct message before it was asked back.
func TestDoubtsAreAskedBack(t *testing.T) {
	p := parser(t)
	for _, c := range []struct {
		none, help, dispute float64 // beside 0 for what the rules say
		want                nlp.Intent
		outcome             nlp.Outcome
	}{
		{0, 3, 0, nlp.Balance, nlp.Sure}, // the rules are sure themselves
		{0, 4, 0, nlp.Help, nlp.Sure},
		{0, 0, 9, nlp.Dispute, nlp.Unsure},
		{3, 0, 0, nlp.Balance, nlp.Sure},
		{9, 0, 0, nlp.Balance, nlp.Unsure},
	} {
		m := model(t, linear.Table{Questions: []string{"bot.balance", "bot.none", "bot.help", "bot.dispute"}, Bias: []float64{0, c.none, c.help, c.dispute}})
		r := p.With(nil, nil, m).Understand(nlp.Utterance{Text: "how many hours have I got?", Direct: true})
		if r.Intent != c.want || r.Outcome != c.outcome {
			t.Errorf("%+v: %+v", c, r)
		}
	}
}

// A reply to somebody's post takes it up if it is plainly like one that does, but never
// where it begs off or speaks of somebody else; one to the sender's own closes it, unless
// there is more to come. To a question about a trade the classifier alone says nothing that
// moves credits, and where another amount is named it isn't asked.
func TestRepliesAreWeighed(t *testing.T) {
	p := parser(t)
	post := &nlp.Quoted{Kind: nlp.QuotedRequest, Text: "Could somebody lend me a ladder?", Author: "Peig"}
	own := &nlp.Quoted{Kind: nlp.QuotedRequest, Text: "Could somebody lend me a ladder?", Self: true}
	prompt := &nlp.Quoted{Kind: nlp.QuotedPrompt, Text: "Trade #4 · 2 h · Tom → you", Bot: true}
	for _, c := range []struct {
		question string
		odds     float64
		to       *nlp.Quoted
		text     string
		want     nlp.Intent
		outcome  nlp.Outcome
	}{
		{"post.interest", 4, post, "Himself will be up after Mass", nlp.Interest, nlp.Sure},
		{"post.interest", 2, post, "Himself will be up after Mass", nlp.None, nlp.NotForUs},
		{"post.interest", 9, post, "Himself would only he's away", nlp.None, nlp.NotForUs},
		{"post.interest", 9, post, "I'll ask himself after Mass", nlp.None, nlp.NotForUs},
		{"post.interest", 9, post, "Bríd would be up after Mass", nlp.None, nlp.NotForUs},
		{"own.close_post", 4, own, "Two lads came after Mass", nlp.ClosePost, nlp.Sure},
		{"own.close_post", 2, own, "Two lads came after Mass", nlp.None, nlp.NotForUs},
		{"own.close_post", 9, own, "Two lads came, one still to come", nlp.None, nlp.NotForUs},
		{"own.close_post", 9, own, "Thanks to all who came", nlp.None, nlp.NotForUs},
		{"prompt.confirm", 9, prompt, "Himself was up after Mass", nlp.Confirm, nlp.Unsure},
		{"prompt.confirm", 9, prompt, "it was an hour and a half", nlp.Decline, nlp.Sure},
	} {
		turn, _, _ := strings.Cut(c.question, ".")
		m := model(t, linear.Table{Questions: []string{turn + ".none", turn + ".decline", c.question}, Bias: []float64{0, 0, c.odds}})
		r := p.With(nil, nil, m).Understand(nlp.Utterance{Text: c.text, ReplyTo: c.to, Direct: c.to == prompt})
		if r.Intent != c.want || r.Outcome != c.outcome {
			t.Errorf("%s %v, %q: %+v", c.question, c.odds, c.text, r)
		}
	}
}

// In the group a report of help that no rule reads needs an amount, one other person, and
// the classifier to be sure that it is one and who gave; thanks need somebody to be thanked.
func TestUntold(t *testing.T) {
	p := parser(t)
	taught := func(trade, gave, thanks float64) *nlp.Parser {
		return p.With(model(t, linear.Table{
			Questions: []string{"post", "offer", "trade", "gave", "thanks"}, Bias: []float64{-20, 0, trade, gave, thanks},
		}), nil, nil)
	}
	const done = "Laurels, \uFFFC, hour and a quarter"
	const none = "Laurels, hour and a quarter"
	for _, c := range []struct {
		text                string
		trade, gave, thanks float64
		want                nlp.Intent
		provider            string
	}{
		{done, 5, 3, -9, nlp.LogTrade, nlp.Me},
		{done, 5, -3, -9, nlp.LogTrade, "Peig"},
		{done, 5, 1, -9, nlp.None, ""},
		{done, 3, 3, -9, nlp.None, ""},
		{done, -9, 0, 4, nlp.Thanks, ""},
		{done, -9, 0, 2, nlp.None, ""},
		{"Peig's laurels, hour and a quarter now", 9, 9, -9, nlp.None, ""},
		{"At Peig's cutting back laurels, hour and a quarter", 9, 9, -9, nlp.LogTrade, nlp.Me},
		{none, 9, 9, 9, nlp.None, ""},
	} {
		u := nlp.Utterance{Text: c.text}
		if i := strings.Index(c.text, "\uFFFC"); i >= 0 {
			u.Mentions = []nlp.Mention{{Name: "Peig", Start: i, Length: 1}}
		}
		r := taught(c.trade, c.gave, c.thanks).Understand(u)
		if r.Intent != c.want || r.Slots.Provider != c.provider || r.Intent == nlp.LogTrade && r.Slots.Minutes != 75 {
			t.Errorf("%+v: %+v", c, r)
		}
	}
}
