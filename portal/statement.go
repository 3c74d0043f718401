package portal

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"communityconnect/bot"
	"communityconnect/ledger"
)

// statementLines is how many lines one page of a statement shows; a CSV file holds all.
const (
	statementLines = 100
	csvLines       = 100_000
)

// entryView is one line of a statement.
type entryView struct {
	Trade   int64 // 0 where it has no page
	Day     string
	Date    string // 2026-05-04
	Short   string // 4 May, with the year where it is another
	Change  string
	Balance string
	With    string
	What    string
	Up      bool
	minutes ledger.Minutes
	balance ledger.Minutes
	kind    ledger.TransferKind
	seq     int64
}

func (v *visit) entryViews(entries []bot.Entry) []entryView {
	var all []entryView
	for _, e := range entries {
		at := e.Transfer.At.In(v.read.Zone())
		short := at.Format("2 Jan 2006")
		if at.Year() == v.now.In(v.read.Zone()).Year() {
			short = at.Format("2 Jan")
		}
		all = append(all, entryView{
			Short: short, Trade: int64(e.Transfer.Trade), Day: v.read.Day(e.Transfer.At), Date: at.Format(time.DateOnly), Change: e.Change.Signed(),
			Balance: e.Balance.Signed(), With: e.With, What: e.What, Up: e.Change > 0, minutes: e.Change, balance: e.Balance,
			kind: e.Transfer.Kind, seq: e.Transfer.Seq,
		})
	}
	return all
}

// latest are an account's newest entries.
func (v *visit) latest(a ledger.Account, limit int) ([]entryView, error) {
	transfers, err := v.tx.History(a.ID, limit)
	if err != nil {
		return nil, err
	}
	entries, err := v.read.Statement(transfers, a.Balance)
	return v.entryViews(entries), err
}

// period is what a statement covers: whole days in the community's zone.
type period struct {
	From, To   string // as the form shows them
	First      string // in words
	Last       string
	begin, end time.Time
	Problem    string
}

// readPeriod reads the days asked for. Without any it is the last three months.
func (v *visit) readPeriod() period {
	zone := v.read.Zone()
	y, m, d := v.now.In(zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, zone)
	p := period{begin: today.AddDate(0, -3, 0), end: today}
	q := v.r.URL.Query()
	for name, day := range map[string]*time.Time{"from": &p.begin, "to": &p.end} {
		if q.Get(name) == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, q.Get(name), zone)
		if err != nil {
			p.Problem = "That isn't a day. Like this: 2026-05-04."
			continue
		}
		*day = t
	}
	if p.end.Before(p.begin) {
		p.begin, p.end = p.end, p.begin
	}
	p.From, p.To = p.begin.Format(time.DateOnly), p.end.Format(time.DateOnly)
	p.First, p.Last = p.begin.Format("2 January 2006"), p.end.Format("2 January 2006")
	p.end = p.end.AddDate(0, 0, 1)
	return p
}

// statementPage is what came and went in a period.
type statementPage struct {
	period
	Lines     []entryView
	Opening   string // only where all of the period is on the page
	Closing   string
	Got, Gave string
	Older     int64 // the number below which the next page begins; 0 for none
	Whole     bool
	Known     bool // the balances are
	Name      string
	Community string
	Printed   string
}

func (v *visit) statement() (any, error) {
	s := statementPage{period: v.readPeriod(), Name: v.me.Name, Community: v.read.Community().Name, Printed: v.now.In(v.read.Zone()).Format("2 January 2006")}
	before, _ := strconv.ParseInt(v.r.URL.Query().Get("before"), 10, 64) // 0: from the newest
	part, err := v.entries(s.period, before, statementLines)
	if err != nil {
		return nil, err
	}
	entries, more := part.all, part.more
	s.Lines, s.Known = v.entryViews(entries), part.known
	s.Whole = !more && before == 0
	if n := len(entries); n > 0 {
		oldest := entries[n-1]
		s.Closing = entries[0].Balance.Signed()
		s.Opening = (oldest.Balance - oldest.Change).Signed()
		if more {
			s.Older = oldest.Transfer.Seq
		}
	}
	var got, gave ledger.Minutes
	for _, e := range entries {
		if e.Change > 0 {
			gave += e.Change
		} else {
			got -= e.Change
		}
	}
	s.Got, s.Gave = got.String(), gave.String()
	return s, nil
}

// stretch is a piece of somebody's history, newest first.
type stretch struct {
	all   []bot.Entry
	more  bool // there are earlier ones in the period
	known bool // the balances are: so long ago they can't be added up for a page
}

// entries are the member's entries in a period, below a transfer's number (0: all).
func (v *visit) entries(p period, before int64, limit int) (s stretch, err error) {
	after, err := v.tx.TransfersBefore(p.begin)
	if err != nil {
		return s, err
	}
	last, err := v.tx.TransfersBefore(p.end)
	if err != nil {
		return s, err
	}
	if before > 0 {
		last = min(last, before-1)
	}
	transfers, err := v.tx.Period(v.me.Account, after, last, limit+1)
	if err != nil || len(transfers) == 0 {
		return s, err
	}
	a, err := v.tx.Account(v.me.Account)
	if err != nil {
		return s, err
	}
	since, known, err := v.tx.ChangeAfter(a.ID, transfers[0].Seq)
	if err != nil {
		return s, err
	}
	if s.more = len(transfers) > limit; s.more {
		transfers = transfers[:limit]
	}
	s.known = known
	s.all, err = v.read.Statement(transfers, a.Balance-since)
	return s, err
}

// statementCSV is a period for a spreadsheet, oldest first.
func (v *visit) statementCSV() error {
	p := v.readPeriod()
	part, err := v.entries(p, 0, csvLines)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="statement-`+p.From+"-"+p.To+`.csv"`)
	out := csv.NewWriter(&v.body)
	_ = out.Write([]string{"date", "with", "what", "minutes", "balance_minutes", "kind", "entry"})
	lines := v.entryViews(part.all)
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		balance := fmt.Sprint(int64(l.balance))
		if !part.known {
			balance = ""
		}
		_ = out.Write([]string{l.Date, cell(l.With), cell(l.What), fmt.Sprint(int64(l.minutes)), balance, string(l.kind), fmt.Sprint(l.seq)})
	}
	out.Flush()
	return out.Error()
}

// cell keeps a text that people wrote from being taken for a formula by a spreadsheet.
func cell(text string) string {
	if bare := strings.TrimSpace(text); bare != "" && strings.ContainsAny(string([]rune(bare)[0]), "=+-@＝＋－＠") {
		return "'" + text
	}
	return text
}
