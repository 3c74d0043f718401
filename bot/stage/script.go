package stage

import (
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/console"
)

// Week is the week in the life of a community that the founding paper tells, as a
// script.
//
//go:embed week.chat
var Week string

// A script is what neighbours say, one line each as the console reads them, and
// directions, which begin with a dot:
//
//	# Monday            a heading or a remark
//	.members Ann, Ben   who is in; so .council, .met, .paper, .strangers
//	.wait 2h            the clock moves on; d for days
//	.calendar           from now on the bot does what it does by the calendar, too
//	.late 2h ann> ✅    what Ann does was under way for two hours
//	.restart            the bot is stopped and started
//	.redeliver          the last message is delivered once more
//	.newphone ann       her safety number changes
//	.page ann /confirm  what Ann does on the web pages; as in ".page ann about trade 1 1 yes"
//	                    it may answer something, and "council" before it is the council's
//	.left ann council   she leaves a group: "group" or "council"; so .joined, also of several
//	.unreachable ann    nothing reaches her any more
//	.closed             only admins may add people to the group, and the bot is none
//
// Lines that are indented are what the bot said, and are passed over.
func isBots(line string) bool { return strings.HasPrefix(line, "    ") }

// ErrNoDirection is a line with a dot that is none of the above.
var ErrNoDirection = errors.New("there is no such direction")

// Lines returns the lines of a script that are not the bot's.
func Lines(script string) []string {
	var lines []string
	for _, line := range strings.Split(strings.TrimRight(script, "\n"), "\n") {
		if !isBots(line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// ReadCast reads who is in a script.
func ReadCast(script string) Cast {
	var c Cast
	for _, line := range Lines(script) {
		c.direct(line)
	}
	return c
}

// direct reads one line and reports whether it was about the cast.
func (c *Cast) direct(line string) bool {
	word, rest, _ := strings.Cut(line, " ")
	list := map[string]*[]string{
		".members": &c.Members, ".council": &c.Council, ".met": &c.Met, ".paper": &c.Paper, ".strangers": &c.Strangers,
	}[word]
	if list == nil {
		return false
	}
	for _, name := range strings.Split(rest, ",") {
		*list = append(*list, strings.TrimSpace(name))
	}
	return true
}

// Play carries out one line of a script.
func (s *Stage) Play(line string) error {
	if line == "" || line[0] == '#' || isBots(line) || (&Cast{}).direct(line) {
		return nil
	}
	if line[0] != '.' {
		return s.Type(line)
	}
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case ".wait":
		d, err := ParseWait(rest)
		if err != nil {
			return err
		}
		return s.Wait(d)
	case ".calendar":
		return s.KeepCalendar()
	case ".late":
		duration, said, _ := strings.Cut(rest, " ")
		d, err := ParseWait(duration)
		if err != nil {
			return err
		}
		return s.TypeLate(said, d)
	case ".restart":
		return s.Restart()
	case ".redeliver":
		return s.Redeliver()
	case ".newphone":
		return s.newPhone(rest)
	case ".page":
		return s.page(rest)
	case ".unreachable":
		id, err := s.Line.Person(rest)
		if err == nil {
			s.Line.Unreachable(id)
		}
		return err
	case ".closed":
		s.Line.Close()
		return nil
	case ".left", ".joined":
		return s.roster(word == ".joined", strings.Fields(rest))
	}
	return fmt.Errorf("%s: %w", word, ErrNoDirection)
}

// newPhone changes somebody's safety number.
func (s *Stage) newPhone(name string) error {
	id, err := s.Line.Person(name)
	if err != nil {
		return err
	}
	at := chat.TimestampOf(s.Now())
	return s.Deliver(chat.Message{Kind: chat.NewDevice, From: id, Sent: at, Served: at, In: chat.Conversation{Person: id}})
}

// roster lets people join or leave a group.
func (s *Stage) roster(joined bool, words []string) error {
	if len(words) < 2 {
		return errors.New("who, and which group? Like this: .left ann council")
	}
	group := words[len(words)-1]
	at := chat.TimestampOf(s.Now())
	m := chat.Message{Kind: chat.Roster, From: console.Bot, Sent: at, Served: at, In: chat.Conversation{Group: chat.GroupID(group)}, Names: map[chat.PersonID]string{}}
	for _, word := range words[:len(words)-1] {
		id, err := s.Line.Person(word)
		if err != nil {
			return err
		}
		if !joined {
			m.Left = append(m.Left, id)
			continue
		}
		m.Joined = append(m.Joined, id)
		m.Names[id] = s.Line.Name(id)
	}
	return s.Deliver(m)
}

// maxWait keeps a slip of the finger from moving the clock beyond all dates.
const maxWait = 10 * 366 * 24 * time.Hour

// ParseWait reads how far the clock is moved: 2h, 30m, 3d, 3 days, 1 week.
func ParseWait(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	const day = 24 * time.Hour
	digits := strings.TrimRight(s, " abcdefghijklmnopqrstuvwxyz")
	unit := map[string]time.Duration{
		"d": day, "day": day, "days": day, "w": 7 * day, "week": 7 * day, "weeks": 7 * day, "hour": time.Hour, "hours": time.Hour, "minutes": time.Minute,
	}[strings.TrimSpace(s[len(digits):])]
	if n, err := strconv.Atoi(digits); err == nil && unit > 0 && n > 0 && time.Duration(n) <= maxWait/unit {
		return time.Duration(n) * unit, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 || d > maxWait {
		return 0, fmt.Errorf("%q is no time to wait; like this: 30m, 2h, 3d", s)
	}
	return d, nil
}
