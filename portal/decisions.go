package portal

import (
	"strings"

	"communityconnect/board"
	"communityconnect/bot"
	"communityconnect/community"
)

// decidedShown is how many past decisions a page shows.
const decidedShown = 20

// decisionsPage is what the members decide, and have decided.
type decisionsPage struct {
	Open       []decisionView
	Over       []decisionView
	MayPropose bool
	Max        int
}

type decisionView struct {
	ID      int64
	By      string
	Text    string
	Until   string
	Effect  string
	MayVote bool
	Voted   string
	Result  string
}

func (v *visit) decisions() (any, error) {
	open, over, err := v.read.Proposals(decidedShown)
	page := decisionsPage{MayPropose: v.read.May("propose", bot.InDM), Max: board.MaxText}
	for _, p := range open {
		page.Open = append(page.Open, v.decisionView(p))
	}
	for _, p := range over {
		page.Over = append(page.Over, v.decisionView(p))
	}
	return page, err
}

func (v *visit) decisionView(p bot.Proposal) decisionView {
	d := decisionView{
		ID: int64(p.ID), By: v.read.Name(p.By), Text: p.Text, Until: v.date(p.Closes),
		Effect: v.date(p.Effect), MayVote: p.MayVote, Voted: p.Voted,
	}
	if p.State != community.ProposalOpen {
		words := map[community.ProposalState]string{
			community.ProposalPassed: "Passed, and in effect from " + d.Effect, community.ProposalDone: "Passed", community.ProposalRejected: "Voted down",
			community.ProposalNoQuorum: "Too few voted", community.ProposalWithdrawn: "Taken back", community.ProposalVoid: "Passed, and could not be carried out",
		}
		d.Result = words[p.State] + "."
		if t := p.Tally; t.Entitled > 0 {
			d.Result += " " + strings.Join([]string{count(t.For, "for"), count(t.Against, "against"), count(t.Entitled, "could have voted")}, ", ") + "."
		}
	}
	return d
}
