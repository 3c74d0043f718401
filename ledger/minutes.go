package ledger

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Minutes is an amount of credit: 60 minutes of help are one credit. It is whole,
// so that sums are exact, and signed where it is a balance.
type Minutes int64

const (
	// Hour is one credit.
	Hour Minutes = 60
	// MaxAmount is the most that one trade or transfer can carry: 200 hours, above
	// the whole distance between the widest limits the founding paper names (-50h to +100h).
	MaxAmount = 200 * Hour
	// MaxLimit is the widest floor or ceiling an account can have, in either direction.
	MaxLimit = 10000 * Hour
)

// String prints minutes as people write them: 2h, 1h30, 45m, -1h30, 0h.
func (m Minutes) String() string {
	if m < 0 {
		if m == math.MinInt64 {
			return "-153722867280912930h08"
		}
		return "-" + (-m).String()
	}
	h, rest := m/Hour, m%Hour
	switch {
	case rest == 0:
		return strconv.FormatInt(int64(h), 10) + "h"
	case h == 0:
		return strconv.FormatInt(int64(rest), 10) + "m"
	case rest < 10:
		return strconv.FormatInt(int64(h), 10) + "h0" + strconv.FormatInt(int64(rest), 10)
	default:
		return strconv.FormatInt(int64(h), 10) + "h" + strconv.FormatInt(int64(rest), 10)
	}
}

// Signed prints a balance: like String, with a + before what is above zero.
func (m Minutes) Signed() string {
	if m > 0 {
		return "+" + m.String()
	}
	return m.String()
}

// ParseAmount reads the amount of a trade: a whole number of minutes from 1 to
// MaxAmount. It understands 2h, 1h30, 1h30m, 90m, 1.5, 1,5h, 1:30, ½h, 1½h, 2 hours,
// 45 mins, 1 credit, 120 seconds; a bare number is hours. Its errors have the codes
// Amount…; where a whole minute lies near, Error.Nearest offers it.
func ParseAmount(s string) (Minutes, error) {
	m, err := parse(s)
	if err == nil || m < 0 || m > MaxAmount {
		err = checkAmount(m)
	}
	if err != nil {
		return 0, err
	}
	return m, nil
}

// checkAmount refuses what no trade or transfer can carry.
func checkAmount(m Minutes) error {
	switch {
	case m < 0:
		return &Error{Code: AmountNegative, Nearest: min(-m, MaxAmount)}
	case m == 0:
		return refuse(AmountZero)
	case m > MaxAmount:
		return &Error{Code: AmountTooLarge, Limit: MaxAmount, Nearest: MaxAmount}
	}
	return nil
}

// ParseLimit reads a floor or a ceiling: signed, and zero is fine. The widest is
// MaxLimit in either direction.
func ParseLimit(s string) (Minutes, error) {
	m, err := parse(s)
	switch {
	case m > MaxLimit || m < -MaxLimit:
		return 0, &Error{Code: AmountTooLarge, Limit: MaxLimit, Nearest: max(min(m, MaxLimit), -MaxLimit)}
	case err != nil:
		return 0, err
	}
	return m, nil
}

// parse reads a signed amount of any size that fits. With the error for an amount that
// is not whole it returns the nearest that is.
func parse(s string) (Minutes, error) {
	if thousands(s) {
		return 0, refuse(AmountNonsense)
	}
	s = normalise(s)
	if s == "" {
		return 0, refuse(AmountMissing)
	}
	sign := Minutes(1)
	switch s[0] {
	case '-':
		sign, s = -1, strings.TrimSpace(s[1:])
	case '+':
		s = strings.TrimSpace(s[1:])
	}
	ms, err := milliseconds(s)
	if err != nil {
		return 0, err
	}
	// Half a thousandth of a minute is forgiven: 0.33333h is 20 minutes.
	const forgiven = 30
	m, rest := Minutes(ms/inMinute), ms%inMinute
	switch {
	case rest >= inMinute/2:
		m, rest = m+1, inMinute-rest
	case m == 0 && rest > forgiven:
		m = 1
	}
	if rest <= forgiven {
		return sign * m, nil
	}
	code := AmountNotWhole
	if ms < inMinute {
		code = AmountBelowMinute
	}
	return sign * m, &Error{Code: code, Nearest: sign * m}
}

// thousands finds a comma that may part thousands as well as decimals: 1,500 is
// fifteen hundred to some and one and a half to others, and guessing is no good.
func thousands(s string) bool {
	before, after, ok := strings.Cut(s, ",")
	n := len(after) - len(strings.TrimLeft(after, "0123456789"))
	return ok && n == 3 && strings.TrimRight(before, "0123456789") != before && !strings.HasSuffix(" "+strings.TrimLeft(before, "+-−– "), " 0")
}

// normalise folds the ways a phone writes the same thing: typographic minus signs,
// decimal commas, spaces that do not break, vulgar fractions.
func normalise(s string) string {
	return strings.TrimSpace(strings.NewReplacer(
		"−", "-", "–", "-", "\u00a0", " ", "\u202f", " ",
		" ¼", ".25", " ½", ".5", " ¾", ".75", "¼", ".25", "½", ".5", "¾", ".75", ",", ".",
	).Replace(strings.ToLower(s)))
}

// milliseconds reads an unsigned amount of help.
func milliseconds(s string) (int64, error) {
	if h, m, ok := strings.Cut(s, ":"); ok {
		return clock(h, strings.TrimSuffix(m, "h"))
	}
	if s == "" {
		return 0, refuse(AmountNonsense)
	}
	total, rest := int64(0), s
	last := int64(math.MaxInt64) // units go from large to small: 1h30m, never 30m1h
	for rest != "" {
		number, after := leadingNumber(rest)
		if number == "" {
			return 0, refuse(AmountNonsense)
		}
		word, after := leadingWord(strings.TrimLeft(after, " "))
		unit, known := unitOf(word, last)
		if !known || unit >= last {
			return 0, refuse(AmountNonsense)
		}
		v, err := times(number, unit)
		if err != nil {
			return 0, err
		}
		if total += v; total < 0 {
			return 0, refuse(AmountOverflow)
		}
		last, rest = unit, strings.TrimPrefix(strings.TrimLeft(after, " "), "and ")
	}
	return total, nil
}

// clock reads 1:30, with the minutes below 60 and in two digits.
func clock(h, m string) (int64, error) {
	if len(m) != 2 || m[0] > '5' || !digits(h) || !digits(m) {
		return 0, refuse(AmountNonsense)
	}
	hours, err := times(h, inHour)
	if err != nil {
		return 0, err
	}
	minutes, err := times(m, inMinute)
	if err != nil || hours > math.MaxInt64-minutes {
		return 0, refuse(AmountOverflow)
	}
	return hours + minutes, nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func leadingNumber(s string) (number, rest string) {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.') {
		i++
	}
	return s[:i], s[i:]
}

func leadingWord(s string) (word, rest string) {
	i := 0
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r < 'a' || r > 'z' {
			break
		}
		i += n
	}
	return s[:i], s[i:]
}

// Milliseconds in a unit.
const (
	inHour   = 3_600_000
	inMinute = 60_000
	inSecond = 1000
)

// unitOf gives the milliseconds in one unit. A number without a unit is hours, or
// minutes where it follows hours (1h30).
func unitOf(word string, last int64) (int64, bool) {
	switch word {
	case "h", "hr", "hrs", "hour", "hours", "c", "cr", "credit", "credits":
		return inHour, true
	case "m", "min", "mins", "minute", "minutes":
		return inMinute, true
	case "s", "sec", "secs", "second", "seconds":
		return inSecond, true
	case "":
		if last == inHour {
			return inMinute, true
		}
		return inHour, last == math.MaxInt64
	}
	return 0, false
}

// times multiplies a decimal number by a unit, to the nearest millisecond.
func times(number string, unit int64) (int64, error) {
	whole, fraction, _ := strings.Cut(number, ".")
	if whole == "" && fraction == "" || strings.Contains(fraction, ".") {
		return 0, refuse(AmountNonsense)
	}
	w := int64(0)
	if whole != "" {
		var err error
		if w, err = strconv.ParseInt(whole, 10, 64); err != nil {
			return 0, refuse(AmountOverflow)
		}
	}
	if w > math.MaxInt64/unit {
		return 0, refuse(AmountOverflow)
	}
	f := 0.0
	if fraction != "" {
		var err error
		if f, err = strconv.ParseFloat("0."+fraction, 64); err != nil {
			return 0, refuse(AmountNonsense)
		}
	}
	sum := w*unit + int64(math.Round(f*float64(unit)))
	if sum < 0 {
		return 0, refuse(AmountOverflow)
	}
	return sum, nil
}
