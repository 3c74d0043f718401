package bot

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"communityconnect/nlp"
	"communityconnect/nlp/lexicon"
)

// TestEveryIntentIsPlayed holds that whatever can be said in plain words is said in a
// conversation, in the group and in a direct message, and taken there for what it is.
func TestEveryIntentIsPlayed(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	parser, err := nlp.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("testdata/intents.chat")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`^[a-z]+( dm)?> (>>"[^"]*" )?(.*)`)
	played := map[nlp.Intent]map[bool]int{}
	under := nlp.None
	for line := range strings.SplitSeq(string(script), "\n") {
		if head, ok := strings.CutPrefix(line, "# "); ok {
			under = nlp.Intent(head)
		}
		m := said.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		u := nlp.Utterance{Text: m[3], Direct: m[1] != "", Sender: nlp.Sender{Members: []string{"Ann", "Ben", "Cat", "Dee"}, Posts: []string{"lifts to the hospital"}}}
		u.Text, u.Mentions = mentioned(u.Text)
		if m[2] != "" {
			u.ReplyTo = replied(under)
		}
		if r := parser.Understand(u); r.Intent != under {
			t.Errorf("%q is taken for %s", line, r.Intent)
		}
		if played[under] == nil {
			played[under] = map[bool]int{}
		}
		played[under][u.Direct]++
	}
	for _, intent := range []nlp.Intent{nlp.Offer, nlp.Request, nlp.Interest, nlp.LogTrade, nlp.Confirm, nlp.Decline, nlp.Balance, nlp.History, nlp.Browse,
		nlp.MyPosts, nlp.ClosePost, nlp.FindPerson, nlp.Help, nlp.Dispute, nlp.Vouch, nlp.Thanks, nlp.None} {
		if played[intent][false] == 0 || played[intent][true] == 0 {
			t.Errorf("%s is said %d times in the group and %d times in a direct message", intent, played[intent][false], played[intent][true])
		}
	}
}

// mentioned puts in the mentions that a script writes out, one at most.
func mentioned(text string) (string, []nlp.Mention) {
	m := regexp.MustCompile(`@([a-z]+)`).FindStringSubmatchIndex(text)
	if m == nil {
		return text, nil
	}
	name := text[m[2]:m[3]]
	return text[:m[0]] + "\uFFFC" + text[m[1]:], []nlp.Mention{{Name: strings.ToUpper(name[:1]) + name[1:], Start: m[0], Length: 1, Bot: name == "bot"}}
}

// replied is what the replies of that script are to.
func replied(under nlp.Intent) *nlp.Quoted {
	const drill = "Could somebody lend me a drill this weekend?"
	switch under {
	case nlp.Interest:
		return &nlp.Quoted{Kind: nlp.QuotedRequest, Text: drill, Author: "Ben"}
	case nlp.ClosePost:
		return &nlp.Quoted{Kind: nlp.QuotedRequest, Text: drill, Self: true}
	}
	return &nlp.Quoted{Kind: nlp.QuotedPrompt, Bot: true}
}
