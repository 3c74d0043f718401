package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	ossignal "os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/term"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/config"
)

// runBot is the verb run: the bot, until it is told to stop.
func runBot(c call) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	path := flags.String("config", "", "")
	level := flags.String("log-level", "info", "")
	metrics := flags.String("metrics", "", "")
	if err := parse(flags, c.args); err != nil {
		return err
	}
	log, err := logger(c.log, *level)
	if err != nil {
		return err
	}
	if err := loopback(*metrics); err != nil {
		return err
	}
	conf, err := readConfig(flags.Name(), *path)
	if err != nil {
		return err
	}
	h, err := newHost(conf, log)
	if err != nil {
		return err
	}
	h.metrics = *metrics
	beSmall()
	ctx, stop := ossignal.NotifyContext(c.ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	return h.run(ctx)
}

// collectAt is how much the memory may grow between two collections, in percent: a quarter
// of what Go lets it by default. The bot is idle nearly all the time, on a small machine.
const collectAt = 25

// beSmall trades a little speed for memory, unless the operator has chosen by GOGC.
func beSmall() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
}

// logger writes for people on a terminal, and JSON for everything else.
func logger(w io.Writer, level string) (zerolog.Logger, error) {
	levels := map[string]zerolog.Level{"debug": zerolog.DebugLevel, "info": zerolog.InfoLevel, "warn": zerolog.WarnLevel, "error": zerolog.ErrorLevel}
	l, ok := levels[level]
	if !ok {
		return zerolog.Nop(), usagef("run: --log-level %s: there are debug, info, warn and error", level)
	}
	if f, isFile := w.(*os.File); isFile && term.IsTerminal(int(f.Fd())) {
		w = zerolog.ConsoleWriter{Out: w, TimeFormat: time.TimeOnly, NoColor: os.Getenv("NO_COLOR") != ""}
	}
	return zerolog.New(w).Level(l).With().Timestamp().Logger(), nil
}

// loopback refuses an address that others than this machine could ask. What is shown
// there is nobody's secret, but nobody else's business either.
func loopback(address string) error {
	if address == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usagef("run: --metrics %s: give an address of this machine alone, like 127.0.0.1:9464", address)
	}
	return nil
}

// readConfig reads the config; verb is for the words of the error.
func readConfig(verb, path string) (config.Config, error) {
	if path == "" {
		return config.Config{}, usagef("%s needs --config FILE; communityconnect setup --config FILE writes one", verb)
	}
	conf, err := config.Read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return conf, fmt.Errorf("there is no file %s; communityconnect setup --config %s writes one", path, path)
	case errors.As(err, new(*config.Error)):
		return conf, err
	case err != nil:
		return conf, fmt.Errorf("the config can't be read: %w", err)
	}
	return conf, nil
}

// service is the bot of one community while it runs.
type service struct {
	conf      config.Config
	community config.Community
	signal    signal.Options
	metrics   string // address; "" for none
	log       zerolog.Logger
	now       func() time.Time
	pace      bot.Pace
	sweep     time.Duration     // how often deadlines are looked at; 0 for the bot's own
	modelWay  http.RoundTripper // how to reach the language model; nil for the network

	// Where there are several communities in the process:
	host     *host
	account  *account      // the one it shares; nil if it has its own
	language *bot.Language // everybody's
	starting chan struct{} // has room for those that are just being started
}

func newService(conf config.Config, c config.Community, log zerolog.Logger) *service {
	return &service{
		conf: conf, community: c, log: log, now: time.Now, pace: bot.DefaultPace(),
		signal: signalOptions(conf, c, log, groups(c)...),
	}
}

// signalOptions say how to reach the account of a community.
func signalOptions(conf config.Config, c config.Community, log zerolog.Logger, groups ...chat.GroupID) signal.Options {
	return signal.Options{Socket: conf.Signal.Socket, Address: conf.Signal.Address, Account: cmp.Or(c.Account, conf.Signal.Account), Groups: groups, Log: log}
}

// wanted is what the community needs of signal-cli.
func wanted(c config.Community) signal.Wanted {
	return signal.Wanted{Groups: []chat.GroupID{chat.GroupID(c.Group)}, Council: []chat.GroupID{chat.GroupID(c.CouncilGroup)}}
}

// openError says what to do about a database that can't be opened for writing.
func openError(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no directory %s; make it first, for the bot's user alone", path, filepath.Dir(path))
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s: the bot may not write there; give its user the directory %s (%w)", path, filepath.Dir(path), err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// sentence joins findings to one line.
func sentence(found []signal.Finding) string {
	var texts []string
	for _, f := range found {
		texts = append(texts, f.Text)
	}
	return strings.Join(texts, "; ")
}

// patience waits longer each time, or returns the context's error.
func patience(ctx context.Context, try int) error {
	timer := time.NewTimer(min(time.Second<<min(try, 5), 30*time.Second))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
