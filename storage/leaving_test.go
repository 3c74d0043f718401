package storage

import (
	"strings"
	"testing"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
)

// The file itself refuses a grant that is not the commons', whoever writes it.
func TestFileKeepsTheSidesOfAKind(t *testing.T) {
	db := founded(t)
	var ann, ben community.Member
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben = join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Full)
		return nil
	}))
	for kind, sides := range map[ledger.TransferKind][2]ledger.AccountID{
		ledger.OfGrant: {ann.Account, ben.Account}, ledger.OfSettlement: {ann.Account, ben.Account}, ledger.OfGift: {ledger.Commons, ben.Account},
	} {
		err := db.Update(func(tx *Tx) error {
			text, err := tx.Write("why")
			if err != nil {
				return err
			}
			seq, head, err := tx.Head()
			if err != nil {
				return err
			}
			bad := ledger.Transfer{Seq: seq + 1, From: sides[0], To: sides[1], Minutes: 60, Kind: kind, At: noon, What: text}
			bad.Hash = bad.Seal(head)
			return tx.Append(bad)
		})
		if err == nil || !strings.Contains(err.Error(), "a grant comes from the commons") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// What is paused is not on the board and doesn't grow old; afterwards it has as long to
// stand as it had.
func TestPausedPosts(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann := join(t, tx, "Ann", community.Full)
		_, err := tx.AddPost(board.Post{Kind: board.Offer, Author: int64(ann.ID), Text: "piano", State: board.Open, Created: noon, Expires: noon.AddDate(0, 0, 10)})
		fine(t, err)
		a := community.Absence{Member: ann.ID, Why: community.SaidAway, Since: noon.AddDate(0, 0, 4)}
		fine(t, tx.SetAway(a))
		later := noon.AddDate(0, 0, 100)
		if due, err := tx.ExpirePosts(later); len(due) != 0 || err != nil {
			t.Errorf("%v %v", due, err)
		}
		if open, err := tx.OpenPosts(noon); len(open) != 0 || err != nil {
			t.Errorf("on the board: %v %v", open, err)
		}
		fine(t, tx.EndAway(a, later))
		open, err := tx.OpenPosts(later)
		if err != nil || len(open) != 1 || !open[0].Expires.Equal(later.Add(6*24*time.Hour)) {
			t.Errorf("%+v %v", open, err)
		}
		return nil
	}))
}
