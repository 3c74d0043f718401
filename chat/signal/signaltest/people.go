package signaltest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"communityconnect/chat"
)

type person struct {
	id      chat.PersonID
	name    string
	asked   int // how often for their name, among few
	number  string
	hidden  bool // does not show the number
	phone   int  // which phone it is; a new one has a new key
	trusted int  // the phone the daemon trusts
	changed chat.Timestamp
	known   time.Time // from when on the daemon has the new key, zero if it has not met it yet
}

type group struct {
	id       chat.GroupID
	title    string
	members  []chat.PersonID
	pending  []chat.PersonID
	admins   []chat.PersonID
	revision int
	link     bool
	closed   bool // only admins add people
	announce bool // only admins write
	unknown  bool // to the daemon
}

// Person makes a person who shows their number.
func (d *Daemon) Person(name string) chat.PersonID {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.newPerson(name).id
}

// HiddenPerson makes a person who does not show their number, as nearly everybody.
func (d *Daemon) HiddenPerson(name string) chat.PersonID {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.newPerson(name)
	p.hidden = true
	return p.id
}

func (d *Daemon) newPerson(name string) *person {
	n := len(d.order)
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", n, name))
	id := chat.PersonID(fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]))
	p := &person{id: id, name: name, number: fmt.Sprintf("+3538700%05d", n), changed: d.now()}
	d.people[id] = p
	d.order = append(d.order, id)
	return p
}

// Reinstall gives a person a new phone: their safety number changes, what they write is
// held back and what is sent to them fails until the new key is trusted.
func (d *Daemon) Reinstall(id chat.PersonID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.people[id]
	p.phone++
	p.changed = d.now()
	p.known = time.Time{}
}

// meet lets the daemon come across a person's new key, which it has after a while.
func (p *person) meet(after time.Duration) {
	if p.phone != p.trusted && p.known.IsZero() {
		p.known = time.Now().Add(after)
	}
}

// met reports whether the daemon has the person's present key.
func (p *person) met() bool {
	return p.phone == p.trusted || !p.known.IsZero() && !time.Now().Before(p.known)
}

// Forget lets the daemon know nothing of a group until something comes from it, as after
// linking.
func (d *Daemon) Forget(id chat.GroupID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.groups[id].unknown = true
}

// Group makes a group of the bot and some people; the bot and the first are admins.
func (d *Daemon) Group(title string, members ...chat.PersonID) chat.GroupID {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := d.newGroup(title, members)
	g.members = append([]chat.PersonID{d.bot.id}, members...)
	g.admins = append([]chat.PersonID{d.bot.id}, g.admins...)
	return g.id
}

// Invitation makes a group to which the bot is only invited.
func (d *Daemon) Invitation(title string, members ...chat.PersonID) chat.GroupID {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := d.newGroup(title, members)
	g.members = slices.Clone(members)
	g.pending = []chat.PersonID{d.bot.id}
	return g.id
}

func (d *Daemon) newGroup(title string, members []chat.PersonID) *group {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", len(d.groups), title))
	g := &group{id: chat.GroupID(base64.StdEncoding.EncodeToString(sum[:])), title: title}
	if len(members) > 0 {
		g.admins = []chat.PersonID{members[0]}
	}
	d.groups[g.id] = g
	return g
}

// GroupRules sets what a group allows: an invite link, everybody adding people, everybody
// writing. A bot without rights is no admin.
func (d *Daemon) GroupRules(id chat.GroupID, link, anyoneAdds, anyoneWrites, botIsAdmin bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := d.groups[id]
	g.link, g.closed, g.announce = link, !anyoneAdds, !anyoneWrites
	g.admins = slices.DeleteFunc(g.admins, func(p chat.PersonID) bool { return p == d.bot.id })
	if botIsAdmin {
		g.admins = append(g.admins, d.bot.id)
	}
}

// Join puts people into a group, by the hand of its first member, and announces it.
func (d *Daemon) Join(id chat.GroupID, people ...chat.PersonID) {
	d.changeGroup(id, func(g *group) { g.members = append(g.members, people...) })
}

// Leave takes people out of a group and announces it; the bot, too.
func (d *Daemon) Leave(id chat.GroupID, people ...chat.PersonID) {
	d.changeGroup(id, func(g *group) {
		g.members = slices.DeleteFunc(g.members, func(p chat.PersonID) bool { return slices.Contains(people, p) })
	})
}

// Retitle gives a group another name and announces it.
func (d *Daemon) Retitle(id chat.GroupID, title string) {
	d.changeGroup(id, func(g *group) { g.title = title })
}

func (d *Daemon) changeGroup(id chat.GroupID, change func(*group)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := d.groups[id]
	by := g.admins[len(g.admins)-1]
	change(g)
	g.revision++
	e := d.envelope(d.people[by], d.now())
	e.Data = &dataMessage{Timestamp: e.Timestamp, Group: g.info("UPDATE")}
	d.deliver(d.people[by], e)
}

func (g *group) info(kind string) *groupInfo {
	return &groupInfo{ID: string(g.id), Name: g.title, Revision: g.revision, Type: kind}
}

// fingerprint is the person's key as the daemon has it.
func (p *person) fingerprint() string {
	phone := p.phone
	if !p.met() {
		phone = p.trusted
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", p.id, phone))
	return fmt.Sprintf("05 % x", sum)
}

// half is the person's half of a safety number.
func (p *person) half() string {
	sum := sha256.Sum256([]byte(p.fingerprint()))
	var groups []string
	for i := range 6 {
		groups = append(groups, fmt.Sprintf("%05d", (int(sum[2*i])<<8|int(sum[2*i+1]))%100000))
	}
	return strings.Join(groups, " ")
}
