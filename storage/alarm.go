package storage

import (
	"time"

	"communityconnect/community"
)

func readAlarm(s scanner) (a community.Alarm, err error) {
	var since, told, cleared int64
	err = s.Scan(&a.Kind, &a.Detail, &since, &told, &cleared)
	a.Since, a.Told, a.Cleared = fromSeconds(since), fromSeconds(told), fromSeconds(cleared)
	return a, err
}

// StandingAlarms returns the alarms that are not over.
func (tx *Tx) StandingAlarms() ([]community.Alarm, error) {
	return list(tx, readAlarm, "SELECT kind, detail, since, told_at, cleared_at FROM alarm WHERE cleared_at = 0 ORDER BY kind")
}

// Alarms returns the newest alarms, newest first.
func (tx *Tx) Alarms(limit int) ([]community.Alarm, error) {
	return list(tx, readAlarm, "SELECT kind, detail, since, told_at, cleared_at FROM alarm ORDER BY id DESC LIMIT +?", limit)
}

// RaiseAlarm notes a new one. There is at most one of a kind that is not over.
func (tx *Tx) RaiseAlarm(a community.Alarm) error {
	return tx.exec("INSERT INTO alarm (kind, detail, since, told_at) VALUES (?, ?, ?, ?)", string(a.Kind), a.Detail, seconds(a.Since), seconds(a.Told))
}

// ClearAlarm ends the one of a kind, of which the council knows by now.
func (tx *Tx) ClearAlarm(kind community.AlarmKind, now time.Time) error {
	return tx.exec("UPDATE alarm SET cleared_at = ?1, told_at = max(told_at, ?1) WHERE kind = ?2 AND cleared_at = 0", seconds(now), string(kind))
}

// LettersGivenUp counts the messages since a time that were given up: those that never
// went out, and those that came in and the program failed on.
func (tx *Tx) LettersGivenUp(since time.Time) (failed, dead int, err error) {
	if _, err = tx.row("SELECT count(*) FROM outbox WHERE state = 'failed' AND created_at >= ?", []any{since.UnixMilli()}, &failed); err != nil {
		return 0, 0, err
	}
	_, err = tx.row("SELECT count(*) FROM inbox WHERE state <> 'done' AND state = 'dead' AND arrived >= ?", []any{since.UnixMilli()}, &dead)
	return failed, dead, err
}

// LastArrival is when the newest message came in, by our clock; zero before the first.
func (tx *Tx) LastArrival() (time.Time, error) {
	var ms int64
	_, err := tx.row("SELECT arrived FROM inbox WHERE id = (SELECT max(id) FROM inbox)", nil, &ms)
	return fromMillis(ms), err
}
