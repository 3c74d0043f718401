package signaltest

import (
	"fmt"
	"slices"
	"strings"

	"communityconnect/chat"
)

func (d *Daemon) version(*session, *call, Fault) (any, *Error) {
	return map[string]string{"version": d.opts.Version}, nil
}

func (d *Daemon) nothing(*session, *call, Fault) (any, *Error) { return nil, nil }

func (d *Daemon) listAccounts(*session, *call, Fault) (any, *Error) {
	if !d.linked {
		return []any{}, nil
	}
	return []map[string]string{{"number": d.bot.number}}, nil
}

// Unlink makes a daemon with Accounts forget its only account.
func (d *Daemon) Unlink() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.linked = false
}

func (d *Daemon) startLink(*session, *call, Fault) (any, *Error) {
	return map[string]string{"deviceLinkUri": "sgnl://linkdevice?uuid=bdfb55df-850f-4782-9c81-57f866ea2078&pub_key=BUgF"}, nil
}

func (d *Daemon) finishLink(*session, *call, Fault) (any, *Error) {
	d.linked = true
	return map[string]string{"number": d.bot.number}, nil
}

func (d *Daemon) verify(*session, *call, Fault) (any, *Error) {
	d.linked = true
	return nil, nil
}

func (d *Daemon) subscribe(s *session, _ *call, _ Fault) (any, *Error) {
	sub := d.nextSub
	d.nextSub++
	s.subs = append(s.subs, sub)
	d.release()
	return sub, nil
}

func (d *Daemon) unsubscribe(s *session, c *call, _ Fault) (any, *Error) {
	at := slices.Index(s.subs, int(c.p.number("subscription")))
	if at < 0 {
		return nil, &Error{Code: -1, Message: "Unknown subscription id"}
	}
	s.subs = slices.Delete(s.subs, at, at+1)
	return nil, nil
}

func (d *Daemon) listIdentities(_ *session, c *call, _ Fault) (any, *Error) {
	only := c.p.text("number")
	out := []map[string]any{}
	for _, id := range d.order {
		p := d.people[id]
		if p == d.bot && d.opts.Unlisted {
			continue
		}
		if only != "" && only != p.number && only != string(p.id) {
			continue
		}
		level := "TRUSTED_UNVERIFIED"
		if p.phone != p.trusted && p.met() {
			level = "UNTRUSTED"
		} else if p == d.bot {
			level = "TRUSTED_VERIFIED"
		}
		out = append(out, map[string]any{
			"number": p.shown(), "uuid": p.id, "fingerprint": p.fingerprint(), "safetyNumber": d.bot.half() + " " + p.half(),
			"scannableSafetyNumber": "CAIS", "trustLevel": level, "addedTimestamp": p.changed,
		})
	}
	return out, nil
}

func (d *Daemon) trust(_ *session, c *call, _ Fault) (any, *Error) {
	p := d.people[chat.PersonID(c.p.text("recipient"))]
	if p == nil {
		return nil, &Error{Code: -1, Message: "Failed to trust"}
	}
	if p.met() {
		p.trusted = p.phone
	}
	return nil, nil
}

func (d *Daemon) submitChallenge(_ *session, c *call, _ Fault) (any, *Error) {
	if !strings.HasPrefix(c.p.text("captcha"), "signalcaptcha://") {
		return nil, &Error{Code: -6, Message: "Submit challenge error: captcha rejected"}
	}
	return nil, nil
}

// fetchedAtOnce is for how many people at once the daemon fetches profiles.
const fetchedAtOnce = 5

func (d *Daemon) listContacts(_ *session, c *call, _ Fault) (any, *Error) {
	only := c.p.list("recipient")
	out := []map[string]any{}
	for _, id := range d.order {
		p := d.people[id]
		asked := slices.Contains(only, string(id)) || slices.Contains(only, p.number)
		if p == d.bot && !asked || len(only) > 0 && !asked {
			continue
		}
		name := p.name
		if d.opts.Fresh && p.asked < 2 {
			name = ""
		}
		if asked && len(only) <= fetchedAtOnce {
			p.asked++
		}
		out = append(out, map[string]any{
			"number": p.shown(), "uuid": p.id, "username": nil, "name": "", "givenName": nil, "familyName": nil,
			"profile": map[string]any{"lastUpdateTimestamp": 1795331828237, "givenName": name, "familyName": nil},
		})
	}
	return out, nil
}

func (d *Daemon) listGroups(_ *session, c *call, _ Fault) (any, *Error) {
	only := c.p.list("groupId")
	for _, id := range only {
		if len(id) != 44 {
			return nil, &Error{Code: -1, Message: fmt.Sprintf("Invalid group id: Failed to decode groupId (must be base64) %q", id)}
		}
	}
	out := []map[string]any{}
	for _, g := range d.groups {
		if g.unknown || len(only) > 0 && !slices.Contains(only, string(g.id)) {
			continue
		}
		member := slices.Contains(g.members, d.bot.id)
		members := d.addresses(g, g.members)
		if !member && len(g.pending) == 0 {
			members = []map[string]any{} // as far as it can tell
		}
		var link any
		if g.link {
			link = "https://signal.group/#CjQKIA"
		}
		out = append(out, map[string]any{
			"id": g.id, "name": g.title, "description": "", "isMember": member, "isBlocked": false, "messageExpirationTime": 0,
			"members": members, "pendingMembers": d.addresses(g, g.pending), "requestingMembers": []any{},
			"admins": d.addresses(g, g.admins), "banned": []any{}, "permissionAddMember": permission(g.closed),
			"permissionEditDetails": "ONLY_ADMINS", "permissionSendMessage": permission(g.announce), "groupInviteLink": link,
		})
	}
	return out, nil
}

func permission(onlyAdmins bool) string {
	if onlyAdmins {
		return "ONLY_ADMINS"
	}
	return "EVERY_MEMBER"
}

func (d *Daemon) addresses(g *group, ids []chat.PersonID) []map[string]any {
	out := []map[string]any{}
	for _, id := range ids {
		out = append(out, map[string]any{"number": d.people[id].shown(), "uuid": id, "isAdmin": slices.Contains(g.admins, id)})
	}
	return out
}

func (d *Daemon) updateGroup(_ *session, c *call, _ Fault) (any, *Error) {
	g := d.groups[chat.GroupID(c.p.text("groupId"))]
	if g == nil {
		return nil, &Error{Code: -1, Message: "Group not found: " + c.p.text("groupId")}
	}
	at := slices.Index(g.pending, d.bot.id)
	if at < 0 && !slices.Contains(g.members, d.bot.id) {
		return nil, &Error{Code: -1, Message: fmt.Sprintf("User is not a member in group: %s (%s)", g.title, g.id)}
	}
	if at >= 0 {
		g.pending = slices.Delete(g.pending, at, at+1)
		g.members = append(g.members, d.bot.id)
	}
	for _, id := range c.p.list("member") {
		switch p := chat.PersonID(id); {
		case g.closed && !slices.Contains(g.admins, d.bot.id):
			return nil, &Error{Code: -1, Message: fmt.Sprintf("User is not allowed to change the group: %s (%s)", g.title, g.id)}
		case d.people[p] == nil:
			return nil, &Error{Code: -1, Message: "The user " + id + " is not registered."}
		case !slices.Contains(g.members, p):
			g.members = append(g.members, p)
			g.revision++
		}
	}
	return map[string]any{"timestamp": d.now(), "results": []any{}}, nil
}
