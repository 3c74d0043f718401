package bot

import (
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// A message takes nine edits from us; after that a reaction says what can be said.
func TestResolveManyEdits(t *testing.T) {
	db := storagetest.New(t, 2)
	now := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	topic := storage.Topic{Kind: topicTrade, ID: 1, Version: 1}
	to := chat.Conversation{Group: "group"}
	edit := chat.Outgoing{Act: chat.Edit, To: to, Text: "new", Emoji: "✅"}
	storagetest.Update(t, db, func(tx *storage.Tx) error {
		card, err := tx.Queue(chat.Outgoing{Act: chat.Send, To: to, Text: "old"}, topic, now)
		if err != nil {
			return err
		}
		first := chat.TimestampOf(now)
		if err := tx.MarkSent(card, first); err != nil {
			return err
		}
		for n := range 12 {
			row, err := tx.Queue(edit, topic, now)
			if err != nil {
				return err
			}
			resolved, err := resolve(tx, row, now)
			if err != nil {
				return err
			}
			want := chat.Edit
			if n >= maxEdits {
				want = chat.React
			}
			if resolved.Out.Act != want || resolved.Out.Target.Sent != first {
				t.Errorf("edit %d became %q on %d", n+1, resolved.Out.Act, resolved.Out.Target.Sent)
			}
			if err := tx.MarkSent(resolved, first+chat.Timestamp(n)+1); err != nil {
				return err
			}
		}
		return nil
	})
}
