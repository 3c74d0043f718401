package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mdp/qrterminal/v3"
	"github.com/rs/zerolog"

	"communityconnect/chat/signal"
	"communityconnect/config"
)

// knockAtMost is how long a place is tried where signal-cli may listen.
const knockAtMost = 5 * time.Second

func (i *installation) options() signal.Options {
	return signalOptions(i.conf, i.conf.Communities[0], zerolog.Nop())
}

// findDaemon finds where signal-cli listens, or asks.
func (i *installation) findDaemon() error {
	places := i.places
	if s, a := i.given("socket"), i.given("address"); s != "" && a != "" {
		return usagef("setup: both --socket and --address are given; keep one")
	} else if s != "" || a != "" {
		places = []config.Signal{{Socket: s, Address: a}}
	} else if i.conf.Signal != (config.Signal{}) {
		places = append([]config.Signal{i.conf.Signal}, places...)
	}
	for _, p := range places {
		if i.answers(p) == nil {
			i.place(p)
			i.d.say("signal-cli answers at %s.", cmp.Or(p.Socket, p.Address))
			return nil
		}
	}
	i.d.say("signal-cli's daemon does not answer at %s.", listed(places))
	i.d.say(`Install signal-cli (https://github.com/AsamK/signal-cli) and start it, for the time of this setup without an account:
  signal-cli --scrub-log daemon --socket %s --receive-mode=manual --no-receive-stdout`, config.DefaultSocket)
	if i.given("socket")+i.given("address") != "" || i.d.never {
		return errors.New("signal-cli can't be reached; start its daemon, and say with --socket or --address where it listens")
	}
	return i.d.ask("Where does it listen? The path of its socket, or host:port", cmp.Or(places[0].Socket, places[0].Address), "socket", func(s string) error {
		p := config.Signal{Address: s}
		if strings.Contains(s, "/") {
			p = config.Signal{Socket: absolute(s)}
		}
		if err := i.answers(p); err != nil {
			return fmt.Errorf("nobody answers there: %w", err)
		}
		i.place(p)
		return nil
	})
}

func (i *installation) place(p config.Signal) {
	i.conf.Signal.Socket, i.conf.Signal.Address = absolute(p.Socket), p.Address
}

// absolute makes a path typed here independent of here.
func absolute(path string) string {
	if path == "" {
		return ""
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

func listed(places []config.Signal) string {
	var names []string
	for _, p := range places {
		names = append(names, cmp.Or(p.Socket, p.Address))
	}
	return strings.Join(names, ", ")
}

// answers reports whether a daemon listens somewhere.
func (i *installation) answers(p config.Signal) error {
	ctx, cancel := context.WithTimeout(i.ctx, knockAtMost)
	defer cancel()
	s, err := signal.NewSetup(ctx, signal.Options{Socket: p.Socket, Address: p.Address, Log: zerolog.Nop()})
	if err != nil {
		return err
	}
	s.Close()
	return nil
}

// findAccount finds the bot's account, and helps to get one if there is none.
func (i *installation) findAccount() error {
	for {
		accounts, one, err := i.accounts()
		switch {
		case err != nil:
			return err
		case one:
			i.d.say("It was started for one account, which is the bot's.")
			i.conf.Signal.Account = cmp.Or(i.given("account"), i.conf.Signal.Account)
			return nil
		case len(accounts) > 0:
			return i.chooseAccount(accounts)
		}
	}
}

// accounts lists signal-cli's accounts, and after a chance to get one, none. one is true of
// a daemon that was started for a single account.
func (i *installation) accounts() (accounts []string, one bool, err error) {
	s, err := signal.NewSetup(i.ctx, i.options())
	if err != nil {
		i.d.say("signal-cli does not answer: %v", err)
		return nil, false, i.again("socket")
	}
	defer s.Close()
	accounts, err = s.Accounts(i.ctx)
	if errors.As(err, new(*signal.CallError)) {
		return nil, true, nil
	}
	if err == nil && len(accounts) == 0 {
		err = i.newAccount(s)
	}
	return accounts, false, err
}

func (i *installation) chooseAccount(accounts []string) error {
	byDefault := i.conf.Signal.Account
	if len(accounts) == 1 {
		byDefault = accounts[0]
	} else if i.given("account") == "" {
		i.d.say("\nsignal-cli has these accounts: %s", strings.Join(accounts, ", "))
	}
	return i.value("account", "Which number is the bot's?", byDefault, func(a string) error {
		if !slices.Contains(accounts, a) {
			return fmt.Errorf("signal-cli has no account %q; it has %s", a, strings.Join(accounts, ", "))
		}
		i.conf.Signal.Account = a
		return nil
	})
}

const ownNumber = `
The bot needs an account on Signal. Best is a number of its own (a prepaid card or a landline):
it is nobody's private phone, it sees nobody's private chats, and Signal does not throw it out.
A linked device of somebody's phone also works for a first try, but Signal drops those after
some weeks without that phone, and the bot's computer then receives that person's chats.`

const registerSteps = `
On the computer with signal-cli, with the number in place of +353870000000:
  1. Solve the captcha at https://signalcaptchas.org/registration/generate.html and copy the
     link behind "Open Signal" (it begins with signalcaptcha://).
  2. signal-cli -a +353870000000 register --captcha 'signalcaptcha://…'
     (for a landline, wait a minute after that and call it again with --voice)
  3. signal-cli -a +353870000000 verify CODE        (the code that comes by text or by phone)
  4. signal-cli -a +353870000000 updateProfile --given-name "Riverside bot"
  5. signal-cli -a +353870000000 setPin PIN          (and keep the PIN: it protects the number)
Stop the daemon while you do that, and start it again afterwards. A number that is in use on a
phone is taken away from that phone.`

// newAccount gets the bot an account: by linking, or by steps to do by hand.
func (i *installation) newAccount(s *signal.Setup) error {
	i.d.say("%s", ownNumber)
	if i.d.never {
		return errors.New("signal-cli has no account yet; register one, or call setup in a terminal, which also offers linking")
	}
	var choice string
	err := i.d.ask("Type 1 for a number of its own, 2 to link a phone's account", "1", "account", func(a string) error {
		if choice = a; a != "1" && a != "2" {
			return errors.New("please type 1 or 2")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if choice == "1" {
		i.d.say("%s", registerSteps)
		return i.again("account")
	}
	uri, err := s.StartLink(i.ctx)
	if err != nil {
		i.d.say("  %v", err)
		return nil
	}
	i.d.say("\nOn the phone: Signal, Settings, Linked devices, Link a new device. Scan this:\n")
	qrterminal.GenerateHalfBlock(uri, qrterminal.L, i.d.out)
	i.d.say("\nOr, where it can't be scanned: %s\nWaiting for the phone…", uri)
	if _, err := s.FinishLink(i.ctx, uri, "Community Connect"); err != nil {
		i.d.say("  %v; let's try again", err)
	}
	return nil
}

// sortByName puts groups into the order in which they are shown.
func sortByName(groups []signal.Group) {
	slices.SortFunc(groups, func(a, b signal.Group) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
}

func titleOf(groups []signal.Group, id string) string {
	for _, g := range groups {
		if string(g.ID) == id {
			return g.Name
		}
	}
	return ""
}
