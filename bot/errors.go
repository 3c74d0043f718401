package bot

import (
	"errors"

	"communityconnect/community"
	"communityconnect/ledger"
)

// The codes of what the conversation itself refuses, beside those of the ledger.
const (
	personMissing   ledger.Code = "person-missing"   // the command needs to know who
	personUnknown   ledger.Code = "person-unknown"   // nobody is called that
	personOutside   ledger.Code = "person-outside"   // mentioned, but no member
	personTwo       ledger.Code = "person-two"       // a sentence names one of two
	personYourself  ledger.Code = "person-yourself"  // the other person has to be another
	textMissing     ledger.Code = "text-missing"     // an offer without a word
	textLong        ledger.Code = "text-long"        // more than a card can hold
	nothingOpen     ledger.Code = "nothing-open"     // nothing waits for an answer
	severalOpen     ledger.Code = "several-open"     // more than one thing waits
	nothingToUndo   ledger.Code = "nothing-to-undo"  // no finished trade
	undoAsked       ledger.Code = "undo-asked"       // the other side has been asked already
	noPost          ledger.Code = "no-post"          // no such post
	notYourPost     ledger.Code = "not-your-post"    // somebody else's
	postOver        ledger.Code = "post-over"        // it is closed already
	surplusWords    ledger.Code = "surplus-words"    // more words than the command can take
	onePerson       ledger.Code = "one-person"       // two people where one is needed
	numberMissing   ledger.Code = "number-missing"   // which one?
	numberNonsense  ledger.Code = "number-nonsense"  // not a number where one is needed
	councilOnly     ledger.Code = "council-only"     // not for this member, or not here
	elsewhere       ledger.Code = "elsewhere"        // the command does not work in this chat
	ownAct          ledger.Code = "own-act"          // seconding one's own act
	selfDealing     ledger.Code = "self-dealing"     // a party to what the council decides
	noSecond        ledger.Code = "no-second"        // nobody else may second it
	quietUnknown    ledger.Code = "quiet-unknown"    // no such kind of messages
	councilShrunk   ledger.Code = "council-shrunk"   // those who could second it were on the council lately
	notVouching     ledger.Code = "not-vouching"     // a newcomer's word for others doesn't count yet
	noApplicant     ledger.Code = "no-applicant"     // nobody of that name or code waits
	claimUnvouched  ledger.Code = "claim-unvouched"  // two members have to vouch for a claim first
	phoneLost       ledger.Code = "phone-lost"       // others say that somebody else has the phone
	lostOften       ledger.Code = "lost-often"       // another phone was reported by the same member
	ownTrades       ledger.Code = "own-trades"       // an account with trades can't be given up
	cannotReceive   ledger.Code = "cannot-receive"   // help for somebody who is suspended
	noPhone         ledger.Code = "no-phone"         // somebody who can't be asked here
	hasLeft         ledger.Code = "has-left"         // nobody is there to be asked
	limitInWay      ledger.Code = "limit-in-way"     // somebody's limit, said to those whose business it is not
	policyUnknown   ledger.Code = "policy-unknown"   // no setting of that name
	policyVoteOnly  ledger.Code = "policy-vote-only" // the members decide this one
	policyNonsense  ledger.Code = "policy-nonsense"  // the value does not fit
	reasonMissing   ledger.Code = "why-missing"      // an act of the council says why
	booksClosed     ledger.Code = "books-closed"     // an audit failed, nothing is posted
	frozen          ledger.Code = "frozen"           // the safety number has changed since
	noPortal        ledger.Code = "no-portal"        // this community has no web pages
	pagesFrozen     ledger.Code = "pages-frozen"     // the pages are for reading until it is known who has the phone
	notForSuspended ledger.Code = "suspended"        // a suspended member may not
	nameRefused     ledger.Code = "name-refused"     // taken, empty or too long
	forgetBalance   ledger.Code = "forget-balance"   // a balance has to be settled first
	forgetOpen      ledger.Code = "forget-open"      // so has an open trade
	aboutLong       ledger.Code = "about-long"       // more than a profile can hold
	helloFirst      ledger.Code = "hello-first"      // it needs a direct conversation with the bot
	disputeOpen     ledger.Code = "dispute-open"     // not in the books yet: a plain no will do
	disputedNow     ledger.Code = "disputed-now"     // a case about it is open
	disputedBefore  ledger.Code = "disputed-before"  // there was a case about it
	casesOpen       ledger.Code = "cases-open"       // as many as one may have open
	whyDispute      ledger.Code = "why-dispute"      // a case needs words
	statementLong   ledger.Code = "statement-long"   // more than can be passed on
	statementsMany  ledger.Code = "statements-many"  // said enough
	noCase          ledger.Code = "no-case"          // no open case that they have a part in
	severalCases    ledger.Code = "several-cases"    // which one?
	caseClosed      ledger.Code = "case-closed"      // it is over
	notWitness      ledger.Code = "not-witness"      // a party, or the mediator
	mediatorTalks   ledger.Code = "mediator-talks"   // whoever mediates is no witness
	notYourCase     ledger.Code = "not-your-case"    // the other side opened it
	notMediator     ledger.Code = "not-mediator"     // somebody else mediates
	verdictNonsense ledger.Code = "verdict-nonsense" // no way to end a case
	caseNotYours    ledger.Code = "case-not-yours"   // not passed to the council
	awayNonsense    ledger.Code = "away-nonsense"    // no time to be away
	limitsLeaving   ledger.Code = "limits-leaving"   // limits that would tell a balance
	notLeaving      ledger.Code = "not-leaving"      // an account in use
	settleOpen      ledger.Code = "settle-open"      // trades or cases are open
	settledAlready  ledger.Code = "settled-already"  // nothing to settle
	caseVoted       ledger.Code = "case-voted"       // the members are asked about it
	noVote          ledger.Code = "no-vote"          // not entitled to vote on it
	noProposal      ledger.Code = "no-proposal"      // no such vote
	notYourProposal ledger.Code = "not-your-proposal"
	voteOver        ledger.Code = "vote-over"       // its time is up
	voteNonsense    ledger.Code = "vote-nonsense"   // neither yes nor no
	severalVotes    ledger.Code = "several-votes"   // which one?
	proposalsOpen   ledger.Code = "proposals-open"  // has as many open as one may
	policySame      ledger.Code = "policy-same"     // it has that value already
	policyOpen      ledger.Code = "policy-open"     // it is being voted on already
	policyByMembers ledger.Code = "policy-by-votes" // the members have voted on it before
)

// codes lists the codes above, for the test that holds them against the phrases.
func codes() []ledger.Code {
	return []ledger.Code{
		personMissing, personUnknown, personOutside, personTwo, personYourself, textMissing, textLong, nothingOpen, severalOpen, nothingToUndo, undoAsked,
		noPost, notYourPost, postOver, surplusWords, onePerson, numberMissing, numberNonsense, councilOnly, elsewhere, ownAct, selfDealing, noSecond, councilShrunk,
		policyUnknown, policyVoteOnly, policyNonsense, reasonMissing, booksClosed, frozen, notForSuspended,
		noPortal, pagesFrozen, quietUnknown, nameRefused, aboutLong, forgetBalance, forgetOpen,
		helloFirst, disputeOpen, disputedNow, disputedBefore, casesOpen, whyDispute, statementLong, statementsMany, noCase, severalCases, caseClosed,
		notWitness, mediatorTalks, notYourCase, notMediator, verdictNonsense, caseNotYours, caseVoted,
		awayNonsense, limitsLeaving, notLeaving, settleOpen, settledAlready,
		noVote, noProposal, notYourProposal, voteOver, voteNonsense, severalVotes, proposalsOpen, policySame, policyOpen, policyByMembers,
		notVouching, noApplicant, claimUnvouched, phoneLost, lostOften, ownTrades, cannotReceive, limitInWay, noPhone, hasLeft,
	}
}

// refusal is a no that the person who asked is told, in the phrase of its code.
type refusal struct {
	code ledger.Code
	args []any // for the phrase
}

func (r *refusal) Error() string { return "bot: " + string(r.code) }

func refuse(code ledger.Code, args ...any) error { return &refusal{code: code, args: args} }

// whichPerson is raised when a name fits several people. It becomes a question.
type whichPerson struct {
	said       string
	candidates []community.Member
	line       string // the command, with whoSlot in the place of the name
}

func (w *whichPerson) Error() string { return "bot: a name fits several people" }

// codeOf returns the code of a refusal by the bot or by the ledger, or "".
func codeOf(err error) ledger.Code {
	var r *refusal
	if errors.As(err, &r) {
		return r.code
	}
	return ledger.CodeOf(err)
}

// phraseArgs returns what the phrase of a refusal needs.
func (c *Call) phraseArgs(err error) []any {
	var r *refusal
	if errors.As(err, &r) {
		return r.args
	}
	var e *ledger.Error
	if errors.As(err, &e) {
		less := ""
		if e.Room > 0 {
			less = " agree on less (up to " + e.Room.String() + "),"
		}
		return []any{"limit", e.Limit.Signed(), "most", e.Limit, "room", e.Room, "nearest", e.Nearest, "less", less}
	}
	return nil
}
