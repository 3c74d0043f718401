// Package bot is the conversation: what neighbours say to the bot, what it does, what
// it answers.
//
// An [Engine] takes the messages of one community in order. Each message is one unit
// of one transaction: it is noted in the inbox (a message delivered twice stops
// there), it is understood, the rules are applied, and what the bot has to say is
// queued in the outbox. Messages that wait together share a commit. Nothing is handed
// to the line before the commit that says it.
//
// A [Command] is a row of one table, from which help and permissions are made, too. Its
// handler sees a Call, never the engine, and what it answers is data.
//
// A question that the bot has asked is a row in the database. It is answered by a
// reaction to any message that shows it, by a reply, or by a bare yes or no in a direct
// message; nobody but the person asked can answer it.
package bot
