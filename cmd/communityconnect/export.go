package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// books is one snapshot of a community, for a format to write.
type books struct {
	tx      *storage.Tx
	name    string
	now     time.Time
	holders []holder // in the order of the accounts
}

// holder is an account and whose it is.
type holder struct {
	ledger.Account
	name   string
	person string           // who they are on the line; "" for the commons and for people without a phone
	status community.Status // "" for the commons
}

// commonsName is what the account of everybody together is called.
const commonsName = "The commons"

// export writes the books in one of the formats. It may run beside a bot, and holds no
// more than one transfer at a time.
func export(c call) error {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	path := flags.String("db", "", "")
	format := flags.String("format", "json", "")
	if err := parse(flags, c.args); err != nil {
		return err
	}
	write, ok := map[string]func(io.Writer, books) error{"json": writeJSON, "csv": writeCSV, "hledger": writeJournal}[*format]
	if !ok {
		return usagef("export can't write %q; --format is json, csv or hledger", *format)
	}
	db, err := openDB(flags.Name(), *path)
	if err != nil {
		return err
	}
	defer db.Close()
	out := bufio.NewWriterSize(c.out, 64<<10)
	err = db.View(func(tx *storage.Tx) error {
		b, err := openBooks(tx, time.Now())
		if err != nil {
			return err
		}
		return write(out, b)
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("%s: the export is not complete: %w", *path, err)
	}
	return nil
}

func openBooks(tx *storage.Tx, now time.Time) (books, error) {
	c, _, err := tx.Community()
	if err != nil {
		return books{}, err
	}
	accounts, err := tx.Accounts()
	if err != nil {
		return books{}, err
	}
	members, err := tx.Members()
	if err != nil {
		return books{}, err
	}
	households := map[ledger.AccountID][]community.Member{}
	for _, m := range members {
		households[m.Account] = append(households[m.Account], m)
	}
	b := books{tx: tx, name: c.Name, now: now.UTC().Truncate(time.Second)}
	for _, a := range accounts {
		b.holders = append(b.holders, hold(a, households[a.ID]))
	}
	return b, nil
}

// hold names an account after its members: those who are still here, or else all who
// ever were. One of them, with a phone where there is one, speaks for the household.
func hold(a ledger.Account, household []community.Member) holder {
	if a.Kind == ledger.CommonsAccount {
		return holder{Account: a, name: commonsName}
	}
	var here []community.Member
	for _, m := range household {
		if m.Status != community.Former {
			here = append(here, m)
		}
	}
	if len(here) == 0 {
		here = household
	}
	h := holder{Account: a}
	var names []string
	for _, m := range here {
		names = append(names, m.Name)
		if h.status == "" || h.person == "" && m.Person != "" {
			h.status, h.person = m.Status, m.Person
		}
	}
	h.name = strings.Join(names, " & ")
	return h
}

// names returns the names of all accounts by number.
func (b books) names() map[ledger.AccountID]string {
	n := make(map[ledger.AccountID]string, len(b.holders))
	for _, h := range b.holders {
		n[h.ID] = h.name
	}
	return n
}
