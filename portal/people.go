package portal

import (
	"slices"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/bot"
	"communityconnect/community"
)

func sortByName(all []personOption) {
	slices.SortFunc(all, func(a, b personOption) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
}

// people lists who is in the community.
func (v *visit) people() (any, error) {
	var all []personOption
	for _, m := range v.read.Members() {
		if m.Known() && m.Status != community.Former {
			all = append(all, personOption{int64(m.ID), m.Name})
		}
	}
	sortByName(all)
	return peoplePage{all, v.me.MayVouch() && v.read.May("vouch", bot.InDM)}, nil
}

// peoplePage is everybody, and the door for those whom one brings.
type peoplePage struct {
	People   []personOption
	MayVouch bool
}

// personPage is what neighbours may know of each other; there is nothing in it to compare
// people by.
type personPage struct {
	ID    int64
	Name  string
	About string
	Since string
	By    string // who vouched for them
	Deeds string
	Posts []postView
	Mine  bool

	MayVouch bool // their phone is new or lost, and somebody has to stand for them
	MayLost  bool
}

func (p personPage) title() string { return p.Name }

func (v *visit) personPage() (any, error) {
	id, err := v.pathNumber()
	if err != nil {
		return nil, err
	}
	m, known := v.read.Member(community.MemberID(id))
	if !known || !m.Known() || m.Status == community.Former {
		return nil, errNotThere
	}
	p := personPage{
		ID: id, Name: m.Name, Since: m.Joined.In(v.read.Zone()).Format("2 January 2006"), Mine: m.ID == v.me.ID,
	}
	if m.Account != v.me.Account && v.me.Frozen.IsZero() && m.Person != "" {
		p.MayVouch = !m.Frozen.IsZero() && v.read.May("vouch", bot.InDM)
		p.MayLost = m.Frozen.IsZero() && v.read.May("lost", bot.InDM)
	}
	if p.About, err = v.tx.AboutMember(m.ID); err != nil {
		return nil, err
	}
	if p.By, err = v.read.Sponsors(m); err != nil {
		return nil, err
	}
	if p.Deeds, err = v.read.Deeds(m); err != nil {
		return nil, err
	}
	posts, err := v.tx.OpenPostsOf(int64(m.ID), v.now)
	if err != nil || !m.Active() {
		return p, err
	}
	for _, post := range posts {
		if post.State == board.Open {
			p.Posts = append(p.Posts, v.postView(post))
		}
	}
	return p, nil
}

// lostPage is for whoever has lost their phone.
type lostPage struct {
	Name  string
	Lost  bool
	Stays bool // reporting it leaves them in here: they have shown that they know the password
}

func (v *visit) lostPhone() (any, error) {
	return lostPage{v.read.Name(v.me), v.me.Lost, v.login.By == "password"}, nil
}

// ownPage is what is kept about the member, and their doors.
type ownPage struct {
	Name     string
	About    string
	UserName string
	Logins   []loginView
	Deaf     bool
	MayFiles bool
	Mediates bool
	Unasked  string // what the bot sends unasked
	Away     bool
	Until    string // when they are back; "" for a day that nobody knows
	Leaving  bool
	Plan     string // until when a leaver can even out their account
}

type loginView struct {
	ID     int64
	Device string
	By     string
	Seen   string
	Since  string
	Here   bool
}

func (v *visit) own() (any, error) {
	p := ownPage{Name: v.me.Name, Deaf: v.me.Deaf, MayFiles: v.me.Frozen.IsZero()}
	chosen, _, err := v.tx.PasswordOf(v.me.ID)
	if err != nil {
		return nil, err
	}
	p.UserName = chosen.Name
	if p.About, err = v.tx.AboutMember(v.me.ID); err != nil {
		return nil, err
	}
	if p.Mediates, err = v.read.Mediates(); err != nil {
		return nil, err
	}
	if p.Unasked, err = v.read.Unasked(); err != nil {
		return nil, err
	}
	if a, away := v.read.Absence(); away {
		p.Away = true
		if !a.Until.IsZero() {
			p.Until = v.date(a.Until)
		}
	}
	if l, leaving := v.read.Leaving(); leaving {
		p.Leaving, p.Plan = true, v.date(l.Until)
	}
	logins, err := v.tx.Logins(v.me.ID, v.now)
	for _, l := range logins {
		p.Logins = append(p.Logins, loginView{
			ID: l.ID, Device: deviceName(l.Device), By: l.By, Seen: v.read.Clock(l.Seen), Since: v.read.Day(l.Since), Here: l.ID == v.login.ID,
		})
	}
	return p, err
}

// date is a day that is not far away.
func (v *visit) date(t time.Time) string { return t.In(v.read.Zone()).Format("2 January") }

// ownFile is everything held about the member, in one of two forms.
func (v *visit) ownFile() error {
	if !v.me.Frozen.IsZero() {
		return errNotAllowed
	}
	files, err := v.read.OwnFiles()
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Name == v.r.PathValue("name") {
			v.w.Header().Set("Content-Type", f.Type+"; charset=utf-8")
			v.w.Header().Set("Content-Disposition", `attachment; filename="`+f.Name+`"`)
			_, err := v.body.Write(f.Data)
			return err
		}
	}
	return errNotThere
}

// deviceName makes what browsers call themselves readable: "Firefox on Android".
func deviceName(agent string) string {
	name := "A browser"
	for _, b := range []struct{ sign, name string }{{"Firefox/", "Firefox"}, {"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}} {
		if strings.Contains(agent, b.sign) {
			name = b.name
			break
		}
	}
	for _, s := range []struct{ sign, name string }{{"Android", "Android"}, {"iPhone", "an iPhone"}, {"iPad", "an iPad"}, {"Windows", "Windows"}, {"Mac OS", "a Mac"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, s.sign) {
			return name + " on " + s.name
		}
	}
	return name
}
