package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"communityconnect/config"
	"communityconnect/storage"
)

// backup makes a verified copy of every community of a config. It may run beside the bot,
// and should: nothing that a neighbour does waits for it.
func backup(c call) error {
	flags := flag.NewFlagSet("backup", flag.ContinueOnError)
	path := flags.String("config", "", "")
	if err := parse(flags, c.args); err != nil {
		return err
	}
	conf, err := readConfig(flags.Name(), *path)
	if err != nil {
		return err
	}
	var failed []error
	for _, community := range conf.Communities { // one that fails keeps no other from being saved
		if err := backUp(c.out, community, conf.Backup, time.Now()); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", community.Database, err))
		}
	}
	return errors.Join(failed...)
}

func backUp(out io.Writer, community config.Community, to config.Backup, now time.Time) error {
	db, err := storage.OpenReader(community.Database)
	if errors.Is(err, storage.ErrMissing) {
		return errors.New("there is no such database yet; run founds the community")
	}
	if err != nil {
		return err
	}
	b, err := db.Backup(storage.BackupOptions{Directory: to.Directory, Recipients: to.Recipients, Keep: storage.DefaultKeep(), Now: now})
	if b.Path != "" {
		err = errors.Join(err, printBackup(out, b))
	}
	return errors.Join(err, db.Close())
}

func printBackup(out io.Writer, b storage.Backup) error {
	encrypted := "yes"
	if !b.Encrypted {
		encrypted = "no; whoever gets hold of it can read it (recipients under [backup] changes that)"
	}
	text := fmt.Sprintf("backup: %s\nas of: %s\nsize: %s\nencrypted: %s\naccounts: %d\ntransfers: %d\nhead: %s\n",
		b.Path, b.At.Format(time.RFC3339), bytesIn(b.Size), encrypted, b.Report.Accounts, b.Report.Transfers, b.Head)
	for _, name := range b.Removed {
		text += fmt.Sprintf("removed: %s\n", filepath.Join(filepath.Dir(b.Path), name))
	}
	if b.Foreign > 0 {
		text += fmt.Sprintf("left alone: %d of other books or of another future; if nobody needs them, remove them by hand\n", b.Foreign)
	}
	_, err := io.WriteString(out, text)
	return err
}

// bytesIn prints a size as people read it.
func bytesIn(n int64) string {
	const kB, MB = 1000, 1000 * 1000
	switch {
	case n < 10*kB:
		return fmt.Sprintf("%d B", n)
	case n < 10*MB:
		return fmt.Sprintf("%d kB", (n+kB/2)/kB)
	}
	return fmt.Sprintf("%d MB", (n+MB/2)/MB)
}
