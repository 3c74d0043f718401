package portal

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// maxDraft is how much of a refused form is kept to be put right.
const maxDraft = 8 << 10

// draft is what was typed into a form that was refused, so that it need not be typed again.
type draft struct {
	form  string // its name in the address; "" where there is none
	typed url.Values
}

// Of is what was typed into a field of one of these forms, which are named with a space
// between. What was meant for one form never shows up in another.
func (d draft) Of(forms, field string) string {
	if d.form == "" || !slices.Contains(strings.Fields(forms), d.form) {
		return ""
	}
	return d.typed.Get(field)
}

// draft is what is kept for the next page.
func (v *visit) draft() draft {
	form, typed, _ := strings.Cut(v.sessions.GetString(v.r.Context(), keyDraft), "?")
	values, err := url.ParseQuery(typed)
	if err != nil {
		return draft{}
	}
	return draft{form, values}
}

// keepDraft keeps what was typed, but no password and no form's name.
func (v *visit) keepDraft() {
	typed := url.Values{}
	for key, values := range v.r.PostForm {
		if !slices.Contains([]string{"password", "again", "old", "once", "back", "form"}, key) {
			typed[key] = values[:1]
		}
	}
	if s := path.Base(v.r.URL.Path) + "?" + typed.Encode(); len(s) <= maxDraft {
		v.sessions.Put(v.r.Context(), keyDraft, s)
	}
}
