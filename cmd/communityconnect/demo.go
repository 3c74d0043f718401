package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/term"

	"communityconnect/bot/stage"
	"communityconnect/chat/console"
)

// storyPace is how long a message of the story stands before the next one.
const storyPace = 900 * time.Millisecond

// demo plays the week in the life on an embedded line, and then lets one speak as any
// of the neighbours.
func demo(c call) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	database := flags.String("db", "", "keep the community in this file")
	fast := flags.Bool("fast", false, "tell the story without pauses")
	if err := parse(flags, c.args); err != nil {
		return err
	}
	if *database == "" {
		dir, err := os.MkdirTemp("", "communityconnect-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		*database = filepath.Join(dir, "demo.db")
	}
	keyboard, isTerminal := terminal(c.in, c.out)
	out := &redirect{to: c.out}
	pages, err := listenForDemo()
	if err != nil {
		return err
	}
	defer pages.ln.Close()
	s, err := stage.Open(stage.Options{
		Database: *database, Out: out, Look: console.Look{Color: isTerminal && os.Getenv("NO_COLOR") == ""},
		Start: nextMonday(time.Now()), Zone: "Europe/Dublin", Name: "Riverside",
		Cast: stage.ReadCast(stage.Week), Log: zerolog.Nop(), Portal: pages.url,
	})
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return openError(*database, err)
	}
	if err != nil {
		return err
	}
	end, err := pages.serve(s)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	d := &demonstration{stage: s, out: out, pause: storyPace, pages: pages.url}
	if *fast || !isTerminal {
		d.pause = 0
	}
	err = d.play(c.ctx, keyboard, c.in, isTerminal)
	end()
	return errors.Join(err, s.Close())
}

// nextMonday is nine o'clock on the Monday of this week, so that the story's days are
// those it tells of.
func nextMonday(now time.Time) time.Time {
	y, m, d := now.Date()
	back := (int(now.Weekday()) + 6) % 7
	return time.Date(y, m, d-back, 9, 0, 0, 0, now.Location())
}

// demonstration is one run of the demo.
type demonstration struct {
	stage *stage.Stage
	out   *redirect
	pause time.Duration
	pages string // where the same is in a browser
}

func (d *demonstration) play(ctx context.Context, keyboard *os.File, in io.Reader, isTerminal bool) error {
	if d.stage.Fresh() {
		if err := d.story(ctx); err != nil {
			return err
		}
	} else {
		d.say("The community in this file is still there.")
	}
	if err := d.stage.KeepCalendar(); err != nil {
		return err
	}
	d.say("\nYour turn: speak as any of " + strings.Join(d.stage.Line.Handles(), ", ") + ". Type help for how, quit to end.")
	d.say("The same in a browser, as any of them: " + d.pages)
	if err := d.stage.Line.Speak(d.stage.Line.Handles()[0]); err != nil {
		return err
	}
	if isTerminal {
		return d.terminal(keyboard)
	}
	return d.pipe(in)
}

// story tells the week, line by line.
func (d *demonstration) story(ctx context.Context) error {
	// Told to stop in the middle, the demo still clears its file away.
	told, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	d.stage.Line.Pace(d.pause)
	defer d.stage.Line.Pace(0)
	for _, line := range stage.Lines(stage.Week) {
		switch {
		case strings.HasPrefix(line, "#"):
			d.say("\n" + strings.TrimPrefix(line, "# "))
		case line != "" && line[0] != '.':
			if err := d.wait(told); err != nil {
				return err
			}
			d.say(line)
		}
		if err := d.stage.Play(line); err != nil {
			return fmt.Errorf("the story stopped at %q: %w", line, err)
		}
	}
	return nil
}

// wait lets the last message stand for a moment.
func (d *demonstration) wait(ctx context.Context) error {
	timer := time.NewTimer(d.pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return errors.New("stopped in the middle of the story; --fast tells it without pauses")
	}
}

func (d *demonstration) say(text string) { fmt.Fprintln(d.out, text) }

// pipe plays what comes in on standard input, and shows it beside the answers.
func (d *demonstration) pipe(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		d.say(lines.Text())
		if end := d.typed(lines.Text()); end {
			return nil
		}
	}
	return lines.Err()
}

// terminal reads from a keyboard, with the arrow keys and with tab to complete names
// and commands.
func (d *demonstration) terminal(keyboard *os.File) error {
	before, err := term.MakeRaw(int(keyboard.Fd()))
	if err != nil {
		return err
	}
	defer term.Restore(int(keyboard.Fd()), before) //nolint:errcheck // nothing can be done about it
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{keyboard, d.out.to}, "")
	t.AutoCompleteCallback = d.complete
	d.out.to = t
	for {
		t.SetPrompt(d.stage.Line.Prompt())
		line, err := t.ReadLine()
		if errors.Is(err, io.EOF) || err == nil && d.typed(line) {
			return nil
		}
		if err != nil && !errors.Is(err, term.ErrPasteIndicator) {
			return err
		}
	}
}

// typed carries out one line and reports whether it was the last.
func (d *demonstration) typed(line string) (end bool) {
	line = strings.TrimSpace(line)
	word, rest, _ := strings.Cut(line, " ")
	var err error
	switch word {
	case "":
	case "quit", "exit", "/quit":
		return true
	case "help":
		d.say(demoHelp)
	case "/as":
		err = d.stage.Line.Speak(rest)
	case "/wait", "/later":
		err = d.stage.Play(".wait " + rest)
	default:
		err = d.stage.Play(line)
	}
	if err != nil {
		d.say("? " + err.Error())
	}
	return false
}

const demoHelp = `  ann> text          Ann says it in the group; text alone: whoever spoke last says it
  ann dm> balance    Ann writes to the bot itself
  eve council> text  Eve says it in the council's group
  /as ben, /as ben dm   be Ben from now on, in the group or in his direct messages
  @ben               mentions Ben
  ✅ ❌ 🙋             taps on the bot's latest message; -✅ takes it back
  >> yes             replies to it
  /later 3 days      lets time pass, with all that the bot does by the calendar
  quit               ends
Say /help to the bot to see what it can do. Try: ben> /gave @ann 45m fixing a bike`

// complete finishes a name or a command when tab is pressed.
func (d *demonstration) complete(line string, pos int, key rune) (string, int, bool) {
	if key != '\t' {
		return "", 0, false
	}
	start := strings.LastIndexAny(line[:pos], " @") + 1
	begun := line[start:pos]
	var candidates []string
	switch {
	case strings.HasPrefix(begun, "/"):
		candidates = d.stage.Commands()
	case start > 0 && line[start-1] == '@':
		candidates = d.stage.Line.Handles()
	case start == 0:
		for _, h := range d.stage.Line.Handles() {
			candidates = append(candidates, h+">", h+" dm>")
		}
	}
	for _, c := range candidates {
		if begun != "" && strings.HasPrefix(c, begun) {
			return line[:start] + c + " " + line[pos:], start + len(c) + 1, true
		}
	}
	return "", 0, false
}

// terminal finds the keyboard, if input and output are one.
func terminal(in io.Reader, out io.Writer) (keyboard *os.File, ok bool) {
	i, inFile := in.(*os.File)
	o, outFile := out.(*os.File)
	return i, inFile && outFile && term.IsTerminal(int(i.Fd())) && term.IsTerminal(int(o.Fd()))
}

// redirect is output whose destination changes once, when the keyboard is read raw.
type redirect struct{ to io.Writer }

func (r *redirect) Write(p []byte) (int, error) { return r.to.Write(p) }
