package ledger_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	. "communityconnect/ledger"
)

func TestParseAmount(t *testing.T) {
	for in, want := range map[string]Minutes{
		"2h": 120, "2 h": 120, "2H": 120, " 2h ": 120, "+2h": 120, "2hrs": 120, "2 hours": 120, "1 hour": 60, "1hr": 60,
		"1h30": 90, "1h30m": 90, "1 h 30 min": 90, "1h 5m": 65, "1h05": 65, "1h5": 65, "2 hours and 30 minutes": 150, "1h0": 60,
		"90m": 90, "45 mins": 45, "1 minute": 1, "90 min": 90, "12000m": 12000,
		"1.5": 90, "1,5": 90, "1.5h": 90, "1,5 h": 90, ".5h": 30, "0,25h": 15, "2.": 120, "2": 120, "0,125h 30m": 0, "200": 12000,
		"1 credit": 60, "1.5 credits": 90, "2 cr": 120, "½ credit": 30,
		"½h": 30, "1½h": 90, "1½": 90, "¼h": 15, "¾ h": 45, "2¾": 165, "1 ½ hours": 90, "½": 30,
		"1:30": 90, "0:05": 5, "1:30h": 90, "200:00": 12000, "01:30": 90,
		"1\u00a0h\u00a030": 90, "1\u202fh": 60,
		"120s": 2, "60 seconds": 1, "1m 60s": 2,
		"0.33333h": 20, "1.33333": 80, "0.6666667h": 40, "0.016667h": 1,
	} {
		got, err := ParseAmount(in)
		if want == 0 {
			if err == nil {
				t.Errorf("ParseAmount(%q) = %d, want an error", in, got)
			}
		} else if got != want || err != nil {
			t.Errorf("ParseAmount(%q) = %d, %v, want %d", in, got, err, want)
		}
	}
}

func TestParseAmountRefuses(t *testing.T) {
	const huge = "99999999999999999999"
	for _, c := range []struct {
		in      string
		code    Code
		nearest Minutes
	}{
		{"", AmountMissing, 0}, {"  ", AmountMissing, 0}, {"\u00a0", AmountMissing, 0},
		{"soon", AmountNonsense, 0}, {"h", AmountNonsense, 0}, {"-", AmountNonsense, 0}, {"+", AmountNonsense, 0}, {"+-2h", AmountNonsense, 0},
		{"2x", AmountNonsense, 0}, {"2 days", AmountNonsense, 0}, {"1.2.3h", AmountNonsense, 0}, {".", AmountNonsense, 0}, {"1..5", AmountNonsense, 0},
		{"30m1h", AmountNonsense, 0}, {"1h2h", AmountNonsense, 0}, {"30m 30m", AmountNonsense, 0}, {"1h30h", AmountNonsense, 0}, {"2h and", AmountNonsense, 0},
		{"1:3", AmountNonsense, 0}, {"1:60", AmountNonsense, 0}, {"1:030", AmountNonsense, 0}, {":30", AmountNonsense, 0}, {"1:", AmountNonsense, 0},
		{"1:30m", AmountNonsense, 0}, {"1:2:3", AmountNonsense, 0}, {"1.5:30", AmountNonsense, 0}, {"1:-5", AmountNonsense, 0},
		{"1e3", AmountNonsense, 0}, {"0x10", AmountNonsense, 0}, {"1/2h", AmountNonsense, 0}, {"٣h", AmountNonsense, 0}, {"2h!", AmountNonsense, 0},
		{"1,500h", AmountNonsense, 0}, {"1,500", AmountNonsense, 0}, {"10,000m", AmountNonsense, 0}, {"NaN", AmountNonsense, 0}, {"inf", AmountNonsense, 0},
		{"0", AmountZero, 0}, {"0h", AmountZero, 0}, {"0:00", AmountZero, 0}, {"-0h", AmountZero, 0}, {"0.0h0", AmountZero, 0},
		{"-2h", AmountNegative, 120}, {"−2h", AmountNegative, 120}, {"–30m", AmountNegative, 30}, {"- 2h", AmountNegative, 120}, {"-1.01h", AmountNegative, 61},
		{"-500h", AmountNegative, MaxAmount},
		{"30s", AmountBelowMinute, 1}, {"0.5m", AmountBelowMinute, 1}, {"½m", AmountBelowMinute, 1}, {"0.01h", AmountBelowMinute, 1}, {"1s", AmountBelowMinute, 1},
		{"1.01h", AmountNotWhole, 61}, {"1.1m", AmountNotWhole, 1}, {"90s", AmountNotWhole, 2}, {"1.999m", AmountNotWhole, 2}, {"0,125h", AmountNotWhole, 8},
		{"200h01", AmountTooLarge, MaxAmount}, {"201h", AmountTooLarge, MaxAmount}, {"12001m", AmountTooLarge, MaxAmount}, {"200:01", AmountTooLarge, MaxAmount},
		{"1000000.01h", AmountTooLarge, MaxAmount},
		{huge, AmountOverflow, 0}, {huge + "m", AmountOverflow, 0}, {huge + ":00", AmountOverflow, 0}, {"2562047788015h 9999999999999999m", AmountOverflow, 0},
		{"9223372036854775807h", AmountOverflow, 0}, {"9223372036854775807", AmountOverflow, 0}, {"2562047788016:00", AmountOverflow, 0},
	} {
		got, err := ParseAmount(c.in)
		var e *Error
		if got != 0 || !errors.As(err, &e) || e.Code != c.code || e.Nearest != c.nearest {
			t.Errorf("ParseAmount(%q) = %d, %#v, want %s with nearest %d", c.in, got, err, c.code, c.nearest)
		}
	}
}

func TestParseLimit(t *testing.T) {
	for in, want := range map[string]Minutes{
		"-50h": -3000, "+100h": 6000, "100": 6000, "0": 0, "0h": 0, "-0": 0, "−12h": -720, "-1h30": -90, "- 20 hours": -1200,
		"10000h": MaxLimit, "-10000h": -MaxLimit,
	} {
		if got, err := ParseLimit(in); got != want || err != nil {
			t.Errorf("ParseLimit(%q) = %d, %v, want %d", in, got, err, want)
		}
	}
	for _, c := range []struct {
		in      string
		code    Code
		nearest Minutes
	}{
		{"", AmountMissing, 0}, {"low", AmountNonsense, 0}, {"-", AmountNonsense, 0},
		{"10000h01", AmountTooLarge, MaxLimit}, {"-10001h", AmountTooLarge, -MaxLimit}, {"-10000.9999h", AmountTooLarge, -MaxLimit},
		{"-1.01h", AmountNotWhole, -61}, {"-30s", AmountBelowMinute, -1}, {"99999999999999999999", AmountOverflow, 0},
	} {
		got, err := ParseLimit(c.in)
		var e *Error
		if got != 0 || !errors.As(err, &e) || e.Code != c.code || e.Nearest != c.nearest {
			t.Errorf("ParseLimit(%q) = %d, %#v, want %s with nearest %d", c.in, got, err, c.code, c.nearest)
		}
	}
}

func TestMinutesString(t *testing.T) {
	for m, want := range map[Minutes][2]string{
		0: {"0h", "0h"}, 1: {"1m", "+1m"}, 59: {"59m", "+59m"}, 60: {"1h", "+1h"}, 61: {"1h01", "+1h01"}, 90: {"1h30", "+1h30"}, 120: {"2h", "+2h"},
		-1: {"-1m", "-1m"}, -60: {"-1h", "-1h"}, -90: {"-1h30", "-1h30"}, MaxLimit: {"10000h", "+10000h"},
		math.MaxInt64: {"153722867280912930h07", "+153722867280912930h07"}, math.MinInt64: {"-153722867280912930h08", "-153722867280912930h08"},
	} {
		if got := [2]string{m.String(), m.Signed()}; got != want {
			t.Errorf("%d prints %q, want %q", int64(m), got, want)
		}
	}
}

// What is printed can be typed.
func TestAmountsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Minutes(rapid.Int64Range(1, int64(MaxAmount)).Draw(t, "amount"))
		if got, err := ParseAmount(m.String()); got != m || err != nil {
			t.Fatalf("%d prints %q and reads %d, %v", int64(m), m, got, err)
		}
		l := Minutes(rapid.Int64Range(-int64(MaxLimit), int64(MaxLimit)).Draw(t, "limit"))
		if got, err := ParseLimit(l.Signed()); got != l || err != nil {
			t.Fatalf("%d prints %q and reads %d, %v", int64(l), l.Signed(), got, err)
		}
	})
}

// However an amount is spelled, it is the same amount.
func TestAmountSpellings(t *testing.T) {
	units := rapid.SampledFrom([]string{"%dh%02d", "%dh %dm", "%d:%02d", "%d hours and %d mins", "%d credits %d min"})
	rapid.Check(t, func(t *rapid.T) {
		h, m := rapid.IntRange(0, 199).Draw(t, "hours"), rapid.IntRange(0, 59).Draw(t, "minutes")
		in := sprintf(units.Draw(t, "unit"), h, m)
		want := Minutes(h*60 + m)
		if got, err := ParseAmount(in); got != want || err != nil && want != 0 {
			t.Fatalf("%q reads %d, %v, want %d", in, got, err, want)
		}
	})
}

// No input makes the reader panic, and what it accepts is an amount that prints as
// itself. What it refuses it refuses with a code, and what it offers instead it takes.
func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"2h", "1h30", "1.5", "1:30", "½h", "-2h", "90 mins", "1,500", "9223372036854775807", "1h 30 m 5s", "٣", "\xff", "0.33333h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseAmount(s)
		if err == nil {
			if again, err := ParseAmount(m.String()); m < 1 || m > MaxAmount || again != m || err != nil {
				t.Fatalf("%q reads %d, which reads %d, %v", s, m, again, err)
			}
			return
		}
		var e *Error
		if !errors.As(err, &e) || e.Code == "" || m != 0 {
			t.Fatalf("%q: %d, %#v", s, m, err)
		}
		if e.Nearest != 0 {
			if again, err := ParseAmount(e.Nearest.String()); again != e.Nearest || err != nil {
				t.Fatalf("%q: offered %d is refused: %v", s, e.Nearest, err)
			}
		}
	})
}
