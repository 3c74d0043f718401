package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	_ "time/tzdata" // for machines without a list of time zones
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitFine  = 0
	exitWrong = 1 // it ran and something is wrong
	exitWords = 2 // the words of the call are wrong
)

// call is what a verb is given.
type call struct {
	ctx  context.Context
	args []string // after the verb
	in   io.Reader
	out  io.Writer
	log  io.Writer // standard error
}

// verb is one thing the program does.
type verb struct {
	name  string
	takes string // the flags, as the help shows them
	brief string
	do    func(call) error
}

// verbs lists what the program does, in the order of the help.
func verbs() []verb {
	return []verb{
		{"demo", "[--db FILE] [--fast]", "play a week in the life with the real bot, then try it yourself", demo},
		{"setup", setupFlags, "find Signal and the groups, and write the config", setup},
		{"run", "--config FILE [--log-level LEVEL] [--metrics HOST:PORT]", "be the bot, until SIGTERM", runBot},
		{"check", "--config FILE", "look whether everything is as the bot needs it, one line each", check},
		{"challenge", "--config FILE --captcha LINK [--token TOKEN]", "answer the captcha that Signal asks for", challenge},
		{"audit", "--db FILE [--head HASH]", "recompute every promise of the books from their transfers", audit},
		{"export", "--db FILE [--format json|csv|hledger]", "write the books to standard output", export},
		{"backup", "--config FILE", "make a verified copy, beside a running bot", backup},
		{"restore", "--from BACKUP --to FILE [--identity KEYFILE]", "make a database of a backup; never overwrites one", restore},
		{"understand", "[--amounts]", "say what messages mean, in and out as JSON lines", func(c call) error { return understand(c.args, c.in, c.out) }},
		{"match", "--posts FILE --queries FILE", "rank the posts that answer each query, both as JSON lines", func(c call) error { return match(c.args, c.out) }},
		{"version", "", "say which version this is", version},
	}
}

// run does what args ask for and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	if len(args) == 0 || isHelp(args[0]) {
		return report(errOut, help(out))
	}
	for _, v := range verbs() {
		if v.name != args[0] {
			continue
		}
		err := v.do(call{ctx: ctx, args: args[1:], in: in, out: out, log: errOut})
		if errors.Is(err, flag.ErrHelp) {
			_, err = fmt.Fprintf(out, "%s\n\n%s\n", strings.TrimSpace("communityconnect "+v.name+" "+v.takes), v.brief)
		}
		return report(errOut, err)
	}
	return report(errOut, usagef("there is no verb %q; call communityconnect without arguments to see them all", args[0]))
}

// report says what went wrong and returns the exit code that goes with it.
func report(errOut io.Writer, err error) int {
	if err == nil {
		return exitFine
	}
	fmt.Fprintln(errOut, "communityconnect:", err)
	if errors.As(err, new(usageError)) {
		return exitWords
	}
	return exitWrong
}

func isHelp(word string) bool {
	return word == "help" || word == "-h" || word == "-help" || word == "--help"
}

func help(out io.Writer) error {
	text := "Community Connect keeps the board and the time credits of a neighbourhood's Signal group.\n\n"
	for _, v := range verbs() {
		text += fmt.Sprintf("  %-11s %s\n", v.name, v.brief)
	}
	text += "\ncommunityconnect VERB --help shows what a verb takes.\n"
	_, err := io.WriteString(out, text)
	return err
}

// usageError is a call whose words are wrong.
type usageError string

func (e usageError) Error() string { return string(e) }

func usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

// parse reads a verb's flags, and refuses what is left over.
func parse(flags *flag.FlagSet, args []string) error {
	flags.SetOutput(io.Discard) // the error says it all
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return usagef("%s: %v; see communityconnect %s --help", flags.Name(), err, flags.Name())
	case flags.NArg() > 0:
		return usagef("%s does not know what to do with %q; see communityconnect %s --help", flags.Name(), flags.Arg(0), flags.Name())
	}
	return nil
}
