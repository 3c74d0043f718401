package board

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"slices"
	"sort"
	"testing"

	"communityconnect/nlp/lexicon"
)

// The judged queries: each set has posts, and queries that say which posts fit (2) or are
// plausible (1). See testdata/README.md.
type judgedPost struct {
	ID, Kind, Category, Member, Provider, Receiver, Text, When string
}

type judgedQuery struct {
	QID, Kind, Text, Category string
	Overlap                   bool `json:"lexical_overlap"`
	Relevance                 map[string]int
}

// judgedSet is an index with the posts of a set, and the queries put to it.
type judgedSet struct {
	index   *Index
	posts   []judgedPost
	queries []judgedQuery
}

func loadSet(t testing.TB, name string) judgedSet {
	t.Helper()
	posts := name
	if name == "more" { // further queries to the posts of dev
		posts = "dev"
	}
	s := judgedSet{index: NewIndex(loadLexicon(t)), posts: readLines[judgedPost](t, "testdata/"+posts+"-posts.jsonl"),
		queries: readLines[judgedQuery](t, "testdata/"+name+"-queries.jsonl")}
	for i, p := range s.posts {
		id := int64(i + 1)
		if p.Kind == "trade" {
			s.index.AddTrade(PastTrade{ID: id, Giver: id, What: p.Text})
			continue
		}
		s.index.AddPost(Post{ID: PostID(id), Kind: Kind(p.Kind), Author: id, Category: p.Category, Text: p.Text, When: p.When, State: Open})
	}
	return s
}

func readLines[T any](t testing.TB, file string) []T {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out = append(out, v)
	}
	return out
}

func loadLexicon(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

func (s judgedSet) ranked(q judgedQuery) []string {
	var ids []string
	for _, m := range s.index.Match(Query{Kind: Kind(q.Kind), Text: q.Text}) {
		ids = append(ids, s.posts[int64(m.Post)+m.Trade-1].ID)
	}
	return ids
}

// ndcg5 is the normalised discounted cumulative gain of the first five, gain 2^grade-1.
func ndcg5(ranked []string, relevance map[string]int) float64 {
	gain := func(grades []int) (sum float64) {
		for i, g := range grades[:min(5, len(grades))] {
			sum += (math.Pow(2, float64(g)) - 1) / math.Log2(float64(i)+2)
		}
		return sum
	}
	var got, ideal []int
	for _, id := range ranked {
		got = append(got, relevance[id])
	}
	for _, g := range relevance {
		ideal = append(ideal, g)
	}
	sort.Sort(sort.Reverse(sort.IntSlice(ideal)))
	if most := gain(ideal); most > 0 {
		return gain(got) / most
	}
	return 0
}

// The rankings of the judged queries stay at least as good as they were, with a word in
// common and without. The bounds lie a little under what was measured.
func TestRelevanceIsKept(t *testing.T) {
	for name, least := range map[string]struct{ all, noWord float64 }{
		"dev":  {0.93, 0.90},
		"ours": {0.90, 0.90},
		"more": {0.90, 0.90},
	} {
		set := loadSet(t, name)
		var all, noWord []float64
		for _, q := range set.queries {
			n := ndcg5(set.ranked(q), q.Relevance)
			all = append(all, n)
			if !q.Overlap {
				noWord = append(noWord, n)
			}
			if testing.Verbose() && n < 0.8 {
				t.Logf("%.2f %s %v want %v", n, q.Text, set.ranked(q), q.Relevance)
			}
		}
		t.Logf("%s: nDCG@5 %.3f over %d, without a shared word %.3f over %d", name, mean(all), len(all), mean(noWord), len(noWord))
		if mean(all) < least.all || mean(noWord) < least.noWord {
			t.Errorf("%s: nDCG@5 %.3f (at least %.2f), without a shared word %.3f (at least %.2f)", name, mean(all), least.all, mean(noWord), least.noWord)
		}
	}
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, f := range v {
		sum += f
	}
	return sum / float64(max(1, len(v)))
}

// What is shown goes the right way: never a post of the query's own kind.
func TestDirection(t *testing.T) {
	set := loadSet(t, "dev")
	for _, q := range set.queries {
		for _, id := range set.ranked(q) {
			i := slices.IndexFunc(set.posts, func(p judgedPost) bool { return p.ID == id })
			if set.posts[i].Kind == q.Kind || q.Kind == "offer" && set.posts[i].Kind == "trade" {
				t.Errorf("%s %q is answered by %s %q", q.Kind, q.Text, set.posts[i].Kind, set.posts[i].Text)
			}
		}
	}
}
