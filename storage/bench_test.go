package storage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"communityconnect/ledger"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// What a neighbour does costs the same in books of a thousand transfers and in books of
// a million. Both are measured turn by turn in one run; the ratio is the result.
// Making the million takes a minute or two.
func BenchmarkGrowth(b *testing.B) {
	const members = 100
	young, old := storagetest.New(b, members), storagetest.New(b, members)
	for db, n := range map[*storage.DB]int{young: 1000, old: 1_000_000} {
		storagetest.Update(b, db, func(tx *storage.Tx) error { // two who have a history in both
			for range 30 {
				if err := trade(tx, 2, 3); err != nil {
					return err
				}
			}
			return nil
		})
		storagetest.Fill(b, db, n)
	}
	random := rand.New(rand.NewPCG(3, 4))
	anybody := func() ledger.AccountID { return ledger.AccountID(2 + random.IntN(members)) }
	reading := func(f func(*storage.Tx, ledger.AccountID) error) func(*storage.DB, ledger.AccountID) error {
		return func(db *storage.DB, a ledger.AccountID) error {
			return db.View(func(tx *storage.Tx) error { return f(tx, a) })
		}
	}
	for _, act := range []struct {
		name string
		do   func(*storage.DB, ledger.AccountID) error
	}{
		{"balance", reading(func(tx *storage.Tx, a ledger.AccountID) error { _, err := tx.Account(a); return err })},
		{"history", reading(func(tx *storage.Tx, a ledger.AccountID) error { _, err := tx.History(a, 20); return err })},
		{"history with one", reading(func(tx *storage.Tx, _ ledger.AccountID) error { _, err := tx.HistoryWith(2, 3, 20); return err })},
		{"trade", func(db *storage.DB, a ledger.AccountID) error {
			return db.Update(func(tx *storage.Tx) error { return trade(tx, a, 2+(a-1)%members) })
		}},
		{"64 trades in one commit", func(db *storage.DB, a ledger.AccountID) error {
			return db.Update(func(tx *storage.Tx) error {
				for i := range ledger.AccountID(64) {
					if err := trade(tx, 2+(a-2+i)%members, 2+(a-1+i)%members); err != nil {
						return err
					}
				}
				return nil
			})
		}},
	} {
		b.Run(act.name, func(b *testing.B) {
			var took [2][]float64
			for b.Loop() {
				a := anybody()
				for i, db := range []*storage.DB{young, old} {
					start := time.Now()
					if err := act.do(db, a); err != nil {
						b.Fatal(err)
					}
					took[i] = append(took[i], float64(time.Since(start).Microseconds()))
				}
			}
			b.ReportMetric(median(took[0]), "µs-1k")
			b.ReportMetric(median(took[1]), "µs-1M")
			b.ReportMetric(median(took[1])/median(took[0]), "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// trade is proposed by one side and confirmed by the other.
func trade(tx *storage.Tx, giver, receiver ledger.AccountID) error {
	what, err := tx.Write("an afternoon of help")
	if err != nil {
		return err
	}
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	t, err := ledger.Propose(tx, ledger.Trade{Giver: giver, Receiver: receiver, LoggedBy: giver, Minutes: 5, What: what, Created: now, Expires: now.AddDate(0, 0, 7)}, true)
	if err != nil {
		return err
	}
	_, err = ledger.Confirm(tx, t.ID, receiver, 1, now)
	return err
}

// How many transfers the audit checks in a second, and whether that depends on how
// many there are.
func BenchmarkAudit(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			db := storagetest.New(b, 100)
			storagetest.Fill(b, db, n)
			for b.Loop() {
				if r, err := db.Audit(nil); err != nil || !r.OK() {
					b.Fatal(r, err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "transfers/s")
		})
	}
}
