// Package ledger holds the rules of mutual credit: amounts, accounts, trades,
// transfers, limits, reversals and the audit.
//
// The rules are pure. They know no SQL, no chat, no clock and no log: what they
// need of the books they ask through [Book], and what time it is they are told.
//
// Two invariants hold whatever is called here in whatever order:
//
//   - The balances of one community add up to zero. A [Transfer] takes from one
//     account exactly what it gives to another, and nothing else moves a balance.
//   - No transfer but a reversal takes anybody further outside their limits.
//     Somebody who is outside already can always come back.
//
// What people wrote about a trade is not part of the chain of transfers, only a
// salted digest of it is, so that a text can be erased and the chain still verifies.
package ledger
