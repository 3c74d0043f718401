package storagetest

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// founded is when the communities of tests begin.
var founded = time.Date(2026, 5, 2, 9, 0, 0, 0, time.UTC)

// New founds a community of that many households with the widest limits, in a
// directory of the test's own, and leaves its file open until the test ends.
func New(t testing.TB, households int) *storage.DB {
	t.Helper()
	db, err := storage.Open(filepath.Join(t.TempDir(), "community.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // the test may have closed it
	p := community.DefaultPolicy()
	p.Floor, p.Ceiling = -ledger.MaxLimit, ledger.MaxLimit
	p.CommonsFloor, p.CommonsCeiling = -ledger.MaxLimit, ledger.MaxLimit
	Update(t, db, func(tx *storage.Tx) error {
		if err := tx.Found(storage.Community{Name: "Riverside", Timezone: "Europe/Dublin", Created: founded}, p); err != nil {
			return err
		}
		for i := range households {
			_, err := tx.AddMember(community.Member{Person: fmt.Sprintf("person-%d", i+1), Name: fmt.Sprintf("Neighbour %d", i+1),
				Status: community.Full, Met: true, Joined: founded}, p)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return db
}

// Update runs f in a transaction and ends the test on an error.
func Update(t testing.TB, db *storage.DB, f func(*storage.Tx) error) {
	t.Helper()
	if err := db.Update(f); err != nil {
		t.Fatal(err)
	}
}

// Fill adds posted trades between random households, one transfer each, many to a
// commit. The same numbers make the same trades.
func Fill(t testing.TB, db *storage.DB, trades int) {
	t.Helper()
	const each = 20_000
	random := rand.New(rand.NewPCG(1, 2))
	for done := 0; done < trades; done += each {
		Update(t, db, func(tx *storage.Tx) error { return fill(tx, random, min(each, trades-done)) })
	}
}

func fill(tx *storage.Tx, random *rand.Rand, trades int) error {
	accounts, err := tx.Accounts()
	if err != nil {
		return err
	}
	seq, head, err := tx.Head()
	if err != nil {
		return err
	}
	for range trades {
		// Account 1 is the commons; two different ones of the rest.
		giver := 2 + random.IntN(len(accounts)-1)
		receiver := 2 + (giver-2+1+random.IntN(len(accounts)-2))%(len(accounts)-1)
		what, err := tx.Write("an afternoon of help")
		if err != nil {
			return err
		}
		at := founded.Add(time.Duration(seq) * time.Minute)
		trade := ledger.Trade{Giver: ledger.AccountID(giver), Receiver: ledger.AccountID(receiver), LoggedBy: ledger.AccountID(giver),
			Minutes: ledger.Minutes(5 * (1 + random.IntN(48))), What: what, Version: 1, GiverConfirmed: true, ReceiverConfirmed: true,
			State: ledger.Posted, Created: at, Expires: at.AddDate(0, 0, 7), Ended: at}
		if trade.ID, err = tx.AddTrade(trade); err != nil {
			return err
		}
		seq++
		t := ledger.Transfer{Seq: seq, From: trade.Receiver, To: trade.Giver, Minutes: trade.Minutes, Kind: ledger.OfTrade, Trade: trade.ID, At: at, What: what}
		t.Hash = t.Seal(head)
		head = t.Hash
		if err := tx.Append(t); err != nil {
			return err
		}
	}
	return nil
}
