package bot_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"communityconnect/bot"
	"communityconnect/community"
	"communityconnect/nlp"
	"communityconnect/nlp/lexicon"
	"communityconnect/nlp/llm"
)

// pretendModel is a server with a language model that says what a story wants. What is
// asked of it goes through the real client, with all its masking and checking.
type pretendModel struct {
	mu    sync.Mutex
	says  string
	asked []string      // the bodies of the requests
	hold  chan struct{} // if not nil, answers wait until it is closed
	delay time.Duration
}

// saysNow sets the answer: an object whose missing fields are empty, or "nothing", which
// is a server that fails.
func (p *pretendModel) saysNow(says string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.says = says
}

func (p *pretendModel) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.asked...)
}

// RoundTrip answers a request without any network.
func (p *pretendModel) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	says, hold, delay := p.says, p.hold, p.delay
	p.asked = append(p.asked, string(body))
	p.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r}
	if says == "" || says == "nothing" {
		answer.StatusCode = http.StatusInternalServerError
		answer.Body = io.NopCloser(strings.NewReader("no"))
		return answer, nil
	}
	said, err := json.Marshal(map[string]any{"choices": []any{map[string]any{
		"finish_reason": "stop", "message": map[string]string{"role": "assistant", "content": whole(says)},
	}}})
	answer.Body = io.NopCloser(strings.NewReader(string(said)))
	return answer, err
}

// whole fills up an answer with the fields it doesn't mention; what is no object stays.
func whole(says string) string {
	all := map[string]any{"intent": "none", "giver": "", "receiver": "", "minutes": 0, "what": "", "title": "", "when": "", "kind": "", "query": ""}
	if json.Unmarshal([]byte(says), &all) != nil {
		return says
	}
	out, err := json.Marshal(all)
	if err != nil {
		return says
	}
	return string(out)
}

// client is the real client that asks the model.
func (p *pretendModel) client(t testing.TB) bot.Guesser {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	parser, err := nlp.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	c, err := llm.New(llm.Options{
		BaseURL: "https://model.example/v1", Model: "small", Parser: parser, Fold: community.Fold, Hide: []string{"Riverside"}, Transport: p,
		Budget: llm.Budget{Requests: 1 << 20, Tokens: 1 << 30},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
