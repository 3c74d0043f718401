package main

import (
	"flag"
	"fmt"

	"communityconnect/ledger"
	"communityconnect/storage"
)

// audit recomputes the books and prints what they add up to. It may run beside a bot.
func audit(c call) error {
	flags := flag.NewFlagSet("audit", flag.ContinueOnError)
	path := flags.String("db", "", "")
	head := flags.String("head", "", "")
	if err := parse(flags, c.args); err != nil {
		return err
	}
	var published []byte
	given := false
	flags.Visit(func(f *flag.Flag) { given = given || f.Name == "head" })
	if given { // an empty one, too: a script's variable may have been lost
		var err error
		if published, err = ledger.ParsePublished(*head); err != nil {
			return usagef("--head %s: %v, as the bot publishes it", *head, err)
		}
	}
	db, err := openDB(flags.Name(), *path)
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := db.Audit(published)
	if err != nil {
		return fmt.Errorf("%s: %w", *path, err)
	}
	if err := printReport(c, report); err != nil {
		return err
	}
	if !report.OK() {
		return fmt.Errorf("the books in %s do not hold; stop the bot, keep the file, and restore the newest backup whose audit is fine", *path)
	}
	return nil
}

func printReport(c call, r ledger.Report) error {
	text := fmt.Sprintf("sum: %s\naccounts: %d\ntransfers: %d\nhead: %s\n", r.Sum.Signed(), r.Accounts, r.Transfers, r.Head)
	for _, f := range r.Faults {
		text += fmt.Sprintf("fault: %s\n", f)
	}
	_, err := fmt.Fprint(c.out, text)
	return err
}

// openDB opens a community's file for reading; verb is for the words of the error.
func openDB(verb, path string) (*storage.DB, error) {
	if path == "" {
		return nil, usagef("%s needs --db FILE, the community's database", verb)
	}
	db, err := storage.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return db, nil
}
