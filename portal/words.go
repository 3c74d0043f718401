package portal

// What the pages say by themselves; all else is what the bot says.
const (
	notThere      = "There's no such page, or it isn't yours to see."
	notAllowed    = "That's not open to you. If it should be, please ask the council."
	fromElsewhere = "That came from another site, so nothing was done. Please do it on these pages."
	tooMuch       = "That's more than I can take at once. Please make it shorter."
	wentWrong     = "Something went wrong on our side. Please try again in a moment."
	busy          = "I couldn't do that just now. Please try again in a moment: nothing happens twice."
	tooManyTries  = "That was tried very often just now. Please wait a few minutes, or send me /portal in Signal for a link."
	loggedOut     = "You weren't logged in here any more, so that wasn't done. Please log in, and do it again."
	tooManyActs   = "That was a lot at once. Please wait a minute."
	doesNotFit    = "That user name and password don't fit together. Forgotten? Send me /portal in Signal for a link."

	passwordShort  = "A password needs at least 10 letters. Three or four words that only you put together are good."
	passwordLong   = "That password is too long. Keep it under 1000 letters."
	passwordTwice  = "The two passwords aren't the same. Please type it again."
	passwordEasy   = "That one is too easy to guess. Please choose another."
	passwordSet    = "Done. From now on you can log in as %s."
	passwordFrozen = "That waits until it is sure that your phone is in your hands."
	oldDoesNotFit  = "That isn't your present password."
	nameDoesNot    = "That doesn't do as a user name: %s."
	userNameTaken  = "Somebody has that user name already, or one that looks the same. Please choose another."
	loginsEnded    = "Done: that's ended."
	whoMissing     = "Please choose who it was."
	nothingChanged = "Nothing has changed."
)
