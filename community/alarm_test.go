package community

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever is found and however often: an alarm is raised only where none of its kind
// stands, cleared only where one does, and what was not looked at stays as it was.
func TestAlarmsAreRaisedAndClearedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var standing []Alarm
		now := time.Unix(1_800_000_000, 0)
		for range rapid.IntRange(1, 40).Draw(t, "looks") {
			now = now.Add(time.Hour)
			found := Signs{}
			for _, kind := range AlarmKinds() {
				if rapid.Bool().Draw(t, "looked") {
					found[kind] = Sign{Wrong: rapid.Bool().Draw(t, "wrong")}
				}
			}
			raised, cleared := Watch(standing, found, now)
			after := slices.Clone(standing)
			for _, a := range raised {
				if holds(after, a.Kind) || !found[a.Kind].Wrong {
					t.Fatalf("%s is raised though it stands, or nothing is wrong", a.Kind)
				}
				after = append(after, a)
			}
			for _, a := range cleared {
				if sign, looked := found[a.Kind]; !holds(standing, a.Kind) || !looked || sign.Wrong || a.Cleared != now {
					t.Fatalf("%s is cleared wrongly", a.Kind)
				}
				after = slices.DeleteFunc(after, func(b Alarm) bool { return b.Kind == a.Kind })
			}
			for kind, sign := range found {
				if holds(after, kind) != sign.Wrong {
					t.Fatalf("%s stands: %v, and is wrong: %v", kind, !sign.Wrong, sign.Wrong)
				}
			}
			standing = after
		}
	})
}

func holds(all []Alarm, kind AlarmKind) bool {
	return slices.ContainsFunc(all, func(a Alarm) bool { return a.Kind == kind })
}

func TestSigns(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	ago := func(hours float64) time.Time { return now.Add(-time.Duration(hours * float64(time.Hour))) }
	const gib = 1 << 30
	for name, c := range map[string]struct {
		sign Sign
		want bool
	}{
		"a backup of yesterday":             {BackupSign(ago(24), ago(900), now), false},
		"a backup of three days ago":        {BackupSign(ago(72), ago(900), now), true},
		"no backup in a new community":      {BackupSign(time.Time{}, ago(3), now), false},
		"no backup ever":                    {BackupSign(time.Time{}, ago(49), now), true},
		"much room":                         {DiskSign(50*gib, 100*gib, false), false},
		"little room":                       {DiskSign(gib/2, 100*gib, false), true},
		"a small disk":                      {DiskSign(gib/2, 4*gib, false), false},
		"a small full disk":                 {DiskSign(gib/4, 4*gib, false), true},
		"a little more room than little":    {DiskSign(gib+gib/4, 100*gib, false), false},
		"the same while the alarm stands":   {DiskSign(gib+gib/4, 100*gib, true), true},
		"room again":                        {DiskSign(2*gib, 100*gib, true), false},
		"signal-cli there":                  {AwaySign(time.Time{}, now), false},
		"signal-cli restarted":              {AwaySign(ago(0.1), now), false},
		"signal-cli away":                   {AwaySign(ago(1), now), true},
		"a quiet day":                       {SilentSign(ago(24), now), false},
		"two days without a word":           {SilentSign(ago(49), now), true},
		"a clock that keeps time":           {ClockSign(time.Second, time.Time{}, now), false},
		"a clock that jumped back":          {ClockSign(-time.Hour, time.Time{}, now), true},
		"a clock that jumped this morning":  {ClockSign(0, ago(3), now), true},
		"a clock that jumped the other day": {ClockSign(0, ago(30), now), false},
	} {
		if c.sign.Wrong != c.want {
			t.Errorf("%s: wrong is %v", name, c.sign.Wrong)
		}
	}
}
