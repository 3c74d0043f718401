package community

import (
	"slices"
	"strings"

	"communityconnect/ledger"
)

// ClaimVouchers is how many members of different households have to say that somebody
// with a new phone or a new account is who they were.
const ClaimVouchers = 2

// codeLetters are consonants only, so that a code is no word, without an L, which can be
// taken for other signs.
const codeLetters = "BCDFGHJKMNPQRSTVWXYZ"

// codeLength makes for 64 million codes: with a handful of guesses a day, which is what
// a member gets, nobody comes upon one.
const codeLength = 6

// NewCode makes the code that somebody who asks to join hands to a member: what the bot
// knows them by until they are vouched for. Random fills a slice with random bytes.
func NewCode(random func([]byte)) string {
	var code []byte
	for b := make([]byte, 1); len(code) < codeLength; {
		random(b)
		if most := 256 - 256%len(codeLetters); int(b[0]) < most { // every letter is as likely
			code = append(code, codeLetters[int(b[0])%len(codeLetters)])
		}
	}
	return string(code)
}

// ParseCode reads a code as people type it: in any case, with or without the hyphen.
func ParseCode(typed string) (code string, ok bool) {
	code = strings.ToUpper(strings.NewReplacer("-", "", "–", "", " ", "").Replace(typed))
	if len(code) != codeLength || strings.Trim(code, codeLetters) != "" {
		return "", false
	}
	return code, true
}

// ShowCode prints a code in two halves, to be read out.
func ShowCode(code string) string { return code[:codeLength/2] + "-" + code[codeLength/2:] }

// MayVouch reports whether somebody's word for another counts: a member's whose limits
// have opened, and who is beyond doubt themselves. Were a newcomer's to count, one member
// could bring in as many vouchers as they liked.
func (m Member) MayVouch() bool { return m.Status == Full && m.Person != "" && m.Frozen.IsZero() }

// Households counts the different households among those whose word counts. Those of the
// given accounts do not: nobody stands for their own.
func Households(vouchers []Member, except ...ledger.AccountID) int {
	var counted []ledger.AccountID
	for _, m := range vouchers {
		if m.MayVouch() && !slices.Contains(except, m.Account) && !slices.Contains(counted, m.Account) {
			counted = append(counted, m.Account)
		}
	}
	return len(counted)
}

// Missing is how many members have yet to stand for somebody who asks to join.
func (p Policy) Missing(vouchers []Member) int { return max(0, p.Vouchers-Households(vouchers)) }

// Full reports whether the community is as large as it wants to be.
func (p Policy) Full(all []Member) bool {
	n := 0
	for _, m := range all {
		if m.Active() || m.Status == Suspended {
			n++
		}
	}
	return p.LargestSize > 0 && n >= p.LargestSize
}
