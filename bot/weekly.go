package bot

import (
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/community"
	"communityconnect/storage"
)

// The lengths of the council's week.
const (
	weekUnmet    = 4
	weekSilent   = 6
	weekFeedback = 2
	weekPending  = 3
)

// councilWeek tells the council what needs a look, and how the community does.
func (c *Call) councilWeek(s span) error {
	if c.world.council == "" {
		return nil
	}
	h, err := c.health()
	if err != nil {
		return err
	}
	lines, err := c.weekLines(s)
	if err != nil {
		return err
	}
	if len(lines) > 0 {
		c.send(c.council(), storage.Topic{}, c.text(weekIs, "list", strings.Join(lines, "\n")))
	}
	text, err := c.healthText(h)
	if err != nil {
		return err
	}
	c.send(c.council(), storage.Topic{}, text)
	return nil
}

func (c *Call) weekLines(s span) ([]string, error) {
	var lines []string
	add := func(phrase string, n int, names []string, most int) {
		if n > 0 {
			if len(names) > most {
				names = append(names[:most:most], "…")
			}
			lines = append(lines, c.text(phrase, "n", n, "list", strings.Join(names, ", ")))
		}
	}
	unmet, err := c.unmet()
	if err != nil {
		return nil, err
	}
	var titles []string
	for _, p := range unmet {
		titles = append(titles, c.text("“{text}” ({who}, {day})", "text", shorten(p.Text, 40), "who", c.people.byID[community.MemberID(p.Author)], "day", c.until(p.Created)))
	}
	add(weekUnmetIs, len(unmet), titles, weekUnmet)
	open, err := c.tx.OpenSeconds()
	if err != nil {
		return nil, err
	}
	var acts []string
	for _, q := range open {
		acts = append(acts, shorten(secondAct(q), 50))
	}
	add(weekPendingIs, len(open), acts, weekPending)
	applicants, err := c.tx.Applicants()
	if err != nil {
		return nil, err
	}
	add(weekApplicants, len(applicants), nil, 0)
	late, err := c.lateCases()
	if err != nil {
		return nil, err
	}
	add(weekLateIs, late, nil, 0)
	feedback, err := c.tx.FeedbackSince(s.from, weekFeedback+1)
	if err != nil {
		return nil, err
	}
	var words []string
	for _, f := range feedback {
		words = append(words, c.feedbackLine(f, 60))
	}
	add(weekFeedbackIs, len(feedback), words, weekFeedback)
	silent, err := c.silentOnes(weekSilent)
	if err != nil {
		return nil, err
	}
	if len(silent) > 0 {
		lines = append(lines, c.text(weekSilentIs, "list", joinNames(silent)))
	}
	return lines, nil
}

// unmet are the open requests for which nobody has come in three days, oldest first.
func (c *Call) unmet() ([]board.Post, error) {
	posts, err := c.boardPosts(board.Request, "")
	if err != nil {
		return nil, err
	}
	var all []board.Post
	for i := range posts {
		p := posts[len(posts)-1-i]
		takers, err := c.tx.Takers(p.ID)
		if err != nil {
			return nil, err
		}
		if len(takers) == 0 && c.now.Sub(p.Created) >= honestAfter {
			all = append(all, p)
		}
	}
	return all, nil
}

// lateCases counts the open cases that nobody has settled within two weeks.
func (c *Call) lateCases() (n int, err error) {
	const late = 14 * 24 * time.Hour
	cases, err := c.tx.OpenCases()
	for _, k := range cases {
		if c.now.Sub(k.Opened) >= late {
			n++
		}
	}
	return n, err
}
