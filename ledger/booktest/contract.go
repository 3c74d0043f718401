package booktest

import (
	"testing"
	"time"

	"communityconnect/ledger"
)

// noon is when the stories of the suite begin. Books keep whole seconds of UTC.
var noon = time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC)

// Run holds books against what the rules expect of a [ledger.Book]. The function with begins with
// empty books and lets the story do what it likes with them.
func Run(t *testing.T, with func(t *testing.T, story func(Books))) {
	for name, story := range map[string]func(*testing.T, stage){
		"unknown accounts and trades are refusals": unknown,
		"trades are numbered and kept":             tradesKept,
		"only confirmed sides reserve":             reserves,
		"trades fall due in order":                 due,
		"a transfer moves two balances":            moves,
		"a trade has its transfers in order":       transfersOfTrade,
	} {
		t.Run(name, func(t *testing.T) {
			with(t, func(b Books) { story(t, setStage(t, b)) })
		})
	}
}

// stage is books with the commons and two households.
type stage struct {
	Books
	ann, ben ledger.AccountID
	what     ledger.Text
}

func setStage(t *testing.T, b Books) stage {
	s := stage{Books: b}
	commons := must(b.AddAccount(ledger.CommonsAccount, -100*ledger.Hour, 1000*ledger.Hour))(t)
	s.ann = must(b.AddAccount(ledger.MemberAccount, -50*ledger.Hour, 100*ledger.Hour))(t)
	s.ben = must(b.AddAccount(ledger.MemberAccount, -50*ledger.Hour, 100*ledger.Hour))(t)
	s.what = must(b.Write("moving boxes"))(t)
	if commons != ledger.Commons {
		t.Fatalf("the first account is number %d, want the commons to be %d", commons, ledger.Commons)
	}
	return s
}

// must ends the test on an error: must(f())(t).
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// trade is Ann helping Ben, proposed.
func (s stage) trade(m ledger.Minutes) ledger.Trade {
	return ledger.Trade{Giver: s.ann, Receiver: s.ben, LoggedBy: s.ann, Minutes: m, What: s.what, Version: 1,
		State: ledger.Proposed, Created: noon, Expires: noon.AddDate(0, 0, 7)}
}

func unknown(t *testing.T, s stage) {
	if _, err := s.Account(99); ledger.CodeOf(err) != ledger.UnknownAccount {
		t.Errorf("Account of a missing account: %v", err)
	}
	if _, err := s.Trade(99); ledger.CodeOf(err) != ledger.UnknownTrade {
		t.Errorf("Trade of a missing trade: %v", err)
	}
	if seq, hash, err := s.Head(); seq != 0 || hash != (ledger.Hash{}) || err != nil {
		t.Errorf("Head of empty books: %d %s %v", seq, hash, err)
	}
	if all, err := s.TransfersOf(99); len(all) != 0 || err != nil {
		t.Errorf("TransfersOf a missing trade: %v %v", all, err)
	}
}

func tradesKept(t *testing.T, s stage) {
	first := must(s.AddTrade(s.trade(60)))(t)
	second := must(s.AddTrade(s.trade(90)))(t)
	if first != 1 || second != 2 {
		t.Fatalf("numbers %d and %d, want 1 and 2", first, second)
	}
	want := s.trade(90)
	want.ID = second
	if got := must(s.Trade(second))(t); got != want {
		t.Errorf("kept %+v\nwant %+v", got, want)
	}
	want.Minutes, want.Version, want.Expires = 45, 2, noon.AddDate(0, 0, 9)
	want.GiverConfirmed, want.ReceiverConfirmed, want.Spill = true, true, true
	want.State, want.Ended = ledger.Declined, noon.Add(time.Hour)
	must(0, s.SetTrade(want))(t)
	if got := must(s.Trade(second))(t); got != want {
		t.Errorf("changed to %+v\nwant %+v", got, want)
	}
}

func reserves(t *testing.T, s stage) {
	up := s.trade(60)
	up.GiverConfirmed = true
	id := must(s.AddTrade(up))(t)
	both := s.trade(30)
	both.GiverConfirmed, both.ReceiverConfirmed = true, true
	must(s.AddTrade(both))(t)
	over := both
	over.State = ledger.Cancelled
	must(s.AddTrade(over))(t)
	must(s.AddTrade(s.trade(15)))(t)
	disputed := s.trade(50)
	disputed.State = ledger.Disputed
	disputed.ID = must(s.AddTrade(disputed))(t)
	disputed.Held = 45
	must(0, s.SetTrade(disputed))(t)
	for _, c := range []struct {
		who    ledger.AccountID
		except ledger.TradeID
		want   ledger.Reserved
	}{
		{s.ann, 0, ledger.Reserved{Up: 90, Held: 45}},
		{s.ann, id, ledger.Reserved{Up: 30, Held: 45}},
		{s.ben, 0, ledger.Reserved{Down: 30}},
		{ledger.Commons, 0, ledger.Reserved{}},
	} {
		if got := must(s.Reserved(c.who, c.except))(t); got != c.want {
			t.Errorf("Reserved(%d, %d) = %+v, want %+v", c.who, c.except, got, c.want)
		}
	}
}

func due(t *testing.T, s stage) {
	soon, late, over := s.trade(1), s.trade(2), s.trade(3)
	soon.Expires, late.Expires, over.Expires = noon, noon.Add(2*time.Second), noon
	over.State = ledger.Declined
	for _, tr := range []ledger.Trade{late, soon, over, soon} {
		must(s.AddTrade(tr))(t)
	}
	for at, want := range map[time.Duration][]ledger.TradeID{-time.Second: nil, 0: {2, 4}, 2 * time.Second: {1, 2, 4}} {
		var got []ledger.TradeID
		for _, tr := range must(s.DueTrades(noon.Add(at)))(t) {
			got = append(got, tr.ID)
		}
		if len(got) != len(want) {
			t.Errorf("due at %s: %v, want %v", at, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("due at %s: %v, want %v", at, got, want)
			}
		}
	}
}

// post seals a transfer after the newest and appends it.
func (s stage) post(t *testing.T, tr ledger.Transfer) ledger.Transfer {
	t.Helper()
	seq, head, err := s.Head()
	if err != nil {
		t.Fatal(err)
	}
	tr.Seq, tr.At, tr.What = seq+1, noon, s.what
	tr.Hash = tr.Seal(head)
	must(0, s.Append(tr))(t)
	return tr
}

func moves(t *testing.T, s stage) {
	tr := s.post(t, ledger.Transfer{From: s.ben, To: s.ann, Minutes: 90, Kind: ledger.OfGift})
	s.post(t, ledger.Transfer{From: s.ann, To: s.ben, Minutes: 90, Kind: ledger.OfReversal, Reverses: tr.Seq})
	last := s.post(t, ledger.Transfer{From: s.ben, To: ledger.Commons, Minutes: 30, Kind: ledger.OfGift})
	for id, want := range map[ledger.AccountID]ledger.Minutes{s.ann: 0, s.ben: -30, ledger.Commons: 30} {
		if a := must(s.Account(id))(t); a.Balance != want {
			t.Errorf("account %d stands at %s, want %s", id, a.Balance, want)
		}
	}
	if seq, head, err := s.Head(); seq != last.Seq || head != last.Hash || err != nil {
		t.Errorf("Head is %d %s %v, want %d %s", seq, head, err, last.Seq, last.Hash)
	}
}

func transfersOfTrade(t *testing.T, s stage) {
	id := must(s.AddTrade(s.trade(60)))(t)
	want := []ledger.Transfer{s.post(t, ledger.Transfer{From: s.ben, To: s.ann, Minutes: 40, Kind: ledger.OfTrade, Trade: id})}
	s.post(t, ledger.Transfer{From: s.ben, To: s.ann, Minutes: 5, Kind: ledger.OfGift})
	want = append(want,
		s.post(t, ledger.Transfer{From: s.ben, To: ledger.Commons, Minutes: 20, Kind: ledger.OfGift, Trade: id}),
		s.post(t, ledger.Transfer{From: s.ann, To: s.ben, Minutes: 40, Kind: ledger.OfReversal, Trade: id, Reverses: want[0].Seq}))
	got := must(s.TransfersOf(id))(t)
	if len(got) != len(want) {
		t.Fatalf("%d transfers, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("transfer %d is %+v\nwant %+v", i, got[i], want[i])
		}
	}
}
