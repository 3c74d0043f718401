package nlp_test

import (
	"fmt"
	"strings"

	"communityconnect/nlp"
)

// tally is how well a set of examples is read.
type tally struct {
	all, right            int
	none, alarms          int // chatter, and how much of it was taken for something
	swapped, turned       int // trades with the parties swapped; offers taken for requests and the reverse
	amounts, amountsRight int // of trades and posts whose intent is right and that have an amount
	spurious              int // posts and declines given an amount that none has
	posts, category       int // of posts whose intent is right
	refs, refsRight       int // exact slots: ref, provider, receiver, name, to
	confusion             map[[2]string]int
	errors                []string
}

func score(p *nlp.Parser, examples []example) *tally {
	t := &tally{confusion: map[[2]string]int{}}
	for _, e := range examples {
		t.add(e, p.Understand(e.utterance()))
	}
	return t
}

func (t *tally) add(e example, r nlp.Reading) {
	if r.Outcome == nlp.Unsure && e.Context == "group" {
		r.Intent = nlp.None // the group hears nothing of it
	}
	got := string(r.Intent)
	want, ok := e.Intent, got == e.Intent
	for _, a := range e.Also {
		if !ok && a.Intent == got {
			want, ok = a.Intent, true
			e.Slots = a.Slots
		}
	}
	t.all++
	t.confusion[[2]string{e.Intent, got}]++
	if want == "none" {
		t.none++
		if got != "none" {
			t.alarms++
		}
	}
	if !ok {
		t.errors = append(t.errors, fmt.Sprintf("%s %s: %s -> %s (%.2f)  %s%s", e.ID, e.Context, e.Intent, got, r.Confidence, e.Plain, quote(e)))
		if want == "offer" && got == "request" || want == "request" && got == "offer" {
			t.turned++
		}
		return
	}
	t.right++
	t.slots(e, r)
}

func quote(e example) string {
	if e.ReplyTo == nil {
		return ""
	}
	return fmt.Sprintf("  <%s %s: %s>", e.ReplyTo.Kind, e.ReplyTo.Author, e.ReplyTo.Text)
}

func (t *tally) slots(e example, r nlp.Reading) {
	s := r.Slots
	minutes := ""
	if s.Minutes > 0 {
		minutes = fmt.Sprint(int64(s.Minutes))
	}
	switch r.Intent {
	case nlp.Offer, nlp.Request:
		if e.Slots["category"] == nil {
			break // not labelled
		}
		t.posts++
		if e.accepts("category", s.Category) {
			t.category++
		} else {
			t.errors = append(t.errors, fmt.Sprintf("%s category %q, want %v: %s", e.ID, s.Category, e.Slots["category"], e.Plain))
		}
	case nlp.LogTrade:
		if e.accepts("provider", s.Receiver) && e.accepts("receiver", s.Provider) {
			t.swapped++
		}
		t.exact(e, "provider", s.Provider)
		t.exact(e, "receiver", s.Receiver)
	case nlp.Interest, nlp.Confirm, nlp.Decline, nlp.ClosePost, nlp.Dispute:
		if want := slotText(e.Slots["ref"]); want == "" || !contains(s.Ref, want) || want == "reply" && s.Ref != "reply" {
			t.exact(e, "ref", s.Ref)
		} else {
			t.refs++
			t.refsRight++
		}
	case nlp.Vouch:
		t.exact(e, "name", s.Name)
	case nlp.Thanks:
		t.exact(e, "to", s.To)
	}
	switch r.Intent {
	case nlp.Offer, nlp.Request, nlp.LogTrade, nlp.Decline:
		if want := slotText(e.Slots["minutes"]); want != "" {
			t.amounts++
			if e.accepts("minutes", minutes) {
				t.amountsRight++
				return
			}
		} else if minutes == "" || e.accepts("minutes", minutes) {
			return
		} else {
			t.spurious++
		}
		t.errors = append(t.errors, fmt.Sprintf("%s minutes %q, want %v: %s", e.ID, minutes, e.Slots["minutes"], e.Plain))
	}
}

func (t *tally) exact(e example, slot, got string) {
	t.refs++
	if e.accepts(slot, got) {
		t.refsRight++
		return
	}
	t.errors = append(t.errors, fmt.Sprintf("%s %s %q, want %v: %s", e.ID, slot, got, e.Slots[slot], e.Plain))
}

// contains reports whether every word of want is in got.
func contains(got, want string) bool {
	have := strings.Fields(strings.ToLower(strings.NewReplacer("@", " ", "#", " ").Replace(got)))
	for _, w := range strings.Fields(strings.ToLower(strings.NewReplacer("@", " ", "#", " ").Replace(want))) {
		found := false
		for _, h := range have {
			found = found || h == w
		}
		if !found {
			return false
		}
	}
	return want != ""
}

func (e example) accepts(slot, got string) bool {
	norm := func(s string) string { return strings.ToLower(strings.TrimLeft(s, "@#")) }
	if norm(slotText(e.Slots[slot])) == norm(got) {
		return true
	}
	for _, v := range e.Accept[slot] {
		if norm(slotText(v)) == norm(got) {
			return true
		}
	}
	return false
}

func slotText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return fmt.Sprint(int64(v))
	}
	return fmt.Sprint(v)
}

func percent(n, of int) float64 {
	if of == 0 {
		return 100
	}
	return 100 * float64(n) / float64(of)
}

func (t *tally) String() string {
	return fmt.Sprintf("%d of %d right (%.1f %%); false alarms %d of %d (%.2f %%); turned %d, swapped %d; amounts %d/%d, spurious %d; category %d/%d (%.1f %%); exact slots %d/%d",
		t.right, t.all, percent(t.right, t.all), t.alarms, t.none, percent(t.alarms, t.none), t.turned, t.swapped,
		t.amountsRight, t.amounts, t.spurious, t.category, t.posts, percent(t.category, t.posts), t.refsRight, t.refs)
}
