package main

import (
	"context"
	"maps"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/community"
	"communityconnect/storage"
)

// How often the bot looks around: at what it knows by itself, at a captcha that waits for
// its answer, and at the disks. What the line tells by itself is looked at at once.
const (
	lookEvery    = 30 * time.Second
	captchaEvery = 10 * time.Second
	disksEvery   = 15 * time.Minute
)

// trouble takes a trouble of the line to the alarms.
func (w *wire) trouble(t signal.Trouble) {
	select {
	case w.troubles <- t:
	default: // the log has it
	}
}

// alarms looks around until ctx ends, and hands the engine what has changed.
func (w *wire) alarms(ctx context.Context) {
	tick := time.NewTimer(lookEvery)
	defer tick.Stop()
	known := map[community.AlarmKind]bool{}
	disks := time.Time{}
	for {
		found := w.signs()
		if now := w.now(); now.Sub(disks) >= disksEvery {
			disks = now
			maps.Copy(found, w.diskSigns(known[community.DiskFull]))
		}
		if err := w.observe(ctx, known, found); err != nil {
			return
		}
		pause := lookEvery
		if known[community.Captcha] {
			pause = captchaEvery
		}
		tick.Reset(pause)
		select {
		case <-ctx.Done():
			return
		case t := <-w.troubles:
			switch {
			case t.Kind == signal.Challenged:
				w.challenged(t.Detail)
			case t.Kind == signal.NotMember && t.Group == chat.GroupID(w.community.CouncilGroup):
				w.log.Error().Msg("the bot is not in the council's group: nobody there hears of troubles")
			}
		case <-tick.C:
		}
	}
}

// observe hands on what is not yet known.
func (w *wire) observe(ctx context.Context, known map[community.AlarmKind]bool, found community.Signs) error {
	answered := known[community.Captcha] && !found[community.Captcha].Wrong
	maps.DeleteFunc(found, func(kind community.AlarmKind, sign community.Sign) bool {
		wrong, looked := known[kind]
		return looked && wrong == sign.Wrong
	})
	if len(found) == 0 {
		return nil
	}
	if err := w.engine.Observe(ctx, found); err != nil {
		return err
	}
	for kind, sign := range found {
		known[kind] = sign.Wrong
	}
	if !answered {
		return nil
	}
	w.log.Info().Msg("the captcha was answered; what had to wait goes out")
	return w.engine.TryNow(ctx)
}

// signs are what the line shows. After a start there is much that it can't know yet.
func (w *wire) signs() community.Signs {
	now, m := w.now(), w.line.Metrics()
	found := community.Signs{community.Captcha: {Wrong: readChallenge(w.community.Database) != nil}}
	if absent, known := w.line.Absent(chat.GroupID(w.community.Group)); known {
		found[community.NotInGroup] = community.Sign{Wrong: absent}
	}
	away := w.awaySince()
	if sign := community.AwaySign(away, now); sign.Wrong || away.IsZero() {
		found[community.SignalAway] = sign
	}
	if m.Version != "" {
		found[community.SignalOld] = community.Sign{Wrong: signal.TooOld(m.Version)}
	}
	if m.Received > 0 {
		found[community.SignalMode] = community.Sign{Wrong: m.Automatic}
	}
	if online := w.onlineSince(); !online.IsZero() {
		heard := m.LastEnvelope.After(online)
		if heard {
			online = m.LastEnvelope
		}
		if sign := community.SilentSign(online, now); sign.Wrong || heard {
			found[community.SignalSilent] = sign
		}
	}
	return found
}

// diskSigns are what the disks show; what can't be looked at shows nothing.
func (w *wire) diskSigns(full bool) community.Signs {
	found := community.Signs{}
	if free, size, err := storage.RoomBeside(w.community.Database); err == nil {
		sign := community.DiskSign(free, size, full)
		sign.Detail = bytesIn(int64(free))
		found[community.DiskFull] = sign
	}
	last, good, err := storage.LastBackup(w.conf.Backup.Directory, w.community.Database, w.now())
	if err != nil {
		w.log.Error().Err(err).Msg("the backups can't be looked at")
	}
	var since time.Time
	if !good {
		if since, err = w.backedUp(err == nil); err != nil {
			return found
		}
	}
	found[community.BackupOld] = community.BackupSign(last, since, w.now())
	return found
}

// backedUp is from when the age of backups counts where none is to be seen: the founding
// where there is none, and the last time that one was made where nobody can look.
func (w *wire) backedUp(none bool) (since time.Time, err error) {
	err = w.db.View(func(tx *storage.Tx) error {
		c, _, err := tx.Community()
		since = c.Created
		if err != nil || none {
			return err
		}
		_, made, err := tx.JobDone("backup")
		if made.After(since) && !made.After(w.now()) {
			since = made
		}
		return err
	})
	return since, err
}

// awaySince is since when signal-cli can't be reached; zero while it can.
func (w *wire) awaySince() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.online {
		return time.Time{}
	}
	return w.turned
}

// onlineSince is since when messages can come; zero while they can't.
func (w *wire) onlineSince() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.online {
		return time.Time{}
	}
	return w.turned
}

// turn notes that signal-cli has come or gone.
func (w *wire) turn(online bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.online != online || w.turned.IsZero() {
		w.online, w.turned = online, w.now()
	}
}
