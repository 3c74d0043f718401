package community

import (
	"cmp"
	"slices"
	"time"
)

// AlarmKind is something that a person has to see to. The council hears of each once, with
// what to do, and once more when it is over.
type AlarmKind string

// The kinds of alarms.
const (
	AuditFailed   AlarmKind = "audit-failed"   // the books do not add up
	BackupOld     AlarmKind = "backup-old"     // the last good backup is older than two days
	BackupDamaged AlarmKind = "backup-damaged" // a backup is no longer what was written
	DiskFull      AlarmKind = "disk-full"      // nearly
	SignalOld     AlarmKind = "signal-old"     // signal-cli loses messages that it should not
	SignalAway    AlarmKind = "signal-away"    // signal-cli can't be reached
	SignalSilent  AlarmKind = "signal-silent"  // it can, and brings nothing
	SignalMode    AlarmKind = "signal-mode"    // it takes messages from Signal while nobody listens
	NotInGroup    AlarmKind = "not-in-group"   // the bot is not in the community's group
	Captcha       AlarmKind = "captcha"        // Signal wants proof that the bot is no spammer
	ClockJumped   AlarmKind = "clock-jumped"
	DeadLetters   AlarmKind = "dead-letters" // messages that were given up, coming or going
)

// AlarmKinds lists them all.
func AlarmKinds() []AlarmKind {
	return []AlarmKind{AuditFailed, BackupOld, BackupDamaged, DiskFull, SignalOld, SignalAway, SignalSilent, SignalMode, NotInGroup, Captcha, ClockJumped, DeadLetters}
}

// Afterwards reports whether nobody can be told of it while it lasts.
func (k AlarmKind) Afterwards() bool { return k == SignalAway }

// Alarm is one that was raised.
type Alarm struct {
	Kind    AlarmKind
	Detail  string    // a figure or a time for the words
	Since   time.Time // when it began
	Told    time.Time // zero: the council does not know yet
	Cleared time.Time // zero while it lasts
}

// Sign is what somebody who looked has found about one kind.
type Sign struct {
	Wrong  bool
	Since  time.Time // when it began, where that is known
	Detail string
}

// Signs are what was looked at. A kind that is not among them was not looked at, and stays
// as it was.
type Signs map[AlarmKind]Sign

// Watch holds what was found against the alarms that stand: what is newly wrong is raised,
// and what is no longer wrong is cleared. What stands and is still wrong stays as it is.
func Watch(standing []Alarm, found Signs, now time.Time) (raised, cleared []Alarm) {
	for _, kind := range AlarmKinds() {
		sign, looked := found[kind]
		at := slices.IndexFunc(standing, func(a Alarm) bool { return a.Kind == kind })
		switch {
		case looked && sign.Wrong && at < 0:
			a := Alarm{Kind: kind, Detail: sign.Detail, Since: cmp.Or(sign.Since, now)}
			if !kind.Afterwards() {
				a.Told = now
			}
			raised = append(raised, a)
		case looked && !sign.Wrong && at >= 0:
			a := standing[at]
			a.Cleared = now
			cleared = append(cleared, a)
		}
	}
	return raised, cleared
}

// How long the signs of an alarm take.
const (
	backupTooOld = 48 * time.Hour
	awayTooLong  = 15 * time.Minute
	silentFor    = 48 * time.Hour
	clockWatched = 24 * time.Hour  // after a jump
	clockJump    = 5 * time.Minute // and what is one
)

// BackupSign is about the last good backup; zero where there is none, and then the age
// counts from when there could have been one.
func BackupSign(last, since, now time.Time) Sign {
	from := cmp.Or(last, since)
	return Sign{Wrong: now.Sub(from) > backupTooOld, Since: from}
}

// Disks are called nearly full when a tenth of them is left, or this much on larger ones.
const diskLow = 1 << 30 // bytes

// DiskSign is about the room on a disk, in bytes. An alarm that stands is over only when
// there is half as much again, so that it does not come and go.
func DiskSign(free, size uint64, stands bool) Sign {
	low := min(size/10, diskLow)
	if stands {
		low += low / 2
	}
	return Sign{Wrong: free < low}
}

// AwaySign is about signal-cli being out of reach since a time; zero where it is not.
func AwaySign(since, now time.Time) Sign {
	return Sign{Wrong: !since.IsZero() && now.Sub(since) >= awayTooLong, Since: since}
}

// SilentSign is about signal-cli being there and bringing nothing at all since a time.
func SilentSign(since, now time.Time) Sign {
	return Sign{Wrong: now.Sub(since) >= silentFor, Since: since}
}

// ClockSign is about a clock that has just been seen to jump by so much, or did so at a
// time and is watched since.
func ClockSign(jump time.Duration, jumped, now time.Time) Sign {
	if jump.Abs() >= clockJump {
		return Sign{Wrong: true, Since: now}
	}
	return Sign{Wrong: !jumped.IsZero() && now.Sub(jumped).Abs() < clockWatched, Since: jumped}
}
