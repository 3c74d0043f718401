package bot

import "communityconnect/community"

// Verdict is what becomes of a command that somebody types, slash and all.
type Verdict int

// The verdicts.
const (
	Ignored Verdict = iota // nothing is done and nothing said
	Refused                // nothing is done, and whoever typed it is told so
	Allowed
)

// Verdict tells what becomes of the command for somebody in a place; the zero Member is
// nobody we know, and the place 0 a group that is none of ours. It is the one source of
// who may do what: the bot asks it before it carries anything out.
func (cmd *Command) Verdict(who community.Member, place Place) Verdict {
	outside := !who.Known() || who.Status == community.Former
	switch {
	case place == 0, outside && place != InDM:
		return Ignored
	case outside && (cmd.Outside || cmd.Former && who.Status == community.Former):
		return Allowed
	case outside:
		return Refused // in the same words for everybody: they tell nothing
	case cmd.Council && place == InGroup:
		return Ignored // nobody in the group has to see what the council may do
	case (&Call{from: who, place: place}).allowed(cmd) != nil:
		return Refused
	}
	return Allowed
}
