package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal"
)

// What the council hears of troubles that a person has to see to. Nothing in it is
// technical: whoever looks after the machine finds the rest with communityconnect check.
const (
	tellChallenged = "⚠️ Signal wants proof that I'm no spammer before I may write much more. Whoever looks after my computer: communityconnect check says what to do. I hear everything, but some answers will be late."
	tellOutdated   = "⚠️ The program that connects me with Signal is too old, and messages to me may get lost. Whoever looks after my computer: please update signal-cli."
	tellNotManual  = "⚠️ I may miss messages while I'm restarted. Whoever looks after my computer: signal-cli has to be started with --receive-mode=manual."
	tellNotMember  = "⚠️ I'm no longer in the community's group. Could somebody add me again?"
)

// tellAgainAfter is how often the council hears of the same trouble at most.
const tellAgainAfter = 24 * time.Hour

// lookEvery is how often the bot looks whether a captcha has been answered.
const lookEvery = 10 * time.Second

// trouble takes a trouble of the line to the alarms.
func (w *wire) trouble(t signal.Trouble) {
	select {
	case w.troubles <- t:
	default: // the log has it
	}
}

// alarms deals with troubles until ctx ends.
func (w *wire) alarms(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	told := map[signal.TroubleKind]time.Time{}
	waiting := readChallenge(w.community.Database) != nil
	for {
		select {
		case <-ctx.Done():
			return
		case t := <-w.troubles:
			if t.Kind == signal.Challenged {
				w.challenged(t.Detail)
				waiting = true
			}
			if text := w.word(t); text != "" && w.now().Sub(told[t.Kind]) >= tellAgainAfter {
				told[t.Kind] = w.now()
				w.tellCouncil(ctx, text)
			}
		case <-tick.C:
			if waiting && readChallenge(w.community.Database) == nil {
				waiting = false
				delete(told, signal.Challenged)
				w.log.Info().Msg("the captcha was answered; what had to wait goes out")
				if err := w.engine.TryNow(ctx); err != nil {
					return
				}
			}
		}
	}
}

// word is what the council hears of a trouble; "" for nothing.
func (w *wire) word(t signal.Trouble) string {
	switch t.Kind {
	case signal.Challenged:
		return tellChallenged
	case signal.Outdated:
		return tellOutdated
	case signal.NotManual:
		return tellNotManual
	case signal.NotMember:
		if t.Group == chat.GroupID(w.community.Group) {
			return tellNotMember
		}
		w.log.Error().Msg("the bot is not in the council's group: nobody there hears of troubles")
	}
	return ""
}

func (w *wire) tellCouncil(ctx context.Context, text string) {
	if err := w.engine.Tell(ctx, chat.Conversation{Group: chat.GroupID(w.community.CouncilGroup)}, text); err != nil {
		w.log.Warn().Msg("the council could not be told")
	}
}

// pendingChallenge is a captcha that Signal wants answered. It stands in a file of its own
// beside the database, since Signal may be closed to the bot just then.
type pendingChallenge struct {
	Token string    `json:"token"`
	At    time.Time `json:"at"`
	Do    string    `json:"do"`
}

// captchaPage is where a person solves the captcha.
const captchaPage = "https://signalcaptchas.org/challenge/generate.html"

func challengePath(database string) string { return database + ".challenge" }

// challenged notes a captcha in the log and beside the database.
func (w *wire) challenged(token string) {
	path := challengePath(w.community.Database)
	w.log.Error().Str("token", token).Str("file", path).Msg("Signal wants a captcha: solve it at " + captchaPage + ", then communityconnect challenge")
	if err := writeChallenge(path, token, w.now()); err != nil {
		w.log.Error().Err(err).Msg("the captcha could not be noted beside the database")
	}
}

// writeChallenge replaces the file as a whole.
func writeChallenge(path, token string, now time.Time) error {
	body, err := json.MarshalIndent(pendingChallenge{
		Token: token, At: now.UTC().Truncate(time.Second),
		Do: fmt.Sprintf("Open %s in a browser whose traffic leaves from the network address of signal-cli's machine, solve it, copy the link behind \"Open Signal\", and call: communityconnect challenge --config FILE --token TOKEN --captcha LINK", captchaPage),
	}, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(path, append(body, '\n'))
}

// replaceFile writes a file of which nobody ever sees half, for its owner's eyes alone.
func replaceFile(path string, body []byte) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

// readChallenge returns the captcha that waits to be answered; nil if there is none.
func readChallenge(database string) *pendingChallenge {
	body, err := os.ReadFile(challengePath(database))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	c := &pendingChallenge{}
	if err != nil || json.Unmarshal(body, c) != nil {
		return &pendingChallenge{} // there is one, but it says nothing
	}
	return c
}
