package boardbench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"communityconnect/board"
	"communityconnect/nlp/lexicon"
)

const posts = 10_000

// texts are the offers and requests of the judged sets: what neighbours write.
func texts(b testing.TB) (offers, requests []string) {
	b.Helper()
	for _, name := range []string{"dev-posts", "ours-posts", "dev-queries", "ours-queries"} {
		f, err := os.Open("../testdata/" + name + ".jsonl")
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var p struct{ Kind, Text string }
			if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
				b.Fatal(err)
			}
			switch p.Kind {
			case "offer":
				offers = append(offers, p.Text)
			case "request":
				requests = append(requests, p.Text)
			}
		}
	}
	return offers, requests
}

// manyPosts makes ten thousand open posts, half offers and half requests, each of the halves of two
// texts, so that no two are alike but every word is as common as among neighbours.
func manyPosts(b testing.TB) (all []board.Post, queries []string) {
	offers, requests := texts(b)
	for i := range posts {
		of, kind := offers, board.Offer
		if i%2 == 1 {
			of, kind = requests, board.Request
		}
		n := i / 2
		text := of[n%len(of)] + ", " + of[(n*7+n/len(of)+1)%len(of)]
		all = append(all, board.Post{ID: board.PostID(i + 1), Kind: kind, Author: int64(i%100 + 1), Text: text, State: board.Open,
			Created: time.Unix(int64(i), 0)})
	}
	return all, requests
}

func filled(b *testing.B, all []board.Post) *board.Index {
	b.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		b.Fatal(err)
	}
	index := board.NewIndex(lex)
	for _, p := range all {
		index.AddPost(p)
	}
	return index
}

// BenchmarkMatch answers requests from ten thousand open posts, five matches with reasons each.
func BenchmarkMatch(b *testing.B) {
	all, queries := manyPosts(b)
	index := filled(b, all)
	reportMedian(b, func(i int) {
		index.Match(board.Query{Kind: board.Request, Text: queries[i%len(queries)], Member: 1, Limit: 5})
	})
}

// BenchmarkSearch finds typed words among ten thousand open posts.
func BenchmarkSearch(b *testing.B) {
	all, _ := manyPosts(b)
	index := filled(b, all)
	words := []string{"washing machine", "boxes", "gard", "babysiter", "lift to hospital"}
	reportMedian(b, func(i int) { index.Search(board.Search{Text: words[i%len(words)], Limit: 5}) })
}

// BenchmarkRebuild builds the index of ten thousand posts, as at start.
func BenchmarkRebuild(b *testing.B) {
	all, _ := manyPosts(b)
	lex, err := lexicon.Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		index := board.NewIndex(lex)
		for _, p := range all {
			index.AddPost(p)
		}
	}
}

// BenchmarkUpdate changes one post among ten thousand.
func BenchmarkUpdate(b *testing.B) {
	all, _ := manyPosts(b)
	index := filled(b, all)
	i := 0
	for b.Loop() {
		index.AddPost(all[i%len(all)])
		i += 7
	}
}

// reportMedian runs do and reports the median and the 99th percentile beside the mean.
func reportMedian(b *testing.B, do func(i int)) {
	var took []time.Duration
	i := 0
	for b.Loop() {
		start := time.Now()
		do(i)
		took = append(took, time.Since(start))
		i++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
}

// No two posts of the benchmark are alike, so that nothing is cheaper than on a real board.
func TestManyPostsDiffer(t *testing.T) {
	all, _ := manyPosts(t)
	seen := map[string]bool{}
	for _, p := range all {
		key := fmt.Sprint(p.Kind, p.Text)
		if seen[key] {
			t.Fatalf("%q stands twice", p.Text)
		}
		seen[key] = true
	}
}
