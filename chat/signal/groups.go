package signal

import (
	"context"
	"errors"
	"slices"
	"strings"

	"communityconnect/chat"
)

// Group is what the daemon knows of a group.
type Group struct {
	ID      chat.GroupID
	Name    string
	Member  bool // the bot is one
	Invited bool // the bot may become one by accepting
	Admin   bool // the bot is one

	Members []chat.PersonID // the bot left out

	InviteLink    bool // there is a link by which people can come in
	AnyoneAdds    bool // every member may add people, not only admins
	OnlyAdminsSay bool // only admins may write
}

// wireGroup is a group as the daemon lists it.
type wireGroup struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	IsMember bool         `json:"isMember"`
	Members  []wireMember `json:"members"`
	Pending  []wireMember `json:"pendingMembers"`
	Admins   []wireMember `json:"admins"`
	Add      string       `json:"permissionAddMember"`
	Say      string       `json:"permissionSendMessage"`
	Link     string       `json:"groupInviteLink"`
}

type wireMember struct {
	Number string `json:"number"`
	UUID   string `json:"uuid"`
	Admin  bool   `json:"isAdmin"`
}

const onlyAdmins = "ONLY_ADMINS"

func (m wireMember) is(who account) bool {
	return m.UUID != "" && m.UUID == string(who.aci) || m.Number != "" && m.Number == who.number
}

func (w wireGroup) group(me account) Group {
	self := func(m wireMember) bool { return m.is(me) }
	invited := func(m wireMember) bool { return self(m) || strings.HasPrefix(m.UUID, "PNI:") } // perhaps by our number
	g := Group{
		ID: chat.GroupID(w.ID), Name: w.Name, Member: w.IsMember,
		Invited:       !w.IsMember && slices.ContainsFunc(w.Pending, invited),
		Admin:         slices.ContainsFunc(w.Admins, self),
		InviteLink:    w.Link != "",
		AnyoneAdds:    w.Add != onlyAdmins,
		OnlyAdminsSay: w.Say == onlyAdmins,
	}
	var ids []string
	for _, m := range w.Members {
		if self(m) {
			g.Admin = g.Admin || m.Admin
			continue
		}
		ids = append(ids, m.UUID)
	}
	g.Members = people(ids)
	slices.Sort(g.Members)
	g.Members = slices.Compact(g.Members)
	return g
}

// Groups lists the groups of the account as the daemon has them, or, if some are named,
// these as Signal has them now.
func (c *Client) Groups(ctx context.Context, only ...chat.GroupID) ([]Group, error) {
	var params map[string]any
	if len(only) > 0 {
		params = map[string]any{"groupId": only}
	}
	var list []wireGroup
	err := c.call(ctx, callTimeout, "listGroups", params, &list)
	var refused *CallError
	if errors.As(err, &refused) && refused.Code == codeUser && len(only) > 0 {
		return nil, nil // what it was asked for is no group
	}
	if err != nil {
		return nil, err
	}
	out := make([]Group, len(list))
	for i, w := range list {
		out[i] = w.group(c.me)
	}
	return out, nil
}

// group asks Signal for one group and, if the bot is invited to it, accepts.
func (c *Client) group(ctx context.Context, id chat.GroupID) (g Group, found bool, err error) {
	list, err := c.Groups(ctx, id)
	if err != nil {
		return Group{}, false, err
	}
	at := slices.IndexFunc(list, func(g Group) bool { return g.ID == id })
	if at < 0 {
		return Group{}, false, nil
	}
	if g = list[at]; !g.Invited {
		return g, true, nil
	}
	err = c.call(ctx, sendTimeout, "updateGroup", map[string]any{"groupId": id}, nil)
	var refused *CallError
	if errors.As(err, &refused) && refused.Code == codeUser {
		return g, true, nil // the invitation was somebody else's
	}
	if err != nil {
		return g, true, err
	}
	list, err = c.Groups(ctx, id)
	if at = slices.IndexFunc(list, func(g Group) bool { return g.ID == id }); err != nil || at < 0 {
		return g, true, err
	}
	return list[at], true, nil
}

// errMayNotAdd is a group that takes people in by its admins only, of which the bot is none.
var errMayNotAdd = errors.New("the bot may not add people to the group")

// mayAdd looks, before people are added to a group, whether the bot may do that. Done
// tells that they are all in it already.
func (c *Client) mayAdd(ctx context.Context, o chat.Outgoing) (done bool, _ error) {
	list, err := c.Groups(ctx, o.To.Group)
	if err != nil {
		return false, &chat.SendError{Outcome: chat.NotSent, Cause: err}
	}
	at := slices.IndexFunc(list, func(g Group) bool { return g.ID == o.To.Group })
	if at < 0 || !list[at].Member || !list[at].Admin && !list[at].AnyoneAdds {
		return false, &chat.SendError{Outcome: chat.Never, Cause: errMayNotAdd}
	}
	for _, p := range o.Add {
		if !slices.Contains(list[at].Members, p) {
			return false, nil
		}
	}
	return true, nil
}

// FewPeople is for how many people at once the daemon fetches names from Signal.
const FewPeople = 5

// Names returns what people call themselves, where it is known. The names of at most
// [FewPeople] are fetched from Signal, which may take the daemon a moment longer than its
// answer; those of more are what it knew before.
func (c *Client) Names(ctx context.Context, ids ...chat.PersonID) (map[chat.PersonID]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	params := map[string]any{"allRecipients": true}
	if len(ids) <= FewPeople {
		params["recipient"] = ids
	}
	var list []struct {
		UUID    string `json:"uuid"`
		Name    string `json:"name"`
		Given   string `json:"givenName"`
		Family  string `json:"familyName"`
		Profile *struct {
			Given  string `json:"givenName"`
			Family string `json:"familyName"`
		} `json:"profile"`
	}
	if err := c.call(ctx, callTimeout, "listContacts", params, &list); err != nil {
		return nil, err
	}
	names := map[chat.PersonID]string{}
	for _, e := range list {
		id := chat.PersonID(e.UUID)
		if !slices.Contains(ids, id) {
			continue
		}
		name := displayName(e.Name)
		if e.Profile != nil && name == "" {
			name = displayName(e.Profile.Given + " " + e.Profile.Family)
		}
		if name == "" {
			name = displayName(e.Given + " " + e.Family)
		}
		if name != "" {
			names[id] = name
		}
	}
	return names, nil
}
