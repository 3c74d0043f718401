package bot

// What the bot says to people who go, for a while or for good.
const (
	awayUntil    = "Have a good time! I've paused what you have on the board, and ask you nothing, until {until}. /back ends that sooner."
	awayOpen     = "Have a good time! I've paused what you have on the board, and ask you nothing, until you say /back."
	awayOver     = "Welcome back! What you have on the board is there again."
	backNeedless = "You're not away as far as I know."
	postPaused   = "{author} is away just now, so “{text}” waits until they're back."
	silentAsk    = "I haven't heard from you since {since}, and hope you're well. I've paused what you have on the board. Say anything, and it's back; /away or /leave, if you'd rather."
	goneAsk      = "You've left the group, so I've paused what you have on the board. If you're leaving for good, say /leave, and I'll help you even out your account; if not, /back."

	leaveAsk           = "You want to leave {community}?{posts}{open}{balance}\n✅ I'm leaving · ❌ I'm staying"
	leavePosts         = "\nI take down what you have on the board ({count})."
	leaveAbove         = "\nYou're at {balance}: give it to somebody (/gift @Ann 2h), and what you don't give goes to the commons when you say /leave again."
	leaveBelow         = "\nYou're at {balance}. Until {until} you can still even that out: help somebody, or somebody gives you some of theirs (/gift). The council hears what is left by then, and can have the commons take it over. Help for yourself ends now."
	leaveOpen          = "\nStill open, to be finished or cancelled first:{list}"
	leaveCase          = "\na case about {trade}"
	leaveBegun         = "You're on your way out; /back if you think better of it.{open}{balance}"
	leaveRest          = "Shall I leave your {balance} to the commons? ✅ yes · ❌ no, I'll give it to somebody"
	leaveDone          = "You've left {community}, and your account is even. All the best! Your name stays on what you shared with others, so that they know who it was; what you wrote to me goes after 30 days. /forget erases your name and words, /mydata shows what I hold. To come back, say hello: the council finds your history."
	leaveDoneHousehold = "You've left {community}. Your household's account goes on with the others. All the best! Your name stays on what you shared with others; /forget erases it, /mydata shows what I hold. To come back, say hello."
	leaveLate          = "Your time to even out your account is over, so I've told the council. You can still help somebody till they have decided."
	leaveStays         = "Good that you're staying! Everything is as it was; what I took down you'd have to put up again."
	leftEven           = "{who} has left, with everything settled. If they're still in the group, please take them out of it."
	leftHousehold      = "{who} has left; their household goes on. If they're still in the group, please take them out of it."
	leavePlanOver      = "{who} wanted to leave and couldn't even out their account in time. /settle {who} has the commons take it over."

	giftAsk       = "Give {to} {amount} of what you have ({why})? ✅ yes · ❌ no"
	giftDone      = "You gave {to} {amount} ({why}). You're at {balance}."
	giftGot       = "🎁 {who} gave you {amount} of their own ({why}). You're at {balance}."
	grantGot      = "🎁 The commons gave you {amount} ({why}). You're at {balance}."
	actGrant      = "give {who} {amount} from the commons: {why}"
	actSettleOwes = "have the commons take over {amount} that {who} leaves behind: {why}"
	actSettleHas  = "move {amount} that {who} leaves behind to the commons: {why}"
	settledYou    = "The council has settled your account with the commons: {why}. You're at {balance}."
	voteOnSettle  = "have the commons settle what {who} leaves behind"
)
