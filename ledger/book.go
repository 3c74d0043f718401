package ledger

import "time"

// Book is what the rules need of the books, and nothing more. All calls of one
// operation see and change the same state, or none of it.
type Book interface {
	// Account returns an account, or an Error with UnknownAccount.
	Account(AccountID) (Account, error)
	// Reserved sums what the account has confirmed in trades still proposed, leaving one
	// out, and what is held of what it got in disputed ones.
	Reserved(a AccountID, except TradeID) (Reserved, error)

	// Trade returns a trade, or an Error with UnknownTrade.
	Trade(TradeID) (Trade, error)
	// AddTrade keeps a new trade and returns its number.
	AddTrade(Trade) (TradeID, error)
	// SetTrade keeps a trade's changed state.
	SetTrade(Trade) error
	// DueTrades returns the trades still proposed whose time is up at now.
	DueTrades(now time.Time) ([]Trade, error)

	// Head returns the newest transfer's number and hash, 0 and the zero Hash at first.
	Head() (seq int64, hash Hash, err error)
	// Append adds a sealed transfer and moves both balances.
	Append(Transfer) error
	// TransfersOf returns a trade's transfers in order, reversals too.
	TransfersOf(TradeID) ([]Transfer, error)
}
