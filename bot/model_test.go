package bot_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// TestModel lets neighbours do whatever they like, in any order, and holds what the bot
// makes of it against plain rules: balances add up to zero, no trade takes anybody
// further outside their limits, an undoing gives both back what they had, and what is
// delivered twice changes nothing and is met with silence.
func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(t)
		defer closeHouse(m.house)
		rt.Repeat(map[string]func(*rapid.T){
			"log": m.log, "log elsewhere": m.log, "yes": m.yes, "yes again": m.yes, "no": m.no, "take back": m.takeBack, "amend": m.amend,
			"cancel": m.cancel, "undo": m.undo, "answer undo": m.answerUndo, "reverse": m.reverse, "limits": m.limits,
			"redeliver": m.redeliver, "restart": func(*rapid.T) { m.restart() }, "wait": m.wait,
			"": m.compare,
		})
		m.sound()
	})
}

const modelMembers = 5 // the first three are the council

// modelTrade is what the rules know of a trade.
type modelTrade struct {
	giver, receiver, loggedBy int
	minutes                   ledger.Minutes
	version                   int
	confirmed                 map[int]bool
	state                     ledger.TradeState
	expires                   time.Time
	prompts                   []modelPrompt
	undo                      *modelUndo
}

// modelPrompt is a message of the bot about a trade, as it stood then.
type modelPrompt struct {
	in      chat.Conversation
	sent    chat.Timestamp
	version int
}

// modelUndo is an open question whether a trade may be undone.
type modelUndo struct {
	asked   int
	sent    chat.Timestamp
	expires time.Time
}

// model is a house, and what plain rules make of what happens in it.
type model struct {
	*house
	clock                   handClock
	balance, floor, ceiling map[int]ledger.Minutes
	trades                  []*modelTrade // number 1 first
	said                    []chat.Message
	heard                   int            // how much of the line has been looked at
	doubt                   chat.Timestamp // the last question whether two logs are one piece of help
}

// handClock is moved by hand.
type handClock struct {
	mu   sync.Mutex
	time time.Time
}

func (c *handClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.time
}

func (c *handClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.time = c.time.Add(d)
}

func newModel(t *testing.T) *model {
	m := &model{clock: handClock{time: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)},
		balance: map[int]ledger.Minutes{}, floor: map[int]ledger.Minutes{}, ceiling: map[int]ledger.Minutes{}}
	p := community.DefaultPolicy()
	p.Floor, p.Ceiling = -3*ledger.Hour, 4*ledger.Hour
	m.house = openHouseWith(t, filepath.Join(t.TempDir(), "model.db"), modelMembers, p, m.clock.now)
	m.pragma("synchronous = OFF") // this is about rules, not about disks
	for n := 1; n <= modelMembers; n++ {
		m.floor[n], m.ceiling[n] = p.Floor, p.Ceiling
	}
	return m
}

// say hands a message over and looks at what the bot does about it.
func (m *model) say(message chat.Message) {
	m.said = append(m.said, message)
	m.deliver(message)
	m.settle()
	m.look()
	m.clock.move(time.Second)
}

// look learns which new message of the bot is about which trade.
func (m *model) look() {
	all := m.line.tries()
	for _, d := range all[m.heard:] {
		if d.out.Act != chat.Send {
			continue
		}
		var topic storage.Topic
		m.view(func(tx *storage.Tx) (err error) {
			topic, _, err = tx.About(d.out.To, d.sent)
			return err
		})
		if strings.Contains(d.out.Text, "is logged already") {
			m.doubt = d.sent
		}
		n, ok := choreIn(d.out.Text)
		if !ok || n > len(m.trades) {
			continue
		}
		t := m.trades[n-1]
		switch {
		case topic.Kind == "trade":
			t.prompts = append(t.prompts, modelPrompt{d.out.To, d.sent, t.version})
		case topic.Kind == "question" && t.undo != nil && t.undo.sent == 0 && strings.Contains(d.out.Text, "would like to undo"):
			t.undo.sent = d.sent
		}
	}
	m.heard = len(all)
}

func (m *model) view(f func(*storage.Tx) error) {
	m.t.Helper()
	if err := m.db.View(f); err != nil {
		m.t.Fatal(err)
	}
}

// reserved is what a member has confirmed that still waits for the other side.
func (m *model) reserved(n int, except *modelTrade) (down, up ledger.Minutes) {
	for _, t := range m.trades {
		if t.state == ledger.Proposed && t != except && t.confirmed[n] {
			if t.receiver == n {
				down += t.minutes
			} else {
				up += t.minutes
			}
		}
	}
	return down, up
}

// mayConfirm reports whether a side's own limits allow a trade of that size.
func (m *model) mayConfirm(t *modelTrade, n int, size ledger.Minutes) bool {
	down, up := m.reserved(n, t)
	if n == t.receiver {
		return m.balance[n]-down-size >= m.floor[n]
	}
	return m.balance[n]+up+size <= m.ceiling[n]
}

// confirm is one side's yes to the present amount.
func (m *model) confirm(t *modelTrade, n int) {
	if t.confirmed[n] || !m.mayConfirm(t, n, t.minutes) {
		return
	}
	other := t.giver + t.receiver - n
	if !t.confirmed[other] {
		t.confirmed[n] = true
		return
	}
	if m.balance[t.receiver]-t.minutes < m.floor[t.receiver] || m.balance[t.giver]+t.minutes > m.ceiling[t.giver] {
		return
	}
	t.confirmed[n], t.state = true, ledger.Posted
	m.balance[t.receiver] -= t.minutes
	m.balance[t.giver] += t.minutes
}

// reversed gives both back what they had.
func (m *model) reversed(t *modelTrade) {
	t.state = ledger.Reversed
	m.balance[t.receiver] += t.minutes
	m.balance[t.giver] -= t.minutes
}

func drawMember(rt *rapid.T, name string) int { return rapid.IntRange(1, modelMembers).Draw(rt, name) }

func drawMinutes(rt *rapid.T) ledger.Minutes {
	return ledger.Minutes(15 * rapid.IntRange(1, 12).Draw(rt, "quarters"))
}

func (m *model) drawTrade(rt *rapid.T) (*modelTrade, int) {
	if len(m.trades) == 0 {
		rt.Skip("no trades yet")
	}
	n := rapid.IntRange(max(1, len(m.trades)-5), len(m.trades)).Draw(rt, "trade")
	return m.trades[n-1], n
}

// drawPrompt picks a message about a trade, and somebody who sees it.
func (m *model) drawPrompt(rt *rapid.T) (*modelTrade, modelPrompt, int) {
	t, _ := m.drawTrade(rt)
	if len(t.prompts) == 0 {
		rt.Skip("nobody was asked")
	}
	p := t.prompts[rapid.IntRange(0, len(t.prompts)-1).Draw(rt, "prompt")]
	who := drawMember(rt, "who")
	if rapid.Bool().Draw(rt, "a party") {
		who = rapid.SampledFrom([]int{t.giver, t.receiver}).Draw(rt, "party")
	}
	for n := 1; n <= modelMembers && p.in.Direct(); n++ {
		if p.in == inDM(n) {
			who = n
		}
	}
	return t, p, who
}

func (t *modelTrade) openFor(n int) bool {
	return t.state == ledger.Proposed && (n == t.giver || n == t.receiver)
}

func (m *model) log(rt *rapid.T) {
	who, other := drawMember(rt, "who"), drawMember(rt, "other")
	if who == other {
		rt.Skip("nobody helps themselves")
	}
	t := &modelTrade{giver: who, receiver: other, loggedBy: who, minutes: drawMinutes(rt), version: 1, state: ledger.Proposed,
		confirmed: map[int]bool{}, expires: m.clock.now().AddDate(0, 0, 7)}
	word := "/gave"
	if rapid.Bool().Draw(rt, "got") {
		t.giver, t.receiver, word = other, who, "/got"
	}
	in := rapid.SampledFrom([]chat.Conversation{inGroup, inDM(who)}).Draw(rt, "where")
	message := m.house.said(who, in, fmt.Sprintf("%s \ufffc %dm chore%d", word, t.minutes, len(m.trades)+1),
		chat.Mention{Person: person(other), Start: len(word) + 1, Length: 1})
	before := m.sameOpen(t)
	if before != nil {
		m.say(message)
		if rapid.Bool().Draw(rt, "the same") {
			m.confirm(before, who)
			m.say(m.tapped(who, in, "✅", m.doubt))
			return
		}
		message = m.tapped(who, in, "❌", m.doubt)
	}
	if m.mayConfirm(t, who, t.minutes) {
		t.confirmed[who] = true
		m.trades = append(m.trades, t)
	}
	m.say(message)
}

// sameOpen finds the open trade that may be what is being logged: of the same two and the
// same amount, and waiting for who logs this.
func (m *model) sameOpen(logged *modelTrade) *modelTrade {
	for _, t := range m.trades {
		if t.state == ledger.Proposed && t.giver == logged.giver && t.receiver == logged.receiver && t.minutes == logged.minutes && !t.confirmed[logged.loggedBy] {
			return t
		}
	}
	return nil
}

func (m *model) yes(rt *rapid.T) {
	t, p, who := m.drawPrompt(rt)
	if t.openFor(who) && p.version == t.version {
		m.confirm(t, who)
	}
	m.say(m.tapped(who, p.in, "✅", p.sent))
}

func (m *model) no(rt *rapid.T) {
	t, p, who := m.drawPrompt(rt)
	if t.openFor(who) && p.version == t.version {
		t.state = ledger.Declined
	}
	m.say(m.tapped(who, p.in, "❌", p.sent))
}

// takeBack takes a ✅ away that may have been given before, or not.
func (m *model) takeBack(rt *rapid.T) {
	t, p, who := m.drawPrompt(rt)
	if t.openFor(who) && p.version == t.version {
		t.confirmed[who] = false
	}
	message := m.tapped(who, p.in, "✅", p.sent)
	message.Reaction.Removed = true
	m.say(message)
}

// amend answers a prompt with another amount; naming the present one is a yes.
func (m *model) amend(rt *rapid.T) {
	t, p, who := m.drawPrompt(rt)
	size := drawMinutes(rt)
	switch {
	case !t.openFor(who):
	case size == t.minutes:
		m.confirm(t, who)
	case m.mayConfirm(t, who, size):
		t.minutes, t.confirmed, t.expires = size, map[int]bool{who: true}, m.clock.now().AddDate(0, 0, 7)
		t.version++
	}
	message := m.house.said(who, p.in, fmt.Sprintf("%dm", size))
	message.ReplyTo = &chat.Ref{Author: self, Sent: p.sent}
	m.say(message)
}

func (m *model) cancel(rt *rapid.T) {
	t, n := m.drawTrade(rt)
	who := drawMember(rt, "who")
	if t.state == ledger.Proposed && who == t.loggedBy {
		t.state = ledger.Cancelled
	}
	m.say(m.house.said(who, inGroup, fmt.Sprintf("/cancel #%d", n)))
}

func (m *model) undo(rt *rapid.T) {
	t, n := m.drawTrade(rt)
	who := drawMember(rt, "who")
	party := who == t.giver || who == t.receiver
	switch {
	case t.state == ledger.Proposed && party && who == t.loggedBy:
		t.state = ledger.Cancelled
	case t.state == ledger.Posted && party && t.undo == nil:
		t.undo = &modelUndo{asked: t.giver + t.receiver - who, expires: m.clock.now().AddDate(0, 0, 7)}
	}
	m.say(m.house.said(who, inGroup, fmt.Sprintf("/undo #%d it rained", n)))
}

func (m *model) answerUndo(rt *rapid.T) {
	t, _ := m.drawTrade(rt)
	if t.undo == nil || t.undo.sent == 0 {
		rt.Skip("nobody was asked")
	}
	who, emoji, question := drawMember(rt, "who"), rapid.SampledFrom([]string{"✅", "❌"}).Draw(rt, "answer"), t.undo.sent
	if who == t.undo.asked {
		if emoji == "❌" {
			t.undo = nil
		} else if t.state == ledger.Posted {
			m.reversed(t)
			t.undo = nil
		}
	}
	m.say(m.tapped(who, inGroup, emoji, question))
}

// seconded is an act of the council: one member's command, another's ✅. It reports
// whether it was carried out.
func (m *model) seconded(rt *rapid.T, parties []int, text string, mentions ...chat.Mention) bool {
	actor, other := rapid.IntRange(1, 3).Draw(rt, "actor"), rapid.IntRange(1, 3).Draw(rt, "seconder")
	before := m.line.last(inCouncil).sent
	m.say(m.house.said(actor, inCouncil, text, mentions...))
	prompt := m.line.last(inCouncil)
	if prompt.sent == before || !strings.Contains(prompt.out.Text, "needs a ✅") {
		return false
	}
	m.say(m.tapped(other, inCouncil, "✅", prompt.sent))
	for _, p := range parties {
		if p == actor || p == other {
			return false
		}
	}
	return actor != other
}

func (m *model) reverse(rt *rapid.T) {
	t, n := m.drawTrade(rt)
	posted := t.state == ledger.Posted
	if m.seconded(rt, []int{t.giver, t.receiver}, fmt.Sprintf("/reverse #%d it never happened", n)) && posted {
		m.reversed(t)
	}
}

func (m *model) limits(rt *rapid.T) {
	whose := drawMember(rt, "whose")
	floor, ceiling := -ledger.Minutes(60*rapid.IntRange(0, 5).Draw(rt, "floor")), ledger.Minutes(60*rapid.IntRange(0, 5).Draw(rt, "ceiling"))
	text := fmt.Sprintf("/limits \ufffc -%dh +%dh", -floor/60, ceiling/60)
	if m.seconded(rt, []int{whose}, text, chat.Mention{Person: person(whose), Start: 8, Length: 1}) {
		m.floor[whose], m.ceiling[whose] = floor, ceiling
	}
}

// redeliver hands something over that was handed over before.
func (m *model) redeliver(rt *rapid.T) {
	if len(m.said) == 0 {
		rt.Skip("nothing was said yet")
	}
	old := rapid.SampledFrom(m.said).Draw(rt, "message")
	before := len(m.line.tries())
	m.deliver(old)
	m.settle()
	if got := len(m.line.tries()); got != before {
		rt.Fatalf("the bot did %d things about a message that it had before", got-before)
	}
}

// wait moves the clock, and what has waited too long ends.
func (m *model) wait(rt *rapid.T) {
	m.clock.move(time.Duration(rapid.IntRange(1, 72).Draw(rt, "hours")) * time.Hour)
	m.settle()
	m.settle() // what has expired is said, too
	m.look()
	for _, t := range m.trades {
		if t.state == ledger.Proposed && !t.expires.After(m.clock.now()) {
			t.state = ledger.Expired
		}
		if t.undo != nil && !t.undo.expires.After(m.clock.now()) {
			t.undo = nil
		}
	}
}

// compare holds the file against the rules.
func (m *model) compare(rt *rapid.T) {
	m.view(func(tx *storage.Tx) error {
		var sum ledger.Minutes
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		for i, a := range accounts { // the commons is the first, then the members in order
			sum += a.Balance
			if want := m.balance[i]; a.Balance != want {
				rt.Errorf("member %d is at %v, by the rules at %v", i, a.Balance, want)
			}
			if i > 0 && (a.Floor != m.floor[i] || a.Ceiling != m.ceiling[i]) {
				rt.Errorf("member %d has the limits %v and %v, by the rules %v and %v", i, a.Floor, a.Ceiling, m.floor[i], m.ceiling[i])
			}
		}
		if sum != 0 {
			rt.Errorf("the balances add up to %v", sum)
		}
		for i, want := range m.trades {
			got, err := tx.Trade(ledger.TradeID(i + 1))
			if err != nil {
				return err
			}
			if got.State != want.state || got.Minutes != want.minutes || got.Version != want.version ||
				got.GiverConfirmed != want.confirmed[want.giver] || got.ReceiverConfirmed != want.confirmed[want.receiver] {
				rt.Errorf("trade %d is %+v, by the rules %+v", i+1, got, *want)
			}
		}
		if _, err := tx.Trade(ledger.TradeID(len(m.trades) + 1)); ledger.CodeOf(err) != ledger.UnknownTrade {
			rt.Errorf("there is a trade that nobody could log: %v", err)
		}
		return nil
	})
}
