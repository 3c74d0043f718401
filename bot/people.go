package bot

import (
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// people is a snapshot of who is in the community and what it has agreed on. It is
// kept between messages and read anew when a message has changed it.
type people struct {
	all       []community.Member
	byID      map[community.MemberID]community.Member
	byPerson  map[chat.PersonID]community.Member
	byAccount map[ledger.AccountID][]community.Member
	names     community.Names
	policy    community.Policy
	community storage.Community
	away      map[community.MemberID]community.Absence
	leaving   map[community.MemberID]community.Leaving
}

func readPeople(tx *storage.Tx) (*people, error) {
	p := &people{
		byID: map[community.MemberID]community.Member{}, byPerson: map[chat.PersonID]community.Member{},
		byAccount: map[ledger.AccountID][]community.Member{},
		away:      map[community.MemberID]community.Absence{}, leaving: map[community.MemberID]community.Leaving{},
	}
	var err error
	if p.all, err = tx.Members(); err != nil {
		return nil, err
	}
	if p.policy, err = tx.Policy(); err != nil {
		return nil, err
	}
	if p.community, _, err = tx.Community(); err != nil {
		return nil, err
	}
	for _, m := range p.all {
		p.byID[m.ID] = m
		p.byAccount[m.Account] = append(p.byAccount[m.Account], m)
		if m.Person != "" {
			p.byPerson[chat.PersonID(m.Person)] = m
		}
	}
	p.names = community.NewNames(p.all)
	away, err := tx.Away()
	if err != nil {
		return nil, err
	}
	for _, a := range away {
		p.away[a.Member] = a
	}
	leaving, err := tx.Leaving()
	for _, l := range leaving {
		p.leaving[l.Member] = l
	}
	return p, err
}

// holder is who speaks for an account: of a household, the first who can be reached.
func (p *people) holder(a ledger.AccountID) community.Member {
	if a == ledger.Commons {
		return community.Member{Name: "the commons", Account: a}
	}
	household := p.byAccount[a]
	for _, m := range household {
		if m.Met && m.Active() {
			return m
		}
	}
	for _, m := range household {
		if m.Person != "" {
			return m
		}
	}
	if len(household) > 0 {
		return household[0]
	}
	return community.Member{Name: "somebody", Account: a}
}

// short is what to call somebody.
func (p *people) short(m community.Member) string {
	if m.ID == 0 {
		return m.Name
	}
	return p.names.Short(m)
}

// council returns the members of the council who can act now.
func (p *people) council() []community.Member {
	var all []community.Member
	for _, m := range p.all {
		if m.Council && m.Active() && m.Frozen.IsZero() {
			all = append(all, m)
		}
	}
	return all
}
