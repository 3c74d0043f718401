package storage

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"communityconnect/community"
	"communityconnect/ledger"
)

// However often its people vote, change their minds and take it back, a household has
// one vote, and none once the vote is over.
func TestOneVoteAHousehold(t *testing.T) {
	db := founded(t)
	var people []community.Member
	fine(t, db.Update(func(tx *Tx) error {
		for _, name := range []string{"Ann", "Ben", "Cat", "Dee"} {
			people = append(people, join(t, tx, name, community.Full))
		}
		people[1].Account = people[0].Account // Ann and Ben are one household
		return nil
	}))
	rapid.Check(t, func(t *rapid.T) {
		var id community.ProposalID
		update := func(f func(tx *Tx) error) {
			if err := db.Update(f); err != nil {
				t.Fatal(err)
			}
		}
		update(func(tx *Tx) (err error) {
			id, err = tx.AddProposal(community.Proposal{By: people[0].ID, Text: "a bench", Opened: noon, Closes: noon, Effect: noon})
			return err
		})
		want := map[ledger.AccountID]community.Ballot{}
		for range rapid.IntRange(0, 12).Draw(t, "acts") {
			m := rapid.SampledFrom(people).Draw(t, "who")
			b := community.Ballot{Account: m.Account, Member: m.ID, For: rapid.Bool().Draw(t, "for")}
			if rapid.IntRange(0, 3).Draw(t, "takes back") == 0 {
				update(func(tx *Tx) error { return tx.TakeBackVote(id, b) })
				if want[b.Account] == b {
					delete(want, b.Account)
				}
				continue
			}
			update(func(tx *Tx) error { return tx.Vote(id, b, noon) })
			want[b.Account] = b
		}
		update(func(tx *Tx) error { return tx.EndProposal(id, community.ProposalDone, community.Tally{For: 1}) })
		for _, change := range []func(tx *Tx) error{
			func(tx *Tx) error {
				return tx.Vote(id, community.Ballot{Account: people[3].Account, Member: people[3].ID}, noon)
			},
			func(tx *Tx) error { return tx.exec("DELETE FROM ballot WHERE proposal = ?", int64(id)) },
		} {
			if err := db.Update(change); err == nil && len(want) > 0 {
				t.Fatal("a ballot was changed after the vote")
			}
		}
		update(func(tx *Tx) error {
			all, err := tx.Ballots(id)
			got := map[ledger.AccountID]community.Ballot{}
			for _, b := range all {
				got[b.Account] = b
			}
			if !maps.Equal(got, want) || len(all) != len(want) {
				t.Fatalf("%v, want %v", all, want)
			}
			return err
		})
	})
}
