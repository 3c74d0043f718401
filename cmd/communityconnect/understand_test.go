package main

import (
	"strings"
	"testing"
)

// Messages come out as intents with their slots, in the order they went in.
func TestUnderstandMessages(t *testing.T) {
	in := `{"id":"1","context":"group","text":"Looking for a lend of a pressure washer"}

{"id":"2","context":"dm","mentions":[{"name":"Mary Byrne","start":10,"length":1}],"text":"👍 helped ` + "\uFFFC" + ` move house, 2 hours"}
{"id":"3","context":"dm","text":"yes","reply_to":{"kind":"trade_prompt","author":"bot","text":"Tom logged: lift, 30 min"}}
{"id":"4","context":"group","text":"What a match!"}
`
	var out strings.Builder
	if err := understand(nil, strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 {
		t.Fatalf("got %d lines:\n%s", len(lines), out.String())
	}
	for i, parts := range [][]string{
		{`"id":"1"`, `"intent":"request"`, `"category":"lending"`},
		{`"id":"2"`, `"intent":"log_trade"`, `"minutes":120`, `"provider":"me"`, `"receiver":"Mary Byrne"`},
		{`"id":"3"`, `"intent":"confirm"`, `"ref":"reply"`},
		{`"id":"4"`, `"intent":"none"`, `"slots":{}`},
	} {
		for _, part := range parts {
			if !strings.Contains(lines[i], part) {
				t.Errorf("line %d lacks %s: %s", i+1, part, lines[i])
			}
		}
	}
}

// A phrase without an amount has null minutes.
func TestUnderstandAmounts(t *testing.T) {
	in := `{"id":"a","text_plain":"an hour and a half"}` + "\n" + `{"id":"b","text_plain":"half two"}`
	var out strings.Builder
	if err := understand([]string{"--amounts"}, strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if want := `{"id":"a","minutes":90}` + "\n" + `{"id":"b","minutes":null}` + "\n"; out.String() != want {
		t.Errorf("got %s want %s", out.String(), want)
	}
}

// What can't be read is named with its line.
func TestUnderstandBadInput(t *testing.T) {
	for in, want := range map[string]string{
		"{\"id\":\"1\",\"text\":\"hi\"}\nnot json\n":                 "line 2",
		`{"id":"1","context":"forum","text":"hi"}`:                   `"forum"`,
		`{"id":"1","text":"hi","reply_to":{"kind":"poem"}}`:          `"poem"`,
		`{"id":"1","text":"` + strings.Repeat("x", 2<<20) + `"}`:     "line 1",
		"\n\n" + `{"id":"1","text":["a"]}`:                           "line 3",
		`{"id":"1","text":"hi","mentions":[{"name":"A","start":1e9}`: "line 1",
	} {
		err := understand(nil, strings.NewReader(in), &strings.Builder{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: error %v, want one with %s", in, err, want)
		}
	}
	if err := understand([]string{"--amounts"}, strings.NewReader(`{"id":"1"}`), &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "text_plain") {
		t.Errorf("a phrase without text: %v", err)
	}
	if err := understand([]string{"--wrong"}, strings.NewReader(""), &strings.Builder{}); err == nil {
		t.Error("an unknown flag was taken")
	}
	if err := understand([]string{"file.jsonl"}, strings.NewReader(""), &strings.Builder{}); err == nil {
		t.Error("an argument was taken")
	}
}
