package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/community"
	"communityconnect/config"
	"communityconnect/storage"
)

// introduction is the first thing a community hears of its bot. It asks for a direct
// message because Signal slows down whoever writes to many strangers.
const introduction = `👋 Hello! I'm the bot of %s. I keep the board of offers and requests, and everybody's time credits.
An hour of help is one credit, whoever gives it, and all balances together always come to zero.
Please tap my name and send me “hello” in a direct message, so that I may write to you, too.
Then try /offer, /request or /board, here or there; /help shows the rest.
In the group I stay quiet unless you speak to me, and your balance stays between you and me.`

// found takes everybody who is in the groups into a new file as founding members. With a
// file that has its community it does nothing. It waits for signal-cli.
func (s *service) found(ctx context.Context, db *storage.DB) error {
	exists := false
	err := db.View(func(tx *storage.Tx) (err error) {
		_, exists, err = tx.Community()
		return err
	})
	if err != nil || exists {
		return err
	}
	s.log.Info().Msg("a new file: founding the community from its groups on Signal")
	if err := s.ready(ctx); err != nil {
		return err
	}
	founders, err := s.founders(ctx)
	if err != nil {
		return err
	}
	if err := db.Update(func(tx *storage.Tx) error { return s.takeIn(tx, founders) }); err != nil {
		return err
	}
	s.log.Info().Int("members", len(founders.people)).Int("council", len(founders.council)).Msg("founded")
	return nil
}

// ready waits until signal-cli answers and the bot is in both groups; it accepts
// invitations. What waiting does not put right is an error.
func (s *service) ready(ctx context.Context) error {
	heard := false
	for try := 0; ; try++ {
		var wrong []signal.Finding
		for _, f := range signal.Check(ctx, s.signal, wanted(s.community)) {
			if f.Level == signal.Fail {
				wrong = append(wrong, f)
			}
		}
		switch {
		case len(wrong) == 0:
			return nil
		case wrong[0].Check != "reach" && !heard && s.ownLine():
			heard = true
			s.log.Info().Msg("asking Signal for news of the groups")
			if err := hear(ctx, s.signal, hearFor); err != nil {
				return err
			}
			continue
		case wrong[0].Check != "reach":
			return errors.New(sentence(wrong))
		}
		s.status("STATUS=waiting for signal-cli, to found the community")
		s.log.Warn().Int("try", try+1).Msg("waiting for signal-cli: is its daemon running, and is this its socket?")
		if err := patience(ctx, try); err != nil {
			return err
		}
	}
}

// hearFor is how long signal-cli gets to fetch what waits at Signal.
const hearFor = 10 * time.Second

// hear lets signal-cli fetch what waits at Signal, and lets that go. Started as the bot
// needs it, signal-cli fetches nothing until somebody listens, and it learns from a
// message that the bot is in a group. It must not be called where there is a community:
// what neighbours have written to it would be lost.
func hear(ctx context.Context, opts signal.Options, atMost time.Duration) error {
	opts.Groups, opts.Log = nil, zerolog.Nop()
	line, err := signal.New(opts, nobody{})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	return line.Run(ctx)
}

// nobody listens, and keeps nothing.
type nobody struct{}

func (nobody) Deliver(context.Context, []signal.Delivery) error { return nil }

func (nobody) Roster(context.Context, chat.GroupID) ([]chat.PersonID, error) { return nil, nil }

// founders are the people that a community begins with.
type founders struct {
	self    chat.PersonID
	people  []chat.PersonID // all of them, by name
	names   map[chat.PersonID]string
	known   map[chat.PersonID]string // what they call themselves, where Signal says it
	group   []chat.PersonID
	council []chat.PersonID
}

func (s *service) founders(ctx context.Context) (founders, error) {
	c, err := signal.Dial(ctx, s.signal)
	if err != nil {
		return founders{}, err
	}
	defer c.Close()
	f := founders{self: c.Self()}
	if f.group, err = membersOf(ctx, c, s.community.Group); err != nil {
		return f, err
	}
	if f.council, err = membersOf(ctx, c, s.community.CouncilGroup); err != nil {
		return f, err
	}
	switch {
	case len(f.group) == 0:
		return f, errors.New("the community's group has nobody in it but the bot; add the neighbours first, they become its founding members")
	case len(f.council) == 0:
		return f, errors.New("the council's group has nobody in it but the bot; add the council first")
	}
	f.people = slices.Concat(f.group, f.council)
	slices.Sort(f.people)
	f.people = slices.Compact(f.people)
	known, err := namesOf(ctx, c, f.people)
	if err != nil {
		return f, fmt.Errorf("the names of the members could not be asked for: %w", err)
	}
	slices.SortStableFunc(f.people, func(a, b chat.PersonID) int { return cmp.Compare(known[a], known[b]) })
	f.names, f.known = uniqueNames(f.people, known), known
	return f, nil
}

// namesTries is how often a name is asked for that is not known yet.
const namesTries = 4

// namesOf asks for the names of people. A signal-cli that was linked a moment ago knows
// few: those that are missing are asked for again, a few at a time.
func namesOf(ctx context.Context, c *signal.Client, people []chat.PersonID) (map[chat.PersonID]string, error) {
	known, err := c.Names(ctx, people...)
	for try := 0; err == nil && try < namesTries; try++ {
		missing := slices.DeleteFunc(slices.Clone(people), func(p chat.PersonID) bool { return known[p] != "" })
		if len(missing) == 0 {
			break
		}
		if try > 0 {
			if err := patience(ctx, try-1); err != nil {
				return nil, err
			}
		}
		for few := range slices.Chunk(missing, signal.FewPeople) {
			more, err := c.Names(ctx, few...)
			if err != nil {
				return nil, err
			}
			maps.Copy(known, more)
		}
	}
	return known, err
}

func membersOf(ctx context.Context, c *signal.Client, group string) ([]chat.PersonID, error) {
	found, err := c.Groups(ctx, chat.GroupID(group))
	if err != nil {
		return nil, fmt.Errorf("a group could not be asked for its members: %w", err)
	}
	for _, g := range found {
		if g.ID == chat.GroupID(group) {
			return g.Members, nil
		}
	}
	return nil, errors.New("one of the groups is gone; communityconnect check says which")
}

// takeIn founds the community: its policy from the config, its members with the full
// limits, and one introduction that is queued with all the rest, so that there is neither
// none nor a second.
func (s *service) takeIn(tx *storage.Tx, f founders) error {
	now := s.now()
	policy := startingPolicy(s.community.Policy)
	if err := tx.Found(storage.Community{Name: s.community.Name, Timezone: s.community.Timezone, Created: now}, policy); err != nil {
		return err
	}
	for _, p := range f.people {
		_, named := community.ShownName(f.known[p])
		m := community.Member{Person: string(p), Name: f.names[p], Nameless: !named, Status: community.Full, Council: slices.Contains(f.council, p), Joined: now}
		if _, err := tx.AddMember(m, policy); err != nil {
			return fmt.Errorf("take in a founding member: %w", err)
		}
	}
	group, council := chat.GroupID(s.community.Group), chat.GroupID(s.community.CouncilGroup)
	_, err := tx.Queue(chat.Outgoing{
		Act: chat.Send, To: chat.Conversation{Group: group}, Text: fmt.Sprintf(introduction, s.community.Name),
	}, storage.Topic{}, now)
	return errors.Join(err, tx.NoteRoster(group, f.group, nil), tx.NoteRoster(council, f.council, nil), tx.SetSelf(f.self))
}

// startingPolicy is the config's, with the defaults for what the config can't say.
func startingPolicy(from config.Policy) community.Policy {
	p := community.DefaultPolicy()
	p.Floor, p.Ceiling, p.Vouchers = from.Floor, from.Ceiling, from.Vouchers
	p.NewcomerFloor, p.NewcomerCeiling = from.NewcomerFloor, from.NewcomerCeiling
	return p
}

// uniqueNames makes names for people from what they call themselves: two who are called
// alike get a number.
func uniqueNames(people []chat.PersonID, known map[chat.PersonID]string) map[chat.PersonID]string {
	names, taken := map[chat.PersonID]string{}, map[string]bool{}
	for _, p := range people {
		base, named := community.ShownName(known[p])
		if !named {
			base = community.StandIn
		}
		names[p] = community.UniqueName(base, func(folded string) bool { return taken[folded] })
		taken[community.Fold(names[p])] = true
	}
	return names
}
