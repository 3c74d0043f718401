package bot_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/community"
)

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
