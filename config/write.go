package config

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
	"text/template"
)

//go:embed commented.toml.tmpl
var commented string

// Write writes the file with a comment on every key, as setup leaves it for an operator.
// Read reads the same from it: paths are written as they are in c, and relative ones
// count from where the file is put.
func Write(w io.Writer, c Config) error {
	t, err := template.New("config").Funcs(template.FuncMap{"text": quote, "texts": quoteAll}).Parse(commented)
	if err != nil {
		return err
	}
	return t.Execute(w, c)
}

// quote writes a text as TOML does.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, "\\u%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func quoteAll(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
