package linear

import "slices"

// Visit is shown words of one kind. Each row of up to longest of them is a feature; its
// name is the kind and the words, with spaces between.
type Visit func(kind string, longest int, words []string)

// Model answers questions. It doesn't change and may be used from many goroutines.
type Model struct {
	questions []string
	bias      []int32 // in hundredths, as are the weights
	rows      index
	starts    []int32 // where each row's weights start, and the last one's end
	weights   []weight
}

// weight is what a feature says about a question.
type weight struct {
	question int16
	value    int16
}

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
	sums := slices.Clone(m.bias)
	var seen rowSet
	each(func(kind string, longest int, words []string) {
		first := more(start, kind)
		for i := range words {
			h := first
			for _, w := range words[i:min(i+longest, len(words))] {
				h = more(more(h, " "), w)
				row, ok := m.rows.find(h)
				if !ok || !seen.add(row) {
					continue
				}
				for _, w := range m.weights[m.starts[row]:m.starts[row+1]] {
					sums[w.question] += int32(w.value)
				}
			}
		}
	})
	odds := make([]float64, len(sums))
	for q, sum := range sums {
		odds[q] = float64(sum) / hundredths
	}
	return odds
}

// index finds the row of a feature by its hash, by open addressing. It keeps half of each
// hash; nearly all of the other half is in the place where it lies.
type index []place

// place is where a row is noted.
type place struct {
	half uint32
	row  int32 // plus one; 0 where no row is noted
}

// indexOf notes the rows of the hashes, in their order, in at most three quarters of its places.
func indexOf(hashes []uint64) index {
	size := 1
	for size*3 < len(hashes)*4+1 {
		size *= 2
	}
	x := make(index, size)
	for row, h := range hashes {
		i := h
		for x.at(i).row > 0 {
			i++
		}
		*x.at(i) = place{half: uint32(h >> 32), row: int32(row) + 1}
	}
	return x
}

func (x index) at(i uint64) *place { return &x[i&uint64(len(x)-1)] }

// find returns a feature's row, and whether it has one.
func (x index) find(h uint64) (row int32, ok bool) {
	for i := h; ; i++ {
		switch p := x.at(i); {
		case p.row == 0:
			return 0, false
		case p.half == uint32(h>>32):
			return p.row - 1, true
		}
	}
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
