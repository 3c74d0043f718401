package storage

import (
	"time"

	"communityconnect/community"
	"communityconnect/ledger"
)

// SetHeard notes when a member last wrote or reacted.
func (tx *Tx) SetHeard(id community.MemberID, now time.Time) error {
	return tx.exec("UPDATE member SET heard_at = ? WHERE id = ?", seconds(now), int64(id))
}

// SetAway pauses a member's posts, or keeps another reason or end of a pause.
func (tx *Tx) SetAway(a community.Absence) error {
	return tx.exec(`INSERT INTO away (member, why, since, until, told) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (member) DO UPDATE SET why = excluded.why, until = excluded.until, told = excluded.told`,
		int64(a.Member), string(a.Why), seconds(a.Since), seconds(a.Until), a.Told)
}

// EndAway ends a pause. A post of theirs has as long to stand as it had when the pause began.
func (tx *Tx) EndAway(a community.Absence, now time.Time) error {
	if err := tx.exec("UPDATE post SET expires_at = expires_at + ? - max(created_at, ?) WHERE author = ? AND state = 'open'",
		seconds(now), seconds(a.Since), int64(a.Member)); err != nil {
		return err
	}
	return tx.exec("DELETE FROM away WHERE member = ?", int64(a.Member))
}

// Away returns whose posts are paused.
func (tx *Tx) Away() ([]community.Absence, error) {
	return list(tx, func(s scanner) (a community.Absence, err error) {
		var since, until int64
		err = s.Scan(&a.Member, &a.Why, &since, &until, &a.Told)
		a.Since, a.Until = fromSeconds(since), fromSeconds(until)
		return a, err
	}, "SELECT member, why, since, until, told FROM away ORDER BY member")
}

// SetLeaving keeps that a member is on their way out.
func (tx *Tx) SetLeaving(l community.Leaving) error {
	return tx.exec(`INSERT INTO leaving (member, since, until, floor, ceiling, own_limits, told) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (member) DO UPDATE SET until = excluded.until, told = excluded.told`,
		int64(l.Member), seconds(l.Since), seconds(l.Until), int64(l.Floor), int64(l.Ceiling), l.OwnLimits, l.Told)
}

// EndLeaving forgets that a member is on their way out: they are out, or stay.
func (tx *Tx) EndLeaving(id community.MemberID) error {
	return tx.exec("DELETE FROM leaving WHERE member = ?", int64(id))
}

// Leaving returns who is on their way out.
func (tx *Tx) Leaving() ([]community.Leaving, error) {
	return list(tx, func(s scanner) (l community.Leaving, err error) {
		var since, until, floor, ceiling int64
		err = s.Scan(&l.Member, &since, &until, &floor, &ceiling, &l.OwnLimits, &l.Told)
		l.Since, l.Until = fromSeconds(since), fromSeconds(until)
		l.Floor, l.Ceiling = ledger.Minutes(floor), ledger.Minutes(ceiling)
		return l, err
	}, "SELECT member, since, until, floor, ceiling, own_limits, told FROM leaving ORDER BY member")
}
