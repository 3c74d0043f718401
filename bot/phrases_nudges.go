package bot

// What the bot says unasked, at decent hours and seldom.
const (
	nudgesHow   = "Answer with the number in front: “1 yes”, “2 no”."
	nudgesWhich = "Which of them do you mean? Put its number in front, like “1 yes”."

	remindReceiver = "{giver} still waits for your word: they gave you {amount} ({what}), logged on {date}. Is that right?"
	remindGiver    = "{receiver} still waits for your word: you gave them {amount} ({what}), logged on {date}. Is that right?"
	remindUndo     = "{by} still waits for your word: may {amount} from {giver} to {receiver} ({what}) be undone?"
	howToUndo      = "✅ and I'll put an opposite entry in the books · ❌ it stays"

	quietIs  = "Unasked, I write to you once a day and three times a week at most, never from {from} to {until} o'clock. /quiet asks off turns one of these off, on turns it on, /quiet all off silences me:\n{list}"
	quietNow = "All right. From now on:\n{list}"

	// The answer guarantee.
	mayIAsk       = "Now and then somebody asks for help that you could give. May I write to you then? At most twice a week, and a no is always fine."
	mayIAskHow    = "✅ yes · ❌ no, I read the board"
	mayAsk        = "Thank you! /quiet asks off ends it whenever you like."
	mayNotAsk     = "All right, I won't. /quiet asks on, should you change your mind."
	askToHelpText = "{author} is still looking for help: “{text}”. I thought of you ({why}). Could you?"
	askToHelpHow  = "🙋 or yes, and I bring you together · ❌ not this time"
	askEarns      = " It would bring you {amount}, and you're not far from your floor."
	helpNotNow    = "No problem, thanks for telling me."
	unmetHonest   = "I'm sorry, nobody has come forward yet for “{text}”.{tried} What may help: another day, a smaller piece of it, a few words more on what it takes, or asking a neighbour at the door. It stays on the board until {until}."
	unmetPassed   = "I'm sorry, nobody came forward in time for “{text}”.{tried} If it's still wanted, tell me again with another day; “sorted” under its card takes it down."
	unmetAsked    = " I've asked {count} directly, too."

	// Posts, looked after.
	stillOnText     = "Your “{text}” leaves the board on {until}. Is it still on?"
	stillOnHow      = "✅ keep it · ❌ take it down"
	postDown        = "Done, it's off the board: “{text}”"
	happenedText    = "“{text}” with {other}: did it happen?"
	happenedHow     = "✅ {amount}, or tell me how long · ❌ no"
	happenedHowLong = "Tell me how long it took, like 1h30 · ❌ it didn't happen"
	happenedNot     = "All right. Should it still happen, either of you tell me how long it took."

	// What is open, in a list.
	openMay      = "may I write to you when somebody needs help?"
	openHelp     = "can you help with “{text}”?"
	openStill    = "is “{text}” still on?"
	openHappened = "did “{text}” happen?"
)
