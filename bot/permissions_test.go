package bot_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// standing is one way of being, or not being, with us. Each is somebody of their own.
type standing struct {
	name    string
	in      community.Member // the zero Member is nobody we know
	applied bool             // has asked to be let in
}

func standings() []standing {
	return []standing{
		{name: "stranger"},
		{name: "applicant", applied: true},
		{name: "newcomer", in: community.Member{Status: community.Newcomer}},
		{name: "member", in: community.Member{Status: community.Full}},
		{name: "council", in: community.Member{Status: community.Full, Council: true}},
		{name: "suspended", in: community.Member{Status: community.Suspended}},
		{name: "former", in: community.Member{Status: community.Former}},
	}
}

// spot is a conversation of a kind.
type spot struct {
	name  string
	place bot.Place
	in    chat.Conversation // the zero Conversation is a direct one
}

func spots() []spot {
	return []spot{
		{"DM", bot.InDM, chat.Conversation{}},
		{"group", bot.InGroup, inGroup},
		{"council's group", bot.InCouncil, inCouncil},
		{"another group", 0, chat.Conversation{Group: "another"}},
	}
}

// asMember is who somebody of that standing is to the command table.
func (s standing) asMember() community.Member {
	m := s.in
	if m.Status != "" {
		m.ID = 4
	}
	return m
}

// TestPermissions types every command, as everybody, everywhere, and compares what comes
// of it with what the table of commands says: it is carried out, or refused in words and
// nothing changes, or passed over in silence and nothing changes.
func TestPermissions(t *testing.T) {
	for _, who := range standings() {
		for _, where := range spots() {
			t.Run(who.name+"/"+where.name, func(t *testing.T) {
				t.Parallel()
				h, clock := openStanding(t, who)
				defer closeHouse(h)
				for _, cmd := range bot.Commands() {
					h.tryCommand(&cmd, who, where)
					clock.move(25 * time.Hour) // a stranger gets an answer a day
				}
			})
		}
	}
}

// openStanding is a house in which the fourth person has that standing.
func openStanding(t *testing.T, who standing) (*house, *handClock) {
	t.Helper()
	clock := &handClock{time: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)}
	h := openHouse(t, filepath.Join(t.TempDir(), "permissions.db"), 3, clock.now)
	h.pragma("synchronous = OFF")
	h.end()
	if who.in.Status != "" {
		m := who.in
		m.Person, m.Name, m.Met, m.Joined = string(person(4)), "Neighbour 4", true, clock.now()
		if err := h.db.Update(func(tx *storage.Tx) error {
			_, err := tx.AddMember(m, community.DefaultPolicy())
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	h.start()
	if who.applied {
		h.deliver(h.said(4, inDM(4), "/join"))
		h.settle()
		clock.move(25 * time.Hour)
	}
	return h, clock
}

// tryCommand types one command. Where it is allowed it is typed alone, and it does not
// matter how it goes on; where it isn't, with all it would need to do harm.
func (h *house) tryCommand(cmd *bot.Command, who standing, where spot) {
	h.t.Helper()
	in := where.in
	if where.place == bot.InDM {
		in = inDM(4)
	}
	want := cmd.Verdict(who.asMember(), where.place)
	line := "/" + cmd.Name
	if want != bot.Allowed {
		line += " " + sample(cmd.Usage)
	}
	h.settle() // what is due by now is done
	before, heard := h.contents(), len(h.line.tries())
	h.deliver(h.said(4, in, line))
	h.settle()
	var said string
	for _, d := range h.line.tries()[heard:] {
		said += d.out.Text + d.out.Emoji + "\n"
	}
	barred := false
	for _, phrase := range bot.Barred() {
		parts := regexp.MustCompile(`\{\w+\}`).Split(phrase, -1)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		barred = barred || regexp.MustCompile(strings.Join(parts, ".*")).MatchString(said)
	}
	switch {
	case want == bot.Allowed && (barred || said == ""):
		h.t.Errorf("%s is allowed, and the bot says %q", line, said)
	case want == bot.Refused && !barred:
		h.t.Errorf("%s is refused, and the bot says %q", line, said)
	case want == bot.Ignored && said != "":
		h.t.Errorf("%s is passed over, and the bot says %q", line, said)
	case want != bot.Allowed && h.contents() != before:
		h.t.Errorf("%s is not allowed, and changes something", line)
	}
}

// sample fills in how a command is typed.
func sample(usage string) string {
	usage, _, _ = strings.Cut(usage, " | ")
	usage = regexp.MustCompile(`@(giver|Ann|Ben|who)`).ReplaceAllString(usage, "Neighbour 2")
	usage = strings.ReplaceAll(usage, "@receiver", "Neighbour 3")
	usage = strings.ReplaceAll(usage, "#12", "#1")
	return strings.NewReplacer("[", "", "]", "", "|", " ", "name value", "floor -40h").Replace(usage)
}

// asides are the tables that note that something was said at all.
var asides = regexp.MustCompile(`^(inbox|outbox|said|stranger|sqlite_.*)$`)

// contents sums up everything in the file but the tables that note what was said.
func (h *house) contents() string {
	h.t.Helper()
	sum := sha256.New()
	for _, table := range h.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
		columns := "*"
		if table == "member" {
			columns = "id, account, person, name, status, council, about" // not when they were heard of
		}
		if !asides.MatchString(table) {
			fmt.Fprintln(sum, table, h.rows("SELECT "+columns+" FROM "+table+" ORDER BY 1, 2"))
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// rows prints the rows of a query.
func (h *house) rows(query string) (all []string) {
	h.t.Helper()
	rows, err := writer(h.db).Query(query)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		h.t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			h.t.Fatal(err)
		}
		words := make([]string, len(values))
		for i, v := range values {
			words[i] = fmt.Sprint(v)
		}
		all = append(all, strings.Join(words, "\t"))
	}
	return all
}

// TestPermissionsInTheDocs holds the table in the documentation against the commands.
func TestPermissionsInTheDocs(t *testing.T) {
	const path = "../docs/privacy.md"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- permissions: go test ./bot -run Docs -update -->\n", "<!-- end of permissions -->"
	head, rest, begun := strings.Cut(string(b), begin)
	_, tail, ended := strings.Cut(rest, end)
	if !begun || !ended {
		t.Fatalf("%s has no place for the table", path)
	}
	want := head + begin + permissionTable() + end + tail
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(b) {
		t.Errorf("%s is out of step with the commands; go test ./bot -run Docs -update", path)
	}
}

// permissionTable shows for every command and standing where it may be used.
func permissionTable() string {
	var b strings.Builder
	b.WriteString("| command |")
	for _, who := range standings() {
		b.WriteString(" " + who.name + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(standings())) + "\n")
	for _, cmd := range bot.Commands() {
		b.WriteString("| `/" + cmd.Name + "` |")
		for _, who := range standings() {
			var places []string
			for _, where := range spots() {
				if cmd.Verdict(who.asMember(), where.place) == bot.Allowed {
					places = append(places, where.name)
				}
			}
			if len(places) == 0 {
				places = []string{"–"}
			}
			b.WriteString(" " + strings.Join(places, ", ") + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}
