package linear_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"communityconnect/nlp/linear"
)

// words shows a text's words, alone and in pairs.
func words(text string) func(linear.Visit) {
	return func(visit linear.Visit) { visit("w", 2, strings.Fields(text)) }
}

func examples(yes, no []string) []linear.Example {
	var out []linear.Example
	for _, t := range yes {
		out = append(out, linear.Example{Features: linear.Names(words(t)), Answers: []linear.Answer{linear.Yes}})
	}
	for _, t := range no {
		out = append(out, linear.Example{Features: linear.Names(words(t)), Answers: []linear.Answer{linear.No}})
	}
	return out
}

func read(t *testing.T, table linear.Table) *linear.Model {
	t.Helper()
	var b bytes.Buffer
	if n, err := table.WriteTo(&b); err != nil || n != int64(b.Len()) {
		t.Fatalf("%d bytes, %v", n, err)
	}
	m, err := linear.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What tells yes from no is found, also where only the order of the words does.
func TestLearns(t *testing.T) {
	yes := []string{"dog bites man", "dog bites cat", "dog bites boy", "a dog bites", "the dog bites"}
	no := []string{"man bites dog", "cat bites dog", "boy bites dog", "bites a dog", "bites the dog"}
	m := read(t, linear.Train([]linear.Question{{Name: "dog", Cost: 1}}, examples(yes, no)))
	for text, want := range map[string]bool{"my dog bites girl": true, "girl bites dog": false} {
		if odds := m.Ask(words(text))[0]; (odds > 0) != want {
			t.Errorf("%q: odds %.2f", text, odds)
		}
	}
}

// The weights are those where the loss is least: no small step from them makes it less.
func TestTheLossIsLeast(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var all []linear.Example
	for range 200 {
		e := linear.Example{Answers: []linear.Answer{linear.No}}
		score := 0
		for f := range 6 {
			if r.IntN(2) == 0 {
				e.Features = append(e.Features, fmt.Sprint("f ", f))
				score += f - 2
			}
		}
		if score+r.IntN(5)-2 > 0 {
			e.Answers[0] = linear.Yes
		}
		all = append(all, e)
	}
	const cost = 0.5
	table := linear.Train([]linear.Question{{Name: "q", Cost: cost}}, all)
	loss := func() float64 {
		sum := 0.0
		for _, w := range table.Weights {
			sum += w[0] * w[0] / 2
		}
		for _, e := range all {
			margin := table.Bias[0]
			for _, f := range e.Features {
				if w := table.Weights[f]; w != nil {
					margin += w[0]
				}
			}
			sum += cost * math.Log1p(math.Exp(-margin*float64(e.Answers[0])))
		}
		return sum
	}
	least := loss()
	for f, w := range table.Weights {
		for _, step := range []float64{-0.1, 0.1} {
			w[0] += step
			if l := loss(); l < least {
				t.Errorf("%s %+.2f: loss %.4f is less than %.4f", f, step, l, least)
			}
			w[0] -= step
		}
	}
}

// A model asked is the sum of the weights of the text's features, each counted once.
func TestAskIsTheSumOfTheWeights(t *testing.T) {
	table := linear.Table{Questions: []string{"a", "b"}, Bias: []float64{0.5, -1}, Weights: map[string][]float64{
		"w one": {1, 0}, "w two": {0, 2}, "w one two": {-0.25, 0.5}, "x one": {100, 100},
	}}
	m := read(t, table)
	for text, want := range map[string][]float64{"": {0.5, -1}, "one": {1.5, -1}, "one one": {1.5, -1}, "one two three one": {1.25, 1.5}, "two one": {1.5, 1}} {
		if got := m.Ask(words(text)); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	long := strings.Repeat("one two ", 40) // every feature again and again
	for i := range 300 {
		table.Weights[fmt.Sprint("w n", i)] = []float64{1, 0}
		long += fmt.Sprintf("n%d n%d ", i, i)
	}
	if got := read(t, table).Ask(words(long)); !slices.Equal(got, []float64{1.25 + 300, 1.5}) {
		t.Errorf("of a long text: %v", got)
	}
	if q, ok := m.Question("b"); !ok || q != 1 {
		t.Errorf("question b is %d, %v", q, ok)
	}
	if _, ok := m.Question("c"); ok {
		t.Error("a question that was not learnt is known")
	}
}

// However many features there are, each is found, and none that is unknown.
func TestManyFeatures(t *testing.T) {
	var file strings.Builder
	file.WriteString("\tq 0\n")
	const many = 20000
	for i := range many {
		fmt.Fprintf(&file, "w n%d\tq %d\n", i, i%100+1)
	}
	m, err := linear.Read(strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 * many {
		want := float64(i%100 + 1)
		if i >= many {
			want = 0
		}
		if got := m.Ask(words(fmt.Sprint("n", i)))[0]; got != want {
			t.Fatalf("feature %d weighs %v, want %v", i, got, want)
		}
	}
}

// Examples that don't answer a question teach nothing about it, features a question
// doesn't use say nothing about it, and what is seldom or weighs next to nothing is
// left out.
func TestWhatIsLeftOut(t *testing.T) {
	all := examples([]string{"sun x", "sun y", "sun z", "sun rare"}, []string{"rain x", "rain y", "rain z"})
	for i := range all {
		all[i].Answers = append(all[i].Answers, linear.Unasked)
	}
	noRain := func(f string) bool { return f != "w rain" }
	table := linear.Train([]linear.Question{{Name: "warm", Cost: 1, Tiny: 0.1, Uses: noRain}, {Name: "loud", Cost: 1}}, all)
	for _, f := range []string{"w rain", "w rare", "w x"} {
		if w, ok := table.Weights[f]; ok {
			t.Errorf("%q weighs %v", f, w)
		}
	}
	if w := table.Weights["w sun"]; w == nil || w[0] <= 0 || w[1] != 0 {
		t.Errorf("sun weighs %v", w)
	}
	if table.Bias[1] != 0 {
		t.Errorf("an unanswered question leans by %v", table.Bias[1])
	}
}

// Where yes is seldom it is believed all the same if both are to count alike.
func TestEven(t *testing.T) {
	var yes, no []string
	for range 3 {
		yes = append(yes, "hedge")
	}
	for range 3 {
		no = append(no, "hedge")
	}
	for range 90 {
		no = append(no, "weather")
	}
	odds := func(even bool) float64 {
		return read(t, linear.Train([]linear.Question{{Name: "q", Cost: 1, Even: even}}, examples(yes, no))).Ask(words("hedge"))[0]
	}
	if plain, even := odds(false), odds(true); plain > 0.2 || even < 1 {
		t.Errorf("odds %.2f, evened out %.2f", plain, even)
	}
}

// Learning twice gives the same table.
func TestSameEveryTime(t *testing.T) {
	all := examples([]string{"a b c", "a c", "b a", "a b"}, []string{"c b", "b c", "c a b", "c"})
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if _, err := linear.Train([]linear.Question{{Name: "q", Cost: 1}}, all).WriteTo(b); err != nil {
			t.Fatal(err)
		}
	}
	if first.String() != second.String() || first.Len() == 0 {
		t.Errorf("%s\nand\n%s", &first, &second)
	}
}

func TestRemarksArePassedOver(t *testing.T) {
	m, err := linear.Read(strings.NewReader("# made by hand\n\tq 1\n# a word\nw one\tq 2\n"))
	if err != nil {
		t.Fatal(err)
	}
	if odds := m.Ask(words("one")); odds[0] != 3 {
		t.Errorf("odds %v", odds)
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	for file, want := range map[string]string{
		"":                                "first line",
		"w one\tq 1\n":                    "line 1",
		"\tq 0\nw one q 1\n":              "line 2",
		"\tq 0\nw one\tq\n":               "line 2",
		"\tq 0\nw one\tq much\n":          "much",
		"\tq 0\nw one\tq 328\n":           "328",
		"\tq NaN\n":                       "NaN",
		"\tq 0\nw one\tr 1\n":             `"r"`,
		"\tq 0\nw one\tq 1\nw one\tq 2\n": "twice",
		"\tq 0\n\tq 0\n":                  "line 2",
	} {
		if _, err := linear.Read(strings.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want something about %s", file, err, want)
		}
	}
}
