package linear

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Visit is shown words of one kind. Each row of up to longest of them is a feature; its
// name is the kind and the words, with spaces between.
type Visit func(kind string, longest int, words []string)

// Model answers questions. It doesn't change and may be used from many goroutines.
type Model struct {
	questions []string
	bias      []float64
	rows      map[uint64]int32 // a feature's hash to its row
	starts    []int32          // where each row's weights start, and the last one's end
	weights   []weight
}

// weight is what a feature says about a question.
type weight struct {
	question int32
	value    float32
}

// Read makes a model of what [Table.WriteTo] wrote. An error names the line.
func Read(r io.Reader) (*Model, error) {
	m := &Model{rows: map[uint64]int32{}, starts: []int32{0}}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "#") {
			continue // a remark
		}
		if err := m.line(lines.Text()); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if m.questions == nil {
		return nil, fmt.Errorf("the first line is to name the questions with their bias")
	}
	m.starts, m.weights = slices.Clip(m.starts), slices.Clip(m.weights)
	return m, nil
}

// line takes in a feature and its weights, or first of all the questions and their bias.
func (m *Model) line(line string) error {
	name, rest, ok := strings.Cut(line, "\t")
	fields := strings.Fields(rest)
	if !ok || len(fields)%2 != 0 {
		return fmt.Errorf("%q is no feature, a tab, and questions each with a weight", line)
	}
	first := m.questions == nil
	if h := hash(name); first != (name == "") || m.has(h) {
		return fmt.Errorf("%q is out of place or stands here twice", name)
	} else if !first {
		m.rows[h] = int32(len(m.starts) - 1)
	}
	for ; len(fields) > 0; fields = fields[2:] {
		value, err := strconv.ParseFloat(fields[1], 32)
		if err != nil {
			return err
		}
		if first {
			m.questions, m.bias = append(m.questions, fields[0]), append(m.bias, value)
			continue
		}
		q, ok := m.Question(fields[0])
		if !ok {
			return fmt.Errorf("%q is none of the questions", fields[0])
		}
		m.weights = append(m.weights, weight{int32(q), float32(value)})
	}
	if !first {
		m.starts = append(m.starts, int32(len(m.weights)))
	}
	return nil
}

func (m *Model) has(h uint64) bool { _, ok := m.rows[h]; return ok }

// Questions are what the model answers, in the order of its answers.
func (m *Model) Questions() []string { return m.questions }

// Question returns the place of a question's answer in what Ask returns, and whether the
// model knows it.
func (m *Model) Question(name string) (int, bool) {
	i := slices.Index(m.questions, name)
	return i, i >= 0
}

// Ask returns for each question the logarithm of the odds that the answer is yes. The
// text's features are shown by each; one that is shown twice counts once.
func (m *Model) Ask(each func(Visit)) []float64 {
	odds := slices.Clone(m.bias)
	var seen rowSet
	each(func(kind string, longest int, words []string) {
		first := more(start, kind)
		for i := range words {
			h := first
			for _, w := range words[i:min(i+longest, len(words))] {
				h = more(more(h, " "), w)
				row, ok := m.rows[h]
				if !ok || !seen.add(row) {
					continue
				}
				for _, w := range m.weights[m.starts[row]:m.starts[row+1]] {
					odds[w.question] += float64(w.value)
				}
			}
		}
	})
	return odds
}

// rowSet is a set of rows that needs no map for texts of a usual length.
type rowSet struct {
	few  [512]int32 // a row's number plus one, at its place or the next free one
	n    int
	many map[int32]bool
}

// add puts a row in and reports whether it wasn't there.
func (s *rowSet) add(row int32) bool {
	if s.n >= len(s.few)/2 {
		if s.many == nil {
			s.many = map[int32]bool{}
			for _, r := range s.few {
				s.many[r-1] = r > 0
			}
		}
		fresh := !s.many[row]
		s.many[row] = true
		return fresh
	}
	for i := int(row); ; i++ {
		switch at := &s.few[i%len(s.few)]; *at {
		case 0:
			*at = row + 1
			s.n++
			return true
		case row + 1:
			return false
		}
	}
}

// Names returns the names of the features that each shows, each once.
func Names(each func(Visit)) []string {
	var out []string
	seen := map[string]bool{}
	each(func(kind string, longest int, words []string) {
		for i := range words {
			name := kind
			for _, w := range words[i:min(i+longest, len(words))] {
				name += " " + w
				if !seen[name] {
					seen[name] = true
					out = append(out, name)
				}
			}
		}
	})
	return out
}

// The hash is FNV-1a with 64 bits (Fowler, Noll, Vo), which can go on where it stopped:
// names need not be put together to be found.
const (
	start = 14695981039346656037
	prime = 1099511628211
)

func hash(s string) uint64 { return more(start, s) }

func more(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h
}
