package bot

// What the bot says to the council about its own acts, and to others about the council.
const (
	policyIs     = "What the community has agreed on; /policy and a name tells what it means:\n{list}"
	actorFrozen  = "{who}'s phone may be in other hands just now, so what {who} wants done waits until two members have sent me /vouch {who}, or one of you /restore {who}."
	actOvertaken = "⚠️ Something else was decided meanwhile, so this is off the table: {who} wanted to {act}"

	// Who is on it.
	candidateAsk        = "{who} was added to this group. If {who} is to join the council: a ✅ from somebody on it, and I tell the community; it takes effect 48 hours later. A ❌ from any of you ends it."
	candidateNot        = "{who} was added to this group but can't join the council: for that one is a member here whose limits have opened. What they type here does nothing."
	candidateBacked     = "✅ {by} would like {who} on the council. The community knows; it takes effect on {when}, unless one of you says ❌ or {who} leaves this group."
	candidateTell       = "{who} is to join the council, from {when}; {by} proposes it. If you'd rather not, have a word with somebody on the council before then."
	candidateStopped    = "❌ {by} says no, so {who} isn't joining the council."
	candidateLeft       = "{who} isn't joining the council after all."
	candidateOffTell    = "{who} isn't joining the council after all."
	candidateSeated     = "{who} is on the council now. /help tells what that means."
	candidateSeatedTell = "{who} is on the council now."
	councilShrunkTo     = "Off the council from today: {who}. Still on it: {list}."
	councilGone         = "Off the council from today: {who}. Nobody is on it now: whoever is in its group, or is added to it, I put to a vote of all of you."
	candidateVote       = "Nobody is on the council just now, so the members decide by {until} whether {who} joins it."

	// Acts.
	actJoinEmpty     = "{who} joins the council, on which nobody is just now"
	actBack          = "take {who} into the council, in 48 hours"
	actSeat          = "{who} joined the council"
	actSuspend       = "suspend {who}: {why}"
	actReadmit       = "end {who}'s suspension"
	actApprove       = "let {name} in ({code}), without a voucher"
	actLetBack       = "let {who} back in, who had left"
	actAnnounce      = "announce: {text}"
	actTakedown      = "take down {who}'s post “{text}”: {why}"
	suspendedYou     = "The council of {community} has suspended you: {why}. You can still see your own things and give help, which counts; you can't get help or post for now. If you think that's wrong, write to /feedback or speak to any of the council."
	suspendedAlready = "{who} isn't active, so there's nothing to suspend."
	readmitted       = "The council has ended your suspension. Welcome back, {who}: everything at {community} is open to you again."
	requestDown      = "🚫 Off the board: {text}"
	announcement     = "📣 From the council ({who}): {text}"
	takenDown        = "🚫 Taken down by the council: {text}"
	takenDownYou     = "The council has taken your post down: “{text}”. The reason: {why}. You can write it anew in other words if that settles it. What may be traded here: {scope}"
	takenDownTell    = "It's off the board. {who} has never written to me, so please tell {who} the reason yourselves: {why}."
	dueInPerson      = "{who} has no Signal, so I can't tell them: please do it in person, today if you can."
	dueUndelivered   = "What {who} has a right to hear from me did not reach them. Please let them know in person that there is something."
	pleaseAdd        = "Please add {who} to the neighbours' group: I'm not allowed to."

	// What waits.
	pendingIs        = "What waits:\n{list}"
	pendingNothing   = "Nothing waits for you."
	pendingMore      = "… and {count} more"
	pendingAct       = "❓ {who} wants to {act}: needs a ✅"
	pendingNew       = "👋 {name} would like to join, since {day}: {vouched}. /approve {code}"
	pendingBack      = "↩️ {name} would like to come back, since {day}. /approve {code}"
	pendingClaim     = "📱 A new account says it is {name}, since {day}: {vouched}. /approve {code} once both are there"
	pendingCandidate = "🪑 {who} would like to join the council: needs a ✅ by {when}"
	pendingSeat      = "🪑 {who} joins the council on {when}; {by} proposes it"
	backGroup        = "{who} is back. Welcome!"
	backYou          = "Welcome back to {community}, {who}. Your history and your balance are as you left them."

	// Who lives together.
	actHousehold     = "let {who} share {with}'s account, as one household"
	actPart          = "give {who} an account of their own, out of the household's"
	householdAlready = "{who} and {with} share an account already."
	householdAlone   = "{who} shares no account. To bring them into one: /household {who} and who they live with."
	householdAsk     = "The council asks: does {who} live with you, and shall {who} share your account here? Then either of you can confirm for it and spend from it. ✅ yes · ❌ no"
	householdAskIn   = "The council asks: do you live with {with}, and would you share {with}'s account here, with all that's in it? Then either of you can confirm for it and spend from it. ✅ yes · ❌ no"
	householdThanks  = "Thank you. I ask {who} now."
	householdRefused = "{by} would rather not: {who} and {with} keep an account each."
	householdJoined  = "You're one household now, {who} included. Any of you can confirm for the account; you have one vote, and there's no trading between you."
	householdParted  = "The council has given {who} an account of their own, which begins at 0h. What was in the household's stays there."
)
