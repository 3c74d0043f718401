package portal

import (
	"fmt"
	"os"
	"slices"
	"time"

	"communityconnect/community"
	"communityconnect/storage"
)

// alarmsShown is how many alarms a page shows.
const alarmsShown = 30

// drillJob is the entry of the calendar that tries a restore.
const drillJob = "drill"

func count(n int, what string) string { return fmt.Sprint(n, " ", what) }

// caseView is a case as the council sees it.
type caseView struct {
	ID         int64
	Stage      string
	Opened     string
	Due        string
	Late       bool
	About      string
	Statements []string
	Decide     bool // it was passed to the council, and the member has no part in it
	Party      bool
}

func (v *visit) cases() (any, error) {
	open, err := v.read.Cases()
	var all []caseView
	for _, c := range open {
		all = append(all, caseView{
			ID: int64(c.ID), Opened: v.read.Day(c.Opened), Due: v.date(c.Due), Late: v.now.After(c.Due), About: c.About,
			Statements: c.Statements, Decide: c.CouncilReads() && !c.Party, Party: c.Party,
			Stage: map[community.Stage]string{
				community.Seeking: "a mediator is looked for", community.Mediating: "a neighbour mediates",
				community.Offered: "an outcome waits for both to agree", community.WithCouncil: "passed to the council",
			}[c.Stage],
		})
	}
	return all, err
}

// healthPage is how the community and the bot are doing.
type healthPage struct {
	Text    string
	Figures []figure
	Alarms  []alarmView
	Charts  []chart
}

type figure struct{ Label, Value string }

type alarmView struct {
	Text  string
	Since string
	Over  bool
}

func (v *visit) health() (any, error) {
	var h healthPage
	var err error
	if h.Figures, err = v.figures(); err != nil {
		return nil, err
	}
	alarms, err := v.read.Alarms(alarmsShown)
	if err != nil {
		return nil, err
	}
	for _, a := range alarms {
		h.Alarms = append(h.Alarms, alarmView{a.Text, v.read.Clock(a.Since), !a.Cleared.IsZero()})
	}
	found, err := v.read.Health()
	if err != nil {
		return nil, err
	}
	if h.Text, err = v.read.HealthText(found); err != nil {
		return nil, err
	}
	var bars []bar
	for _, w := range found.Weeks {
		bars = append(bars, bar{Label: "week of " + w.Start.Format("2 January"), Value: int64(w.Minutes), Printed: w.Minutes.String()})
	}
	hours := newChart("Help given, week by week", bars)
	posts, err := v.weeks("New on the board, week by week", v.tx.PostsBefore)
	h.Charts = []chart{hours, posts, v.joined()}
	return h, err
}

// figures are counted over everybody; there is nobody in them.
func (v *visit) figures() ([]figure, error) {
	active, newcomers, unmet := 0, 0, 0
	for _, m := range v.read.Members() {
		if !m.Active() {
			continue
		}
		active++
		if m.Status == community.Newcomer {
			newcomers++
		}
		if m.Person != "" && !m.Met {
			unmet++
		}
	}
	posts, err := v.read.Board("requests")
	if err != nil {
		return nil, err
	}
	waiting, failed, err := v.tx.Backlog()
	if err != nil {
		return nil, err
	}
	dead, err := v.tx.DeadMessages()
	return []figure{
		{"Members", fmt.Sprint(active)}, {"of them newcomers", fmt.Sprint(newcomers)}, {"haven't said hello to the bot", fmt.Sprint(unmet)},
		{"Open requests", fmt.Sprint(len(posts))}, {"Messages waiting to go out", fmt.Sprint(waiting)},
		{"Messages given up", fmt.Sprint(failed + dead)},
	}, err
}

// joined counts who has come in each of the last weeks.
func (v *visit) joined() chart {
	c, _ := v.weeks("New members, week by week", func(moment time.Time) (int64, error) {
		n := int64(0)
		for _, m := range v.read.Members() {
			if m.Known() && m.Joined.Before(moment) {
				n++
			}
		}
		return n, nil
	})
	return c
}

// backupView is one backup, as its name tells of it.
type backupView struct {
	At        string
	Size      string
	Hash      string
	Encrypted bool
}

// backupsPage lists the backups that are there.
type backupsPage struct {
	Known   bool // there is a directory
	Backups []backupView
	Latest  string
	Drill   string // when a restore was last tried; "" for never
	Alarms  []alarmView
}

func (v *visit) backups() (any, error) {
	page := backupsPage{Known: v.Backups != ""}
	if !page.Known {
		return page, nil
	}
	there, err := os.ReadDir(v.Backups)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	type backup struct {
		storage.BackupName
		size int64
	}
	var all []backup
	for _, entry := range there {
		name, ok := storage.ParseBackupName(entry.Name())
		info, err := entry.Info()
		if ok && err == nil && name.Stem == storage.BackupStem(v.db().Path()) {
			all = append(all, backup{name, info.Size()})
		}
	}
	slices.SortFunc(all, func(a, b backup) int { return b.At.Compare(a.At) })
	for _, b := range all {
		page.Backups = append(page.Backups, backupView{
			At: b.At.In(v.read.Zone()).Format("2 January 2006, 15:04"), Size: fmt.Sprintf("%d KB", (b.size+1023)/1024), Hash: b.Head.Short(), Encrypted: b.Encrypted,
		})
	}
	_, drilled, err := v.tx.JobDone(drillJob)
	if err != nil {
		return nil, err
	}
	if !drilled.IsZero() {
		page.Drill = v.read.Clock(drilled)
	}
	if len(all) > 0 {
		page.Latest = v.read.Clock(all[0].At)
	}
	alarms, err := v.read.Alarms(alarmsShown)
	for _, a := range alarms {
		if a.Kind == community.BackupOld || a.Kind == community.BackupDamaged {
			page.Alarms = append(page.Alarms, alarmView{a.Text, v.read.Clock(a.Since), !a.Cleared.IsZero()})
		}
	}
	return page, err
}
