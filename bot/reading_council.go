package bot

import (
	"communityconnect/community"
)

// Alarm is something that somebody has to see to, in words.
type Alarm struct {
	community.Alarm
	Text string
}

// Alarms are the latest alarms, those that stand among them.
func (r Reading) Alarms(limit int) ([]Alarm, error) {
	latest, err := r.c.tx.Alarms(limit)
	var all []Alarm
	for _, a := range latest {
		words := alarmWords[a.Kind]
		text := words.raised
		if !a.Cleared.IsZero() && words.over != "" {
			text = words.over
		}
		all = append(all, Alarm{a, r.c.text(text, "detail", a.Detail, "since", r.c.moment(a.Since))})
	}
	return all, err
}
