package lexicon

import (
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// The files that come with the program load, and every category is known by several concepts.
func TestLoad(t *testing.T) {
	l := load(t)
	per := map[string]int{}
	for id := range l.concepts {
		per[l.CategoryOf(ID(id))]++
	}
	for _, c := range Categories() {
		if c != Other && per[c] < 2 {
			t.Errorf("%s is known by %d concepts", c, per[c])
		}
	}
}

// Each mistake in a file is an error that names the file, the line and what to do.
func TestLoadErrors(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"unknown category":    {one("# x\n[weeding] gardenning\nwords: weed"), []string{"a.txt:2", `"gardenning"`, "gardening"}},
		"unknown beats":       {one("[weeding] gardening\nwords: weed\nbeats: sums"), []string{"a.txt:3", `"sums"`}},
		"phrase twice":        {one("[a] pets\nwords: dog\n[b] pets\nwords: cat,\n  Dogs"), []string{"a.txt:5", `"Dogs"`, "a.txt:2", "one of the two"}},
		"phrase in two files": {map[string]string{"a.txt": "[a] pets\nwords: the dog", "b.txt": "[b] pets\nwords: dog"}, []string{"b.txt:2", "a.txt:2"}},
		"concept twice":       {one("[a] pets\nwords: dog\n[a] pets\nwords: cat"), []string{"a.txt:3", "a.txt:1", "another name"}},
		"no bracket":          {one("[a pets\nwords: dog"), []string{"a.txt:1", "brackets"}},
		"no list":             {one("[a] pets\ndog, cat"), []string{"a.txt:2", "words:"}},
		"unknown list":        {one("[a] pets\nwodrs: dog"), []string{"a.txt:2", `"wodrs"`, "words"}},
		"list before concept": {one("words: dog"), []string{"a.txt:1", "before any concept"}},
		"continues nothing":   {one("  dog, cat"), []string{"a.txt:1", "continues no list"}},
		"no words":            {one("[a] pets\nnear: a 0.5"), []string{"a.txt:1", "no words"}},
		"only small words":    {one("[a] pets\nwords: the my"), []string{"a.txt:2", `"the my"`}},
		"only a gap":          {one("[a] pets\nwords: _"), []string{"a.txt:2", "no word"}},
		"says nothing":        {map[string]string{"a.txt": "[a] pets\nwords: my two", "b.txt": "stop: two"}, []string{"a.txt:2", `"my two"`, "another word"}},
		"near nothing":        {one("[a] pets\nwords: dog\nnear: b 0.5"), []string{"a.txt:3", `"b"`, "no concept"}},
		"bad weight":          {one("[a] pets\nwords: dog\nnear: a much"), []string{"a.txt:3", `"much"`, "0.5"}},
		"weight not above 0":  {one("[a] pets 0\nwords: dog"), []string{"a.txt:1", `"0"`}},
		"unknown act":         {one("[a] pets\nact: barter\nwords: dog"), []string{"a.txt:2", `"barter"`, "borrow"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := fstest.MapFS{}
			for file, data := range c.files {
				dir[file] = &fstest.MapFile{Data: []byte(data)}
			}
			_, err := LoadFrom(dir)
			if err == nil {
				t.Fatal("loaded")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q doesn't say %q", err, want)
				}
			}
		})
	}
}

// Two forms of a word within one concept are no mistake, and the greater weight counts.
func TestFormsOfOneWord(t *testing.T) {
	l, err := LoadFrom(fstest.MapFS{"a.txt": {Data: []byte("[a] pets\nstrong: walk\nweak: walking, walked")}})
	if err != nil {
		t.Fatal(err)
	}
	if hits := l.Concepts("we walked"); len(hits) != 1 || hits[0].Weight != strongWeight {
		t.Errorf("got %v", hits)
	}
}

func one(data string) map[string]string { return map[string]string{"a.txt": data} }

func load(t testing.TB) *Lexicon {
	t.Helper()
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A hit gives the place of its words in the text, whatever stands around them.
func TestSpans(t *testing.T) {
	l := load(t)
	for text, want := range map[string]string{
		"Could you walk my old dog, please?": "walk my old dog",
		"— The WASHING-MACHINE’s broken":     "WASHING-MACHINE’s",
		"Gráinne’s hédge 🌳":                  "hédge",
	} {
		found := false
		for _, h := range l.Concepts(text) {
			found = found || text[h.Start:h.End] == want
		}
		if !found {
			t.Errorf("%q: no hit on %q in %v", text, want, l.Concepts(text))
		}
	}
}

// A longer phrase hides the words within it, and a word in a gap stands for itself.
func TestLongerPhraseCounts(t *testing.T) {
	l, err := LoadFrom(fstest.MapFS{"a.txt": {Data: []byte(
		"[cleaner] home_help\nwords: cleaner\n[machine] lending\nwords: carpet cleaner\n[walk] pets\nwords: walk _ dog\n[old] home_help\nwords: old")}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"a carpet cleaner":               "machine",
		"a cleaner":                      "cleaner",
		"walk my old dog":                "walk old",
		"walk with the very old dog":     "old",
		"dog walk":                       "",
		"the cleaner, walk my dog":       "cleaner walk",
		"a Carpet-Cleaner and a CLEANER": "machine cleaner",
	} {
		var got []string
		for _, h := range l.Concepts(text) {
			got = append(got, h.Concept)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %q", text, got, want)
		}
	}
}

// A long word is known when it is written as two.
func TestWordWrittenAsTwo(t *testing.T) {
	l, err := LoadFrom(fstest.MapFS{"a.txt": {Data: []byte("[web] tech\nwords: homepage\n[baby] childcare\nwords: babysitter tonight")}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"a new home page":         "home page",
		"Home-page!":              "Home-page",
		"home my page":            "",
		"baby-sitter, tonight":    "baby-sitter, tonight",
		"baby sitter for tonight": "",
	} {
		got := ""
		for _, h := range l.Concepts(text) {
			got += text[h.Start:h.End]
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// The way of speaking decides before the subject does.
func TestCategoryByWayOfSpeaking(t *testing.T) {
	l := load(t)
	for text, want := range map[string]string{
		"could I get a lend of a strimmer":          "lending",
		"strimming the verge":                       "gardening",
		"guitar lessons":                            "arts",
		"teach me to bake bread":                    "food",
		"driving lessons before my test":            "tuition",
		"Offered: blackout curtains":                "goods",
		"Wanted: round thingamajig":                 "goods",
		"Offer: haircuts":                           "wellbeing",
		"can you take up a pair of curtains":        "crafts",
		"anyone want a bag of cooking apples":       "food",
		"going free: two rhubarb crowns":            "gardening",
		"has anyone space in a shed for a kayak":    "space",
		"someone to do the messages for me":         "home_help",
		"sorting the hot press":                     "home_help",
		"an hour with the strimmer along the ditch": "gardening",
		"bringing in the turf before it rains":      "moving",
		"tip run on Saturday":                       "moving",
		"a lift to Mass":                            "transport",
		"help lifting a wardrobe":                   "moving",
		"maths grinds":                              "tuition",
		"minding two smallies for an hour":          "childcare",
		"mind our dog at Easter":                    "pets",
		"hurling":                                   "wellbeing",
		"qwerty zxcv":                               "other",
		"":                                          "other",
	} {
		if got, score := l.Category(text); got != want {
			t.Errorf("%q: got %s (%.2f), want %s; %v", text, got, score, want, l.Concepts(text))
		}
	}
}

// The category of messages as neighbours write them stays right as often as it was. The
// bound lies a little under what was measured.
func TestCategoriesAreKept(t *testing.T) {
	l := load(t)
	data, err := os.ReadFile("testdata/categories.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	right, all := 0, 0
	for line := range strings.Lines(string(data)) {
		var m struct{ Category, Text string }
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		all++
		if got, _ := l.Category(m.Text); got == m.Category {
			right++
		} else {
			t.Logf("%q: %s, not %s", m.Text, m.Category, got)
		}
	}
	if share := float64(right) / float64(all); share < 0.94 {
		t.Errorf("%d of %d right, %.3f", right, all, share)
	}
}

// What small ads give away or look for is goods, whatever one could do with it otherwise; work on the
// same things is not.
func TestSmallAds(t *testing.T) {
	l := load(t)
	data, err := os.ReadFile("testdata/small-ads.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range []string{"Offered: ", "WANTED - ", "Does anyone want a ", "Free to collect, ", "ISO "} {
		right, all := 0, 0
		for thing := range strings.Lines(string(data)) {
			all++
			if got, _ := l.Category(way + strings.TrimSpace(thing)); got == "goods" {
				right++
			} else {
				t.Logf("%s%s is %s", way, strings.TrimSpace(thing), got)
			}
		}
		if float64(right) < 0.93*float64(all) {
			t.Errorf("%q: %d of %d are goods", way, right, all)
		}
	}
	for text, want := range map[string]string{
		"Offered: fixing bikes":                   "repairs",
		"Wanted: curtains shortened":              "crafts",
		"Offered: washing machine repairs":        "repairs",
		"Does anyone want their windows cleaned":  "home_help",
		"Does anyone want a lift to town":         "transport",
		"Anyone want to go for a swim on Sunday":  "wellbeing",
		"Anyone want tomato plants":               "gardening",
		"Free to a good home: two kittens":        "pets",
		"Wanted: a babysitter for Saturday":       "childcare",
		"Offered: piano lessons":                  "arts",
		"Wanted: someone to paint a garden fence": "repairs",
		"Would anyone like to join a book club":   "arts",
		"Anyone want to take a sofa":              "goods",
		"Moving to a new home, boxes and a bed":   "moving",
		"Would anyone like me to hang a door":     "repairs",
	} {
		if got, _ := l.Category(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

// Who says one thing may mean another: the concepts nearby are part of the meaning.
func TestMeaningHoldsWhatIsNear(t *testing.T) {
	l := load(t)
	for text, want := range map[string]string{
		"the collie is going mad":              "dog-walking",
		"the drum squeals on the spin cycle":   "appliances",
		"our first Friday night out in a year": "babysitting",
		"I only know hola":                     "spanish",
	} {
		found := false
		for _, m := range l.Meaning(text) {
			found = found || l.Name(m.ID) == want
		}
		if !found {
			t.Errorf("%q doesn't mean %s", text, want)
		}
	}
}

// One lexicon serves many goroutines.
func TestConcurrent(t *testing.T) {
	l := load(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if c, _ := l.Category("mow the lawn"); c != "gardening" {
					t.Error(c)
				}
			}
		})
	}
	wg.Wait()
}

func TestTask(t *testing.T) {
	l := load(t)
	for text, want := range map[string]bool{"mowed the lawn": true, "Hoovering": true, "what a match": false, "": false} {
		if l.Task(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func FuzzConcepts(f *testing.F) {
	l := load(f)
	f.Add("walk my old dog — “the’s’ ' 's é \xff\xfe")
	f.Add(strings.Repeat("walk the ", 200))
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range l.Concepts(text) {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
				t.Fatalf("%q: span %d-%d", text, h.Start, h.End)
			}
		}
		if c, score := l.Category(text); score < 0 || score > 1 || c == "" {
			t.Fatalf("%q: %s %f", text, c, score)
		}
	})
}

func BenchmarkConcepts(b *testing.B) {
	l := load(b)
	for b.Loop() {
		l.Concepts("Could anyone give my mother a lift to the eye clinic on Tuesday morning around ten?")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
