package bot

// What the bot says where it may not be who it seems.
const (
	claimAsk         = "Careful: this code is of somebody who says they ARE {who}, on a new Signal account, and wants {who}'s place here with all that's in it. Did {who} give it to you face to face, or in a call in which you knew the voice? ✅ I'm sure · ❌ no"
	claimNobody      = "That code is of somebody who says they're “{name}” and has a new account. I know nobody of just that name: ask them to send me /join, I'm, and their full name, new account."
	claimDoubted     = "Thank you for telling me. Nothing happens, and the council hears of it."
	claimDoubtedTell = "⚠️ {by} was given a code ({code}) for {who}'s account by somebody who may not be {who}. You may want to ask around."
	claimOld         = "Somebody with a new Signal account says that they're you, and {by} vouches for it. Is that you? ✅ yes, I'm moving · ❌ no, I'm still here"
	claimOldYes      = "Thank you. The council has the last word; then everything moves."
	claimOldNo       = "Thank you. I've told the council, and they'll talk to people before anything happens."
	claimRefuted     = "⚠️ {who}'s old account says it is still {who}'s, and that the one with the code {code} is somebody else. One of the two isn't {who}: please ask in person."
	claimVouched     = "Thank you, that makes two. What comes from {who}'s old account no longer counts, and the council decides about the new one."
	claimReadyTell   = "{list} vouch that {who} has a new Signal account. The old one can do nothing for now. Have a word with {who} yourselves; then /approve {code} moves everything, and needs a ✅ from another of you. Neither of you may be one who vouched."
	claimDone        = "Hello {who}: this account is yours now, with your history, your balance and your name. The old one is nobody's here."
	claimDoneGroup   = "{who} has a new Signal account from today."
	claimRemoveOld   = "{who}'s old account is still in the neighbours' group: please take it out."
	actClaim         = "move {who} to a new account, by the word of {list}{refuted}"
	actClaimRefuted  = ", AGAINST the word of the old account"
	lostNoted        = "Thank you. From now on nothing counts that comes from {who}'s phone. When it's found, two members send me /vouch {who}. With a new Signal account, they write me: /join I'm, their name, new account."
	lostAlready      = "Nothing from {who}'s phone counts just now."
	lostTell         = "{by} says that {who}'s phone is lost. What comes from it no longer counts, until two members have sent me /vouch {who}, or one of you /restore {who}. If it isn't so, have a word with {by}."
	lostOwnTell      = "{who} says on the web pages that their phone is lost. What comes from it no longer counts, until two members have sent me /vouch {who}, or one of you /restore {who}."
	lostThem         = "{by} tells me that you've lost your phone, {who}. In case somebody else has it, nothing from it counts until two members have sent me /vouch {who}, or the council has looked at it."
)

// aboutPeople names the questions that are about no trade, for somebody of whom several
// are open.
var aboutPeople = map[string]string{
	askEarly: "whether those who vouched for you may hear early of trouble",
	askClaim: "whether you know who gave you that code",
	askOld:   "whether you have a new Signal account",

	askHousehold: "whether you live together and share an account",
	askFeedback:  "whether the council hears your name with what you've told it",
	askForget:    "whether I forget what I can",
}
