package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

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
