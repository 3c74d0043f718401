//go:build sqlite_fts5

package boardbench

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"communityconnect/board"
	"communityconnect/nlp/lexicon"
)

// fts5 holds the same posts in SQLite's full text search, in memory, with its own stemmer.
func fts5(b *testing.B, all []board.Post) *sql.Stmt {
	b.Helper()
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	if _, err := db.Exec(`CREATE VIRTUAL TABLE post USING fts5(text, kind UNINDEXED, author UNINDEXED, tokenize = 'porter unicode61')`); err != nil {
		b.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range all {
		if _, err := tx.Exec(`INSERT INTO post(rowid, text, kind, author) VALUES (?, ?, ?, ?)`, p.ID, p.Text, string(p.Kind), p.Author); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO post(post) VALUES ('optimize')`); err != nil {
		b.Fatal(err)
	}
	find, err := db.Prepare(`SELECT rowid, bm25(post) FROM post WHERE post MATCH ? AND kind = 'offer' AND author <> 1 ORDER BY bm25(post) LIMIT 5`)
	if err != nil {
		b.Fatal(err)
	}
	return find
}

// expression asks for any of the words that say something, as the index does.
func expression(lex *lexicon.Lexicon, text string) string {
	var words []string
	for _, w := range lexicon.Words(text) {
		if !lex.Stop(w.Text) {
			words = append(words, `"`+w.Text+`"`)
		}
	}
	return strings.Join(words, " OR ")
}

func ask(find *sql.Stmt, expression string) error {
	rows, err := find.Query(expression)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var score float64
		if err := rows.Scan(&id, &score); err != nil {
			return err
		}
	}
	return rows.Err()
}

// rounds is how often all requests are put to one side before the other has its turn, so that
// each is measured with its own data near the processor.
const rounds = 4

// BenchmarkAgainstFTS5 puts the same requests to the index and to FTS5 in turns, and reports
// how many times as fast the index is at the median, and how long it takes to build as a share
// of FTS5's time; loading the lexicon is part of ours. The index also weighs concepts and gives
// reasons; FTS5 only ranks by BM25.
func BenchmarkAgainstFTS5(b *testing.B) {
	all, queries := manyPosts(b)
	var index *board.Index
	var find *sql.Stmt
	ourBuild := timed(func() { index = filled(b, all) })
	theirBuild := timed(func() { find = fts5(b, all) })
	lex, err := lexicon.Load()
	if err != nil {
		b.Fatal(err)
	}
	var expressions, texts []string
	for _, q := range queries {
		if e := expression(lex, q); e != "" {
			expressions, texts = append(expressions, e), append(texts, q)
		}
	}
	var ours, theirs []time.Duration
	for b.Loop() {
		for i := range rounds * len(texts) {
			text := texts[i%len(texts)]
			ours = append(ours, timed(func() { index.Match(board.Query{Kind: board.Request, Text: text, Member: 1, Limit: 5}) }))
		}
		for i := range rounds * len(texts) {
			e := expressions[i%len(texts)]
			theirs = append(theirs, timed(func() { err = errors.Join(err, ask(find, e)) }))
		}
	}
	if err != nil {
		b.Fatal(err)
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	mid := len(ours) / 2
	b.ReportMetric(float64(ours[mid].Nanoseconds())/1e3, "index-p50-µs")
	b.ReportMetric(float64(theirs[mid].Nanoseconds())/1e3, "fts5-p50-µs")
	b.ReportMetric(float64(theirs[mid])/float64(ours[mid]), "times")
	b.ReportMetric(float64(ourBuild)/float64(theirBuild), "build-share")
}

func timed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}
