package bot

import "communityconnect/ledger"

// What the bot says. {name} is filled in; {@name} mentions that person. Short, plain
// and warm, and never a balance or a limit to anybody but whose it is.
const (
	// A trade, asked about.
	promptReceiver     = "{@receiver}, {giver} says they gave you {amount} ({what}). Is that right? ✅ yes · ❌ no, or reply with the right amount."
	promptGiver        = "{@giver}, {receiver} says you gave them {amount} ({what}). Is that right? ✅ yes · ❌ no, or reply with the right amount."
	promptBoth         = "{@giver} and {@receiver}: {giver} gave {receiver} {amount} ({what})? ✅ from both of you and it's recorded · ❌ no, or reply with the right amount."
	promptAmended      = "{@asked}, {by} says it was {amount}, not {before} ({what}). Is that right? ✅ yes · ❌ no, or reply with the right amount."
	promptReceiverDM   = "{giver} says they gave you {amount} ({what}). Is that right?"
	promptGiverDM      = "{receiver} says you gave them {amount} ({what}). Is that right?"
	promptThirdDM      = "{by} tells me that {giver} gave {receiver} {amount} ({what}). Is that right?"
	promptAmendedDM    = "{by} says it was {amount}, not {before} ({what}). Is that right?"
	promptReplaced     = "{by} says it was {amount}, not {before} ({what}). I've asked again."
	outlookUp          = "You'd go from {now} to {then}; your ceiling is {limit}."
	outlookDown        = "You'd go from {now} to {then}; your floor is {limit}."
	howToAnswer        = "✅ yes · ❌ no, or tell me the right amount."
	answerWasLate      = "Your answer took more than an hour to reach me, so I'd rather ask again."
	answerWasLateGroup = "{@you}, your answer took more than an hour to reach me, so I'd rather ask again. {giver} gave {receiver} {amount} ({what}): is that right? ✅ yes · ❌ no"
	waitingForOther    = "Yes, I have that. I'm waiting for {other} now."
	oldAmount          = "That was about another amount. It's {amount} now ({what}): please answer the newer message."

	// A trade, ended.
	postedInGroup     = "✅ Recorded: {giver} gave {receiver} {amount} ({what}). Thank you both."
	postedToConfirmer = "✅ Recorded: {giver} gave {receiver} {amount} ({what}). You're at {balance}."
	postedToOther     = "✅ {other} said yes: {amount} ({what}) is recorded. You're at {balance}."
	tradeDeclined     = "❌ {by} says no to {amount} from {giver} to {receiver} ({what}){why}. Nothing was recorded."
	tradeCancelled    = "🚫 {by} took this back: {amount} from {giver} to {receiver} ({what}). Nothing was recorded."
	tradeExpired      = "⌛ Nobody answered in time: {amount} from {giver} to {receiver} ({what}). Nothing was recorded."
	tradeExpiredTell  = "{amount} from {giver} to {receiver} ({what}) was never confirmed, so I've let it go. If it did happen, log it again."
	overPosted        = "That's in the books already: {amount} from {giver} to {receiver} ({what}). If it's wrong, say /undo."
	overReversed      = "That one was undone: {amount} from {giver} to {receiver} ({what})."
	overDeclined      = "That one was declined: {amount} from {giver} to {receiver} ({what}). If it did happen, log it again."
	overCancelled     = "That one was taken back: {amount} from {giver} to {receiver} ({what}). If it did happen, log it again."
	overExpired       = "That one waited too long and expired: {amount} from {giver} to {receiver} ({what}). If it did happen, log it again."

	// Limits in the way.
	notJustNow      = "I can't record this just now. I've written to {who}."
	notJustNowUnmet = "I can't record this just now. Ask {who} to say hello to me in a direct message."
	otherCannotYet  = "{who} couldn't confirm {amount} ({what}) just now. I've written to them; the question stays open."
	mayGoToCommons  = "Thank you for helping! {amount} would take you above your ceiling of {limit}: there's room for {room}. Shall I record it, and leave the rest to the commons? ✅ yes · ❌ no"

	// Undoing.
	promptUndo   = "{@asked}, {by} would like to undo {amount} from {giver} to {receiver} ({what}), {day}{why}. ✅ and I'll put an opposite entry in the books · ❌ it stays"
	promptUndoDM = "{by} would like to undo {amount} from {giver} to {receiver} ({what}), {day}{why}. ✅ and I'll put an opposite entry in the books · ❌ it stays"
	undoIsAsked  = "I've asked {other} whether to undo {amount} from {giver} to {receiver} ({what}), {day}."
	tradeUndone  = "↩️ Undone by both: {amount} from {giver} to {receiver} ({what}). The books have an opposite entry."
	undoRefused  = "{by} would rather let {amount} from {giver} to {receiver} ({what}) stand. Have a word with each other; if that doesn't help, say /dispute and why, and a neighbour mediates."

	undoExpired = "{asked} hasn't answered whether to undo {amount} from {giver} to {receiver} ({what}), so it stays as it is."

	// Questions in general.
	askThemToSayHello = "{who} hasn't talked with me yet, so I can't ask them. Could you ask {who} to say hello to me in a direct message? It waits until then."
	notYourQuestion   = "That one is for {who} to answer."
	questionOver      = "That question is over. Tell me again what you'd like, and I'll see to it."
	didNotUnderstand  = "I didn't get that. ✅ or yes, ❌ or no, or another amount like 1h30."
	loggedBefore      = "{amount} from {giver} to {receiver} ({what}) is logged already and still waits to be confirmed. Is yours the same? ✅ the same · ❌ another one, on top"
	staysAsItIs       = "Then it stays as it is: {amount} from {giver} to {receiver} ({what})."
	stillMeant        = "This reached me only now; you wrote it {when}:\n{line}\nDo you still mean it? ✅ yes · ❌ no"
	whichOne          = "Which {name} do you mean? Reply with the number or the full name.\n{list}"
	leftIt            = "All right, I've left it."

	// The board.
	couldHelp      = "Could help: {list}."
	couldSuit      = "Might suit {list}."
	becauseOffered = "offered “{text}”"
	becauseAsked   = "asked for “{text}”"
	becauseDone    = "“{what}” for {whom} in {month}"
	guessCard      = "\n{author}, ❌ if you didn't mean that."
	downCard       = "🚫 {who} took this down: {text}"
	postAgain      = "That's on the board already, so I've renewed it with these words: “{text}”"
	postRenewed    = "It stays on the board until {until}: “{text}”"
	takenAlready   = "{author} has somebody for “{text}” already. I've told them that you could help, too, in case it falls through."
	spareHelper    = "{helper} could help with “{text}”, too, in case it falls through."
	littleRoom     = "Before you start: you have room for {room} until your ceiling, and this is about {amount}. The rest could go to the commons."
	findEmpty      = "Nobody comes to mind. /request puts it on the board."
	youMeantThere  = "About what you said in the group, did you mean this?\n{line}\n✅ yes, do it there · ❌ no"
	helpModel      = "Sentences that puzzle me are read by a language model {where}. It gets that one sentence, with M1 and M2 for people and without phone numbers, addresses or anything of the books. Whatever it makes of it, nothing happens before your ✅. /listen off keeps your sentences with me."
	helpNoModel    = "No language model reads along here. I go by rules and examples of my own, and nothing you write to me is shown to anybody for me to understand it."
	helpModelLine  = "/help model – who else reads what puzzles me"
	didYouMean     = "Did you mean this?\n{line}\n✅ yes · ❌ no"
	guessBoth      = "Did I get that right? {giver} gave {receiver} {amount} ({what}). {@giver} and {@receiver}: ✅ from both of you and it's recorded · ❌ no, or reply with the right amount."
	disputeHint    = "I'm sorry to hear that. If a trade is wrong, reply to its message with /undo: I'll ask the other side. If that doesn't settle it, reply with /dispute and why: a neighbour mediates."
	listensNot     = "All right: in the group I only read your commands now. /listen on brings it back."
	listensAgain   = "I'm all ears: plain sentences will do."
	requestCard    = "🙏 {who} asks: {text}\n🙋 if you can help."
	offerCard      = "🎁 {who} offers: {text}\n🙋 if you'd like that."
	overCard       = "✅ {who}: {text} – {state}. Thank you!"
	requestTaken   = "{helper} can help {author} with “{text}”. Sort out the details between you; when it's done, either of you tell me how long it took."
	offerTaken     = "{helper} would like what {author} offers: “{text}”. Sort out the details between you; when it's done, either of you tell me how long it took."
	takerGone      = "{helper} can't after all: “{text}”. It stays on the board."
	postIsOver     = "Sorry, that's gone already: {who}, “{text}”."
	boardIs        = "{list}{more}"
	boardLine      = "{sign} {who}: {text} ({day})"
	boardMore      = "\n… and {left} more: {next}"
	boardEmpty     = "There's nothing like that on the board just now. /request or /offer starts it."
	minePost       = "{sign} #{id} {text} (until {until})"
	mineEmpty      = "You have nothing on the board and nothing waits for you."

	mineWaitsYou   = "❓ #{id} waits for you: {giver} gave {receiver} {amount} ({what})"
	mineWaitsOther = "⏳ #{id} waits for the other side: {giver} gave {receiver} {amount} ({what})"

	// Where somebody stands.
	balanceIs        = "You're at {balance}.{waiting} You can get up to {down} of help, and give up to {up}."
	balanceWaiting   = " Still waiting to be confirmed: {change}."
	historyIs        = "Your latest, newest first:{list}"
	historyWithIs    = "You and {who}, newest first:{list}"
	historyEmpty     = "You have no trades yet. When you've helped somebody: /gave @Ann 2h moving boxes"
	historyEmptyWith = "You and {who} have no trades yet."
	limitsAre        = "You can go from {floor} to {ceiling}. You're at {balance}: up to {down} of help to get, up to {up} to give."
	booksAre         = "All balances add up to {sum}. {count} so far; the newest has the hash {head}."
	booksEmpty       = "The books are empty so far: all balances are 0h."

	// The council.
	promptSecond      = "{who} wants to {act}. It needs a ✅ from another member of the council · ❌ stops it"
	actSeconded       = "✅ {who}, seconded by {by}: {act}"
	actStopped        = "❌ {by} stopped this: {who} wanted to {act}"
	actExpired        = "Nobody seconded this in time, so it is off the table: {act}"
	actorGone         = "{who} is no longer on the council, so this is off the table."
	actLimits         = "change {who}'s limits from {low} and {high} to {floor} and {ceiling}"
	actPolicy         = "change the policy {name} from {old} to {new}"
	actEnter          = "enter a paper slip: {giver} gave {receiver} {amount} ({what})"
	actReverse        = "reverse #{id}, {amount} from {giver} to {receiver} ({what}): {why}"
	actAudit          = "audit: {count}, {faults}"
	yourLimits        = "The council has set your limits: you can now go from {floor} to {ceiling}."
	limitsOfPolicy    = "{who} can go from {floor} to {ceiling}, like everybody of that standing."
	limitsOfOwn       = "{who} can go from {floor} to {ceiling}, set for {who} alone."
	membersAre        = "{count}:"
	reversedByCouncil = "The council has reversed {amount} from {giver} to {receiver} ({what}), {day}: {why}. The books have an opposite entry."
	auditFine         = "✅ The books are sound: {count}, {accounts}, sum {sum}, newest hash {head}."
	auditFailed       = "⚠️ The books don't add up: {faults}, the first: {first}. I post nothing until that's mended; see the operating guide."
	logIs             = "Newest first:{list}"
	logEmpty          = "The council hasn't done anything yet that I know of."

	// Coming, going, a new phone.
	newPhone        = "Your safety number has changed: a new phone, most likely. So that nobody else can answer for you, what I asked you before waits until two members have sent me /vouch and your name, or the council has looked at it. Everything new is as it was."
	newPhoneAlarm   = "{who}'s safety number has changed: a new phone, most likely. Their council acts and answers to earlier questions wait until two members have sent me /vouch {who}, or one of you /restore {who}."
	newPhoneOverYou = "That's settled: what you say counts again, as before."
	newPhoneOver    = "That's settled: {who} is {who}."
	vouchNoted      = "Thank you. One more member has to say so."
	vouchNeedless   = "Nobody has to stand for {who} just now."
	leftGroup       = "{list} left the group. Their accounts stay as they are until they settle them or the council does."
	leftCouncil     = "{list} left this group, and so the council."
	actRestore      = "let {who} act again after the change of their safety number"

	// Back from a backup.
	backAsOf        = "I'm back as of {when}; tell me again what came after. What you offered, asked for, gave, got or answered since then didn't stay with me, and I'm sorry for the trouble. Everything before it is in the books."
	backAsOfCouncil = "I was restored from a backup and know what happened up to {when}. What you decided after that, please decide again; what waited for a ✅ from you is off the table, so ask me anew."

	// Anything else.
	sayHelloFirst = "That's between the two of us: say hello to me in a direct message, and ask me there."
	hello         = "Hello {you}! I keep the board and the books of {community}: who offers what, who has helped whom. Tell me /help, or just /balance."
	strangerHello = "Hello! I only talk with members of {community}. If you know one of them and would like to join, say /join."
	unknownLine   = "I didn't get that. Did you mean one of these?\n{list}"
	editIgnored   = "I don't carry out edited messages, so that nothing happens twice. If you still want that, send it again as a new message."
	failed        = "Something went wrong on my side, and nothing was changed. The council can see that it happened; please try again later."
	helpAll       = "{list}\n\nMore: /help with one of {more}, or with any command. My questions are answered with ✅, ❌ or another amount.\n\nWhat we trade: {scope}"
	helpChapter   = "{name}: {brief}\n{list}{more}\n/help and a word tells more."
	helpMore      = "\nMore: {next}"
	helpOne       = "{line}{also}\n{brief}. Works in {place}."
	fileDamaged   = "⚠️ My file is damaged, so I've stopped listening; Signal keeps your messages. Whoever looks after my computer: stop me, restore the newest backup, and look at the disk. Then I take up what came meanwhile."
	diskFailing   = "⚠️ I can't write to my disk, so I've stopped listening; nothing is lost, Signal keeps your messages. Please free some space or look at the disk. I'll come back by myself."
)

// phrases has the words for every code of a refusal: what was understood, what is
// wrong, what to type instead.
var phrases = map[ledger.Code]string{
	ledger.AmountMissing:     "How long was it? Add an amount, like 2h, 1h30 or 45m.",
	ledger.AmountNonsense:    "I can't read that amount. Like this: 2h, 1h30, 45m, 1.5 credits.",
	ledger.AmountZero:        "Nothing at all? An amount is at least 1m.",
	ledger.AmountNegative:    "An amount is never below zero. Did you mean {nearest}? If the help went the other way, swap /gave and /got.",
	ledger.AmountBelowMinute: "I only count whole minutes. Did you mean {nearest}?",
	ledger.AmountNotWhole:    "I only count whole minutes. Did you mean {nearest}?",
	ledger.AmountTooLarge:    "That's more than I can take at once: at most {most}.",
	ledger.AmountOverflow:    "That's not an amount anybody could give. Like this: 2h, 1h30, 45m.",

	ledger.UnknownTrade:    "I know no trade with that number. /mine shows yours.",
	ledger.NotAParty:       "That trade is between other people.",
	ledger.NotOpen:         "That one is over already. /history shows what was recorded.",
	ledger.SameAmount:      "That's the amount already, and you've said yes to it.",
	ledger.NotProposer:     "Only whoever logged it can take it back. If it's wrong, say /decline.",
	ledger.BelowFloor:      "That would take you below your floor of {limit}: there's room for {room}. What you can do: help somebody first (/board requests),{less} or ask the council.",
	ledger.AboveCeiling:    "That would take you above your ceiling of {limit}: there's room for {room}. What you can do: enjoy some help first (/board offers),{less} or ask the council.",
	ledger.CommonsLimit:    "The commons has reached a limit of its own. The council can see to it.",
	ledger.NotPosted:       "That trade isn't in the books, so there's nothing to undo.",
	ledger.MoreThanOwn:     "You can give away what you have, and that's {room} just now.",
	ledger.AlreadyReversed: "That one was undone already.",
	ledger.LimitsCrossed:   "A floor is zero or below, a ceiling zero or above. Like this: /limits @Ann -20h +60h",

	personMissing:   "Who was it? Like this: {usage}",
	personUnknown:   "I know nobody called {name}. Mention them with @, or write their name as the group knows it.",
	personOutside:   "{name} is not a member here, so I can't record anything with them.",
	personTwo:       "There are two of that name: {name}. Could you write it out, or mention them with @?",
	personYourself:  "That needs two different people (and not of one household).",
	textMissing:     "Add a few words, like {usage}",
	textLong:        "That's too long for a card. Keep it under {most} letters and sort the rest out between you.",
	nothingOpen:     "Nothing waits for your answer just now.",
	severalOpen:     "Which one? Reply to its message, or add its number to {command}:{list}",
	nothingToUndo:   "I see no finished trade of yours. Reply to its message with {command}, or add its number.",
	undoAsked:       "That question has been asked already. It waits for an answer.",
	noPost:          "I can't find a post like that. /mine shows yours.",
	notYourPost:     "That's somebody else's post.",
	postOver:        "That one is off the board already.",
	surplusWords:    "I don't know what to do with “{words}”. Just {command}, or {command} #12, if that's right; anything else you can tell the others yourself.",
	onePerson:       "One person at a time, please: a line for each of them.",
	numberMissing:   "Which one? Like this: {usage}",
	numberNonsense:  "I need a number there, at most {most}.",
	councilOnly:     "That's for the council.",
	elsewhere:       "{command} works in {place}.",
	ownAct:          "Somebody else on the council has to second that.",
	selfDealing:     "Whoever has a part in it neither acts, nor seconds, nor stops it. Leave it to others of the council.",
	councilShrunk:   "The council has shrunk, and keeps the sign-off it had until {until}: till then this needs a ✅ from somebody else on it.",
	noSecond:        "There's nobody else on the council who could second that just now.",
	quietUnknown:    "I can't make anything of “{word}”. Say /quiet and one of these, with on or off after it: {list}, or all.",
	notVouching:     "Your word for others counts once your own limits have opened.",
	noApplicant:     "Nobody called {name} waits to be let in, or more than one. /pending has the codes.",
	claimUnvouched:  "Two members who don't live with {who} have to vouch for the new account first.",
	phoneLost:       "Somebody has told me that this phone is lost, so I can't do that. Two members have to send me /vouch and your name first, or the council has to look at it.",
	lostOften:       "You've told me of somebody's lost phone within the last week. For another, please ask somebody else, or the council.",
	ownTrades:       "{who} has trades of their own, so the account stays theirs. Whoever of the two has none can come into the other's.",
	cannotReceive:   "I can't record this just now. The council can tell you more.",
	noPhone:         "{who} has no Signal, so I can't ask them. The council sees to it: give one of them a slip with {who}'s word on it.",
	hasLeft:         "{who} has left, so there's nobody I could ask about that. If it's wrong, say /dispute #{id} and why: then somebody looks at it.",
	limitInWay:      "A limit is in the way of that amount just now. A smaller one may do; /limits and a name shows somebody's, and changes it.",
	policyUnknown:   "There's no policy called {name}. /policy lists them.",
	policyVoteOnly:  "{name} is for the members to change, by a vote.",
	policyNonsense:  "That doesn't fit: {why}.",
	reasonMissing:   "Please say why, like {usage}",
	noPortal:        "This community has no web pages. Everything can be done here: /help",
	pagesFrozen:     "That waits: while it isn't sure that your phone is in your hands, you can read here, and nothing is changed in your name. Two members who vouch for you, or the council, put that right.",
	frozen:          "Your safety number has changed since I asked that. Two members have to send me /vouch and your name first, or the council has to look at it.",
	booksClosed:     "The books are closed while the council looks into an error. Nothing is lost; please try again later.",
	nameRefused:     "That name won't do: {why}.",
	forgetBalance:   "You're still at {balance}, and nobody could settle that any more once I've forgotten you. Have a word with the council; then say /forget again.",
	forgetOpen:      "Something of yours is still open:{list}\nOnce it's over, say /forget again.",
	aboutLong:       "That's too long for a profile. Keep it under {most} letters.",
	notForSuspended: "That's not open to you while you're suspended. You can still see your own things and give help.",
	helloFirst:      "That's between the two of us: say hello to me in a direct message, and tell me there.",
	disputeOpen:     "That one isn't in the books yet. Just say no to it, or how long it was: /decline, /amend 1h",
	disputedNow:     "A case about that one is open already. /witness adds what you have to say.",
	disputedBefore:  "There was a case about that one, and it's settled. The council can still look at it.",
	casesOpen:       "You have {most} cases open. Let's settle one of them first.",
	whyDispute:      "Please say what happened, in your own words, like /dispute #12 it was one hour, not two",
	statementLong:   "That's too long to pass on. Keep each part under {most} letters.",
	statementsMany:  "You've told me {most} things about it; the rest is better said to each other.",
	noCase:          "I see no open case that you have a part in.",
	severalCases:    "Which one? Reply to its message, or add its number to {command}:{list}",
	caseClosed:      "That case is over.",
	notWitness:      "{who} has another part in it, so can't be its witness.",
	mediatorTalks:   "As you mediate, talk with them yourself: I pass nothing on. When you know enough: /resolve #{id} stands, 1h30, reversed, agreed or council, with the reason.",
	notYourCase:     "Only those who opened a case can take it back. Tell me your side by replying.",
	notMediator:     "Only whoever mediates can propose how a case ends.",
	verdictNonsense: "I didn't get that. After the number comes one of stands, 1h30 (another amount), reversed, agreed or council, and the reason.",
	caseNotYours:    "That case wasn't passed to you. All I can say is that it's open: /cases",
	caseVoted:       "The members have been asked about that case, so it's theirs: /vote",
	awayNonsense:    "I didn't get until when. Like this: /away 2 weeks, /away until 5 June, or just /away",
	limitsLeaving:   "{who} is on the way out: that account only comes nearer to zero, so its limits would tell you where {who} stands. They're back to what they were if {who} stays.",
	notLeaving:      "{who}'s account is in use: it can be settled when they leave, are suspended, or aren't heard of for long.",
	settleOpen:      "{who} has a trade or a case open. That ends first.",
	settledAlready:  "{who}'s account is even already.",
	noVote:          "That vote is for members of full standing who were here when it began, and whom it isn't about.",
	noProposal:      "I can't find a vote like that. /vote shows what is open.",
	notYourProposal: "Only whoever made a proposal can take it back.",
	voteOver:        "That vote is over.",
	voteNonsense:    "Yes or no? Like this: /vote yes, or /vote no #3",
	severalVotes:    "Which one? Add its number, like /vote yes #3:{list}",
	proposalsOpen:   "You have {most} proposals open. Wait for one of them to end, or reply /cancel to its card.",
	policySame:      "{name} is {value} already.",
	policyOpen:      "There's a vote on {name} already, #{id}. Once that has taken effect, or hasn't passed, you can propose another.",
	policyByMembers: "The members have voted on {name}, so only another vote changes it: /propose {name} and the value, in the group.",
}
