package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"communityconnect/board"
	"communityconnect/nlp/lexicon"
)

// postLine is an open post or a past trade, one a line.
type postLine struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"` // offer, request or trade
	Category string `json:"category"`
	Member   string `json:"member"`
	Provider string `json:"provider"` // of a trade
	Receiver string `json:"receiver"`
	Text     string `json:"text"`
	When     string `json:"when"`
}

// queryLine is a new post that looks for its answers. Its category is not given.
type queryLine struct {
	ID   string `json:"qid"`
	Kind string `json:"kind"`
	Text string `json:"text"`
	When string `json:"when"`
}

// rankingLine names the posts that answer a query, the best first.
type rankingLine struct {
	ID     string   `json:"qid"`
	Ranked []string `json:"ranked"`
}

// maxLine is the longest line that is read, in bytes.
const maxLine = 1 << 20

// match reads posts and queries as JSON lines and writes which posts answer each query,
// by the very index the bot uses.
func match(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("match", flag.ContinueOnError)
	postsFile := flags.String("posts", "", "")
	queriesFile := flags.String("queries", "", "")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *postsFile == "" || *queriesFile == "" {
		return usagef("match needs two files: match --posts P --queries Q")
	}
	lex, err := lexicon.Load()
	if err != nil {
		return err
	}
	index := board.NewIndex(lex)
	ids, err := addPosts(index, *postsFile)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	if err := answerQueries(index, ids, *queriesFile, json.NewEncoder(w)); err != nil {
		return err
	}
	return w.Flush()
}

// addPosts fills the index and returns the names of the entries by their number less one.
func addPosts(index *board.Index, file string) (ids []string, err error) {
	members := map[string]int64{}
	member := func(name string) int64 {
		if name != "" && members[name] == 0 {
			members[name] = int64(len(members) + 1)
		}
		return members[name]
	}
	seen := map[string]bool{}
	err = eachLine(file, func(p postLine) error {
		switch {
		case p.ID == "":
			return errors.New("a post needs an id")
		case seen[p.ID]:
			return fmt.Errorf("post %q stands twice", p.ID)
		case p.Text == "":
			return fmt.Errorf("post %q needs a text", p.ID)
		}
		seen[p.ID] = true
		ids = append(ids, p.ID)
		n := int64(len(ids))
		switch p.Kind {
		case "offer", "request":
			index.AddPost(board.Post{ID: board.PostID(n), Kind: board.Kind(p.Kind), Author: member(p.Member), Category: p.Category,
				Text: p.Text, When: p.When, State: board.Open})
		case "trade":
			index.AddTrade(board.PastTrade{ID: n, Giver: member(p.Provider), Receiver: member(p.Receiver), What: p.Text})
		default:
			return fmt.Errorf("post %q has kind %q; use offer, request or trade", p.ID, p.Kind)
		}
		return nil
	})
	return ids, err
}

func answerQueries(index *board.Index, ids []string, file string, out *json.Encoder) error {
	return eachLine(file, func(q queryLine) error {
		switch {
		case q.ID == "":
			return errors.New("a query needs a qid")
		case q.Kind != "offer" && q.Kind != "request":
			return fmt.Errorf("query %q has kind %q; use offer or request", q.ID, q.Kind)
		}
		answer := rankingLine{ID: q.ID, Ranked: []string{}}
		for _, m := range index.Match(board.Query{Kind: board.Kind(q.Kind), Text: q.Text, When: q.When}) {
			answer.Ranked = append(answer.Ranked, ids[int64(m.Post)+m.Trade-1])
		}
		return out.Encode(answer)
	})
}

// eachLine reads a file of JSON lines. An error names the file and the line; empty lines are skipped.
func eachLine[T any](file string, use func(T) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			return fmt.Errorf("%s:%d: this is no JSON object of the expected shape: %w", file, n, err)
		}
		if err := use(v); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", file, n+1, err)
	}
	return nil
}
