// Package visitors keeps what communities that share one Signal account have in common, in
// a file that is none of theirs: which of them know a person, which they last meant, who was
// asked, what waits until they say, and what waits for a community whose own file can't be
// written.
//
// Everything is durable when a function returns. Words are in it only as long as they wait.
package visitors

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/mattn/go-sqlite3"

	"communityconnect/chat"
)

// ErrDamaged is a file that can't be used any more.
var ErrDamaged = errors.New("the file is damaged, or of another kind; move it away and start again: what waited in it is lost, and who is in two communities is asked once more which they mean")

// schema is the file's. It is small, and what is in it is soon over: a later form would be
// a file of another name.
const schema = `
CREATE TABLE IF NOT EXISTS chosen (
	person    TEXT PRIMARY KEY,
	community TEXT NOT NULL,    -- by its group
	at        INTEGER NOT NULL  -- seconds since 1970, UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS circle (
	person    TEXT NOT NULL,
	community TEXT NOT NULL, -- by its group: one that knew them when it was asked last
	PRIMARY KEY (person, community)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS asked (
	person TEXT PRIMARY KEY,
	text   TEXT NOT NULL,
	sent   INTEGER NOT NULL, -- the identity of the question; 0 until it has gone out
	at     INTEGER NOT NULL  -- seconds since 1970, UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS held (
	id     INTEGER PRIMARY KEY,
	person TEXT NOT NULL,
	sent   INTEGER NOT NULL,
	kind   TEXT NOT NULL,
	body   TEXT NOT NULL,
	UNIQUE (person, sent, kind)
) STRICT;

CREATE TABLE IF NOT EXISTS parked (
	id        INTEGER PRIMARY KEY,
	community TEXT NOT NULL, -- by its group
	body      TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS parked_for ON parked (community, id);`

// Book is one open file.
type Book struct{ db *sql.DB }

// Open opens the file, and makes it if need be.
func Open(path string) (*Book, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite fills an empty file, and this one is nobody else's to read
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", (&url.URL{Scheme: "file", Opaque: url.PathEscape(filepath.ToSlash(path)), RawQuery: url.Values{
		"_busy_timeout": {"5000"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"}, "_secure_delete": {"true"},
	}.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		var e sqlite3.Error
		if errors.As(err, &e) && (e.Code == sqlite3.ErrNotADB || e.Code == sqlite3.ErrCorrupt) {
			err = ErrDamaged
		}
		return nil, errors.Join(err, db.Close())
	}
	return &Book{db}, nil
}

// Close ends all use of the file.
func (b *Book) Close() error { return b.db.Close() }

// Chosen returns the community that a person meant last; "" if they never said.
func (b *Book) Chosen(p chat.PersonID) (community chat.GroupID, err error) {
	err = b.db.QueryRow("SELECT community FROM chosen WHERE person = ?", string(p)).Scan(&community)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return community, err
}

// Choose remembers which community a person means. Whatever they were asked is over, and
// what has waited for it is forgotten.
func (b *Book) Choose(p chat.PersonID, community chat.GroupID, now time.Time) error {
	return b.inOne(func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO chosen (person, community, at) VALUES (?1, ?2, ?3) ON CONFLICT (person) DO UPDATE SET community = ?2, at = ?3",
			string(p), string(community), now.Unix())
		for _, table := range []string{"DELETE FROM asked WHERE person = ?", "DELETE FROM held WHERE person = ?"} {
			if err == nil {
				_, err = tx.Exec(table, string(p))
			}
		}
		return err
	})
}

// Circle returns the communities that knew a person when that was noted last, in the order
// of their groups.
func (b *Book) Circle(p chat.PersonID) (all []chat.GroupID, err error) {
	err = b.each("SELECT 0, community FROM circle WHERE person = ? ORDER BY community", []any{string(p)}, func(_ int64, community []byte) error {
		all = append(all, chat.GroupID(community))
		return nil
	})
	return all, err
}

// SetCircle notes which communities know a person.
func (b *Book) SetCircle(p chat.PersonID, all []chat.GroupID) error {
	return b.inOne(func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM circle WHERE person = ?", string(p))
		for _, community := range all {
			if err == nil {
				_, err = tx.Exec("INSERT INTO circle (person, community) VALUES (?, ?)", string(p), string(community))
			}
		}
		return err
	})
}

// Question is what a person was asked.
type Question struct {
	Person chat.PersonID
	Text   string
	Sent   chat.Timestamp // 0 until it has gone out
	At     time.Time
}

// Ask notes a question that has to go out, in the place of an earlier one, and with it what
// waits for the answer; nil for nothing.
func (b *Book) Ask(q Question, waiting *chat.Message) error {
	return b.inOne(func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO asked (person, text, sent, at) VALUES (?1, ?2, 0, ?3) ON CONFLICT (person) DO UPDATE SET text = ?2, sent = 0, at = ?3",
			string(q.Person), q.Text, q.At.Unix())
		if err != nil || waiting == nil {
			return err
		}
		return hold(tx, *waiting)
	})
}

// Hold keeps a message until its author has said which community it is for.
func (b *Book) Hold(m chat.Message) error {
	return b.inOne(func(tx *sql.Tx) error { return hold(tx, m) })
}

func hold(tx *sql.Tx, m chat.Message) error {
	body, err := json.Marshal(m)
	if err == nil {
		_, err = tx.Exec(`INSERT INTO held (person, sent, kind, body) SELECT ?1, ?2, ?3, ?4
			WHERE (SELECT count(*) FROM held WHERE person = ?1) < ?5 ON CONFLICT DO NOTHING`, string(m.From), int64(m.Sent), string(m.Kind), string(body), heldAtMost)
	}
	return err
}

// heldAtMost is how many messages of one person wait for their word. Whoever writes more
// without an answer to the question is not talking with us.
const heldAtMost = 50

// Asked returns what a person was asked and has not answered; found is false for nothing.
func (b *Book) Asked(p chat.PersonID) (q Question, found bool, err error) {
	all, err := b.questions("SELECT person, text, sent, at FROM asked WHERE person = ?", string(p))
	if err != nil || len(all) == 0 {
		return q, false, err
	}
	return all[0], true, nil
}

// Unsent returns the questions that have not gone out.
func (b *Book) Unsent() ([]Question, error) {
	return b.questions("SELECT person, text, sent, at FROM asked WHERE sent = 0 ORDER BY at, person")
}

func (b *Book) questions(query string, args ...any) (all []Question, err error) {
	rows, err := b.db.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var q Question
		var at int64
		if err := rows.Scan(&q.Person, &q.Text, &q.Sent, &at); err != nil {
			return nil, err
		}
		q.At = time.Unix(at, 0)
		all = append(all, q)
	}
	return all, rows.Err()
}

// AskedWith notes by which identity a question went out.
func (b *Book) AskedWith(p chat.PersonID, sent chat.Timestamp) error {
	_, err := b.db.Exec("UPDATE asked SET sent = ? WHERE person = ?", int64(sent), string(p))
	return err
}

// Held returns what waits for a person's word, in its order.
func (b *Book) Held(p chat.PersonID) (all []chat.Message, err error) {
	err = b.each("SELECT 0, body FROM held WHERE person = ? ORDER BY id", []any{string(p)}, func(_ int64, body []byte) error {
		var m chat.Message
		all = append(all, m)
		return json.Unmarshal(body, &all[len(all)-1])
	})
	return all, err
}

// Forget drops what was asked before a time and never answered, with what waits for it.
func (b *Book) Forget(before time.Time) error {
	return b.inOne(func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM held WHERE person IN (SELECT person FROM asked WHERE at < ?)", before.Unix())
		if err == nil {
			_, err = tx.Exec("DELETE FROM asked WHERE at < ?", before.Unix())
		}
		return err
	})
}

// Park keeps what is for a community that can't take it now; what that is, only the caller
// knows.
func (b *Book) Park(community chat.GroupID, all []json.RawMessage) error {
	return b.inOne(func(tx *sql.Tx) error {
		for _, body := range all {
			if _, err := tx.Exec("INSERT INTO parked (community, body) VALUES (?, ?)", string(community), string(body)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Parked returns the first things that wait for a community, at most so many, and the mark
// up to which they go.
func (b *Book) Parked(community chat.GroupID, most int) (all []json.RawMessage, upTo int64, err error) {
	err = b.each("SELECT id, body FROM parked WHERE community = ? ORDER BY id LIMIT ?", []any{string(community), most}, func(id int64, body []byte) error {
		upTo = id
		all = append(all, body)
		return nil
	})
	return all, upTo, err
}

// Unpark forgets what a community has taken, up to a mark.
func (b *Book) Unpark(community chat.GroupID, upTo int64) error {
	_, err := b.db.Exec("DELETE FROM parked WHERE community = ? AND id <= ?", string(community), upTo)
	return err
}

func (b *Book) each(query string, args []any, read func(id int64, body []byte) error) error {
	rows, err := b.db.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		if err := read(id, body); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (b *Book) inOne(f func(*sql.Tx) error) error {
	tx, err := b.db.Begin()
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
