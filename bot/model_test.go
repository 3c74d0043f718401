package bot_test

import (
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
			"redeliver": m.redeliver, "restart": m.again, "wait": m.wait,
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
