package bot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// What somebody gets to see of what is held about them has all of theirs, in both forms,
// and nothing of where another stands.
func TestMydata(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		h.deliver(h.said(4, inDM(4), "/offer Guitar lessons on Sundays"))
		h.deliver(h.gave(4, 2, inGroup, "2h hedge behind the house"))
		h.settle()
		h.deliver(h.tapped(2, inGroup, "✅", h.line.last(inGroup).sent))
		h.deliver(h.gave(3, 2, inGroup, "7h painting the fence"))
		h.settle()
		h.deliver(h.tapped(2, inGroup, "✅", h.line.last(inGroup).sent))
		h.deliver(h.said(4, inDM(4), "/mydata"))
		h.settle()
		files := h.line.last(inDM(4)).out.Files
		if len(files) != 2 || files[0].Name != "my-data.txt" || files[1].Name != "my-data.json" {
			t.Fatalf("there came %v", files)
		}
		for _, f := range files {
			for _, theirs := range []string{"Guitar lessons on Sundays", "hedge behind the house", "Neighbour 4", "Neighbour 2", "person-4"} {
				if !bytes.Contains(f.Data, []byte(theirs)) {
					t.Errorf("%s does not have %q", f.Name, theirs)
				}
			}
			for _, others := range []string{"fence", "Neighbour 3", "person-2", "-9h", "540"} {
				if bytes.Contains(f.Data, []byte(others)) {
					t.Errorf("%s has %q:\n%s", f.Name, others, f.Data)
				}
			}
		}
		var data struct {
			Name     string `json:"name"`
			Sections []struct {
				Title string           `json:"title"`
				Rows  []map[string]any `json:"rows"`
			} `json:"sections"`
		}
		if err := json.Unmarshal(files[1].Data, &data); err != nil || data.Name != "Neighbour 4" {
			t.Fatalf("%+v, %v", data, err)
		}
		found := false
		for _, s := range data.Sections {
			found = found || s.Title == "Your entries in the books" && s.Rows[0]["minutes"] == 120.0 && s.Rows[0]["to_account"] == "Neighbour 2"
		}
		if !found {
			t.Errorf("the entry is not there: %s", files[1].Data)
		}
	})
}

// Where a giver stands is not to be read from what is sent to whom they helped: a trade of
// which a part went to the commons is one entry, with the whole amount.
func TestMydataKeepsCeilings(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		h.deliver(h.said(1, inCouncil, "/limits \ufffc -5h +1h", chat.Mention{Person: person(4), Start: 8, Length: 1}))
		h.settle()
		h.deliver(h.tapped(2, inCouncil, "✅", h.line.last(inCouncil).sent))
		h.deliver(h.gave(4, 3, inDM(4), "3h hedge"))
		h.settle()
		h.deliver(h.said(4, inDM(4), "yes"))
		h.settle()
		h.deliver(h.said(3, inDM(3), "yes"))
		h.deliver(h.said(3, inDM(3), "/mydata"))
		h.settle()
		files := h.line.last(inDM(3)).out.Files
		if len(files) != 2 {
			t.Fatal("nothing came")
		}
		text := string(files[0].Data)
		_, entries, _ := strings.Cut(text, "Your entries in the books")
		entries, _, _ = strings.Cut(entries, "\n\n")
		if strings.Count(entries, "* ") != 1 || !strings.Contains(entries, "3h") || strings.Contains(text, "commons") {
			t.Errorf("a part is seen to have gone elsewhere:\n%s", text)
		}
	})
}

// Who has left and asks to be forgotten is, bytes and all, within minutes; the books still
// add up, and a restart in between changes nothing.
func TestForgottenInTheFile(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		h.deliver(h.said(4, inDM(4), "/profile name Ermintrude Brassbottom"))
		h.deliver(h.gave(4, 2, inGroup, "2h cleaning Ermintrude's attic"))
		h.settle()
		h.deliver(h.tapped(2, inGroup, "✅", h.line.last(inGroup).sent))
		h.deliver(h.gave(2, 4, inGroup, "2h lift to the Zanzibar bar"))
		h.settle()
		h.deliver(h.tapped(4, inGroup, "✅", h.line.last(inGroup).sent))
		h.deliver(h.said(3, inDM(3), "/request Somebody to sit with Ermintrude Brassbottom on Sunday"))
		h.deliver(h.said(4, inDM(4), "/feedback Quixotic words"), h.said(4, inDM(4), "yes"))
		h.settle()
		h.end()
		if err := h.db.Update(func(tx *storage.Tx) error {
			return tx.SetStatus(community.Member{ID: 4, Account: 5}, community.Former, community.DefaultPolicy())
		}); err != nil {
			t.Fatal(err)
		}
		h.start()
		h.deliver(h.said(4, inDM(4), "/forget"))
		h.settle()
		h.deliver(h.tapped(4, inDM(4), "✅", h.line.last(inDM(4)).sent))
		h.settle()
		h.restart()
		for range 3 {
			time.Sleep(time.Minute)
			h.settle()
		}
		report, err := h.db.Audit(nil)
		if err != nil || !report.OK() {
			t.Errorf("the books: %v, %v", report.Faults, err)
		}
		file := fileBytes(t, h.db.Path())
		for _, words := range []string{"Ermintrude", "Brassbottom", "Zanzibar", "Quixotic", "person-4", "Neighbour 4"} {
			if bytes.Contains(file, []byte(words)) {
				t.Errorf("%q is still in the file", words)
			}
		}
		if !bytes.Contains(file, []byte("to sit with a former member on Sunday")) {
			t.Error("another's request is gone")
		}
	})
}

// What waits for the morning to be said to somebody else may name them: it is let out
// first, and the file swept after it. What waits for themselves is never said.
func TestForgottenOnceTheNightIsOver(t *testing.T) {
	inBubble(t, 4, func(h *house) {
		h.deliver(h.said(4, inDM(4), "/profile name Ermintrude Brassbottom"))
		h.settle()
		h.end()
		if err := h.db.Update(func(tx *storage.Tx) error {
			_, err := tx.QueueUnasked(chat.Outgoing{Act: chat.Send, To: inDM(2), Text: "Ermintrude Brassbottom stands by."}, storage.Topic{}, time.Now())
			_, also := tx.QueueUnasked(chat.Outgoing{Act: chat.Send, To: inDM(4), Text: "Have you settled it?"}, storage.Topic{Kind: "case", ID: 1}, time.Now())
			return errors.Join(err, also, tx.SetStatus(community.Member{ID: 4, Account: 5}, community.Former, community.DefaultPolicy()))
		}); err != nil {
			t.Fatal(err)
		}
		h.start()
		h.deliver(h.said(4, inDM(4), "/forget"))
		synctest.Wait() // nothing settles before the morning
		h.deliver(h.tapped(4, inDM(4), "✅", h.line.last(inDM(4)).sent))
		left := func(after time.Duration) (members, bytesLeft bool) {
			for range 3 {
				time.Sleep(after / 3)
				synctest.Wait()
			}
			if err := h.db.View(func(tx *storage.Tx) error {
				all, err := tx.Members()
				for _, m := range all {
					members = members || strings.Contains(m.Name, "Ermintrude")
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			file := fileBytes(t, h.db.Path())
			return members, bytes.Contains(file, []byte("Ermintrude")) || bytes.Contains(file, []byte("person-4"))
		}
		if members, bytesLeft := left(90 * time.Minute); members || !bytesLeft {
			t.Errorf("at night: among the members %v, in what waits %v", members, bytesLeft)
		}
		if _, bytesLeft := left(12 * time.Hour); bytesLeft {
			t.Error("in the morning she is still in the file")
		}
		if last := h.line.last(inDM(4)).out.Text; strings.Contains(last, "settled") {
			t.Errorf("who was forgotten read %q", last)
		}
	})
}

// fileBytes is everything of a database that is on the disk.
func fileBytes(t testing.TB, path string) (all []byte) {
	t.Helper()
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}
