package config

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// positions finds the line of every table and key of a document. A key goes by its whole
// name, "community.0.policy.floor"; tables that repeat are numbered from 0.
func positions(doc []byte) map[string]int {
	w := walker{doc: doc, lines: map[string]int{}, count: map[string]int{}}
	p := unstable.Parser{}
	p.Reset(doc)
	prefix := ""
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table:
			prefix = w.enter(e, false)
		case unstable.ArrayTable:
			prefix = w.enter(e, true)
		case unstable.KeyValue:
			w.value(prefix, e)
		}
	}
	return w.lines
}

type walker struct {
	doc   []byte
	lines map[string]int
	count map[string]int // how often a repeated table has begun
}

// enter notes the head of a table and returns its name.
func (w *walker) enter(e *unstable.Node, repeated bool) string {
	name, line := "", 0
	for keys := e.Key(); keys.Next(); {
		node := keys.Node()
		name, line = join(name, string(node.Data)), w.line(node)
		if repeated && keys.IsLast() {
			w.count[name]++
		}
		if n := w.count[name]; n > 0 {
			name = join(name, strconv.Itoa(n-1))
		}
	}
	w.note(name, line)
	return name
}

// value notes a key and, where it holds a table in one line, the keys in that.
func (w *walker) value(prefix string, e *unstable.Node) {
	name, line := prefix, 0
	for keys := e.Key(); keys.Next(); {
		name, line = join(name, string(keys.Node().Data)), w.line(keys.Node())
		w.note(name, line)
	}
	if v := e.Value(); v.Kind == unstable.InlineTable {
		for it := v.Children(); it.Next(); {
			w.value(name, it.Node())
		}
	}
}

func (w *walker) note(name string, line int) {
	if _, known := w.lines[name]; !known {
		w.lines[name] = line
	}
}

func (w *walker) line(n *unstable.Node) int {
	return 1 + bytes.Count(w.doc[:n.Raw.Offset], []byte("\n"))
}

func join(name, key string) string { return strings.TrimPrefix(name+"."+key, ".") }
