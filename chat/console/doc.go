// Package console is the embedded line: a community in a terminal, to try the bot out
// and to write its conversations down. What is typed is read as what one of the
// neighbours says or taps; what the bot does is printed, the group and the direct
// messages visibly apart.
//
// A typed line is one of:
//
//	ann> text          Ann says it in the group
//	ann dm> text       Ann writes it to the bot
//	ann council> text  Ann says it in the council's group
//	text               whoever spoke last says it, in the same place
//
// and the text one of:
//
//	@ben               in a text, mentions Ben
//	✅                 reacts to the bot's latest message there; ✅2 to the one before it,
//	                  ✅"boxes" to the latest that says boxes
//	-✅                takes the reaction back
//	>> yes             replies to the bot's latest message there; >>2 and >>"boxes" as above
//	~ new text         edits what Ann said last there
//
// The same lines, with what the bot prints between them, make a transcript.
package console
