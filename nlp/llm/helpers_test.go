package llm_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"communityconnect/nlp"
	"communityconnect/nlp/lexicon"
	"communityconnect/nlp/llm"
)

// reply is how the pretended server answers one request.
type reply struct {
	status  int           // 0 is 200
	header  http.Header   // further headers
	body    string        // the whole body; else it is made of what follows
	content string        // what the model says
	finish  string        // "" is stop
	refusal string        // what it says instead
	tokens  int           // what it counts
	delay   time.Duration // how long it takes
}

// sent is a request as the server has got it.
type sent struct {
	Model       string
	MaxTokens   int     `json:"max_tokens"`
	Temperature float64 `json:"temperature"`
	Messages    []struct{ Role, Content string }
	Format      struct {
		Type   string
		Schema struct {
			Strict bool
			Schema struct {
				Properties map[string]struct {
					Type string
					Enum []any
				}
				Required []string
			}
		} `json:"json_schema"`
	} `json:"response_format"`
}

// text is the message that was sent, as JSON.
func (s sent) text() string { return s.Messages[len(s.Messages)-1].Content }

// server pretends to be one with OpenAI's interface.
type server struct {
	answer func(sent) reply

	mu     sync.Mutex
	bodies []string
	keys   []string
	busy   int
	most   int // how many requests were under way at once
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var req sent
	if err := json.Unmarshal(raw, &req); err != nil || !strings.HasSuffix(r.URL.Path, "/chat/completions") {
		http.Error(w, "what?", http.StatusNotFound)
		return
	}
	s.mu.Lock()
	s.bodies = append(s.bodies, string(raw))
	s.keys = append(s.keys, r.Header.Get("Authorization"))
	s.busy++
	s.most = max(s.most, s.busy)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.busy--; s.mu.Unlock() }()
	a := s.answer(req)
	if a.delay > 0 {
		select {
		case <-time.After(a.delay):
		case <-r.Context().Done():
			return
		}
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/json")
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	if a.body == "" {
		a.body = completion(a)
	}
	_, _ = io.WriteString(w, a.body)
}

// completion is an answer in the shape of the interface.
func completion(a reply) string {
	finish := a.finish
	if finish == "" {
		finish = "stop"
	}
	out, _ := json.Marshal(map[string]any{
		"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "small",
		"choices": []any{map[string]any{"index": 0, "finish_reason": finish, "message": map[string]any{
			"role": "assistant", "content": a.content, "refusal": a.refusal,
		}}},
		"usage": map[string]any{"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": a.tokens},
	})
	return string(out)
}

func (s *server) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bodies)
}

// says is a server whose model always says the same.
func says(content string) *server {
	return &server{answer: func(sent) reply { return reply{content: content} }}
}

// object is the agreed answer, with what is given changed in it: pairs of a key and a value.
func object(changes ...any) string {
	all := map[string]any{"intent": "none", "giver": "", "receiver": "", "minutes": 0, "what": "", "title": "", "when": "", "kind": "", "query": ""}
	for i := 0; i < len(changes); i += 2 {
		all[changes[i].(string)] = changes[i+1]
	}
	out, _ := json.Marshal(all)
	return string(out)
}

var onceParser = sync.OnceValues(func() (*nlp.Parser, error) {
	lex, err := lexicon.Load()
	if err != nil {
		return nil, err
	}
	return nlp.New(lex)
})

func parser(t testing.TB) *nlp.Parser {
	t.Helper()
	p, err := onceParser()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// client speaks to a pretended server on the loopback.
func client(t testing.TB, s *server, change func(*llm.Options)) *llm.Client {
	t.Helper()
	ts := httptest.NewServer(s)
	t.Cleanup(ts.Close)
	o := llm.Options{BaseURL: ts.URL + "/v1", Model: "small", Parser: parser(t)}
	if change != nil {
		change(&o)
	}
	c, err := llm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// inProcess is the way to a pretended server without any network.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// piped speaks to a pretended server without a network, so that time can be pretended, too.
// The returned function ends both.
func piped(t *testing.T, s *server, change func(*llm.Options)) (*llm.Client, func()) {
	t.Helper()
	conns := make(chan net.Conn)
	ended := make(chan struct{})
	srv := &http.Server{Handler: s}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(pipeListener{conns, ended}) }()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case conns <- theirs:
			return ours, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
	o := llm.Options{BaseURL: "http://model.internal/v1", Model: "small", Parser: parser(t), Transport: transport}
	if change != nil {
		change(&o)
	}
	c, err := llm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, func() {
		close(ended)
		transport.CloseIdleConnections()
		_ = srv.Close()
		<-done
	}
}

type pipeListener struct {
	conns <-chan net.Conn
	ended <-chan struct{}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}
func (pipeListener) Close() error   { return nil }
func (pipeListener) Addr() net.Addr { return &net.IPAddr{} }

// dm is something said to the bot alone, with mentions written as @[Name].
func dm(text string, members ...string) nlp.Utterance {
	u := nlp.Utterance{Direct: true, Sender: nlp.Sender{Members: members}}
	for {
		before, after, found := strings.Cut(text, "@[")
		u.Text += before
		if !found {
			return u
		}
		name, rest, _ := strings.Cut(after, "]")
		u.Mentions = append(u.Mentions, nlp.Mention{Name: name, Start: len(utf16.Encode([]rune(u.Text))), Length: 1, Bot: name == "TimeBot"})
		u.Text += "\ufffc"
		text = rest
	}
}

func inGroup(text string, members ...string) nlp.Utterance {
	u := dm(text, members...)
	u.Direct = false
	return u
}

// code is why there was no reading.
func code(t testing.TB, err error) llm.Code {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *llm.Error
	if !errors.As(err, &e) {
		t.Fatalf("an error of another kind: %v", err)
	}
	return e.Code
}

// readLines reads a file of JSON lines; lines that begin with # are remarks.
func readLines[T any](t testing.TB, file string) []T {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	for n, line := range strings.Split(string(raw), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%s:%d: %v", file, n+1, err)
		}
		all = append(all, v)
	}
	return all
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
