package bot

// What the bot says about the web pages.
const (
	portalLink = "Your way in, {you}, for nobody else:\n{link}\nIt works once, within {minutes} minutes. There you can choose a user name and a password for another time."

	doneOnPage = "👍 Done."
)
