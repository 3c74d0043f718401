package portal

import (
	"slices"
	"strings"

	"communityconnect/bot"
)

// Guarded is a page or a form with the command that opens it.
type Guarded struct {
	Path    string
	Command string
	Place   bot.Place
}

// GuardedPages lists all pages, and GuardedForms all forms, for the tests of who may what.
func GuardedPages() (all []Guarded) {
	for _, p := range pages() {
		all = append(all, Guarded{p.path, p.command, p.place})
	}
	return all
}

func GuardedForms() (all []Guarded) {
	for name, f := range forms() {
		all = append(all, Guarded{"/do/" + name, f.command, f.place})
	}
	slices.SortFunc(all, func(a, b Guarded) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// NobodysHash is what a password is compared with under a name that nobody has.
func NobodysHash(p *Portal) string { return p.doors.nobody }
