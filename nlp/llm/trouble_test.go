package llm_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/nlp"
	"communityconnect/nlp/llm"
)

var question = dm("cuántas horas tengo yo ahora")

// Whatever a server does, there is a reading or an error that tells why not.
func TestServersInTrouble(t *testing.T) {
	fine := object("intent", "balance")
	for name, c := range map[string]struct {
		reply reply
		want  llm.Code
	}{
		"fine":              {reply{content: fine}, ""},
		"cut off":           {reply{content: fine[:20], finish: "length"}, llm.Cut},
		"cut off but whole": {reply{content: fine, finish: "length"}, llm.Cut},
		"a refusal":         {reply{refusal: "I can't help with that."}, llm.Refused},
		"a filter":          {reply{content: fine, finish: "content_filter"}, llm.Refused},
		"a tool":            {reply{content: fine, finish: "tool_calls"}, llm.Malformed},
		"garbage":           {reply{body: "<html>Bad gateway</html>"}, llm.Unreachable},
		"nothing":           {reply{body: " "}, llm.Unreachable},
		"no choice":         {reply{body: `{"choices":[]}`}, llm.Malformed},
		"half a body":       {reply{body: completion(reply{content: fine})[:90]}, llm.Unreachable},
		"a flood":           {reply{body: `{"id":"` + strings.Repeat("x", 10<<20) + `"}`}, llm.Unreachable},
		"an error":          {reply{status: 500, body: `{"error":{"message":"ouch","type":"server_error"}}`}, llm.Unreachable},
		"an error page":     {reply{status: 502, body: "<html>"}, llm.Unreachable},
		"no key":            {reply{status: 401, body: `{"error":{"message":"who are you","type":"auth"}}`}, llm.Refused},
		"no such model":     {reply{status: 404, body: `{"error":{"message":"no such model"}}`}, llm.Refused},
		"a schema too far":  {reply{status: 400, body: `{"error":{"message":"schema"}}`}, llm.Refused},
		"too many":          {reply{status: 429, body: `{"error":{"message":"slow down"}}`}, llm.Refused},
		"moved":             {reply{status: 302, header: http.Header{"Location": {"http://127.0.0.1:1/elsewhere"}}, body: "moved"}, llm.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			s := &server{answer: func(sent) reply { return c.reply }}
			r, err := client(t, s, nil).Guess(t.Context(), question)
			if code(t, err) != c.want || (err != nil) != (r.Intent == nlp.None) {
				t.Errorf("read %s, failed with %v, want %q", r.Intent, err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "ouch") || strings.Contains(err.Error(), "horas")) {
				t.Errorf("the error tells too much: %v", err)
			}
			if s.requests() != 1 {
				t.Errorf("%d requests", s.requests())
			}
		})
	}
}

// A server that is not there is an error like any other.
func TestNobodyThere(t *testing.T) {
	c, err := llm.New(llm.Options{BaseURL: "http://127.0.0.1:1/v1", Model: "m", Parser: parser(t)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Guess(t.Context(), question); code(t, err) != llm.Unreachable {
		t.Errorf("failed with %v", err)
	}
}

// A slow server costs its time-out and no more; a caller that gives up waits no longer,
// and that is not held against the server.
func TestSlowServer(t *testing.T) {
	parser(t)
	synctest.Test(t, func(t *testing.T) {
		s := &server{answer: func(sent) reply { return reply{content: object("intent", "balance"), delay: time.Hour} }}
		c, end := piped(t, s, nil)
		defer end()
		begun := time.Now()
		if _, err := c.Guess(context.Background(), question); code(t, err) != llm.Unreachable {
			t.Errorf("failed with %v", err)
		}
		if took := time.Since(begun); took != 20*time.Second {
			t.Errorf("took %v", took)
		}
		for range 5 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			if _, err := c.Guess(ctx, question); code(t, err) != llm.Stopped {
				t.Errorf("failed with %v", err)
			}
			cancel()
		}
	})
}

// A server that fails three times is left alone for a minute; then one request tries it,
// and if that fails, it is left alone for longer.
func TestBreaker(t *testing.T) {
	parser(t)
	synctest.Test(t, func(t *testing.T) {
		fails := true
		s := &server{answer: func(sent) reply {
			if fails {
				return reply{status: 500, body: "no"}
			}
			return reply{content: object("intent", "balance")}
		}}
		c, end := piped(t, s, nil)
		defer end()
		want := func(reason llm.Code, requests int) {
			t.Helper()
			_, err := c.Guess(context.Background(), question)
			if code(t, err) != reason || s.requests() != requests {
				t.Errorf("failed with %v after %d requests, want %q after %d", err, s.requests(), reason, requests)
			}
		}
		want(llm.Unreachable, 1)
		want(llm.Unreachable, 2)
		want(llm.Unreachable, 3)
		want(llm.Resting, 3)
		time.Sleep(time.Minute)
		want(llm.Unreachable, 4) // the probe
		time.Sleep(time.Minute)
		want(llm.Resting, 4)
		time.Sleep(time.Minute)
		want(llm.Unreachable, 5)
		time.Sleep(time.Hour) // no pause is longer than half of that
		fails = false
		want("", 6)
		fails = true
		want(llm.Unreachable, 7) // all is forgiven: it takes three again
		want(llm.Unreachable, 8)
		fails = false
		want("", 9)
	})
}

// A pause that the server asks for is kept, whether in seconds or as a date.
func TestRetryAfter(t *testing.T) {
	parser(t)
	synctest.Test(t, func(t *testing.T) {
		header := ""
		s := &server{answer: func(sent) reply {
			if header != "" {
				return reply{status: 429, header: http.Header{"Retry-After": {header}}, body: `{"error":{"message":"later"}}`}
			}
			return reply{content: object("intent", "balance")}
		}}
		c, end := piped(t, s, nil)
		defer end()
		for _, h := range []string{"300", "a date"} {
			header = h
			if h == "a date" {
				header = time.Now().Add(5 * time.Minute).UTC().Format(http.TimeFormat)
			}
			if _, err := c.Guess(context.Background(), question); code(t, err) != llm.Refused {
				t.Errorf("failed with %v", err)
			}
			header = ""
			time.Sleep(4 * time.Minute)
			if _, err := c.Guess(context.Background(), question); code(t, err) != llm.Resting {
				t.Errorf("failed with %v", err)
			}
			time.Sleep(time.Hour)
			if _, err := c.Guess(context.Background(), question); err != nil {
				t.Errorf("failed with %v", err)
			}
		}
		header = "999999999999999999999"
		_, _ = c.Guess(context.Background(), question)
		header = "99999999"
		_, _ = c.Guess(context.Background(), question)
		header = ""
		time.Sleep(25 * time.Hour) // nobody is left alone for longer than a day
		if _, err := c.Guess(context.Background(), question); err != nil {
			t.Errorf("failed with %v", err)
		}
	})
}

// A message that the server won't have is not held against it: nobody may shut it for
// the others.
func TestNobodyCanShutIt(t *testing.T) {
	replies := []reply{{status: 400, body: "no"}, {content: "garbage"}, {refusal: "no"}, {content: object("intent", "grant")}, {finish: "length"}, {status: 422, body: "no"}}
	n := 0
	s := &server{answer: func(sent) reply { n++; return replies[n%len(replies)] }}
	c := client(t, s, nil)
	for i := range 30 {
		if _, err := c.Guess(t.Context(), question); err == nil || code(t, err) == llm.Resting {
			t.Fatalf("after %d: %v", i, err)
		}
	}
}

// A day has so many requests and tokens, and the next day has them again.
func TestBudget(t *testing.T) {
	parser(t)
	for name, c := range map[string]struct {
		budget llm.Budget
		tokens int // what the server counts for each
		most   int
	}{
		"requests":                 {llm.Budget{Requests: 3, Tokens: 1 << 30}, 500, 3},
		"tokens":                   {llm.Budget{Requests: 100, Tokens: 5000}, 2000, 3},
		"tokens the server hides":  {llm.Budget{Requests: 100, Tokens: 5000}, 0, 6},
		"tokens the server denies": {llm.Budget{Requests: 100, Tokens: 5000}, -9999, 6},
		"none":                     {llm.Budget{Requests: 100, Tokens: 10}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &server{answer: func(sent) reply { return reply{content: object("intent", "balance"), tokens: c.tokens} }}
				cl, end := piped(t, s, func(o *llm.Options) { o.Budget = c.budget })
				defer end()
				spend := func() {
					for s.requests() < 50 {
						if _, err := cl.Guess(context.Background(), question); code(t, err) == llm.OverBudget {
							return
						}
					}
				}
				spend()
				if s.requests() > c.most || c.most > 0 && s.requests() == 0 {
					t.Errorf("%d requests, want %d", s.requests(), c.most)
				}
				before := s.requests()
				time.Sleep(25 * time.Hour)
				spend()
				if s.requests() != 2*before {
					t.Errorf("%d requests on the next day, %d on the first", s.requests()-before, before)
				}
			})
		})
	}
}

// One request is under way at a time, three may wait, and the rest are told so at once.
func TestOneAtATime(t *testing.T) {
	parser(t)
	synctest.Test(t, func(t *testing.T) {
		s := &server{answer: func(sent) reply { return reply{content: object("intent", "balance"), delay: 5 * time.Second} }}
		c, end := piped(t, s, nil)
		defer end()
		var mu sync.Mutex
		got := map[llm.Code]int{}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				_, err := c.Guess(context.Background(), question)
				mu.Lock()
				defer mu.Unlock()
				got[code(t, err)]++
			})
		}
		synctest.Wait()
		mu.Lock()
		if got[llm.Busy] != 6 {
			t.Errorf("%d were sent away, want 6", got[llm.Busy])
		}
		mu.Unlock()
		all.Wait()
		if got[""] != 4 || s.most != 1 {
			t.Errorf("%d readings, %d at once", got[""], s.most)
		}
	})
}
