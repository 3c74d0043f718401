package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode"

	"communityconnect/ledger"
)

// writeJournal writes the transfers as a journal of plain text accounting, in the part
// of the format that hledger and ledger share. Amounts are in a commodity "min",
// because most minutes are no decimal fraction of an hour; the sums stay exact.
func writeJournal(out io.Writer, b books) error {
	_, err := fmt.Fprintf(out, "; The books of %s, written by communityconnect at %s.\n; 60 min are one credit: one hour of help.\n",
		plain(b.name), b.now.Format("2006-01-02 15:04:05 UTC"))
	if err != nil {
		return err
	}
	accounts := make(map[ledger.AccountID]string, len(b.holders))
	for _, h := range b.holders {
		accounts[h.ID] = journalAccount(h)
	}
	for r, err := range b.tx.EveryTransfer() {
		if err != nil {
			return err
		}
		t := r.Value
		what := cmp.Or(plain(t.What.Body), "no words")
		if r.Erased {
			what = "erased"
		}
		if _, err := fmt.Fprintf(out, "\n%s (%d) %s\n%s    %s  %d min\n    %s  %d min\n", t.At.Format("2006-01-02"), t.Seq, what,
			journalTags(t), accounts[t.From], -t.Minutes, accounts[t.To], t.Minutes); err != nil {
			return err
		}
	}
	return nil
}

// journalTags puts what the format has no place for into tags, one a line.
func journalTags(t ledger.Transfer) string {
	tags := fmt.Sprintf("    ; kind: %s\n", t.Kind)
	if t.Trade != 0 {
		tags += fmt.Sprintf("    ; trade: %d\n", t.Trade)
	}
	if t.Reverses != 0 {
		tags += fmt.Sprintf("    ; reverses: %d\n", t.Reverses)
	}
	return tags + fmt.Sprintf("    ; hash: %s\n", t.Hash)
}

// journalAccount names an account so that no two share a name and no sign in it means
// something to the format: the number comes first, and the colon is the format's own.
func journalAccount(h holder) string {
	if h.Kind == ledger.CommonsAccount {
		return "commons"
	}
	return strings.TrimSpace(fmt.Sprintf("members:%d %s", h.ID, plain(strings.ReplaceAll(h.name, ":", " "))))
}

// plain makes words fit for a line of a journal: one line, single spaces (two end an
// account's name), and none of the signs that begin a comment or part a description.
func plain(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(";|", r):
			return ','
		case unicode.IsControl(r) || unicode.IsSpace(r) || !unicode.IsGraphic(r):
			return ' '
		}
		return r
	}, s)), " ")
}
