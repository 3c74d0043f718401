// Package storage keeps one community in one SQLite file.
//
// A [DB] has two handles: one connection that writes, and a pool that only reads.
// Everything about the connections stands in the data source name, because a PRAGMA
// statement reaches only the one pooled connection that happens to run it.
//
// A transaction that returned without an error is on the disk: synchronous is FULL,
// and Open checks that it is. What the file promises to anybody who opens it with
// another tool stands in the migrations, as triggers.
//
// [DB.Backup] makes a copy that has passed the audit before it has a backup's name, beside
// whoever writes, and [Restore] makes a database of one where there is none. What a
// restored file had to say or to ask is put aside, and it remembers that the people have
// yet to hear of it ([Tx.Restored]).
//
// Caveats. Only one process writes: [Open] takes a lock beside the file. Errors of
// SQLite are values, not pointers; use [Failing] to tell a full or broken disk from a
// mistake of ours.
package storage
