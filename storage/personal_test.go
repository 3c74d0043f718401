package storage

import (
	"database/sql"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
)

// Every column of every table is either shown to the person it is about and forgotten with
// them, or the table of records says why not. A new table or column has to be added there.
func TestPeopleEveryColumnIsAccountedFor(t *testing.T) {
	known := map[string]record{}
	for _, r := range records() {
		known[r.table] = r
	}
	for table, columns := range schemaOf(t, fresh(t).write) {
		r, listed := known[table]
		if !listed {
			t.Errorf("table %s is in no record: what does it hold of people?", table)
			continue
		}
		delete(known, table)
		listedColumns := map[string]string{}
		for _, c := range r.split() {
			listedColumns[c.name] = c.holds
			if !slices.Contains([]string{"", "time", "millis", "amount", "member", "account", "person", "words", "quotes", "message", "text", "-"}, c.holds) {
				t.Errorf("%s.%s holds %q, which is nothing we know", table, c.name, c.holds)
			}
			if c.holds == "-" && r.why == "" {
				t.Errorf("%s.%s is not shown, and nothing says why", table, c.name)
			}
		}
		for _, c := range columns {
			if _, ok := listedColumns[c.name]; !ok {
				t.Errorf("%s.%s is in no record: is it shown to the person it is about, and forgotten?", table, c.name)
			}
			delete(listedColumns, c.name)
		}
		for name := range listedColumns {
			t.Errorf("%s.%s is in a record and in no table", table, name)
		}
		if (r.title == "") != (r.of == "") {
			t.Errorf("%s: rows that are shown need a title and a condition", table)
		}
	}
	for table := range known {
		t.Errorf("%s is in a record and is no table", table)
	}
}

// schemaColumn is a column as the file itself has it.
type schemaColumn struct{ name, kind string }

func schemaOf(t *testing.T, db *sql.DB) map[string][]schemaColumn {
	t.Helper()
	rows, err := db.Query(`SELECT s.name, c.name, c.type FROM sqlite_schema s JOIN pragma_table_info(s.name) c
		WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' ORDER BY s.name, c.cid`)
	fine(t, err)
	defer rows.Close()
	all := map[string][]schemaColumn{}
	for rows.Next() {
		var table string
		var c schemaColumn
		fine(t, rows.Scan(&table, &c.name, &c.kind))
		all[table] = append(all[table], c)
	}
	fine(t, rows.Err())
	return all
}

// planted is a file in which every table has a row about one person, with a word or a
// number of its own in every column.
type planted struct {
	*DB
	member community.Member
	values map[string]any // by table.column
}

const (
	plantedName   = "Zebedee Quillfeather"
	plantedPerson = "person-zebedee"
)

func plant(t *testing.T) *planted {
	t.Helper()
	p := &planted{DB: founded(t), values: map[string]any{}}
	fine(t, p.Update(func(tx *Tx) error {
		m, err := tx.AddMember(community.Member{Person: plantedPerson, Name: plantedName, Status: community.Full, Joined: noon}, community.DefaultPolicy())
		p.member = m
		fine(t, err)
		join(t, tx, "Other", community.Full)
		return err
	}))
	unguard(t, p.write)
	number := int64(7_000_000)
	for _, r := range records() {
		if slices.Contains([]string{"member", "account", "community", "policy", "text", "self", "restored"}, r.table) {
			continue
		}
		holds := map[string]string{}
		for _, c := range r.split() {
			holds[c.name] = c.holds
		}
		var names, marks []string
		var values []any
		for _, c := range schemaOf(t, p.write)[r.table] {
			number++
			v := p.value(t, r, c, holds[c.name], number)
			names, marks, values = append(names, c.name), append(marks, "?"), append(values, v)
			p.values[r.table+"."+c.name] = v
		}
		_, err := p.write.Exec("INSERT INTO "+r.table+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", values...)
		if err != nil {
			t.Fatalf("%s: %v", r.table, err)
		}
	}
	_, err := p.write.Exec("UPDATE member SET about = 'canary-about' WHERE id = ?", int64(p.member.ID))
	fine(t, err)
	return p
}

// unguard takes the checks away, so that any value can be planted in a table.
func unguard(t *testing.T, db *sql.DB) {
	t.Helper()
	for _, s := range []string{"PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON"} {
		_, err := db.Exec(s)
		fine(t, err)
	}
	rows, err := db.Query("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
	fine(t, err)
	var triggers []string
	for rows.Next() {
		var name string
		fine(t, rows.Scan(&name))
		triggers = append(triggers, name)
	}
	fine(t, rows.Close())
	for _, name := range triggers {
		_, err := db.Exec("DROP TRIGGER " + name)
		fine(t, err)
	}
}

func (p *planted) value(t *testing.T, r record, c schemaColumn, holds string, number int64) any {
	t.Helper()
	canary := fmt.Sprintf("canary-%s-%s", r.table, c.name)
	switch {
	case holds == "member" || c.name == "member" || strings.Contains(r.of, c.name+" = ?1"):
		return int64(p.member.ID)
	case holds == "account" || strings.Contains(r.of, c.name+" = ?2") || strings.HasSuffix(c.name, "_account"):
		return int64(p.member.Account)
	case strings.Contains(r.of, c.name+" = ?3"):
		return plantedPerson
	case holds == "text":
		res, err := p.write.Exec("INSERT INTO text (salt, body) VALUES (x'00', ?)", canary)
		fine(t, err)
		id, err := res.LastInsertId()
		fine(t, err)
		return id
	case holds == "message":
		return `{"text":"` + canary + ` for ` + plantedName + `"}`
	case holds == "words" || holds == "quotes":
		return canary + " for Zebedee's friends"
	case c.kind == "TEXT":
		return canary
	case c.kind == "BLOB":
		return []byte(canary)
	case holds == "time":
		return number * 100
	case holds == "millis":
		return number * 100_000
	}
	return number
}

// Everything that is held of a person is shown to them: what is planted in each column
// that is to be shown is found in what they get.
func TestPeopleEverythingIsShown(t *testing.T) {
	p := plant(t)
	shown := map[string]bool{}
	fine(t, p.View(func(tx *Tx) error {
		all, err := tx.Everything(p.member, 100)
		fine(t, err)
		for _, s := range all {
			for _, row := range s.Rows {
				for _, f := range row {
					switch v := f.Value.(type) {
					case time.Time:
						shown[s.Title+fmt.Sprint(v.UnixMilli())] = true
					case ledger.Minutes:
						shown[s.Title+fmt.Sprint(int64(v))] = true
						shown[s.Title+fmt.Sprint(-int64(v))] = true
					default:
						shown[s.Title+fmt.Sprint(v)] = true
					}
				}
			}
		}
		return nil
	}))
	for _, r := range records() {
		for _, c := range r.shown() {
			v, put := p.values[r.table+"."+c.name]
			if !put || r.table == "transfer" && c.name == "trade" {
				continue
			}
			want := fmt.Sprint(v)
			switch c.holds {
			case "time":
				want = fmt.Sprint(v.(int64) * 1000)
			case "text":
				want = fmt.Sprintf("canary-%s-%s", r.table, c.name)
			case "message":
				want = fmt.Sprintf("canary-%s-%s for %s", r.table, c.name, plantedName)
			}
			if !shown[r.title+want] {
				t.Errorf("%s.%s is held and not shown", r.table, c.name)
			}
		}
	}
	if !shown["You"+plantedName] || !shown["You"+plantedPerson] || !shown["Youcanary-about"] {
		t.Error("the person themselves is not shown")
	}
}

// After somebody is forgotten nothing that they wrote, or that names them, is in the
// file's bytes or in the log beside it.
func TestPeopleForgottenLeaveNoWords(t *testing.T) {
	p := plant(t)
	other := "a walk with Zebedee"
	fine(t, p.Update(func(tx *Tx) error {
		_, err := tx.Write(other)
		fine(t, err)
		_, err = tx.Write("a walk with somebody called Zebedeeson")
		fine(t, err)
		said := fmt.Sprint(p.values["post.text"])
		for _, repeated := range []string{said, said[:28] + "…"} {
			_, err = tx.Ask(Question{Kind: "k", Asked: 99, Asker: 99, Line: "about " + repeated, Options: []string{"take “" + repeated + "” & go"}, At: noon, Expires: noon})
			fine(t, err)
		}
		fine(t, tx.Rename(p.member.ID, "Ermintrude Brassbottom"))
		fine(t, tx.NoteRoster("canary-roster-to_group", nil, []chat.PersonID{plantedPerson})) // they have left the group
		m := p.member
		m.Name = "Ermintrude Brassbottom"
		return tx.Forget(m, true)
	}))
	fine(t, p.Sweep())
	var bytes []byte
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(p.Path() + suffix)
		fine(t, err)
		bytes = append(bytes, b...)
	}
	gone := []string{plantedName, "zebedee quillfeather", other, plantedPerson, "Ermintrude", "Zebedee's", "canary-about"}
	for _, r := range records() {
		for _, c := range r.split() {
			switch c.holds {
			case "words", "quotes", "text", "message":
				gone = append(gone, fmt.Sprintf("canary-%s-%s for Zeb", r.table, c.name))
				if len(r.forget) > 0 {
					gone = append(gone, fmt.Sprintf("canary-%s-%s", r.table, c.name))
				}
			}
		}
	}
	for _, words := range gone {
		if strings.Contains(string(bytes), words) {
			t.Errorf("%q is still in the file", words)
		}
	}
	if !strings.Contains(string(bytes), "Zebedeeson") {
		t.Error("another name was taken for theirs")
	}
}

// Somebody who stays keeps their name and what is open; only old words go.
func TestPeopleOldWordsGo(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben := join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Full)
		text, err := tx.Write("hedge")
		fine(t, err)
		open, err := ledger.Propose(tx, ledger.Trade{Giver: ann.Account, Receiver: ben.Account, LoggedBy: ann.Account, Minutes: 60,
			What: text, Created: noon, Expires: noon.AddDate(0, 0, 7)}, true)
		fine(t, err)
		text, err = tx.Write("boxes")
		fine(t, err)
		done, err := ledger.Propose(tx, ledger.Trade{Giver: ann.Account, Receiver: ben.Account, LoggedBy: ann.Account, Minutes: 60,
			What: text, Created: noon, Expires: noon.AddDate(0, 0, 7)}, true)
		fine(t, err)
		_, err = ledger.Confirm(tx, done.ID, ben.Account, done.Version, noon)
		fine(t, err)
		fine(t, tx.AskErasure(ann.ID, false, noon))
		fine(t, tx.Forget(ann, false))
		if e, err := tx.Erasures(); err != nil || len(e) != 1 || !e[0].Done || e[0].Whole {
			t.Errorf("%+v, %v", e, err)
		}
		open, err = tx.Trade(open.ID)
		fine(t, err)
		done, err = tx.Trade(done.ID)
		fine(t, err)
		if open.What.Body != "hedge" || done.What.Body != "" {
			t.Errorf("%q is left of what is open, %q of what is over", open.What.Body, done.What.Body)
		}
		return nil
	}))
	fine(t, db.Sweep())
	report, err := db.Audit(nil)
	if err != nil || !report.OK() {
		t.Errorf("the books: %v, %v", report.Faults, err)
	}
}

var update = flag.Bool("update", false, "rewrite the table of what is held in the documentation")

// TestPeopleInTheDocs holds the table in the documentation against the records.
func TestPeopleInTheDocs(t *testing.T) {
	const path = "../docs/privacy.md"
	b, err := os.ReadFile(path)
	fine(t, err)
	const begin, end = "<!-- records: go test ./storage -run Docs -update -->\n", "<!-- end of records -->"
	head, rest, begun := strings.Cut(string(b), begin)
	_, tail, ended := strings.Cut(rest, end)
	if !begun || !ended {
		t.Fatalf("%s has no place for the table", path)
	}
	want := head + begin + recordTable() + end + tail
	if *update {
		fine(t, os.WriteFile(path, []byte(want), 0o644))
		return
	}
	if want != string(b) {
		t.Errorf("%s is out of step with the records; go test ./storage -run Docs -update", path)
	}
}

// recordTable shows what is held of people, who sees it, and what becomes of it when
// somebody is forgotten.
func recordTable() string {
	var b strings.Builder
	b.WriteString("| what | of it | who else sees it | when you are forgotten |\n|---|---|---|---|\n")
	for _, r := range records() {
		if r.title == "" {
			continue
		}
		var columns []string
		for _, c := range r.shown() {
			columns = append(columns, strings.ReplaceAll(c.name, "_", " "))
		}
		seen, then := r.seen, "stays, as a number of “a former member”"
		if seen == "" {
			seen = "nobody"
		}
		if r.table == "roster" {
			then = "goes when you leave the group"
		}
		switch all := strings.Join(r.forget, " "); {
		case strings.HasPrefix(all, "DELETE"):
			then = "goes"
		case all != "":
			then = "its words and names go"
		}
		fmt.Fprintf(&b, "| %s (`%s`) | %s | %s | %s |\n", r.title, r.table, strings.Join(columns, ", "), seen, then)
	}
	return b.String()
}

// What somebody said is taken out of what repeats it, in full, cut short, escaped, or
// more than once; and what only begins alike stays.
func TestPeopleRepeats(t *testing.T) {
	said := []string{"help", "lift to \"town\" & back, on Sunday morning", "(erased)"}
	for text, want := range map[string]string{
		"help with boxes": "help with boxes",
		"a: lift to \"town\" & back, on Sunday morning":                                    "a: (erased)",
		"“lift to \"town\" & back, on…” twice lift to \"town\" & back, on Sunday morning.": "“(erased)” twice (erased).",
		asJSON([]string{"lift to \"town\" & back, on Sunday morning"}):                     `["(erased)"]`,
		"lift to the station": "lift to the station",
		"an (erased) word":    "an (erased) word",
	} {
		if got := repeats(text, said); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
