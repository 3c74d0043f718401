package ledger

import "fmt"

// Auditor recomputes the books from their transfers. It takes them in order, holds no
// more than a balance for each account, and can start in the middle: every transfer
// is checked against the stored hash of the one before, so that parts of the chain
// can be audited side by side and joined.
type Auditor struct {
	last     int64 // Seq of the transfer before
	head     Hash
	balances []Minutes // by account number
	trades   tradePages
	faults   []Fault
	count    int64
}

// tradeSums is what one trade has moved, in minutes, and between whom. It is small
// because there is one for every trade there ever was; amounts are bounded by
// MaxAmount and accounts by maxNumber.
type tradeSums struct {
	posted, reversed int32
	from, to         int32 // 0 is not known yet, several is more than one
}

// tradePages holds the sums by trade number, in pages that are made when they are
// needed: a part of the chain that starts late has none for what came before it, and
// growing copies nothing.
type tradePages [][]tradeSums

const tradesOnPage = 1 << 14

// at returns the place for a trade's sums.
func (p *tradePages) at(id TradeID) *tradeSums {
	page, i := int(id/tradesOnPage), id%tradesOnPage
	*p = reach(*p, page)
	if (*p)[page] == nil {
		(*p)[page] = make([]tradeSums, tradesOnPage)
	}
	return &(*p)[page][i]
}

// take returns a trade's sums and forgets them.
func (p tradePages) take(id TradeID) (sums tradeSums) {
	if page := int(id / tradesOnPage); id > 0 && page < len(p) && p[page] != nil {
		i := id % tradesOnPage
		sums, p[page][i] = p[page][i], tradeSums{}
	}
	return sums
}

// all goes through the trades that moved something.
func (p tradePages) all(f func(TradeID, tradeSums)) {
	for page, sums := range p {
		for i, s := range sums {
			if s != (tradeSums{}) {
				f(TradeID(page*tradesOnPage+i), s)
			}
		}
	}
}

// several stands for accounts that contradict each other.
const several = -1

// agree notes an account where one may be noted already.
func agree(known *int32, id int32) {
	if id != 0 && *known != id {
		if *known != 0 {
			id = several
		}
		*known = id
	}
}

// maxFaults bounds what an audit of ruined books holds in memory and prints.
const maxFaults = 100

// Fault is one promise that does not hold.
type Fault struct {
	Seq     int64     // the transfer, or 0
	Account AccountID // the account, or 0
	What    string
}

func (f Fault) String() string {
	switch {
	case f.Seq != 0:
		return fmt.Sprintf("transfer %d: %s", f.Seq, f.What)
	case f.Account != 0:
		return fmt.Sprintf("account %d: %s", f.Account, f.What)
	}
	return f.What
}

// NewAuditor starts after the transfer with that number and hash: 0 and the zero Hash
// for the whole chain.
func NewAuditor(seq int64, head Hash) *Auditor { return &Auditor{last: seq, head: head} }

// Add checks the next transfer. Original is the transfer that a reversal names, and
// nil for every other kind or when there is none.
func (a *Auditor) Add(t *Transfer, original *Transfer) {
	a.count++
	if t.Seq != a.last+1 {
		a.fault(t.Seq, "the numbers have a gap before it")
	}
	if t.Seal(a.head) != t.Hash {
		a.fault(t.Seq, "its hash does not follow from what it says and the one before")
	}
	if t.Minutes < 1 || t.Minutes > MaxAmount {
		a.fault(t.Seq, "its amount is out of range")
	}
	if kindNumber(t.Kind) == 0 {
		a.fault(t.Seq, "its kind is unknown")
	}
	if t.Kind == OfTrade && t.Trade == 0 {
		a.fault(t.Seq, "it is for help, but belongs to no trade")
	}
	if t.From == t.To || t.From < 1 || t.To < 1 {
		a.fault(t.Seq, "its accounts are wrong")
	} else {
		a.add(t.From, -t.Minutes)
		a.add(t.To, t.Minutes)
	}
	a.addReversal(t, original)
	a.addTrade(t)
	a.last, a.head = t.Seq, t.Hash
}

func (a *Auditor) addReversal(t, original *Transfer) {
	if t.Kind != OfReversal {
		if t.Reverses != 0 {
			a.fault(t.Seq, "it names a transfer to reverse but is no reversal")
		}
		return
	}
	if original == nil || original.Kind == OfReversal || original.Seq >= t.Seq ||
		original.From != t.To || original.To != t.From || original.Minutes != t.Minutes {
		a.fault(t.Seq, "it does not mirror the transfer it reverses")
	}
}

// maxNumber keeps a mad account or trade number from asking for all the memory there is.
const maxNumber = 10_000_000

func (a *Auditor) add(id AccountID, m Minutes) {
	if id > maxNumber {
		a.found(Fault{Account: id, What: "its number is too large"})
		return
	}
	a.balances = reach(a.balances, int(id))
	a.balances[id] += m
}

func (a *Auditor) addTrade(t *Transfer) {
	if t.Trade < 1 || t.Trade > maxNumber {
		if t.Trade != 0 {
			a.fault(t.Seq, "the number of its trade is wrong")
		}
		return
	}
	sums := a.trades.at(t.Trade)
	switch {
	case t.Kind == OfReversal: // held against the transfer it reverses
		sums.reversed += int32(t.Minutes)
		return
	case t.Kind == OfTrade:
		agree(&sums.to, int32(t.To))
	case t.Kind != OfGift || t.To != Commons: // only what spills over goes elsewhere
		sums.to = several
	}
	sums.posted += int32(t.Minutes)
	agree(&sums.from, int32(t.From))
}

// reach makes a slice long enough to have index i.
func reach[T any](s []T, i int) []T {
	if i < len(s) {
		return s
	}
	return append(s, make([]T, i+1-len(s))...)
}

func (a *Auditor) fault(seq int64, what string) { a.found(Fault{Seq: seq, What: what}) }

func (a *Auditor) found(faults ...Fault) {
	a.faults = append(a.faults, faults[:min(len(faults), maxFaults-len(a.faults))]...)
}

// Join takes over what another auditor found in the part of the chain that follows.
func (a *Auditor) Join(next *Auditor) {
	for id, m := range next.balances {
		if m != 0 {
			a.add(AccountID(id), m)
		}
	}
	next.trades.all(func(id TradeID, later tradeSums) {
		sums := a.trades.at(id)
		sums.posted += later.posted
		sums.reversed += later.reversed
		agree(&sums.from, later.from)
		agree(&sums.to, later.to)
	})
	a.found(next.faults...)
	a.count += next.count
	a.last, a.head = next.last, next.head
}

// Compare holds the stored balance of one account against the recomputed one.
func (a *Auditor) Compare(acc Account) {
	want := Minutes(0)
	if acc.ID > 0 && int(acc.ID) < len(a.balances) {
		want = a.balances[acc.ID]
		a.balances[acc.ID] = 0 // what is left over at the end belongs to no account
	}
	if acc.Balance != want {
		a.found(Fault{Account: acc.ID, What: fmt.Sprintf("the balance is %s, its transfers add up to %s", acc.Balance.Signed(), want.Signed())})
	}
}

// CompareTrade holds the sides, amount and state of one trade against what its
// transfers moved.
func (a *Auditor) CompareTrade(t Trade) {
	sums := a.trades.take(t.ID)
	if sums.to == 0 { // all of it spilled over, or nothing was moved
		sums.to = int32(t.Giver)
	}
	want := tradeSums{to: int32(t.Giver)}
	switch t.State {
	case Posted, Disputed:
		want.posted, want.from = int32(t.Minutes), int32(t.Receiver)
	case Reversed:
		want.posted, want.reversed, want.from = int32(t.Minutes), int32(t.Minutes), int32(t.Receiver)
	}
	if sums == want {
		return
	}
	if sums.posted == want.posted && sums.reversed == want.reversed {
		a.found(Fault{What: fmt.Sprintf("trade %d is between other accounts than its transfers", t.ID)})
		return
	}
	a.found(Fault{What: fmt.Sprintf("trade %d is %s over %s, its transfers moved %s and took back %s",
		t.ID, t.State, t.Minutes, Minutes(sums.posted), Minutes(sums.reversed))})
}

// Report is what an audit found.
type Report struct {
	Transfers int64
	Accounts  int64
	Sum       Minutes // of all balances: 0 in sound books
	Head      Hash    // the newest transfer's
	Faults    []Fault // none in sound books
}

// OK reports whether every promise holds.
func (r Report) OK() bool { return len(r.Faults) == 0 }

// Report ends the audit, after every account went through Compare and every trade
// through CompareTrade. Sum is what the
// stored balances add up to.
func (a *Auditor) Report(accounts int64, sum Minutes) Report {
	for id, m := range a.balances {
		if m != 0 {
			a.found(Fault{Account: AccountID(id), What: "it has transfers but does not exist"})
		}
	}
	a.trades.all(func(id TradeID, _ tradeSums) {
		a.found(Fault{What: fmt.Sprintf("trade %d has transfers but does not exist", id)})
	})
	if sum != 0 {
		a.found(Fault{What: "the balances add up to " + sum.Signed() + ", not to 0"})
	}
	return Report{Transfers: a.count, Accounts: accounts, Sum: sum, Head: a.head, Faults: a.faults}
}

// CheckText holds what people wrote against its digest; an erased text has no salt
// and passes.
func (a *Auditor) CheckText(t *Transfer, salt []byte) {
	if salt != nil && DigestText(salt, t.What.Body) != t.What.Digest {
		a.fault(t.Seq, "its text was changed")
	}
}
