package signal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"communityconnect/chat"
)

// checkRoster asks for a group's members and delivers who joined and who left since the
// last time, with their names if they can be had soon. It accepts an invitation to the
// group.
func (k *keeper) checkRoster(ctx context.Context, id chat.GroupID) error {
	c, err := k.line.current()
	if err != nil {
		return err
	}
	g, found, err := c.group(ctx, id)
	if err != nil {
		return err
	}
	if !found || !g.Member {
		// The list of a group that the bot is not in is not the group's roster.
		if k.setAbsent(id, true) {
			k.line.trouble(Trouble{Kind: NotMember, Group: id})
		}
		return nil
	}
	k.setAbsent(id, false)
	if k.rosters[id] == nil {
		last, err := k.line.handler.Roster(ctx, id)
		if err != nil {
			return fmt.Errorf("the last roster cannot be read: %w", err)
		}
		k.rosters[id] = set(last)
	}
	joined, left := difference(k.rosters[id], g.Members, c.me.aci)
	if len(joined)+len(left) == 0 {
		return nil
	}
	names, err := c.Names(ctx, joined...)
	if err != nil && ctx.Err() == nil {
		k.line.opts.Log.Warn().Str("reason", lossReason(err)).Msg("signal: names not found")
	}
	if k.awaitsNames(id, len(joined) <= FewPeople && len(names) < len(joined)) {
		return nil
	}
	stamp := k.nextStamp()
	m := chat.Message{
		Kind: chat.Roster, From: c.me.aci, Sent: stamp, Served: stamp,
		In: chat.Conversation{Group: id}, Joined: joined, Left: left, Names: names,
	}
	if err := k.line.insert(ctx, Delivery{Message: &m}); err != nil {
		return err
	}
	k.line.meter.do(func(t *Metrics) { count(t.Messages, chat.Roster, "other") })
	k.line.opts.Log.Info().Int("joined", len(joined)).Int("left", len(left)).Msg("signal: group changed")
	k.rosters[id] = set(g.Members)
	return nil
}

// awaitsNames has a group looked at again shortly if names are missing, for the daemon
// fetches them after it was asked. It reports whether it does: not for ever, since not
// everybody shows their name.
func (k *keeper) awaitsNames(id chat.GroupID, missing bool) bool {
	tried := k.unnamed[id]
	if !missing || tried == namesTries {
		delete(k.unnamed, id)
		return false
	}
	k.unnamed[id]++
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, waiting := k.groups[id]; !waiting {
		at := time.Now().Add(namesAfter << tried)
		k.groups[id] = due{at: at, latest: at}
	}
	return true
}

// setAbsent notes whether the bot is in a group, and reports whether that is news.
func (k *keeper) setAbsent(id chat.GroupID, absent bool) (news bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	news = k.absent[id] != absent
	k.absent[id] = absent
	return news
}

// difference compares what a group was with what it is, leaving out the bot. The results
// are sorted.
func difference(was map[chat.PersonID]bool, is []chat.PersonID, me chat.PersonID) (joined, left []chat.PersonID) {
	now := set(is)
	for p := range now {
		if !was[p] && p != me {
			joined = append(joined, p)
		}
	}
	for p := range was {
		if !now[p] && p != me {
			left = append(left, p)
		}
	}
	slices.Sort(joined)
	slices.Sort(left)
	return joined, left
}

func set(ids []chat.PersonID) map[chat.PersonID]bool {
	s := make(map[chat.PersonID]bool, len(ids))
	for _, id := range ids {
		s[id] = true
	}
	return s
}
