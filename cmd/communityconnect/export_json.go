package main

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// The shapes of the JSON export. The names are fixed: other programs read them.
// What is not known, was not said or has been erased is null.
type (
	jsonCommunity struct {
		Name        string    `json:"name"`
		GeneratedAt time.Time `json:"generated_at"`
	}
	jsonAccount struct {
		ID      ledger.AccountID   `json:"id"`
		Kind    ledger.AccountKind `json:"kind"`
		Name    string             `json:"name"`
		ACI     *string            `json:"aci"`
		Status  *community.Status  `json:"status"`
		Balance ledger.Minutes     `json:"balance_minutes"`
		Floor   ledger.Minutes     `json:"floor_minutes"`
		Ceiling ledger.Minutes     `json:"ceiling_minutes"`
	}
	jsonTransfer struct {
		Seq      int64               `json:"seq"`
		From     ledger.AccountID    `json:"from"`
		To       ledger.AccountID    `json:"to"`
		Minutes  ledger.Minutes      `json:"minutes"`
		Kind     ledger.TransferKind `json:"kind"`
		What     *string             `json:"what"`
		Trade    *ledger.TradeID     `json:"trade"`
		Reverses *int64              `json:"reverses"`
		At       time.Time           `json:"at"`
		Hash     string              `json:"hash"`
	}
	jsonTrade struct {
		ID       ledger.TradeID    `json:"id"`
		Giver    ledger.AccountID  `json:"giver"`
		Receiver ledger.AccountID  `json:"receiver"`
		Minutes  ledger.Minutes    `json:"minutes"`
		What     *string           `json:"what"`
		State    ledger.TradeState `json:"state"`
		Created  time.Time         `json:"created_at"`
		Posted   *time.Time        `json:"posted_at"`
	}
	jsonPost struct {
		ID       board.PostID     `json:"id"`
		Kind     board.Kind       `json:"kind"`
		Author   ledger.AccountID `json:"author"`
		Category string           `json:"category"`
		Text     string           `json:"text"`
		Minutes  *ledger.Minutes  `json:"minutes"`
		When     *string          `json:"when"`
		State    board.State      `json:"state"`
		Created  time.Time        `json:"created_at"`
	}
)

// writeJSON writes one object with one line for each thing, so that two exports can
// be compared line by line.
func writeJSON(out io.Writer, b books) error {
	e := &jsonWriter{out: out}
	e.text("{\n\"community\": ")
	e.value(jsonCommunity{Name: b.name, GeneratedAt: b.now})
	e.text(",\n\"accounts\": [")
	for i, h := range b.holders {
		e.item(i, jsonAccount{ID: h.ID, Kind: h.Kind, Name: h.name, ACI: said(h.person), Status: said(h.status),
			Balance: h.Balance, Floor: h.Floor, Ceiling: h.Ceiling})
	}
	e.text("\n],\n\"transfers\": [")
	jsonItems(e, b.tx.EveryTransfer(), newJSONTransfer)
	e.text("\n],\n\"trades\": [")
	jsonItems(e, b.tx.EveryTrade(), newJSONTrade)
	e.text("\n],\n\"posts\": [")
	authors, err := b.authors()
	if err != nil {
		return err
	}
	jsonItems(e, b.tx.EveryPost(), func(p board.Post) jsonPost {
		return jsonPost{ID: p.ID, Kind: p.Kind, Author: authors[community.MemberID(p.Author)], Category: p.Category, Text: p.Text,
			Minutes: said(p.Minutes), When: said(p.When), State: p.State, Created: p.Created}
	})
	e.text("\n]\n}\n")
	return e.err
}

func newJSONTransfer(r storage.Row[ledger.Transfer]) jsonTransfer {
	t := r.Value
	return jsonTransfer{Seq: t.Seq, From: t.From, To: t.To, Minutes: t.Minutes, Kind: t.Kind, What: written(t.What, r.Erased),
		Trade: said(t.Trade), Reverses: said(t.Reverses), At: t.At, Hash: t.Hash.String()}
}

func newJSONTrade(r storage.Row[ledger.Trade]) jsonTrade {
	t := r.Value
	j := jsonTrade{ID: t.ID, Giver: t.Giver, Receiver: t.Receiver, Minutes: t.Minutes, What: written(t.What, r.Erased),
		State: t.State, Created: t.Created}
	switch t.State {
	case ledger.Posted, ledger.Disputed, ledger.Reversed:
		j.Posted = &t.Ended
	}
	return j
}

// authors returns whose account each member posts for.
func (b books) authors() (map[community.MemberID]ledger.AccountID, error) {
	members, err := b.tx.Members()
	if err != nil {
		return nil, err
	}
	accounts := make(map[community.MemberID]ledger.AccountID, len(members))
	for _, m := range members {
		accounts[m.ID] = m.Account
	}
	return accounts, nil
}

// said returns nil for what was not said.
func said[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

// written returns nil for a text that was erased; an empty one stays empty.
func written(t ledger.Text, erased bool) *string {
	if erased {
		return nil
	}
	return &t.Body
}

// jsonWriter writes pieces of one JSON document until the first error.
type jsonWriter struct {
	out io.Writer
	err error
}

func (w *jsonWriter) text(s string) {
	if w.err == nil {
		_, w.err = io.WriteString(w.out, s)
	}
}

func (w *jsonWriter) value(v any) {
	if w.err != nil {
		return
	}
	b, err := json.Marshal(v)
	if err != nil {
		w.err = fmt.Errorf("write JSON: %w", err)
		return
	}
	_, w.err = w.out.Write(b)
}

// item writes the i-th element of an array on a line of its own.
func (w *jsonWriter) item(i int, v any) {
	if i > 0 {
		w.text(",")
	}
	w.text("\n")
	w.value(v)
}

func jsonItems[T, J any](w *jsonWriter, all iter.Seq2[T, error], shape func(T) J) {
	i := 0
	for v, err := range all {
		if w.err == nil {
			w.err = err
		}
		if w.err != nil {
			return
		}
		w.item(i, shape(v))
		i++
	}
}
