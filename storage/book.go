package storage

import (
	"time"

	"communityconnect/ledger"
)

var _ ledger.Book = (*Tx)(nil)

// AddAccount opens an account with a balance of 0.
func (tx *Tx) AddAccount(kind ledger.AccountKind, floor, ceiling ledger.Minutes) (ledger.AccountID, error) {
	id, err := tx.insert("INSERT INTO account (kind, floor, ceiling) VALUES (?, ?, ?)", string(kind), int64(floor), int64(ceiling))
	return ledger.AccountID(id), err
}

const accountColumns = "id, kind, balance, floor, ceiling"

func readAccount(s scanner) (a ledger.Account, err error) {
	err = s.Scan(&a.ID, &a.Kind, &a.Balance, &a.Floor, &a.Ceiling)
	return a, err
}

// Account implements ledger.Book.
func (tx *Tx) Account(id ledger.AccountID) (a ledger.Account, err error) {
	found, err := tx.row("SELECT "+accountColumns+" FROM account WHERE id = ?", []any{int64(id)},
		&a.ID, &a.Kind, &a.Balance, &a.Floor, &a.Ceiling)
	if err == nil && !found {
		err = &ledger.Error{Code: ledger.UnknownAccount, Account: id}
	}
	return a, err
}

// Accounts returns all accounts in order.
func (tx *Tx) Accounts() ([]ledger.Account, error) {
	return list(tx, readAccount, "SELECT "+accountColumns+" FROM account ORDER BY id")
}

// Sum adds up all balances, the commons' too: it is 0, or the books are broken.
func (tx *Tx) Sum() (sum ledger.Minutes, err error) {
	_, err = tx.row("SELECT coalesce(sum(balance), 0) FROM account", nil, &sum)
	return sum, err
}

// SetLimits changes an account's floor and ceiling. With own they were set for this
// account alone and survive a change of policy.
func (tx *Tx) SetLimits(id ledger.AccountID, floor, ceiling ledger.Minutes, own bool) error {
	return tx.exec("UPDATE account SET floor = ?, ceiling = ?, own_limits = ? WHERE id = ?", int64(floor), int64(ceiling), own, int64(id))
}

// OwnLimits reports whether the account's limits were set for it alone.
func (tx *Tx) OwnLimits(id ledger.AccountID) (own bool, err error) {
	_, err = tx.row("SELECT own_limits FROM account WHERE id = ?", []any{int64(id)}, &own)
	return own, err
}

// Reserved implements ledger.Book.
func (tx *Tx) Reserved(a ledger.AccountID, except ledger.TradeID) (r ledger.Reserved, err error) {
	_, err = tx.row(`SELECT
		(SELECT coalesce(sum(minutes), 0) FROM trade WHERE receiver = ?1 AND state = 'proposed' AND receiver_confirmed AND id <> ?2),
		(SELECT coalesce(sum(minutes), 0) FROM trade WHERE giver = ?1 AND state = 'proposed' AND giver_confirmed AND id <> ?2),
		(SELECT coalesce(sum(held), 0) FROM trade WHERE giver = ?1 AND held > 0)`,
		[]any{int64(a), int64(except)}, &r.Down, &r.Up, &r.Held)
	return r, err
}

// Write keeps a text with a salt of its own.
func (tx *Tx) Write(body string) (ledger.Text, error) {
	salt := make([]byte, 16)
	tx.random(salt)
	id, err := tx.insert("INSERT INTO text (salt, body) VALUES (?, ?)", salt, body)
	return ledger.Text{ID: id, Digest: ledger.DigestText(salt, body), Body: body}, err
}

// Erase takes a text's body and salt away for good. Its digest stays in the chain.
func (tx *Tx) Erase(text int64) error {
	return tx.exec("UPDATE text SET salt = NULL, body = NULL WHERE id = ?", text)
}

const tradeColumns = `t.id, t.giver, t.receiver, t.logged_by, t.minutes, t.text, x.salt, coalesce(x.body, ''), t.version,
	t.giver_confirmed, t.receiver_confirmed, t.spill, t.held, t.state, t.created_at, t.expires_at, t.ended_at`

const tradeFrom = " FROM trade t JOIN text x ON x.id = t.text "

func readTrade(s scanner) (t ledger.Trade, err error) {
	var salt []byte
	var created, expires, ended int64
	err = s.Scan(&t.ID, &t.Giver, &t.Receiver, &t.LoggedBy, &t.Minutes, &t.What.ID, &salt, &t.What.Body, &t.Version,
		&t.GiverConfirmed, &t.ReceiverConfirmed, &t.Spill, &t.Held, &t.State, &created, &expires, &ended)
	t.What.Digest = ledger.DigestText(salt, t.What.Body)
	t.Created, t.Expires, t.Ended = fromSeconds(created), fromSeconds(expires), fromSeconds(ended)
	return t, err
}

// Trade implements ledger.Book.
func (tx *Tx) Trade(id ledger.TradeID) (ledger.Trade, error) {
	found, err := list(tx, readTrade, "SELECT "+tradeColumns+tradeFrom+"WHERE t.id = +?", int64(id))
	if err != nil {
		return ledger.Trade{}, err
	}
	if len(found) == 0 {
		return ledger.Trade{}, &ledger.Error{Code: ledger.UnknownTrade}
	}
	return found[0], nil
}

// AddTrade implements ledger.Book.
func (tx *Tx) AddTrade(t ledger.Trade) (ledger.TradeID, error) {
	id, err := tx.insert(`INSERT INTO trade (giver, receiver, logged_by, minutes, text, version, giver_confirmed, receiver_confirmed,
		spill, state, created_at, expires_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(t.Giver), int64(t.Receiver), int64(t.LoggedBy), int64(t.Minutes), t.What.ID, t.Version, t.GiverConfirmed, t.ReceiverConfirmed,
		t.Spill, string(t.State), seconds(t.Created), seconds(t.Expires), seconds(t.Ended))
	return ledger.TradeID(id), err
}

// SetTrade implements ledger.Book.
func (tx *Tx) SetTrade(t ledger.Trade) error {
	return tx.exec(`UPDATE trade SET minutes = ?, version = ?, giver_confirmed = ?, receiver_confirmed = ?, spill = ?, held = ?, state = ?,
		expires_at = ?, ended_at = ? WHERE id = ?`,
		int64(t.Minutes), t.Version, t.GiverConfirmed, t.ReceiverConfirmed, t.Spill, int64(t.Held), string(t.State), seconds(t.Expires), seconds(t.Ended), int64(t.ID))
}

// DueTrades implements ledger.Book.
func (tx *Tx) DueTrades(now time.Time) ([]ledger.Trade, error) {
	return list(tx, readTrade, "SELECT "+tradeColumns+tradeFrom+"WHERE t.state = 'proposed' AND t.expires_at <= ? ORDER BY +t.id", seconds(now))
}

// OpenTrades returns the trades of an account that are still proposed, oldest first.
func (tx *Tx) OpenTrades(a ledger.AccountID) ([]ledger.Trade, error) {
	return list(tx, readTrade, "SELECT "+tradeColumns+tradeFrom+
		"WHERE t.state = 'proposed' AND (t.giver = +?1 OR t.receiver = +?1 OR t.logged_by = +?1) ORDER BY +t.id", int64(a))
}

// latestAmong is how many of the newest trades are looked through for a household's own.
// An index would find an older one at once, and cost every trade a third of its time.
const latestAmong = 200

// LatestTrade returns the account's trade that was posted last, also where nothing of it
// reached their own account; found is false when there is none among the newest. Older
// ones are found by their transfers, see History.
func (tx *Tx) LatestTrade(a ledger.AccountID) (t ledger.Trade, found bool, err error) {
	return one(list(tx, readTrade, "SELECT "+tradeColumns+tradeFrom+`WHERE t.id > (SELECT max(id) FROM trade) - +?2
		AND t.state = 'posted' AND (t.giver = +?1 OR t.receiver = +?1) ORDER BY t.ended_at DESC, t.id DESC LIMIT 1`, int64(a), latestAmong))
}

// PostedTrades returns the newest trades in the books, newest first.
func (tx *Tx) PostedTrades(limit int) ([]ledger.Trade, error) {
	return list(tx, readTrade, "SELECT "+tradeColumns+tradeFrom+"WHERE t.state = 'posted' ORDER BY t.id DESC LIMIT ?", limit)
}

// Head implements ledger.Book.
func (tx *Tx) Head() (seq int64, hash ledger.Hash, err error) {
	var b []byte
	if _, err = tx.row("SELECT id, hash FROM transfer ORDER BY id DESC LIMIT 1", nil, &seq, &b); err != nil {
		return 0, hash, err
	}
	copy(hash[:], b)
	return seq, hash, nil
}

// Append implements ledger.Book. The file moves the balances itself.
func (tx *Tx) Append(t ledger.Transfer) error {
	return tx.exec(`INSERT INTO transfer (id, from_account, to_account, minutes, kind, trade, reverses, at, text, digest, hash)
		VALUES (?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0), ?, ?, ?, ?)`,
		t.Seq, int64(t.From), int64(t.To), int64(t.Minutes), string(t.Kind), int64(t.Trade), t.Reverses, seconds(t.At), t.What.ID, t.What.Digest[:], t.Hash[:])
}

const transferColumns = `t.id, t.from_account, t.to_account, t.minutes, t.kind, coalesce(t.trade, 0), coalesce(t.reverses, 0), t.at,
	t.text, t.digest, coalesce(x.body, ''), t.hash`

func readTransfer(s scanner) (t ledger.Transfer, err error) {
	var at int64
	var digest, hash []byte
	err = s.Scan(&t.Seq, &t.From, &t.To, &t.Minutes, &t.Kind, &t.Trade, &t.Reverses, &at, &t.What.ID, &digest, &t.What.Body, &hash)
	t.At = fromSeconds(at)
	copy(t.What.Digest[:], digest)
	copy(t.Hash[:], hash)
	return t, err
}

// TransfersOf implements ledger.Book.
func (tx *Tx) TransfersOf(id ledger.TradeID) ([]ledger.Transfer, error) {
	return list(tx, readTransfer, "SELECT "+transferColumns+" FROM transfer t JOIN text x ON x.id = t.text WHERE t.trade = +? ORDER BY t.id", int64(id))
}

// History returns an account's newest transfers, newest first, at most limit. It costs
// the same for a busy account as for a quiet one: two lists of numbers, each off its own
// index, are merged (one condition with OR would walk the whole table), and only what is
// in the result is read.
func (tx *Tx) History(a ledger.AccountID, limit int) ([]ledger.Transfer, error) {
	return list(tx, readTransfer, newest("from_account = +?1", "to_account = +?1", "+?2"), int64(a), limit)
}

// HistoryWith returns the newest transfers between two accounts, newest first.
func (tx *Tx) HistoryWith(a, other ledger.AccountID, limit int) ([]ledger.Transfer, error) {
	return list(tx, readTransfer, newest("from_account = +?1 AND to_account = +?2", "from_account = +?2 AND to_account = +?1", "+?3"), int64(a), int64(other), limit)
}

// newest is the query for the newest transfers that fit one of two conditions.
func newest(one, other, limit string) string {
	return `SELECT ` + transferColumns + ` FROM (
			SELECT id FROM (SELECT id FROM transfer WHERE ` + one + ` ORDER BY id DESC LIMIT ` + limit + `)
			UNION ALL
			SELECT id FROM (SELECT id FROM transfer WHERE ` + other + ` ORDER BY id DESC LIMIT ` + limit + `)
			ORDER BY id DESC LIMIT ` + limit + `
		) n JOIN transfer t ON t.id = n.id JOIN text x ON x.id = t.text ORDER BY n.id DESC`
}
