package llm

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	openai "github.com/sashabaranov/go-openai"

	"communityconnect/ledger"
	"communityconnect/nlp"
)

// maxContent is the longest answer that is looked at, in bytes.
const maxContent = 4 << 10

// answer is the agreed object.
type answer struct {
	Intent   nlp.Intent     `json:"intent"`
	Giver    string         `json:"giver"`
	Receiver string         `json:"receiver"`
	Minutes  ledger.Minutes `json:"minutes"`
	What     string         `json:"what"`
	Title    string         `json:"title"`
	When     string         `json:"when"`
	Kind     string         `json:"kind"`
	Query    string         `json:"query"`
}

// content is the text of an answer that was neither refused nor cut off.
func content(r openai.ChatCompletionResponse) (string, *Error) {
	if len(r.Choices) == 0 {
		return "", &Error{Code: Malformed}
	}
	first := r.Choices[0]
	switch {
	case first.Message.Refusal != "" || first.FinishReason == openai.FinishReasonContentFilter:
		return "", &Error{Code: Refused}
	case first.FinishReason == openai.FinishReasonLength || len(first.Message.Content) > maxContent:
		return "", &Error{Code: Cut}
	case first.FinishReason != openai.FinishReasonStop && first.FinishReason != "" || len(first.Message.ToolCalls) > 0:
		return "", &Error{Code: Malformed}
	}
	return first.Message.Content, nil
}

// decode reads the agreed object: all of its fields, no others, and nothing around it.
func decode(text string) (answer, *Error) {
	var keys map[string]json.RawMessage
	if !utf8.ValidString(text) || json.Unmarshal([]byte(text), &keys) != nil || len(keys) != len(fields()) {
		return answer{}, &Error{Code: Malformed}
	}
	for _, name := range fields() {
		if value, has := keys[name]; !has || bytes.Equal(value, []byte("null")) {
			return answer{}, &Error{Code: Malformed}
		}
	}
	var a answer
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if d.Decode(&a) != nil {
		return answer{}, &Error{Code: Malformed}
	}
	if _, err := d.Token(); err != io.EOF {
		return answer{}, &Error{Code: Malformed}
	}
	return a, nil
}

// The most words of the parts of a reading.
const (
	maxWhat  = 10
	maxTitle = 9
	maxWhen  = 8
	maxQuery = 5
	maxBytes = 120 // of any of them
)

// reading turns an answer into a reading, or tells what is not as agreed. Words that do
// not stand in the message are dropped; people, amounts and intents that do not are not
// forgiven.
func (c choices) reading(a answer) (nlp.Reading, *Error) {
	persons := c.persons()
	switch {
	case !slices.Contains(c.intents, a.Intent), !slices.Contains(persons, a.Giver), !slices.Contains(persons, a.Receiver),
		a.Kind != "" && a.Kind != "offer" && a.Kind != "request":
		return nlp.Reading{}, &Error{Code: NotAllowed}
	case a.Minutes != 0 && !slices.Contains(c.amounts, a.Minutes):
		return nlp.Reading{}, &Error{Code: NotSaid}
	}
	r := nlp.Reading{Intent: a.Intent, Outcome: nlp.Unsure, Confidence: nlp.UnsureFrom}
	switch a.Intent {
	case nlp.None:
		return nlp.Reading{Intent: nlp.None}, nil
	case nlp.LogTrade:
		if a.Giver == "" || a.Receiver == "" || a.Giver == a.Receiver || a.Minutes == 0 {
			return nlp.Reading{}, &Error{Code: NotComplete}
		}
		r.Slots = nlp.Slots{
			Provider: c.named(a.Giver), Receiver: c.named(a.Receiver), Minutes: a.Minutes,
			What: c.said(a.What, maxWhat), When: c.said(a.When, maxWhen),
		}
	case nlp.Offer, nlp.Request:
		r.Slots = nlp.Slots{Title: c.said(a.Title, maxTitle), Minutes: a.Minutes, When: c.said(a.When, maxWhen)}
	case nlp.Browse:
		r.Slots = nlp.Slots{Kind: a.Kind, Query: c.said(a.Query, maxQuery)}
	case nlp.FindPerson:
		r.Slots.Skill = c.said(a.Query, maxQuery)
		if r.Slots.Skill == "" {
			return nlp.Reading{}, &Error{Code: NotComplete}
		}
	}
	return r, nil
}

// named is the name behind M1, as the message has it.
func (c choices) named(label string) string {
	if label == nlp.Me {
		return nlp.Me
	}
	return c.real[strings.ToLower(label)]
}

// said gives words of an answer that are words of the message, with what stands behind
// M1 and X1 put back, and without any signs between them. It is empty if a single word is
// not the author's.
func (c choices) said(text string, most int) string {
	words := saidWords(text)
	if len(text) > maxBytes || len(words) > most {
		return ""
	}
	theirs := map[string]bool{}
	for _, w := range saidWords(c.text) {
		theirs[strings.ToLower(w)] = true
	}
	for i, w := range words {
		if !theirs[strings.ToLower(w)] {
			return ""
		}
		words[i] = c.unmask(w)
	}
	return strings.Join(words, " ")
}

// unmask puts back what stands behind the labels of a word such as M1, M1's or M1-X2.
func (c choices) unmask(word string) string {
	var b strings.Builder
	for word != "" {
		end := strings.IndexFunc(word, func(r rune) bool { return !wordy(r) })
		if end < 0 {
			end = len(word)
		}
		if real, masked := c.real[strings.ToLower(word[:end])]; masked {
			b.WriteString(real)
		} else {
			b.WriteString(word[:end])
		}
		_, sign := utf8.DecodeRuneInString(word[end:])
		b.WriteString(word[end : end+sign])
		word = word[end+sign:]
	}
	return b.String()
}

// saidWords cuts a text into words of letters and digits; "7:30", "2.5" and "flat-pack" are
// one word each.
func saidWords(text string) []string {
	var words []string
	start, end := -1, 0
	flush := func() {
		if start >= 0 {
			words = append(words, text[start:end])
		}
		start = -1
	}
	for i, r := range text {
		next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		switch {
		case wordy(r) || unicode.Is(unicode.Mn, r):
			if start < 0 {
				start = i
			}
			end = i + utf8.RuneLen(r)
		case start >= 0 && strings.ContainsRune("'’-.:", r) && wordy(next):
		default:
			flush()
		}
	}
	flush()
	return words
}
