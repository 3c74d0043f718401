package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var code = regexp.MustCompile(`[A-Z]{3}-[A-Z]{3}`)

// newAccount moves somebody to Sam's Signal account, as the vouchers and the council say.
func (h *house) newAccount(name string, vouchers ...string) {
	h.t.Helper()
	h.say("sam dm> hello")
	h.heard()
	h.say("sam dm> I'm " + name + ", I lost my phone")
	claim := code.FindString(h.heard())
	for _, by := range vouchers {
		h.say(by+" dm> /vouch "+claim, by+" dm> yes")
	}
	h.say("dee council> /approve "+claim, "eve council> ✅")
}

// Whoever finds a phone can choose a password on it. Once the account has moved to its
// owner's new phone, neither that password nor any login of before opens the pages.
func TestTakingOverEndsPasswordsAndLogins(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	finder := h.in("ann")
	h.password(finder, "three green wheelbarrows")
	h.newAccount("Ann", "ben", "cat")
	if finder.get("/").to != "/login" {
		t.Error("a login of before goes on")
	}
	if a := finder.post("/login", "name", "Ann", "password", "three green wheelbarrows"); a.status != http.StatusForbidden {
		t.Errorf("the password of before: %d", a.status)
	}
	owner := h.in("sam")
	has(t, owner.page("/"), "Hello Ann", "choose a user name and a password")
	h.password(owner, "two blue teapots")
}

// Whoever has left is out everywhere, and stays so when they come back one day.
func TestLeavingEndsPasswordsAndLogins(t *testing.T) {
	t.Parallel()
	h := open(t, settings{})
	ann := h.in("ann")
	h.password(ann, "three green wheelbarrows")
	h.say("ann dm> /leave", "ann dm> yes")
	if ann.get("/").to != "/login" {
		t.Error("still in")
	}
	h.heard()
	h.say("ann dm> hello")
	if back := code.FindString(h.heard()); back != "" {
		h.say("ben dm> /vouch "+back, "dee council> /approve "+back, "eve council> ✅")
	}
	h.say("ann dm> balance")
	if got := h.heard(); !strings.Contains(got, "You're at 0h") {
		t.Fatalf("Ann is not back: %s", got)
	}
	if ann.get("/").to != "/login" {
		t.Error("a login of before opens the pages again")
	}
	if a := ann.post("/login", "name", "Ann", "password", "three green wheelbarrows"); a.status != http.StatusForbidden {
		t.Errorf("the password of before: %d", a.status)
	}
}
