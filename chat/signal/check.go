package signal

import (
	"context"
	"errors"
	"fmt"

	"communityconnect/chat"
)

// Level says how bad a finding is.
type Level string

// The levels of a finding.
const (
	Fine Level = "fine"
	Warn Level = "warn" // it works, with a risk
	Fail Level = "fail" // it does not work
)

// Finding is one thing that was checked: what is so, and if it is not right, what to do.
type Finding struct {
	Check string // what was checked: "reach", "version", "account", "member", "write", "link", "adds"
	Level Level
	Group chat.GroupID // if it is about one
	Text  string       // for the operator's eyes; it may name the group
}

// Wanted is what an installation needs of the daemon.
type Wanted struct {
	Groups  []chat.GroupID // the communities' groups
	Council []chat.GroupID // the councils' groups, to be closed to strangers
}

// Check connects and looks whether everything is as the bot needs it. It accepts an
// invitation to one of the wanted groups, and to no other.
func Check(ctx context.Context, opts Options, want Wanted) []Finding {
	c, err := Dial(ctx, opts)
	if err != nil {
		return []Finding{unreached(err)}
	}
	defer c.Close()
	return c.check(ctx, want)
}

// Check is [Check] over the line's own connection.
func (l *Line) Check(ctx context.Context, want Wanted) []Finding {
	c, err := l.current()
	if err != nil {
		return []Finding{unreached(err)}
	}
	return c.check(ctx, want)
}

func unreached(err error) Finding {
	f := Finding{Check: "reach", Level: Fail}
	switch {
	case errors.Is(err, errUnreachable):
		f.Text = fmt.Sprintf("%v; is its daemon running, and is this its socket?", err)
	case errors.Is(err, errAccount):
		f.Check, f.Text = "account", err.Error()
	case errors.Is(err, ErrOffline):
		f.Text = "the bot is not connected to signal-cli; it tries again by itself"
	default:
		f.Text = fmt.Sprintf("signal-cli does not answer as it should: %v", err)
	}
	return f
}

func (c *Client) check(ctx context.Context, want Wanted) []Finding {
	found := []Finding{
		{Check: "reach", Level: Fine, Text: "signal-cli answers"},
		c.checkVersion(),
		{Check: "account", Level: Fine, Text: "signal-cli serves the bot's account"},
	}
	for _, id := range want.Groups {
		found = append(found, c.checkGroup(ctx, id, false)...)
	}
	for _, id := range want.Council {
		found = append(found, c.checkGroup(ctx, id, true)...)
	}
	return found
}

func (c *Client) checkVersion() Finding {
	if atLeast(c.version, versionFloor) {
		return Finding{Check: "version", Level: Fine, Text: "signal-cli " + c.version}
	}
	return Finding{Check: "version", Level: Warn, Text: fmt.Sprintf(
		"signal-cli %s is too old: before %s nearly everything that people write is lost without a sign, and Signal shuts out what is older than about three months; install the newest release",
		c.version, versionFloor)}
}

// checkGroup looks at one group; at a council's more closely, since who is in it decides.
func (c *Client) checkGroup(ctx context.Context, id chat.GroupID, council bool) []Finding {
	one := func(check string, level Level, format string, args ...any) Finding {
		return Finding{Check: check, Level: level, Group: id, Text: fmt.Sprintf(format, args...)}
	}
	g, known, err := c.group(ctx, id)
	switch {
	case err != nil:
		return []Finding{one("member", Fail, "the group %s could not be asked for: %v", id, err)}
	case !known:
		return []Finding{one("member", Fail, "the group %s is not known to the bot's account; add the bot to it, and check the identifier, capital letters count", id)}
	case !g.Member && g.Invited:
		return []Finding{one("member", Fail, "the bot is invited to %q but could not join; remove the invitation and add the bot again", g.Name)}
	case !g.Member:
		return []Finding{one("member", Fail, "the bot is not a member of %q any more; add it again", g.Name)}
	}
	found := []Finding{one("member", Fine, "the bot is a member of %q, with %d others", g.Name, len(g.Members))}
	if g.OnlyAdminsSay && !g.Admin {
		found = append(found, one("write", Fail, "only admins may write in %q; make the bot one, or let everybody write", g.Name))
	} else {
		found = append(found, one("write", Fine, "the bot may write in %q", g.Name))
	}
	if !council {
		return found
	}
	if g.InviteLink {
		found = append(found, one("link", Warn, "%q has an invite link: whoever has it can come into the council's group; turn it off", g.Name))
	} else {
		found = append(found, one("link", Fine, "%q has no invite link", g.Name))
	}
	if g.AnyoneAdds {
		found = append(found, one("adds", Warn, "every member of %q may add people to the council's group; let only admins do that", g.Name))
	} else {
		found = append(found, one("adds", Fine, "only admins add people to %q", g.Name))
	}
	return found
}

// Self is the bot's own account.
func (c *Client) Self() chat.PersonID { return c.me.aci }

// Version is the daemon's.
func (c *Client) Version() string { return c.version }

// Groups is [Client.Groups] over the line's own connection.
func (l *Line) Groups(ctx context.Context, only ...chat.GroupID) ([]Group, error) {
	c, err := l.current()
	if err != nil {
		return nil, err
	}
	return c.Groups(ctx, only...)
}

// Names is [Client.Names] over the line's own connection.
func (l *Line) Names(ctx context.Context, ids ...chat.PersonID) (map[chat.PersonID]string, error) {
	c, err := l.current()
	if err != nil {
		return nil, err
	}
	return c.Names(ctx, ids...)
}
