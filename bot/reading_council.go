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

// HealthText is what /health tells the council.
func (r Reading) HealthText(h community.Health) (string, error) {
	text, err := r.c.healthText(h)
	return r.Plain(text), err
}

// Applicant is somebody who waits to be let in.
type Applicant struct {
	Text string
	Code string // by which the council lets them in
}

// Applicants are those who wait to be let in; others is what else waits for a day to pass.
func (r Reading) Applicants() (all []Applicant, others []string, err error) {
	waiting, err := r.c.tx.Applicants()
	if err != nil {
		return nil, nil, err
	}
	lines, err := r.c.pendingApplicants()
	if err != nil {
		return nil, nil, err
	}
	for i, a := range waiting {
		all = append(all, Applicant{r.Plain(lines[i]), community.ShowCode(a.Code)})
	}
	others, err = r.c.pendingCandidates()
	return all, others, err
}
