package bot

import "communityconnect/community"

// What the council hears of what somebody has to see to, and when that is over. Nothing in
// it is technical: whoever looks after the machine finds the rest with communityconnect
// check.
const (
	alarmAudit       = "⚠️ The books don't add up: {detail}. I post nothing until that's mended; see the operating guide."
	alarmAuditOver   = "✅ The books add up again, and I post trades as before."
	alarmBackup      = "⚠️ There has been no good backup since {since}. Whoever looks after my computer: communityconnect backup says what is in its way."
	alarmBackupOver  = "✅ There is a fresh backup again."
	alarmDamaged     = "⚠️ A backup is damaged and can't be relied on: {detail}. The others are fine. Whoever looks after my computer: the disk it lies on may be failing."
	alarmDamagedOver = "✅ All backups are whole again."
	alarmDisk        = "⚠️ My computer's disk is nearly full: {detail} left. Whoever looks after it: please make room. When it is full I can take nothing in, and Signal keeps what you write to me."
	alarmDiskOver    = "✅ There is room on my computer's disk again."
	alarmOld         = "⚠️ The program that connects me with Signal is too old, and messages to me may get lost. Whoever looks after my computer: please update signal-cli."
	alarmOldOver     = "✅ signal-cli is up to date again."
	alarmAway        = "⚠️ From {since} until now I had no connection with Signal. I read what you wrote meanwhile, but my answers are late. Whoever looks after my computer: the log of signal-cli may say why."
	alarmSilent      = "⚠️ I'm connected with Signal, but nothing at all has reached me since {since}. Whoever looks after my computer: please restart signal-cli."
	alarmSilentOver  = "✅ I hear from Signal again."
	alarmMode        = "⚠️ I may miss messages while I'm restarted. Whoever looks after my computer: signal-cli has to be started with --receive-mode=manual."
	alarmModeOver    = "✅ signal-cli keeps messages for me now while I'm restarted."
	alarmNotIn       = "⚠️ I'm no longer in the community's group. Could somebody add me again?"
	alarmNotInOver   = "✅ I'm in the community's group again."
	alarmCaptcha     = "⚠️ Signal wants proof that I'm no spammer before I may write much more. Whoever looks after my computer: communityconnect check says what to do. I hear everything, but some answers will be late."
	alarmCaptchaOver = "✅ Signal lets me write again."
	alarmClock       = "⚠️ My computer's clock has jumped, by {detail}. Dates and reminders may be wrong. Whoever looks after it: please see that it sets its clock from the network."
	alarmClockOver   = "✅ My computer's clock has kept time for a day."
	alarmDead        = "⚠️ Some messages went wrong in the last day: {detail}. Whoever looks after my computer: communityconnect check says more."
	alarmDeadOver    = "✅ No message has gone wrong for a day."
)

// alarmWords are what is said of each alarm when it is raised and when it is over; of one
// that can't be told while it lasts there is one message at the end.
var alarmWords = map[community.AlarmKind]struct{ raised, over string }{
	community.AuditFailed:   {alarmAudit, alarmAuditOver},
	community.BackupOld:     {alarmBackup, alarmBackupOver},
	community.BackupDamaged: {alarmDamaged, alarmDamagedOver},
	community.DiskFull:      {alarmDisk, alarmDiskOver},
	community.SignalOld:     {alarmOld, alarmOldOver},
	community.SignalAway:    {"", alarmAway},
	community.SignalSilent:  {alarmSilent, alarmSilentOver},
	community.SignalMode:    {alarmMode, alarmModeOver},
	community.NotInGroup:    {alarmNotIn, alarmNotInOver},
	community.Captcha:       {alarmCaptcha, alarmCaptchaOver},
	community.ClockJumped:   {alarmClock, alarmClockOver},
	community.DeadLetters:   {alarmDead, alarmDeadOver},
}
