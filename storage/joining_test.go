package storage

import (
	"slices"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
)

// Somebody asks, is vouched for and is decided about; nothing of them stays.
func TestApplicants(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben := join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Full)
		zoe, err := tx.Apply(Applicant{Person: "zoe", Kind: NewPerson, Name: "Zoe", Asked: noon, Expires: noon.Add(time.Hour)})
		fine(t, err)
		yan, err := tx.Apply(Applicant{Person: "yan", Kind: Claims, Member: ann.ID, Greeting: zoe.ID, Asked: noon, Expires: noon.Add(time.Hour)})
		fine(t, err)
		if zoe.Code == yan.Code {
			t.Error("two have the same code")
		}
		if _, err := tx.Apply(Applicant{Person: "zoe", Kind: NewPerson}); err == nil {
			t.Error("somebody applies twice")
		}
		for _, by := range []community.MemberID{ben.ID, ann.ID, ben.ID} {
			fine(t, tx.VouchFor(zoe.ID, by, noon))
		}
		fine(t, tx.TakeBackVouch(zoe.ID, ann.ID))
		if by, err := tx.Vouchers(zoe.ID); err != nil || !slices.Equal(by, []community.MemberID{ben.ID}) {
			t.Errorf("vouched by %v, %v", by, err)
		}
		yan.Refuted, yan.Name = true, "Ann"
		fine(t, tx.SetApplicant(yan))
		for how, get := range map[string]func() (Applicant, bool, error){
			"code":   func() (Applicant, bool, error) { return tx.ApplicantWithCode(yan.Code) },
			"person": func() (Applicant, bool, error) { return tx.ApplicantIs("yan") },
			"number": func() (Applicant, bool, error) { return tx.Applicant(yan.ID) },
		} {
			if got, found, err := get(); err != nil || !found || got != yan {
				t.Errorf("by %s: %+v, %v", how, got, err)
			}
		}
		if greeted, err := tx.Greeted(zoe.ID); err != nil || len(greeted) != 1 || greeted[0].ID != yan.ID {
			t.Errorf("greeted: %v, %v", greeted, err)
		}
		if greeted, err := tx.Greeted(0); err != nil || len(greeted) != 0 {
			t.Errorf("greeted by nobody: %v, %v", greeted, err)
		}
		fine(t, tx.Decided(zoe.ID))
		if all, err := tx.Applicants(); err != nil || len(all) != 1 {
			t.Errorf("%d applicants wait, %v", len(all), err)
		}
		if by, err := tx.Vouchers(zoe.ID); err != nil || len(by) != 0 {
			t.Errorf("still vouched for by %v, %v", by, err)
		}
		return nil
	}))
}

// A member's wrong codes are counted for a day, and forgotten.
func TestWrongCodes(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben := join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Full)
		for n := range 5 {
			now := noon.Add(time.Duration(n) * time.Hour)
			if got, err := tx.WrongCode(ann.ID, now, now.Add(-150*time.Minute)); err != nil || got != min(n+1, 3) {
				t.Errorf("%d wrong codes after %d, %v", got, n+1, err)
			}
		}
		if got, err := tx.WrongCodes(ben.ID, noon); err != nil || got != 0 {
			t.Errorf("%d wrong codes of somebody who never tried, %v", got, err)
		}
		return nil
	}))
}

// A member's account moves with all that waits for them, and whoever has the old one is
// nobody.
func TestMovePerson(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben := join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Full)
		old := chat.PersonID(ann.Person)
		fine(t, tx.Lose(ann.ID, ben.ID, noon))
		for _, in := range []chat.Conversation{{Person: old}, {Group: "group"}} {
			_, err := tx.Ask(Question{Kind: "trade", Asked: ann.ID, In: in, At: noon, Expires: noon.Add(time.Hour)})
			fine(t, err)
		}
		fine(t, tx.MovePerson(ann, "new"))
		all, err := tx.Members()
		fine(t, err)
		got := all[0]
		if got.Person != "new" || !got.Met || got.Lost || !got.Frozen.IsZero() || got.Account != ann.Account || got.Name != "Ann" || got.LostBy != ben.ID || !got.LostAt.Equal(noon) {
			t.Errorf("moved to %+v", got)
		}
		open, err := tx.OpenQuestions(ann.Account)
		fine(t, err)
		if len(open) != 2 || open[0].In.Person != "new" || open[1].In.Group != "group" {
			t.Errorf("waiting: %+v", open)
		}
		return nil
	}))
	if err := db.Update(func(tx *Tx) error {
		all, err := tx.Members()
		fine(t, err)
		return tx.MovePerson(all[0], chat.PersonID(all[1].Person))
	}); err == nil {
		t.Error("two members are one person")
	}
}

// Suspended, and back to the standing from before; on the council, and off it.
func TestStanding(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, zoe := join(t, tx, "Ann", community.Full), join(t, tx, "Zoe", community.Newcomer)
		fine(t, tx.JoinCouncil(ann.ID))
		for _, m := range []community.Member{ann, zoe} {
			fine(t, tx.LeaveCouncil(m.ID, noon))
			fine(t, tx.Suspend(m.ID))
			fine(t, tx.Suspend(m.ID)) // twice is once
		}
		all, err := tx.Members()
		fine(t, err)
		if all[0].Status != community.Suspended || all[0].Council || !all[0].LeftCouncil.Equal(noon) || !all[1].LeftCouncil.IsZero() {
			t.Errorf("suspended: %+v", all)
		}
		for _, m := range []community.Member{ann, zoe} {
			fine(t, tx.Readmit(m.ID))
		}
		if all, err = tx.Members(); err != nil || all[0].Status != community.Full || all[1].Status != community.Newcomer {
			t.Errorf("back: %+v, %v", all, err)
		}
		p := community.DefaultPolicy()
		fine(t, tx.SetStatus(zoe, community.Full, p))
		fine(t, tx.SetLimits(ann.Account, -ledger.Hour, ledger.Hour, true))
		fine(t, tx.SetStatus(ann, community.Newcomer, p))
		if a, err := tx.Account(zoe.Account); err != nil || a.Floor != p.Floor || a.Ceiling != p.Ceiling {
			t.Errorf("the limits of one that opened: %+v, %v", a, err)
		}
		if a, err := tx.Account(ann.Account); err != nil || a.Floor != -ledger.Hour || a.Ceiling != ledger.Hour {
			t.Errorf("limits of their own: %+v, %v", a, err)
		}
		return nil
	}))
}

// Candidates come in the order of their hours.
func TestCandidates(t *testing.T) {
	db := founded(t)
	fine(t, db.Update(func(tx *Tx) error {
		ann, ben := join(t, tx, "Ann", community.Full), join(t, tx, "Ben", community.Full)
		fine(t, tx.SetCandidate(Candidate{Member: ann.ID, Due: noon.Add(2 * time.Hour)}))
		fine(t, tx.SetCandidate(Candidate{Member: ben.ID, Due: noon.Add(time.Hour)}))
		fine(t, tx.SetCandidate(Candidate{Member: ann.ID, Backer: ben.ID, Due: noon}))
		all, err := tx.Candidates()
		if want := []Candidate{{ann.ID, ben.ID, noon}, {ben.ID, 0, noon.Add(time.Hour)}}; err != nil || !slices.Equal(all, want) {
			t.Errorf("%+v, %v", all, err)
		}
		fine(t, tx.DropCandidate(ann.ID))
		if _, found, err := tx.Candidate(ann.ID); found || err != nil {
			t.Errorf("still there: %v", err)
		}
		return nil
	}))
}
