package portal

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"communityconnect/bot"
	"communityconnect/community"
	"communityconnect/storage"
)

// actAtMost is how long somebody waits for what they have done on a page. What has not been
// begun by then is not done.
const actAtMost = 15 * time.Second

// form is one thing that can be done on a page: a line that the member could have typed.
type form struct {
	command string    // whoever may use this command in that place may send the form; "" for anybody
	place   bot.Place // where the line would have been typed
	back    string    // the page that follows, unless the form says another
	compose func(*visit) (bot.Act, error)
}

// forms are all forms by name.
func forms() map[string]form {
	return map[string]form{
		"confirm": {"confirm", bot.InDM, "/", aboutTrade("/confirm", "")},
		"amend":   {"amend", bot.InDM, "/", aboutTrade("/amend", "amount")},
		"decline": {"decline", bot.InDM, "/", aboutTrade("/decline", "why")},
		"cancel":  {"cancel", bot.InDM, "/", numbered("/cancel", "")},
		"undo":    {"undo", bot.InDM, "/", numbered("/undo", "why")},
		"yes":     {"", bot.InDM, "/", aboutQuestion("yes")},
		"no":      {"", bot.InDM, "/", aboutQuestion("no")},
		"choose":  {"", bot.InDM, "/", answerWith("option")},
		"long":    {"", bot.InDM, "/", answerWith("amount")},

		"gave": {"gave", bot.InDM, "/", withPerson("/gave", "amount", "what")},
		"got":  {"got", bot.InDM, "/", withPerson("/got", "amount", "what")},

		"offer":   {"offer", bot.InDM, "/board", free("/offer", "text")},
		"request": {"request", bot.InDM, "/board", free("/request", "text")},
		"take":    {"take", bot.InDM, "/board", numbered("/take", "")},
		"close":   {"close", bot.InDM, "/", numbered("/close", "")},
		"renew":   {"renew", bot.InDM, "/", numbered("/renew", "")},

		"dispute": {"dispute", bot.InDM, "/", numbered("/dispute", "why")},
		"propose": {"propose", bot.InDM, "/decisions", free("/propose", "text")},
		"for":     {"vote", bot.InDM, "/decisions", numbered("/vote yes", "")},
		"against": {"vote", bot.InDM, "/decisions", numbered("/vote no", "")},
		"mediate": {"mediate", bot.InDM, "/me", oneOf("/mediate", "on", "off")},
		"quiet":   {"quiet", bot.InDM, "/me", oneOf("/quiet", "all on", "all off")},
		"forget":  {"forget", bot.InDM, "/", plain("/forget")},

		"gift":   {"gift", bot.InDM, "/record", gift},
		"away":   {"away", bot.InDM, "/me", free("/away", "text")},
		"back":   {"back", bot.InDM, "/me", plain("/back")},
		"leave":  {"leave", bot.InDM, "/", plain("/leave")},
		"lost":   {"lost", bot.InDM, "/", plain("/lost")},
		"theirs": {"lost", bot.InDM, "/people", withPerson("/lost")},
		"vouch":  {"vouch", bot.InDM, "/people", withPerson("/vouch")},
		"bring":  {"vouch", bot.InDM, "/people", free("/vouch", "code")},

		"about":    {"profile", bot.InDM, "/me", free("/profile about", "text")},
		"rename":   {"profile", bot.InDM, "/me", free("/profile name", "text")},
		"feedback": {"feedback", bot.InDM, "/me", free("/feedback", "text")},
		"listen":   {"listen", bot.InDM, "/me", oneOf("/listen", "on", "off")},

		"second":   {"log", bot.InCouncil, "/council", aboutQuestion("yes")},
		"stop":     {"log", bot.InCouncil, "/council", aboutQuestion("no")},
		"limits":   {"limits", bot.InCouncil, "/council/people", withPerson("/limits", "floor", "ceiling")},
		"restore":  {"restore", bot.InCouncil, "/council/people", withPerson("/restore")},
		"policy":   {"policy", bot.InCouncil, "/council/policy", setting},
		"enter":    {"enter", bot.InCouncil, "/council", withTwo("/enter", "amount", "what")},
		"reverse":  {"reverse", bot.InCouncil, "/council", numbered("/reverse", "why")},
		"resolve":  {"resolve", bot.InCouncil, "/council/cases", numbered("/resolve", "how")},
		"approve":  {"approve", bot.InCouncil, "/council", free("/approve", "code")},
		"suspend":  {"suspend", bot.InCouncil, "/council/people", withPerson("/suspend", "why")},
		"grant":    {"grant", bot.InCouncil, "/council/people", withPerson("/grant", "amount", "what")},
		"settle":   {"settle", bot.InCouncil, "/council/people", withPerson("/settle", "why")},
		"takedown": {"takedown", bot.InCouncil, "/board", numbered("/takedown", "why")},
		"announce": {"announce", bot.InCouncil, "/council", free("/announce", "text")},
		"audit":    {"audit", bot.InCouncil, "/council", plain("/audit")},
	}
}

// badInput is what a form holds that no line could be made of.
type badInput string

func (b badInput) Error() string { return string(b) }

// act carries out a form.
func (p *Portal) act(w http.ResponseWriter, r *http.Request) {
	f, ok := forms()[r.PathValue("form")]
	if !ok {
		p.problem(w, r, http.StatusNotFound, notThere)
		return
	}
	p.member(f.command, f.place, func(v *visit) error { return v.send(f) })(w, r)
}

func (v *visit) send(f form) error {
	if err := v.form(); err != nil {
		return err
	}
	back := v.pageIn("back", f.back)
	again := v.pageIn("form", back)
	if !v.doors.mayAct(v.me.ID) {
		return v.refuse(again, tooManyActs)
	}
	act, err := f.compose(v)
	if bad, is := err.(badInput); is {
		return v.refuse(again, string(bad))
	}
	if err != nil {
		return err
	}
	act.From, act.Place = v.me.ID, f.place
	if act.Once = v.r.PostForm.Get("once"); act.Once == "" {
		act.Once = once()
	}
	v.then(func() error { return v.carryOut(f, act, back, again) })
	return nil
}

// carryOut hands an act to the engine and shows what it says: on the page that follows, or,
// if it was refused, on the page with the form. Whoever reports their own
// phone lost is logged out everywhere by it, but stays in here if they have shown that
// they know the password.
func (v *visit) carryOut(f form, act bot.Act, back, again string) error {
	// A browser that is gone takes nothing back.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.r.Context()), actAtMost)
	defer cancel()
	answer, err := v.engine().Act(ctx, act)
	if err != nil {
		return v.goOn(again, busy, true)
	}
	said := strings.Join(answer.Said, "\n\n")
	if said == "" {
		said = nothingChanged
	}
	if f.command == "lost" && !answer.Refused && v.login.By == "password" {
		if err := v.comeIn(v.r, v.me.ID, v.login.By); err != nil {
			return err
		}
	}
	if answer.Refused {
		back = again
	}
	return v.goOn(back, said, answer.Refused)
}

// pageIn is the page of ours that a field names.
func (v *visit) pageIn(field, usual string) string {
	if page := v.r.PostForm.Get(field); local(page) {
		return page
	}
	return usual
}

// local reports whether an address is a page of ours.
func local(back string) bool {
	return strings.HasPrefix(back, "/") && !strings.HasPrefix(back, "//") && !strings.ContainsAny(back, "\\\r\n") && len(back) < 300
}

// field is what was typed into one field. It can't be more than a message can hold.
func (v *visit) field(name string) string { return strings.TrimSpace(v.r.PostForm.Get(name)) }

func (v *visit) number(name string) (int64, error) {
	n, err := strconv.ParseInt(v.field(name), 10, 64)
	if err != nil || n < 1 {
		return 0, errNotThere
	}
	return n, nil
}

// person is the member chosen in a field.
func (v *visit) person(name string) (community.Member, error) {
	if v.field(name) == "" {
		return community.Member{}, badInput(whoMissing)
	}
	n, err := v.number(name)
	if err != nil {
		return community.Member{}, err
	}
	m, known := v.read.Member(community.MemberID(n))
	if !known || !m.Known() || m.Status == community.Former {
		return m, errNotThere
	}
	return m, nil
}

// aboutTrade answers a trade as it was shown: if another amount has been named since, the
// answer does not count.
func aboutTrade(command, field string) func(*visit) (bot.Act, error) {
	return func(v *visit) (bot.Act, error) {
		id, err := v.number("trade")
		if err != nil {
			return bot.Act{}, err
		}
		version, err := v.number("version")
		return bot.Act{
			Words: bot.Write(command, v.optional(field)), About: storage.Topic{Kind: "trade", ID: id, Version: int(version)},
		}, err
	}
}

// optional is a field, or nothing where the form has none.
func (v *visit) optional(field string) string {
	if field == "" {
		return ""
	}
	return v.field(field)
}

func aboutQuestion(words string) func(*visit) (bot.Act, error) {
	return func(v *visit) (bot.Act, error) {
		id, err := v.number("question")
		return bot.Act{Words: bot.Write(words), About: storage.Topic{Kind: "question", ID: id}}, err
	}
}

// answerWith answers a question with what was chosen, or typed, in a field.
func answerWith(field string) func(*visit) (bot.Act, error) {
	return func(v *visit) (bot.Act, error) {
		id, err := v.number("question")
		return bot.Act{Words: bot.Write(v.field(field)), About: storage.Topic{Kind: "question", ID: id}}, err
	}
}

// numbered is a command about something by its number.
func numbered(command, field string) func(*visit) (bot.Act, error) {
	return func(v *visit) (bot.Act, error) {
		id, err := v.number("id")
		return bot.Act{Words: bot.Write(command, fmt.Sprint("#", id), v.optional(field))}, err
	}
}

func withPerson(command string, fields ...string) func(*visit) (bot.Act, error) {
	return func(v *visit) (bot.Act, error) {
		m, err := v.person("who")
		return bot.Act{Words: v.words(fields, command, m)}, err
	}
}

func withTwo(command string, fields ...string) func(*visit) (bot.Act, error) {
	return func(v *visit) (bot.Act, error) {
		giver, err := v.person("giver")
		if err != nil {
			return bot.Act{}, err
		}
		receiver, err := v.person("receiver")
		return bot.Act{Words: v.words(fields, command, giver, receiver)}, err
	}
}

// gift is for a person, or for the commons.
func gift(v *visit) (bot.Act, error) {
	if v.field("who") == "commons" {
		return bot.Act{Words: bot.Write("/gift commons", v.field("amount"), v.field("what"))}, nil
	}
	return withPerson("/gift", "amount", "what")(v)
}

func (v *visit) words(fields []string, parts ...any) bot.Words {
	for _, f := range fields {
		parts = append(parts, v.field(f))
	}
	return bot.Write(parts...)
}

// free is a command with whatever somebody wants to say.
func free(command, field string) func(*visit) (bot.Act, error) {
	return func(v *visit) (bot.Act, error) { return bot.Act{Words: bot.Write(command, v.field(field))}, nil }
}

func plain(command string) func(*visit) (bot.Act, error) {
	return func(*visit) (bot.Act, error) { return bot.Act{Words: bot.Write(command)}, nil }
}

// oneOf is a command with one of a few words.
func oneOf(command string, words ...string) func(*visit) (bot.Act, error) {
	return func(v *visit) (bot.Act, error) {
		for _, w := range words {
			if v.field("to") == w {
				return bot.Act{Words: bot.Write(command, w)}, nil
			}
		}
		return bot.Act{}, errNotThere
	}
}

// setting changes a policy.
func setting(v *visit) (bot.Act, error) {
	s, err := community.SettingNamed(v.field("name"))
	if err != nil {
		return bot.Act{}, errNotThere
	}
	return bot.Act{Words: bot.Write("/policy", s.Name, v.field("value"))}, nil
}
