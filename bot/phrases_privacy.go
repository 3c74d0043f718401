package bot

// What the bot says about what it holds of people.
const (
	mydataIs      = "Everything I hold about you: my-data.txt to read, my-data.json for programs. Nobody else gets it."
	forgetAsksOld = "As long as you're a member, the others have to know whom they trade with. What I can forget now: the words of your closed posts and of the finished trades you logged (the amounts stay), what you wrote to me and what you told the council with your name. For all of you to be forgotten, /leave first. It can't be taken back. ✅ forget the old words · ❌ no"
	forgetAsksAll = "I'd forget your name, your Signal account and everything you wrote. Your trades stay in the books as numbers of “a former member”, so that they still add up. Backups from before still have it until they are replaced, after a year at most. It can't be taken back, and nobody could bring your history back to you. ✅ forget me · ❌ no"
	forgetSoonOld = "All right. Within a minute or two your old words are gone."
	forgetSoonAll = "All right. A minute after this message I won't know you any more. Thank you for everything, and goodbye."
)
