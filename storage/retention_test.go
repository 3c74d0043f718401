package storage

import (
	"fmt"
	"testing"
	"time"

	"communityconnect/chat"
)

// What was written goes when its time is up, to the minute; what is still open stays
// however old it is.
func TestPeopleRetention(t *testing.T) {
	db := founded(t)
	const day = 24 * time.Hour
	person := chat.Conversation{Person: "ann"}
	fine(t, db.Update(func(tx *Tx) error {
		m := chat.Message{Kind: chat.Said, From: "ann", Sent: chat.TimestampOf(noon), In: person, Text: "hello"}
		id, _, err := tx.Receive(m, chat.TimestampOf(noon))
		fine(t, err)
		fine(t, tx.Done(id, m, true))
		sent, err := tx.Queue(chat.Outgoing{Act: chat.Send, To: person, Text: "hi"}, Topic{Kind: "post", ID: 1}, noon)
		fine(t, err)
		fine(t, tx.MarkSent(sent, chat.TimestampOf(noon)))
		_, err = tx.Queue(chat.Outgoing{Act: chat.Send, To: person, Text: "hi again"}, Topic{}, noon) // still to go
		fine(t, err)
		over, err := tx.Ask(Question{Kind: "k", Asked: 1, Asker: 1, Line: "words", At: noon, Expires: noon})
		fine(t, err)
		fine(t, tx.CloseQuestion(over, "answered"))
		_, err = tx.Ask(Question{Kind: "k", Asked: 1, Asker: 1, Line: "open words", At: noon, Expires: noon.AddDate(1, 0, 0)})
		fine(t, err)
		_, err = tx.AnswerStranger("zed", noon, noon.Add(-day))
		fine(t, err)
		fine(t, tx.NoteMissed([]chat.Missed{{Person: "ann", Why: "x"}}, noon))
		return tx.KeepUndecoded([]byte("line"), noon)
	}))
	count := func(query string) (n int) {
		t.Helper()
		fine(t, db.View(func(tx *Tx) error { _, err := tx.row(query, nil, &n); return err }))
		return n
	}
	for _, step := range []struct {
		after                                                          time.Duration
		messages, keys, out, said, words, strangers, missed, undecoded int
	}{
		{after: day, messages: 1, keys: 1, out: 2, said: 1, words: 2, strangers: 1, missed: 1, undecoded: 1},
		{after: 3 * day, messages: 1, keys: 1, out: 2, said: 1, words: 2, strangers: 0, missed: 1, undecoded: 1},
		{after: 14 * day, messages: 1, keys: 1, out: 2, said: 1, words: 2, missed: 1, undecoded: 1},
		{after: 14*day + time.Minute, keys: 1, out: 1, said: 1, words: 1, missed: 1},
		{after: 30*day + time.Minute, out: 1, said: 1, words: 1, missed: 1},
		{after: 91 * day, out: 1, said: 1, words: 1},
		{after: 401 * day, out: 1, words: 1},
	} {
		fine(t, db.Update(func(tx *Tx) error { return tx.Retire(noon.Add(step.after), 14*day) }))
		got := fmt.Sprint(count("SELECT count(*) FROM inbox WHERE message IS NOT NULL"), count("SELECT count(*) FROM inbox"), count("SELECT count(*) FROM outbox"),
			count("SELECT count(*) FROM said"), count("SELECT count(*) FROM question WHERE line <> ''"), count("SELECT count(*) FROM stranger"),
			count("SELECT count(*) FROM missed"), count("SELECT count(*) FROM undecoded"))
		want := fmt.Sprint(step.messages, step.keys, step.out, step.said, step.words, step.strangers, step.missed, step.undecoded)
		if got != want {
			t.Errorf("after %v there are %s, want %s", step.after, got, want)
		}
	}
}
