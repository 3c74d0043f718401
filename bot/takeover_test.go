package bot_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// The people of an attack on the account of the victim: the n-th members of the house.
const (
	accomplice = 2 // on the council
	careless   = 1 // on the council, as the third: says yes to whatever anybody begins, and begins it, too
	asCareless = 3
	victim     = 6
	housemate  = 7 // of the victim's, and as careless
)

// attack is a stranger who wants to be somebody, and whoever helps them.
type attack struct {
	*house
	random *rand.Rand
	clock  handClock
}

var shownCode = regexp.MustCompile(`\b[A-Z]{3}-[A-Z]{3}\b`)

// codes are the attacker's own, mostly, then what others were given last, and one that
// nobody was.
func (a *attack) codes() []string {
	var own, others []string
	for _, d := range a.line.arrived() {
		switch shown := shownCode.FindAllString(d.out.Text, -1); {
		case strings.HasPrefix(string(d.out.To.Person), "mallory") && len(shown) > 0:
			own = shown[:1]
		case d.out.To.Direct():
			others = append(others, shown...)
		}
	}
	return append(append(others[max(0, len(others)-2):], own...), append(own, "BCD-FGH")...)
}

func pick[T any](a *attack, all ...T) T { return all[a.random.IntN(len(all))] }

func (a *attack) stranger(name chat.PersonID, text string) chat.Message {
	m := a.said(1, chat.Conversation{Person: name}, text)
	m.From, m.Name = name, "Neighbour 6"
	return m
}

// asked is the last act that waits, or has waited, for the council.
func (a *attack) asked() (sent chat.Timestamp) {
	for _, d := range a.line.arrived() {
		if d.out.To == inCouncil && strings.Contains(d.out.Text, "It needs a ✅") {
			sent = d.sent
		}
	}
	return sent
}

// step is one thing that one of them does.
func (a *attack) step() chat.Message {
	puppets := []chat.PersonID{"puppet-1", "puppet-2"}
	code := pick(a, a.codes()...)
	switch a.random.IntN(10) {
	case 0:
		text := pick(a, "I'm Neighbour 6, new account", "/join I'm Neighbour 6, I lost my phone", "yes")
		if a.random.IntN(20) == 0 {
			text = "/join" // as somebody new, to be somebody else later
		}
		return a.stranger(pick[chat.PersonID](a, "mallory-1", "mallory-2"), text)
	case 1, 9:
		return a.stranger(pick(a, puppets...), pick(a, "/join", "/vouch "+code, "/vouch "+code, "yes", "yes"))
	case 2:
		return a.said(accomplice, inDM(accomplice), pick(a, "/vouch "+code, "/vouch "+code, "/lost Neighbour 6", "/vouch Neighbour 6"))
	case 3:
		return a.said(accomplice, inDM(accomplice), "yes")
	case 4:
		return a.said(housemate, inDM(housemate), pick(a, "/vouch "+code, "yes", "/vouch Neighbour 6"))
	case 5:
		return a.said(pick(a, accomplice, careless, asCareless), inCouncil, "/approve "+code)
	case 6, 7, 8:
		return a.tapped(pick(a, accomplice, careless, asCareless), inCouncil, "✅", a.asked())
	default:
		a.clock.move(time.Duration(a.random.Int64N(int64(60 * time.Hour))))
		return a.said(victim, inDM(victim), pick(a, "hello", "yes"))
	}
}

// Nobody takes an account over by asking the bot, nor with one accomplice, nor with any
// number of newcomers whom the accomplice brings in, nor with the victim's own household:
// even where that one is on the council, the rest of it seconds whatever it is asked, and
// the victim says yes to everything.
func TestNobodyIsTakenOver(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			a := &attack{random: rand.New(rand.NewPCG(seed, 0)), clock: handClock{time: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)}}
			a.house = openHouse(t, filepath.Join(t.TempDir(), "house.db"), housemate, a.clock.now)
			a.shareAccount()
			vouched := false
			for range 300 {
				a.clock.move(time.Minute)
				a.deliver(a.step())
				a.settle()
				vouched = a.check() || vouched
			}
			a.end()
			if !vouched {
				t.Error("the attack never got as far as a voucher: it attacks nothing")
			}
			if err := a.db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// shareAccount makes the victim and the housemate one household. The first account is the
// commons'.
func (a *attack) shareAccount() {
	a.t.Helper()
	a.end()
	if err := a.db.Update(func(tx *storage.Tx) error { return tx.JoinHousehold(housemate, victim+1, community.DefaultPolicy()) }); err != nil {
		a.t.Fatal(err)
	}
	a.start()
}

// check holds that the victim is who they were, and reports whether anybody stands for
// somebody else in their place.
func (a *attack) check() (vouched bool) {
	a.t.Helper()
	if err := a.db.View(func(tx *storage.Tx) error {
		members, err := tx.Members()
		if err != nil {
			return err
		}
		if got := members[victim-1].Person; got != string(person(victim)) {
			a.t.Fatalf("%s is Neighbour 6 now", got)
		}
		all, err := tx.Applicants()
		for _, applicant := range all {
			by, err := tx.Vouchers(applicant.ID)
			vouched = vouched || err == nil && applicant.Kind == storage.Claims && len(by) > 0
		}
		return err
	}); err != nil {
		a.t.Fatal(err)
	}
	return vouched
}
