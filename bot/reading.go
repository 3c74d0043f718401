package bot

import (
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// Reading is what the web pages ask the conversation on behalf of one member: what it
// would show them, and in which order. It changes nothing and may be used beside the
// engine, within the transaction it was made with.
type Reading struct{ c *Call }

// Look is who is in the community, as the pages see it: read once, and anew when the engine
// has changed something about people.
type Look struct {
	engine     *Engine
	people     *people
	generation int64
}

// Look looks who is in the community. It opens a snapshot of its own where it has to, so
// that it must not be called within one.
func (e *Engine) Look() (Look, error) {
	// The number is read first: what has changed since is read anew the next time.
	l := Look{engine: e, generation: e.generation.Load()}
	if last := e.looked.Load(); last != nil && last.generation == l.generation {
		return *last, nil
	}
	err := e.db.View(func(tx *storage.Tx) (err error) {
		l.people, err = readPeople(tx)
		return err
	})
	if err == nil {
		e.looked.Store(&l)
	}
	return l, err
}

// Reading prepares to read for a member; found is false where there is none of that number.
func (l Look) Reading(tx *storage.Tx, id community.MemberID) (r Reading, found bool) {
	e := l.engine
	m, found := l.people.byID[id]
	return Reading{&Call{tx: tx, book: tx, now: e.now(), people: l.people, world: &e.world, from: m, place: InDM, in: direct(m)}}, found
}

// Me is the member who is read for.
func (r Reading) Me() community.Member { return r.c.from }

// Members are all who are or were in the community.
func (r Reading) Members() []community.Member { return r.c.people.all }

// Policy is what is in force.
func (r Reading) Policy() community.Policy { return r.c.people.policy }

// Community is what the file says about the community.
func (r Reading) Community() storage.Community { return r.c.people.community }

// Member returns a member by number.
func (r Reading) Member(id community.MemberID) (community.Member, bool) {
	m, ok := r.c.people.byID[id]
	return m, ok
}

// Holder is who speaks for an account.
func (r Reading) Holder(a ledger.AccountID) community.Member { return r.c.people.holder(a) }

// Name is what to call somebody.
func (r Reading) Name(m community.Member) string { return r.c.people.short(m) }

// May tells whether the member may use a command in a place.
func (r Reading) May(command string, at Place) bool { return May(r.c.from, command, at) }

// Board is what /board shows for these words, all of it.
func (r Reading) Board(words string) ([]board.Post, error) {
	kind, search, _ := boardWords(words + " 1")
	return r.c.boardPosts(kind, search)
}

// WhoCan is what /find shows.
func (r Reading) WhoCan(text string) []Suggestion { return r.c.whoCan(text) }

// AnswersTo are the people whom the card of a post names.
func (r Reading) AnswersTo(p board.Post) []Suggestion {
	author, _ := r.Member(community.MemberID(p.Author))
	return r.c.answersTo(p, author)
}

// OwnPosts are the open posts of the member's household.
func (r Reading) OwnPosts() ([]board.Post, error) { return r.c.ownPosts() }

// Entry is a line of the member's statement.
type Entry struct {
	ledger.Line
	With string // who the other was
	What string
}

// Statement puts transfers of the member's account, newest first, into words. After is
// where the account stood after the first of them.
func (r Reading) Statement(newestFirst []ledger.Transfer, after ledger.Minutes) (all []Entry, err error) {
	a := ledger.Account{ID: r.c.from.Account, Balance: after}
	for _, l := range wholeTrades(ledger.Statement(a, newestFirst)) {
		with, what, err := r.c.historyWords(l.Transfer)
		if err != nil {
			return nil, err
		}
		all = append(all, Entry{l, r.Name(with), what})
	}
	return all, nil
}

// Day prints a day as the bot does: today, yesterday, Thursday, 4 May.
func (r Reading) Day(t time.Time) string { return r.c.day(t) }

// Clock prints when something was: at 14:05, yesterday at 14:05.
func (r Reading) Clock(t time.Time) string { return r.c.clock(t) }

// Zone is the community's.
func (r Reading) Zone() *time.Location { return r.c.world.zone }

// LimitsAreSecret tells whether the limits of somebody's account would tell its balance.
func (r Reading) LimitsAreSecret(m community.Member) bool { return r.c.onTheWayOut(m.Account) }

// Deeds counts in words what somebody has done with others.
func (r Reading) Deeds(m community.Member) (string, error) {
	d, err := r.c.tx.Deeds(m.Account)
	return r.c.deeds(d), err
}

// Sponsors tells who vouched for somebody when they came; "" for founders.
func (r Reading) Sponsors(m community.Member) (string, error) {
	text, err := r.c.sponsors(m)
	return strings.TrimSpace(r.Plain(text)), err
}

// Plain makes a kept text readable: persons by name.
func (r Reading) Plain(text string) string {
	text, _ = r.c.people.render(text, direct(r.c.from))
	return text
}
