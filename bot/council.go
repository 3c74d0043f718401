package bot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// errOvertaken is raised when an act would no longer be what was seconded.
var errOvertaken = errors.New("bot: something else was decided meanwhile")

// second is what stands before every act of the council that moves credits, limits,
// policy or people. The first time it asks the others and returns false: the line will
// be carried out again once somebody has seconded it. Neither who acts nor who seconds
// may share an account with a party. What was seconded is the summary: where it would
// read otherwise by then, something else has been decided meanwhile.
func (c *Call) second(line, summary string, parties ...ledger.AccountID) (bool, error) {
	if slices.Contains(parties, c.from.Account) {
		return false, refuse(selfDealing)
	}
	if c.seconder.ID != 0 {
		if summary != c.agreed {
			return false, errOvertaken
		}
		return true, c.maySecond(c.seconder, parties)
	}
	if c.byVote != "" {
		if c.forMembers(summary, parties) != c.agreed {
			return false, errOvertaken
		}
		return true, nil
	}
	switch c.people.policy.SignOffFor(c.people.all, c.from, parties, c.now) {
	case community.Alone:
		c.react("👍")
		return true, nil
	case community.ByMembers:
		return false, c.askMembers(line, summary, parties)
	case community.Shrunk:
		return false, refuse(councilShrunk, "until", c.until(community.ShrunkUntil(c.people.all)))
	case community.NoSecond:
		return false, refuse(noSecond)
	}
	id, err := c.tx.Ask(storage.Question{
		Kind: askSecond, Asker: c.from.ID, Line: line, Options: []string{summary}, In: c.council(), At: c.now, Expires: c.people.policy.PromptExpiry(c.now),
	})
	if err != nil {
		return false, err
	}
	c.send(c.council(), storage.Topic{Kind: topicQuestion, ID: int64(id)}, c.text(promptSecond, "who", c.from, "act", summary))
	return false, nil
}

func (c *Call) maySecond(m community.Member, parties []ledger.AccountID) error {
	switch {
	case m.Account == c.from.Account:
		return refuse(ownAct)
	case slices.Contains(parties, m.Account):
		return refuse(selfDealing)
	}
	return nil
}

// answerSecond is a council member's answer to another's act.
func (c *Call) answerSecond(q storage.Question, a answer) error {
	if !c.from.Council || !c.from.Active() || c.place != InCouncil {
		return nil
	}
	asker := c.people.byID[q.Asker]
	topic := storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}
	args := []any{"who", asker, "by", c.from, "act", strings.Join(q.Options, "")}
	c.forUs = true
	switch {
	case a.taken:
		return nil
	case !c.from.Frozen.IsZero():
		return refuse(frozen)
	case a.kind == no:
		c.edit(q.In, topic, c.text(actStopped, args...), "❌")
		return c.tx.CloseQuestion(q.ID, "answered")
	case a.kind != yes:
		return nil
	case c.from.Account == asker.Account:
		return refuse(ownAct)
	case !asker.Council || !asker.Active():
		c.answer(actorGone, "who", asker)
		return c.tx.CloseQuestion(q.ID, "withdrawn")
	}
	if err := c.tx.CloseQuestion(q.ID, "answered"); err != nil {
		return err
	}
	c.seconder, c.agreed = c.from, strings.Join(q.Options, "")
	said := len(c.replies)
	c.edit(q.In, topic, c.text(actSeconded, args...), "✅")
	err := c.runLine(q.Line, q.In, asker)
	c.from = c.seconder // whose act a refusal answers
	if errors.Is(err, errOvertaken) {
		c.replies = c.replies[:said]
		c.edit(q.In, topic, c.text(actOvertaken, args...), "⚠️")
		return nil
	}
	return err
}

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
	if ok, err := c.second(line, c.text(actLimits, args...), m.Account); err != nil || !ok {
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

func members(c *Call) error {
	var lines []string
	for _, m := range c.people.all {
		if !m.Known() || m.Status == community.Former {
			continue
		}
		role := string(m.Status)
		if m.Council {
			role = "council"
		}
		if m.Person != "" && !m.Met {
			role += ", hasn't said hello to me yet"
		}
		if m.Person == "" {
			role += ", no phone"
		}
		lines = append(lines, m.Name+" ("+role+")")
	}
	c.answer(membersAre, "count", counted(int64(len(lines)), "person", "people"), "list", strings.Join(lines, "\n"))
	return nil
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
	if ok, err := c.second("policy "+setting.Name+" "+setting.Get(changed), c.text(actPolicy, args...)); err != nil || !ok {
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
	if ok, err := c.second(line, c.text(actEnter, args...), giver.Account, receiver.Account); err != nil || !ok {
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
		return c.announce(t, direct(giver))
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
	if ok, err := c.second("reverse #"+itoa(id)+" "+why, c.text(actReverse, args...), t.Giver, t.Receiver); err != nil || !ok {
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
