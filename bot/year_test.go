package bot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
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

// said is one nudge as the file remembers it.
type told struct {
	id, member, bundle  int64
	kind, state         string
	made, before, ended int64
}

var _ bot.Line = (*pretendLine)(nil)
