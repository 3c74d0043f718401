package storage

import (
	"errors"
	"testing"

	"communityconnect/community"
	"communityconnect/ledger"
)

// Deeds count trades that stand, people once each, and one thank-you for a side of a trade.
func TestPeopleDeeds(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben, cat := join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Full), join(t, tx, "Cat", community.Full)
		post := func(giver, receiver community.Member) ledger.TradeID {
			text, err := tx.Write("help")
			fine(t, err)
			trade, err := ledger.Propose(tx, ledger.Trade{Giver: giver.Account, Receiver: receiver.Account, LoggedBy: giver.Account, Minutes: 60,
				What: text, Created: noon, Expires: noon.AddDate(0, 0, 7)}, true)
			fine(t, err)
			trade, err = ledger.Confirm(tx, trade.ID, receiver.Account, trade.Version, noon)
			fine(t, err)
			return trade.ID
		}
		first := post(ann, ben)
		post(ben, ann)
		undone := post(ann, cat)
		want := func(a ledger.AccountID, d Deeds) {
			t.Helper()
			if got, err := tx.Deeds(a); got != d || err != nil {
				t.Errorf("%+v, %v, want %+v", got, err, d)
			}
		}
		for range 2 {
			fine(t, tx.Thank(first, ben.Account, ann.Account, noon))
			fine(t, tx.Thank(undone, cat.Account, ann.Account, noon))
		}
		want(ann.Account, Deeds{Trades: 3, People: 2, Thanks: 2})
		text, err := tx.Write("it never happened")
		fine(t, err)
		_, err = ledger.Reverse(tx, undone, text, noon)
		fine(t, err)
		want(ann.Account, Deeds{Trades: 2, People: 1, Thanks: 1})
		want(ben.Account, Deeds{Trades: 2, People: 1})
		want(cat.Account, Deeds{})
		fine(t, tx.Unthank(first, ben.Account))
		want(ann.Account, Deeds{Trades: 2, People: 1})

		if err := tx.Rename(ben.ID, "ánn"); !errors.Is(err, community.ErrNameTaken) {
			t.Errorf("another's name was taken: %v", err)
		}
		fine(t, tx.Rename(ann.ID, "ANN"))
		return nil
	}))
}

// Feedback without a name leads back to nobody: there is no author, and no hour.
func TestPeopleFeedback(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		fine(t, tx.AddFeedback(Feedback{At: noon.AddDate(0, 0, -40), Text: "old"}))
		fine(t, tx.AddFeedback(Feedback{At: noon, Text: "nameless"}))
		fine(t, tx.AddFeedback(Feedback{Member: 3, At: noon, Text: "named"}))
		got, err := tx.FeedbackSince(noon.AddDate(0, 0, -7), 10)
		if err != nil || len(got) != 2 || got[0].Member != 3 || !got[0].At.Equal(noon) || got[1].Member != 0 || got[1].At.Hour() != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		return nil
	}))
}
