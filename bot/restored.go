package bot

import (
	"time"

	"communityconnect/chat"
	"communityconnect/storage"
)

// tellRestored lets everybody know, once, that the file came back from a backup and up to
// when it knows what happened. What is past was put aside when it was restored.
func tellRestored(tx *storage.Tx, c *Call) error {
	asOf, found, err := tx.Restored()
	if err != nil || !found {
		return err
	}
	for _, word := range []struct {
		to     chat.Conversation
		phrase string
	}{{c.group(), backAsOf}, {c.council(), backAsOfCouncil}} {
		if word.to == (chat.Conversation{}) {
			continue
		}
		out := chat.Outgoing{Act: chat.Send, To: word.to, Text: c.text(word.phrase, "when", c.moment(asOf))}
		if _, err := tx.Queue(out, storage.Topic{}, c.now); err != nil {
			return err
		}
	}
	return tx.ToldRestored()
}

// moment prints a time as it follows "as of": 14:05, yesterday, 14:05, Thursday, 14:05.
func (c *Call) moment(t time.Time) string {
	clock := t.In(c.world.zone).Format("15:04")
	if day := c.day(t); day != "today" {
		return day + ", " + clock
	}
	return clock
}
