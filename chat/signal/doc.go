// Package signal is the line to Signal: it speaks JSON-RPC with a signal-cli daemon over
// a unix or TCP socket, turns what comes in into [chat.Message]s, and sends what the bot
// says.
//
// # Coming in
//
// signal-cli hands every message over at most once: what it has written to its socket is
// gone from Signal. So a [Line] gives each notification, in the order it was read, to
// [Handler.Deliver], which returns only when it is durable, and nothing that was read is
// ever let go before that. When Deliver fails the line keeps what it has, unsubscribes so
// that Signal keeps the rest, and waits to be told to go on ([Line.Resume]).
//
// The daemon must run with --receive-mode=manual. In the other modes it fetches messages
// while nobody listens, and they are lost.
//
// One goroutine reads the connection. It never starts another one, so order is kept, and
// it stops reading when the handler falls behind, so the socket holds the daemon back. It
// reads on while a call waits for its answer: calls may be made from anywhere, from
// within Deliver, too.
//
// What cannot be decoded is handed over as raw bytes. What cannot be decrypted (the
// daemon could not read it) is counted by kind and reported as [Trouble]. Receipts are
// handed over as [Arrival]s, the proof that a send of unknown outcome went out. Typing,
// calls, stories, stickers and the bot's own messages are counted and dropped.
//
// # Going out
//
// [Line.Send] does one thing and says what became of it. There is no safe way to repeat
// a send whose answer got lost: a second one gets a new timestamp and is seen twice. The
// outcomes of [chat.SendError] tell these cases apart.
//
//   - not-sent: it never left, or no device accepted it (an identity that was not yet trusted)
//   - unknown: the answer is missing (connection lost, deadline) or says that something
//     broke inside the daemon (-32603), or the network failed for everybody
//   - later: Signal wants a pause (-5, with its length and, where asked for, a captcha's token;
//     -3, Signal could not be reached)
//   - never: the request is wrong, the group is gone, nobody there has Signal
//
// If it reached some of a group, it is sent, and the receipt names the others.
//
// The daemon works on calls in parallel and may overtake: whoever needs two messages in
// order waits for the first to return.
//
// # People and groups
//
// A person is their account identifier (ACI), also where they hide their number. Phone
// numbers are not kept anywhere: not in messages, not in undecoded lines, not in the log.
//
// Signal says only that a group has changed. The line then asks for its members and
// delivers the difference as a [chat.Roster] message. When somebody's safety number has
// changed (a new phone, or somebody else's), the line delivers a [chat.NewDevice] message
// first and then trusts the new key, so that no message is lost. That needs the daemon's
// own default, --trust-new-identities=on-first-use: with "always" a changed key is only
// found by comparing keys, every six hours and not over a restart of the bot.
//
// # Log
//
// The log gets codes, counts and durations. It never gets texts, names, numbers, or
// identifiers of people or groups.
package signal
