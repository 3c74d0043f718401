package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// dialogue asks a person at a terminal, or reads the answers from a pipe.
type dialogue struct {
	in    *bufio.Scanner
	out   io.Writer
	never bool // nothing is asked: the defaults are the answers
}

func newDialogue(in io.Reader, out io.Writer, never bool) *dialogue {
	return &dialogue{in: bufio.NewScanner(in), out: out, never: never}
}

// errNobody is a question that nobody answers.
var errNobody = errors.New("there is nobody to answer")

func (d *dialogue) say(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }

// ask asks until the answer is taken: take returns what is wrong with one. An empty answer
// stands for the default, if there is one. The flag is for the error where nobody answers.
func (d *dialogue) ask(question, byDefault, flagName string, take func(string) error) error {
	if d.never {
		if err := take(byDefault); err != nil {
			return usagef("setup: %v; give --%s", err, flagName)
		}
		return nil
	}
	for {
		if byDefault == "" {
			fmt.Fprintf(d.out, "%s: ", question)
		} else {
			fmt.Fprintf(d.out, "%s [%s]: ", question, byDefault)
		}
		if !d.in.Scan() {
			d.say("")
			return usagef("setup: %v (%s); give --%s, or call it in a terminal", errNobody, question, flagName)
		}
		answer := strings.TrimSpace(d.in.Text())
		if answer == "" {
			answer = byDefault
		}
		err := take(answer)
		if err == nil {
			return nil
		}
		d.say("  %v", err)
	}
}

// yes asks a question that only a clear yes answers with yes.
func (d *dialogue) yes(question, flagName string) (answer bool, err error) {
	err = d.ask(question+" (yes or no)", "", flagName, func(s string) error {
		switch strings.ToLower(s) {
		case "y", "yes":
			answer = true
		case "n", "no":
			answer = false
		default:
			return errors.New("please say yes or no")
		}
		return nil
	})
	return answer, err
}
