package storage

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
)

// AskErasure notes that a member wants to be forgotten: whole, or only in old words.
func (tx *Tx) AskErasure(id community.MemberID, whole bool, now time.Time) error {
	return tx.exec(`INSERT INTO erasure (member, whole, asked_at) VALUES (?1, ?2, ?3)
		ON CONFLICT (member) DO UPDATE SET whole = max(whole, excluded.whole), asked_at = excluded.asked_at, done = 0`, int64(id), whole, seconds(now))
}

// Erasure is somebody who wants to be forgotten.
type Erasure struct {
	Member community.MemberID
	Whole  bool
	Asked  time.Time
	Done   bool // the rows are empty; the file has yet to be swept
}

// Erasures returns who wants to be forgotten and isn't yet.
func (tx *Tx) Erasures() ([]Erasure, error) {
	return list(tx, func(s scanner) (e Erasure, err error) {
		var asked int64
		err = s.Scan(&e.Member, &e.Whole, &asked, &e.Done)
		e.Asked = fromSeconds(asked)
		return e, err
	}, "SELECT member, whole, asked_at, done FROM erasure ORDER BY member")
}

// ErasuresSwept ends the erasures of which the file holds nothing any more.
func (tx *Tx) ErasuresSwept() error { return tx.exec("DELETE FROM erasure WHERE done = 1") }

// WaitsFor reports whether something is on its way out to a person.
func (tx *Tx) WaitsFor(person string) (bool, error) {
	return tx.row("SELECT 1 FROM outbox WHERE state <> 'sent' AND state <> 'failed' AND to_person = +?", []any{person}, new(int))
}

// WaitsFrom reports whether something that was said by a time is still on its way out, to
// anybody: words of it are in the file until it has arrived.
func (tx *Tx) WaitsFrom(until time.Time) (bool, error) {
	return tx.row("SELECT 1 FROM outbox WHERE state <> 'sent' AND state <> 'failed' AND created_at <= +?", []any{until.UnixMilli()}, new(int))
}

// Forget takes out of the file what led to a member, or with whole false only the old
// words of one who stays. What is left are numbers: entries, votes, thanks of "a former
// member". The file itself keeps traces until it is swept, see DB.Sweep.
func (tx *Tx) Forget(m community.Member, whole bool) error {
	names, err := tx.namesOf(m)
	if err != nil {
		return err
	}
	var said []string
	for _, r := range records() {
		statements := r.old
		if whole {
			statements = r.forget
		}
		for _, s := range statements {
			words, err := tx.wordsGone(s, m)
			if err != nil {
				return err
			}
			said = append(said, words...)
			if err := tx.exec(s, personArgs(s, m)...); err != nil {
				return err
			}
		}
	}
	if whole {
		if err := tx.redact(names, m.Person, said); err != nil {
			return err
		}
	}
	return tx.exec("UPDATE erasure SET done = 1 WHERE member = ?", int64(m.ID))
}

// PostsBy returns all posts of a member, by number.
func (tx *Tx) PostsBy(m community.Member) ([]board.PostID, error) {
	return list(tx, func(s scanner) (id board.PostID, err error) { err = s.Scan(&id); return id, err },
		"SELECT id FROM post WHERE author = +?", int64(m.ID))
}

// TradesWithoutWords returns an account's trades whose words have been erased, by number.
func (tx *Tx) TradesWithoutWords(a ledger.AccountID) ([]ledger.TradeID, error) {
	return list(tx, func(s scanner) (id ledger.TradeID, err error) { err = s.Scan(&id); return id, err },
		"SELECT t.id FROM trade t JOIN text x ON x.id = t.text WHERE (t.giver = ?1 OR t.receiver = ?1 OR t.logged_by = ?1) AND x.body IS NULL", int64(a))
}

// personArgs are as many of a person's arguments as a statement takes.
func personArgs(statement string, m community.Member) []any {
	all := []any{int64(m.ID), int64(m.Account), m.Person}
	for n := len(all); n > 0; n-- {
		if strings.Contains(statement, "?"+strconv.Itoa(n)) {
			return all[:n]
		}
	}
	return nil
}

// namesOf returns everything a member is or was called. A first name that others bear,
// too, leads to nobody, and stays.
func (tx *Tx) namesOf(m community.Member) ([]string, error) {
	names, err := list(tx, func(s scanner) (name string, err error) { err = s.Scan(&name); return name, err },
		"SELECT name FROM earlier_name WHERE member = ?", int64(m.ID))
	if err != nil {
		return nil, err
	}
	all, err := tx.Members()
	if err != nil {
		return nil, err
	}
	names = append(names, m.Name)
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		shared := false
		for _, other := range all {
			theirs, _, _ := strings.Cut(other.Name, " ")
			shared = shared || other.ID != m.ID && community.Fold(theirs) == community.Fold(first)
		}
		if !shared && first != name {
			names = append(names, first)
		}
	}
	return names, nil
}

// wordsGone returns the words that a statement is about to erase, where they are such that
// the bot repeats them to others.
func (tx *Tx) wordsGone(statement string, m community.Member) ([]string, error) {
	query := ""
	if which, ok := strings.CutPrefix(statement, eraseText); ok {
		query = "SELECT body FROM text WHERE body IS NOT NULL AND " + which
	} else if which, ok := strings.CutPrefix(statement, "UPDATE post SET "); ok {
		_, which, _ = strings.Cut(which, " WHERE ")
		query = "SELECT text FROM post WHERE " + which
	} else {
		return nil, nil
	}
	return list(tx, func(s scanner) (words string, err error) { err = s.Scan(&words); return words, err }, query, personArgs(query, m)...)
}

// redact takes names out of everybody's words, and what somebody said out of what the bot
// has repeated of it. Words that can't be changed go as a whole.
func (tx *Tx) redact(names []string, person string, said []string) error {
	pattern := namePattern(names)
	gone := func(string) any { return nil }
	for _, r := range records() {
		for _, c := range r.split() {
			var err error
			switch {
			case r.table == "text" && c.name == "body":
				err = tx.rewrite(r.table, c.name, pattern.MatchString, gone, "salt = NULL")
			case c.holds == "message":
				err = tx.rewrite(r.table, c.name, func(s string) bool {
					return pattern.MatchString(s) || person != "" && strings.Contains(s, person) || repeats(s, said) != s
				}, gone, "")
			case c.holds == "words":
				err = tx.rewrite(r.table, c.name, pattern.MatchString, func(s string) any { return replaceNames(pattern, s) }, "")
			case c.holds == "quotes":
				err = tx.rewrite(r.table, c.name, func(s string) bool { return pattern.MatchString(s) || repeats(s, said) != s },
					func(s string) any { return replaceNames(pattern, repeats(s, said)) }, "")
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func replaceNames(pattern *regexp.Regexp, s string) string {
	for pattern.MatchString(s) { // two names may share the space between them
		s = pattern.ReplaceAllString(s, "${1}"+community.FormerName+"${3}")
	}
	return s
}

// What of somebody's words leads to them: a shorter one than shortQuote may be anybody's
// (“help”, “lift”), and of a longer one than its first letters the bot may have cut the rest.
const (
	shortQuote = 6
	firstBytes = 24
)

// repeats takes what was said out of a text that repeats it, in full or cut short, as it
// was written or as JSON has it.
func repeats(s string, said []string) string {
	for _, words := range said {
		if len(words) < shortQuote {
			continue
		}
		s = without(s, words)
		if escaped := asJSON(words); len(escaped) != len(words)+2 {
			s = without(s, escaped[1:len(escaped)-1])
		}
	}
	return s
}

// without takes every beginning of the words out of a text that is long enough to be them.
func without(s, words string) string {
	head := strings.ToValidUTF8(words[:min(len(words), firstBytes)], "")
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, head)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n := 0
		for n < len(rest) && len(head)+n < len(words) && rest[n] == words[len(head)+n] {
			n++
		}
		b.WriteString("(erased)")
		s = strings.TrimPrefix(strings.ToValidUTF8(rest[n:], ""), "…")
	}
}

// rewrite changes every value of a column that is to be changed.
func (tx *Tx) rewrite(table, column string, is func(string) bool, change func(string) any, also string) error {
	type cell struct {
		key  int64
		body string
	}
	var found []cell
	for v, err := range every(tx, func(s scanner) (c cell, err error) { err = s.Scan(&c.key, &c.body); return c, err },
		"SELECT rowid, "+column+" FROM "+table+" WHERE "+column+" IS NOT NULL AND "+column+" <> ''"+waitingAside(table)) {
		if err != nil {
			return err
		}
		if is(v.body) {
			found = append(found, v)
		}
	}
	set := column + " = ?"
	if also != "" {
		set += ", " + also
	}
	for _, c := range found {
		if err := tx.exec("UPDATE "+table+" SET "+set+" WHERE rowid = ?", change(c.body), c.key); err != nil {
			return err
		}
	}
	return nil
}

// waitingAside leaves out what is on its way: its words go as soon as it has arrived.
func waitingAside(table string) string {
	if table == "outbox" {
		return " AND (state = 'sent' OR state = 'failed')"
	}
	return ""
}

// ErrBusy is a sweep that has to be done again, because somebody else reads the file.
var ErrBusy = errors.New("the file is being read")

// Sweep writes the file anew, so that nothing is left in it of what was taken out of its
// rows, and empties the log beside it. It returns ErrBusy when it has to be done again.
func (db *DB) Sweep() error {
	if _, err := db.write.Exec("VACUUM"); err != nil {
		return err
	}
	var busy, pages, moved int
	if err := db.write.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return ErrBusy
	}
	return nil
}
