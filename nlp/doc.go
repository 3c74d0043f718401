// Package nlp understands what neighbours write: an utterance in, an intent with its
// parts out. It works by rules and by weights learnt from examples, offline and
// deterministically.
//
// A [Parser] is made once with [New] and may then be used from many goroutines. How it
// goes about a message:
//
//  1. cut it into words, spell texting out, put mentions in their places;
//  2. find the amounts ([Amount]), the times and the names in it;
//  3. find the cues: turns of phrase such as "looking for" or "happy to lend", kept in
//     cues/*.cues where somebody who doesn't program can add to them;
//  4. decide by the moment (reply, direct message, group), the cues, who gives to whom,
//     and whether the words are about something neighbours do for each other;
//  5. weigh that against what the text is most like of all that was learnt.
//
// Silence comes first. In the group only what plainly offers, asks, reports or thanks is
// read as such; what falls short of [SureInGroup] is [None] there. In a direct message
// an uncertain reading comes back as [Unsure], for the caller to ask.
//
// Nothing here moves credits. A reading is at most a command its author could have typed.
package nlp
