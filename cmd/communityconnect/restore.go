package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"time"

	"communityconnect/storage"
)

// restore makes a database of a backup, at a place where there is none.
func restore(c call) error {
	flags := flag.NewFlagSet("restore", flag.ContinueOnError)
	from := flags.String("from", "", "")
	to := flags.String("to", "", "")
	keys := flags.String("identity", "", "")
	if err := parse(flags, c.args); err != nil {
		return err
	}
	switch {
	case *from == "":
		return usagef("restore needs --from BACKUP, one of the files that backup made")
	case *to == "":
		return usagef("restore needs --to FILE, where the database is to be; the config's database is where the bot looks for it")
	}
	o := storage.RestoreOptions{From: *from, To: *to, Now: time.Now()}
	if *keys != "" {
		if err := readIdentities(*keys, &o); err != nil {
			return err
		}
	}
	r, err := storage.Restore(o)
	if err != nil {
		return restoreError(*from, *to, *keys, err)
	}
	return printRestored(c, *to, r)
}

func readIdentities(path string, o *storage.RestoreOptions) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no such file; --identity is the file that age-keygen wrote, with the secret key in it", path)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if o.Identities, err = storage.ReadIdentities(f); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// restoreError says which of the files an error is about.
func restoreError(from, to, keys string, err error) error {
	switch {
	case errors.Is(err, storage.ErrExists):
		return err // it names the file
	case errors.Is(err, storage.ErrLocked), errors.Is(err, storage.ErrNoRoom), errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: %w", to, err)
	case errors.Is(err, storage.ErrIdentity):
		return fmt.Errorf("%s: none of the secret keys in %s opens it; it was encrypted to others", from, keys)
	case errors.Is(err, storage.ErrForeign):
		return fmt.Errorf("%s: it is neither a backup nor a community's database", from)
	}
	return fmt.Errorf("%s: %w", from, err)
}

func printRestored(c call, to string, r storage.Restored) error {
	text := fmt.Sprintf("restored: %s\nas of: %s, %s ago; what came after is not in it\nsum: %s\naccounts: %d\ntransfers: %d\nhead: %s\nmessages put aside: %d\nquestions put aside: %d\n",
		to, r.AsOf.Format(time.RFC3339), ageOf(r.Age), r.Report.Sum.Signed(), r.Report.Accounts, r.Report.Transfers, r.Report.Head, r.Messages, r.Questions)
	if !r.Checked {
		text += "note: there was no digest beside the backup to hold it against; the audit is fine all the same\n"
	}
	text += "When the bot is started on it, it tells the group as of when it is back, and asks what came after.\n"
	_, err := fmt.Fprint(c.out, text)
	return err
}

// ageOf prints how long ago something was, in the unit that matters.
func ageOf(d time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "days"}, {time.Hour, "hours"}, {time.Minute, "minutes"}} {
		if d >= 2*unit.length {
			return fmt.Sprintf("%d %s", d/unit.length, unit.name)
		}
	}
	return fmt.Sprintf("%d seconds", d/time.Second)
}
