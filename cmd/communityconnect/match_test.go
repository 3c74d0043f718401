package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func writeFile(t *testing.T, name, data string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// match names the posts that answer each query by the ids of the file.
func TestMatchVerb(t *testing.T) {
	posts := writeFile(t, "posts.jsonl", `{"id":"p1","kind":"offer","category":"gardening","member":"Ned","text":"Hedge cutting"}
{"id":"p2","kind":"request","category":"gardening","member":"Ann","text":"The hedge is wild"}

{"id":"p3","kind":"trade","category":"gardening","provider":"Eoin","receiver":"Nora","text":"Eoin clipped Nora's hedge"}
`)
	queries := writeFile(t, "queries.jsonl", `{"qid":"q1","kind":"request","text":"hedge to be clipped"}
{"qid":"q2","kind":"offer","text":"hedge cutting"}
{"qid":"q3","kind":"offer","text":"qwerty"}
`)
	var out bytes.Buffer
	if err := match([]string{"--posts", posts, "--queries", queries}, &out); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for line := range strings.Lines(out.String()) {
		var r rankingLine
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		got[r.ID] = strings.Join(r.Ranked, " ")
	}
	if !strings.Contains(got["q1"], "p1") || !strings.Contains(got["q1"], "p3") || strings.Contains(got["q1"], "p2") || got["q2"] != "p2" || got["q3"] != "" {
		t.Errorf("got %v", got)
	}
}

// A line that is no post or query is an error that names the file and the line.
func TestMatchVerbBadLines(t *testing.T) {
	const good = `{"id":"p1","kind":"offer","text":"Hedges"}` + "\n"
	for name, c := range map[string]struct{ posts, queries, want string }{
		"no JSON":       {good + "{", "", "posts.jsonl:2"},
		"not an object": {"[]", "", "posts.jsonl:1"},
		"no id":         {`{"kind":"offer","text":"Hedges"}`, "", "posts.jsonl:1: a post needs an id"},
		"twice":         {good + good, "", `posts.jsonl:2: post "p1" stands twice`},
		"no text":       {`{"id":"p1","kind":"offer"}`, "", "needs a text"},
		"bad kind":      {`{"id":"p1","kind":"wish","text":"Hedges"}`, "", `kind "wish"`},
		"bad query":     {good, "\n\nx", "queries.jsonl:3"},
		"no qid":        {good, `{"kind":"offer","text":"Hedges"}`, "queries.jsonl:1: a query needs a qid"},
		"query kind":    {good, `{"qid":"q","kind":"trade","text":"Hedges"}`, `kind "trade"`},
		"long line":     {good, strings.Repeat("x", maxLine+1), "queries.jsonl:1"},
	} {
		t.Run(name, func(t *testing.T) {
			err := match([]string{"--posts", writeFile(t, "posts.jsonl", c.posts), "--queries", writeFile(t, "queries.jsonl", c.queries)}, new(bytes.Buffer))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
	for name, args := range map[string][]string{"no files": nil, "one file": {"--posts", "x"}, "unknown flag": {"--post", "x"}} {
		if err := match(args, new(bytes.Buffer)); !errors.As(err, new(usageError)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := match([]string{"--posts", "no/such/file", "--queries", "x"}, new(bytes.Buffer)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
