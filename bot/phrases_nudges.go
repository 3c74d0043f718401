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
)
