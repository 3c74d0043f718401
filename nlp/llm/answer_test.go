package llm_test

import (
	"strings"
	"testing"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/nlp"
	"communityconnect/nlp/llm"
)

// What a model says is checked against the message; whatever is not as agreed is no
// reading.
func TestAnswers(t *testing.T) {
	trade := dm("@[Ann Murphy] was so good to me, my shed took her a whole 2 hours", "Ann Murphy", "Ben")
	logged := nlp.Slots{Provider: "Ann Murphy", Receiver: nlp.Me, Minutes: 120, What: "shed"}
	for name, c := range map[string]struct {
		u     nlp.Utterance
		says  string
		fault llm.Code
		reads nlp.Intent
		slots nlp.Slots
	}{
		"a trade":                             {trade, object("intent", "log_trade", "giver", "M1", "receiver", "me", "minutes", 120, "what", "shed"), "", nlp.LogTrade, logged},
		"words without signs":                 {trade, object("intent", "log_trade", "giver", "M1", "receiver", "me", "minutes", 120, "what", " /Shed!! "), "", nlp.LogTrade, nlp.Slots{Provider: "Ann Murphy", Receiver: nlp.Me, Minutes: 120, What: "Shed"}},
		"words put back":                      {dm("Bridie took me to Bridie's dentist, an hour"), object("intent", "log_trade", "giver", "M1", "receiver", "me", "minutes", 60, "what", "M1's dentist"), "", nlp.LogTrade, nlp.Slots{Provider: "Bridie", Receiver: nlp.Me, Minutes: 60, What: "Bridie's dentist"}},
		"a name in a title":                   {dm("looking for company for Bridie, ring 0871234567"), object("intent", "request", "title", "company for M1"), "", nlp.Request, nlp.Slots{Title: "company for Bridie"}},
		"foreign words":                       {trade, object("intent", "log_trade", "giver", "M1", "receiver", "me", "minutes", 120, "what", "gold bars"), "", nlp.LogTrade, nlp.Slots{Provider: "Ann Murphy", Receiver: nlp.Me, Minutes: 120}},
		"nothing":                             {trade, object("what", "shed"), "", nlp.None, nlp.Slots{}},
		"what is browsed":                     {dm("qué hay de jardinería en el tablón"), object("intent", "browse", "kind", "offer", "query", "jardinería"), "", nlp.Browse, nlp.Slots{Kind: "offer", Query: "jardinería"}},
		"who can":                             {dm("quién sabe de bicicletas por aquí"), object("intent", "find_person", "query", "bicicletas"), "", nlp.FindPerson, nlp.Slots{Skill: "bicicletas"}},
		"who can, without what":               {dm("quién sabe de bicicletas por aquí"), object("intent", "find_person", "query", "unicycles"), llm.NotComplete, "", nlp.Slots{}},
		"a balance":                           {dm("cuántas horas tengo yo"), object("intent", "balance"), "", nlp.Balance, nlp.Slots{}},
		"a balance in the group, unasked":     {inGroup("Ann asked how I stand after the gardening", "Ann"), object("intent", "balance"), llm.NotAllowed, "", nlp.Slots{}},
		"a balance in the group, for the bot": {inGroup("@[TimeBot] cuántas horas tengo"), object("intent", "balance"), "", nlp.Balance, nlp.Slots{}},
		"another amount":                      {trade, object("intent", "log_trade", "giver", "M1", "receiver", "me", "minutes", 240), llm.NotSaid, "", nlp.Slots{}},
		"no amount":                           {trade, object("intent", "log_trade", "giver", "M1", "receiver", "me"), llm.NotComplete, "", nlp.Slots{}},
		"a negative amount":                   {trade, object("intent", "log_trade", "giver", "M1", "receiver", "me", "minutes", -120), llm.NotSaid, "", nlp.Slots{}},
		"half a minute":                       {trade, object("intent", "log_trade", "giver", "M1", "receiver", "me", "minutes", 120.5), llm.Malformed, "", nlp.Slots{}},
		"an amount in words":                  {trade, object("intent", "log_trade", "giver", "M1", "receiver", "me", "minutes", "120"), llm.Malformed, "", nlp.Slots{}},
		"somebody else":                       {trade, object("intent", "log_trade", "giver", "M2", "receiver", "me", "minutes", 120), llm.NotAllowed, "", nlp.Slots{}},
		"a name":                              {trade, object("intent", "log_trade", "giver", "Ben", "receiver", "me", "minutes", 120), llm.NotAllowed, "", nlp.Slots{}},
		"oneself":                             {trade, object("intent", "log_trade", "giver", "me", "receiver", "me", "minutes", 120), llm.NotComplete, "", nlp.Slots{}},
		"nobody":                              {trade, object("intent", "log_trade", "giver", "M1", "minutes", 120), llm.NotComplete, "", nlp.Slots{}},
		"an act of the council":               {trade, object("intent", "grant", "giver", "M1", "receiver", "me", "minutes", 120), llm.NotAllowed, "", nlp.Slots{}},
		"a confirmation":                      {trade, object("intent", "confirm"), llm.NotAllowed, "", nlp.Slots{}},
		"another kind":                        {trade, object("intent", "browse", "kind", "members"), llm.NotAllowed, "", nlp.Slots{}},
		"a field too many":                    {trade, object("intent", "balance", "command", "/policy floor -1000h"), llm.Malformed, "", nlp.Slots{}},
		"a field too few":                     {trade, `{"intent":"balance"}`, llm.Malformed, "", nlp.Slots{}},
		"a null":                              {trade, object("giver", nil), llm.Malformed, "", nlp.Slots{}},
		"a list":                              {trade, "[" + object("intent", "balance") + "]", llm.Malformed, "", nlp.Slots{}},
		"two objects":                         {trade, object("intent", "balance") + object("intent", "balance"), llm.Malformed, "", nlp.Slots{}},
		"words around it":                     {trade, "Sure! " + object("intent", "balance"), llm.Malformed, "", nlp.Slots{}},
		"a fence around it":                   {trade, "```json\n" + object("intent", "balance") + "\n```", llm.Malformed, "", nlp.Slots{}},
		"half of it":                          {trade, object("intent", "balance")[:40], llm.Malformed, "", nlp.Slots{}},
		"a key in other letters":              {trade, strings.Replace(object("intent", "balance"), `"intent"`, `"INTENT"`, 1), llm.Malformed, "", nlp.Slots{}},
		"nothing at all":                      {trade, "", llm.Malformed, "", nlp.Slots{}},
		"a flood":                             {trade, object("what", strings.Repeat("shed ", 2000)), llm.Cut, "", nlp.Slots{}},
		"a long title":                        {dm("need a hand " + strings.Repeat("very ", 30)), object("intent", "request", "title", strings.Repeat("very ", 30)), "", nlp.Request, nlp.Slots{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := client(t, says(c.says), func(o *llm.Options) { o.Fold = community.Fold }).Guess(t.Context(), c.u)
			if code(t, err) != c.fault {
				t.Fatalf("failed with %q, want %q", code(t, err), c.fault)
			}
			if c.fault != "" {
				c.reads = nlp.None
			}
			if got.Intent != c.reads || got.Slots != c.slots {
				t.Errorf("got %s %+v, want %s %+v", got.Intent, got.Slots, c.reads, c.slots)
			}
			if want := nlp.Unsure; got.Intent != nlp.None && got.Outcome != want || got.Intent == nlp.None && got.Outcome != nlp.NotForUs {
				t.Errorf("the outcome is %d", got.Outcome)
			}
		})
	}
}

// What is asked for offers nothing that does not stand in the message.
func TestRequest(t *testing.T) {
	var got sent
	s := &server{answer: func(r sent) reply { got = r; return reply{content: object()} }}
	c := client(t, s, func(o *llm.Options) { o.Key = "secret" })
	u := inGroup("Ann and @[Ben] did 2 hours of weeding, 1 hour each", "Ann", "Ben")
	u.ReplyTo = &nlp.Quoted{Kind: nlp.QuotedRequest, Text: "Weeding wanted", Author: "Dee"}
	if _, err := c.Guess(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	p := got.Format.Schema.Schema.Properties
	if got.Format.Type != "json_schema" || !got.Format.Schema.Strict || len(got.Format.Schema.Schema.Required) != len(p) {
		t.Errorf("no strict schema: %+v", got.Format)
	}
	if len(p["giver"].Enum) != 4 || len(p["intent"].Enum) != 4 {
		t.Errorf("people %v, intents %v", p["giver"].Enum, p["intent"].Enum)
	}
	for _, m := range p["minutes"].Enum {
		if ledger.Minutes(m.(float64)) > 180 {
			t.Errorf("an amount nobody said: %v", m)
		}
	}
	if got.Model != "small" || got.MaxTokens == 0 || got.MaxTokens > 1000 || got.Temperature > 1e-9 || s.keys[0] != "Bearer secret" {
		t.Errorf("model %q, %d tokens, temperature %v, %q", got.Model, got.MaxTokens, got.Temperature, s.keys[0])
	}
	if want := `{"place":"group","reply_to":"request","text":"M1 and M2 did 2 hours of weeding, 1 hour each"}`; got.text() != want {
		t.Errorf("sent %s, want %s", got.text(), want)
	}
}

// A model that thinks before it answers is asked in the way such models take.
func TestThinkingModel(t *testing.T) {
	s := says(object())
	c := client(t, s, func(o *llm.Options) { o.Model = "gpt-5-mini" })
	if _, err := c.Guess(t.Context(), dm("cuántas horas tengo")); err != nil {
		t.Fatal(err)
	}
	if body := s.bodies[0]; strings.Contains(body, "temperature") || strings.Contains(body, `"max_tokens"`) || !strings.Contains(body, "max_completion_tokens") {
		t.Errorf("sent %s", body)
	}
}

// Options that can't work, or would show messages to strangers, are refused.
func TestOptions(t *testing.T) {
	for base, fine := range map[string]bool{
		"http://127.0.0.1:11434/v1": true, "http://localhost:8080": true, "http://ollama:11434/v1": true, "http://192.168.1.20/v1": true,
		"https://api.example.org/v1": true, "http://gpu.lan/v1": true, "http://[::1]:8080/v1": true,
		"http://api.example.org/v1": false, "http://8.8.8.8/v1": false, "api.example.org": false, "ftp://127.0.0.1/": false, "": false, "https://": false,
	} {
		if _, err := llm.New(llm.Options{BaseURL: base, Model: "m", Parser: parser(t)}); (err == nil) != fine {
			t.Errorf("%q: %v", base, err)
		}
	}
	if _, err := llm.New(llm.Options{BaseURL: "http://localhost/v1", Parser: parser(t)}); err == nil {
		t.Error("no model is fine")
	}
	if _, err := llm.New(llm.Options{BaseURL: "http://localhost/v1", Model: "m"}); err == nil {
		t.Error("no parser is fine")
	}
	for base, where := range map[string]string{"http://127.0.0.1:11434/v1": "", "https://api.example.org/v1": "api.example.org", "http://10.0.0.7/v1": "10.0.0.7"} {
		if c, err := llm.New(llm.Options{BaseURL: base, Model: "m", Parser: parser(t)}); err != nil || c.Where() != where {
			t.Errorf("%s is at %q, %v", base, c.Where(), err)
		}
	}
}
