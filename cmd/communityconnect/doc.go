// Communityconnect is the program: a table of verbs, each in a file of its own, and
// the wiring between the rooms. main is a shell around run, and the only place from
// which the program exits.
//
// Exit codes: 0 fine, 1 it ran and something is wrong, 2 the words of the call are
// wrong. What is wrong goes to standard error in one line that says what to do.
package main
