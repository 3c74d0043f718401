package bot

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// log notes an act of the council.
func (c *Call) log(what string) error {
	if c.byVote != "" {
		what = c.text(actVoted, "act", what, "how", c.byVote)
	}
	return c.logAs(c.from, c.command.Name, what)
}

// logAs is log for an act that is no command.
func (c *Call) logAs(actor community.Member, act, what string) error {
	return c.tx.Log(storage.LogEntry{At: c.now, Actor: actor.ID, Seconder: c.seconder.ID, Act: act, What: what})
}

// limitsOf shows or changes the limits of one account.
func limitsOf(c *Call) error {
	if c.place != InCouncil {
		return refuse(elsewhere, "command", "/limits @who", "place", placeNames(InCouncil))
	}
	m, err := c.person()
	if err != nil {
		return err
	}
	if c.onTheWayOut(m.Account) {
		return refuse(limitsLeaving, "who", m)
	}
	a, err := c.tx.Account(m.Account)
	if err != nil {
		return err
	}
	if c.words == "" {
		own, err := c.tx.OwnLimits(a.ID)
		if err != nil {
			return err
		}
		phrase := limitsOfPolicy
		if own {
			phrase = limitsOfOwn
		}
		c.answer(phrase, "who", m, "floor", a.Floor.Signed(), "ceiling", a.Ceiling.Signed())
		return nil
	}
	low, rest := nextWord(c.words)
	high, _ := nextWord(rest)
	if high == "" {
		return &ledger.Error{Code: ledger.LimitsCrossed}
	}
	floor, err := ledger.ParseLimit(low)
	if err != nil {
		return err
	}
	ceiling, err := ledger.ParseLimit(high)
	if err != nil {
		return err
	}
	if err := ledger.CheckLimits(floor, ceiling); err != nil {
		return err
	}
	args := []any{"who", m, "floor", floor.Signed(), "ceiling", ceiling.Signed(), "low", a.Floor.Signed(), "high", a.Ceiling.Signed()}
	line := fmt.Sprintf("limits %s %s %s", personMark(m.ID), floor, ceiling)
	if ok, err := c.second(line, c.deed(actLimits, args...), m.Account); err != nil || !ok {
		return err
	}
	if err := c.tx.SetLimits(m.Account, floor, ceiling, true); err != nil {
		return err
	}
	if m.Met {
		c.send(direct(m), storage.Topic{}, c.text(yourLimits, args...))
	}
	return c.log(c.text(actLimits, args...))
}

func policy(c *Call) error {
	name, value := nextWord(c.words)
	if name == "" {
		c.answer(policyIs, "list", c.policyList())
		return nil
	}
	setting, err := community.SettingNamed(name)
	switch {
	case err != nil:
		return refuse(policyUnknown, "name", c.plainWords(name))
	case value == "":
		c.answer("{list}", "list", fmt.Sprintf("%s %s – %s", setting.Name, setting.Get(c.people.policy), setting.Brief))
		return nil
	case setting.VoteOnly:
		return refuse(policyVoteOnly, "name", setting.Name)
	}
	if voted, err := c.tx.Voted(setting); err != nil || voted {
		return cmp.Or(err, refuse(policyByMembers, "name", setting.Name))
	}
	value, _ = c.people.render(value, c.council())
	changed, err := c.changedPolicy(setting, value)
	if err != nil {
		return err
	}
	args := []any{"name", setting.Name, "old", setting.Get(c.people.policy), "new", setting.Get(changed)}
	if ok, err := c.second("policy "+setting.Name+" "+setting.Get(changed), c.deed(actPolicy, args...)); err != nil || !ok {
		return err
	}
	if err := c.setPolicy(changed); err != nil {
		return err
	}
	return c.log(c.text(actPolicy, args...))
}

// policyList names every setting with its value; what is a text has a page of its own.
func (c *Call) policyList() string {
	var lines []string
	for _, s := range community.Settings() {
		lines = append(lines, s.Name+" "+shorten(s.Get(c.people.policy), 30))
	}
	return strings.Join(lines, "\n")
}

// enter brings a trade from a paper slip into the books. Whoever of the two has a
// phone still confirms; for the other the council's two members stand in.
func enter(c *Call) error {
	giver, receiver, err := c.twoPeople()
	if err != nil {
		return err
	}
	if giver.Account == receiver.Account {
		return refuse(personYourself)
	}
	if err := c.mayReceive(receiver); err != nil {
		return err
	}
	m, err := c.amount()
	if err != nil {
		return err
	}
	what := c.what()
	args := []any{"giver", giver, "receiver", receiver, "amount", m, "what", what}
	line := "enter " + personMark(giver.ID) + " " + personMark(receiver.ID) + " " + m.String() + " " + what
	if ok, err := c.second(line, c.deed(actEnter, args...), giver.Account, receiver.Account); err != nil || !ok {
		return err
	}
	text, err := c.tx.Write(what)
	if err != nil {
		return err
	}
	t, err := ledger.Propose(c.book, ledger.Trade{
		Giver: giver.Account, Receiver: receiver.Account, LoggedBy: ledger.Commons, Minutes: m, What: text,
		Created: c.now, Expires: c.people.policy.PromptExpiry(c.now),
	}, false)
	if err != nil {
		return err
	}
	for _, who := range []community.Member{giver, receiver} {
		if who.Person != "" {
			continue
		}
		if t, err = ledger.Confirm(c.book, t.ID, who.Account, t.Version, c.now); err != nil {
			return withoutFigures(err)
		}
	}
	if err := c.log(c.text(actEnter, args...)); err != nil {
		return err
	}
	if t.State == ledger.Posted {
		return c.announce(c.book, t, direct(giver))
	}
	return c.askSides(t, "")
}

// reverse takes a finished trade back by the council's word.
func reverse(c *Call) error {
	id, ok := c.number()
	if !ok {
		return refuse(numberMissing, "usage", "/reverse #12 why")
	}
	why := c.plainWords(c.words)
	if why == "" {
		return refuse(reasonMissing, "usage", "/reverse #12 why")
	}
	t, err := c.tx.Trade(ledger.TradeID(id))
	if err != nil {
		return err
	}
	if t.State != ledger.Posted && t.State != ledger.Disputed {
		code := ledger.NotPosted
		if t.State == ledger.Reversed {
			code = ledger.AlreadyReversed
		}
		return &ledger.Error{Code: code}
	}
	args := append(c.tradeArgs(t), "why", why)
	if ok, err := c.second("reverse #"+itoa(id)+" "+why, c.deed(actReverse, args...), t.Giver, t.Receiver); err != nil || !ok {
		return err
	}
	text, err := c.tx.Write(why)
	if err != nil {
		return err
	}
	if _, err := ledger.Reverse(c.book, t.ID, text, c.now); err != nil {
		return err
	}
	c.index(func(x *board.Index) { x.RemoveTrade(int64(t.ID)) })
	if err := c.closeCaseOf(t, text); err != nil {
		return err
	}
	for _, account := range []ledger.AccountID{t.Giver, t.Receiver} {
		c.tell(c.people.holder(account), direct(c.from), reversedByCouncil, args...)
	}
	return c.log(c.text(actReverse, args...))
}

func audit(c *Call) error {
	report, err := c.world.audit()
	if err != nil {
		return err
	}
	args := auditArgs(report)
	if report.OK() {
		c.answer(auditFine, args...)
	} else {
		c.answer(auditFailed, args...)
	}
	return c.log(c.text(actAudit, args...))
}

func auditArgs(r ledger.Report) []any {
	args := []any{"count", counted(r.Transfers, "entry", "entries"), "accounts", counted(r.Accounts, "account", "accounts"),
		"sum", r.Sum, "head", r.Head.Short(), "faults", counted(int64(len(r.Faults)), "fault", "faults")}
	if !r.OK() {
		args = append(args, "first", r.Faults[0])
	}
	return args
}

func councilLog(c *Call) error {
	lines := historyLines
	if word, _ := nextWord(c.words); word != "" {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > maxHistoryLines {
			return refuse(numberNonsense, "most", maxHistoryLines)
		}
		lines = n
	}
	entries, err := c.tx.LogEntries(lines)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		c.answer(logEmpty)
		return nil
	}
	var b strings.Builder
	for _, e := range entries {
		who := c.people.short(c.people.byID[e.Actor])
		if e.Seconder != 0 {
			who += " with " + c.people.short(c.people.byID[e.Seconder])
		}
		what := e.What
		if what == "" {
			what = "/" + e.Act + " (erased)"
		}
		b.WriteString("\n" + c.day(e.At) + ", " + who + ": " + c.plainWords(what))
	}
	c.answer(logIs, "list", b.String())
	return nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// shorten cuts a text at a number of letters.
func shorten(s string, letters int) string {
	if r := []rune(s); len(r) > letters {
		return strings.TrimSpace(string(r[:letters-1])) + "…"
	}
	return s
}
