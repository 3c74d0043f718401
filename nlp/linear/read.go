package linear

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Weights and bias are kept and added up in hundredths, as they are written: so the same
// text has the same odds everywhere, to the last digit.
const hundredths = 100

// reader puts a model together.
type reader struct {
	Model
	hashes []uint64        // of the features, row by row
	known  map[uint64]bool // the same
}

// Read makes a model of what [Table.WriteTo] wrote. An error names the line.
func Read(r io.Reader) (*Model, error) {
	m := &reader{Model: Model{starts: []int32{0}}, known: map[uint64]bool{}}
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
	return &Model{
		questions: m.questions, bias: m.bias, rows: indexOf(m.hashes),
		starts: slices.Clone(m.starts), weights: slices.Clone(m.weights), // without what they had left to grow
	}, nil
}

// line takes in a feature and its weights, or first of all the questions and their bias.
func (m *reader) line(line string) error {
	name, rest, ok := strings.Cut(line, "\t")
	fields := strings.Fields(rest)
	if !ok || len(fields)%2 != 0 {
		return fmt.Errorf("%q is no feature, a tab, and questions each with a weight", line)
	}
	h := hash(name)
	first := m.questions == nil
	if first != (name == "") || m.known[h] {
		return fmt.Errorf("%q is out of place or stands here twice", name)
	}
	for ; len(fields) > 0; fields = fields[2:] {
		value, err := inHundredths(fields[1])
		if err != nil {
			return err
		}
		if first {
			m.questions, m.bias = append(m.questions, fields[0]), append(m.bias, int32(value))
			continue
		}
		q, ok := m.Question(fields[0])
		if !ok {
			return fmt.Errorf("%q is none of the questions", fields[0])
		}
		m.weights = append(m.weights, weight{int16(q), value})
	}
	if !first {
		m.known[h], m.hashes = true, append(m.hashes, h)
		m.starts = append(m.starts, int32(len(m.weights)))
	}
	return nil
}

func inHundredths(text string) (int16, error) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, err
	}
	value = math.Round(value * hundredths)
	if math.Abs(value) > math.MaxInt16 || math.IsNaN(value) {
		return 0, fmt.Errorf("%s is no weight from -327 to 327", text)
	}
	return int16(value), nil
}
