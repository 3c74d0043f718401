package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/rs/zerolog"

	"communityconnect/chat/signal"
)

// challenge submits the answer to a captcha that Signal asked for. The running bot
// notices by itself.
func challenge(c call) error {
	flags := flag.NewFlagSet("challenge", flag.ContinueOnError)
	path := flags.String("config", "", "")
	token := flags.String("token", "", "")
	captcha := flags.String("captcha", "", "")
	if err := parse(flags, c.args); err != nil {
		return err
	}
	if !strings.HasPrefix(*captcha, "signalcaptcha://") {
		return usagef("challenge needs --captcha LINK, the link behind \"Open Signal\" at %s; it begins with signalcaptcha://", captchaPage)
	}
	conf, err := readConfig(flags.Name(), *path)
	if err != nil {
		return err
	}
	community, err := only(conf)
	if err != nil {
		return err
	}
	if *token == "" {
		if waiting := readChallenge(community.Database); waiting != nil {
			*token = waiting.Token
		}
	}
	if *token == "" {
		return usagef("challenge needs --token TOKEN: none waits in %s; the log of the bot has it", challengePath(community.Database))
	}
	client, err := signal.Dial(c.ctx, signalOptions(conf, zerolog.Nop()))
	if err != nil {
		return fmt.Errorf("signal-cli can't be reached: %w", err)
	}
	defer client.Close()
	if err := submit(c.ctx, client, community.Database, *token, *captcha); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, "Signal has taken the answer; what had to wait goes out within a minute.")
	return err
}

// submit answers a captcha and removes the note of it.
func submit(ctx context.Context, client *signal.Client, database, token, captcha string) error {
	if err := client.SubmitChallenge(ctx, token, captcha); err != nil {
		return err
	}
	if err := os.Remove(challengePath(database)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
