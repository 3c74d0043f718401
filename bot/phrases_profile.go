package bot

// What the bot says about somebody, and about words to the council.
const (
	profileIs          = "{name}, here since {since}."
	profileSponsors    = " Vouched for by {list}."
	profileAbout       = "\n“{about}”"
	profileOffersAre   = "\nOffers: {list}"
	profileTrades      = "{trades} with {people}."
	profileNoTrades    = "No trades yet."
	profileThanks      = " Thanked {times}."
	profileHow         = "\nThis is what other members see. /profile about and a few words, or /profile name and your name, changes it."
	profileAboutSet    = "Your profile says now: “{about}”"
	profileAboutGone   = "Your profile says nothing about you any more."
	profileRenamed     = "I'll call you {name} from now on."
	profileRenamedTell = "{old} goes by the name of {new} now."

	feedbackAsks     = "Thank you, I'll pass that on to the council. ✅ with your name · ❌ without. If you don't say, it goes without tomorrow; without your name I can't find it again to take it back."
	feedbackNamed    = "The council gets it, with your name."
	feedbackNameless = "The council gets it, and I've forgotten who said it."
	feedbackIs       = "What people told us, newest first:\n{list}"
	feedbackNone     = "Nobody has sent /feedback in the last month."
)
