package bot

import (
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/storage"
)

// Health reads how the community does: for the council's /health, and to be drawn.
func (r Reading) Health() (community.Health, error) { return r.c.health() }

// health gathers the figures and reads them.
func (c *Call) health() (community.Health, error) {
	f, err := readFigures(c.tx, c.people, c.now)
	return community.Examine(f, c.now.In(c.world.zone)), err
}

// readFigures gathers what a community's health is read off.
func readFigures(tx *storage.Tx, p *people, now time.Time) (f community.Figures, err error) {
	since := now.AddDate(0, 0, -7*community.HealthWeeks)
	if f.Deeds, err = tx.DeedsSince(since); err != nil {
		return f, err
	}
	if f.Needs, err = readNeeds(tx, since, now); err != nil {
		return f, err
	}
	seen := map[int64]bool{}
	for _, m := range p.all {
		if !m.Active() || seen[int64(m.Account)] {
			continue
		}
		seen[int64(m.Account)] = true
		a, err := tx.Account(m.Account)
		if err != nil {
			return f, err
		}
		latest, err := tx.LatestSign(m.Account)
		if err != nil {
			return f, err
		}
		f.Positions = append(f.Positions, community.Position{
			Account: a.ID, Balance: a.Balance, Floor: a.Floor, Ceiling: a.Ceiling, Since: m.Joined, Latest: latest,
		})
	}
	cases, err := tx.OpenCases()
	for _, k := range cases {
		if f.OldestCase.IsZero() || k.Opened.Before(f.OldestCase) {
			f.OldestCase = k.Opened
		}
	}
	return f, err
}

// readNeeds gathers the requests that were made since a time, and those that are open.
func readNeeds(tx *storage.Tx, since, now time.Time) ([]community.Need, error) {
	posts, err := tx.PostsSince(since)
	if err != nil {
		return nil, err
	}
	open, err := tx.OpenPosts(now)
	if err != nil {
		return nil, err
	}
	for _, p := range open {
		if p.Created.Before(since) {
			posts = append(posts, p)
		}
	}
	var needs []community.Need
	for _, p := range posts {
		if p.Kind != board.Request {
			continue
		}
		taken, err := tx.FirstTaken(p.ID)
		if err != nil {
			return nil, err
		}
		needs = append(needs, community.Need{
			Category: p.Category, Created: p.Created, Taken: taken, Open: p.State == board.Open && now.Before(p.Expires),
		})
	}
	return needs, nil
}
