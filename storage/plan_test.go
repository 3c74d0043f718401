package storage

import (
	"database/sql"
	"errors"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// walks are the functions that may go through a whole table that grows: an export, an
// audit and a person's own record do that for a living.
var walks = []string{
	"auditQuery", "compare", "EveryTransfer", "EveryTrade", "EveryPost", "AllPosts", "Inbox",
	"Head", "PostedTrades", // stop after the first few rows
	"personalRecords", "lineRecords", "ownRows", "rewrite", "TradesWithoutWords", "wordsGone", "Retire", // one person's own record, and forgetting them
	"Write", "AddAccount", // walk only to make up for a violated foreign key, which there never is
}

// growing are the tables that get longer as long as people help each other.
var growing = regexp.MustCompile(`SCAN (transfer|trade|text|inbox|outbox|said|question|post|taker|council_log|nudge|proposal|ballot|dispute|statement|witness|[totx])( USING (COVERING )?INDEX (\w+))?\b`)

// partial are the indexes that hold only what is open, and may be walked.
var partial = regexp.MustCompile(`(?s)CREATE INDEX \w+ ON [^;]* WHERE `)

// No statement of ours walks a table that grows, so that books of a million transfers
// are as quick as those of a thousand. The statements are read out of the source.
func TestNoStatementWalksAGrowingTable(t *testing.T) {
	db := fresh(t)
	statements := statementsInSource(t)
	if len(statements) < 60 {
		t.Fatalf("found only %d statements: the search for them is broken", len(statements))
	}
	for _, s := range statements {
		if slices.Contains(walks, s.function) {
			continue
		}
		for _, line := range planOf(t, db.write, s.sql) {
			m := growing.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			var script string
			err := db.write.QueryRow("SELECT sql FROM sqlite_schema WHERE name = ?", m[4]).Scan(&script)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				t.Fatal(err)
			}
			if !partial.MatchString(script) {
				t.Errorf("%s: %s\n%s", s.function, line, s.sql)
			}
		}
	}
}

func planOf(t *testing.T, db *sql.DB, statement string) (plan []string) {
	t.Helper()
	args := make([]any, strings.Count(statement, "?")) // more than it takes is an error only for plain ones
	if numbered := regexp.MustCompile(`\?(\d)`).FindAllStringSubmatch(statement, -1); len(numbered) > 0 {
		most := "0"
		for _, m := range numbered {
			most = max(most, m[1])
		}
		args = args[:most[0]-'0']
	}
	rows, err := db.Query("EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil && strings.Contains(err.Error(), "incomplete input") {
		return nil // a piece of one that is put together when it runs
	}
	if err != nil {
		t.Fatalf("%v: %s", err, statement)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var line string
		fine(t, rows.Scan(&id, &parent, &unused, &line))
		plan = append(plan, line)
	}
	fine(t, rows.Err())
	return plan
}

// statement is one SQL statement and the function or constant it stands in.
type statement struct{ function, sql string }

// statementsInSource finds every constant string of the package that reads or changes
// a table, however it is put together.
func statementsInSource(t *testing.T) (all []statement) {
	t.Helper()
	set := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	fine(t, err)
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, 0)
		fine(t, err)
		files = append(files, f)
	}
	known := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	_, _ = (&types.Config{Importer: nothing{}, Error: func(error) {}}).Check("storage", set, files, &known)
	wanted := regexp.MustCompile(`^\s*(SELECT|UPDATE|DELETE|INSERT)\s[^%]*$`)
	for _, f := range files {
		for _, d := range f.Decls {
			function := nameOf(d)
			ast.Inspect(d, func(n ast.Node) bool {
				if n, ok := n.(ast.Expr); ok {
					v := known.Types[n].Value
					if v == nil || v.Kind() != constant.String {
						return true
					}
					if s := constant.StringVal(v); wanted.MatchString(s) {
						all = append(all, statement{function, s})
					}
					return false // its parts are no statements
				}
				return true
			})
		}
	}
	return append(all,
		statement{"newest", newest("from_account = +?1", "to_account = +?1", "+?2")},
		statement{"newest", newest("from_account = +?1 AND to_account = +?2", "from_account = +?2 AND to_account = +?1", "+?3")})
}

// nameOf returns the name of a function or of a constant.
func nameOf(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Name.Name
	case *ast.GenDecl:
		if v, ok := d.Specs[0].(*ast.ValueSpec); ok {
			return v.Names[0].Name
		}
	}
	return ""
}

// nothing imports nothing.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not imported") }
