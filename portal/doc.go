// Package portal is the community in a browser: the same board, the same books, the same
// rules, for whoever prefers a page.
//
// It adds no second way of doing anything. What somebody does on a page is a line that
// they could have typed, and goes to the engine as a [bot.Act]; what they see is read from
// a snapshot of the file, and who may see or do what is what the table of commands says.
// The only things that are the portal's own are its doors: one-time links, user names and
// passwords, and the list of where somebody is logged in.
//
// A page is made on the server and works without JavaScript; there is none. A page that
// belongs to somebody is never cached, and nothing private stands in an address or a log.
package portal
