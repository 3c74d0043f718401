package ledger

// Line is one transfer as one account sees it.
type Line struct {
	Transfer Transfer
	Change   Minutes // what it did to this account's balance
	Balance  Minutes // where the account stood after it
}

// Statement turns an account's latest transfers, newest first, into lines with the
// balance after each, counting back from the present balance. Nothing but the
// transfers shown has to be read, however long the history is.
func Statement(a Account, newestFirst []Transfer) []Line {
	lines := make([]Line, len(newestFirst))
	after := a.Balance
	for i, t := range newestFirst {
		change := t.Minutes
		if t.From == a.ID {
			change = -change
		}
		lines[i] = Line{Transfer: t, Change: change, Balance: after}
		after -= change
	}
	return lines
}
