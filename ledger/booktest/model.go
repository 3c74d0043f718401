package booktest

import (
	"encoding/binary"
	"slices"
	"time"

	"communityconnect/ledger"
)

// Books is what the suite needs beyond a ledger.Book to set the stage.
type Books interface {
	ledger.Book
	AddAccount(kind ledger.AccountKind, floor, ceiling ledger.Minutes) (ledger.AccountID, error)
	SetLimits(id ledger.AccountID, floor, ceiling ledger.Minutes, own bool) error
	Write(body string) (ledger.Text, error)
}

// Model keeps books in maps and slices. It trusts its caller as the file does not: what
// it refuses is only what it can't do.
type Model struct {
	accounts  map[ledger.AccountID]ledger.Account
	trades    map[ledger.TradeID]ledger.Trade
	transfers []ledger.Transfer
	texts     int64
}

var _ Books = (*Model)(nil)

// New returns empty books.
func New() *Model {
	return &Model{accounts: map[ledger.AccountID]ledger.Account{}, trades: map[ledger.TradeID]ledger.Trade{}}
}

// Clone returns a copy, to go back to when an operation fails.
func (m *Model) Clone() *Model {
	c := New()
	for id, a := range m.accounts {
		c.accounts[id] = a
	}
	for id, t := range m.trades {
		c.trades[id] = t
	}
	c.transfers, c.texts = slices.Clone(m.transfers), m.texts
	return c
}

// AddAccount implements Books.
func (m *Model) AddAccount(kind ledger.AccountKind, floor, ceiling ledger.Minutes) (ledger.AccountID, error) {
	id := ledger.AccountID(len(m.accounts) + 1)
	m.accounts[id] = ledger.Account{ID: id, Kind: kind, Floor: floor, Ceiling: ceiling}
	return id, nil
}

// SetLimits implements Books.
func (m *Model) SetLimits(id ledger.AccountID, floor, ceiling ledger.Minutes, _ bool) error {
	a := m.accounts[id]
	a.Floor, a.Ceiling = floor, ceiling
	m.accounts[id] = a
	return nil
}

// Write implements Books.
func (m *Model) Write(body string) (ledger.Text, error) {
	m.texts++
	return ledger.Text{ID: m.texts, Digest: ledger.DigestText(Salt(m.texts), body), Body: body}, nil
}

// Salt is the salt of a model's text: as long as a file's, and no secret.
func Salt(text int64) []byte { return binary.BigEndian.AppendUint64(make([]byte, 8), uint64(text)) }

// Account implements ledger.Book.
func (m *Model) Account(id ledger.AccountID) (ledger.Account, error) {
	a, ok := m.accounts[id]
	if !ok {
		return a, &ledger.Error{Code: ledger.UnknownAccount, Account: id}
	}
	return a, nil
}

// Accounts returns all accounts in order.
func (m *Model) Accounts() []ledger.Account {
	var all []ledger.Account
	for id := ledger.AccountID(1); int(id) <= len(m.accounts); id++ {
		all = append(all, m.accounts[id])
	}
	return all
}

// Reserved implements ledger.Book.
func (m *Model) Reserved(a ledger.AccountID, except ledger.TradeID) (r ledger.Reserved, err error) {
	for _, t := range m.trades {
		if t.Giver == a {
			r.Held += t.Held
		}
		if t.State != ledger.Proposed || t.ID == except {
			continue
		}
		if t.Receiver == a && t.ReceiverConfirmed {
			r.Down += t.Minutes
		}
		if t.Giver == a && t.GiverConfirmed {
			r.Up += t.Minutes
		}
	}
	return r, nil
}

// Trade implements ledger.Book.
func (m *Model) Trade(id ledger.TradeID) (ledger.Trade, error) {
	t, ok := m.trades[id]
	if !ok {
		return t, &ledger.Error{Code: ledger.UnknownTrade}
	}
	return t, nil
}

// AddTrade implements ledger.Book.
func (m *Model) AddTrade(t ledger.Trade) (ledger.TradeID, error) {
	t.ID = ledger.TradeID(len(m.trades) + 1)
	m.trades[t.ID] = t
	return t.ID, nil
}

// SetTrade implements ledger.Book.
func (m *Model) SetTrade(t ledger.Trade) error {
	m.trades[t.ID] = t
	return nil
}

// DueTrades implements ledger.Book.
func (m *Model) DueTrades(now time.Time) ([]ledger.Trade, error) {
	var due []ledger.Trade
	for id := ledger.TradeID(1); int(id) <= len(m.trades); id++ {
		if t := m.trades[id]; t.State == ledger.Proposed && !t.Expires.After(now) {
			due = append(due, t)
		}
	}
	return due, nil
}

// Head implements ledger.Book.
func (m *Model) Head() (int64, ledger.Hash, error) {
	if len(m.transfers) == 0 {
		return 0, ledger.Hash{}, nil
	}
	last := m.transfers[len(m.transfers)-1]
	return last.Seq, last.Hash, nil
}

// Append implements ledger.Book.
func (m *Model) Append(t ledger.Transfer) error {
	from, err := m.Account(t.From)
	if err != nil {
		return err
	}
	to, err := m.Account(t.To)
	if err != nil {
		return err
	}
	from.Balance -= t.Minutes
	to.Balance += t.Minutes
	m.accounts[t.From], m.accounts[t.To] = from, to
	m.transfers = append(m.transfers, t)
	return nil
}

// Transfers returns all transfers in order.
func (m *Model) Transfers() []ledger.Transfer { return m.transfers }

// TransfersOf implements ledger.Book.
func (m *Model) TransfersOf(id ledger.TradeID) ([]ledger.Transfer, error) {
	var all []ledger.Transfer
	for _, t := range m.transfers {
		if t.Trade == id {
			all = append(all, t)
		}
	}
	return all, nil
}

// Audit recomputes the model's books.
func (m *Model) Audit() ledger.Report {
	a := ledger.NewAuditor(0, ledger.Hash{})
	for i := range m.transfers {
		t := &m.transfers[i]
		var original *ledger.Transfer
		if t.Reverses > 0 && t.Reverses <= int64(len(m.transfers)) {
			original = &m.transfers[t.Reverses-1]
		}
		a.Add(t, original)
	}
	var sum ledger.Minutes
	for _, acc := range m.Accounts() {
		a.Compare(acc)
		sum += acc.Balance
	}
	for _, t := range m.trades {
		a.CompareTrade(t)
	}
	return a.Report(int64(len(m.accounts)), sum)
}
