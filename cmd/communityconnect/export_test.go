package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"communityconnect/ledger"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// The JSON export has the names that other programs rely on, and everything in it.
func TestExportJSON(t *testing.T) {
	db := riverside(t)
	out := must(t, "export", "--db", db.Path())
	if again := must(t, "export", "--db", db.Path(), "--format", "json"); len(again) != len(out) {
		t.Error("json is not the default")
	}
	var got map[string]any
	fine(t, json.Unmarshal([]byte(out), &got))
	community := got["community"].(map[string]any)
	if at, err := time.Parse(time.RFC3339, community["generated_at"].(string)); err != nil || time.Since(at) > time.Hour || at.Location() != time.UTC {
		t.Errorf("generated at %v, %v", at, err)
	}
	hashes := 0
	for _, tr := range got["transfers"].([]any) {
		h := tr.(map[string]any)["hash"].(string)
		if _, err := ledger.ParsePublished(h); err == nil && len(h) == 64 {
			hashes++
		}
		out = strings.ReplaceAll(out, h, "HASH")
	}
	if hashes != 6 {
		t.Errorf("%d hashes", hashes)
	}
	out = strings.ReplaceAll(out, community["generated_at"].(string), "NOW")
	const want = `{
"community": {"name":"Riverside","generated_at":"NOW"},
"accounts": [
{"id":1,"kind":"commons","name":"The commons","aci":null,"status":null,"balance_minutes":90,"floor_minutes":-600000,"ceiling_minutes":600000},
{"id":2,"kind":"member","name":"Ann: Byrne \u0026 Neighbour 4","aci":"person-4","status":"member","balance_minutes":105,"floor_minutes":-600000,"ceiling_minutes":600000},
{"id":3,"kind":"member","name":"+Cleo ; O'Dea","aci":"person-2","status":"former","balance_minutes":60,"floor_minutes":-6000,"ceiling_minutes":60},
{"id":4,"kind":"member","name":"Neighbour 3","aci":"person-3","status":"member","balance_minutes":-255,"floor_minutes":-600000,"ceiling_minutes":600000},
{"id":5,"kind":"member","name":"","aci":null,"status":null,"balance_minutes":0,"floor_minutes":-600000,"ceiling_minutes":600000}
],
"transfers": [
{"seq":1,"from":3,"to":2,"minutes":90,"kind":"trade","what":"=HYPERLINK(\"http://evil\"); a \"quoted\", long | story","trade":1,"reverses":null,"at":"2026-05-02T13:00:00Z","hash":"HASH"},
{"seq":2,"from":4,"to":3,"minutes":150,"kind":"trade","what":"moving boxes\nup the stairs","trade":2,"reverses":null,"at":"2026-05-02T13:00:00Z","hash":"HASH"},
{"seq":3,"from":4,"to":1,"minutes":90,"kind":"gift","what":"moving boxes\nup the stairs","trade":2,"reverses":null,"at":"2026-05-02T13:00:00Z","hash":"HASH"},
{"seq":4,"from":2,"to":4,"minutes":30,"kind":"trade","what":"","trade":3,"reverses":null,"at":"2026-05-02T13:00:00Z","hash":"HASH"},
{"seq":5,"from":4,"to":2,"minutes":30,"kind":"reversal","what":"it was not so","trade":3,"reverses":4,"at":"2026-05-02T14:00:00Z","hash":"HASH"},
{"seq":6,"from":4,"to":2,"minutes":15,"kind":"trade","what":null,"trade":4,"reverses":null,"at":"2026-05-02T13:00:00Z","hash":"HASH"}
],
"trades": [
{"id":1,"giver":2,"receiver":3,"minutes":90,"what":"=HYPERLINK(\"http://evil\"); a \"quoted\", long | story","state":"posted","created_at":"2026-05-02T12:00:00Z","posted_at":"2026-05-02T13:00:00Z"},
{"id":2,"giver":3,"receiver":4,"minutes":240,"what":"moving boxes\nup the stairs","state":"posted","created_at":"2026-05-02T12:00:00Z","posted_at":"2026-05-02T13:00:00Z"},
{"id":3,"giver":4,"receiver":2,"minutes":30,"what":"","state":"reversed","created_at":"2026-05-02T12:00:00Z","posted_at":"2026-05-02T13:00:00Z"},
{"id":4,"giver":2,"receiver":4,"minutes":15,"what":null,"state":"posted","created_at":"2026-05-02T12:00:00Z","posted_at":"2026-05-02T13:00:00Z"},
{"id":5,"giver":2,"receiver":3,"minutes":45,"what":"still to come","state":"proposed","created_at":"2026-05-02T12:00:00Z","posted_at":null}
],
"posts": [
{"id":1,"kind":"request","author":3,"category":"garden","text":"Help with the hedge","minutes":120,"when":"Saturday","state":"open","created_at":"2026-05-02T12:00:00Z"},
{"id":2,"kind":"offer","author":2,"category":"","text":"Guitar lessons","minutes":null,"when":null,"state":"closed","created_at":"2026-05-02T12:00:00Z"}
]
}
`
	if out != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}

// An empty community is a whole document too.
func TestExportOfAnEmptyCommunity(t *testing.T) {
	db := storagetest.New(t, 0)
	var got map[string]any
	fine(t, json.Unmarshal([]byte(must(t, "export", "--db", db.Path())), &got))
	for _, key := range []string{"transfers", "trades", "posts"} {
		if v, ok := got[key].([]any); !ok || len(v) != 0 {
			t.Errorf("%s is %v", key, got[key])
		}
	}
}

// The table has a header, every transfer, and nothing that a spreadsheet would run.
func TestExportCSV(t *testing.T) {
	db := riverside(t)
	rows, err := csv.NewReader(strings.NewReader(must(t, "export", "--db", db.Path(), "--format", "csv"))).ReadAll()
	fine(t, err)
	if want := []string{"seq", "at", "from", "from_name", "to", "to_name", "minutes", "kind", "what", "trade", "reverses", "hash"}; !slices.Equal(rows[0], want) {
		t.Errorf("%q", rows[0])
	}
	if len(rows) != 7 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, want := range [][]string{
		{"1", "2026-05-02T13:00:00Z", "3", "'+Cleo ; O'Dea", "2", "Ann: Byrne & Neighbour 4", "90", "trade", `'=HYPERLINK("http://evil"); a "quoted", long | story`, "1", ""},
		{"2", "2026-05-02T13:00:00Z", "4", "Neighbour 3", "3", "'+Cleo ; O'Dea", "150", "trade", "moving boxes\nup the stairs", "2", ""},
		{"3", "2026-05-02T13:00:00Z", "4", "Neighbour 3", "1", "The commons", "90", "gift", "moving boxes\nup the stairs", "2", ""},
		{"4", "2026-05-02T13:00:00Z", "2", "Ann: Byrne & Neighbour 4", "4", "Neighbour 3", "30", "trade", "", "3", ""},
		{"5", "2026-05-02T14:00:00Z", "4", "Neighbour 3", "2", "Ann: Byrne & Neighbour 4", "30", "reversal", "it was not so", "3", "4"},
		{"6", "2026-05-02T13:00:00Z", "4", "Neighbour 3", "2", "Ann: Byrne & Neighbour 4", "15", "trade", "", "4", ""},
	} {
		if got := rows[i+1]; !slices.Equal(got[:11], want) || len(got[11]) != 64 {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestCellsAreNoFormulas(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "boxes": "boxes", "2h": "2h", "a=b": "a=b", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", " =1": "' =1", "\t=1": "'\t=1", "\r\n=1": "'\r\n=1",
		"\u200b=1": "'\u200b=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", "'=1": "'=1",
	} {
		if got := cell(text); got != want {
			t.Errorf("cell(%q) = %q, want %q", text, got, want)
		}
	}
}

// The journal has a transaction for each transfer whose two postings add up to zero,
// with names and words that can't be taken for anything else.
func TestExportJournal(t *testing.T) {
	db := riverside(t)
	out := must(t, "export", "--db", db.Path(), "--format", "hledger")
	out = regexp.MustCompile(`[0-9a-f]{64}`).ReplaceAllString(out, "HASH")
	_, body, _ := strings.Cut(out, "\n\n")
	const want = `2026-05-02 (1) =HYPERLINK("http://evil"), a "quoted", long , story
    ; kind: trade
    ; trade: 1
    ; hash: HASH
    members:3 +Cleo , O'Dea  -90 min
    members:2 Ann Byrne & Neighbour 4  90 min

2026-05-02 (2) moving boxes up the stairs
    ; kind: trade
    ; trade: 2
    ; hash: HASH
    members:4 Neighbour 3  -150 min
    members:3 +Cleo , O'Dea  150 min

2026-05-02 (3) moving boxes up the stairs
    ; kind: gift
    ; trade: 2
    ; hash: HASH
    members:4 Neighbour 3  -90 min
    commons  90 min

2026-05-02 (4) no words
    ; kind: trade
    ; trade: 3
    ; hash: HASH
    members:2 Ann Byrne & Neighbour 4  -30 min
    members:4 Neighbour 3  30 min

2026-05-02 (5) it was not so
    ; kind: reversal
    ; trade: 3
    ; reverses: 4
    ; hash: HASH
    members:4 Neighbour 3  -30 min
    members:2 Ann Byrne & Neighbour 4  30 min

2026-05-02 (6) erased
    ; kind: trade
    ; trade: 4
    ; hash: HASH
    members:4 Neighbour 3  -15 min
    members:2 Ann Byrne & Neighbour 4  15 min
`
	if body != want {
		t.Errorf("got\n%s\nwant\n%s", body, want)
	}
	for i, line := range strings.Split(strings.TrimSpace(out), "\n") {
		if i < 2 && !strings.HasPrefix(line, "; ") {
			t.Errorf("line %d is no comment: %s", i+1, line)
		}
	}
}

// All three formats tell the same story as the books.
func TestExportsAgreeWithTheBooks(t *testing.T) {
	db := storagetest.New(t, 9)
	storagetest.Fill(t, db, 300)
	want := map[string]ledger.Minutes{}
	fine(t, db.View(func(tx *storage.Tx) error {
		accounts, err := tx.Accounts()
		for _, a := range accounts[1:] {
			want[fmt.Sprintf("Neighbour %d", a.ID-1)] = a.Balance
		}
		return err
	}))
	sums := map[string]map[string]ledger.Minutes{"json": {}, "csv": {}, "hledger": {}}
	var doc struct {
		Accounts []struct {
			ID   int
			Name string
		}
		Transfers []struct {
			From, To int
			Minutes  ledger.Minutes
		}
	}
	fine(t, json.Unmarshal([]byte(must(t, "export", "--db", db.Path())), &doc))
	for _, tr := range doc.Transfers {
		sums["json"][doc.Accounts[tr.From-1].Name] -= tr.Minutes
		sums["json"][doc.Accounts[tr.To-1].Name] += tr.Minutes
	}
	rows, err := csv.NewReader(strings.NewReader(must(t, "export", "--db", db.Path(), "--format", "csv"))).ReadAll()
	fine(t, err)
	for _, r := range rows[1:] {
		m, err := strconv.Atoi(r[6])
		fine(t, err)
		sums["csv"][r[3]] -= ledger.Minutes(m)
		sums["csv"][r[5]] += ledger.Minutes(m)
	}
	posting := regexp.MustCompile(`(?m)^    members:\d+ (.*)  (-?\d+) min$`)
	for _, m := range posting.FindAllStringSubmatch(must(t, "export", "--db", db.Path(), "--format", "hledger"), -1) {
		n, err := strconv.Atoi(m[2])
		fine(t, err)
		sums["hledger"][m[1]] += ledger.Minutes(n)
	}
	for format, got := range sums {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s adds up to %v, the books to %v", format, got, want)
		}
	}
}

// An export holds one transfer at a time: it needs no more memory for many than for few.
func TestExportStreams(t *testing.T) {
	db := storagetest.New(t, 9)
	storagetest.Fill(t, db, 20_000)
	for _, write := range []func(io.Writer, books) error{writeJSON, writeCSV, writeJournal} {
		most := &peak{}
		fine(t, db.View(func(tx *storage.Tx) error {
			b, err := openBooks(tx, noon)
			fine(t, err)
			runtime.GC()
			runtime.ReadMemStats(&most.start)
			return write(most, b)
		}))
		if grown := int64(most.heap) - int64(most.start.HeapAlloc); most.written < 2<<20 || grown > 1<<20 {
			t.Errorf("writing %d bytes took %d bytes of memory", most.written, grown)
		}
	}
}

// peak measures what is in use, once in a while as something is written.
type peak struct {
	start         runtime.MemStats
	written, next int
	heap          uint64
}

func (p *peak) Write(b []byte) (int, error) {
	if p.written += len(b); p.written > p.next {
		p.next += 500_000
		var now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&now)
		p.heap = max(p.heap, now.HeapAlloc)
	}
	return len(b), nil
}
