package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// mydata sends a member everything that is held about them, for reading and for programs.
func mydata(c *Call) error {
	if !c.from.Frozen.IsZero() {
		return refuse(frozen)
	}
	if c.place != InDM && !c.from.Met {
		c.answer(sayHelloFirst)
		return nil
	}
	files, err := c.ownFiles(chat.MaxFiles)
	if err != nil {
		return err
	}
	if c.place != InDM {
		c.react("👍")
	}
	c.replies = append(c.replies, reply{act: chat.Send, to: direct(c.from), text: c.text(mydataIs), files: files})
	return nil
}

// mostRows is how many rows of a kind somebody gets at most; beyond any neighbour's.
const mostRows = 10000

// ownFiles writes what is held about a member in two forms. Where they are more than a
// message can carry, the oldest rows of each kind are left out, and the files say so.
func (c *Call) ownFiles(size int) ([]chat.File, error) {
	for most := mostRows; ; most /= 2 {
		all, err := c.tx.Everything(c.from, most)
		if err != nil {
			return nil, err
		}
		deeds, err := c.tx.Deeds(c.from.Account)
		if err != nil {
			return nil, err
		}
		all = append(all, storage.Section{Title: "What your profile counts", Rows: [][]storage.Field{{
			{Name: "trades", Value: deeds.Trades}, {Name: "people", Value: deeds.People}, {Name: "thanks", Value: deeds.Thanks}}}})
		files := []chat.File{
			{Name: "my-data.txt", Type: "text/plain", Data: c.ownText(all)},
			{Name: "my-data.json", Type: "application/json", Data: c.ownJSON(all)},
		}
		if len(files[0].Data)+len(files[1].Data) <= size || most == 1 {
			return files, nil
		}
	}
}

func (c *Call) ownText(all []storage.Section) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "What the bot of %s holds about %s, %s.\n", c.people.community.Name, c.from.Name, c.dated(c.now))
	b.WriteString("Newest first. Amounts are hours and minutes. What is empty is left out.\n")
	for _, s := range all {
		fmt.Fprintf(&b, "\n%s\n%s\n", s.Title, strings.Repeat("-", len([]rune(s.Title))))
		for _, row := range s.Rows {
			var parts []string
			for _, f := range row {
				parts = append(parts, f.Name+": "+c.readable(f.Value))
			}
			b.WriteString("* " + strings.Join(parts, "; ") + "\n")
		}
		if s.More {
			b.WriteString("* (older ones are left out, because the file would be too large for a message; the council can have them sent)\n")
		}
	}
	return []byte(b.String())
}

// dated prints a time for somebody who may read it years later.
func (c *Call) dated(t time.Time) string {
	return t.In(c.world.zone).Format("2 January 2006, 15:04")
}

func (c *Call) readable(v any) string {
	switch v := v.(type) {
	case time.Time:
		return c.dated(v)
	case ledger.Minutes:
		return v.String()
	default:
		return fmt.Sprint(c.named(v))
	}
}

// named puts names in the place of numbers of people.
func (c *Call) named(v any) any {
	switch v := v.(type) {
	case community.MemberID:
		return c.people.short(c.people.byID[v])
	case ledger.AccountID:
		return c.people.short(c.people.holder(v))
	case string:
		s, _ := c.people.render(v, direct(c.from))
		return s
	}
	return v
}

// The shape of the JSON file. Amounts are in minutes, times in UTC.
type (
	ownData struct {
		Community string       `json:"community"`
		Name      string       `json:"name"`
		MadeAt    time.Time    `json:"made_at"`
		Sections  []ownSection `json:"sections"`
	}
	ownSection struct {
		Title   string           `json:"title"`
		Rows    []map[string]any `json:"rows"`
		LeftOut bool             `json:"older_rows_left_out,omitempty"`
	}
)

// ownJSON can't fail for the plain values it is given.
func (c *Call) ownJSON(all []storage.Section) []byte {
	data := ownData{Community: c.people.community.Name, Name: c.from.Name, MadeAt: c.now.UTC()}
	for _, s := range all {
		section := ownSection{Title: s.Title, LeftOut: s.More}
		for _, row := range s.Rows {
			fields := map[string]any{}
			for _, f := range row {
				value := c.named(f.Value)
				if m, ok := value.(ledger.Minutes); ok {
					value = int64(m)
				}
				fields[strings.ReplaceAll(f.Name, " ", "_")] = value
			}
			section.Rows = append(section.Rows, fields)
		}
		data.Sections = append(data.Sections, section)
	}
	b, err := json.MarshalIndent(data, "", "\t")
	if err != nil {
		panic(err)
	}
	return b
}
