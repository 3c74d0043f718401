//go:build !linux

package storage

// politely does long work; see the one for Linux.
func politely(work func()) { work() }
