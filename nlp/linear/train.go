package linear

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
)

// Answer is what is known of an example about one question.
type Answer int8

// The answers.
const (
	No      Answer = -1
	Unasked Answer = 0 // the example says nothing about the question
	Yes     Answer = 1
)

// Example is a labelled text.
type Example struct {
	Features []string // the names, each once
	Answers  []Answer // one for each question
}

// Question is something to learn.
type Question struct {
	Name string                    // without spaces
	Uses func(feature string) bool // which features may speak about it; nil for all
	Tiny float64                   // weights that come out smaller are left out
	Cost float64                   // how much an example counts against small weights: C of Fan et al., LIBLINEAR, 2008
	Even bool                      // count yes and no alike in all, however many there are of each
}

// How it is learnt.
const (
	seldom  = 3    // features in fewer examples are left out
	sweeps  = 60   // how often all weights are gone through
	settled = 5e-3 // a sweep in which no weight changes more ends it
)

// Table is what was learnt: a weight for each question, feature by feature.
type Table struct {
	Questions []string
	Bias      []float64
	Weights   map[string][]float64
}

// Train learns the weights. The same examples in the same order give the same table.
func Train(questions []Question, examples []Example) Table {
	names, columns := columnsOf(examples)
	t := Table{Weights: map[string][]float64{}}
	for q, question := range questions {
		t.Questions = append(t.Questions, question.Name)
		l := newLearner(examples, q, question)
		weights := make([]float64, len(names))
		for range sweeps {
			change := l.step(&l.bias, l.all, 0)
			for f, name := range names {
				if question.Uses == nil || question.Uses(name) {
					change = max(change, l.step(&weights[f], columns[f], 1))
				}
			}
			if change < settled {
				break
			}
		}
		t.Bias = append(t.Bias, rounded(l.bias))
		for f, w := range weights {
			w = rounded(w)
			if w == 0 || math.Abs(w) < question.Tiny {
				continue
			}
			if t.Weights[names[f]] == nil {
				t.Weights[names[f]] = make([]float64, len(questions))
			}
			t.Weights[names[f]][q] = w
		}
	}
	return t
}

func rounded(w float64) float64 { return math.Round(w*hundredths) / hundredths }

// columnsOf lists the features that are not seldom, in order, and which examples have them.
func columnsOf(examples []Example) (names []string, columns [][]int32) {
	having := map[string][]int32{}
	for i, e := range examples {
		for _, f := range e.Features {
			having[f] = append(having[f], int32(i))
		}
	}
	for _, f := range slices.Sorted(maps.Keys(having)) {
		if len(having[f]) >= seldom {
			names, columns = append(names, f), append(columns, having[f])
		}
	}
	return names, columns
}

// learner fits the weights of one question by going down one coordinate at a time, as in
// Genkin, Lewis and Madigan, Large-Scale Bayesian Logistic Regression, 2007.
type learner struct {
	sign   []float64 // +1, -1, or 0 for examples that are not asked
	cost   []float64 // what an example counts; both answers weigh the same in all
	margin []float64 // how far on the right side each example is
	all    []int32
	bias   float64
}

func newLearner(examples []Example, q int, question Question) *learner {
	l := &learner{sign: make([]float64, len(examples)), cost: make([]float64, len(examples)), margin: make([]float64, len(examples))}
	var count [3]float64
	for i, e := range examples {
		a := e.Answers[q]
		l.sign[i] = float64(a)
		if a != Unasked {
			l.all = append(l.all, int32(i))
			count[a+1]++
		}
	}
	for _, i := range l.all {
		l.cost[i] = question.Cost
		if question.Even {
			l.cost[i] *= float64(len(l.all)) / (2 * count[int(l.sign[i])+1])
		}
	}
	return l
}

// step moves one weight towards where the loss is least, by Newton's rule, at most by one,
// and returns how far. Keep is how strongly the weight is held at zero.
func (l *learner) step(w *float64, having []int32, keep float64) float64 {
	slope, bend := keep**w, keep
	for _, i := range having {
		if l.sign[i] == 0 {
			continue
		}
		wrong := 1 / (1 + math.Exp(l.margin[i]))
		slope -= l.cost[i] * l.sign[i] * wrong
		bend += l.cost[i] * wrong * (1 - wrong)
	}
	if bend == 0 {
		return 0
	}
	by := max(-1, min(1, -slope/bend))
	*w += by
	for _, i := range having {
		l.margin[i] += l.sign[i] * by
	}
	return math.Abs(by)
}

// WriteTo writes the table for [Read]: its questions with their bias, then a line for each
// feature in order.
func (t Table) WriteTo(w io.Writer) (int64, error) {
	var b []byte
	line := func(name string, values []float64) {
		b = append(b, name...)
		sep := byte('\t')
		for q, v := range values {
			if v != 0 || name == "" {
				b = fmt.Appendf(append(b, sep), "%s %g", t.Questions[q], v)
				sep = ' '
			}
		}
		b = append(b, '\n')
	}
	line("", t.Bias)
	for _, name := range slices.Sorted(maps.Keys(t.Weights)) {
		line(name, t.Weights[name])
	}
	n, err := w.Write(b)
	return int64(n), err
}
