//go:build long

package e2e

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/chat"
	"communityconnect/chat/signal"
)

// inbox is a handler that keeps everything and can be waited for.
type inbox struct {
	mu    sync.Mutex
	moved sync.Cond
	got   []signal.Delivery
}

func newInbox() *inbox {
	b := &inbox{}
	b.moved.L = &b.mu
	return b
}

func (b *inbox) Deliver(_ context.Context, batch []signal.Delivery) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, batch...)
	b.moved.Broadcast()
	return nil
}

func (b *inbox) Roster(context.Context, chat.GroupID) ([]chat.PersonID, error) { return nil, nil }

// wait returns the first delivery that fits, and takes it out.
func (b *inbox) wait(t *testing.T, what string, fits func(signal.Delivery) bool) signal.Delivery {
	t.Helper()
	late := false
	timer := time.AfterFunc(60*time.Second, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		late = true
		b.moved.Broadcast()
	})
	defer timer.Stop()
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		if at := slices.IndexFunc(b.got, fits); at >= 0 {
			d := b.got[at]
			b.got = slices.Delete(b.got, at, at+1)
			return d
		}
		if late {
			t.Fatalf("%s did not come", what)
		}
		b.moved.Wait()
	}
}

func (b *inbox) message(t *testing.T, what string, fits func(chat.Message) bool) chat.Message {
	t.Helper()
	return *b.wait(t, what, func(d signal.Delivery) bool { return d.Message != nil && fits(*d.Message) }).Message
}

func (b *inbox) text(t *testing.T, text string) chat.Message {
	t.Helper()
	return b.message(t, text, func(m chat.Message) bool { return m.Kind == chat.Said && m.Text == text })
}

// town is a line to a signal-cli with three people and a group.
type town struct {
	*rig
	*inbox
	line              *signal.Line
	alice, bob, carol address // carol hides her number
	group             chat.GroupID
	states            chan signal.State
	stopLine          func()
}

func startTown(t *testing.T) *town {
	w := &town{rig: startRig(t), inbox: newInbox(), states: make(chan signal.State, 100)}
	w.alice, w.bob, w.carol = w.user("alice", false), w.user("bob", false), w.user("carol", true)
	var g struct{ ID chat.GroupID }
	w.call("group", map[string]any{"title": "Riverside", "members": []string{"alice", "bot", "carol"}}, &g)
	w.group = g.ID
	w.from("alice", map[string]any{"dataMessage": map[string]any{"body": "the first message, which tells of the group"}}, true)
	w.startLine(t)
	t.Cleanup(func() { w.stopLine() })
	w.until(t, signal.Online)
	w.text(t, "the first message, which tells of the group")
	return w
}

// startLine connects the bot.
func (w *town) startLine(t *testing.T) {
	t.Helper()
	line, err := signal.New(signal.Options{
		Socket: w.socket, Account: w.number, Groups: []chat.GroupID{w.group}, Log: zerolog.New(zerolog.NewTestWriter(t)),
		Changed: func(s signal.State) { w.states <- s },
	}, w.inbox)
	if err != nil {
		t.Fatal(err)
	}
	w.line = line
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- line.Run(ctx) }()
	w.stopLine = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	})
}

func (w *town) until(t *testing.T, want signal.State) {
	t.Helper()
	late := time.After(90 * time.Second)
	for {
		select {
		case s := <-w.states:
			if s == want {
				return
			}
		case <-late:
			t.Fatalf("the line is not %s", want)
		}
	}
}

// from sends a content from a simulated phone to the bot, and returns its time.
func (w *town) from(user string, content map[string]any, inGroup bool) chat.Timestamp {
	w.t.Helper()
	in := map[string]any{"from": user, "to": "bot", "content": content}
	if inGroup {
		in["group"] = "Riverside"
	}
	var out struct{ Timestamp chat.Timestamp }
	w.call("send", in, &out)
	return out.Timestamp
}

func said(body string) map[string]any {
	return map[string]any{"dataMessage": map[string]any{"body": body}}
}

func person(a address) chat.PersonID { return chat.PersonID(a.ACI) }

// The whole way, in both directions, with the real signal-cli in between.
func TestSignal(t *testing.T) {
	w := startTown(t)
	there, dm := chat.Conversation{Group: w.group}, chat.Conversation{Person: person(w.alice)}
	bot := chat.PersonID(w.aci)

	t.Run("self", func(t *testing.T) {
		if got := w.line.Self(); got != bot {
			t.Errorf("the bot thinks it is another")
		}
	})
	t.Run("check", func(t *testing.T) {
		levels := map[string]signal.Level{}
		for _, f := range w.line.Check(t.Context(), signal.Wanted{Groups: []chat.GroupID{w.group}}) {
			levels[f.Check] = f.Level
		}
		want := map[string]signal.Level{"reach": signal.Fine, "version": signal.Warn, "account": signal.Fine, "member": signal.Fine, "write": signal.Fine}
		for check, level := range want {
			if levels[check] != level {
				t.Errorf("%s is %s", check, levels[check])
			}
		}
	})
	t.Run("roster at the start", func(t *testing.T) {
		m := w.message(t, "the roster", func(m chat.Message) bool { return m.Kind == chat.Roster })
		want := []chat.PersonID{person(w.alice), person(w.carol)}
		slices.Sort(want)
		if !slices.Equal(m.Joined, want) || m.Names[person(w.carol)] != "carol" {
			t.Errorf("%d joined, names %d", len(m.Joined), len(m.Names))
		}
	})
	t.Run("files", func(t *testing.T) {
		text := []byte(strings.Repeat("everything held about Alice\n", 2000))
		out := chat.Outgoing{Act: chat.Send, To: dm, Text: "all I hold", Files: []chat.File{
			{Name: "my-data.txt", Type: "text/plain", Data: text}, {Name: "my-data.json", Type: "application/json", Data: []byte("{}")}}}
		if _, err := w.line.Send(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		got := w.seen("alice", func(c content) bool { return c.Data != nil && c.Data.Body == "all I hold" }).Data.Attachments
		if len(got) != 2 || got[0].FileName != "my-data.txt" || got[0].ContentType != "text/plain" || got[1].FileName != "my-data.json" {
			t.Fatalf("%d files came", len(got))
		}
		for i, p := range got {
			if data, err := w.download(p); err != nil || !bytes.Equal(data, out.Files[i].Data) {
				t.Errorf("%s came as %d bytes, %v", p.FileName, len(data), err)
			}
		}
	})
	t.Run("group, mention, quote", func(t *testing.T) {
		first := w.from("carol", said("who has a ladder?"), true)
		w.text(t, "who has a ladder?")
		w.from("alice", map[string]any{"dataMessage": map[string]any{
			"body": "🐎 \ufffc I do", "bodyRanges": []any{map[string]any{"start": 3, "length": 1, "mentionAci": w.carol.ACI}},
			"quote": map[string]any{"id": first, "authorAci": w.carol.ACI, "text": "who has a ladder?", "type": "NORMAL"},
		}}, true)
		m := w.text(t, "🐎 \ufffc I do")
		if m.From != person(w.alice) || m.In != there || m.Served == 0 || m.Name != "alice" {
			t.Errorf("it is from or in another")
		}
		if len(m.Mentions) != 1 || m.Mentions[0] != (chat.Mention{Person: person(w.carol), Start: 3, Length: 1}) {
			t.Errorf("the mentions are wrong")
		}
		if m.ReplyTo == nil || *m.ReplyTo != (chat.Ref{Author: person(w.carol), Sent: first}) {
			t.Errorf("it answers something else")
		}
	})
	t.Run("direct, edit, reaction, deletion", func(t *testing.T) {
		sent := w.from("carol", said("just you"), false)
		if m := w.text(t, "just you"); m.Sent != sent || m.In.Person != person(w.carol) {
			t.Errorf("it is another message")
		}
		w.from("carol", map[string]any{"editMessage": map[string]any{"targetSentTimestamp": sent, "dataMessage": map[string]any{"body": "only you"}}}, false)
		if m := w.message(t, "the edit", func(m chat.Message) bool { return m.Kind == chat.Edited }); m.Original != sent || m.Text != "only you" {
			t.Errorf("it edits something else")
		}
		w.from("carol", map[string]any{"dataMessage": map[string]any{"reaction": map[string]any{
			"emoji": "👍🏽", "targetAuthorAci": w.carol.ACI, "targetSentTimestamp": sent,
		}}}, false)
		m := w.message(t, "the reaction", func(m chat.Message) bool { return m.Kind == chat.Reacted })
		if *m.Reaction != (chat.Reaction{Emoji: "👍", Target: chat.Ref{Author: person(w.carol), Sent: sent}}) {
			t.Errorf("it reacts to something else")
		}
		w.from("carol", map[string]any{"dataMessage": map[string]any{"delete": map[string]any{"targetSentTimestamp": sent}}}, false)
		if m := w.message(t, "the deletion", func(m chat.Message) bool { return m.Kind == chat.Deleted }); m.Original != sent {
			t.Errorf("it deletes something else")
		}
	})
	t.Run("what the bot does", func(t *testing.T) {
		asked := chat.Ref{Author: person(w.alice), Sent: w.from("alice", said("can anyone help?"), true)}
		w.text(t, "can anyone help?")
		send := func(o chat.Outgoing) chat.Timestamp {
			t.Helper()
			r, err := w.line.Send(t.Context(), o)
			if err != nil || len(r.Missed) > 0 {
				t.Fatalf("%v, %d missed", err, len(r.Missed))
			}
			return r.Sent
		}
		card := send(chat.Outgoing{
			Act: chat.Send, To: there, Text: "🐎 \ufffc can help", Mentions: []chat.Mention{{Person: person(w.carol), Start: 3, Length: 1}},
			Quote: &asked, QuoteText: "can anyone help?",
		})
		c := w.seen("carol", func(c content) bool { return c.Data != nil && c.Data.Body == "🐎 \ufffc can help" }).Data
		if c.Timestamp != int64(card) || c.Quote == nil || c.Quote.ID != int64(asked.Sent) || c.Quote.AuthorACI != w.alice.ACI || c.Quote.Text != "can anyone help?" {
			t.Errorf("the quote is wrong")
		}
		if len(c.BodyRanges) != 1 || c.BodyRanges[0].MentionACI != w.carol.ACI || c.BodyRanges[0].Start != 3 || c.BodyRanges[0].Length != 1 {
			t.Errorf("the mention is wrong")
		}
		send(chat.Outgoing{Act: chat.React, To: there, Emoji: "👍", Target: &asked})
		reaction := w.seen("alice", func(c content) bool { return c.Data != nil && c.Data.Reaction != nil }).Data.Reaction
		if reaction.Emoji != "👍" || reaction.TargetSentTimestamp != int64(asked.Sent) || reaction.TargetAuthorACI != w.alice.ACI {
			t.Errorf("the reaction is wrong")
		}
		send(chat.Outgoing{Act: chat.Edit, To: there, Text: "done", Target: &chat.Ref{Author: bot, Sent: card}})
		if e := w.seen("carol", func(c content) bool { return c.Edit != nil }).Edit; e.Target != int64(card) || e.Data.Body != "done" {
			t.Errorf("the edit is wrong")
		}
		send(chat.Outgoing{Act: chat.Typing, To: dm})
		w.seen("alice", func(c content) bool { return c.Typing != nil && c.Typing.Action == "STARTED" })
		sent := send(chat.Outgoing{Act: chat.Send, To: dm, Text: "hello Alice"})
		w.from("alice", map[string]any{"receiptMessage": map[string]any{"type": "DELIVERY", "timestamp": []any{sent}}}, false)
		w.wait(t, "the arrival", func(d signal.Delivery) bool {
			return d.Arrival != nil && d.Arrival.By == person(w.alice) && slices.Contains(d.Arrival.Sent, sent)
		})
	})
	t.Run("people come and go", func(t *testing.T) {
		w.call("change", map[string]any{"title": "Riverside", "by": "alice", "to": "bot", "add": "bob"}, nil)
		m := w.message(t, "the roster", func(m chat.Message) bool { return m.Kind == chat.Roster })
		if !slices.Equal(m.Joined, []chat.PersonID{person(w.bob)}) || len(m.Left) != 0 {
			t.Errorf("%d joined, %d left", len(m.Joined), len(m.Left))
		}
		w.call("change", map[string]any{"title": "Riverside", "by": "alice", "to": "bot", "remove": "bob"}, nil)
		m = w.message(t, "the roster", func(m chat.Message) bool { return m.Kind == chat.Roster })
		if !slices.Equal(m.Left, []chat.PersonID{person(w.bob)}) || len(m.Joined) != 0 {
			t.Errorf("%d joined, %d left", len(m.Joined), len(m.Left))
		}
	})
	t.Run("a new phone", func(t *testing.T) {
		w.call("reinstall", map[string]any{"user": "carol"}, nil)
		w.from("carol", said("from my new phone"), false)
		if m := w.message(t, "the new phone", func(m chat.Message) bool { return m.Kind == chat.NewDevice }); m.From != person(w.carol) {
			t.Errorf("it is another's")
		}
		w.text(t, "from my new phone") // which signal-cli had held back
	})
	t.Run("Signal wants a pause", func(t *testing.T) {
		w.call("fault", map[string]any{"path": "/v1/messages/" + w.alice.ACI, "status": 428, "count": 4,
			"headers": []string{"Retry-After: 3600"}, "body": map[string]any{"token": "tok", "options": []string{"captcha"}}}, nil)
		_, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: dm, Text: "too much"})
		w.call("clearFaults", nil, nil)
		var e *chat.SendError
		if !errors.As(err, &e) || e.Outcome != chat.Later || e.After != time.Hour || e.Challenge != "tok" {
			t.Errorf("the outcome is %v", err)
		}
	})
	t.Run("Signal is lost for a moment", func(t *testing.T) {
		w.call("disconnect", map[string]any{"user": "bot"}, nil)
		w.from("alice", said("are you back?"), true)
		w.text(t, "are you back?")
	})
	t.Run("signal-cli restarts", func(t *testing.T) {
		w.stopDaemon()
		w.until(t, signal.Offline)
		_, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: dm, Text: "into the void"})
		var e *chat.SendError
		if !errors.As(err, &e) || e.Outcome != chat.NotSent {
			t.Errorf("the outcome is %v", err)
		}
		w.from("alice", said("while you were away"), true)
		w.startDaemon()
		w.until(t, signal.Online)
		w.text(t, "while you were away")
	})
	t.Run("signal-cli is killed", func(t *testing.T) {
		w.killDaemon()
		w.until(t, signal.Offline)
		w.from("alice", said("after the crash"), true)
		w.startDaemon()
		w.until(t, signal.Online)
		w.text(t, "after the crash")
	})
	t.Run("paused, Signal keeps what comes", func(t *testing.T) {
		w.line.Pause()
		w.until(t, signal.Paused)
		w.from("alice", said("keep this"), true)
		if _, err := w.line.Send(t.Context(), chat.Outgoing{Act: chat.Send, To: dm, Text: "still talking"}); err != nil {
			t.Error(err)
		}
		w.seen("alice", func(c content) bool { return c.Data != nil && c.Data.Body == "still talking" })
		w.inbox.mu.Lock()
		for _, d := range w.got {
			if d.Message != nil && strings.Contains(d.Message.Text, "keep this") {
				t.Error("it was delivered")
			}
		}
		w.inbox.mu.Unlock()
		w.line.Resume()
		w.text(t, "keep this")
	})
	t.Run("what comes between two runs of the bot", func(t *testing.T) {
		w.stopLine()
		w.from("alice", said("good night"), true)
		w.startLine(w.t)
		w.text(t, "good night")
	})
}
