package bot_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/board"
	"communityconnect/bot"
	"communityconnect/bot/schedule"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// Five weeks of a small neighbourhood, across a change of the clocks, with restarts and
// a week in which the machine is off.
func TestSimulatedWeeks(t *testing.T) {
	simulate(t, simulation{seed: 1, people: 8, from: "2026-03-09", days: 35, outage: 6, monthly: [2]int{70, 80}, posts: 25, restarts: 5})
}

// simulation is how much happens.
type simulation struct {
	seed     uint64
	people   int
	from     string // day
	days     int
	outage   int    // the day on which a week without the bot begins
	monthly  [2]int // a month: at least, at most
	posts    int    // a month
	restarts int    // in all
}

// life is a simulated neighbourhood.
type life struct {
	*house
	simulation
	t      *testing.T
	chance *rand.Rand
	zone   *time.Location
	begun  time.Time
	events []event
	caused []window // of the line's messages: what somebody's act brought about
	silent map[int]bool
	away   map[int][]time.Time // when somebody left for two weeks
	off    bool                // the machine is
	merged int                 // nudges that shared a message

	stopCalendar func()
}

// event is something that somebody does at a time.
type event struct {
	at time.Time
	do func()
}

type window struct{ from, to int }

func simulate(t *testing.T, s simulation) {
	t.Helper()
	began := time.Now()
	path := t.TempDir() + "/year.db"
	summary := ""
	synctest.Test(t, func(t *testing.T) {
		zone, err := time.LoadLocation("Europe/Dublin")
		if err != nil {
			t.Fatal(err)
		}
		start, err := time.ParseInLocation(time.DateOnly, s.from, zone)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Until(start))
		h := openHouseSlowly(t, path, s.people)
		l := &life{house: h, simulation: s, t: t, chance: rand.New(rand.NewPCG(s.seed, 7)), zone: zone, begun: time.Now(), silent: map[int]bool{}, away: map[int][]time.Time{}}
		l.keepCalendar()
		l.habits()
		l.plan()
		l.live()
		summary = l.check(path)
		l.stopCalendar()
		h.end()
		if err := h.db.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Logf("%d people, %d days: %s; took %v", s.people, s.days, summary, time.Since(began).Round(10*time.Millisecond))
}

// openHouseSlowly opens a house whose bot looks at its deadlines twice an hour: over a year
// that is enough, and takes seconds instead of minutes.
func openHouseSlowly(t *testing.T, path string, people int) *house {
	t.Helper()
	db, err := storage.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := found(db, people, community.DefaultPolicy(), time.Now()); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: db, line: newPretendLine(time.Now), now: time.Now, sweep: 30 * time.Minute}
	h.start()
	return h
}

func (l *life) keepCalendar() {
	l.t.Helper()
	c, err := schedule.New(l.zone, schedule.Jobs(l.engine.Do))
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { c.Run(ctx, time.Now, zerolog.Nop()); close(ended) }()
	l.stopCalendar = func() { cancel(); <-ended }
}

// habits lets some of the people say what they want to hear.
func (l *life) habits() {
	for n := 1; n <= l.people; n++ {
		switch l.chance.IntN(6) {
		case 0, 1, 2:
			l.act(n, inDM(n), "/quiet asks on")
		case 3:
			l.act(n, inDM(n), "/quiet statements on")
		case 4:
			if n%3 == 0 {
				l.silent[n] = true
				l.act(n, inDM(n), "/quiet all off")
			}
		}
	}
}

// plan spreads what people do over the time.
func (l *life) plan() {
	for month := 0; month*30 < l.days; month++ {
		trades := l.monthly[0] + l.chance.IntN(l.monthly[1]-l.monthly[0]+1)
		for range trades {
			l.at(month*30+l.chance.IntN(30), l.trade)
		}
		for range l.posts {
			l.at(month*30+l.chance.IntN(30), l.post)
		}
		for range 2 {
			l.at(month*30+l.chance.IntN(30), l.absence)
		}
	}
	for range l.restarts {
		l.at(l.chance.IntN(l.days), l.again)
	}
	l.events = append(l.events,
		event{l.day(l.outage).Add(3 * time.Hour), func() { l.stopCalendar(); l.end(); l.off = true }},
		event{l.day(l.outage + 7).Add(3 * time.Hour), func() { l.start(); l.keepCalendar(); l.off = false }})
}

// day is midnight at the start of a day.
func (l *life) day(n int) time.Time {
	y, m, d := l.begun.In(l.zone).Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, l.zone)
}

// at lets something happen on a day, while people are awake.
func (l *life) at(day int, do func()) {
	l.later(l.day(day).Add(time.Duration(7*60+l.chance.IntN(16*60))*time.Minute), do)
}

func (l *life) later(at time.Time, do func()) { l.events = append(l.events, event{at, do}) }

// live lets the time go by.
func (l *life) live() {
	end := l.day(l.days)
	week := 0
	for {
		slices.SortStableFunc(l.events, func(a, b event) int { return a.at.Compare(b.at) })
		if len(l.events) == 0 || l.events[0].at.After(end) {
			break
		}
		next := l.events[0]
		l.events = l.events[1:]
		if wait := time.Until(next.at); wait > 0 {
			time.Sleep(wait)
		}
		synctest.Wait()
		next.do()
		if w := int(time.Since(l.begun).Hours() / 24 / 7); w > week && !l.off {
			week = w
			report, err := l.db.Audit(nil)
			if err != nil || !report.OK() || report.Sum != 0 {
				l.t.Fatalf("the books in week %d: %v %v, sum %v", week, err, report.Faults, report.Sum)
			}
			if week%4 == 0 {
				l.checkPriority()
			}
		}
	}
	if wait := time.Until(end); wait > 0 {
		time.Sleep(wait)
	}
	synctest.Wait()
}

// act lets somebody say something. What the bot says then it was asked for. While the
// machine is off the message waits for it.
func (l *life) act(n int, in chat.Conversation, text string, mentions ...chat.Mention) string {
	if l.off {
		l.later(l.day(l.outage+7).Add(4*time.Hour), func() { l.act(n, in, text, mentions...) })
		return ""
	}
	synctest.Wait()
	from := len(l.line.tries())
	l.deliver(l.said(n, in, text, mentions...))
	l.settle()
	all := l.line.tries()
	l.caused = append(l.caused, window{from, len(all)})
	said := ""
	for _, d := range all[from:] {
		if d.out.To == inDM(n) {
			said += d.out.Text
		}
	}
	return said
}

func (l *life) again() {
	if l.off {
		return
	}
	l.stopCalendar()
	l.restart()
	l.keepCalendar()
}

func (l *life) pair() (a, b int) {
	a = 1 + l.chance.IntN(l.people)
	b = 1 + (a+l.chance.IntN(l.people-1))%l.people
	return a, b
}

// trade logs help; the other side answers soon, after a reminder, or never.
func (l *life) trade() {
	giver, receiver := l.pair()
	in := inDM(giver)
	if l.chance.IntN(3) == 0 {
		in = inGroup
	}
	what := fmt.Sprintf("%dm errand-%d.", 15*(1+l.chance.IntN(12)), l.chance.IntN(1e9))
	l.act(giver, in, "/gave \ufffc "+what, chat.Mention{Person: person(receiver), Start: 6, Length: 1})
	var wait time.Duration
	switch l.chance.IntN(8) {
	case 0, 1, 2, 3:
		wait = time.Duration(l.chance.IntN(120)) * time.Minute
	case 4, 5:
		wait = time.Duration(26+l.chance.IntN(20)) * time.Hour
	case 6:
		wait = time.Duration(75+l.chance.IntN(40)) * time.Hour
	default:
		return
	}
	l.later(time.Now().Add(wait), func() { l.confirm(receiver) })
}

// confirm says yes to what waits for somebody.
func (l *life) confirm(n int) {
	var open []ledger.Trade
	if err := l.db.View(func(tx *storage.Tx) (err error) {
		m, err := l.memberOf(tx, n)
		if err != nil {
			return err
		}
		open, err = tx.OpenTrades(m.Account)
		open = slices.DeleteFunc(open, func(t ledger.Trade) bool { return t.Confirmed(m.Account) || !t.Party(m.Account) })
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	for _, t := range open {
		l.act(n, inDM(n), fmt.Sprintf("/confirm #%d", t.ID))
	}
}

func (l *life) memberOf(tx *storage.Tx, n int) (community.Member, error) {
	all, err := tx.Members()
	for _, m := range all {
		if m.Person == string(person(n)) {
			return m, err
		}
	}
	return community.Member{}, fmt.Errorf("no member %d: %w", n, err)
}

// wishes are what people ask for and offer.
var wishes = [...]string{
	"Help to move boxes, 2h", "A lift to the station on Saturday morning", "Somebody to walk my dog", "My bicycle needs a repair", "Help with tax forms, 1h",
	"Guitar lessons for my daughter", "Garden work, the hedge has grown", "Somebody to hang a lamp tomorrow at 3pm", "Mending of a coat", "A cake for a birthday",
	"Help with a computer that is slow", "Somebody to mind the children on Friday evening, 3h",
}

// post puts something on the board, which somebody may take up and its author may close.
func (l *life) post() {
	author, other := l.pair()
	name := "/request "
	if l.chance.IntN(3) == 0 {
		name = "/offer "
	}
	l.act(author, inGroup, fmt.Sprintf("%s%s (%d)", name, wishes[l.chance.IntN(len(wishes))], l.chance.IntN(1e9)))
	id := board.PostID(0)
	if err := l.db.View(func(tx *storage.Tx) error {
		all, err := tx.AllPosts()
		if len(all) > 0 {
			id = all[len(all)-1].ID
		}
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	if l.chance.IntN(2) == 0 {
		l.later(time.Now().Add(time.Duration(1+l.chance.IntN(96))*time.Hour), func() { l.act(other, inDM(other), fmt.Sprintf("/take #%d", id)) })
	}
	if l.chance.IntN(4) == 0 {
		l.later(time.Now().Add(time.Duration(1+l.chance.IntN(20*24))*time.Hour), func() { l.act(author, inDM(author), fmt.Sprintf("/close #%d", id)) })
	}
	l.later(time.Now().Add(time.Duration(24+l.chance.IntN(240))*time.Hour), func() { l.act(author, inDM(author), []string{"yes", "no", "1 yes", "45m"}[l.chance.IntN(4)]) })
}

// absence is somebody's holiday.
func (l *life) absence() {
	n := 1 + l.chance.IntN(l.people)
	l.away[n] = append(l.away[n], time.Now())
	l.act(n, inDM(n), "/away 2 weeks")
}

// check holds what was said against what was promised.
func (l *life) check(path string) string {
	unasked := l.unasked()
	l.checkBudget(unasked)
	l.checkAgain(unasked)
	file, err := sql.Open("sqlite3", path)
	if err != nil {
		l.t.Fatal(err)
	}
	defer file.Close()
	l.checkPriority()
	if l.merged == 0 {
		l.t.Error("no two nudges ever became one message: the simulation shows nothing")
	}
	digests := l.checkDigests(file)
	requests := l.checkAnswered(file)
	return fmt.Sprintf("%d messages of the bot, %d of them unasked, %d digests, %d requests", len(l.line.arrived()), len(unasked), digests, requests)
}

// unasked is what the bot said to somebody, or in a group, without having been told or
// asked anything just before.
func (l *life) unasked() []delivered {
	var all []delivered
	for i, d := range l.line.tries() {
		caused := slices.ContainsFunc(l.caused, func(w window) bool { return w.from <= i && i < w.to })
		if d.out.Act == chat.Send && !caused {
			all = append(all, d)
		}
	}
	return all
}

// checkBudget: nobody hears more than one message a day and three in seven, and nobody,
// nor a group, anything at night.
func (l *life) checkBudget(unasked []delivered) {
	sent := map[chat.Conversation][]time.Time{}
	for _, d := range unasked {
		at := d.sent.Time().In(l.zone)
		if at.Hour() < 8 || at.Hour() >= 21 {
			l.t.Errorf("at %v: %s", at, d.out.Text)
		}
		if !d.out.To.Direct() {
			continue
		}
		today, week := 0, 0
		for _, before := range sent[d.out.To] {
			if before.YearDay() == at.YearDay() && before.Year() == at.Year() {
				today++
			}
			if at.Sub(before) < 6*24*time.Hour {
				week++
			}
		}
		if today > 0 || week > 2 {
			l.t.Errorf("%v, at %v, had enough: %s", d.out.To.Person, at, d.out.Text)
		}
		sent[d.out.To] = append(sent[d.out.To], at)
	}
	if len(sent) < l.people/2 {
		l.t.Errorf("only %d people were written to: the simulation shows nothing", len(sent))
	}
}

// checkAgain: of one thing somebody is reminded twice at most, and told nothing else twice.
func (l *life) checkAgain(unasked []delivered) {
	times := map[string]int{}
	for _, d := range unasked {
		if !d.out.To.Direct() {
			continue
		}
		for _, line := range strings.Split(d.out.Text, "\n\n") {
			_, line, _ = strings.Cut(line, " ") // what may be a number
			key := fmt.Sprintf("%s %s", d.out.To.Person, line)
			switch what, _, is := strings.Cut(line, ", logged on"); {
			case is: // a reminder of a trade: each has words of its own
				key = fmt.Sprintf("%s %s", d.out.To.Person, what)
				times[key]++
				if times[key] > 2 {
					l.t.Errorf("reminded %d times: %s", times[key], line)
				}
			case strings.HasPrefix(line, "of them do you mean"), strings.HasPrefix(line, "with the number"): // how to answer
			default:
				month := d.sent.Time().Unix() / int64(community.NudgeAgain/time.Second)
				if key = fmt.Sprintf("%s %d", key, month); times[key] > 0 && !strings.Contains(line, "your ceiling") && !strings.Contains(line, "your floor") {
					l.t.Errorf("%s is told twice in a month: %s", d.out.To.Person, line)
				}
				times[key]++
			}
		}
	}
}

// said is one nudge as the file remembers it.
type told struct {
	id, member, bundle  int64
	kind, state         string
	made, before, ended int64
}

// checkPriority: nothing less urgent goes while something more urgent waits on, and what is
// dropped had outlived its use.
func (l *life) checkPriority() {
	file, err := sql.Open("sqlite3", l.db.Path())
	if err != nil {
		l.t.Fatal(err)
	}
	defer file.Close()
	rows, err := file.Query("SELECT id, member, bundle, kind, state, made_at, best_before, ended_at FROM nudge")
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	var all []told
	for rows.Next() {
		var n told
		if err := rows.Scan(&n.id, &n.member, &n.bundle, &n.kind, &n.state, &n.made, &n.before, &n.ended); err != nil {
			l.t.Fatal(err)
		}
		all = append(all, n)
	}
	for _, n := range all {
		if n.state != "sent" {
			continue
		}
		if n.ended >= n.before {
			l.t.Errorf("nudge %d (%s) was said when it was stale", n.id, n.kind)
		}
		if n.bundle != n.id {
			l.merged++
		}
		_, rank, _ := community.NudgeRuleOf(community.NudgeKind(n.kind))
		for _, o := range all {
			_, other, _ := community.NudgeRuleOf(community.NudgeKind(o.kind))
			if o.member == n.member && other < rank && o.made < n.ended && n.ended < o.before && o.state == "sent" && o.ended > n.ended {
				l.t.Errorf("nudge %d (%s) went before %d (%s)", n.id, n.kind, o.id, o.kind)
			}
		}
	}
}

// checkDigests: every digest says how often people helped each other since the last one,
// and for how long.
func (l *life) checkDigests(file *sql.DB) (n int) {
	last := l.begun
	for _, d := range l.line.arrived() {
		if d.out.To != inGroup || !strings.HasPrefix(d.out.Text, "📰") {
			continue
		}
		n++
		at := d.sent.Time()
		if at.Sub(last) > 31*24*time.Hour {
			last = at.AddDate(0, 0, -31)
		}
		var trades, requests, offers int64
		var minutes int64
		count := func(query string, into ...any) {
			if err := file.QueryRow(query, last.Unix(), at.Unix()).Scan(into...); err != nil {
				l.t.Fatal(err)
			}
		}
		count("SELECT count(*), coalesce(sum(minutes), 0) FROM trade WHERE state = 'posted' AND ended_at >= ? AND ended_at < ?", &trades, &minutes)
		count("SELECT count(*) FROM post WHERE kind = 'request' AND created_at >= ? AND created_at < ?", &requests)
		count("SELECT count(*) FROM post WHERE kind = 'offer' AND created_at >= ? AND created_at < ?", &offers)
		l.says(d.out.Text, requests > 0, fmt.Sprintf("🙏 %d new", requests))
		l.says(d.out.Text, offers > 0, fmt.Sprintf("🎁 %d new", offers))
		l.says(d.out.Text, trades > 0, fmt.Sprintf(" %s in all", ledger.Minutes(minutes)))
		if len([]rune(d.out.Text)) > 600 {
			l.t.Errorf("a digest of %d letters", len([]rune(d.out.Text)))
		}
		last = at
	}
	weeks := 0
	for _, d := range l.line.arrived() {
		if d.out.To == inCouncil && strings.HasPrefix(d.out.Text, "🌱") {
			weeks++
		}
	}
	if n < l.days/7-2 || n > l.days/7+1 || weeks < l.days/7-2 || weeks > l.days/7+1 {
		l.t.Errorf("%d digests, and %d weeks of the council, in %d days", n, weeks, l.days)
	}
	return n
}

func (l *life) says(text string, should bool, words string) {
	if strings.Contains(text, words) != should {
		l.t.Errorf("%q: %v, in\n%s", words, !should, text)
	}
}

// checkAnswered: for every request somebody came, or its author closed it, or heard how it
// stands, unless they want to hear nothing.
func (l *life) checkAnswered(file *sql.DB) (n int) {
	rows, err := file.Query(`SELECT p.text, m.person, p.created_at FROM post p JOIN member m ON m.id = p.author
		WHERE p.kind = 'request' AND p.state <> 'closed' AND NOT EXISTS (SELECT 1 FROM taker t WHERE t.post = p.id)`)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	arrived := l.line.arrived()
	for rows.Next() {
		var text, who string
		var created int64
		if err := rows.Scan(&text, &who, &created); err != nil {
			l.t.Fatal(err)
		}
		n++
		var number int
		fmt.Sscanf(who, "person-%d", &number)
		asked := time.Unix(created, 0)
		paused := slices.ContainsFunc(l.away[number], func(left time.Time) bool { return left.Sub(asked).Abs() < 15*24*time.Hour })
		if l.silent[number] || paused || time.Since(asked) < 8*24*time.Hour {
			continue
		}
		heard := slices.ContainsFunc(arrived, func(d delivered) bool {
			return d.out.To == inDM(number) && strings.Contains(d.out.Text, "I'm sorry") && strings.Contains(d.out.Text, text)
		})
		if !heard {
			l.t.Errorf("%s never heard how it stands with %q of %v", who, text, time.Unix(created, 0))
		}
	}
	return n
}

var _ bot.Line = (*pretendLine)(nil)
