package reception

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage/visitors"
)

// route finds the desks that a thing is for; none where it waits for a person's word, or is
// for nobody.
func (r *Reception) route(ctx context.Context, d bot.Delivery) ([]*desk, error) {
	switch {
	case d.Arrival != nil:
		return r.senders(d.Arrival.Sent), nil
	case d.Message == nil:
		return r.desks[:1], nil // a line that nobody understands, kept to find the mistake by
	case !d.Message.In.Direct():
		if at := r.desk(d.Message.In.Group); at != nil {
			return []*desk{at}, nil
		}
		return nil, nil
	case d.Message.Kind == chat.NewDevice:
		return r.circle(d.Message.From)
	}
	return r.direct(ctx, *d.Message)
}

// senders are the desks whose messages a receipt names. A community that can't say goes
// without: a receipt is worth no waiting.
func (r *Reception) senders(sent []chat.Timestamp) []*desk {
	said, _ := r.those(func(c Community) (bool, error) {
		for _, s := range sent {
			if was, err := c.Sent(s); was || err != nil {
				return was, err
			}
		}
		return false, nil
	})
	return said
}

// circle are the desks of the communities that know somebody. One that can't say, because
// it is not up or can't read its file, is asked by what it said last: what is meant for it
// must not go to another.
func (r *Reception) circle(p chat.PersonID) (circle []*desk, err error) {
	known, err := r.Book.Circle(p)
	if err != nil {
		return nil, err
	}
	said, silent := r.those(func(c Community) (bool, error) { return c.Knows(p) })
	var now []chat.GroupID
	for _, d := range r.desks {
		if slices.Contains(said, d) || slices.Contains(silent, d) && slices.Contains(known, d.Group) {
			circle, now = append(circle, d), append(now, d.Group)
		}
	}
	slices.Sort(now)
	if slices.Equal(now, known) {
		return circle, nil
	}
	return circle, r.Book.SetCircle(p, now)
}

// those asks communities something. Yes are the desks of those that say so, and silent of
// those that can't say.
func (r *Reception) those(ask func(Community) (bool, error)) (yes, silent []*desk) {
	for _, d := range r.desks {
		c := d.present()
		if c == nil {
			silent = append(silent, d)
			continue
		}
		switch said, err := ask(c); {
		case err != nil:
			r.Log.Error().Err(err).Msg("a community can't be asked; the others go on")
			silent = append(silent, d)
		case said:
			yes = append(yes, d)
		}
	}
	return yes, silent
}

// direct finds the desk of what somebody wrote directly.
func (r *Reception) direct(ctx context.Context, m chat.Message) ([]*desk, error) {
	circle, err := r.circle(m.From)
	if err != nil {
		return nil, err
	}
	stranger := len(circle) == 0
	if to := target(m); to != nil && to.Author == r.Self() {
		wrote, silent := r.those(func(c Community) (bool, error) { return c.Wrote(m.In, to.Sent) })
		if len(wrote) > 0 {
			return wrote, nil
		}
		silent = slices.DeleteFunc(silent, func(d *desk) bool { return !slices.Contains(circle, d) })
		if len(silent) == 1 {
			return silent, nil // no other has written it
		}
	}
	if stranger {
		circle = r.desks
	}
	if words, ok := switching(m); ok && !stranger {
		return nil, r.change(ctx, m, words, circle)
	}
	if len(circle) == 1 {
		return circle, nil
	}
	return r.undecided(ctx, m, circle, stranger)
}

// target is the message that one answers.
func target(m chat.Message) *chat.Ref {
	if m.Reaction != nil {
		return &m.Reaction.Target
	}
	return m.ReplyTo
}

// command is what people write to change the community that they mean.
const command = "/community"

// switching reads "/community Hilltop".
func switching(m chat.Message) (words string, ok bool) {
	if m.Kind != chat.Said {
		return "", false
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(m.Text), " ")
	return strings.TrimSpace(rest), strings.EqualFold(first, command)
}

// change answers the command.
func (r *Reception) change(ctx context.Context, m chat.Message, words string, circle []*desk) error {
	if d := named(words, circle); d != nil {
		return r.choose(ctx, m, d)
	}
	now, err := r.Book.Chosen(m.From)
	switch {
	case err != nil:
		return err
	case len(circle) == 1:
		r.say(m.From, onlyOne(circle[0].Name))
	case words == "" && name(circle, now) != "":
		r.say(m.From, present(name(circle, now), names(circle)))
	default:
		r.say(m.From, howToChange(names(circle)))
	}
	return nil
}

// undecided is what somebody wrote who may mean several communities.
func (r *Reception) undecided(ctx context.Context, m chat.Message, circle []*desk, stranger bool) ([]*desk, error) {
	chosen, err := r.Book.Chosen(m.From)
	if err != nil {
		return nil, err
	}
	q, asked, err := r.Book.Asked(m.From)
	if err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(circle, func(d *desk) bool { return d.Group == chosen }); at >= 0 && !asked {
		return circle[at : at+1], nil
	}
	if m.Kind != chat.Said {
		return nil, nil // a tap on nothing of ours, an edit, a deletion: nothing comes of those
	}
	if d := named(m.Text, circle); asked && d != nil {
		return nil, r.choose(ctx, m, d)
	}
	switch {
	case asked && stranger, asked && m.Sent.Time().Sub(q.At) < askAgain:
		return nil, r.Book.Hold(m)
	case stranger:
		return nil, r.ask(m.From, whichOfAll, &m)
	}
	return nil, r.ask(m.From, which(names(circle)), &m)
}

// askAgain is how long somebody who says something else is left with a question.
const askAgain = time.Minute

// named reads a number of the list, or a name.
func named(words string, circle []*desk) *desk {
	words = strings.Trim(strings.TrimSpace(words), ".!#")
	if n, err := strconv.Atoi(words); err == nil && n >= 1 && n <= len(circle) {
		return circle[n-1]
	}
	folded := community.Fold(words)
	for _, d := range circle {
		if folded != "" && community.Fold(d.Name) == folded {
			return d
		}
	}
	return nil
}

func name(circle []*desk, group chat.GroupID) string {
	for _, d := range circle {
		if d.Group == group {
			return d.Name
		}
	}
	return ""
}

// choose hands over what has waited for somebody's word, and then remembers whom they mean.
// After a crash in between they are still asked, and a community takes a message once.
func (r *Reception) choose(ctx context.Context, m chat.Message, d *desk) error {
	held, err := r.Book.Held(m.From)
	if err != nil {
		return err
	}
	lot := make([]bot.Delivery, len(held))
	for i := range held {
		lot[i] = bot.Delivery{Message: &held[i]}
	}
	if len(lot) > 0 {
		if err := r.hand(ctx, d, lot); err != nil {
			return err
		}
	}
	if err := r.Book.Choose(m.From, d.Group, r.Now()); err != nil {
		return err
	}
	if len(lot) == 0 {
		r.say(m.From, chosen(d.Name))
	}
	return nil
}

// ask has a question sent, and keeps what waits for the answer.
func (r *Reception) ask(p chat.PersonID, text string, waiting *chat.Message) error {
	if err := r.Book.Ask(visitors.Question{Person: p, Text: text, At: r.Now()}, waiting); err != nil {
		return err
	}
	select {
	case r.asking <- struct{}{}:
	default:
	}
	return nil
}
