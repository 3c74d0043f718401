package visitors_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/storage/visitors"
)

func open(t *testing.T, path string) *visitors.Book {
	t.Helper()
	b, err := visitors.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func fine(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func message(from chat.PersonID, sent chat.Timestamp, text string) chat.Message {
	return chat.Message{Kind: chat.Said, From: from, In: chat.Conversation{Person: from}, Sent: sent, Text: text}
}

// held joins what waits for somebody's word.
func held(t *testing.T, b *visitors.Book, p chat.PersonID) string {
	t.Helper()
	all, err := b.Held(p)
	fine(t, err)
	var texts []string
	for _, m := range all {
		texts = append(texts, m.Text)
	}
	return strings.Join(texts, ", ")
}

// Nobody but the bot's own user can read the file, and another kind of file is refused.
func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "visitors.db")
	open(t, path)
	info, err := os.Stat(path)
	fine(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %o", info.Mode().Perm())
	}
	other := filepath.Join(t.TempDir(), "visitors.db")
	fine(t, os.WriteFile(other, []byte(strings.Repeat("no database ", 1000)), 0o600))
	if _, err := visitors.Open(other); !errors.Is(err, visitors.ErrDamaged) {
		t.Errorf("opening it: %v", err)
	}
}

// What waits for a word is kept once and in order, over a new start, and goes with the word.
func TestHeldUntilChosen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "visitors.db")
	b, now := open(t, path), time.Unix(1_700_000_000, 0)
	first, second := message("ann", 1, "one"), message("ann", 2, "two")
	fine(t, b.Ask(visitors.Question{Person: "ann", Text: "which?", At: now}, &first))
	fine(t, b.Hold(second))
	fine(t, b.Hold(second)) // delivered twice
	fine(t, b.Hold(message("ben", 2, "his")))
	fine(t, b.Close())
	b = open(t, path)
	if got := held(t, b, "ann"); got != "one, two" {
		t.Errorf("%q waits", got)
	}
	if unsent, err := b.Unsent(); err != nil || len(unsent) != 1 || unsent[0].Text != "which?" || !unsent[0].At.Equal(now) {
		t.Errorf("unsent are %v (%v)", unsent, err)
	}
	fine(t, b.AskedWith("ann", 77))
	if q, found, err := b.Asked("ann"); err != nil || !found || q.Sent != 77 {
		t.Errorf("she was asked %v %v (%v)", q, found, err)
	}
	fine(t, b.Choose("ann", "A", now))
	fine(t, b.Choose("ann", "B", now))
	chosen, err := b.Chosen("ann")
	fine(t, err)
	if _, asked, err := b.Asked("ann"); chosen != "B" || asked || err != nil || held(t, b, "ann") != "" || held(t, b, "ben") != "his" {
		t.Errorf("chosen is %q, asked %v (%v); hers: %q, his: %q", chosen, asked, err, held(t, b, "ann"), held(t, b, "ben"))
	}
	if none, err := b.Chosen("zoe"); none != "" || err != nil {
		t.Errorf("somebody who never said means %q (%v)", none, err)
	}
}

// Who writes on and on without an answer fills no disk, and what nobody answers is forgotten.
func TestHeldAtMost(t *testing.T) {
	b, now := open(t, filepath.Join(t.TempDir(), "visitors.db")), time.Unix(1_700_000_000, 0)
	fine(t, b.Ask(visitors.Question{Person: "ann", At: now}, nil))
	for i := range 60 {
		fine(t, b.Hold(message("ann", chat.Timestamp(i+1), "word")))
	}
	if all, err := b.Held("ann"); err != nil || len(all) != 50 {
		t.Errorf("%d wait (%v)", len(all), err)
	}
	fine(t, b.Forget(now))
	if all, err := b.Held("ann"); err != nil || len(all) != 50 {
		t.Errorf("%d wait, and nothing was old (%v)", len(all), err)
	}
	fine(t, b.Forget(now.Add(time.Second)))
	if _, asked, err := b.Asked("ann"); err != nil || asked || held(t, b, "ann") != "" {
		t.Errorf("asked %v (%v)", asked, err)
	}
}

// What is parked for a community comes out in order, a part at a time, and only for it.
func TestParked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "visitors.db")
	b := open(t, path)
	for i := range 5 {
		fine(t, b.Park("A", []json.RawMessage{json.RawMessage(fmt.Sprint(2 * i)), json.RawMessage(fmt.Sprint(2*i + 1))}))
		fine(t, b.Park("B", []json.RawMessage{json.RawMessage("99")}))
	}
	fine(t, b.Close())
	b = open(t, path)
	var got []string
	for {
		some, upTo, err := b.Parked("A", 3)
		fine(t, err)
		if len(some) == 0 {
			break
		}
		if len(some) > 3 {
			t.Errorf("%d at once", len(some))
		}
		for _, body := range some {
			got = append(got, string(body))
		}
		fine(t, b.Unpark("A", upTo))
	}
	if strings.Join(got, " ") != "0 1 2 3 4 5 6 7 8 9" {
		t.Errorf("it came out as %v", got)
	}
	if rest, _, err := b.Parked("B", 100); err != nil || len(rest) != 5 {
		t.Errorf("%d wait for the other (%v)", len(rest), err)
	}
}

// Whom a community knew last is remembered until it is noted anew.
func TestCircle(t *testing.T) {
	b := open(t, filepath.Join(t.TempDir(), "visitors.db"))
	for _, want := range [][]chat.GroupID{nil, {"A", "B"}, {"B"}, nil} {
		fine(t, b.SetCircle("ann", want))
		fine(t, b.SetCircle("ben", []chat.GroupID{"C"}))
		if got, err := b.Circle("ann"); err != nil || !slices.Equal(got, want) {
			t.Errorf("her circle is %v, and was noted as %v (%v)", got, want, err)
		}
	}
}
