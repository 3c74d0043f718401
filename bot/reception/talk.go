package reception

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"communityconnect/chat"
	"communityconnect/storage/visitors"
)

// What the reception says.
const whichOfAll = "Hello! I work for more than one community. Which one would you like to talk with? Tell me its name."

func which(list string) string {
	return "You're in more than one community that I work for. Which one is this about?\n" + list + "\nTell me the number or the name. I'll remember it, and /community changes it."
}

func chosen(name string) string {
	return "Right: what you write to me here is for " + name + " from now on. /community changes that."
}

func present(name, list string) string {
	return "What you write to me here is for " + name + ". To change that, say /community and a number or a name:\n" + list
}

func howToChange(list string) string {
	return "Say /community and a number or a name:\n" + list
}

func onlyOne(name string) string {
	return "You're in one of the communities that I work for: " + name + "."
}

// names lists communities for people.
func names(desks []*desk) string {
	var lines []string
	for i, d := range desks {
		lines = append(lines, fmt.Sprintf("%d %s", i+1, d.Name))
	}
	return strings.Join(lines, "\n")
}

// word is one thing to say.
type word struct {
	to   chat.PersonID
	text string
}

// wordsAtMost is how many words may wait to be said.
const wordsAtMost = 64

func (r *Reception) say(p chat.PersonID, text string) {
	select {
	case r.words <- word{p, text}:
	default:
		r.Log.Warn().Msg("the reception has too much to say")
	}
}

// How often unsent questions are looked at, how long unanswered ones are kept, and how often
// it is seen to that they go.
const (
	askEvery    = 30 * time.Second
	askedDays   = 30
	forgetEvery = 24 * time.Hour
)

// talk sends what there is to ask and to say, until ctx ends.
func (r *Reception) talk(ctx context.Context) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	forgot := time.Time{}
	for {
		if now := r.Now(); now.Sub(forgot) >= forgetEvery {
			forgot = now
			if err := r.Book.Forget(now.AddDate(0, 0, -askedDays)); err != nil {
				r.Log.Error().Err(err).Msg("old questions could not be forgotten")
			}
		}
		unsent, err := r.Book.Unsent()
		if err != nil {
			r.Log.Error().Err(err).Msg("the questions can't be read")
		}
		for _, q := range unsent {
			r.askNow(ctx, q)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.asking:
		case <-tick.C:
		case w := <-r.words:
			if _, err := r.Line.Send(ctx, chat.Outgoing{Act: chat.Send, To: chat.Conversation{Person: w.to}, Text: w.text}); err != nil {
				r.Log.Warn().Msg("a word of the reception did not go out")
			}
		}
	}
}

// outOfReach is the identity of a question of which only its own time could tell it.
const outOfReach chat.Timestamp = 1

// askNow sends a question. One that may have arrived, or can't, is not sent again: whoever
// wrote is asked anew when they write on.
func (r *Reception) askNow(ctx context.Context, q visitors.Question) {
	receipt, err := r.Line.Send(ctx, chat.Outgoing{Act: chat.Send, To: chat.Conversation{Person: q.Person}, Text: q.Text})
	sent := receipt.Sent
	var failure *chat.SendError
	switch {
	case err == nil:
	case errors.As(err, &failure) && (failure.Outcome == chat.Unknown || failure.Outcome == chat.Never):
		sent = max(failure.Sent, outOfReach)
	default:
		return // it is tried again
	}
	if err := r.Book.AskedWith(q.Person, sent); err != nil {
		r.Log.Error().Err(err).Msg("a question could not be noted as sent")
	}
}

// Outgoing is what a community wants done on the line, as it is done: somebody who is in
// several reads which of them is speaking.
func (r *Reception) Outgoing(group chat.GroupID, o chat.Outgoing) chat.Outgoing {
	if !o.To.Direct() || o.Text == "" || o.Act != chat.Send && o.Act != chat.Edit {
		return o
	}
	circle, err := r.circle(o.To.Person)
	if err != nil || len(circle) < 2 {
		return o
	}
	prefix := r.desk(group).Name + ": "
	mentions := make([]chat.Mention, len(o.Mentions))
	for i, m := range o.Mentions {
		m.Start += len(utf16.Encode([]rune(prefix)))
		mentions[i] = m
	}
	o.Text, o.Mentions = prefix+o.Text, mentions
	return o
}
