// Package booktest holds what tests of the credit rules need: books kept in maps, as
// plain as can be, and a suite that any [ledger.Book] must pass. What the rules do on
// the plain books they must do on every other.
package booktest
