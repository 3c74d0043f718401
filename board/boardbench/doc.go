// Package boardbench compares the board's index with SQLite's full text search on the same
// posts. It holds benchmarks only; the comparison needs the build tag sqlite_fts5.
package boardbench
