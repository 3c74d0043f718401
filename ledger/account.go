package ledger

// AccountID is an account's number, from 1.
type AccountID int64
