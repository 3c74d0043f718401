package main

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// writeCSV writes the transfers as a table for a spreadsheet. Where a text was erased
// the cell is empty.
func writeCSV(out io.Writer, b books) error {
	w := csv.NewWriter(out)
	names := b.names()
	if err := w.Write([]string{"seq", "at", "from", "from_name", "to", "to_name", "minutes", "kind", "what", "trade", "reverses", "hash"}); err != nil {
		return err
	}
	for r, err := range b.tx.EveryTransfer() {
		if err != nil {
			return err
		}
		t := r.Value
		err = w.Write([]string{
			number(t.Seq), t.At.Format(time.RFC3339), number(t.From), cell(names[t.From]), number(t.To), cell(names[t.To]),
			number(t.Minutes), string(t.Kind), cell(t.What.Body), numberOrNothing(t.Trade), numberOrNothing(t.Reverses), t.Hash.String(),
		})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// cell keeps a spreadsheet from running what a neighbour wrote: text that it would
// take for a formula gets an apostrophe in front, as OWASP's page on CSV injection
// advises. Spaces in front are looked through, because some programs drop them, and so
// are the full-width forms that some take for the same signs.
func cell(text string) string {
	bare := strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	if bare != "" && strings.ContainsAny(string([]rune(bare)[0]), "=+-@＝＋－＠") {
		return "'" + text
	}
	return text
}

func number[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

func numberOrNothing[T ~int64](n T) string {
	if n == 0 {
		return ""
	}
	return number(n)
}
