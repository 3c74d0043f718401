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
	"communityconnect/config"
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
	community, waiting := challengedOf(conf, *token)
	if *token == "" {
		*token = waiting
	}
	if *token == "" {
		return usagef("challenge needs --token TOKEN: none waits in %s; the log of the bot has it", challengePath(community.Database))
	}
	opts := signalOptions(conf, community, zerolog.Nop())
	client, err := signal.Dial(c.ctx, opts)
	if err != nil {
		return fmt.Errorf("signal-cli can't be reached: %w", err)
	}
	defer client.Close()
	var databases []string // of all that share the account
	for _, other := range conf.Communities {
		if signalOptions(conf, other, zerolog.Nop()).Account == opts.Account {
			databases = append(databases, other.Database)
		}
	}
	if err := submit(c.ctx, client, *token, *captcha, databases...); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, "Signal has taken the answer; what had to wait goes out within a minute.")
	return err
}

// challengedOf finds the community whose account a captcha is about: the one with that
// token, or with any, or else the first.
func challengedOf(conf config.Config, token string) (c config.Community, waiting string) {
	for _, c := range conf.Communities {
		if w := readChallenge(c.Database); w != nil && (token == "" || token == w.Token) {
			return c, w.Token
		}
	}
	return conf.Communities[0], ""
}

// submit answers a captcha and removes the notes of it.
func submit(ctx context.Context, client *signal.Client, token, captcha string, databases ...string) error {
	if err := client.SubmitChallenge(ctx, token, captcha); err != nil {
		return err
	}
	var failed []error
	for _, database := range databases {
		if err := os.Remove(challengePath(database)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}
