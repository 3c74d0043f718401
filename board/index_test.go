package board

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// someText draws a text of words neighbours use, of nonsense, or of both.
func someText() *rapid.Generator[string] {
	words := strings.Fields(`mow lawn grass hedge boxes moving van Saturday evening shelf shelves drill borrow ladder dog cat walk maths grinds
		babysitter kids lift airport hospital laptop phone bread cake sewing curtains massage yoga form tax guitar party parking sofa Tuesday
		morning nobody the a need help with for qqqq zork mowwing babysiter 7pm weekend`)
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom(words), 0, 9), func(w []string) string { return strings.Join(w, " ") })
}

func someKind() *rapid.Generator[Kind] { return rapid.SampledFrom([]Kind{Offer, Request}) }

// An index that was kept in step through any adding, changing and removing answers exactly
// like one built anew from what is left.
func TestKeptInStepEqualsRebuilt(t *testing.T) {
	lex := loadLexicon(t)
	start := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		kept := NewIndex(lex)
		posts, past := map[PostID]Post{}, map[int64]PastTrade{}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			id := rapid.Int64Range(1, 12).Draw(t, "id")
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0, 1:
				p := Post{ID: PostID(id), Kind: someKind().Draw(t, "kind"), Author: rapid.Int64Range(1, 4).Draw(t, "author"), Text: someText().Draw(t, "text"),
					State: rapid.SampledFrom([]State{Open, Open, Open, Closed}).Draw(t, "state"), Category: rapid.SampledFrom([]string{"gardening", "pets", ""}).Draw(t, "category"),
					Created: start.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hours")) * time.Hour)}
				kept.AddPost(p)
				posts[p.ID] = p
			case 2:
				kept.RemovePost(PostID(id))
				delete(posts, PostID(id))
			case 3:
				tr := PastTrade{ID: id, Giver: rapid.Int64Range(1, 4).Draw(t, "giver"), Receiver: 9, What: someText().Draw(t, "done"), At: start}
				kept.AddTrade(tr)
				past[id] = tr
			case 4:
				kept.RemoveTrade(id)
				delete(past, id)
			}
		}
		rebuilt := NewIndex(lex)
		for _, p := range posts {
			rebuilt.AddPost(p)
		}
		for _, tr := range past {
			rebuilt.AddTrade(tr)
		}
		q := Query{Kind: someKind().Draw(t, "asked"), Text: someText().Draw(t, "query"), Member: rapid.Int64Range(0, 4).Draw(t, "member"), Limit: 5}
		if a, b := kept.Match(q), rebuilt.Match(q); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v:\nkept    %+v\nrebuilt %+v", q, a, b)
		}
		s := Search{Text: q.Text, Trades: true, Limit: 5}
		if a, b := kept.Search(s), rebuilt.Search(s); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v:\nkept    %+v\nrebuilt %+v", s, a, b)
		}
		a1, a2 := kept.Len()
		b1, b2 := rebuilt.Len()
		if a1 != b1 || a2 != b2 {
			t.Fatalf("kept %d+%d, rebuilt %d+%d", a1, a2, b1, b2)
		}
	})
}

// Whatever is on the board and whoever asks: nothing of their own, nothing of an absent
// member and nothing of the query's own kind is a match; every match has a reason; the order is by
// score; and no more come than were asked for.
func TestMatchesAreFit(t *testing.T) {
	lex := loadLexicon(t)
	rapid.Check(t, func(t *rapid.T) {
		x := NewIndex(lex)
		kinds, authors, givers := map[PostID]Kind{}, map[PostID]int64{}, map[int64]int64{}
		for i := range rapid.IntRange(0, 20).Draw(t, "posts") {
			p := Post{ID: PostID(i + 1), Kind: someKind().Draw(t, "kind"), Author: rapid.Int64Range(1, 4).Draw(t, "author"), Text: someText().Draw(t, "text"), State: Open}
			kinds[p.ID], authors[p.ID] = p.Kind, p.Author
			x.AddPost(p)
		}
		for i := range rapid.Int64Range(0, 5).Draw(t, "trades") {
			givers[i+1] = rapid.Int64Range(1, 4).Draw(t, "giver")
			x.AddTrade(PastTrade{ID: i + 1, Giver: givers[i+1], Receiver: 9, What: someText().Draw(t, "done")})
		}
		absent := rapid.Int64Range(1, 4).Draw(t, "absent")
		q := Query{Kind: someKind().Draw(t, "asked"), Text: someText().Draw(t, "query"), Member: rapid.Int64Range(1, 4).Draw(t, "member"),
			Limit: rapid.IntRange(1, 8).Draw(t, "limit"),
			Standing: func(m int64) Standing {
				return Standing{Absent: m == absent, Position: float64(m-2) / 2, Active: float64(m) / 4}
			}}
		matches := x.Match(q)
		if len(matches) > q.Limit {
			t.Fatalf("%d matches, limit %d", len(matches), q.Limit)
		}
		for i, m := range matches {
			switch {
			case m.Member == q.Member || m.Member == absent:
				t.Fatalf("member %d matches", m.Member)
			case m.Post != 0 && (kinds[m.Post] != q.Kind.Opposite() || authors[m.Post] != m.Member):
				t.Fatalf("post %d of kind %s by %d: %+v", m.Post, kinds[m.Post], authors[m.Post], m)
			case m.Trade != 0 && (q.Kind != Request || givers[m.Trade] != m.Member):
				t.Fatalf("trade %d answers an %s", m.Trade, q.Kind)
			case (m.Post == 0) == (m.Trade == 0):
				t.Fatalf("neither or both: %+v", m)
			case len(m.Reasons) == 0 || m.Score <= 0:
				t.Fatalf("no reason: %+v", m)
			case i > 0 && m.Score > matches[i-1].Score:
				t.Fatalf("out of order: %+v", matches)
			}
		}
	})
}

// A balance weighs in the order, and is told in a field that is for that member alone:
// no reason anybody else hears depends on it.
func TestBalanceIsNoReason(t *testing.T) {
	x := NewIndex(loadLexicon(t))
	for m := int64(1); m <= 3; m++ {
		x.AddPost(Post{ID: PostID(m), Kind: Offer, Author: m, Text: "Lawn mowing", State: Open})
		x.AddPost(Post{ID: PostID(m + 10), Kind: Request, Author: m, Text: "Lawn to be mown", State: Open})
	}
	standing := func(m int64) Standing { return Standing{Position: float64(m - 2)} } // 1 at the floor, 3 at the ceiling
	order := func(ms []Match) (out []int64) {
		for _, m := range ms {
			out = append(out, m.Member)
		}
		return out
	}
	request := Query{Kind: Request, Text: "mow my lawn", Standing: standing}
	offer := Query{Kind: Offer, Text: "I mow lawns", Standing: standing}
	if got := order(x.Match(request)); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("a request goes to %v, want the one near the floor first", got)
	}
	if got := order(x.Match(offer)); !slices.Equal(got, []int64{3, 2, 1}) {
		t.Errorf("an offer goes to %v, want the one near the ceiling first", got)
	}
	for _, q := range []Query{request, offer} {
		blind := q
		blind.Standing = nil
		reasons := map[PostID][]Reason{}
		for _, m := range x.Match(blind) {
			reasons[m.Post] = m.Reasons
			if m.Private != NoNudge {
				t.Errorf("nudge %q out of nothing", m.Private)
			}
		}
		for _, m := range x.Match(q) {
			if !reflect.DeepEqual(m.Reasons, reasons[m.Post]) {
				t.Errorf("the balance shows in the reasons: %+v, without it %+v", m.Reasons, reasons[m.Post])
			}
			want := NoNudge
			if q.Kind == Request && m.Member == 1 {
				want = Earns
			} else if q.Kind == Offer && m.Member == 3 {
				want = Spends
			}
			if m.Private != want {
				t.Errorf("member %d hears %q, want %q", m.Member, m.Private, want)
			}
		}
	}
}

// The reasons name what is shared, who was helped before and that the time fits.
func TestReasons(t *testing.T) {
	x := NewIndex(loadLexicon(t))
	may := time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)
	x.AddPost(Post{ID: 1, Kind: Offer, Author: 1, Text: "Man with a Van", When: "most Saturdays", Category: "moving", State: Open})
	x.AddPost(Post{ID: 2, Kind: Offer, Author: 2, Text: "Small boxes for jewellery", Category: "crafts", State: Open})
	x.AddTrade(PastTrade{ID: 7, Giver: 3, Receiver: 4, What: "moving boxes", At: may})
	got := map[int64][]Reason{}
	for _, m := range x.Match(Query{Kind: Request, Text: "Looking for a van for a few boxes on Saturday morning"}) {
		got[m.Member] = m.Reasons
	}
	for member, want := range map[int64][]Reason{
		1: {{Kind: SharedWords, Words: []string{"van"}}, {Kind: SameConcept, Concept: "man with a van"}, {Kind: SameCategory, Concept: "moving"}, {Kind: SameTime}},
		2: {{Kind: SharedWords, Words: []string{"boxes"}}},
		3: {{Kind: DoneBefore, Trade: 7, With: 4, At: may}, {Kind: SharedWords, Words: []string{"boxes"}}},
	} {
		for _, w := range want {
			if !slices.ContainsFunc(got[member], func(r Reason) bool { return reflect.DeepEqual(r, w) }) {
				t.Errorf("member %d: no %+v in %+v", member, w, got[member])
			}
		}
	}
}

// Everything that speaks for one member is gathered, and tells more than one thing does.
func TestCandidates(t *testing.T) {
	x := NewIndex(loadLexicon(t))
	for m := int64(1); m <= 2; m++ {
		x.AddPost(Post{ID: PostID(m), Kind: Offer, Author: m, Text: "Bike repair", State: Open})
	}
	x.AddTrade(PastTrade{ID: 1, Giver: 1, Receiver: 5, What: "fixed a puncture"})
	got := Candidates(x.Match(Query{Kind: Request, Text: "bike with a puncture"}))
	if len(got) != 2 || got[0].Member != 1 || len(got[0].Matches) != 2 || len(got[1].Matches) != 1 || got[0].Score <= got[1].Score {
		t.Errorf("got %+v", got)
	}
	if len(Candidates(nil)) != 0 {
		t.Error("somebody out of nothing")
	}
}

// Named at once are the few near the best, and nobody who hardly fits.
func TestLikeliest(t *testing.T) {
	scored := func(scores ...float64) (out []Candidate) {
		for i, s := range scores {
			out = append(out, Candidate{Member: int64(i + 1), Score: s})
		}
		return out
	}
	for name, c := range map[string]struct {
		all        []Candidate
		most, want int
	}{
		"nobody":            {nil, 3, 0},
		"one":               {scored(0.5), 3, 1},
		"hardly fits":       {scored(Likely - 0.01), 3, 0},
		"as many as wanted": {scored(0.5, 0.5, 0.5), 2, 2},
		"far behind":        {scored(0.9, 0.7, 0.5), 3, 2},
	} {
		if got := Likeliest(c.all, c.most); len(got) != c.want {
			t.Errorf("%s: %d named, want %d", name, len(got), c.want)
		}
	}
}

// Who is near the floor hears of requests like what they offer or did; near the ceiling, of
// offers like what they asked for or got.
func TestSuggest(t *testing.T) {
	x := NewIndex(loadLexicon(t))
	x.AddPost(Post{ID: 1, Kind: Offer, Author: 1, Text: "Dog walking", State: Open})
	x.AddTrade(PastTrade{ID: 1, Giver: 1, Receiver: 2, What: "fixed a dripping tap"})
	x.AddPost(Post{ID: 2, Kind: Request, Author: 2, Text: "Walk my terrier", State: Open})
	x.AddPost(Post{ID: 3, Kind: Request, Author: 3, Text: "The kitchen tap drips", State: Open})
	x.AddPost(Post{ID: 4, Kind: Request, Author: 1, Text: "Walk my own dog, I've hurt my knee", State: Open})
	x.AddPost(Post{ID: 5, Kind: Offer, Author: 4, Text: "Retired plumber", State: Open})
	posts := func(ms []Match) (out []PostID) {
		for _, m := range ms {
			out = append(out, m.Post)
		}
		slices.Sort(out)
		return out
	}
	if got := posts(x.Suggest(1, Request, 5, nil)); !slices.Equal(got, []PostID{2, 3}) {
		t.Errorf("to earn: %v", got)
	}
	if got := posts(x.Suggest(2, Offer, 5, nil)); !slices.Equal(got, []PostID{1, 5}) {
		t.Errorf("to spend: %v", got)
	}
	if got := x.Suggest(9, Request, 5, nil); len(got) != 0 {
		t.Errorf("out of nothing: %v", got)
	}
}

// Whatever is typed, nothing breaks and nothing takes long.
func FuzzMatch(f *testing.F) {
	set := loadSet(f, "dev")
	f.Add("walk my dog on Saturday", true)
	f.Add(strings.Repeat("walk the ", 300)+"\xff\xfe’s — 🌳", false)
	f.Add("misspeltt wrods evrywhere in thiss sentance", true)
	f.Fuzz(func(t *testing.T, text string, request bool) {
		kind := Offer
		if request {
			kind = Request
		}
		for _, m := range set.index.Match(Query{Kind: kind, Text: text, Limit: 3}) {
			if m.Score <= 0 || m.Score != m.Score {
				t.Fatalf("%q scores %v", text, m.Score)
			}
		}
		set.index.Search(Search{Text: text, Trades: true})
		set.index.Duplicate(Post{Kind: kind, Author: 1, Text: text})
	})
}

// One index serves readers while it is being changed.
func TestConcurrent(t *testing.T) {
	x := NewIndex(loadLexicon(t))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 50 {
				id := PostID(i*100 + n + 1)
				x.AddPost(Post{ID: id, Kind: Offer, Author: int64(i + 1), Text: fmt.Sprint("mow the lawn ", n), State: Open})
				if ms := x.Match(Query{Kind: Request, Text: "lawn mowwing", Limit: 3}); len(ms) == 0 {
					t.Error("nothing found")
				}
				x.Search(Search{Text: "law"})
				if n%2 == 0 {
					x.RemovePost(id)
				}
			}
		})
	}
	wg.Wait()
	if posts, _ := x.Len(); posts != 100 {
		t.Errorf("%d posts left, want 100", posts)
	}
}
