package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"communityconnect/ledger"
	"communityconnect/ledger/booktest"
)

// books are the file and the plain model side by side. Whatever is done is done to both.
type books struct {
	db    *DB
	model *booktest.Model
	texts int64 // how many the file has written: its salts are the model's
	now   time.Time
	moved map[ledger.TradeID]map[ledger.AccountID]ledger.Minutes // what posting each trade did
}

const households = 4

// usual is what neighbours do, about as often as they do it.
var usual = []string{
	"propose", "confirm", "confirm", "spill through", "reverse", "limits", "propose", "confirm", "propose", "confirm", "move", "amend", "confirm",
	"propose", "confirm", "amend", "reverse", "unconfirm", "spill", "spill through", "decline", "cancel", "expire", "limits", "reopen",
}

// Whatever neighbours propose, confirm, amend, decline, cancel, let expire, reverse and
// spill, in whatever order, with limits changing and the program stopping in between:
// the file and the plain model agree to the last hash, the balances sum to zero, nobody
// is taken further outside their limits but by a reversal, and a reversal puts
// everybody back where they stood.
func TestFileAgreesWithTheModel(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.db")
	db, err := Open(empty)
	fine(t, err)
	fine(t, db.Close())
	file, err := os.ReadFile(empty)
	fine(t, err)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := filepath.Join(t.TempDir(), fmt.Sprintf("run-%d.db", n))
		fine(t, os.WriteFile(path, file, 0o600))
		b := &books{model: booktest.New(), now: noon, moved: map[ledger.TradeID]map[ledger.AccountID]ledger.Minutes{}}
		b.open(rt, path)
		defer func() { _ = b.db.Close() }()
		b.do(rt, func(k booktest.Books) error {
			for i := range households + 1 {
				kind := ledger.MemberAccount
				if i == 0 {
					kind = ledger.CommonsAccount
				}
				if _, err := k.AddAccount(kind, -3*ledger.Hour, 4*ledger.Hour); err != nil {
					return err
				}
			}
			return nil
		})
		acts := b.acts()
		for range 80 - rapid.IntRange(0, 75).Draw(rt, "shorter by") {
			acts[rapid.SampledFrom(usual).Draw(rt, "act")](rt)
			b.agree(rt)
		}
		b.audit(rt)
	})
}

func (b *books) acts() map[string]func(*rapid.T) {
	answer := func(act func(k booktest.Books, id ledger.TradeID, side ledger.AccountID, version int) error) func(*rapid.T) {
		return func(t *rapid.T) {
			id, side := b.anyTrade(t), anyAccount(t)
			version := rapid.IntRange(1, 2).Draw(t, "version")
			if tr, err := b.model.Trade(id); err == nil && mostly(t) { // mostly somebody who may, about what stands
				side, version = rapid.SampledFrom([]ledger.AccountID{tr.Giver, tr.Receiver}).Draw(t, "party"), tr.Version
			}
			b.do(t, func(k booktest.Books) error { return act(k, id, side, version) })
		}
	}
	propose := func(t *rapid.T) {
		giver, receiver, by := anyAccount(t), anyAccount(t), anyAccount(t)
		m, consent := anyAmount(t), rapid.Bool().Draw(t, "consent")
		expires := b.now.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "days")) * 24 * time.Hour)
		b.do(t, func(k booktest.Books) error {
			what, err := k.Write("some help")
			if err != nil {
				return err
			}
			_, err = ledger.Propose(k, ledger.Trade{Giver: giver, Receiver: receiver, LoggedBy: by, Minutes: m, What: what, Created: b.now, Expires: expires}, consent)
			return err
		})
	}
	confirm := answer(func(k booktest.Books, id ledger.TradeID, side ledger.AccountID, version int) error {
		_, err := ledger.Confirm(k, id, side, version, b.now)
		return err
	})
	return map[string]func(*rapid.T){
		"propose": propose,
		"confirm": confirm,
		"unconfirm": answer(func(k booktest.Books, id ledger.TradeID, side ledger.AccountID, _ int) error {
			_, err := ledger.Unconfirm(k, id, side)
			return err
		}),
		"spill": answer(func(k booktest.Books, id ledger.TradeID, side ledger.AccountID, _ int) error {
			_, err := ledger.AllowSpill(k, id, side)
			return err
		}),
		"spill through": answer(func(k booktest.Books, id ledger.TradeID, _ ledger.AccountID, version int) error {
			t, err := k.Trade(id)
			if err != nil {
				return err
			}
			if _, err := ledger.AllowSpill(k, id, t.Giver); err != nil {
				return err
			}
			for _, side := range []ledger.AccountID{t.Giver, t.Receiver} {
				if _, err := ledger.Confirm(k, id, side, version, b.now); err != nil && ledger.CodeOf(err) != ledger.AlreadyConfirmed {
					return err
				}
			}
			return nil
		}),
		"decline": answer(func(k booktest.Books, id ledger.TradeID, side ledger.AccountID, _ int) error {
			_, err := ledger.Decline(k, id, side, b.now)
			return err
		}),
		"cancel": answer(func(k booktest.Books, id ledger.TradeID, side ledger.AccountID, _ int) error {
			_, err := ledger.Cancel(k, id, side, b.now)
			return err
		}),
		"amend": func(t *rapid.T) {
			m := anyAmount(t)
			answer(func(k booktest.Books, id ledger.TradeID, side ledger.AccountID, _ int) error {
				_, err := ledger.Amend(k, id, side, m, b.now.AddDate(0, 0, 7))
				return err
			})(t)
		},
		"expire": func(t *rapid.T) {
			b.now = b.now.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour)
			b.do(t, func(k booktest.Books) error { _, err := ledger.Expire(k, b.now); return err })
		},
		"reverse": b.reverse,
		"move": func(t *rapid.T) {
			from, to, m := anyAccount(t), anyAccount(t), anyAmount(t)
			kind := rapid.SampledFrom([]ledger.TransferKind{ledger.OfGrant, ledger.OfGift, ledger.OfSettlement}).Draw(t, "kind")
			b.do(t, func(k booktest.Books) error {
				what, err := k.Write("from everybody")
				if err != nil {
					return err
				}
				_, err = ledger.Move(k, ledger.Transfer{From: from, To: to, Minutes: m, Kind: kind, At: b.now, What: what})
				return err
			})
		},
		"limits": func(t *rapid.T) {
			id := anyAccount(t)
			floor, ceiling := -rapid.Int64Range(0, 240).Draw(t, "floor"), rapid.Int64Range(0, 240).Draw(t, "ceiling")
			if _, err := b.model.Account(id); err == nil {
				b.do(t, func(k booktest.Books) error {
					return k.SetLimits(id, ledger.Minutes(floor), ledger.Minutes(ceiling), true)
				})
			}
		},
		"reopen": func(t *rapid.T) {
			path := b.db.path
			if err := b.db.Close(); err != nil {
				t.Fatal(err)
			}
			b.open(t, path)
		},
	}
}

// reverse takes a trade back, and with it exactly what posting it did.
func (b *books) reverse(t *rapid.T) {
	id := b.anyTrade(t)
	if posted := b.posted(); len(posted) > 0 && mostly(t) {
		id = rapid.SampledFrom(posted).Draw(t, "posted")
	}
	before := b.model.Accounts()
	if b.do(t, func(k booktest.Books) error {
		why, err := k.Write("it was a mistake")
		if err != nil {
			return err
		}
		_, err = ledger.Reverse(k, id, why, b.now)
		return err
	}) != nil {
		return
	}
	for i, a := range b.model.Accounts() {
		if change := a.Balance - before[i].Balance; change != -b.moved[id][a.ID] {
			t.Fatalf("reversing trade %d moved account %d by %s, posting it by %s", id, a.ID, change.Signed(), b.moved[id][a.ID].Signed())
		}
	}
}

// mostly is true most of the time: small numbers are drawn more often. What is strange
// is drawn too, but less often than what makes a story.
func mostly(t *rapid.T) bool { return rapid.IntRange(0, 19).Draw(t, "mostly") < 18 }

func anyAccount(t *rapid.T) ledger.AccountID {
	if mostly(t) {
		return ledger.AccountID(rapid.Int64Range(1, households+1).Draw(t, "account"))
	}
	return ledger.AccountID(rapid.SampledFrom([]int64{-1, 0, households + 2}).Draw(t, "no account"))
}

func anyAmount(t *rapid.T) ledger.Minutes {
	if mostly(t) {
		return ledger.Minutes(rapid.SampledFrom([]int64{60, 90, 30, 120, 45, 15, 150, 7, 1}).Draw(t, "minutes"))
	}
	return ledger.Minutes(rapid.SampledFrom([]int64{-1, 0, 1, 12000, 12001}).Draw(t, "odd minutes"))
}

// anyTrade is one of the newest six, or one to come.
func (b *books) anyTrade(t *rapid.T) ledger.TradeID {
	newest := int64(0)
	for {
		if _, err := b.model.Trade(ledger.TradeID(newest + 1)); err != nil {
			break
		}
		newest++
	}
	if mostly(t) && newest > 0 {
		return ledger.TradeID(rapid.Int64Range(max(1, newest-5), newest).Draw(t, "trade"))
	}
	return ledger.TradeID(newest + 1)
}

// posted returns the trades that stand in the books.
func (b *books) posted() (ids []ledger.TradeID) {
	for id := ledger.TradeID(1); ; id++ {
		switch t, err := b.model.Trade(id); {
		case err != nil:
			return ids
		case t.State == ledger.Posted:
			ids = append(ids, id)
		}
	}
}

func (b *books) open(t *rapid.T, path string) {
	db, err := open(path, "NORMAL") // power cuts are not what this is about
	if err != nil {
		t.Fatal(err)
	}
	// The model's salts, so that both chains are the same to the last bit.
	db.random = func(salt []byte) {
		b.texts++
		copy(salt, booktest.Salt(b.texts))
	}
	b.db = db
}

// do does one thing to both books, or to neither when it is refused.
func (b *books) do(t *rapid.T, act func(booktest.Books) error) error {
	kept, texts := b.model.Clone(), b.texts
	before := b.model.Accounts()
	want := act(b.model)
	got := b.db.Update(func(tx *Tx) error { return act(tx) })
	if ledger.CodeOf(got) != ledger.CodeOf(want) || (got == nil) != (want == nil) {
		t.Fatalf("the file says %v, the model %v", got, want)
	}
	if want != nil {
		if ledger.CodeOf(want) == "" {
			t.Fatalf("not a refusal: %v", errors.Join(want, got))
		}
		b.model, b.texts = kept, texts
		return want
	}
	b.judge(t, before, int64(len(kept.Transfers())))
	return nil
}

// judge holds what was just done against the promises.
func (b *books) judge(t *rapid.T, before []ledger.Account, seen int64) {
	reversal := false
	for _, tr := range b.model.Transfers()[seen:] {
		reversal = reversal || tr.Kind == ledger.OfReversal
		if tr.Trade != 0 && tr.Kind != ledger.OfReversal {
			if b.moved[tr.Trade] == nil {
				b.moved[tr.Trade] = map[ledger.AccountID]ledger.Minutes{}
			}
			b.moved[tr.Trade][tr.From] -= tr.Minutes
			b.moved[tr.Trade][tr.To] += tr.Minutes
		}
	}
	for i, a := range b.model.Accounts() {
		if i >= len(before) {
			continue
		}
		was := before[i].Balance
		if !reversal && (a.Balance < was && a.Balance < a.Floor || a.Balance > was && a.Balance > a.Ceiling) {
			t.Fatalf("account %d went from %s to %s, past %s to %s", a.ID, was.Signed(), a.Balance.Signed(), a.Floor.Signed(), a.Ceiling.Signed())
		}
	}
}

// agree holds the file against the model.
func (b *books) agree(t *rapid.T) {
	err := b.db.View(func(tx *Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		sum := ledger.Minutes(0)
		for i, want := range b.model.Accounts() {
			if accounts[i] != want {
				t.Fatalf("the file has %+v, the model %+v", accounts[i], want)
			}
			sum += want.Balance
		}
		if sum != 0 {
			t.Fatalf("the balances add up to %s", sum.Signed())
		}
		seq, head, err := tx.Head()
		wantSeq, wantHead, _ := b.model.Head()
		if seq != wantSeq || head != wantHead {
			t.Fatalf("the file's newest transfer is %d %s, the model's %d %s", seq, head, wantSeq, wantHead)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// audit ends a run: all trades agree, and both pass the audit with the same report.
func (b *books) audit(t *rapid.T) {
	b.agree(t)
	err := b.db.View(func(tx *Tx) error {
		for id := ledger.TradeID(1); ; id++ {
			want, missing := b.model.Trade(id)
			got, err := tx.Trade(id)
			if missing != nil {
				if ledger.CodeOf(err) != ledger.UnknownTrade {
					t.Fatalf("trade %d: %+v, %v, the model has none", id, got, err)
				}
				return nil
			}
			if got != want || err != nil {
				t.Fatalf("trade %d: %+v, %v\nthe model has %+v", id, got, err, want)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.db.Audit(nil)
	if want := b.model.Audit(); err != nil || fmt.Sprint(got) != fmt.Sprint(want) || !got.OK() {
		t.Fatalf("the file's audit: %+v, %v\nthe model's: %+v", got, err, want)
	}
}
