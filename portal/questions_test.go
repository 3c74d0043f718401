package portal_test

import (
	"strings"
	"testing"
)

// What the bot asks somebody can be read and answered on the page as well as in the chat:
// the page never says yes to something without its words.
func TestQuestionsAreAnsweredOnThePage(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @eve 1h30 putting up shelves", "eve> ✅")
	ben := h.in("ben")
	ben.act("/do/gift", "who", h.member("Cat"), "amount", "30m", "what", "thanks")
	page := ben.page("/")
	has(t, page, "Give Cat 30m of what you have (thanks)?")
	if got := ben.act("/do/yes", "question", questionOn(t, page)); !strings.Contains(got, "You're at +1h") {
		t.Errorf("a yes to a gift says %q", got)
	}
	ben.act("/do/gift", "who", "commons", "amount", "15m", "what", "thanks")
	page = ben.page("/")
	has(t, page, "15m of what you have (thanks)?")
	ben.act("/do/no", "question", questionOn(t, page))
	h.say("ben> /offer Guitar lessons")
	ben.act("/do/leave")
	page = ben.page("/")
	has(t, page, "You want to leave Riverside?", "I take down what you have on the board (1 post)", "You're at +1h")
	ben.act("/do/yes", "question", questionOn(t, page))
	page = ben.page("/")
	has(t, page, "Shall I leave your +1h to the commons?")
	a := ben.post("/do/yes", "question", questionOn(t, page))
	if a = ben.get(a.to); a.to != "/login" {
		t.Fatalf("Ben is still in: %d %s", a.status, text(a.body))
	}
	has(t, ben.page("/login"), "You've left Riverside, and your account is even")
}

// At the ceiling the page asks what the chat asks: whether the commons may have the rest.
func TestTheRestMayGoToTheCommonsOnThePage(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("dee council> /limits @Ben -10h +2h", "eve council> ✅")
	ben := h.in("ben")
	ben.act("/do/gave", "who", h.member("Cat"), "amount", "3h", "what", "hedge")
	page := ben.page("/")
	has(t, page, "3h would take you above your ceiling of +2h: there's room for 2h", "leave the rest to the commons")
	ben.act("/do/yes", "question", questionOn(t, page))
	cat := h.in("cat")
	cat.act("/do/confirm", "trade", 1, "version", 1)
	has(t, ben.page("/"), "Your balance +2h")
}

// Who knows a claimant, and whose the old account is, is asked on the page in the words of
// the chat.
func TestQuestionsAboutPeopleOnThePage(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("sam dm> hello")
	h.heard()
	h.say("sam dm> I'm Ann, I lost my phone")
	claim := code.FindString(h.heard())
	ben, ann := h.in("ben"), h.in("ann")
	ben.act("/do/bring", "code", claim)
	page := ben.page("/")
	has(t, page, "this code is of somebody who says they ARE Ann")
	ben.act("/do/yes", "question", questionOn(t, page))
	page = ann.page("/")
	has(t, page, "Somebody with a new Signal account says that they're you, and Ben vouches for it")
	ann.act("/do/no", "question", questionOn(t, page))
	if got := h.heard(); !strings.Contains(got, "Ann's old account says it is still Ann's") {
		t.Errorf("the council hears %q", got)
	}
}

// Whoever is away, or on their way out, finds on the page how that ends, and what they have
// chosen.
func TestBackOnThePage(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	h.say("ben> /gave @ann 1h30 putting up shelves", "ann> ✅")
	ann := h.in("ann")
	ann.act("/do/away", "text", "2 weeks")
	has(t, ann.page("/me"), "You're away until 18 May")
	if got := ann.act("/do/back"); !strings.Contains(got, "Welcome back") {
		t.Errorf("being back says %q", got)
	}
	ann.act("/do/mediate", "to", "on")
	ann.act("/do/quiet", "to", "all off")
	has(t, ann.page("/me"), "You're willing to mediate", "🔕 ", "For how long are you away?")
	ann.act("/do/leave")
	ann.act("/do/yes", "question", questionOn(t, ann.page("/")))
	if page := text(ann.page("/")); !strings.Contains(page, "You're on your way out") || strings.Contains(page, "near your") {
		t.Errorf("the first page of a leaver:\n%s", page)
	}
	has(t, ann.page("/me"), "You're on your way out, and can even out your account until 3 July")
	if got := ann.act("/do/back"); !strings.Contains(got, "Good that you're staying") {
		t.Errorf("staying says %q", got)
	}
	has(t, ann.page("/me"), "Leave the community")
}

// Whether something happened is asked with how long it took, and answered so.
func TestHowLongItTookOnThePage(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	fine(t, h.stage.KeepCalendar())
	h.say("ben> /request Help to move boxes on Saturday, 2h", "ann dm> /take #1", "cat> /request A lift to the hospital on Saturday", "una dm> /take #2",
		".wait 1d", ".wait 1d", ".wait 1d", ".wait 1d", ".wait 1d", ".wait 1d", ".wait 1d")
	ben, cat := h.in("ben"), h.in("cat")
	page := ben.page("/")
	has(t, page, "with Ann: did it happen?", "✅ 2h, or tell me how long", "✅ Yes")
	ben.act("/do/long", "question", questionOn(t, page), "amount", "1h15")
	has(t, h.in("ann").page("/"), "Did you give Ben 1h15?")
	page = cat.page("/")
	has(t, page, "with Una: did it happen?")
	if strings.Contains(page, "✅ Yes") {
		t.Error("a yes does not say how long")
	}
	cat.act("/do/long", "question", questionOn(t, page), "amount", "45m")
	has(t, h.in("una").page("/"), "Did you give Cat 45m?")
}
