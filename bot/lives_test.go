package bot_test

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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

// command has anybody type any command anywhere, with whatever might go with it.
func (l *lives) command(rt *rapid.T) {
	n := l.draw(rt, "who")
	all := bot.Commands()
	cmd := all[rapid.IntRange(0, len(all)-1).Draw(rt, "command")]
	place, in := l.drawPlace(rt, n)
	line := strings.TrimSpace("/" + cmd.Name + " " + l.words(rt, n, cmd.Usage))
	if !l.known(line) {
		rt.Skip("somebody is named who is gone")
	}
	l.say(rt, l.house.said(n, in, line), cmd.Verdict(l.member(n), place) == bot.Allowed)
}

// words fills in how a command is typed: people, numbers, amounts, a code, and something
// of the speaker's own.
func (l *lives) words(rt *rapid.T, n int, usage string) string {
	usage = rapid.SampledFrom(append(strings.Split(usage, " | "), "")).Draw(rt, "words")
	usage = strings.NewReplacer("[", "", "]", "", "name value", l.drawPolicy(rt), "A shared tool shed (or: floor -40h)", l.drawPolicy(rt),
		"CODE", l.drawCode(rt), "(or what you saw)", "").Replace(usage)
	usage = regexp.MustCompile(`@\w+`).ReplaceAllStringFunc(usage, func(string) string { return l.souls[l.draw(rt, "named")-1].name })
	usage = regexp.MustCompile(`#\d+`).ReplaceAllStringFunc(usage, func(string) string { return "#" + strconv.Itoa(rapid.IntRange(1, 6).Draw(rt, "number")) })
	usage = regexp.MustCompile(`\b\d+(h\d*|m)\b`).ReplaceAllStringFunc(usage, func(string) string { return strconv.Itoa(15*rapid.IntRange(1, 12).Draw(rt, "quarters")) + "m" })
	if rapid.Bool().Draw(rt, "own words") {
		usage += " " + l.souls[n-1].mark
	}
	return usage
}

func (l *lives) drawPolicy(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"floor -2h", "floor -5h", "ceiling +3h", "vouchers 2", "retention_days 9", "sign_off 1"}).Draw(rt, "policy")
}

func (l *lives) drawCode(rt *rapid.T) string {
	if len(l.codes) == 0 {
		return "ABC-DEF"
	}
	return rapid.SampledFrom(l.codes).Draw(rt, "code")
}

// known reports whether nobody is named who is gone: others may still speak of them, and
// the bot keeps that for a while.
func (l *lives) known(line string) bool {
	for i, s := range l.souls {
		if l.gone(i+1) && strings.Contains(line, s.name) {
			return false
		}
	}
	return true
}

// trade logs help between two, and often the other one says yes at once.
func (l *lives) trade(rt *rapid.T) {
	giver, receiver := l.draw(rt, "giver"), l.draw(rt, "receiver")
	line := fmt.Sprintf("/gave %s %dm chore %s", l.souls[receiver-1].name, 15*rapid.IntRange(1, 12).Draw(rt, "quarters"), l.souls[giver-1].mark)
	l.sayCommand(rt, giver, inGroup, line)
	if rapid.IntRange(0, 3).Draw(rt, "confirmed") > 0 {
		l.tapLast(rt, receiver, inGroup, "✅")
	}
}

// sayCommand types a command of the group or of a direct message.
func (l *lives) sayCommand(rt *rapid.T, n int, in chat.Conversation, line string) {
	name, _, _ := strings.Cut(strings.TrimPrefix(line, "/"), " ")
	place := bot.InDM
	switch in {
	case inGroup:
		place = bot.InGroup
	case inCouncil:
		place = bot.InCouncil
	}
	if l.gone(n) {
		rt.Skip("they are gone")
	}
	all := bot.Commands()
	i := slices.IndexFunc(all, func(c bot.Command) bool { return c.Name == name })
	if i < 0 {
		rt.Fatalf("there is no /%s", name)
	}
	l.say(rt, l.house.said(n, in, line), all[i].Verdict(l.member(n), place) == bot.Allowed)
}

func (l *lives) tapLast(rt *rapid.T, n int, in chat.Conversation, emoji string) {
	if last := l.line.last(in); last.sent != 0 && !l.gone(n) {
		l.say(rt, l.tapped(n, in, emoji, last.sent), true)
	}
}

// tap has anybody put anything on one of the bot's latest messages.
func (l *lives) tap(rt *rapid.T) {
	n := l.draw(rt, "who")
	emoji := rapid.SampledFrom([]string{"✅", "✅", "✅", "❌", "🙋", "👋", "👎", "🙏"}).Draw(rt, "emoji")
	all := l.line.arrived()
	if len(all) == 0 {
		rt.Skip("nothing was said yet")
	}
	d := all[rapid.IntRange(max(0, len(all)-12), len(all)-1).Draw(rt, "message")]
	if d.out.Act != chat.Send || d.out.To.Direct() && d.out.To != inDM(n) {
		rt.Skip("they don't see it")
	}
	m := l.tapped(n, d.out.To, emoji, d.sent)
	m.Reaction.Removed = rapid.IntRange(0, 5).Draw(rt, "removed") == 0
	l.say(rt, m, true)
}

// second has somebody of the council say yes or no to what waits there.
func (l *lives) second(rt *rapid.T) {
	n := rapid.IntRange(1, 3).Draw(rt, "who")
	if l.gone(n) {
		rt.Skip("they are gone")
	}
	l.tapLast(rt, n, inCouncil, rapid.SampledFrom([]string{"✅", "✅", "✅", "❌"}).Draw(rt, "answer"))
}

// speak has anybody say a few words that may answer something.
func (l *lives) speak(rt *rapid.T) {
	n := l.draw(rt, "who")
	words := rapid.SampledFrom([]string{"yes", "yes", "yes", "no", "1h", "hello", "I'm " + l.souls[n-1].name, l.souls[n-1].name, "it rained " + l.souls[n-1].mark}).Draw(rt, "words")
	l.say(rt, l.house.said(n, inDM(n), words), true)
}

// come is a wish to be let in, and often somebody's word for it.
func (l *lives) come(rt *rapid.T) {
	n := l.draw(rt, "who")
	l.sayCommand(rt, n, inDM(n), "/join")
	l.say(rt, l.house.said(n, inDM(n), l.souls[n-1].name), true)
	if m := codeSaid.FindStringSubmatch(l.line.last(inDM(n)).out.Text); m != nil && rapid.Bool().Draw(rt, "vouched for") {
		l.sayCommand(rt, rapid.IntRange(1, livesIn).Draw(rt, "voucher"), inDM(n), "/vouch "+m[1])
	}
}

// move is somebody with a new account, or who says so; then others' word, and the council's.
func (l *lives) move(rt *rapid.T) {
	n, as := rapid.IntRange(livesIn+1, len(l.souls)).Draw(rt, "who"), l.draw(rt, "as whom")
	l.say(rt, l.house.said(n, inDM(n), "Hi, I'm "+l.souls[as-1].name+" and this is my new phone"), true)
	if len(l.codes) == 0 {
		rt.Skip("they got no code")
	}
	code := l.codes[len(l.codes)-1]
	for range rapid.IntRange(0, 3).Draw(rt, "vouchers") {
		by := l.draw(rt, "voucher")
		l.sayCommand(rt, by, inDM(by), "/vouch "+code)
	}
	l.act(rt, "/approve "+code)
}

// act is an act of the council, or of whoever tries, and often another's ✅.
func (l *lives) act(rt *rapid.T, line string) {
	n := rapid.IntRange(1, 4).Draw(rt, "actor")
	if l.gone(n) {
		rt.Skip("they are gone")
	}
	l.sayCommand(rt, n, inCouncil, line)
	if rapid.IntRange(0, 3).Draw(rt, "seconded") > 0 {
		l.tapLast(rt, n%3+1, inCouncil, "✅")
	}
}

// govern is any act of the council.
func (l *lives) govern(rt *rapid.T) {
	who, other := l.souls[l.draw(rt, "whom")-1], l.souls[l.draw(rt, "and whom")-1]
	number := rapid.IntRange(1, 6).Draw(rt, "number")
	l.act(rt, rapid.SampledFrom([]string{
		"/suspend " + who.name + " it was too much", "/suspend " + who.name + " it was too much", "/restore " + who.name, "/limits " + who.name + " -2h +3h",
		"/policy " + l.drawPolicy(rt), fmt.Sprintf("/reverse #%d it never happened", number), "/enter " + who.name + " " + other.name + " 30m paper slip",
		fmt.Sprintf("/takedown #%d not for here", number), "/approve " + l.drawCode(rt), fmt.Sprintf("/resolve #%d stands so it was", number),
	}).Draw(rt, "line"))
}

// standFor is somebody's word for whoever has a code, or the council's.
func (l *lives) standFor(rt *rapid.T) {
	n := l.draw(rt, "who")
	if rapid.Bool().Draw(rt, "council") {
		l.sayCommand(rt, n, inCouncil, "/approve "+l.drawCode(rt))
		return
	}
	l.sayCommand(rt, n, inDM(n), "/vouch "+l.drawCode(rt))
}

// fallOut opens a case about a trade by one of the two, and has the other and the willing
// answer what they are asked about it.
func (l *lives) fallOut(rt *rapid.T) {
	posted := l.rows("SELECT t.id, g.id FROM trade t JOIN member g ON g.account IN (t.giver, t.receiver) WHERE t.state = 'posted' ORDER BY 1, 2")
	if len(posted) == 0 {
		rt.Skip("nothing to fall out about")
	}
	number, by, _ := strings.Cut(rapid.SampledFrom(posted).Draw(rt, "trade"), "\t")
	n, err := strconv.Atoi(by)
	if err != nil || n > len(l.souls) || l.gone(n) {
		rt.Skip("they are gone")
	}
	for _, willing := range []int{1, 4, 5} {
		if !l.gone(willing) && rapid.Bool().Draw(rt, "willing") {
			l.sayCommand(rt, willing, inDM(willing), "/mediate on")
		}
	}
	l.sayCommand(rt, n, inDM(n), "/dispute #"+number+" it took less "+l.souls[n-1].mark)
	l.pass(12 * time.Hour) // nobody is asked at night
	l.mediate(rt)
	l.mediate(rt)
}

// mediate has everybody answer what they were asked last, and whoever likes settle a case.
func (l *lives) mediate(rt *rapid.T) {
	for n := 1; n <= livesIn; n++ {
		if !l.gone(n) && rapid.Bool().Draw(rt, "answers") {
			l.agree(rt, n)
		}
	}
	for n := range l.souls {
		if n++; l.gone(n) || rapid.Bool().Draw(rt, "leaves it") {
			continue
		}
		outcome := rapid.SampledFrom([]string{"stands", "30m", "reversed", "agreed", "council"}).Draw(rt, "outcome")
		l.sayCommand(rt, n, inDM(n), fmt.Sprintf("/resolve #%d %s fair is fair %s", rapid.IntRange(1, 3).Draw(rt, "case"), outcome, l.souls[n-1].mark))
	}
}

// agree says yes to the newest thing that somebody was asked in private.
func (l *lives) agree(rt *rapid.T, n int) {
	for _, d := range slices.Backward(l.line.arrived()) {
		if d.out.To == inDM(n) && d.out.Act == chat.Send && strings.Contains(d.out.Text, "✅") {
			l.say(rt, l.tapped(n, inDM(n), "✅", d.sent), true)
			return
		}
	}
}

// leave goes as far towards the door as one gets.
func (l *lives) leave(rt *rapid.T) {
	if !l.hasCommand("leave") {
		rt.Skip("there is no way out yet")
	}
	n := l.draw(rt, "who")
	l.sayCommand(rt, n, inDM(n), "/leave")
	for range rapid.IntRange(0, 4).Draw(rt, "answers") {
		l.say(rt, l.house.said(n, inDM(n), rapid.SampledFrom([]string{"yes", "yes", "yes", "1", "the commons", "no"}).Draw(rt, "answer")), true)
	}
}

// forget is asked for by anybody, and most often by who has left.
func (l *lives) forget(rt *rapid.T) {
	n := l.draw(rt, "who")
	for _, m := range l.members() {
		if m.Status == community.Former && int(m.ID) <= livesIn && !l.gone(int(m.ID)) {
			n = int(m.ID)
		}
	}
	l.sayCommand(rt, n, inDM(n), "/forget")
	if rapid.IntRange(0, 3).Draw(rt, "sure") > 0 {
		l.tapLast(rt, n, inDM(n), "✅")
	}
}

func (l *lives) hasCommand(name string) bool {
	return slices.ContainsFunc(bot.Commands(), func(c bot.Command) bool { return c.Name == name })
}

// decide puts something to the vote, and votes.
func (l *lives) decide(rt *rapid.T) {
	n := l.draw(rt, "who")
	if rapid.Bool().Draw(rt, "propose") {
		l.sayCommand(rt, n, inGroup, "/propose "+l.drawPolicy(rt))
	}
	number := rapid.IntRange(1, 3).Draw(rt, "number")
	for range rapid.IntRange(1, 5).Draw(rt, "voters") {
		l.sayCommand(rt, l.draw(rt, "voter"), inGroup, fmt.Sprintf("/vote %s #%d", rapid.SampledFrom([]string{"yes", "yes", "no"}).Draw(rt, "vote"), number))
	}
}

// seldom keeps what is rare in life from being in the way of everything else.
func seldom(rt *rapid.T) {
	if rapid.IntRange(0, 4).Draw(rt, "seldom") > 0 {
		rt.Skip("not this time")
	}
}

func (l *lives) newPhone(rt *rapid.T) {
	seldom(rt)
	n := l.draw(rt, "who")
	m := l.house.said(n, inDM(n), "")
	m.Kind = chat.NewDevice
	l.say(rt, m, true)
}

// roster has somebody come into a group or go out of it.
func (l *lives) roster(rt *rapid.T) {
	seldom(rt)
	n := l.draw(rt, "who")
	m := l.house.said(n, rapid.SampledFrom([]chat.Conversation{inGroup, inCouncil}).Draw(rt, "group"), "")
	m.Kind = chat.Roster
	if rapid.Bool().Draw(rt, "joined") {
		m.Joined = []chat.PersonID{person(n)}
	} else {
		m.Left = []chat.PersonID{person(n)}
	}
	l.say(rt, m, true)
}

// redeliver hands over once more what was handed over lately.
func (l *lives) redeliver(rt *rapid.T) {
	if len(l.said) == 0 {
		rt.Skip("nothing was said yet")
	}
	m := l.said[rapid.IntRange(max(0, len(l.said)-8), len(l.said)-1).Draw(rt, "message")]
	for i := range l.souls {
		if l.gone(i+1) && m.From == person(i+1) {
			rt.Skip("they are gone")
		}
	}
	l.settle()
	before := l.matters()
	l.deliver(m)
	l.settle()
	if l.matters().all != before.all {
		rt.Fatalf("%q of %s did something a second time", m.Text, m.From)
	}
}

func (l *lives) minutes(rt *rapid.T) {
	for range rapid.IntRange(1, 3).Draw(rt, "minutes") {
		l.pass(time.Minute)
	}
}

func (l *lives) days(rt *rapid.T) {
	for range rapid.IntRange(1, 9).Draw(rt, "days") {
		l.pass(24 * time.Hour)
		l.calendar()
	}
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
			if bytes.Contains(file, []byte(words)) {
				rt.Errorf("%s was forgotten, and %q is still in the file", s.name, words)
			}
		}
	}
}
