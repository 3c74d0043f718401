package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// drillSpec is when a restore is tried: in the morning of the first of the month, when
// somebody who reads of it has the day before them.
const drillSpec = "0 10 1 * *"

// What the council hears of a drill.
const (
	tellDrilled   = "🗄️ Once a month I try whether a backup can be restored. The newest, of %s, can: %s, the books add up to zero."
	tellUntried   = "🗄️ Once a month I look after the backups. The newest, of %s, is still what was written. I can't open it, since only you have the key: please try it yourselves once a year, with communityconnect restore."
	tellNoDrill   = "⚠️ Once a month I try whether a backup can be restored, but there is none. Whoever looks after my computer: communityconnect backup says what is in its way."
	tellNoKey     = "⚠️ Once a month I try whether a backup can be restored, but the key that I was given can't be read, or doesn't open the newest. Whoever looks after my computer: see identity and recipients under [backup] in my config."
	tellNoRoom    = "⚠️ Once a month I try whether a backup can be restored, but there is no room for it on the disk. Whoever looks after my computer: please make some."
	tellBadBackup = "⚠️ I've tried whether the newest backup, of %s, can be restored, and it can't. Whoever looks after my computer: communityconnect backup makes a new one; then try restore with an older one, and look at the disk."
)

// drill tries whether the newest backup can be restored, and reports to the council.
func (w *wire) drill(ctx context.Context, due time.Time) (over bool, err error) {
	err = w.engine.Once(ctx, "drill", due, func(ctx context.Context) error {
		release, err := w.turnAtNight(ctx)
		if err != nil {
			return err
		}
		defer release()
		d, err := w.tryRestore()
		if err != nil {
			w.log.Error().Err(err).Msg("the restore drill failed")
		} else {
			w.log.Info().Dur("took", d.Took).Bool("opened", d.Opened).Msg("the restore drill succeeded")
		}
		return w.engine.Tell(ctx, chat.Conversation{Group: chat.GroupID(w.community.CouncilGroup)}, drillWords(d, err))
	})
	return err == nil, err
}

// errKey is about the identity of the config.
var errKey = errors.New("the identity under [backup] is of no use")

func (w *wire) tryRestore() (storage.Drill, error) {
	var o storage.RestoreOptions
	if path := w.conf.Backup.Identity; path != "" {
		if err := readIdentities(path, &o); err != nil {
			return storage.Drill{}, fmt.Errorf("%w: %w", errKey, err)
		}
	}
	return storage.TryRestore(w.conf.Backup.Directory, w.community.Database, o.Identities, w.now)
}

// drillWords is what the council hears of a drill.
func drillWords(d storage.Drill, err error) string {
	day := d.Of.At.Format("2 January")
	switch {
	case errors.Is(err, storage.ErrNoBackup):
		return tellNoDrill
	case errors.Is(err, errKey), errors.Is(err, storage.ErrIdentity):
		return tellNoKey
	case errors.Is(err, storage.ErrNoRoom):
		return tellNoRoom
	case err != nil:
		return fmt.Sprintf(tellBadBackup, day)
	case !d.Opened:
		return fmt.Sprintf(tellUntried, day)
	}
	entries := fmt.Sprintf("%d entries", d.Report.Transfers)
	if d.Report.Transfers == 1 {
		entries = "1 entry"
	}
	return fmt.Sprintf(tellDrilled, day, entries)
}

// backUp makes the copy of the day, and looks whether the older ones are still whole.
func (w *wire) backUp(ctx context.Context) error {
	release, err := w.turnAtNight(ctx)
	if err != nil {
		return err
	}
	defer release()
	b, err := w.db.Backup(storage.BackupOptions{
		Directory: w.conf.Backup.Directory, Recipients: w.conf.Backup.Recipients, Keep: storage.DefaultKeep(), Now: w.now(),
	})
	if b.Path != "" {
		w.log.Info().Int64("bytes", b.Size).Int("removed", len(b.Removed)).Msg("the backup of the day is made")
		if err != nil { // of older ones: another try would only make one more
			w.log.Error().Err(err).Msg("older backups stay")
			err = nil
		}
	}
	damaged, failure := storage.DamagedBackups(w.conf.Backup.Directory, w.community.Database)
	if failure == nil {
		failure = w.engine.Observe(ctx, community.Signs{community.BackupDamaged: {Wrong: len(damaged) > 0, Detail: strings.Join(damaged, ", ")}})
	}
	return errors.Join(err, failure)
}

// turnAtNight waits until no other community of the process is at work on its backups.
func (w *wire) turnAtNight(ctx context.Context) (release func(), err error) {
	if w.host == nil {
		return func() {}, nil
	}
	select {
	case w.host.nightly <- struct{}{}:
		return func() { <-w.host.nightly }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
