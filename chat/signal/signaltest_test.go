package signal_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"communityconnect/chat"
	"communityconnect/chat/signal/signaltest"
)

// The pretended daemon writes what the real one wrote: the same names and the same types of
// values, but for a name that is newer than the samples.
func TestPretendedDaemonIsHonest(t *testing.T) {
	var mu sync.Mutex
	var lines [][]byte
	inBubble(t, signaltest.Options{Version: "0.13.19", Wrote: func(line []byte, _ bool) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, slices.Clone(line))
	}}, nil, func(t *testing.T, w *world) {
		ann, ben := w.Person("Ann"), w.HiddenPerson("Ben")
		g := w.Group("Riverside", ann, ben)
		there := signaltest.In(g)
		for _, c := range []struct {
			sample string
			do     func()
		}{
			{"receive-dm", func() { w.Say(ann, signaltest.Direct(ann), "hello") }},
			{"receive-dm-hidden-number", func() { w.Say(ben, signaltest.Direct(ben), "hello") }},
			{"receive-group", func() { w.Say(ann, there, "hello") }},
			{"receive-group-mention-bot", func() {
				w.Write(ann, there, signaltest.Words{Text: "\ufffc", Mentions: []chat.Mention{{Person: w.Bot(), Length: 1}}})
			}},
			{"receive-group-quote", func() {
				w.Write(ben, there, signaltest.Words{Text: "yes", Quote: &chat.Ref{Author: ann, Sent: 7}, QuoteText: "?"})
			}},
			{"receive-group-reaction", func() { w.React(ben, there, "👍", chat.Ref{Author: ann, Sent: 7}) }},
			{"receive-group-edit", func() { w.Edit(ann, there, 7, signaltest.Words{Text: "x"}) }},
			{"receive-group-delete", func() { w.Delete(ben, there, 7) }},
			{"receive-group-typing-started", func() { w.Type(ann, there) }},
			{"receive-dm-receipt-delivery", func() { w.Arrive(ann, false, 7) }},
			{"receive-group-update-title", func() { w.Retitle(g, "x") }},
			{"receive-keys-only", func() { w.Keys(ann) }},
			{"receive-dm-after-reinstall", func() { w.Reinstall(ben); w.Say(ben, signaltest.Direct(ben), "hello") }},
		} {
			mu.Lock()
			lines = nil
			mu.Unlock()
			c.do()
			synctest.Wait()
			mu.Lock()
			if len(lines) != 1 {
				t.Fatalf("%s: %d lines", c.sample, len(lines))
			}
			got := shape(t, lines[0])
			mu.Unlock()
			sample, err := os.ReadFile(filepath.Join("testdata", "0.13.19", c.sample+".json"))
			if err != nil {
				t.Fatal(err)
			}
			if want := shape(t, sample); !slices.Equal(got, want) {
				t.Errorf("%s: the shape is\n%s, want\n%s", c.sample, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	})
}

// shape lists the names in a notification with the types of their values.
func shape(t *testing.T, line []byte) []string {
	t.Helper()
	var v struct {
		Params map[string]any `json:"params"`
	}
	if err := json.Unmarshal(line, &v); err != nil {
		t.Fatal(err)
	}
	if inner, ok := v.Params["result"].(map[string]any); ok {
		v.Params = inner
	}
	var out []string
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				if name != "isExpirationUpdate" {
					walk(path+"."+name, inner)
				}
			}
		case []any:
			for _, inner := range v {
				walk(path+"[]", inner)
			}
		default:
			out = append(out, fmt.Sprintf("%s %T", path, v))
		}
	}
	walk("", v.Params)
	slices.Sort(out)
	return out
}
