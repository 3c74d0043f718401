package storage

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
)

func said(from chat.PersonID, sent chat.Timestamp, text string) chat.Message {
	return chat.Message{Kind: chat.Said, From: from, Sent: sent, In: chat.Conversation{Person: from}, Text: text}
}

// A message is what its sender, its time and its kind say it is: a second one with the
// same three is a redelivery, whatever else differs and however long ago it was.
func TestInboxKnowsRedeliveries(t *testing.T) {
	db := fresh(t)
	first := said("ann", 1000, "hello")
	others := []chat.Message{said("ben", 1000, "hello"), said("ann", 1001, "hello"), {Kind: chat.Edited, From: "ann", Sent: 1000, Text: "hello"}}
	receive := func(m chat.Message, want bool) {
		t.Helper()
		fine(t, db.Update(func(tx *Tx) error {
			id, fresh, err := tx.Receive(m, 5000)
			if fresh != want || (id != 0) != want {
				t.Errorf("%s at %d: row %d, fresh %t", m.From, m.Sent, id, fresh)
			}
			if fresh {
				return tx.Done(id, m, true)
			}
			return err
		}))
	}
	receive(first, true)
	for _, m := range others {
		receive(m, true)
	}
	for range 2 {
		changed := first
		changed.Text, changed.Served = "something else", 7
		receive(changed, false)
	}
	path := db.path
	fine(t, db.Close())
	again, err := Open(path)
	fine(t, err)
	defer again.Close()
	db = again
	receive(first, false)
}

// What was not for the bot is never on the disk; what was, and what it failed on, is.
func TestInboxKeepsOnlyWhatWasForUs(t *testing.T) {
	db := fresh(t)
	fine(t, db.Update(func(tx *Tx) error {
		for i, end := range []func(InboxID, chat.Message) error{
			func(id InboxID, m chat.Message) error { return tx.Done(id, m, false) },
			func(id InboxID, m chat.Message) error { return tx.Done(id, m, true) },
			tx.Dead,
		} {
			m := said("ann", chat.Timestamp(i+1), []string{"gossip", "/balance", "/crash"}[i])
			id, _, err := tx.Receive(m, 5000)
			fine(t, err)
			fine(t, end(id, m))
		}
		got, err := tx.Inbox("ann", 10)
		if len(got) != 2 || got[0].Text != "/crash" || got[1].Text != "/balance" || !reflect.DeepEqual(got[1], said("ann", 2, "/balance")) || err != nil {
			t.Errorf("%d kept, %v", len(got), err)
		}
		if got, err := tx.Inbox("ben", 10); len(got) != 0 || err != nil {
			t.Errorf("another's: %v %v", got, err)
		}
		if n, err := tx.DeadMessages(); n != 1 || err != nil {
			t.Errorf("%d dead, %v", n, err)
		}
		return nil
	}))
	if checkpoint(t, db); strings.Contains(onDisk(t, db), "gossip") || !strings.Contains(onDisk(t, db), "/balance") {
		t.Error("the disk has what was not for us, or lacks what was")
	}
}

// Messages go out in the order in which they were queued, and each stays until it is
// certain what became of it.
func TestOutbox(t *testing.T) {
	db := fresh(t)
	group := chat.Conversation{Group: "g"}
	var rows []OutboxRow
	fine(t, db.Update(func(tx *Tx) error {
		for i, text := range []string{"one", "two", "three", "four"} {
			row, err := tx.Queue(chat.Outgoing{Act: chat.Send, To: group, Text: text}, Topic{Kind: "trade", ID: int64(i), Version: 1}, noon)
			fine(t, err)
			rows = append(rows, row)
		}
		return nil
	}))
	waiting := func() (all []string) {
		t.Helper()
		fine(t, db.View(func(tx *Tx) error {
			rows, err := tx.Waiting()
			for _, r := range rows {
				if r.Created != noon || r.Out.To != group || r.Topic.Version != 1 {
					t.Errorf("%+v", r.Topic)
				}
				all = append(all, r.Out.Text+" "+string(r.State))
			}
			return err
		}))
		return all
	}
	for _, step := range []struct {
		do   func(tx *Tx) error
		want []string
	}{
		{func(*Tx) error { return nil }, []string{"one queued", "two queued", "three queued", "four queued"}},
		{func(tx *Tx) error { return tx.Claim(rows[0].ID) }, []string{"one sending", "two queued", "three queued", "four queued"}},
		{func(tx *Tx) error { return tx.MarkSent(rows[0], 77) }, []string{"two queued", "three queued", "four queued"}},
		{func(tx *Tx) error { return tx.Claim(rows[1].ID) }, []string{"two sending", "three queued", "four queued"}},
		{func(tx *Tx) error { return tx.Release(rows[1].ID) }, []string{"two queued", "three queued", "four queued"}},
		{func(tx *Tx) error { return tx.Doubt(rows[2].ID) }, []string{"two queued", "three unknown", "four queued"}},
		{func(tx *Tx) error { return tx.GiveUp(rows[3].ID) }, []string{"two queued", "three unknown"}},
	} {
		fine(t, db.Update(step.do))
		if got := waiting(); !reflect.DeepEqual(got, step.want) {
			t.Errorf("%v, want %v", got, step.want)
		}
	}
	fine(t, db.View(func(tx *Tx) error {
		if w, f, err := tx.Backlog(); w != 2 || f != 1 || err != nil {
			t.Errorf("%d waiting, %d failed, %v", w, f, err)
		}
		for sent, want := range map[chat.Timestamp]bool{77: true, 78: false, 0: false} {
			if got, err := tx.KnownSent(sent); got != want || err != nil {
				t.Errorf("%d is known: %t %v", sent, got, err)
			}
		}
		return nil
	}))
}

// Every identity that a card ever had leads to what it is about, in its own conversation
// only, with the amount that it showed.
func TestCardsAreFound(t *testing.T) {
	db := fresh(t)
	group, dm := chat.Conversation{Group: "g"}, chat.Conversation{Person: "ann"}
	fine(t, db.Update(func(tx *Tx) error {
		send := func(out chat.Outgoing, topic Topic, sent chat.Timestamp) {
			t.Helper()
			row, err := tx.Queue(out, topic, noon)
			fine(t, err)
			fine(t, tx.MarkSent(row, sent))
		}
		send(chat.Outgoing{Act: chat.Send, To: group, Text: "card"}, Topic{"trade", 12, 1}, 100)
		send(chat.Outgoing{Act: chat.Edit, To: group, Text: "card, changed", Target: &chat.Ref{Sent: 100}}, Topic{"trade", 12, 2}, 101)
		send(chat.Outgoing{Act: chat.Send, To: dm, Text: "the same, to Ann"}, Topic{"trade", 12, 2}, 102)
		send(chat.Outgoing{Act: chat.Send, To: group, Text: "chatter"}, Topic{}, 103)
		send(chat.Outgoing{Act: chat.React, To: group, Emoji: "👍", Target: &chat.Ref{Sent: 1}}, Topic{"trade", 12, 2}, 104)
		for _, c := range []struct {
			in    chat.Conversation
			sent  chat.Timestamp
			found bool
			want  Topic
		}{
			{group, 100, true, Topic{"trade", 12, 1}}, {group, 101, true, Topic{"trade", 12, 2}}, {dm, 102, true, Topic{"trade", 12, 2}},
			{group, 102, false, Topic{}}, {dm, 100, false, Topic{}}, {group, 103, false, Topic{}}, {group, 104, false, Topic{}}, {group, 0, false, Topic{}},
		} {
			if got, found, err := tx.About(c.in, c.sent); got != c.want || found != c.found || err != nil {
				t.Errorf("%d: %+v %t %v", c.sent, got, found, err)
			}
		}
		if c, found, err := tx.LastCard(Topic{Kind: "trade", ID: 12}, group); c != (Card{Original: 100, Edits: 1}) || !found || err != nil {
			t.Errorf("%+v %t %v", c, found, err)
		}
		if _, found, err := tx.LastCard(Topic{Kind: "trade", ID: 13}, group); found || err != nil {
			t.Errorf("a card of no trade: %v", err)
		}
		return nil
	}))
}

// A question waits for the one it asked, or their household, until it is answered,
// withdrawn or its time is up, also after a restart.
func TestQuestions(t *testing.T) {
	db := founded(t)
	var ann, ben community.Member
	q := Question{Kind: "confirm", TopicID: 12, Version: 2, Line: "/confirm", Options: []string{"Ann", "Anna"}, In: chat.Conversation{Person: "p"}, At: noon, Expires: noon.Add(time.Hour)}
	fine(t, db.Update(func(tx *Tx) (err error) {
		ann, ben = join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Full)
		q.Asked, q.Asker = ann.ID, ben.ID
		q.ID, err = tx.Ask(q)
		return err
	}))
	path := db.path
	fine(t, db.Close())
	db, err := Open(path)
	fine(t, err)
	defer db.Close()
	fine(t, db.Update(func(tx *Tx) error {
		if got, found, err := tx.Question(q.ID); !reflect.DeepEqual(got, q) || !found || err != nil {
			t.Errorf("%+v %t %v", got, found, err)
		}
		for m, want := range map[community.Member]int{ann: 1, ben: 0} {
			if got, err := tx.OpenQuestions(m.Account); len(got) != want || err != nil {
				t.Errorf("%s: %v %v", m.Name, got, err)
			}
		}
		if due, err := tx.ExpireQuestions(noon.Add(59 * time.Minute)); len(due) != 0 || err != nil {
			t.Errorf("too early: %v %v", due, err)
		}
		second, err := tx.Ask(q)
		fine(t, err)
		fine(t, tx.CloseQuestion(second, "answered"))
		if yes, err := tx.Answered(second); !yes || err != nil {
			t.Errorf("answered: %t %v", yes, err)
		}
		if yes, err := tx.Answered(q.ID); yes || err != nil {
			t.Errorf("an open one is answered: %t %v", yes, err)
		}
		if _, found, err := tx.Question(second); found || err != nil {
			t.Errorf("an answered question is open: %v", err)
		}
		due, err := tx.ExpireQuestions(noon.Add(time.Hour))
		if len(due) != 1 || due[0].ID != q.ID || err != nil {
			t.Errorf("%v %v", due, err)
		}
		third, err := tx.Ask(q)
		fine(t, err)
		fine(t, tx.CloseQuestions("confirm", 13, "withdrawn"))
		if open, err := tx.OpenQuestionsAbout("confirm", 12); len(open) != 1 || open[0].ID != third || err != nil {
			t.Errorf("%v %v", open, err)
		}
		fine(t, tx.CloseQuestions("confirm", 12, "withdrawn"))
		if open, err := tx.OpenQuestionsAbout("confirm", 12); len(open) != 0 || err != nil {
			t.Errorf("%v %v", open, err)
		}
		if all, err := tx.QuestionsAbout("confirm", 12); len(all) != 3 || err != nil {
			t.Errorf("%v %v", all, err)
		}
		return nil
	}))
}
