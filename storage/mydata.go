package storage

import (
	"encoding/json"
	"regexp"
	"strings"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
)

// Section is what one table holds of a person.
type Section struct {
	Title string
	Rows  [][]Field // newest first
	More  bool      // there are older ones, that were left out
}

// Field is one value. It is a string, an int64, a time.Time, a ledger.Minutes, or a
// community.MemberID or ledger.AccountID whose name is to be filled in.
type Field struct {
	Name  string
	Value any
}

// Everything returns all that is held of a member, at most so many rows of each kind.
// Of others there is what the member has seen: who a trade was with, whom they vouched for.
func (tx *Tx) Everything(m community.Member, most int) ([]Section, error) {
	var all []Section
	for _, r := range records() {
		if r.title == "" {
			continue
		}
		s, err := tx.ownRows(r, m, most)
		if err != nil {
			return nil, err
		}
		if len(s.Rows) > 0 {
			all = append(all, s)
		}
	}
	return all, nil
}

func (tx *Tx) ownRows(r record, m community.Member, most int) (Section, error) {
	from, order := r.table, "1"
	if r.from != "" {
		from = r.from
	}
	if r.order != "" {
		order = r.order + " DESC"
	}
	var picks []string
	shown := r.shown()
	for _, c := range shown {
		pick := "x." + c.name
		if c.holds == "text" {
			pick = "(SELECT body FROM text WHERE id = x." + c.name + ")"
		}
		picks = append(picks, pick)
	}
	query := "SELECT " + strings.Join(picks, ", ") + " FROM " + from + " x WHERE " + r.of + " ORDER BY " + order + " LIMIT ?4"
	rows, err := list(tx, func(s scanner) ([]Field, error) { return readFields(s, shown) }, query, int64(m.ID), int64(m.Account), m.Person, most+1)
	if err != nil {
		return Section{}, err
	}
	return Section{Title: r.title, Rows: rows[:min(len(rows), most)], More: len(rows) > most}, nil
}

// readFields leaves out what is empty: it tells nothing.
func readFields(s scanner, shown []column) ([]Field, error) {
	values := make([]any, len(shown))
	into := make([]any, len(shown))
	for i := range values {
		into[i] = &values[i]
	}
	if err := s.Scan(into...); err != nil {
		return nil, err
	}
	var fields []Field
	for i, c := range shown {
		if v := valueOf(values[i], c.holds); v != nil && v != "" {
			fields = append(fields, Field{strings.ReplaceAll(c.name, "_", " "), v})
		}
	}
	return fields, nil
}

func valueOf(v any, holds string) any {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	switch n, number := v.(int64); {
	case holds == "message":
		return messageText(v)
	case !number:
		return v
	case holds == "time" && n == 0, holds == "millis" && n == 0, holds == "member" && n == 0:
		return nil
	case holds == "time":
		return fromSeconds(n)
	case holds == "millis":
		return fromMillis(n)
	case holds == "amount":
		return ledger.Minutes(n)
	case holds == "member":
		return community.MemberID(n)
	case holds == "account":
		return ledger.AccountID(n)
	}
	return v
}

// messageText returns what a kept message said.
func messageText(v any) any {
	s, _ := v.(string)
	var m struct {
		Text     string         `json:"text"`
		Emoji    string         `json:"emoji"`
		Reaction *chat.Reaction `json:"reaction"`
	}
	if json.Unmarshal([]byte(s), &m) != nil {
		return nil
	}
	if m.Reaction != nil {
		return m.Reaction.Emoji
	}
	return m.Text + m.Emoji
}

// namePattern finds names in words: whole ones, in any case.
func namePattern(names []string) *regexp.Regexp {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = regexp.QuoteMeta(n)
	}
	return regexp.MustCompile(`(?i)(^|[^\p{L}\p{N}])(` + strings.Join(quoted, "|") + `)($|[^\p{L}\p{N}])`)
}
