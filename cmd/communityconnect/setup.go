package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/config"
	"communityconnect/ledger"
)

const setupFlags = "--config FILE [--socket PATH | --address HOST:PORT] [--account NUMBER] [--group ID] [--council-group ID] [--name NAME] [--timezone ZONE] [--floor LIMIT] [--ceiling LIMIT] [--yes]"

// setup asks what it can't find out, writes the config, and checks it. What is given by
// flags is not asked for; with --yes nothing is, and a config that is there is replaced.
func setup(c call) error {
	flags := flag.NewFlagSet("setup", flag.ContinueOnError)
	path := flags.String("config", "", "")
	given := map[string]*string{}
	for _, name := range []string{"socket", "address", "account", "group", "council-group", "name", "timezone", "floor", "ceiling"} {
		given[name] = flags.String(name, "", "")
	}
	yes := flags.Bool("yes", false, "")
	if err := parse(flags, c.args); err != nil {
		return err
	}
	if *path == "" {
		return usagef("setup needs --config FILE, the file to write, like --config riverside.toml")
	}
	i := &installation{
		ctx: c.ctx, path: *path, d: newDialogue(c.in, c.out, *yes), given: func(name string) string { return *given[name] },
		places: usualPlaces(os.Getenv("XDG_RUNTIME_DIR")), zone: localZone(), listen: hearFor,
	}
	if err := i.run(); err != nil {
		return err
	}
	i.d.say("\nChecking:")
	return checkAll(c.ctx, c.out, *path)
}

// installation is one run of setup.
type installation struct {
	ctx    context.Context
	path   string
	d      *dialogue
	given  func(flagName string) string
	places []config.Signal // where signal-cli may listen
	zone   string          // this machine's
	listen time.Duration   // for news of groups
	conf   config.Config
}

func (i *installation) run() error {
	if err := i.begin(); err != nil {
		return err
	}
	if err := i.findDaemon(); err != nil {
		return err
	}
	if err := i.findAccount(); err != nil {
		return err
	}
	if err := i.findGroups(); err != nil {
		return err
	}
	if err := i.describe(); err != nil {
		return err
	}
	return i.write()
}

// begin takes an existing config as the answers of last time, and asks before it is
// written over.
func (i *installation) begin() error {
	i.conf = config.Config{
		Communities: []config.Community{{Policy: config.DefaultPolicy()}},
		Backup:      config.Backup{Directory: config.DefaultDirectory}, LLM: config.LLM{APIKeyEnv: config.DefaultKeyEnv},
	}
	before, err := config.Read(i.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if len(before.Communities) > 1 {
		return fmt.Errorf("%s has several communities; setup writes files with one, so change it by hand", i.path)
	}
	if err == nil {
		i.conf = before
		i.conf.Communities[0].Database = i.beside(before.Communities[0].Database)
		i.conf.Backup.Directory = i.beside(before.Backup.Directory)
	}
	if i.d.never {
		return nil
	}
	question := i.path + " is there already. Shall I write it anew, with your present answers as the defaults?"
	if err != nil {
		question = i.path + " is there already, and I can't read it. Shall I write it anew?"
	}
	over, err := i.d.yes(question, "yes")
	if err == nil && !over {
		err = fmt.Errorf("%s stays as it is", i.path)
	}
	return err
}

// beside writes a path as it counts from the config, where it lies below its directory.
func (i *installation) beside(path string) string {
	if rel, err := filepath.Rel(filepath.Dir(i.path), path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// usualPlaces are where signal-cli's daemon listens unless it is told otherwise.
func usualPlaces(runtimeDir string) []config.Signal {
	places := []config.Signal{{Socket: config.DefaultSocket}}
	if runtimeDir != "" {
		places = append(places, config.Signal{Socket: filepath.Join(runtimeDir, "signal-cli", "socket")})
	}
	return append(places, config.Signal{Socket: filepath.Join(os.TempDir(), "signal-cli", "socket")}, config.Signal{Address: "127.0.0.1:7583"})
}

// localZone is this machine's time zone, if it says.
func localZone() string {
	if name := os.Getenv("TZ"); name != "" && config.CheckTimezone(name) == nil {
		return name
	}
	if link, err := os.Readlink("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(link, "zoneinfo/"); ok && config.CheckTimezone(name) == nil {
			return name
		}
	}
	return config.DefaultTimezone
}

// describe asks what the community is called and how far its members may go.
func (i *installation) describe() error {
	c := &i.conf.Communities[0]
	err := i.value("name", "What is the community called?", c.Name, func(s string) error {
		if s == "" {
			return errors.New("it needs a name, which the bot uses when it greets people")
		}
		c.Name = s
		return nil
	})
	if err != nil {
		return err
	}
	zone := c.Timezone
	if zone == "" {
		zone = i.zone
	}
	err = i.value("timezone", "Which time zone is it in?", zone, func(s string) error {
		c.Timezone = s
		return config.CheckTimezone(s)
	})
	if err != nil {
		return err
	}
	i.d.say("\nOne hour of help is one credit. How far below and above zero may a member go?")
	if err := i.limit("floor", "The floor", &c.Policy.Floor); err != nil {
		return err
	}
	if err := i.limit("ceiling", "The ceiling", &c.Policy.Ceiling); err != nil {
		return err
	}
	c.Policy.NewcomerFloor, c.Policy.NewcomerCeiling = max(c.Policy.NewcomerFloor, c.Policy.Floor), min(c.Policy.NewcomerCeiling, c.Policy.Ceiling)
	if c.Database == "" {
		c.Database = strings.TrimSuffix(filepath.Base(i.path), filepath.Ext(i.path)) + ".db"
	}
	return nil
}

func (i *installation) limit(name, question string, m *ledger.Minutes) error {
	return i.value(name, question, m.Signed(), func(s string) error {
		v, err := ledger.ParseLimit(s)
		switch {
		case err != nil:
			return fmt.Errorf("%q is no limit; write hours, like %s; the widest is %s", s, m.Signed(), ledger.MaxLimit)
		case name == "floor" && v > 0:
			return fmt.Errorf("a floor lies below zero, like %s", (-v).Signed())
		case name == "ceiling" && v < 0:
			return fmt.Errorf("a ceiling lies above zero, like %s", (-v).Signed())
		}
		*m = v
		return nil
	})
}

// value takes a flag, or else asks.
func (i *installation) value(name, question, byDefault string, take func(string) error) error {
	if v := i.given(name); v != "" {
		if err := take(v); err != nil {
			return usagef("setup: --%s %s: %v", name, v, err)
		}
		return nil
	}
	return i.d.ask(question, byDefault, name, take)
}

// write writes the config for its owner's eyes alone.
func (i *installation) write() error {
	var doc bytes.Buffer
	if err := config.Write(&doc, i.conf); err != nil {
		return err
	}
	if _, err := config.Parse(i.path, doc.Bytes()); err != nil {
		return fmt.Errorf("what you said doesn't make a config that works: %w", err)
	}
	if err := replaceFile(i.path, doc.Bytes()); err != nil {
		return fmt.Errorf("the config can't be written: %w", err)
	}
	i.d.say("\nWritten to %s.", i.path)
	return nil
}

// findGroups asks which groups are the community's and the council's.
func (i *installation) findGroups() error {
	client, err := signal.Dial(i.ctx, i.options())
	if err != nil {
		return fmt.Errorf("signal-cli: %w", err)
	}
	defer client.Close()
	c := &i.conf.Communities[0]
	groups, err := i.groups(client)
	if err != nil {
		return err
	}
	number := func(id string) string {
		for n, g := range groups {
			if string(g.ID) == id {
				return strconv.Itoa(n + 1)
			}
		}
		return ""
	}
	if i.given("group") == "" || i.given("council-group") == "" {
		i.d.say("\nThe bot's groups on Signal:")
		for n, g := range groups {
			i.d.say("  %d  %s, %d others%s", n+1, g.Name, len(g.Members), invited(g))
		}
	}
	err = i.value("group", "Which is the community's? Its number", number(c.Group), func(s string) (err error) {
		c.Group, err = pick(groups, s)
		return err
	})
	if err != nil {
		return err
	}
	return i.value("council-group", "And which is the council's? Its number", number(c.CouncilGroup), func(s string) (err error) {
		if c.CouncilGroup, err = pick(groups, s); err == nil && c.CouncilGroup == c.Group {
			err = errors.New("the council needs a group of its own, or everybody could give its commands")
		}
		if c.Name == "" {
			c.Name = titleOf(groups, c.Group)
		}
		return err
	})
}

func invited(g signal.Group) string {
	if g.Invited {
		return " (invited; the bot joins when you choose it)"
	}
	return ""
}

// groups lists the groups that the bot is in or invited to, once there are two and those
// that were given by flags are among them. Where the community has its database already,
// the bot itself listens for news of groups.
func (i *installation) groups(client *signal.Client) ([]signal.Group, error) {
	for round := 0; ; round++ {
		all, err := client.Groups(i.ctx)
		if err != nil {
			return nil, err
		}
		found := slices.DeleteFunc(all, func(g signal.Group) bool { return !g.Member && !g.Invited })
		if len(found) >= 2 && i.hasGiven(found) || round > 0 && len(found) >= 2 {
			sortByName(found)
			return found, nil
		}
		if round > 0 {
			i.d.say("\nThe bot needs two groups: the community's, and one for the council. It is in %d.", len(found))
			i.d.say("On a phone, add the bot to both, with only admins allowed to add people to the council's, and write a word in each.")
			if err := i.again("group"); err != nil {
				return nil, err
			}
		}
		if !i.founded() {
			i.d.say("Asking Signal for news of the bot's groups…")
			if err := hear(i.ctx, i.options(), i.listen); err != nil {
				return nil, err
			}
		}
	}
}

// hasGiven reports whether the groups given by flags are among those found.
func (i *installation) hasGiven(found []signal.Group) bool {
	for _, id := range []string{i.given("group"), i.given("council-group")} {
		if len(id) > 3 && titleOf(found, id) == "" { // shorter ones are numbers in the list
			return false
		}
	}
	return true
}

// founded reports whether the community has its database.
func (i *installation) founded() bool {
	path := i.conf.Communities[0].Database
	_, err := os.Stat(beside(i.path, path))
	return path != "" && err == nil
}

// beside is a path as it counts from a file.
func beside(file, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}

// again waits for a person to say that something is done.
func (i *installation) again(flagName string) error {
	if i.d.never {
		return errors.New("that has to be done first; then call setup again")
	}
	return i.d.ask("Press Enter when that is done", "", flagName, func(string) error { return nil })
}

// pick finds a group by its number in the list, or by its identifier.
func pick(groups []signal.Group, s string) (id string, err error) {
	n, err := strconv.Atoi(s)
	if err == nil && n >= 1 && n <= len(groups) {
		return string(groups[n-1].ID), nil
	}
	for _, g := range groups {
		if g.ID == chat.GroupID(s) {
			return s, nil
		}
	}
	return "", fmt.Errorf("there is no group %q; give its number from 1 to %d, or its identifier", s, len(groups))
}
