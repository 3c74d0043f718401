package bot_test

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"communityconnect/chat"
	"communityconnect/ledger"
)

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
// again restarts the bot, and lets it look around before the clock goes on: it would take
// what it has not seen of the time for time in which it was off.
func (m *model) again(*rapid.T) {
	m.restart()
	m.settle()
}

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
