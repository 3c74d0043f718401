package storage

import (
	"errors"
	"testing"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
)

// founded is a community with its policy and the commons.
func founded(t *testing.T) *DB {
	t.Helper()
	db := fresh(t)
	fine(t, db.Update(func(tx *Tx) error {
		return tx.Found(Community{Name: "Riverside", Timezone: "Europe/Dublin", Created: noon}, community.DefaultPolicy())
	}))
	return db
}

func join(t *testing.T, tx *Tx, name string, s community.Status) community.Member {
	t.Helper()
	m, err := tx.AddMember(community.Member{Person: "person of " + name, Name: name, Status: s, Joined: noon}, community.DefaultPolicy())
	fine(t, err)
	return m
}

func TestFounding(t *testing.T) {
	db := fresh(t)
	fine(t, db.View(func(tx *Tx) error {
		if _, found, err := tx.Community(); found || err != nil {
			t.Errorf("an empty file has a community: %v", err)
		}
		if p, err := tx.Policy(); p != community.DefaultPolicy() || err != nil {
			t.Errorf("%+v, %v", p, err)
		}
		return nil
	}))
	p := community.DefaultPolicy()
	p.Floor, p.Vouchers, p.CommonsFloor = -30*ledger.Hour, 2, -10*ledger.Hour
	fine(t, db.Update(func(tx *Tx) error {
		fine(t, tx.Found(Community{Name: "Riverside", Timezone: "Europe/Dublin", Created: noon}, p))
		c, found, err := tx.Community()
		if want := (Community{"Riverside", "Europe/Dublin", noon}); c != want || !found || err != nil {
			t.Errorf("%+v %t %v", c, found, err)
		}
		commons, err := tx.Account(ledger.Commons)
		if want := (ledger.Account{ID: ledger.Commons, Kind: ledger.CommonsAccount, Floor: p.CommonsFloor, Ceiling: p.CommonsCeiling}); commons != want || err != nil {
			t.Errorf("%+v %v", commons, err)
		}
		if got, err := tx.Policy(); got != p || err != nil {
			t.Errorf("%+v, %v", got, err)
		}
		p.PromptDays = 3
		fine(t, tx.SetPolicy(p))
		if got, err := tx.Policy(); got != p || err != nil {
			t.Errorf("%+v, %v", got, err)
		}
		return nil
	}))
	if err := db.Update(func(tx *Tx) error { return tx.Found(Community{Name: "Again"}, p) }); err == nil {
		t.Error("founded twice")
	}
}

// Everybody gets an account of their own with the limits of their status, and nobody a
// name that looks like another's.
func TestMembers(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben := join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Newcomer)
		for name, taken := range map[string]bool{"ann": true, "ANN": true, "Аnn": true, "Ánn": true, "A-nn": true, "Anna": false} {
			_, err := tx.AddMember(community.Member{Name: name, Status: community.Full}, community.DefaultPolicy())
			if errors.Is(err, community.ErrNameTaken) != taken || err != nil && !taken {
				t.Errorf("%q: %v", name, err)
			}
		}
		all, err := tx.Members()
		fine(t, err)
		if len(all) != 3 || all[0] != ann || all[1] != ben || all[2].Person != "" || ann.Account == ben.Account {
			t.Errorf("%+v", all)
		}
		p := community.DefaultPolicy()
		for m, want := range map[community.Member][2]ledger.Minutes{ann: {p.Floor, p.Ceiling}, ben: {p.NewcomerFloor, p.NewcomerCeiling}} {
			if a, err := tx.Account(m.Account); a.Floor != want[0] || a.Ceiling != want[1] || a.Kind != ledger.MemberAccount || err != nil {
				t.Errorf("%s: %+v %v", m.Name, a, err)
			}
		}
		fine(t, tx.SetMet(ben.ID))
		fine(t, tx.SetDeaf(ann.ID, true))
		all, err = tx.Members()
		if all[0].Met || !all[0].Deaf || !all[1].Met || all[1].Deaf {
			t.Errorf("%+v", all)
		}
		return err
	}))
}

// A new policy reaches everybody but those whose limits were set for them alone.
func TestFollowPolicy(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben, own := join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Newcomer), join(t, tx, "Cleo", community.Full)
		fine(t, tx.SetLimits(own.Account, -60, 60, true))
		p := community.DefaultPolicy()
		p.Floor, p.NewcomerCeiling, p.CommonsCeiling = -7*ledger.Hour, 8*ledger.Hour, 9*ledger.Hour
		fine(t, tx.FollowPolicy(p))
		for id, want := range map[ledger.AccountID][2]ledger.Minutes{
			ann.Account: {p.Floor, p.Ceiling}, ben.Account: {p.NewcomerFloor, p.NewcomerCeiling}, own.Account: {-60, 60}, ledger.Commons: {p.CommonsFloor, p.CommonsCeiling},
		} {
			if a, err := tx.Account(id); a.Floor != want[0] || a.Ceiling != want[1] || err != nil {
				t.Errorf("account %d: %+v %v", id, a, err)
			}
		}
		for id, want := range map[ledger.AccountID]bool{ann.Account: false, own.Account: true} {
			if got, err := tx.OwnLimits(id); got != want || err != nil {
				t.Errorf("account %d has limits of its own: %t %v", id, got, err)
			}
		}
		return nil
	}))
}

// A household has the wider limits of those who live in it, whoever comes or goes, and a
// suspension takes nothing away that a policy has changed meanwhile.
func TestAHouseholdsLimits(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		p := community.DefaultPolicy()
		ann, zoe, zac := join(t, tx, "Ann", community.Full), join(t, tx, "Zoe", community.Newcomer), join(t, tx, "Zac", community.Newcomer)
		has := func(what string, a ledger.AccountID, s community.Status) {
			t.Helper()
			floor, ceiling := p.Limits(s)
			if got, err := tx.Account(a); got.Floor != floor || got.Ceiling != ceiling || err != nil {
				t.Errorf("%s: %+v, %v; want %v and %v", what, got, err, floor, ceiling)
			}
		}
		fine(t, tx.JoinHousehold(ann.ID, zoe.Account, p))
		has("a member moves in", zoe.Account, community.Full)
		fine(t, tx.SetStatus(zoe, community.Former, p))
		has("the newcomer leaves", zoe.Account, community.Full)
		fine(t, tx.SetStatus(zoe, community.Newcomer, p))
		has("and comes back", zoe.Account, community.Full)
		fine(t, tx.Suspend(ann.ID))
		p.Floor--
		fine(t, tx.FollowPolicy(p))
		has("a policy changes while the member is suspended", zoe.Account, community.Full)
		fine(t, tx.Readmit(ann.ID))
		ann.Account = zoe.Account
		fine(t, tx.LeaveHousehold(ann, p))
		has("the member moves out", zoe.Account, community.Newcomer)
		fine(t, tx.JoinHousehold(zac.ID, zoe.Account, p))
		fine(t, tx.SetStatus(zoe, community.Former, p))
		has("one of two newcomers leaves", zoe.Account, community.Newcomer)
		return nil
	}))
}

// The log keeps who did what and who seconded it, also when the reason is erased.
func TestCouncilLog(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		fine(t, tx.Log(LogEntry{At: noon, Actor: 1, Act: "grant", What: "for the garden"}))
		fine(t, tx.Log(LogEntry{At: noon.Add(time.Hour), Actor: 2, Seconder: 1, Act: "suspend", What: "shouting"}))
		got, err := tx.LogEntries(10)
		if len(got) != 2 || got[0] != (LogEntry{noon.Add(time.Hour), 2, 1, "suspend", "shouting"}) || got[1].Act != "grant" || err != nil {
			t.Errorf("%+v %v", got, err)
		}
		fine(t, tx.Erase(2))
		if got, err := tx.LogEntries(1); len(got) != 1 || got[0].What != "" || got[0].Actor != 2 || err != nil {
			t.Errorf("%+v %v", got, err)
		}
		return nil
	}))
}

// A post is on the board from when it was put there until it is closed or its time is up.
func TestPosts(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben := join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Full)
		var ids []board.PostID
		for days := 1; days <= 3; days++ {
			id, err := tx.AddPost(board.Post{Kind: board.Request, Author: int64(ann.ID), Category: "garden", Text: "Help with the hedge", Minutes: 90, When: "Saturday",
				State: board.Open, Created: noon, Expires: noon.AddDate(0, 0, days)})
			fine(t, err)
			ids = append(ids, id)
		}
		p, found, err := tx.Post(ids[0])
		if want := (board.Post{ID: ids[0], Kind: board.Request, Author: int64(ann.ID), Category: "garden", Text: "Help with the hedge", Minutes: 90, When: "Saturday", Wanted: 1,
			State: board.Open, Created: noon, Expires: noon.AddDate(0, 0, 1)}); p != want || !found || err != nil {
			t.Errorf("%+v %t %v", p, found, err)
		}
		if _, found, err := tx.Post(99); found || err != nil {
			t.Errorf("a post that is not there: %v", err)
		}
		open := func(at time.Time) int {
			all, err := tx.OpenPosts(at)
			fine(t, err)
			return len(all)
		}
		if n := open(noon); n != 3 {
			t.Errorf("%d open", n)
		}
		if n := open(noon.AddDate(0, 0, 1)); n != 2 {
			t.Errorf("%d open when the first one's time is up", n)
		}
		gone, err := tx.ExpirePosts(noon.AddDate(0, 0, 1))
		if len(gone) != 1 || gone[0].ID != ids[0] || err != nil {
			t.Errorf("%+v %v", gone, err)
		}
		if gone, err := tx.ExpirePosts(noon.AddDate(0, 0, 1)); len(gone) != 0 || err != nil {
			t.Errorf("expired twice: %+v %v", gone, err)
		}
		fine(t, tx.SetPostState(ids[1], board.Closed, noon))
		if n := open(noon); n != 1 {
			t.Errorf("%d open after closing one", n)
		}
		all, err := tx.AllPosts()
		if len(all) != 3 || all[0].State != board.Expired || all[1].State != board.Closed || all[2].State != board.Open || err != nil {
			t.Errorf("%+v %v", all, err)
		}
		for _, want := range []bool{true, false} {
			if fresh, err := tx.Take(ids[2], int64(ben.ID), noon); fresh != want || err != nil {
				t.Errorf("taking: %t %v", fresh, err)
			}
		}
		if taken, err := tx.TakenPosts(board.Request, int64(ann.ID), int64(ben.ID)); len(taken) != 1 || taken[0].ID != ids[2] || err != nil {
			t.Errorf("%+v %v", taken, err)
		}
		if who, err := tx.Takers(ids[2]); len(who) != 1 || who[0] != int64(ben.ID) || err != nil {
			t.Errorf("%v %v", who, err)
		}
		for _, want := range []bool{true, false} {
			if had, err := tx.StepBack(ids[2], int64(ben.ID)); had != want || err != nil {
				t.Errorf("stepping back: %t %v", had, err)
			}
		}
		return nil
	}))
}
