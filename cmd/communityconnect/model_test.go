package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"communityconnect/chat/signal/signaltest"
	"communityconnect/config"
)

// modelServer pretends to be a language model that takes everything for a question about
// the author's balance.
type modelServer struct {
	status int // 0 is 200

	mu    sync.Mutex
	heard strings.Builder
}

func (m *modelServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, _ = io.Copy(&m.heard, r.Body)
	if m.status != 0 {
		w.WriteHeader(m.status)
	}
	answer := `{"intent":"balance","giver":"","receiver":"","minutes":0,"what":"","title":"","when":"","kind":"","query":""}`
	_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{
		"finish_reason": "stop", "message": map[string]string{"role": "assistant", "content": answer},
	}}})
}

// RoundTrip reaches it without a network.
func (m *modelServer) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Result(), nil
}

// A sentence that puzzles the bot goes to the model without its names, and its author is
// asked whether the model is right.
func TestRunWithAModel(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v, people := newVillage(t, signaltest.Options{Receipts: true}, 1, "Annabel", "Benedict")
		v.conf.LLM = config.LLM{BaseURL: "https://model.example/v1", Model: "small", APIKeyEnv: config.DefaultKeyEnv}
		s, model := v.service(), &modelServer{}
		s.modelWay = model
		ctx, stop := context.WithCancel(context.Background())
		v.stop, v.ended = stop, make(chan error, 1)
		go func() { v.ended <- s.run(ctx) }()
		v.pass(time.Second)
		defer v.end()
		ann := people[0]
		v.Say(ann, signaltest.Direct(ann), "hello")
		v.pass(time.Minute)
		v.Say(ann, signaltest.Direct(ann), "¿cuántas horas me quedan después de Benedict en Riverside?")
		v.pass(time.Minute)
		sent := v.Sent()
		if last := sent[len(sent)-1]; last.To != signaltest.Direct(ann) || !strings.Contains(last.Text, "Did you mean this?\n/balance") {
			t.Errorf("said %q", last.Text)
		}
		if heard := model.heard.String(); !strings.Contains(heard, "horas me quedan") || strings.Contains(heard, "Benedict") || strings.Contains(heard, "Riverside") {
			t.Errorf("the model has heard %s", heard)
		}
	})
}

// check says whether the model answers; that it doesn't is no failure.
func TestCheckOfAModel(t *testing.T) {
	for status, want := range map[int]string{0: "ok answers", http.StatusUnauthorized: "warn another key", http.StatusInternalServerError: "warn no usable answer"} {
		server := httptest.NewServer(&modelServer{status: status})
		defer server.Close()
		v, _ := socketVillage(t, signaltest.Options{})
		v.conf.LLM.BaseURL, v.conf.LLM.Model = server.URL+"/v1", "small"
		code, lines := checked(t, v.writeConfig(t.TempDir()))
		level, words, _ := strings.Cut(want, " ")
		expect(t, lines, level, "model", words)
		if code != exitFine {
			t.Errorf("status %d: exit code %d\n%s", status, code, strings.Join(lines, "\n"))
		}
	}
	v, _ := socketVillage(t, signaltest.Options{})
	v.conf.LLM.BaseURL, v.conf.LLM.Model = "http://models.example.org/v1", "small"
	_, lines := checked(t, v.writeConfig(t.TempDir()))
	expect(t, lines, "FAIL", "model", "use https")
}
