package storage

import (
	"time"

	"communityconnect/board"
)

const postColumns = "id, kind, author, category, text, minutes, whenever, state, created_at, expires_at"

func readPost(s scanner) (p board.Post, err error) {
	var created, expires int64
	err = s.Scan(&p.ID, &p.Kind, &p.Author, &p.Category, &p.Text, &p.Minutes, &p.When, &p.State, &created, &expires)
	p.Created, p.Expires = fromSeconds(created), fromSeconds(expires)
	return p, err
}

// AddPost puts a post on the board and returns its number.
func (tx *Tx) AddPost(p board.Post) (board.PostID, error) {
	id, err := tx.insert(`INSERT INTO post (kind, author, category, text, minutes, whenever, state, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, string(p.Kind), p.Author, p.Category, p.Text, int64(p.Minutes), p.When, string(p.State),
		seconds(p.Created), seconds(p.Expires))
	return board.PostID(id), err
}

// SetPostState moves a post to another state.
func (tx *Tx) SetPostState(id board.PostID, s board.State) error {
	return tx.exec("UPDATE post SET state = ? WHERE id = ?", string(s), int64(id))
}

// ExpirePosts takes down what has stood on the board for its time.
func (tx *Tx) ExpirePosts(now time.Time) error {
	return tx.exec("UPDATE post SET state = 'expired' WHERE state = 'open' AND expires_at <= ?", seconds(now))
}

// Post returns a post; found is false when there is none of that number.
func (tx *Tx) Post(id board.PostID) (p board.Post, found bool, err error) {
	all, err := list(tx, readPost, "SELECT "+postColumns+" FROM post WHERE id = ?", int64(id))
	if err != nil || len(all) == 0 {
		return p, false, err
	}
	return all[0], true, nil
}

// OpenPosts returns what is on the board at now, newest first.
func (tx *Tx) OpenPosts(now time.Time) ([]board.Post, error) {
	return list(tx, readPost, "SELECT "+postColumns+" FROM post WHERE state = 'open' AND expires_at > ? ORDER BY id DESC", seconds(now))
}

// AllPosts returns every post there ever was, oldest first.
func (tx *Tx) AllPosts() ([]board.Post, error) {
	return list(tx, readPost, "SELECT "+postColumns+" FROM post ORDER BY id")
}
