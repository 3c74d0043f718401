package bot_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
)

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
