package stage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"communityconnect/bot"
	"communityconnect/community"
	"communityconnect/storage"
)

// page lets somebody act on the web pages: "ann /balance", "dee council /audit",
// "ben about trade 1 1 yes".
func (s *Stage) page(line string) error {
	who, rest, _ := strings.Cut(line, " ")
	id, err := s.Line.Person(who)
	if err != nil {
		return err
	}
	act := bot.Act{Place: bot.InDM, Once: s.Now().String()}
	for place, name := range map[bot.Place]string{bot.InGroup: "group ", bot.InCouncil: "council "} {
		if after, found := strings.CutPrefix(rest, name); found {
			act.Place, rest = place, after
		}
	}
	if after, found := strings.CutPrefix(rest, "about "); found {
		if act.About, rest, err = readTopic(after); err != nil {
			return err
		}
	}
	act.Words = bot.Write(rest)
	if err := s.db.View(func(tx *storage.Tx) error {
		all, err := tx.Members()
		for _, m := range all {
			if m.Person == string(id) {
				act.From = m.ID
			}
		}
		return err
	}); err != nil {
		return err
	}
	return s.act(who, act)
}

// readTopic reads what is answered: the kind, the number, the version, and the words.
func readTopic(line string) (t storage.Topic, words string, err error) {
	f := strings.SplitN(line, " ", 4)
	if len(f) < 4 {
		return t, "", errors.New("about what, which, of which version? Like this: about trade 1 1 yes")
	}
	t.Kind = f[0]
	if t.ID, err = strconv.ParseInt(f[1], 10, 64); err != nil {
		return t, "", err
	}
	t.Version, err = strconv.Atoi(f[2])
	return t, f[3], err
}

// act does it, and shows what the page would.
func (s *Stage) act(who string, act bot.Act) error {
	if act.From == community.MemberID(0) {
		return fmt.Errorf("%s is no member", who)
	}
	answer, err := s.engine.Act(context.Background(), act)
	if err != nil {
		return err
	}
	if err := s.settle(); err != nil {
		return err
	}
	for _, said := range answer.Said {
		fmt.Fprintf(s.options.Out, "    page to %s> %s\n", who, strings.ReplaceAll(said, "\n", "\n        "))
	}
	return s.Wait(time.Second)
}
