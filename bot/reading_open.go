package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"communityconnect/board"
	"communityconnect/chat"
	"communityconnect/community"
	"communityconnect/storage"
)

// Waiting is a question that the member can answer.
type Waiting struct {
	Topic   storage.Topic
	Text    string   // "" where only the chat has the words of it
	Options []string // who can be chosen, where one has to choose
	// Amount tells that the answer can be an amount, and Yes that a yes is one: where nobody
	// has said how long something takes, it is not.
	Amount, Yes bool
}

// Waiting are the questions to the member other than those about trades that wait to be
// confirmed.
func (r Reading) Waiting() ([]Waiting, error) {
	c := r.c
	open, err := c.tx.OpenQuestions(c.from.Account)
	if err != nil {
		return nil, err
	}
	var all []Waiting
	for _, q := range open {
		if q.Kind == askTrade || !c.mine(q) || !c.now.Before(q.Expires) {
			continue
		}
		w := Waiting{Topic: storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}, Yes: true}
		text, err := c.questionText(q)
		if err != nil {
			return nil, err
		}
		w.Text, _ = c.people.render(strings.TrimSpace(text), direct(c.from))
		if w.Amount = q.Kind == askHappened; w.Amount {
			p, _, err := c.tx.Post(board.PostID(q.TopicID))
			if err != nil {
				return nil, err
			}
			w.Yes = p.Minutes > 0
		}
		if q.Kind == askWhich {
			for _, option := range q.Options {
				if m := c.people.byID[memberNumber(option)]; m.ID != 0 {
					w.Options = append(w.Options, m.Name)
				}
			}
		}
		all = append(all, w)
	}
	return all, nil
}

// Absence is how the member is away, if they are.
func (r Reading) Absence() (community.Absence, bool) {
	a, away := r.c.people.away[r.c.from.ID]
	return a, away
}

// Leaving is how the member is on their way out, if they are.
func (r Reading) Leaving() (community.Leaving, bool) {
	l, leaving := r.c.people.leaving[r.c.from.ID]
	return l, leaving
}

// Mediates tells whether the member would mediate between neighbours.
func (r Reading) Mediates() (bool, error) {
	willing, err := r.c.tx.Willing()
	return slices.ContainsFunc(willing, func(w community.Willing) bool { return w.Member == r.c.from.ID }), err
}

// Unasked lists what the bot sends unasked, and whether the member gets it, as /quiet does.
func (r Reading) Unasked() (string, error) { return r.c.quietLines(community.NudgeRules()) }

func memberNumber(s string) community.MemberID {
	n, _ := strconv.ParseInt(s, 10, 64) // 0 is nobody
	return community.MemberID(n)
}

// Seconding is the acts of the council that wait for a second member.
type Seconding struct {
	Topic storage.Topic
	By    community.Member
	Act   string
	At    time.Time
	Own   bool // the member's own household wants it: another has to second it
	About bool // it is about them: they neither second nor stop it
}

// Seconding lists what waits for a second member of the council.
func (r Reading) Seconding() ([]Seconding, error) {
	open, err := r.c.tx.OpenSeconds()
	var all []Seconding
	for _, q := range open {
		if q.Kind != askSecond {
			continue
		}
		by := r.c.people.byID[q.Asker]
		act, _ := r.c.people.render(secondAct(q), chat.Conversation{Person: "page"})
		all = append(all, Seconding{
			Topic: storage.Topic{Kind: topicQuestion, ID: int64(q.ID)}, By: by, Act: act, At: q.At, Own: by.Account == r.c.from.Account,
			About: r.c.partyTo(q),
		})
	}
	return all, err
}

// Proposal is something that the members decide, as one of them sees it.
type Proposal struct {
	community.Proposal
	By      community.Member
	Text    string
	MayVote bool
	Voted   string // "yes", "no" or "" while it is open
}

// Proposals are what can be voted on now, and the latest of what was decided.
func (r Reading) Proposals(latest int) (open, over []Proposal, err error) {
	all, err := r.c.tx.OpenProposals()
	if err != nil {
		return nil, nil, err
	}
	for _, p := range all {
		view := r.proposal(p)
		view.MayVote = community.MayVote(p, r.c.from) && r.c.now.Before(p.Closes)
		b, found, err := r.c.tx.BallotOf(p.ID, r.c.from.Account)
		if err != nil {
			return nil, nil, err
		}
		if found {
			view.Voted = map[bool]string{true: "yes", false: "no"}[b.For]
		}
		open = append(open, view)
	}
	ended, err := r.c.tx.EndedProposals(latest)
	for _, p := range ended {
		over = append(over, r.proposal(p))
	}
	return open, over, err
}

func (r Reading) proposal(p community.Proposal) Proposal {
	return Proposal{Proposal: p, By: r.c.people.byID[p.By], Text: r.Plain(p.Text)}
}

// Case is a case as the council sees it: what it is about only once it was passed to them.
type Case struct {
	community.Case
	About      string
	Statements []string
	Party      bool // the member's household is one of the two
}

// Cases are the cases that are open.
func (r Reading) Cases() ([]Case, error) {
	open, err := r.c.tx.OpenCases()
	var all []Case
	for _, cs := range open {
		view := Case{Case: cs}
		t, err := r.c.tx.Trade(cs.Trade)
		if err != nil {
			return nil, err
		}
		view.Party = t.Party(r.c.from.Account)
		if cs.CouncilReads() && !view.Party {
			view.About = r.c.text("{giver} gave {receiver} {amount} ({what})", r.c.tradeArgs(t)...)
			pages, err := r.c.statementPages(cs)
			if err != nil {
				return nil, err
			}
			for _, page := range pages {
				view.Statements = append(view.Statements, strings.TrimSpace(r.Plain(page)))
			}
		}
		all = append(all, view)
	}
	slices.SortFunc(all, func(a, b Case) int { return a.Due.Compare(b.Due) })
	return all, err
}

// OwnFiles is everything held about the member, for reading and for programs. Nobody gets
// it whose phone may be in other hands.
func (r Reading) OwnFiles() ([]chat.File, error) {
	if !r.c.from.Frozen.IsZero() {
		return nil, refuse(frozen)
	}
	return r.c.ownFiles(chat.MaxFiles)
}
