package llm

import "fmt"

// Code tells programs why there is no reading.
type Code string

// The reasons.
const (
	Busy        Code = "busy"         // too many guesses wait already
	OverBudget  Code = "over-budget"  // the day's requests or tokens are used up
	Resting     Code = "resting"      // the server failed lately and is left alone
	Stopped     Code = "stopped"      // the caller has given up
	Unreachable Code = "unreachable"  // no answer in time, or none that is one of the interface
	Refused     Code = "refused"      // the server or the model would not answer
	Cut         Code = "cut"          // the answer was longer than agreed
	Malformed   Code = "malformed"    // the answer is not the agreed object
	NotAllowed  Code = "not-allowed"  // an intent, person or kind that was not to choose from
	NotSaid     Code = "not-said"     // an amount that does not stand in the message
	NotComplete Code = "not-complete" // a trade without its two people or its amount
	TooMuch     Code = "too-much"     // the message is too long, or names too much, to be asked about
)

// Error is why there is no reading. It never holds a word of the message or of the answer,
// so that it can be logged.
type Error struct {
	Code   Code
	Status int // what the server answered (HTTP), 0 if it did not
}

func (e *Error) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("language model: %s (%d)", e.Code, e.Status)
	}
	return "language model: " + string(e.Code)
}
