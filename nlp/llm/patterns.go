package llm

import (
	"regexp"

	"communityconnect/nlp"
)

// pattern finds one kind of thing that stays here.
type pattern struct {
	re     *regexp.Regexp
	unless func(string) bool // what looks like it and is harmless
}

var (
	mail     = regexp.MustCompile(`[^\s@<>,;:"]+@[^\s@<>,;:"]+\.\pL{2,}`)
	mailSaid = regexp.MustCompile(`(?i)\S+ ?(?:\(at\)|\[at\]|\{at\}| at ) ?[\w-]+ ?(?:\(dot\)|\[dot\]|\{dot\}| dot ) ?\w+`)
	web      = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+`)
	domain   = regexp.MustCompile(`(?i)\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|ie|uk|eu|io|me|info|app|dev|co|de|fr|es|pl|ly|gl|link)\b(?:[/?#]\S*)?`)
	account  = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b`) // Signal's identifier (ACI)
	iban     = regexp.MustCompile(`(?i)\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){3,7}(?:[ -]?[a-z0-9]{1,3})?\b`)
	phone    = regexp.MustCompile(`\+?\(?\d(?:[ ().\-/‐–]{0,3}\d){6,}`)
	postcode = regexp.MustCompile(`(?i)\b(?:[ac-fhknprtvwxy]\d[\dw] ?[0-9ac-fhknprtvwxy]{4}|[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2})\b`)
	street   = regexp.MustCompile(`(?i)\b\d{1,4}[a-z]?,? (?:[\pL'’.]+ ){1,3}(?:road|rd|street|st|avenue|ave|lane|crescent|terrace|grove|drive|close|court|place|square|gardens)\b`)
	digits   = regexp.MustCompile(`\d{4,}`) // a code, a year, a part of a number
	blob     = regexp.MustCompile(`\S{30,}`)
)

// patterns are in the order in which they are taken out: an address before the number or
// the name within it.
func patterns() []pattern {
	amount := func(s string) bool { _, is := nlp.Amount(s); return is }
	return []pattern{
		{mail, nil}, {mailSaid, nil}, {web, nil}, {domain, nil}, {account, nil}, {iban, nil}, {phone, nil}, {postcode, amount},
		{street, amount}, {digits, nil}, {blob, nil},
	}
}
