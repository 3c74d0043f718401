package storage

import "time"

// JobDone returns up to when a job of the calendar has been done, which is when what was
// done last was due, and when that was. Both are zero for a job that never was.
func (tx *Tx) JobDone(name string) (due, ran time.Time, err error) {
	var d, r int64
	_, err = tx.row("SELECT due, ran_at FROM job WHERE name = ?", []any{name}, &d, &r)
	return fromSeconds(d), fromSeconds(r), err
}

// NoteJob notes that what was due then is done.
func (tx *Tx) NoteJob(name string, due, now time.Time) error {
	return tx.exec("INSERT INTO job (name, due, ran_at) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET due = ?2, ran_at = ?3",
		name, seconds(due), seconds(now))
}
