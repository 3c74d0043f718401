package ledger_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	. "communityconnect/ledger"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func TestCodeOf(t *testing.T) {
	err := fmt.Errorf("confirm: %w", &Error{Code: BelowFloor})
	if CodeOf(err) != BelowFloor || CodeOf(errors.New("no")) != "" || CodeOf(nil) != "" {
		t.Errorf("CodeOf: %q %q %q", CodeOf(err), CodeOf(errors.New("no")), CodeOf(nil))
	}
}

// Codes leaves none of the declared codes out and has none twice.
func TestCodesListsEveryCode(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []Code
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == "Code" {
				declared = append(declared, Code(strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`)))
			}
		}
		return true
	})
	listed := Codes()
	slices.Sort(declared)
	slices.Sort(listed)
	if len(declared) < 20 || !slices.Equal(declared, listed) {
		t.Errorf("declared %v\nlisted   %v", declared, listed)
	}
}
