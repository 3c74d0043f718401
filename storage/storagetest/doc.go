// Package storagetest makes communities' files for tests and benchmarks: small ones in
// a moment, and ones with a million transfers in well under a minute. What it writes
// goes through the same functions as the bot's own writing, so every file it makes
// passes the audit.
package storagetest
