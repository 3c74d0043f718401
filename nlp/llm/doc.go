// Package llm asks a language model about the few messages that the rules of package nlp
// are unsure of. It speaks to any server with OpenAI's chat interface, one on the same
// machine, too. Without a server nothing of this exists.
//
// What a model says is never trusted. A message is data from a stranger to the model, and
// the model's answer is data from a stranger to us:
//
//   - what leaves: one message, with its people as M1, M2 …, and with phone and account
//     numbers, mail and web addresses, codes, streets and the community's own name as X1,
//     X2 …; never what the bot or anybody else said, and nothing about balances or members;
//   - what comes back has to be the agreed object, word for word: an intent of the few that
//     are asked for, people and amounts that stand in the message, and words of it;
//   - whatever else comes back, late, cut off, refused or beside the point, is an [Error]
//     and no reading at all. The caller then goes on as if there were no model.
//
// A reading that comes through is [nlp.Unsure] for ever: its author has to be asked. The
// most a message that instructs the model can gain is therefore a question to its own
// author, about a command that they could have typed.
//
// One request is under way at a time, few may wait, each day has a budget, and a server
// that fails is left alone for a while. A guess can take as long as Timeout: it must not be
// asked for inside a transaction.
package llm
