package signal

import (
	"regexp"
	"strings"

	"communityconnect/chat"
)

// phoneNumber finds international numbers as signal-cli writes them, also where the plus
// sign is escaped.
var phoneNumber = regexp.MustCompile(`(?:\+|\\u002[bB])[0-9]{4,15}`)

// withoutNumbers returns a copy of a line in which phone numbers are blotted out. What
// was JSON stays JSON.
func withoutNumbers(line []byte) []byte {
	return phoneNumber.ReplaceAll(line, []byte("+..."))
}

// isACI reports whether s is an account identifier: a UUID in lower case. Identifiers of
// phone numbers ("PNI:...") are none.
func isACI(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'f':
		default:
			return false
		}
	}
	return true
}

// displayName returns what somebody calls themselves, or nothing if the daemon had only
// an address to show in its place.
func displayName(name string) string {
	name = strings.TrimSpace(name)
	if isACI(name) || strings.HasPrefix(name, "PNI:") || strings.ContainsRune(name, '+') && phoneNumber.MatchString(name) {
		return ""
	}
	return name
}

// word returns a name out of the daemon's mouth that is safe to log and to count by: a
// Java class name or an enum constant, and "other" for anything else.
func word(s string) string {
	if s == "" || len(s) > 64 {
		return "other"
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' {
			return "other"
		}
	}
	return s
}

// people makes account identifiers of strings, leaving out everything else.
func people(ids []string) []chat.PersonID {
	out := make([]chat.PersonID, 0, len(ids))
	for _, id := range ids {
		if isACI(id) {
			out = append(out, chat.PersonID(id))
		}
	}
	return out
}
