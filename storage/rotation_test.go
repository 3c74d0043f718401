package storage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"communityconnect/ledger"
	"communityconnect/storage"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What stays of some backups under a rule, in words.
func TestRotation(t *testing.T) {
	for _, c := range []struct {
		name string
		keep storage.Keep
		have string // dates and times, a comma between them
		stay string // indexes into have
	}{
		{"nothing yet", storage.DefaultKeep(), "", ""},
		{"one, whatever the rule", storage.Keep{}, "2026-11-22 02:00", "0"},
		{"the newest of a day", storage.Keep{Daily: 7}, "2026-11-22 02:00,2026-11-22 03:00,2026-11-21 23:59,2026-11-21 00:00", "1 2"},
		{"the last three of a day", storage.Keep{Newest: 3, Daily: 1}, "2026-11-22 01:00,2026-11-22 02:00,2026-11-22 03:00,2026-11-22 04:00", "1 2 3"},
		{"days without a backup don't count", storage.Keep{Daily: 2}, "2026-11-22 02:00,2026-08-01 02:00,2026-01-01 02:00", "0 1"},
		{"a week begins on Monday", storage.Keep{Weekly: 2}, "2026-11-23 02:00,2026-11-22 02:00,2026-11-21 02:00,2026-11-15 02:00", "0 1"},
		{"a week across the new year", storage.Keep{Weekly: 5}, "2027-01-03 02:00,2026-12-31 02:00,2026-12-28 02:00,2026-12-27 02:00", "0 3"},
		{"months across years", storage.Keep{Monthly: 3}, "2027-01-31 02:00,2027-01-01 02:00,2026-12-31 02:00,2026-12-01 02:00,2026-01-31 02:00", "0 2 4"},
		{"all parts together", storage.Keep{Newest: 1, Daily: 2, Weekly: 2, Monthly: 2}, "2026-11-22 02:00,2026-11-21 02:00,2026-11-20 02:00,2026-11-15 02:00,2026-10-31 02:00,2026-10-30 02:00,2026-09-30 02:00", "0 1 3 4"},
		{"UTC decides on the day", storage.Keep{Daily: 7}, "2026-11-22 00:30,2026-11-21 23:30", "0 1"},
	} {
		var all []storage.BackupName
		for _, s := range strings.Split(c.have, ",") {
			if s != "" {
				all = append(all, storage.BackupName{Stem: "riverside", At: at(t, s).In(time.FixedZone("", 5*3600))})
			}
		}
		surplus := c.keep.Surplus(all)
		var stay []string
		for i, n := range all {
			if !slices.Contains(surplus, n) {
				stay = append(stay, fmt.Sprint(i))
			}
		}
		if got := strings.Join(stay, " "); got != c.stay {
			t.Errorf("%s: %q stay, want %q", c.name, got, c.stay)
		}
	}
}

// Rotated every night for three years, there are never more than the rule adds up to, the
// last week is whole, and there is always one of ten months ago.
func TestThreeYearsOfRotation(t *testing.T) {
	keep := storage.DefaultKeep()
	random := rand.New(rand.NewPCG(1, 2))
	var all []storage.BackupName
	begin := at(t, "2026-01-01 02:00")
	for night := range 3 * 365 {
		now := begin.AddDate(0, 0, night)
		all = append(all, storage.BackupName{Stem: "r", At: now})
		for range random.IntN(3) { // and now and then by hand
			all = append(all, storage.BackupName{Stem: "r", At: now.Add(time.Duration(random.IntN(20*3600)) * time.Second)})
		}
		surplus := keep.Surplus(all)
		all = slices.DeleteFunc(all, func(n storage.BackupName) bool { return slices.Contains(surplus, n) })
		days := map[string]bool{}
		oldest := now
		for _, n := range all {
			days[n.At.Format(time.DateOnly)] = true
			if n.At.Before(oldest) {
				oldest = n.At
			}
		}
		for back := range min(7, night+1) {
			if !days[now.AddDate(0, 0, -back).Format(time.DateOnly)] {
				t.Fatalf("night %d: the backup %d days ago is gone", night, back)
			}
		}
		if len(all) > keep.Newest+keep.Daily+keep.Weekly+keep.Monthly {
			t.Fatalf("night %d: %d backups", night, len(all))
		}
		if night > 365 && now.Sub(oldest) < 300*24*time.Hour {
			t.Fatalf("night %d: the oldest is of %s", night, oldest)
		}
	}
}

// A name says what it was made of, and what is no backup's name says nothing.
func TestBackupNames(t *testing.T) {
	head := ledger.Hash{1, 2, 3}
	for _, n := range []storage.BackupName{
		{Stem: "riverside", At: at(t, "2026-11-22 02:00"), Head: head},
		{Stem: "a-b 20260101T000000Z", At: at(t, "1999-12-31 23:59"), Head: head, Encrypted: true},
	} {
		if got, ok := storage.ParseBackupName("some/where/" + n.String()); !ok || got != n {
			t.Errorf("%s: %+v, %t", n, got, ok)
		}
		if strings.ContainsAny(n.String(), ":/\\") {
			t.Errorf("%s can't lie on every disk", n)
		}
	}
	hash := strings.Repeat("0", 64)
	for _, s := range []string{"", "riverside.db", "riverside-20261122T020000Z-" + hash + ".db", "riverside-20261122T020000Z-" + hash[1:] + ".db.zst",
		"riverside-20261399T020000Z-" + hash + ".db.zst", "-20261122T020000Z-" + hash + ".db.zst", "riverside-20261122T020000Z-" + hash + ".db.zst.age.sha256"} {
		if n, ok := storage.ParseBackupName(s); ok {
			t.Errorf("%q: %+v", s, n)
		}
	}
}
