package ledger_test

import (
	"testing"
	"time"

	. "communityconnect/ledger"
	"communityconnect/ledger/booktest"
)

// noon is when the stories begin.
var noon = time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC)

// stage is books with the commons and three households of -10h to +20h.
type stage struct {
	*booktest.Model
	t              *testing.T
	ann, ben, cleo AccountID
	what, why      Text
}

func newStage(t *testing.T) stage {
	t.Helper()
	s := stage{Model: booktest.New(), t: t}
	s.account(CommonsAccount, -100*Hour, 1000*Hour)
	s.ann, s.ben, s.cleo = s.account(MemberAccount, -10*Hour, 20*Hour), s.account(MemberAccount, -10*Hour, 20*Hour), s.account(MemberAccount, -10*Hour, 20*Hour)
	s.what, s.why = s.text("moving boxes"), s.text("it was only an hour")
	return s
}

func (s stage) account(k AccountKind, floor, ceiling Minutes) AccountID {
	id, err := s.AddAccount(k, floor, ceiling)
	s.fine(err)
	return id
}

func (s stage) text(body string) Text {
	text, err := s.Write(body)
	s.fine(err)
	return text
}

func (s stage) fine(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// refused ends the test unless err is a refusal with that code.
func (s stage) refused(err error, want Code) {
	s.t.Helper()
	if CodeOf(err) != want || want == "" {
		s.t.Fatalf("got %v, want %s", err, want)
	}
}

// propose opens a trade that Ann logs: she helped Ben. Nobody has confirmed.
func (s stage) propose(m Minutes) Trade {
	s.t.Helper()
	return s.between(s.ann, s.ben, s.ann, m, false)
}

func (s stage) between(giver, receiver, by AccountID, m Minutes, consent bool) Trade {
	s.t.Helper()
	t, err := Propose(s, Trade{Giver: giver, Receiver: receiver, LoggedBy: by, Minutes: m, What: s.what, Created: noon, Expires: noon.AddDate(0, 0, 7)}, consent)
	s.fine(err)
	return t
}

// confirm is one side's yes to the present amount.
func (s stage) confirm(t Trade, side AccountID) Trade {
	s.t.Helper()
	t, err := Confirm(s, t.ID, side, s.trade(t.ID).Version, noon)
	s.fine(err)
	return t
}

// done is a trade that both sides have confirmed.
func (s stage) done(giver, receiver AccountID, m Minutes) Trade {
	s.t.Helper()
	t := s.between(giver, receiver, giver, m, true)
	return s.confirm(t, receiver)
}

func (s stage) trade(id TradeID) Trade {
	s.t.Helper()
	t, err := s.Trade(id)
	s.fine(err)
	return t
}

func (s stage) balances(ann, ben, cleo, commons Minutes) {
	s.t.Helper()
	for id, want := range map[AccountID]Minutes{s.ann: ann, s.ben: ben, s.cleo: cleo, Commons: commons} {
		a, err := s.Account(id)
		s.fine(err)
		if a.Balance != want {
			s.t.Errorf("account %d stands at %s, want %s", id, a.Balance.Signed(), want.Signed())
		}
	}
	if r := s.Audit(); !r.OK() {
		s.t.Errorf("audit: %v", r.Faults)
	}
}
