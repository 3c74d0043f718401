package llm

import "time"

// Budget is what may be spent in a day (UTC). The count starts anew with the program.
type Budget struct {
	Requests int
	Tokens   int // in and out together
}

// DefaultBudget is far above what a neighbourhood's unclear messages need.
func DefaultBudget() Budget { return Budget{Requests: 200, Tokens: 200_000} }

// spending counts what a day has cost.
type spending struct {
	most Budget
	day  string
	used Budget
}

// reserve counts a request that may cost so many tokens, if the day has room for it.
func (s *spending) reserve(now time.Time, tokens int) bool {
	if day := now.UTC().Format(time.DateOnly); day != s.day {
		s.day, s.used = day, Budget{}
	}
	if s.used.Requests+1 > s.most.Requests || s.used.Tokens+tokens > s.most.Tokens {
		return false
	}
	s.used.Requests++
	s.used.Tokens += tokens
	return true
}

// settle replaces what was reserved by what the server says it cost, where it says so.
func (s *spending) settle(reserved, cost int) {
	if cost > 0 {
		s.used.Tokens += cost - reserved
	}
}
