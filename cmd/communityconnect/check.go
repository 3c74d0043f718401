package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/chat/signal"
	"communityconnect/community"
	"communityconnect/config"
	"communityconnect/storage"
)

// check looks whether everything is as the bot needs it. It may run beside the bot.
func check(c call) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	path := flags.String("config", "", "")
	if err := parse(flags, c.args); err != nil {
		return err
	}
	if *path == "" {
		return usagef("check needs --config FILE; communityconnect setup --config FILE writes one")
	}
	return checkAll(c.ctx, c.out, *path)
}

// errFailed is the error of a check that has found something: the lines have said what.
var errFailed = errors.New("something is wrong; see the lines with FAIL")

// checkAtMost is how long signal-cli has for all its answers.
const checkAtMost = 2 * time.Minute

// checkAll checks everything that the config at path speaks of.
func checkAll(ctx context.Context, out io.Writer, path string) error {
	l := &findings{out: out, path: path}
	conf, err := readConfig("check", path)
	if err != nil {
		var wrong *config.Error
		if !errors.As(err, &wrong) {
			l.fail("config", "%v", err)
			return l.end()
		}
		for _, p := range wrong.Problems {
			l.fail("config", "%s", p)
		}
		return l.end()
	}
	l.ok("config", "%s", path)
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o022 != 0 {
		l.warn("config", "others may write %s: chmod 600 %s", path, path)
	}
	if _, err := newHost(conf, zerolog.Nop()); err != nil {
		l.fail("config", "%v", err)
	}
	for _, c := range conf.Communities {
		l.database(c)
	}
	l.backups(conf.Backup, conf.Communities, time.Now())
	l.signal(ctx, conf)
	l.model(ctx, conf)
	return l.end()
}

// findings are printed one line each, and counted.
type findings struct {
	out    io.Writer
	path   string // of the config
	failed bool
	err    error // of writing
}

func (l *findings) ok(what, format string, args ...any)   { l.line("ok  ", what, format, args) }
func (l *findings) warn(what, format string, args ...any) { l.line("warn", what, format, args) }

func (l *findings) fail(what, format string, args ...any) {
	l.failed = true
	l.line("FAIL", what, format, args)
}

func (l *findings) line(level, what, format string, args []any) {
	if _, err := fmt.Fprintf(l.out, "%s  %-9s  %s\n", level, what, fmt.Sprintf(format, args...)); err != nil {
		l.err = err
	}
}

func (l *findings) end() error {
	if l.err == nil && l.failed {
		return errFailed
	}
	return l.err
}

// database looks at a community's file.
func (l *findings) database(c config.Community) {
	if waiting := readChallenge(c.Database); waiting != nil {
		l.fail("captcha", "Signal wants one since %s: solve it at %s in a browser that uses the network address of signal-cli's machine, copy the link behind \"Open Signal\", then communityconnect challenge --config %s --token %s --captcha LINK",
			waiting.At.Format(time.RFC3339), captchaPage, l.path, waiting.Token)
	}
	db, err := storage.OpenReader(c.Database)
	switch {
	case errors.Is(err, storage.ErrMissing):
		l.ok("database", "%s is not there yet; run founds the community with everybody who is in its groups then", c.Database)
		return
	case err != nil:
		l.fail("database", "%s: %v", c.Database, err)
		return
	}
	defer db.Close()
	report, err := db.Audit(nil)
	switch {
	case err != nil:
		l.fail("audit", "%s: %v", c.Database, err)
	case !report.OK():
		l.fail("audit", "the books in %s do not hold, %d faults; communityconnect audit --db %s lists them", c.Database, len(report.Faults), c.Database)
	default:
		l.ok("audit", "all balances add up to zero, %d transfers, newest hash %s", report.Transfers, report.Head.Short())
	}
	if err := db.View(func(tx *storage.Tx) error { return l.contents(tx, c) }); err != nil {
		l.fail("database", "%s: %v", c.Database, err)
	}
}

// contents compares what the file says with the config, and counts what went wrong.
func (l *findings) contents(tx *storage.Tx, c config.Community) error {
	is, exists, err := tx.Community()
	if err != nil {
		return err
	}
	if !exists {
		l.ok("database", "%s is empty; run founds the community with everybody who is in its groups then", c.Database)
		return nil
	}
	members, err := tx.Members()
	if err != nil {
		return err
	}
	l.ok("database", "%s holds %q, with %d members", c.Database, is.Name, len(members))
	if is.Name != c.Name || is.Timezone != c.Timezone {
		l.warn("database", "the file says %q in %s and the config %q in %s; the file counts", is.Name, is.Timezone, c.Name, c.Timezone)
	}
	policy, err := tx.Policy()
	if err != nil {
		return err
	}
	l.policy(policy, startingPolicy(c.Policy))
	dead, err := tx.DeadMessages()
	if err != nil {
		return err
	}
	if dead > 0 {
		l.warn("inbox", "the bot failed on %d messages; their authors were told, and the log says where", dead)
	}
	if err := l.missed(tx, members, time.Now()); err != nil {
		return err
	}
	undecoded, err := tx.Undecoded()
	if err == nil && undecoded > 0 {
		l.warn("inbox", "%d lines of signal-cli were not understood in the last month; a newer communityconnect may", undecoded)
	}
	return err
}

// missedFor is how long it is worth knowing that somebody did not get a message.
const missedFor = 7 * 24 * time.Hour

// missed names those who did not get what the bot wrote to a group.
func (l *findings) missed(tx *storage.Tx, members []community.Member, now time.Time) error {
	all, err := tx.MissedSince(now.Add(-missedFor))
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, m := range members {
		names[m.Person] = m.Name
	}
	for _, m := range all {
		l.warn("missed", "%s did not get %d messages to a group, the last on %s: signal-cli says %s; if that goes on, ask them whether they have a new phone",
			cmp.Or(names[string(m.Person)], "somebody who is no member"), m.Times, m.Last.Format(time.DateOnly), m.Why)
	}
	return nil
}

// policy names the settings in which the file and the config differ, as far as the config
// has them.
func (l *findings) policy(file, conf community.Policy) {
	same := true
	for _, s := range community.Settings() {
		switch s.Name {
		case "floor", "ceiling", "newcomer_floor", "newcomer_ceiling", "vouchers":
			if s.Get(file) != s.Get(conf) {
				same = false
				l.warn("policy", "%s is %s in the community and %s in the config, which is read only once; the community's counts", s.Name, s.Get(file), s.Get(conf))
			}
		}
	}
	if same {
		l.ok("policy", "the config and the community agree")
	}
}

// signal asks signal-cli.
func (l *findings) signal(ctx context.Context, conf config.Config) {
	var accounts []signal.Options
	want := map[string]signal.Wanted{}
	for _, c := range conf.Communities {
		opts, w := signalOptions(conf, c, zerolog.Nop()), wanted(c)
		all, known := want[opts.Account]
		if !known {
			accounts = append(accounts, opts)
		}
		want[opts.Account] = signal.Wanted{Groups: append(all.Groups, w.Groups...), Council: append(all.Council, w.Council...)}
	}
	ctx, cancel := context.WithTimeout(ctx, checkAtMost)
	defer cancel()
	for _, opts := range accounts {
		l.account(ctx, opts, want[opts.Account])
	}
}

// account asks signal-cli about one account and the groups that it has to be in.
func (l *findings) account(ctx context.Context, opts signal.Options, want signal.Wanted) {
	for _, f := range signal.Check(ctx, opts, want) {
		switch {
		case f.Level == signal.Fine:
			l.ok(f.Check, "%s", f.Text)
		case f.Level == signal.Warn && f.Check != "version": // with an old one messages are lost
			l.warn(f.Check, "%s", f.Text)
		default:
			l.fail(f.Check, "%s", f.Text)
		}
	}
}
