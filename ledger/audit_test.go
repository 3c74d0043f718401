package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "communityconnect/ledger"
	"communityconnect/ledger/booktest"
)

// books are sound books to spoil: trades, a spill, reversals, a grant and a gift.
type books struct {
	transfers []Transfer
	accounts  []Account
	trades    []Trade
	salts     map[int64][]byte // of texts that stand; none for erased ones
}

func soundBooks(t *testing.T) books {
	s := newStage(t)
	s.done(s.ann, s.ben, 90)
	wrong := s.done(s.ben, s.cleo, 5*Hour)
	s.fine(s.SetLimits(s.ann, -10*Hour, 4*Hour, true))
	spill := s.propose(4 * Hour)
	_, err := AllowSpill(s, spill.ID, s.ann)
	s.fine(err)
	s.confirm(spill, s.ann)
	s.confirm(spill, s.ben)
	_, err = Reverse(s, wrong.ID, s.why, noon.Add(time.Hour))
	s.fine(err)
	for _, tr := range []Transfer{{From: Commons, To: s.cleo, Minutes: 60, Kind: OfGrant}, {From: s.cleo, To: s.ben, Minutes: 15, Kind: OfGift}} {
		tr.At, tr.What = noon.Add(2*time.Hour), s.what
		_, err := Move(s, tr)
		s.fine(err)
	}
	s.done(s.cleo, s.ann, 45)
	dispute := s.done(s.cleo, s.ben, 20)
	dispute.State = Disputed
	s.fine(s.SetTrade(dispute))
	s.propose(30)
	b := books{accounts: s.Accounts(), transfers: slices.Clone(s.Transfers()), salts: map[int64][]byte{}}
	for id := TradeID(1); ; id++ {
		tr, err := s.Trade(id)
		if err != nil {
			break
		}
		b.trades = append(b.trades, tr)
	}
	for _, tr := range b.transfers {
		b.salts[tr.What.ID] = booktest.Salt(tr.What.ID)
	}
	return b
}

// audit goes through the books in two parts, the second from the given place.
func (b books) audit(from int) Report {
	first := NewAuditor(0, Hash{})
	b.feed(first, b.transfers[:from])
	second := NewAuditor(0, Hash{})
	if from > 0 {
		before := b.transfers[from-1]
		second = NewAuditor(before.Seq, before.Hash)
	}
	b.feed(second, b.transfers[from:])
	first.Join(second)
	sum := Minutes(0)
	for _, a := range b.accounts {
		first.Compare(a)
		sum += a.Balance
	}
	for _, t := range b.trades {
		first.CompareTrade(t)
	}
	return first.Report(int64(len(b.accounts)), sum)
}

func (b books) feed(a *Auditor, part []Transfer) {
	for i := range part {
		t := &part[i]
		var original *Transfer
		if n := slices.IndexFunc(b.transfers, func(o Transfer) bool { return o.Seq == t.Reverses }); n >= 0 {
			original = &b.transfers[n]
		}
		a.Add(t, original)
		a.CheckText(t, b.salts[t.What.ID])
	}
}

func TestSoundBooksPass(t *testing.T) {
	b := soundBooks(t)
	r := b.audit(0)
	if !r.OK() || r.Sum != 0 || r.Accounts != 4 || r.Transfers != int64(len(b.transfers)) || r.Head != b.transfers[len(b.transfers)-1].Hash {
		t.Fatalf("%+v", r)
	}
	if kinds := 5; len(b.transfers) < kinds+3 {
		t.Fatalf("only %d transfers", len(b.transfers))
	}
	if r := (books{}).audit(0); !r.OK() || r.Head != (Hash{}) {
		t.Errorf("empty books: %+v", r)
	}
}

// Whatever field of whatever transfer, account or trade is changed, the audit notices.
func TestEveryTamperingIsFound(t *testing.T) {
	tamper := map[string]func(*Transfer){
		"seq up":         func(t *Transfer) { t.Seq++ },
		"seq down":       func(t *Transfer) { t.Seq-- },
		"from":           func(t *Transfer) { t.From++ },
		"from nobody":    func(t *Transfer) { t.From = 0 },
		"from far":       func(t *Transfer) { t.From = 1 << 40 },
		"to":             func(t *Transfer) { t.To += 2 },
		"to itself":      func(t *Transfer) { t.To = t.From },
		"turned round":   func(t *Transfer) { t.From, t.To = t.To, t.From },
		"minutes up":     func(t *Transfer) { t.Minutes++ },
		"minutes down":   func(t *Transfer) { t.Minutes-- },
		"minutes zero":   func(t *Transfer) { t.Minutes = 0 },
		"minutes huge":   func(t *Transfer) { t.Minutes = MaxAmount + 1 },
		"minutes turned": func(t *Transfer) { t.Minutes = -t.Minutes },
		"kind": func(t *Transfer) {
			t.Kind = map[TransferKind]TransferKind{OfTrade: OfGift, OfGift: OfTrade, OfGrant: OfSettlement, OfReversal: OfTrade}[t.Kind]
		},
		"kind unknown": func(t *Transfer) { t.Kind = "loan" },
		"trade":        func(t *Transfer) { t.Trade++ },
		"trade none": func(t *Transfer) {
			if t.Trade == 0 {
				t.Trade = 1
			} else {
				t.Trade = 0
			}
		},
		"trade turned": func(t *Transfer) { t.Trade = -1 },
		"reverses":     func(t *Transfer) { t.Reverses++ },
		"at":           func(t *Transfer) { t.At = t.At.Add(time.Second) },
		"text":         func(t *Transfer) { t.What.Body += "!" },
		"digest":       func(t *Transfer) { t.What.Digest[0] ^= 1 },
		"hash":         func(t *Transfer) { t.Hash[31] ^= 1 },
	}
	sound := soundBooks(t)
	for i := range sound.transfers {
		for name, spoil := range tamper {
			b := sound
			b.transfers = slices.Clone(sound.transfers)
			spoil(&b.transfers[i])
			if b.audit(0).OK() {
				t.Errorf("transfer %d, %s: not found", i+1, name)
			}
		}
	}
	for i := range sound.accounts {
		b := sound
		b.accounts = slices.Clone(sound.accounts)
		b.accounts[i].Balance++
		if b.audit(0).OK() {
			t.Errorf("balance of account %d: not found", i+1)
		}
		b.accounts[(i+1)%len(b.accounts)].Balance-- // the sum is right again
		if b.audit(0).OK() {
			t.Errorf("balances of account %d and the next: not found", i+1)
		}
		b.accounts = slices.Delete(slices.Clone(sound.accounts), i, i+1)
		if b.audit(0).OK() {
			t.Errorf("account %d gone: not found", i+1)
		}
	}
	for i, tr := range sound.trades {
		for _, s := range []TradeState{Proposed, Posted, Declined, Reversed} {
			moved := func(s TradeState) string {
				return map[TradeState]string{Posted: "posted", Disputed: "posted", Reversed: "reversed"}[s]
			}
			if b := sound.withTrade(i, func(t *Trade) { t.State = s }); moved(s) != moved(tr.State) && b.audit(0).OK() {
				t.Errorf("trade %d from %s to %s: not found", tr.ID, tr.State, s)
			}
		}
		if b := sound.withTrade(i, func(t *Trade) { t.Minutes++ }); tr.State != Proposed && b.audit(0).OK() {
			t.Errorf("minutes of trade %d: not found", tr.ID)
		}
		for name, change := range map[string]func(*Trade){
			"giver": func(t *Trade) { t.Giver = 7 }, "receiver": func(t *Trade) { t.Receiver = 7 }, "sides": func(t *Trade) { t.Giver, t.Receiver = t.Receiver, t.Giver },
		} {
			if b := sound.withTrade(i, change); tr.State != Proposed && b.audit(0).OK() {
				t.Errorf("%s of trade %d: not found", name, tr.ID)
			}
		}
		if b := sound.withTrade(i, func(t *Trade) { t.ID = 77 }); tr.State != Proposed && b.audit(0).OK() {
			t.Errorf("number of trade %d: not found", tr.ID)
		}
	}
}

func (b books) withTrade(i int, change func(*Trade)) books {
	b.trades = slices.Clone(b.trades)
	change(&b.trades[i])
	return b
}

// A transfer taken out, put twice, put in or moved breaks the chain.
func TestOrderIsPartOfTheChain(t *testing.T) {
	sound := soundBooks(t)
	n := len(sound.transfers)
	for i := range n {
		b := sound
		b.transfers = slices.Delete(slices.Clone(sound.transfers), i, i+1)
		if b.audit(0).OK() {
			t.Errorf("transfer %d taken out: not found", i+1)
		}
		b.transfers = slices.Insert(slices.Clone(sound.transfers), i, sound.transfers[i])
		if b.audit(0).OK() {
			t.Errorf("transfer %d put twice: not found", i+1)
		}
		if i > 0 {
			b.transfers = slices.Clone(sound.transfers)
			b.transfers[i], b.transfers[i-1] = b.transfers[i-1], b.transfers[i]
			if b.audit(0).OK() {
				t.Errorf("transfers %d and %d changed places: not found", i, i+1)
			}
		}
	}
}

// An erased text has neither salt nor body, and the chain still verifies.
func TestErasedTextsPass(t *testing.T) {
	b := soundBooks(t)
	b.transfers = slices.Clone(b.transfers)
	for i := range b.transfers {
		b.transfers[i].What.Body = ""
	}
	b.salts = nil
	if r := b.audit(0); !r.OK() {
		t.Error(r.Faults)
	}
}

// Wherever the chain is cut in two, the parts joined say what the whole says.
func TestPartsJoinedEqualTheWhole(t *testing.T) {
	sound := soundBooks(t)
	spoiled := sound
	spoiled.transfers = slices.Clone(sound.transfers)
	spoiled.transfers[2].Minutes++
	spoiled.transfers[6].What.Body = "lies"
	for name, b := range map[string]books{"sound": sound, "spoiled": spoiled} {
		whole := b.audit(0)
		for from := range len(b.transfers) + 1 {
			if got := b.audit(from); fmt.Sprint(got) != fmt.Sprint(whole) {
				t.Errorf("%s, cut at %d:\n%v\nwhole:\n%v", name, from, got, whole)
			}
		}
	}
}

// Ruined books are reported within bounds.
func TestFaultsAreBounded(t *testing.T) {
	a := NewAuditor(0, Hash{})
	b := NewAuditor(0, Hash{})
	for i := range 1000 {
		bad := Transfer{Seq: int64(i * 3), From: AccountID(1 << 50), To: -1}
		a.Add(&bad, nil)
		b.Add(&bad, nil)
		a.Compare(Account{ID: AccountID(i), Balance: 5})
		a.CompareTrade(Trade{ID: TradeID(i), Minutes: 5, State: Posted})
	}
	a.Join(b)
	if n := len(a.Report(1, 5).Faults); n == 0 || n > 100 {
		t.Errorf("%d faults", n)
	}
}

func TestFaultSaysWhere(t *testing.T) {
	for want, f := range map[string]Fault{
		"transfer 7: lost": {Seq: 7, What: "lost"}, "account 3: off": {Account: 3, What: "off"}, "the sum": {What: "the sum"},
	} {
		if f.String() != want {
			t.Errorf("%q, want %q", f, want)
		}
	}
}

// What the bot publishes of a hash can be typed, whole or short.
func TestParsePublished(t *testing.T) {
	h := DigestText([]byte("salt"), "text")
	for _, s := range []string{h.String(), h.Short(), h.String()[:20], strings.ToUpper(h.Short())} {
		if got, err := ParsePublished(s); err != nil || !strings.HasPrefix(h.String(), fmt.Sprintf("%x", got)) || len(got) != len(s)/2 {
			t.Errorf("ParsePublished(%q) = %x, %v", s, got, err)
		}
	}
	for _, s := range []string{"", h.Short()[:10], h.Short() + "0", h.String() + "00", strings.Repeat("g", 12)} {
		if got, err := ParsePublished(s); err == nil {
			t.Errorf("ParsePublished(%q) = %x", s, got)
		}
	}
}

func TestHashReadsWhatItPrints(t *testing.T) {
	h := DigestText([]byte("salt"), "text")
	got, err := ParseHash(h.String())
	if err != nil || got != h || !strings.HasPrefix(h.String(), h.Short()) || len(h.Short()) != 12 {
		t.Errorf("%s %s %v", h, got, err)
	}
	for _, s := range []string{"", h.Short(), h.String() + "00", strings.Repeat("g", 64), h.String()[1:]} {
		if _, err := ParseHash(s); err == nil {
			t.Errorf("ParseHash(%q) accepts it", s)
		}
	}
}
