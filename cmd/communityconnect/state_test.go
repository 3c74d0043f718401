package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// No package keeps state in a variable: none is of a type made for changing, and none
// is assigned to, counted up, deleted from or pointed at.
func TestNoPackageLevelState(t *testing.T) {
	set, all := sources(t)
	packages := map[string][]source{}
	for _, s := range all {
		if !s.test {
			packages[s.dir] = append(packages[s.dir], s)
		}
	}
	for _, files := range packages {
		for _, pos := range stateIn(set, files) {
			t.Errorf("%s: a package-level variable that changes", set.Position(pos))
		}
	}
}

// The search finds what it is meant to find, and nothing else.
func TestPackageLevelStateIsFound(t *testing.T) {
	for code, want := range map[string]int{
		`var n int; func f() { n = 1 }`:                               1,
		`var n int; func f() { n++ }`:                                 1,
		`var m = map[int]int{}; func f() { m[1] = 2 }`:                1,
		`var m = map[int]int{}; func f() { delete(m, 1) }`:            1,
		`var s struct{ n int }; func f() { s.n += 1 }`:                1,
		`var n int; func f() *int { return &n }`:                      1,
		`var mu sync.Mutex`:                                           1,
		`var n atomic.Int64`:                                          1,
		`var m = map[int]int{1: 2}; func f() int { return m[1] }`:     0,
		`var n = 1; func f() { n := 2; n++ }`:                         0,
		`var n = 1; func f(n int) { n++ }`:                            0,
		`var words = sync.OnceValue(read)`:                            0,
		`type s struct{ n int }; var n = 1; func f(v *s) { v.n = 2 }`: 0,
	} {
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, "code.go", "package p\n"+code, 0)
		if err != nil {
			t.Fatal(err)
		}
		if found := stateIn(set, []source{{file: f}}); len(found) != want {
			t.Errorf("found %d in %q, want %d", len(found), code, want)
		}
	}
}

// stateIn returns where a package changes a variable of its own.
func stateIn(set *token.FileSet, files []source) []token.Pos {
	var found []token.Pos
	var parsed []*ast.File
	for _, s := range files {
		parsed = append(parsed, s.file)
	}
	// What is imported stays unknown, and so do the types made of it: which name means
	// which variable is all that has to be known here.
	known := types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	pkg, _ := (&types.Config{Importer: nothing{}, Error: func(error) {}}).Check("p", set, parsed, &known)
	change := func(e ast.Expr) {
		if id := root(e); id != nil {
			if v, ok := known.Uses[id].(*types.Var); ok && v.Parent() == pkg.Scope() {
				found = append(found, id.Pos())
			}
		}
	}
	for _, f := range parsed {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if v := known.Defs[n.Names[0]]; v != nil && v.Parent() == pkg.Scope() && madeForChanging(n.Type) {
					found = append(found, n.Pos())
				}
			case *ast.AssignStmt:
				for _, e := range n.Lhs {
					change(e)
				}
			case *ast.IncDecStmt:
				change(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					change(n.X)
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && slices.Contains([]string{"delete", "clear", "copy"}, f.Name) {
					change(n.Args[0])
				}
			}
			return true
		})
	}
	return found
}

// nothing imports nothing.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not imported") }

// madeForChanging reports whether a type has no use but to change.
func madeForChanging(e ast.Expr) bool {
	if i, ok := e.(*ast.IndexExpr); ok { // atomic.Pointer[T]
		e = i.X
	}
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && (x.Name == "sync" || x.Name == "atomic" || strings.HasSuffix(s.Sel.Name, "Builder"))
}

// root returns the variable that an expression reaches into.
func root(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return root(e.X)
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	case *ast.ParenExpr:
		return root(e.X)
	}
	return nil
}
