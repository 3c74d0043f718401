package bot_test

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// TestLives lets people come, trade, fall out, decide, lose their phones, leave and be
// forgotten, in any order, with every command there is and as anybody at all. Whatever
// they do: the balances add up to zero, nobody does what is not theirs to do, every act of
// the council is in its log, nobody votes twice, everything that was begun comes to an
// end, and of those who were forgotten no word is left in the file.
func TestLives(t *testing.T) {
	for name, value := range map[string]string{"rapid.checks": livesChecks, "rapid.steps": "50"} {
		before := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = flag.Set(name, before) }()
	}
	rapid.Check(t, func(rt *rapid.T) {
		l := newLives(t)
		defer closeHouse(l.house)
		rt.Repeat(map[string]func(*rapid.T){
			"command": l.command, "another command": l.command, "trade": l.trade, "another trade": l.trade, "tap": l.tap, "second": l.second,
			"speak": l.speak, "come": l.come, "move": l.move, "stand for": l.standFor, "govern": l.govern, "fall out": l.fallOut, "mediate": l.mediate,
			"leave": l.leave, "forget": l.forget, "decide": l.decide,
			"new phone": l.newPhone, "roster": l.roster, "redeliver": l.redeliver, "restart": func(*rapid.T) { l.restart() },
			"minutes": l.minutes, "days": l.days,
			"": l.check,
		})
		l.end(rt)
	})
}

// soul is somebody, for as long as the story goes.
type soul struct {
	name string // and every other name they took, in the words that follow
	mark string // stands in whatever they write, and in nothing else
}

// lives is a house and those around it.
type lives struct {
	*house
	clock *handClock
	souls []soul // the n-th is person(n+1)
	said  []chat.Message
	codes []string
	heard int
}

// The first livesIn are members, the first three the council.
const livesIn = 5

func newLives(t *testing.T) *lives {
	t.Helper()
	l := &lives{clock: &handClock{time: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)}}
	for i, name := range []string{"Aldo", "Bice", "Cleo", "Dagmar", "Egon", "Fulvia", "Gernot"} {
		l.souls = append(l.souls, soul{name: name, mark: fmt.Sprintf("zq%dx", i+1)})
	}
	p := community.DefaultPolicy()
	p.Floor, p.Ceiling = -3*ledger.Hour, 4*ledger.Hour
	l.house = openHouseWith(t, filepath.Join(t.TempDir(), "lives.db"), livesIn, p, l.clock.now)
	l.pragma("synchronous = OFF") // this is about rules, not about disks
	l.house.end()
	if err := l.db.Update(func(tx *storage.Tx) error {
		for n := range livesIn {
			if err := tx.Rename(community.MemberID(n+1), l.souls[n].name); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	l.start()
	return l
}

// member is who a person is to the bot just now; the zero Member is nobody.
func (l *lives) member(n int) (who community.Member) {
	for _, m := range l.members() {
		if m.Person == string(person(n)) {
			who = m
		}
	}
	return who
}

func (l *lives) members() (all []community.Member) {
	l.t.Helper()
	if err := l.db.View(func(tx *storage.Tx) (err error) { all, err = tx.Members(); return err }); err != nil {
		l.t.Fatal(err)
	}
	return all
}

// gone reports whether somebody was forgotten, or is about to be. They don't come again,
// so that what is found of them in the file was there before.
func (l *lives) gone(n int) bool {
	return n <= livesIn && len(l.rows(fmt.Sprintf(`SELECT 1 FROM member WHERE id = %d AND
		(name = '%s' OR id IN (SELECT member FROM erasure WHERE whole = 1))`, n, community.FormerName))) > 0
}

// draw picks somebody who is still around.
func (l *lives) draw(rt *rapid.T, what string) int {
	n := rapid.IntRange(1, len(l.souls)).Draw(rt, what)
	if l.gone(n) {
		rt.Skip("they are gone")
	}
	return n
}

// places are where somebody may speak.
func (l *lives) drawPlace(rt *rapid.T, n int) (bot.Place, chat.Conversation) {
	switch rapid.IntRange(0, 3).Draw(rt, "place") {
	case 0:
		return bot.InGroup, inGroup
	case 1:
		return bot.InCouncil, inCouncil
	}
	return bot.InDM, inDM(n)
}

// say has somebody say something, and holds what comes of it against what they may do.
func (l *lives) say(rt *rapid.T, m chat.Message, allowed bool) {
	l.settle() // what is due by now is done
	before, acts := l.matters(), l.acts()
	l.said = append(l.said, m)
	l.deliver(m)
	l.settle()
	after := l.matters()
	if !allowed && before.all != after.all {
		rt.Fatalf("%q of %s changes something that is not theirs to change", m.Text, m.From)
	}
	if before.leaving != after.leaving {
		before.limits = after.limits // who leaves, or no longer does, has their limits changed by that
	}
	before.suspended = slices.DeleteFunc(before.suspended, func(id string) bool { return slices.Contains(after.former, id) }) // who leaves is no longer suspended
	if (before.council != after.council || !slices.Equal(before.suspended, after.suspended) || before.limits != after.limits) && l.acts() == acts {
		rt.Fatalf("%q of %s changes what is the council's, and its log doesn't say so:\n%s %s\n%s %s", m.Text, m.From, before.council, before.limits, after.council, after.limits)
	}
	l.listen()
	l.clock.move(time.Second)
}

// matters is what the file says about everything that counts: all of it, the parts that
// only the council or a vote changes, and who is on their way out.
type matters struct {
	all, council, limits, leaving string
	suspended, former             []string
}

func (l *lives) matters() matters {
	var all strings.Builder
	for _, table := range []string{"account", "trade", "transfer", "policy", "post", "taker", "council_log", "proposal", "ballot", "dispute", "statement",
		"witness", "sponsor", "voucher", "candidate", "vouch", "thanks"} {
		fmt.Fprintln(&all, table, l.rows("SELECT * FROM "+table+" ORDER BY 1, 2"))
	}
	fmt.Fprintln(&all, l.rows("SELECT id, account, person, name, status, council FROM member"))
	council := fmt.Sprint(l.rows("SELECT name, value FROM policy ORDER BY name"))
	going := "NULL"
	if l.hasCommand("leave") {
		going = strings.Join(append(l.rows("SELECT m.account FROM member m JOIN leaving l ON l.member = m.id"), "NULL"), ", ")
	}
	limits := l.rows("SELECT id, floor, ceiling FROM account WHERE own_limits AND id NOT IN (SELECT m.account FROM member m WHERE m.account IN (" + going + "))")
	return matters{all.String(), council, fmt.Sprint(limits), going,
		l.rows("SELECT id FROM member WHERE status = 'suspended' ORDER BY id"), l.rows("SELECT id FROM member WHERE status = 'former'")}
}

func (l *lives) acts() int { return len(l.rows("SELECT id FROM council_log")) }

var codeSaid = regexp.MustCompile(`/vouch ([A-Z0-9]{3}-[A-Z0-9]{3})`)

// listen takes note of the codes that the bot gives out.
func (l *lives) listen() {
	all := l.line.tries()
	for _, d := range all[l.heard:] {
		if m := codeSaid.FindStringSubmatch(d.out.Text); m != nil {
			l.codes = append(l.codes, m[1])
		}
	}
	l.heard = len(all)
}

// pass lets time go by, and what is due be done.
func (l *lives) pass(d time.Duration) {
	l.clock.move(d)
	l.settle()
	l.settle()
	l.listen()
}

// calendar does everything that the bot does by the calendar.
func (l *lives) calendar() {
	l.t.Helper()
	for _, j := range bot.Jobs() {
		if _, err := l.engine.Do(l.t.Context(), j.Name, l.clock.now()); err != nil {
			l.t.Fatal(err)
		}
	}
	l.settle()
}

// check holds what is true at any time.
func (l *lives) check(rt *rapid.T) {
	if sum := l.rows("SELECT sum(balance) FROM account"); sum[0] != "0" {
		rt.Errorf("the balances add up to %s minutes", sum)
	}
	for what, query := range map[string]string{
		"was done by somebody who is not on the council and never was": `SELECT l.id, l.act FROM council_log l JOIN member m ON m.id = l.actor
			WHERE l.actor > 3 AND m.council = 0 AND m.left_council = 0 AND l.seconder > 0`,
		"was seconded within one household": "SELECT l.id, l.act FROM council_log l JOIN member a ON a.id = l.actor JOIN member s ON s.id = l.seconder WHERE a.account = s.account",
		"has more votes than voters":        "SELECT id FROM proposal WHERE votes_for + votes_against > entitled",
		"is outside what anybody may owe":   "SELECT id FROM account WHERE balance < -6000 OR balance > 6000",
		"is a member twice":                 "SELECT person FROM member WHERE person IS NOT NULL GROUP BY person HAVING count(*) > 1",
	} {
		if found := l.rows(query); len(found) > 0 {
			rt.Errorf("%v %s", found, what)
		}
	}
}

// end lets everything come to its end, and then looks at what is left.
func (l *lives) end(rt *rapid.T) {
	for range 60 {
		l.pass(48 * time.Hour)
	}
	l.calendar()
	noon := l.clock.now().Truncate(24 * time.Hour).Add(36 * time.Hour)
	l.pass(noon.Sub(l.clock.now())) // and nothing waits for the end of the night
	l.pass(time.Minute)
	l.pass(time.Minute)
	l.check(rt)
	for what, query := range map[string]string{
		"a trade is still open":          "SELECT id, state FROM trade WHERE state = 'proposed' OR state = 'disputed'",
		"a case is still open":           "SELECT id, stage FROM dispute WHERE stage <> 'closed'",
		"a vote is still open":           "SELECT id, state FROM proposal WHERE state = 'open' OR state = 'passed'",
		"a question is still open":       "SELECT id, kind FROM question WHERE state = 'open'",
		"somebody still waits to get in": "SELECT id FROM applicant",
		"somebody is still a candidate":  "SELECT member FROM candidate",
		"somebody is still to forget":    "SELECT member FROM erasure",
	} {
		if found := l.rows(query); len(found) > 0 {
			rt.Errorf("%s: %v", what, found)
		}
	}
	report, err := l.db.Audit(nil)
	if err != nil || !report.OK() {
		rt.Errorf("the books: %v, %v", report.Faults, err)
	}
	l.checkForgotten(rt)
}

// checkForgotten looks into the bytes of the file for those who were forgotten.
func (l *lives) checkForgotten(rt *rapid.T) {
	var file []byte
	for n, s := range l.souls {
		if !l.gone(n + 1) {
			continue
		}
		if file == nil {
			file = fileBytes(l.t, l.db.Path())
		}
		for _, words := range []string{s.name, s.mark, string(person(n + 1))} {
			if len(l.rows("SELECT id FROM feedback WHERE member = 0 AND instr(text, '"+words+"') > 0")) > 0 {
				continue // what was told without a name leads to nobody, and is nobody's to take back
			}
			if bytes.Contains(file, []byte(words)) {
				rt.Errorf("%s was forgotten, and %q is still in the file", s.name, words)
			}
		}
	}
}
