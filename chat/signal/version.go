package signal

import (
	"strconv"
	"strings"
)

// versionFloor is the oldest signal-cli that receives what Signal sends today: older ones
// drop every message from senders that hide themselves from the server, which is nearly
// all of them, and before 0.14.1 Signal refuses the account altogether.
const versionFloor = "0.14.5"

// TooOld reports whether a version of signal-cli loses messages.
func TooOld(version string) bool { return !atLeast(version, versionFloor) }

// atLeast compares versions by their numbers; what follows the numbers does not count.
func atLeast(version, floor string) bool {
	have, want := numbers(version), numbers(floor)
	for i, w := range want {
		if i >= len(have) {
			return w == 0
		}
		if have[i] != w {
			return have[i] > w
		}
	}
	return len(have) > 0
}

// numbers reads the leading numbers of a version: 0.14.4.1+morph027 is 0, 14, 4, 1.
func numbers(version string) []int {
	end := strings.IndexFunc(version, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end >= 0 {
		version = version[:end]
	}
	var out []int
	for _, s := range strings.Split(version, ".") {
		n, err := strconv.Atoi(s)
		if err != nil {
			break
		}
		out = append(out, n)
	}
	return out
}
