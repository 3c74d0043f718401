package portal

import (
	"strings"

	"communityconnect/bot"
)

// page is one page: whoever may use its command in its place may see it.
type page struct {
	path     string // as the ServeMux reads it
	title    string
	command  string // "" for whoever is in
	place    bot.Place
	template string
	show     func(*visit) (any, error) // errNotThere for what this member can't see
}

// here is the part of the site that a page belongs to, for the navigation.
func (p page) here() string {
	first, _, _ := strings.Cut(strings.TrimPrefix(p.path, "/"), "/")
	return first
}

// pages are all pages of whoever is in.
func pages() []page {
	return []page{
		{"/{$}", "Home", "balance", bot.InDM, "home", (*visit).home},
		{"/board", "The board", "board", bot.InDM, "board", (*visit).board},
		{"/posts/{id}", "On the board", "board", bot.InDM, "post", (*visit).post},
		{"/new/{kind}", "New on the board", "", 0, "new", (*visit).newPost},
		{"/record", "Record help", "gave", bot.InDM, "record", (*visit).record},
		{"/trades/{id}", "A trade", "history", bot.InDM, "trade", (*visit).trade},
		{"/statement", "Your statement", "history", bot.InDM, "statement", (*visit).statement},
		{"/people", "People", "profile", bot.InDM, "people", (*visit).people},
		{"/people/{id}", "A neighbour", "profile", bot.InDM, "person", (*visit).personPage},
		{"/books", "The books", "books", bot.InDM, "books", (*visit).books},
		{"/decisions", "Decisions", "vote", bot.InDM, "decisions", (*visit).decisions},
		{"/lost", "A lost phone", "", 0, "lost", (*visit).lostPhone},
		{"/me", "Your data and privacy", "", 0, "me", (*visit).own},
		{"/me/password", "User name and password", "", 0, "password", (*visit).passwordPage},

		{"/council", "Waiting for the council", "log", bot.InCouncil, "pending", (*visit).pending},
		{"/council/people", "People and limits", "members", bot.InCouncil, "councilpeople", (*visit).councilPeople},
		{"/council/people/{id}", "A member", "members", bot.InCouncil, "councilperson", (*visit).councilPerson},
		{"/council/enter", "Enter a paper slip", "enter", bot.InCouncil, "enter", (*visit).enterSlip},
		{"/council/policy", "Policy", "policy", bot.InCouncil, "policy", (*visit).policy},
		{"/council/cases", "Cases", "cases", bot.InCouncil, "cases", (*visit).cases},
		{"/council/health", "Health", "health", bot.InCouncil, "health", (*visit).health},
		{"/council/backups", "Backups", "log", bot.InCouncil, "backups", (*visit).backups},
		{"/council/log", "What the council has done", "log", bot.InCouncil, "councillog", (*visit).councilLog},
	}
}
