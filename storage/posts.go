package storage

import (
	"time"

	"communityconnect/board"
)

const postColumns = "id, kind, author, category, text, minutes, whenever, wanted, state, created_at, expires_at"

func readPost(s scanner) (p board.Post, err error) {
	var created, expires int64
	err = s.Scan(&p.ID, &p.Kind, &p.Author, &p.Category, &p.Text, &p.Minutes, &p.When, &p.Wanted, &p.State, &created, &expires)
	p.Created, p.Expires = fromSeconds(created), fromSeconds(expires)
	return p, err
}

// AddPost puts a post on the board and returns its number.
func (tx *Tx) AddPost(p board.Post) (board.PostID, error) {
	id, err := tx.insert(`INSERT INTO post (kind, author, category, text, minutes, whenever, wanted, state, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, string(p.Kind), p.Author, p.Category, p.Text, int64(p.Minutes), p.When, max(1, p.Wanted), string(p.State),
		seconds(p.Created), seconds(p.Expires))
	return board.PostID(id), err
}

// SetPost keeps what an author has changed about a post: its words, and until when it stays.
func (tx *Tx) SetPost(p board.Post) error {
	return tx.exec("UPDATE post SET category = ?, text = ?, minutes = ?, whenever = ?, wanted = ?, state = ?, expires_at = ? WHERE id = ?",
		p.Category, p.Text, int64(p.Minutes), p.When, max(1, p.Wanted), string(p.State), seconds(p.Expires), int64(p.ID))
}

// SetPostState moves a post to another state at now.
func (tx *Tx) SetPostState(id board.PostID, s board.State, now time.Time) error {
	return tx.exec("UPDATE post SET state = ?, ended_at = ? WHERE id = ?", string(s), seconds(now), int64(id))
}

// ExpirePosts takes down what has stood on the board for its time, and returns it. What is
// paused doesn't grow old.
func (tx *Tx) ExpirePosts(now time.Time) ([]board.Post, error) {
	due, err := list(tx, readPost, "SELECT "+postColumns+" FROM post WHERE state = 'open' AND expires_at <= ? AND author NOT IN (SELECT member FROM away) ORDER BY +id", seconds(now))
	if err != nil || len(due) == 0 {
		return nil, err
	}
	return due, tx.exec("UPDATE post SET state = 'expired', ended_at = ?1 WHERE state = 'open' AND expires_at <= ?1 AND author NOT IN (SELECT member FROM away)", seconds(now))
}

// Post returns a post; found is false when there is none of that number.
func (tx *Tx) Post(id board.PostID) (p board.Post, found bool, err error) {
	all, err := list(tx, readPost, "SELECT "+postColumns+" FROM post WHERE id = ?", int64(id))
	if err != nil || len(all) == 0 {
		return p, false, err
	}
	return all[0], true, nil
}

// OpenPosts returns what is on the board at now and not paused, newest first.
func (tx *Tx) OpenPosts(now time.Time) ([]board.Post, error) {
	return list(tx, readPost, "SELECT "+postColumns+" FROM post WHERE state = 'open' AND expires_at > ? AND author NOT IN (SELECT member FROM away) ORDER BY +id DESC", seconds(now))
}

// OpenPostsOf returns what one member has on the board at now, newest first.
func (tx *Tx) OpenPostsOf(author int64, now time.Time) ([]board.Post, error) {
	return list(tx, readPost, "SELECT "+postColumns+" FROM post WHERE author = +? AND state = 'open' AND expires_at > ? ORDER BY id DESC", author, seconds(now))
}

// AllPosts returns every post there ever was, oldest first.
func (tx *Tx) AllPosts() ([]board.Post, error) {
	return list(tx, readPost, "SELECT "+postColumns+" FROM post ORDER BY id")
}

// Take notes that a member takes a post up. Fresh is false when they had already.
func (tx *Tx) Take(id board.PostID, member int64, now time.Time) (fresh bool, err error) {
	n, err := tx.change("INSERT INTO taker (post, member, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", int64(id), member, seconds(now))
	return n > 0, err
}

// StepBack takes a taker away again. Had is false when the member was none.
func (tx *Tx) StepBack(id board.PostID, member int64) (had bool, err error) {
	n, err := tx.change("DELETE FROM taker WHERE post = ? AND member = ?", int64(id), member)
	return n > 0, err
}

// Takers returns who has taken a post up, in the order in which they did.
func (tx *Tx) Takers(id board.PostID) ([]int64, error) {
	return list(tx, func(s scanner) (member int64, err error) { err = s.Scan(&member); return member, err },
		"SELECT member FROM taker WHERE post = ? ORDER BY at, member", int64(id))
}

// TakenPosts returns the open posts of a kind by one member that another has taken up.
func (tx *Tx) TakenPosts(kind board.Kind, author, taker int64) ([]board.Post, error) {
	return list(tx, readPost, "SELECT "+postColumns+` FROM post WHERE state = 'open' AND kind = +? AND author = +?
		AND EXISTS (SELECT 1 FROM taker WHERE taker.post = post.id AND taker.member = +?) ORDER BY id`, string(kind), author, taker)
}

// TakenUp returns what is on the board at now, of a kind, that a member has taken up,
// whoever's it is.
func (tx *Tx) TakenUp(kind board.Kind, taker int64, now time.Time) ([]board.Post, error) {
	return list(tx, readPost, "SELECT "+postColumns+` FROM post WHERE state = 'open' AND expires_at > ? AND kind = +?
		AND EXISTS (SELECT 1 FROM taker WHERE taker.post = post.id AND taker.member = +?) ORDER BY +id`, seconds(now), string(kind), taker)
}
