package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"communityconnect/ledger"
)

// reader collects what is wrong while the tables of a file are read.
type reader struct {
	file     string
	root     map[string]any
	lines    map[string]int
	tables   []*table
	known    map[string][]string // the keys of each kind of table, as far as they were asked for
	problems []Problem
}

// newReader parses the document. What is no TOML fails at once.
func newReader(file string, doc []byte) (*reader, error) {
	r := &reader{file: file, root: map[string]any{}, known: map[string][]string{}}
	doc = bytes.TrimPrefix(doc, []byte("\ufeff")) // some editors begin a file with it
	err := toml.Unmarshal(doc, &r.root)
	var syntax *toml.DecodeError
	switch {
	case errors.As(err, &syntax):
		line, _ := syntax.Position()
		text := strings.TrimPrefix(syntax.Error(), "toml: ")
		if !strings.Contains(text, "already") {
			text += "; texts stand in quotes, and what follows # is a comment"
		}
		return nil, &Error{[]Problem{{file, line, text}}}
	case err != nil:
		return nil, &Error{[]Problem{{file, 0, strings.TrimPrefix(err.Error(), "toml: ")}}}
	}
	r.lines = positions(doc)
	return r, nil
}

func (r *reader) problem() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return &Error{r.problems}
}

// table is one table of the file while it is read.
type table struct {
	r    *reader
	name string // as positions knows it
	kind string // as it is written in the file: the name without numbers
	keys map[string]any
}

func (r *reader) table(name string, keys map[string]any) *table {
	var words []string
	for _, w := range strings.Split(name, ".") {
		if _, err := strconv.Atoi(w); err != nil {
			words = append(words, w)
		}
	}
	t := &table{r: r, name: name, kind: strings.Join(words, "."), keys: keys}
	r.tables = append(r.tables, t)
	return t
}

// wrong reports a problem with a key, or with the table itself if key is "".
func (t *table) wrong(key, format string, args ...any) {
	line := t.r.lines[strings.TrimSuffix(join(t.name, key), ".")]
	if line == 0 {
		line = t.r.lines[t.name]
	}
	t.r.problems = append(t.r.problems, Problem{t.r.file, line, fmt.Sprintf(format, args...)})
}

// get returns a key's value and remembers that there is such a key.
func (t *table) get(key string) (v any, set bool) {
	if !slices.Contains(t.r.known[t.kind], key) {
		t.r.known[t.kind] = append(t.r.known[t.kind], key)
	}
	v, set = t.keys[key]
	return v, set
}

// has reports whether the file gives the key.
func (t *table) has(key string) bool {
	_, set := t.keys[key]
	return set
}

// text reads a string, or returns the default.
func (t *table) text(key, byDefault string) string {
	v, set := t.get(key)
	if !set {
		return byDefault
	}
	s, ok := v.(string)
	if !ok {
		t.wrong(key, "%s is a text and stands in quotes, not %s", key, kindOf(v))
		return byDefault
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		t.wrong(key, "%s is one line of plain text, without control characters", key)
		return byDefault
	}
	return strings.TrimSpace(s)
}

// texts reads a list of strings.
func (t *table) texts(key string) []string {
	v, set := t.get(key)
	if !set {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		t.wrong(key, "%s is a list of texts, like [\"one\", \"two\"], not %s", key, kindOf(v))
		return nil
	}
	var all []string
	for _, item := range list {
		s, ok := item.(string)
		if !ok {
			t.wrong(key, "%s is a list of texts in quotes, and one of them is %s", key, kindOf(item))
			return nil
		}
		all = append(all, strings.TrimSpace(s))
	}
	return all
}

// number reads a whole number between two bounds.
func (t *table) number(key string, low, high, byDefault int) int {
	v, set := t.get(key)
	if !set {
		return byDefault
	}
	n, ok := v.(int64)
	if !ok || n < int64(low) || n > int64(high) {
		t.wrong(key, "%s is a whole number from %d to %d, without quotes", key, low, high)
		return byDefault
	}
	return int(n)
}

// limit reads a floor or a ceiling.
func (t *table) limit(key string, byDefault ledger.Minutes) ledger.Minutes {
	v, set := t.get(key)
	if !set {
		return byDefault
	}
	s, ok := v.(string)
	if !ok {
		t.wrong(key, "%s is an amount in quotes with its unit, like %q, not %s", key, byDefault.Signed(), kindOf(v))
		return byDefault
	}
	m, err := ledger.ParseLimit(s)
	switch {
	case err != nil:
		t.wrong(key, "%s = %q is no limit: write hours and minutes, like %q; the widest is %s", key, s, byDefault.Signed(), ledger.MaxLimit)
	case strings.HasSuffix(key, "floor") && m > 0:
		t.wrong(key, "%s = %q lies above zero; a floor is how far below zero somebody may go, like %q", key, s, (-m).Signed())
	case strings.HasSuffix(key, "ceiling") && m < 0:
		t.wrong(key, "%s = %q lies below zero; a ceiling is how far above zero somebody may go, like %q", key, s, (-m).Signed())
	default:
		return m
	}
	return byDefault
}

// sub reads a table inside this one; it is empty if there is none.
func (t *table) sub(key string) *table {
	v, set := t.get(key)
	keys, ok := v.(map[string]any)
	if set && !ok {
		t.wrong(key, "%s is a table: write [%s] on a line of its own and its keys below", key, join(t.kind, key))
	}
	return t.r.table(join(t.name, key), keys)
}

// unknown reports the keys that nobody has asked for, once every table is read.
func (t *table) unknown() {
	for _, key := range slices.Sorted(maps.Keys(t.keys)) {
		if !slices.Contains(t.r.known[t.kind], key) {
			t.wrong(key, "there is no key %q%s; %s", key, in(t.kind), t.r.hint(t.kind, key))
		}
	}
}

func in(kind string) string {
	if kind == "" {
		return " at the top of the file"
	}
	return " in [" + kind + "]"
}

// hint says what an unknown key was probably meant to be.
func (r *reader) hint(kind, key string) string {
	for _, other := range slices.Sorted(maps.Keys(r.known)) {
		if other != kind && slices.Contains(r.known[other], key) {
			return "it belongs" + in(other)
		}
	}
	best, least := "", 1+len(key)/3
	for _, k := range r.known[kind] {
		if d := distance(strings.ToLower(key), k); d <= least && (best == "" || d < least) {
			best, least = k, d
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "there are " + strings.Join(r.known[kind], ", ")
}

// distance counts the letters to insert, drop or exchange to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// kindOf names what stands in the place of something else.
func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case int64, float64:
		return "a number"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or a time"
}
