package bot

import (
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// span is what a job of the calendar looks back on: from when it was done last, and when
// it was due now.
type span struct{ from, to time.Time }

// The lengths that keep the digest readable in twenty seconds.
const (
	digestKinds = 5 // categories named
	digestMet   = 2 // posts named that were met
	digestNames = 4 // newcomers named
)

// digest tells the group what the week has brought. It is left out when it brought nothing.
func (c *Call) digest(s span) error {
	fresh, err := c.tx.PostsSince(s.from)
	if err != nil {
		return err
	}
	open, err := c.boardPosts("", "")
	if err != nil {
		return err
	}
	met, err := c.tx.MetSince(s.from)
	if err != nil {
		return err
	}
	deeds, err := c.tx.DeedsSince(s.from)
	if err != nil {
		return err
	}
	thanks, err := c.tx.ThanksSince(s.from)
	if err != nil {
		return err
	}
	newcomers := c.newcomers(s)
	requests, err := c.looking(ofKind(open, board.Request))
	if err != nil {
		return err
	}
	if len(fresh)+len(met)+len(deeds)+len(newcomers)+len(requests) == 0 && thanks == 0 {
		return nil
	}
	var lines []string
	add := func(phrase string, list []board.Post) {
		if len(list) > 0 {
			lines = append(lines, c.text(phrase, "n", len(list), "list", kindsOf(list)))
		}
	}
	add(digestRequests, ofKind(fresh, board.Request))
	add(digestOffers, ofKind(fresh, board.Offer))
	add(digestOpen, requests)
	if len(met) > 0 {
		lines = append(lines, c.text(digestMetIs, "n", len(met), "list", titles(met, digestMet)))
	}
	if len(deeds) > 0 {
		lines = append(lines, c.text(digestTrades, "trades", counted(int64(len(deeds)), "time", "times"), "hours", total(deeds)))
	}
	if thanks > 0 {
		lines = append(lines, c.text(digestThanks, "n", thanks))
	}
	if len(newcomers) > 0 {
		lines = append(lines, c.text(digestWelcome, "list", joinNames(newcomers)))
	}
	seq, head, err := c.tx.Head()
	if err != nil {
		return err
	}
	if seq > 0 {
		lines = append(lines, c.text(digestHead, "head", head.Short()))
	}
	c.send(c.group(), storage.Topic{}, c.text(digestIs, "community", c.people.community.Name, "list", strings.Join(lines, "\n")))
	return nil
}

// looking are the requests for which there are not enough people yet.
func (c *Call) looking(requests []board.Post) (all []board.Post, err error) {
	for _, p := range requests {
		takers, err := c.tx.Takers(p.ID)
		if err != nil {
			return nil, err
		}
		if len(takers) < p.Wanted {
			all = append(all, p)
		}
	}
	return all, nil
}

func ofKind(posts []board.Post, kind board.Kind) (all []board.Post) {
	for _, p := range posts {
		if p.Kind == kind {
			all = append(all, p)
		}
	}
	return all
}

// kindsOf counts posts by category: "moving 2, pets, something else 3".
func kindsOf(posts []board.Post) string {
	var names []string
	for _, p := range posts {
		names = append(names, categoryName(p.Category))
	}
	return frequencies(community.CountEach(names))
}

func frequencies(all []community.Frequency) string {
	var parts []string
	for i, f := range all {
		if i == digestKinds {
			parts = append(parts, "…")
			break
		}
		part := f.Name
		if f.N > 1 {
			part += " " + itoa(int64(f.N))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// categoryName is how people say a category.
func categoryName(category string) string {
	if category == "" || category == "other" {
		return "something else"
	}
	return strings.ReplaceAll(category, "_", " ")
}

// titles quotes the first few posts.
func titles(posts []board.Post, most int) string {
	var parts []string
	for i, p := range posts {
		if i == most {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, "“"+shorten(p.Text, 40)+"”")
	}
	return strings.Join(parts, ", ")
}

func total(deeds []community.Deed) (sum ledger.Minutes) {
	for _, d := range deeds {
		sum += d.Minutes
	}
	return sum
}

// newcomers are the people who have come since the founding, in that time.
func (c *Call) newcomers(s span) (names []string) {
	for _, m := range c.people.all {
		if m.Active() && !m.Joined.Before(s.from) && m.Joined.After(c.people.community.Created) && len(names) < digestNames {
			names = append(names, c.people.short(m))
		}
	}
	return names
}
