package bot

import (
	"strconv"
	"strings"

	"communityconnect/community"
	"communityconnect/ledger"
)

func balance(c *Call) error {
	a, err := c.tx.Account(c.from.Account)
	if err != nil {
		return err
	}
	r, err := c.tx.Reserved(a.ID, 0)
	if err != nil {
		return err
	}
	waiting := ""
	if r.Down > 0 || r.Up > 0 {
		waiting = c.text(balanceWaiting, "change", waitingChange(r))
	}
	if r.Held > 0 {
		waiting += c.text(balanceHeld, "held", r.Held)
	}
	c.private(balanceIs, "balance", a.Balance.Signed(), "down", a.RoomDown(r), "up", a.RoomUp(r), "waiting", waiting)
	return nil
}

func waitingChange(r ledger.Reserved) string {
	var parts []string
	if r.Up > 0 {
		parts = append(parts, r.Up.Signed())
	}
	if r.Down > 0 {
		parts = append(parts, (-r.Down).Signed())
	}
	return strings.Join(parts, " and ")
}

// The lengths of a history: by default, and at most.
const (
	historyLines    = 8
	maxHistoryLines = 25
)

func history(c *Call) error {
	lines := historyLines
	var with community.Member
	if word, rest := nextWord(c.words); word != "" {
		if n, err := strconv.Atoi(word); err == nil {
			if n < 1 || n > maxHistoryLines {
				return refuse(numberNonsense, "most", maxHistoryLines)
			}
			lines, c.words = n, rest
		}
	}
	if c.words != "" {
		var err error
		if with, err = c.person(); err != nil {
			return err
		}
	}
	a, err := c.tx.Account(c.from.Account)
	if err != nil {
		return err
	}
	if with.ID != 0 {
		return c.historyWith(with, lines)
	}
	transfers, err := c.tx.History(a.ID, lines)
	if err != nil {
		return err
	}
	if len(transfers) == 0 {
		c.private(historyEmpty)
		return nil
	}
	var b strings.Builder
	for _, l := range wholeTrades(ledger.Statement(a, transfers)) {
		line, err := c.historyLine(l.Transfer, l.Change)
		if err != nil {
			return err
		}
		b.WriteString("\n" + line + " → " + l.Balance.Signed())
	}
	c.private(historyIs, "list", b.String())
	return nil
}

// wholeTrades makes one line of a trade of which a part went to the commons: who was
// helped got all of it from the helper, and how near that one was to their ceiling is
// not for them to see.
func wholeTrades(newestFirst []ledger.Line) []ledger.Line {
	var whole []ledger.Line
	for _, l := range newestFirst {
		if n := len(whole); n > 0 && l.Transfer.Kind == ledger.OfTrade && l.Transfer.Trade == whole[n-1].Transfer.Trade && whole[n-1].Transfer.Kind == ledger.OfGift {
			whole[n-1].Change += l.Change
			continue
		}
		whole = append(whole, l)
	}
	return whole
}

// historyWith leaves the running balance out: it means nothing between two people.
func (c *Call) historyWith(with community.Member, lines int) error {
	transfers, err := c.tx.HistoryWith(c.from.Account, with.Account, lines)
	if err != nil {
		return err
	}
	if len(transfers) == 0 {
		c.private(historyEmptyWith, "who", with)
		return nil
	}
	var b strings.Builder
	for _, t := range transfers {
		change := t.Minutes
		if t.From == c.from.Account {
			change = -change
		}
		line, err := c.historyLine(t, change)
		if err != nil {
			return err
		}
		b.WriteString("\n" + line)
	}
	c.private(historyWithIs, "who", with, "list", b.String())
	return nil
}

func (c *Call) historyLine(t ledger.Transfer, change ledger.Minutes) (string, error) {
	other, what, err := c.historyWords(t)
	return c.text("{day}: {change} {other}, {what}", "day", c.day(t.At), "change", change.Signed(), "other", other, "what", what), err
}

// historyWords are with whom a transfer was, and what for.
func (c *Call) historyWords(t ledger.Transfer) (with community.Member, what string, err error) {
	other := t.From
	if t.From == c.from.Account {
		other = t.To
	}
	if t.Kind == ledger.OfGift && t.Trade != 0 {
		of, err := c.tx.Trade(t.Trade)
		if err != nil {
			return with, "", err
		}
		other = of.Other(c.from.Account)
	}
	what = t.What.Body
	if what == "" {
		what = "(erased)"
	}
	if t.Kind == ledger.OfReversal {
		what = "undone: " + what
	}
	return c.people.holder(other), what, nil
}

// limits shows a member their own, and the council those of anybody, which it can change.
func limits(c *Call) error {
	switch {
	case c.words != "" && !c.from.Council:
		return refuse(councilOnly)
	case c.words != "":
		return limitsOf(c)
	}
	a, err := c.tx.Account(c.from.Account)
	if err != nil {
		return err
	}
	r, err := c.tx.Reserved(a.ID, 0)
	if err != nil {
		return err
	}
	c.private(limitsAre, "floor", a.Floor.Signed(), "ceiling", a.Ceiling.Signed(), "balance", a.Balance.Signed(),
		"down", a.RoomDown(r), "up", a.RoomUp(r))
	return nil
}

// books shows what anybody may check: that the balances add up to zero, and the newest
// hash, which covers everything before it.
func books(c *Call) error {
	seq, head, err := c.tx.Head()
	if err != nil {
		return err
	}
	sum, err := c.tx.Sum()
	if err != nil {
		return err
	}
	if seq == 0 {
		c.answer(booksEmpty)
		return nil
	}
	c.answer(booksAre, "sum", sum, "count", counted(seq, "entry", "entries"), "head", head.Short())
	return nil
}

// counted prints a number with its noun: 1 entry, 2 entries.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}
