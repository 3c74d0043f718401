package community

import (
	"errors"
	"strconv"
	"strings"
)

// StandIn is what somebody is called whose name nobody knows.
const StandIn = "Neighbour"

// ShownName makes what somebody calls themselves fit to be shown, cut between words where
// it is too long. It is false where nothing of it can be.
func ShownName(name string) (string, bool) {
	clean, err := CleanName(name)
	if errors.Is(err, ErrNameLong) {
		clean, err = CleanName(cutName(strings.Join(strings.Fields(name), " "), MaxName))
	}
	return clean, err == nil
}

// UniqueName adds a number to a name as long as it is taken, which is asked of the folded
// name.
func UniqueName(base string, taken func(folded string) bool) string {
	name := base
	for n := 2; taken(Fold(name)); n++ {
		number := " " + strconv.Itoa(n)
		name = cutName(base, MaxName-len(number)) + number
	}
	return name
}

// cutName shortens a name to so many letters, between words if it can.
func cutName(name string, most int) string {
	letters := []rune(name)
	if len(letters) <= most {
		return name
	}
	cut := string(letters[:most])
	if at := strings.LastIndex(cut, " "); at > 0 {
		cut = cut[:at]
	}
	return strings.TrimSpace(cut)
}
