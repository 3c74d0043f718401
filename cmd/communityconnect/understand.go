package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"

	"communityconnect/ledger"
	"communityconnect/nlp"
	"communityconnect/nlp/lexicon"
)

// maxUnderstandLine is the longest line the verb takes, in bytes.
const maxUnderstandLine = 1 << 20

// understandLine is one message to understand; the fields are those of the labelled
// messages in nlp/testdata.
type understandLine struct {
	ID      string `json:"id"`
	Context string `json:"context"` // "group" or "dm"
	ReplyTo *struct {
		Kind   string `json:"kind"`
		Text   string `json:"text"`
		Author string `json:"author"` // a name, "self" or "bot"
	} `json:"reply_to"`
	Mentions []struct {
		Name   string `json:"name"`
		Start  int    `json:"start"`
		Length int    `json:"length"`
	} `json:"mentions"`
	Text string `json:"text"`
}

// understood is what is printed for a message.
type understood struct {
	ID         string     `json:"id"`
	Intent     nlp.Intent `json:"intent"`
	Slots      nlp.Slots  `json:"slots"`
	Confidence float64    `json:"confidence"`
}

// amountLine is one phrase to find an amount in.
type amountLine struct {
	ID    string `json:"id"`
	Plain string `json:"text_plain"`
}

// amountFound is what is printed for a phrase; Minutes is null where it has no amount.
type amountFound struct {
	ID      string          `json:"id"`
	Minutes *ledger.Minutes `json:"minutes"`
}

// understand reads messages as JSON lines and prints what the rules make of each, one
// line each. With --amounts it reads phrases and prints the minutes they speak of. A line
// that can't be read is an error that names it.
func understand(args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("understand", flag.ContinueOnError)
	amounts := flags.Bool("amounts", false, "")
	if err := parse(flags, args); err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	answer := answerAmount
	if !*amounts {
		lex, err := lexicon.Load()
		if err != nil {
			return err
		}
		parser, err := nlp.New(lex)
		if err != nil {
			return err
		}
		answer = func(line []byte) (any, error) { return answerMessage(parser, line) }
	}
	if err := eachMessage(in, func(line []byte) error {
		answer, err := answer(line)
		if err != nil {
			return err
		}
		return json.NewEncoder(w).Encode(answer)
	}); err != nil {
		return err
	}
	return w.Flush()
}

// eachMessage calls do with every line that isn't empty and puts the line's number to errors.
func eachMessage(in io.Reader, do func([]byte) error) error {
	sc := bufio.NewScanner(in)
	sc.Buffer(make([]byte, 64<<10), maxUnderstandLine)
	n := 0
	for sc.Scan() {
		n++
		line := bytes.TrimSpace(sc.Bytes())
		if len(line) == 0 {
			continue
		}
		if err := do(line); err != nil {
			return fmt.Errorf("understand: line %d: %w", n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("understand: line %d: %w", n+1, err)
	}
	return nil
}

func answerMessage(p *nlp.Parser, line []byte) (any, error) {
	var m understandLine
	if err := json.Unmarshal(line, &m); err != nil {
		return nil, fmt.Errorf("not a message in JSON: %w", err)
	}
	u := nlp.Utterance{Text: m.Text}
	switch m.Context {
	case "dm":
		u.Direct = true
	case "group", "":
	default:
		return nil, fmt.Errorf("context %q is neither \"group\" nor \"dm\"", m.Context)
	}
	for _, at := range m.Mentions {
		u.Mentions = append(u.Mentions, nlp.Mention{Name: at.Name, Start: at.Start, Length: at.Length, Bot: at.Name == "TimeBot"})
	}
	if q := m.ReplyTo; q != nil {
		kind := nlp.QuotedKind(q.Kind)
		switch kind {
		case nlp.QuotedOffer, nlp.QuotedRequest, nlp.QuotedPrompt, nlp.QuotedDigest, nlp.QuotedChatter:
		default:
			return nil, fmt.Errorf("reply_to.kind %q is not offer, request, trade_prompt, digest or chatter", q.Kind)
		}
		u.ReplyTo = &nlp.Quoted{Kind: kind, Text: q.Text, Author: q.Author, Self: q.Author == "self", Bot: q.Author == "bot"}
	}
	r := p.Understand(u)
	if r.Outcome == nlp.Unsure && !u.Direct { // the group hears nothing of it
		r.Intent, r.Slots = nlp.None, nlp.Slots{}
	}
	return understood{ID: m.ID, Intent: r.Intent, Slots: r.Slots, Confidence: r.Confidence}, nil
}

func answerAmount(line []byte) (any, error) {
	var a amountLine
	if err := json.Unmarshal(line, &a); err != nil {
		return nil, fmt.Errorf("not a phrase in JSON: %w", err)
	}
	if a.Plain == "" {
		return nil, errors.New("text_plain is missing")
	}
	found := amountFound{ID: a.ID}
	if m, ok := nlp.Amount(a.Plain); ok {
		found.Minutes = &m
	}
	return found, nil
}
