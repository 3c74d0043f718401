package bot

// What the bot says about decisions of the members.
const (
	proposalCard   = "🗳️ {who} proposes: {text}\n👍 for · 👎 against, until {until}. One vote a household; you can change it till the end."
	proposalActs   = "🗳️ {who} of the council asks all of you, as nobody else there can second it: {text}?\n👍 for · 👎 against, until {until}. One vote a household; you can change it till the end."
	proposalPolicy = "{name} {new} instead of {old} ({brief})"
	policyCard     = "🗳️ {who} proposes: {text}. If it passes, it takes effect on {effect}{limits}.\n👍 for · 👎 against, until {until}. One vote a household; you can change it till the end."
	proposalCase   = "🗳️ The council asks all of you to decide: {text}?\n👍 for · 👎 against, until {until}. If it doesn't pass, the trade stands. One vote a household; you can change it till the end."
	proposalSeat   = "🗳️ For all of you to decide: {text}.\n👍 for · 👎 against, until {until}. One vote a household; you can change it till the end."
	limitsPush     = "; nobody is pushed, whoever is further out by then just goes no further"
	askedMembers   = "Nobody else on the council can second that, so I've asked the members. They decide by {until}."
	voteYes        = "Noted: your household is for it. You can change that until {until}."
	voteNo         = "Noted: your household is against it. You can change that until {until}."
	votesOpen      = "Open votes:{list}\n/vote yes or /vote no, with the number if there are several."
	voteLine       = "\n#{id} {who}: {text} (until {until}{mine})"
	voteMineYes    = ", you're for it"
	voteMineNo     = ", you're against it"
	voteRemind     = "A vote ends on {until}, and your household hasn't voted yet. {who}: {text}"
	voteHow        = "👍 for · 👎 against"
	votesNone      = "There's no vote open just now. /propose starts one."

	votePassed       = "🗳️ Passed, {for} to {against}: {text}"
	votePassedPolicy = "🗳️ Passed, {for} to {against}: {text}. It takes effect on {effect}."
	voteRejected     = "🗳️ Not passed, {for} to {against}: {text}"
	voteNoQuorum     = "🗳️ Too few voted ({voted} of {entitled}, it takes {quorum}), so nothing changes: {text}"
	voteWithdrawn    = "🗳️ {who} takes this proposal back: {text}"
	voteMoot         = "🗳️ Off the table, as it has been settled: {text}"
	voteInEffect     = "🗳️ From today, as you voted: {name} {new} instead of {old}."
	voteVoid         = "The members voted for this, {votes}, but I can't carry it out: {text}\n{why}"
	overtaken        = "Something else was decided meanwhile."
	byVoteOf         = "by a vote of the members, {votes}"
	actVoted         = "{act} ({how})"

	// Where an act of the council goes to the members, what is private about it stays out.
	voteOnLimits = "set limits of their own for {who}"
)
