package portal_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communityconnect/bot"
	"communityconnect/community"
	"communityconnect/storage"
)

// A trade that was begun in the chat is confirmed on a page, and both see it in both.
func TestTradeOfTheChatIsConfirmedOnAPage(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @ann 2h shelves")
	ann := h.in("ann")
	home := ann.page("/")
	has(t, home, "Did Ben give you 2h?", "shelves", "from 0h to -2h", "Yes, 2h is right")
	h.heard()
	if got := ann.act("/do/confirm", "trade", 1, "version", 1, "once", "a"); !strings.Contains(got, "Recorded: Ben gave Ann 2h (shelves)") {
		t.Errorf("the page says %q", got)
	}
	if got := h.heard(); !strings.Contains(got, "bot edits> ✅ Recorded: Ben gave Ann 2h (shelves).") {
		t.Errorf("the chat says %q", got)
	}
	has(t, ann.page("/"), "-2h", "Ben shelves")
	has(t, h.in("ben").page("/statement"), "Ann", "shelves", "+2h")
	has(t, ann.page("/trades/1"), "in the books")
}

// The same form twice, as by a second tap or a reload, happens once.
func TestASecondTapChangesNothing(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann := h.in("ann")
	first := ann.act("/do/offer", "text", "Guitar lessons", "once", "same")
	if second := ann.act("/do/offer", "text", "Guitar lessons", "once", "same"); first == "" || first != second {
		t.Errorf("first %q, then %q", first, second)
	}
	if n := strings.Count(h.heard(), "Ann offers: Guitar lessons"); n != 1 {
		t.Errorf("it was put up %d times", n)
	}
	if other := ann.act("/do/offer", "text", "Piano tuning", "once", "same"); !strings.Contains(other, "Piano tuning") {
		t.Errorf("other words in the same form: %q", other)
	}
}

// A trade is confirmed as it was shown: an amount named since is asked about anew.
func TestAnOldPageConfirmsNothingNew(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @ann 2h shelves")
	ann := h.in("ann")
	h.say("ben> /amend 3h")
	if got := ann.act("/do/confirm", "trade", 1, "version", 1, "once", "a"); !strings.Contains(got, "That was about another amount. It's 3h now") {
		t.Errorf("the page says %q", got)
	}
	if got := ann.act("/do/decline", "trade", 1, "version", 1, "why", "it was one"); !strings.Contains(got, "It's 3h now") {
		t.Errorf("a no to the old amount says %q", got)
	}
	has(t, ann.page("/"), "Did Ben give you 3h?")
	h.say("ben dm> /gave ann 2h tea")
	if got := h.in("ben").act("/do/amend", "trade", 2, "version", 1, "amount", "1h"); !strings.Contains(got, "Done") {
		t.Errorf("putting one's own right says %q", got)
	}
	has(t, ann.page("/"), "Did Ben give you 1h?")
}

// Everything a member does often can be done on the pages.
func TestAWeekOnThePages(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann, ben, dee := h.in("ann"), h.in("ben"), h.in("dee")
	h.heard()

	ann.act("/do/request", "text", "Help with a wobbly table on Saturday, 1h")
	if got := h.heard(); !strings.Contains(got, "bot> 🙏 Ann asks: Help with a wobbly table on Saturday, 1h") {
		t.Errorf("the chat says %q", got)
	}
	has(t, ben.page("/board?kind=requests"), "Help with a wobbly table", "by Ann")
	has(t, ben.page("/board?q=table"), "Help with a wobbly table")
	has(t, ben.page("/posts/1"), "I can help")
	if got := ben.act("/do/take", "id", 1); !strings.Contains(got, "Ben can help Ann") {
		t.Errorf("taking says %q", got)
	}
	has(t, ann.page("/"), "Answered by Ben")

	if got := ben.act("/do/gave", "who", h.member("Ann"), "amount", "1h", "what", "wobbly table"); got != "👍 Done." {
		t.Errorf("recording says %q", got)
	}
	has(t, ben.page("/"), "Waiting for others", "Ben gave Ann 1h")
	ann.act("/do/amend", "trade", 1, "version", 1, "amount", "1h15")
	has(t, ben.page("/"), "Did you give Ann 1h15?")
	ben.act("/do/confirm", "trade", 1, "version", 2)
	has(t, ann.page("/"), "-1h15")
	has(t, dee.page("/board?q=wobbly+table"), "Who comes to mind", "Ben : “wobbly table” for Ann in May")

	if got := ann.act("/do/undo", "id", 1, "why", "it was Cat"); !strings.Contains(got, "I've asked Ben whether to undo") {
		t.Errorf("undoing says %q", got)
	}
	page := ben.page("/")
	has(t, page, "Ann would like to undo 1h15")
	ben.act("/do/yes", "question", questionOn(t, page))
	has(t, ann.page("/"), "0h")
	has(t, ann.page("/trades/1"), "undone")
	has(t, ann.page("/books"), "All balances add up to 0h", "person 1", "reversal", "2 entries")
}

// questionOn is the number of the question that a page asks.
func questionOn(t testing.TB, page string) string {
	t.Helper()
	_, after, found := strings.Cut(page, `name="question" value="`)
	n, _, _ := strings.Cut(after, `"`)
	if !found {
		t.Fatalf("nothing is asked:\n%s", text(page))
	}
	return n
}

// What one of the council begins in the chat another seconds on a page, and the other way
// round; nobody seconds their own.
func TestCouncilOnThePages(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("dee council> /limits @Ann -5h +20h")
	dee, eve, ann := h.in("dee"), h.in("eve"), h.in("ann")
	has(t, eve.page("/"), "One thing waits for a second member of the council")
	page := eve.page("/council")
	has(t, page, "Dee wants to change Ann's limits", "-5h and +20h", "Second it")
	question := questionOn(t, page)
	if got := dee.act("/do/second", "question", question); !strings.Contains(got, "Somebody else on the council has to second that") {
		t.Errorf("seconding one's own says %q", got)
	}
	h.heard()
	eve.act("/do/second", "question", question)
	if got := h.heard(); !strings.Contains(got, "bot to council edits> ✅ Dee, seconded by Eve: change Ann's limits") {
		t.Errorf("the chat says %q", got)
	}
	has(t, ann.page("/"), "-5h", "+20h")

	eve.act("/do/policy", "name", "offer_days", "value", "60")
	if got := h.heard(); !strings.Contains(got, "bot to council> Eve wants to change the policy offer_days from 90 to 60") {
		t.Errorf("the chat says %q", got)
	}
	dee.act("/do/second", "question", questionOn(t, dee.page("/council")))
	has(t, dee.page("/council/policy"), "offer_days : 60")
	has(t, dee.page("/council/log"), "Eve with Dee", "change the policy offer_days from 90 to 60", "Dee with Eve")
	has(t, dee.page(fmt.Sprint("/council/people/", h.member("Ann"))), "-5h to +20h, set for them alone")

	h.say("dee council> /limits @Eve -1h +2h")
	page = eve.page("/council")
	has(t, page, "Dee wants to change Eve's limits", "It is about you, so the others decide it.")
	if strings.Contains(page, "Second it") || strings.Contains(page, "Stop it") {
		t.Error("who it is about is asked to second it, or to stop it")
	}
	if strings.Contains(eve.page("/"), "for a second member of the council") {
		t.Error("what is about oneself waits on one's own first page")
	}
}

// A statement covers the days asked for, and says where they began and ended.
func TestStatementOfAPeriod(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	for i, what := range []string{"January tea", "February tea", "March tea"} {
		h.say(fmt.Sprintf("ben> /gave @ann %dh %s", i+1, what), "ann> ✅", ".wait 30d")
	}
	ann := h.in("ann")
	page := ann.page("/statement?from=2026-06-01&to=2026-06-30")
	has(t, page, "February tea", "Your balance went from -1h to -3h")
	if strings.Contains(page, "January") || strings.Contains(page, "March tea") {
		t.Errorf("days that were not asked for:\n%s", text(page))
	}
	has(t, ann.page("/statement?from=2025-01-01&to=2025-12-31"), "Nothing came or went")
	has(t, ann.page("/statement?from=nonsense"), "That isn't a day")
	file := ann.get("/statement.csv?from=2026-05-01&to=2026-12-31")
	want := "date,with,what,minutes,balance_minutes,kind,entry\n2026-05-04,Ben,January tea,-60,-60,trade,1\n" +
		"2026-06-03,Ben,February tea,-120,-180,trade,2\n2026-07-03,Ben,March tea,-180,-360,trade,3\n"
	if file.body != want || !strings.HasPrefix(file.header.Get("Content-Type"), "text/csv") {
		t.Errorf("the file is\n%s", file.body)
	}
}

// What was typed into a form that was refused is still there.
func TestARefusedFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann := h.in("ann")
	a := ann.post("/do/gave", "who", h.member("Ben"), "amount", "a while", "what", "moving boxes", "back", "/record")
	page := ann.page(a.to)
	has(t, page, "How long was it? Add an amount")
	if !strings.Contains(page, `value="moving boxes"`) || !strings.Contains(page, `value="a while"`) {
		t.Errorf("it is gone:\n%s", page)
	}
	if strings.Contains(ann.page("/record"), `value="moving boxes"`) {
		t.Error("it is still there later")
	}
}

// What could not be done in time is not done later behind its member's back, who has been
// told so and has gone on.
func TestWhatNobodyWaitsForIsNotDone(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	db, engine := h.stage.Community()
	offer := func(ctx context.Context, text string) error {
		_, err := engine.Act(ctx, bot.Act{From: community.MemberID(h.member("Ann")), Place: bot.InDM, Words: bot.Write("/offer", text), Once: text})
		return err
	}
	fine(t, db.Update(func(*storage.Tx) error { // while this goes on nobody else writes
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := offer(ctx, "Guitar lessons"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the first: %v", err)
		}
		return nil
	}))
	fine(t, offer(t.Context(), "Piano lessons"))
	page := text(h.in("ben").page("/board"))
	if !strings.Contains(page, "Piano") || strings.Contains(page, "Guitar") {
		t.Errorf("the board has\n%s", page)
	}
}

// What was typed comes back to the form that it was meant for, and to no other.
func TestARefusedFormStaysItself(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann := h.in("ann")
	long := strings.Repeat("guitar ", 60)
	a := ann.post("/do/offer", "text", long, "form", "/new/offer")
	if page := ann.page(a.to); a.to != "/new/offer" || !strings.Contains(page, strings.TrimSpace(long)) {
		t.Errorf("an offer that is too long comes back to %s", a.to)
	}
	if a = ann.post("/do/offer", "text", "Guitar lessons", "form", "/new/offer"); a.to != "/board" {
		t.Errorf("one that is fine goes to %s", a.to)
	}
	_, feedback, _ := strings.Cut(ann.page(ann.post("/do/rename", "text", "Ben").to), `id="feedback"`)
	if text, _, _ := strings.Cut(feedback, "</textarea>"); strings.Contains(text, "Ben") {
		t.Errorf("a name that was refused is put into a word to the council: %q", text)
	}
	a = ann.post("/do/gift", "who", h.member("Ben"), "amount", "5h", "what", "thanks")
	page := ann.page(a.to)
	if !strings.Contains(page, `value="5h"`) || strings.Count(page, `value="5h"`) != 1 || !strings.Contains(page, fmt.Sprintf(`value="%d" selected`, h.member("Ben"))) {
		t.Errorf("a gift that was refused:\n%s", page)
	}
}

// Times are those of the community, also on the pages.
func TestLoginsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	first, second := h.in("ann"), h.in("ann")
	fine(t, h.stage.Wait(time.Hour))
	page := second.page("/me")
	if n := strings.Count(page, "Log it out"); n != 1 {
		t.Fatalf("%d other logins are listed:\n%s", n, text(page))
	}
	second.act("/me/end")
	if a := first.get("/"); a.to != "/login" {
		t.Errorf("the first is still in: %d", a.status)
	}
	second.page("/")
}

// The members vote on the pages as they do in the chat, and see how it went.
func TestDecisionsOnThePages(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann, ben := h.in("ann"), h.in("ben")
	h.heard()
	ann.act("/do/propose", "text", "A shared tool shed")
	if got := h.heard(); !strings.Contains(got, "A shared tool shed") {
		t.Errorf("the chat says %q", got)
	}
	has(t, ben.page("/decisions"), "Ann proposes", "A shared tool shed", "Vote yes")
	ben.act("/do/for", "id", 1)
	has(t, ben.page("/decisions"), "Your household has voted yes")
	ben.act("/do/against", "id", 1)
	has(t, ben.page("/decisions"), "Your household has voted no")
	h.say("cat dm> /vote yes", "dee dm> /vote yes", "eve dm> /vote yes", ".wait 60d")
	has(t, h.in("ben").page("/decisions"), "Nothing is put to a vote", "Passed", "3 for, 1 against")
}

// Everything that is held about somebody can be read and taken away, by them alone.
func TestOwnData(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @ann 2h a private matter", "ann> ✅")
	ann, cat := h.in("ann"), h.in("cat")
	for _, name := range []string{"my-data.txt", "my-data.json"} {
		if a := ann.get("/me/data/" + name); a.status != http.StatusOK || !strings.Contains(a.body, "a private matter") {
			t.Errorf("%s: %d\n%s", name, a.status, a.body)
		}
		if a := cat.get("/me/data/" + name); a.status != http.StatusOK || strings.Contains(a.body, "a private matter") {
			t.Errorf("%s of Cat: %d\n%s", name, a.status, a.body)
		}
	}
	if a := ann.get("/me/data/nothing"); a.status != http.StatusNotFound {
		t.Errorf("nothing: %d", a.status)
	}
	ann.act("/do/forget")
	page := ann.page("/")
	has(t, page, "What I can forget now")
	ann.act("/do/no", "question", questionOn(t, page))
	if strings.Contains(ann.page("/"), "What I can forget now") {
		t.Error("the question is still open")
	}
	ann.act("/do/feedback", "text", "The board is hard to read")
	has(t, ann.page("/"), "The board is hard to read")
	if kept := h.kept("Ann"); strings.Contains(kept, "hard to read") {
		t.Errorf("a word to the council is kept under a name: %s", kept)
	}
}

// What two don't agree about goes its way from a page, too; the council sees no more of it
// than that it is open.
func TestCaseFromAPage(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("cat dm> /mediate on", "ben> /gave @ann 2h a private matter", "ann> ✅")
	ann, dee, cat := h.in("ann"), h.in("dee"), h.in("cat")
	has(t, ann.page("/trades/1"), "Ask for a mediator")
	ann.act("/do/dispute", "id", 1, "why", "it was half of that")
	has(t, ann.page("/trades/1"), "being looked at")
	page := cat.page("/")
	has(t, page, "It's your turn to mediate")
	cat.act("/do/yes", "question", questionOn(t, page))
	page = dee.page("/council/cases")
	has(t, page, "Case #1", "a neighbour mediates")
	if strings.Contains(page, "private matter") || strings.Contains(page, "half of that") {
		t.Errorf("the council reads what it is about:\n%s", text(page))
	}
}

// Nobody is left without a word: not where what was done has taken away the page or the
// login it was done with, and not where somebody had been logged out meanwhile.
func TestEveryActIsAnswered(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ann> /offer Guitar lessons")
	dee, ben, cat := h.in("dee"), h.in("ben"), h.in("cat")
	a := dee.post("/do/takedown", "id", 1, "why", "not for this board", "back", "/posts/1")
	if a = dee.get(a.to); a.to != "/" {
		t.Fatalf("after taking a post down: %d to %q", a.status, a.to)
	}
	if got := said(dee.page("/")); !strings.Contains(got, "Guitar lessons") {
		t.Errorf("taking it down says %q", got)
	}
	if a = ben.post("/do/lost", "back", "/lost"); ben.get(a.to).to != "/login" {
		t.Error("Ben, who came in by a link, is still in")
	}
	if got := said(ben.page("/login")); !strings.Contains(got, "nothing counts that comes from Ben's phone") {
		t.Errorf("reporting a phone lost says %q", got)
	}
	dee.act("/do/suspend", "who", h.member("Cat"), "why", "a long story")
	h.in("eve").act("/do/second", "question", questionOn(t, dee.page("/council")))
	if got := said(cat.page(cat.post("/do/offer", "text", "Guitar lessons").to)); !strings.Contains(got, "that wasn't done") {
		t.Errorf("a form from somebody who is out says %q", got)
	}
}
