package community

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Absence is a pause: nobody is matched with what somebody away has on the board, and it
// doesn't grow old meanwhile.
type Absence struct {
	Member MemberID
	Why    AbsenceKind
	Since  time.Time
	Until  time.Time // zero: until they are heard of
	Told   bool      // the council knows that nothing was heard of them
}

// AbsenceKind is why somebody is away.
type AbsenceKind string

// The kinds of absence.
const (
	SaidAway AbsenceKind = "said"   // they said so
	Silent   AbsenceKind = "silent" // nothing was heard of them for long
	Gone     AbsenceKind = "gone"   // they are not in the community's group any more
)

// The bounds of an absence that is said.
const (
	MinAway = 24 * time.Hour
	MaxAway = 366 * 24 * time.Hour
	// SilenceAnswered is how long somebody silent has to say something before the council
	// hears of it.
	SilenceAnswered = 14 * day
)

// ErrNoAbsence is what ReadAbsence can make nothing of.
var ErrNoAbsence = errors.New("that is no time to be away")

// ReadAbsence reads until when somebody is away: "2 weeks", "for a month", "until 5 June",
// "till Friday". No words are until further notice, which is the zero time. Now is in the
// community's time zone.
func ReadAbsence(words string, now time.Time) (time.Time, error) {
	fields := strings.Fields(strings.ToLower(strings.Trim(words, " .!")))
	if len(fields) == 0 {
		return time.Time{}, nil
	}
	var until time.Time
	switch fields[0] {
	case "until", "till", "til":
		until = dayNamed(fields[1:], now)
	case "for":
		until = spanNamed(fields[1:], now)
	default:
		until = spanNamed(fields, now)
	}
	if until.Sub(now) < MinAway || until.Sub(now) > MaxAway {
		return time.Time{}, ErrNoAbsence
	}
	return until, nil
}

// spanNamed reads "2 weeks", "a month", "ten days".
func spanNamed(fields []string, now time.Time) (until time.Time) {
	if len(fields) != 2 {
		return until
	}
	small := []string{"a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	n, err := strconv.Atoi(fields[0])
	if i := slices.Index(small, fields[0]); i >= 0 {
		n, err = max(1, i), nil
	}
	if err != nil || n < 1 || n > 366 {
		return until
	}
	switch strings.TrimSuffix(fields[1], "s") {
	case "day":
		return now.AddDate(0, 0, n)
	case "week":
		return now.AddDate(0, 0, 7*n)
	case "month":
		return now.AddDate(0, n, 0)
	}
	return until
}

// dayNamed reads "Friday", "5 June", "June 5": the next one, from its beginning.
func dayNamed(fields []string, now time.Time) (until time.Time) {
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	if len(fields) == 1 {
		for n := 1; n <= 7; n++ {
			next := today.AddDate(0, 0, n)
			if name := strings.ToLower(next.Weekday().String()); fields[0] == name || fields[0] == name[:3] {
				return next
			}
		}
		return until
	}
	if len(fields) != 2 {
		return until
	}
	for _, form := range []string{"2 January", "2 Jan", "January 2", "Jan 2"} {
		on, err := time.ParseInLocation(form, capital(fields), now.Location())
		if err != nil {
			continue
		}
		next := time.Date(y, on.Month(), on.Day(), 0, 0, 0, 0, now.Location())
		if !next.After(now) {
			next = next.AddDate(1, 0, 0)
		}
		return next
	}
	return until
}

// capital writes months as the calendar does.
func capital(fields []string) string {
	var words []string
	for _, w := range fields {
		words = append(words, strings.ToUpper(w[:1])+w[1:])
	}
	return strings.Join(words, " ")
}

// FellSilent reports whether nothing was heard of a member for so long that they are asked
// how it is. Whoever has no phone is never heard.
func (p Policy) FellSilent(m Member, now time.Time) bool {
	last := m.Heard
	if last.Before(m.Joined) {
		last = m.Joined
	}
	return m.Active() && m.Person != "" && !now.Before(last.AddDate(0, 0, p.SilenceDays))
}
