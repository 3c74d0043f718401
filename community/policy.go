package community

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"communityconnect/ledger"
)

// Policy is what the community has agreed on. The zero value is of no use: start with
// DefaultPolicy.
type Policy struct {
	Floor           ledger.Minutes // of a full member
	Ceiling         ledger.Minutes
	NewcomerFloor   ledger.Minutes
	NewcomerCeiling ledger.Minutes
	CommonsFloor    ledger.Minutes
	CommonsCeiling  ledger.Minutes
	Vouchers        int // how many members vouch for a newcomer: 1 or 2
	PromptDays      int // how long a trade waits to be confirmed
	OfferDays       int // how long an offer stays on the board
	RequestDays     int // how long a request stays on the board
	PlainLanguage   int // 1: the bot reads plain sentences in the group; 0: only commands
	QuietFrom       int // the hour from which nobody is written to unasked, 0 to 23
	QuietUntil      int // the hour at which that ends; the same hour: there are no quiet hours
	TellIdeas       int // 1: the people of a round of help hear of it; 0: the council alone
	JoinDays        int // how long somebody who asks to join waits to be vouched for
	LargestSize     int // how many members there may be; 0: no limit
	SignOff         int // how many of the council stand behind an act: 1 or 2

	// What opens a newcomer's limits, all of it together.
	NewcomerDays   int            // since joining
	NewcomerTrades int            // with people who are neither sponsor nor newcomer
	NewcomerPeople int            // how many different people those are, at least
	NewcomerHelp   ledger.Minutes // what those trades add up to

	VoteDays     int // how long a vote of the members lasts
	VoteQuorum   int // percent of the households that have to vote
	VoteMajority int // percent of the votes that have to be exceeded
	VoteNotice   int // days between a vote and its taking effect
	LeaveDays    int // how long somebody who leaves can even out what they owe
	SilenceDays  int // after so many days without a word somebody is asked how it is
	CaseDays     int // how long a disagreement is mediated, and then before the council, at most

	RetentionDays int // how long what people wrote to the bot is kept

	Scope string // what may be traded, in words
}

// DefaultPolicy has the founding paper's limits (-50 and +100 hours) for members, and
// for newcomers the narrower ones that time banks publish for everybody (near -12).
func DefaultPolicy() Policy {
	return Policy{
		Floor: -50 * ledger.Hour, Ceiling: 100 * ledger.Hour,
		NewcomerFloor: -12 * ledger.Hour, NewcomerCeiling: 24 * ledger.Hour,
		CommonsFloor: -100 * ledger.Hour, CommonsCeiling: 1000 * ledger.Hour,
		Vouchers: 1, PromptDays: 7, OfferDays: 90, RequestDays: 30, PlainLanguage: 1,
		QuietFrom: 21, QuietUntil: 8,
		JoinDays: 14, RetentionDays: 30, SignOff: 2, VoteDays: 7, VoteQuorum: 30, VoteMajority: 50, VoteNotice: 7, CaseDays: 14, LeaveDays: 60, SilenceDays: 90,
		NewcomerDays: 30, NewcomerTrades: 3, NewcomerPeople: 2, NewcomerHelp: 3 * ledger.Hour,
		Scope: "Help between neighbours: time, skills, lifts, a loan of a thing. No money, nothing unlawful, nothing that needs a licence you don't have.",
	}
}

// Limits returns the floor and ceiling that go with a status.
func (p Policy) Limits(s Status) (floor, ceiling ledger.Minutes) {
	if s == Newcomer || s == Applicant {
		return p.NewcomerFloor, p.NewcomerCeiling
	}
	return p.Floor, p.Ceiling
}

// PromptExpiry is when a trade asked about now expires.
func (p Policy) PromptExpiry(now time.Time) time.Time { return now.AddDate(0, 0, p.PromptDays) }

// Setting is one policy by name, as people read and change it.
type Setting struct {
	Name  string
	Brief string
	// VoteOnly settings are changed by a vote of the members, never by the council.
	VoteOnly bool
	words    bool // its value is a text
	get      func(*Policy) string
	set      func(*Policy, string) error
}

// ErrNoSetting is a policy name that does not exist.
var ErrNoSetting = errors.New("there is no such policy")

// Settings lists every policy, in the order in which it is shown.
func Settings() []Setting {
	return []Setting{
		amount("floor", "how far below zero a member may go", func(p *Policy) *ledger.Minutes { return &p.Floor }),
		amount("ceiling", "how far above zero a member may go", func(p *Policy) *ledger.Minutes { return &p.Ceiling }),
		amount("newcomer_floor", "the same for a newcomer", func(p *Policy) *ledger.Minutes { return &p.NewcomerFloor }),
		amount("newcomer_ceiling", "the same for a newcomer", func(p *Policy) *ledger.Minutes { return &p.NewcomerCeiling }),
		byVote(amount("commons_floor", "how far below zero the commons may go", func(p *Policy) *ledger.Minutes { return &p.CommonsFloor })),
		byVote(amount("commons_ceiling", "how far above zero the commons may go", func(p *Policy) *ledger.Minutes { return &p.CommonsCeiling })),
		number("vouchers", "how many members vouch for a newcomer", 1, 2, func(p *Policy) *int { return &p.Vouchers }),
		number("join_days", "how many days somebody waits to be vouched for", 1, 90, func(p *Policy) *int { return &p.JoinDays }),
		number("largest_size", "how many members there may be, 0 for no limit", 0, 100000, func(p *Policy) *int { return &p.LargestSize }),
		number("newcomer_days", "days after joining before a newcomer's limits open", 0, 366, func(p *Policy) *int { return &p.NewcomerDays }),
		number("newcomer_trades", "trades before they open, not with a sponsor or a newcomer", 0, 50, func(p *Policy) *int { return &p.NewcomerTrades }),
		number("newcomer_people", "with how many different people those are", 0, 20, func(p *Policy) *int { return &p.NewcomerPeople }),
		amount("newcomer_help", "what those add up to, given and received", func(p *Policy) *ledger.Minutes { return &p.NewcomerHelp }),
		number("prompt_days", "how many days a trade waits to be confirmed", 1, 60, func(p *Policy) *int { return &p.PromptDays }),
		number("offer_days", "how many days an offer stays on the board", 1, 366, func(p *Policy) *int { return &p.OfferDays }),
		number("request_days", "how many days a request stays on the board", 1, 366, func(p *Policy) *int { return &p.RequestDays }),
		byVote(number("sign_off", "how many of the council stand behind an act", 1, 2, func(p *Policy) *int { return &p.SignOff })),
		number("plain_language", "1: I read plain sentences in the group, 0: commands only", 0, 1, func(p *Policy) *int { return &p.PlainLanguage }),
		number("tell_ideas", "1: three who could help each other in a round hear of it, 0: the council alone", 0, 1, func(p *Policy) *int { return &p.TellIdeas }),
		number("quiet_from", "the hour from which I write to nobody unasked", 0, 23, func(p *Policy) *int { return &p.QuietFrom }),
		number("quiet_until", "the hour at which that ends", 0, 23, func(p *Policy) *int { return &p.QuietUntil }),
		number("retention_days", "how many days I keep what people write to me", 7, 365, func(p *Policy) *int { return &p.RetentionDays }),
		text("scope", "what may be traded", func(p *Policy) *string { return &p.Scope }),
		number("leave_days", "how many days somebody who leaves has to even out what they owe", 1, 366, func(p *Policy) *int { return &p.LeaveDays }),
		number("silence_days", "after how many days without a word I ask somebody how it is", 14, 3660, func(p *Policy) *int { return &p.SilenceDays }),
		number("case_days", "how many days a case has with its mediator, and again with the council", 3, 30, func(p *Policy) *int { return &p.CaseDays }),
		byVote(number("vote_days", "how many days a vote lasts", 1, 60, func(p *Policy) *int { return &p.VoteDays })),
		byVote(number("vote_quorum", "how many of a hundred households have to vote", 1, 100, func(p *Policy) *int { return &p.VoteQuorum })),
		byVote(number("vote_majority", "more than so many of a hundred votes have to be for it", 50, 99, func(p *Policy) *int { return &p.VoteMajority })),
		byVote(number("vote_notice", "how many days after a vote it takes effect", 0, 60, func(p *Policy) *int { return &p.VoteNotice })),
	}
}

func byVote(s Setting) Setting {
	s.VoteOnly = true
	return s
}

func amount(name, brief string, field func(*Policy) *ledger.Minutes) Setting {
	return Setting{Name: name, Brief: brief,
		get: func(p *Policy) string { return field(p).Signed() },
		set: func(p *Policy, v string) error {
			m, err := ledger.ParseLimit(v)
			if err != nil {
				return err
			}
			floor := strings.HasSuffix(name, "floor")
			if floor && m > 0 || !floor && m < 0 {
				return &ledger.Error{Code: ledger.LimitsCrossed}
			}
			*field(p) = m
			return nil
		},
	}
}

func number(name, brief string, low, high int, field func(*Policy) *int) Setting {
	return Setting{Name: name, Brief: brief,
		get: func(p *Policy) string { return strconv.Itoa(*field(p)) },
		set: func(p *Policy, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil || n < low || n > high {
				return fmt.Errorf("%s is a whole number from %d to %d", name, low, high)
			}
			*field(p) = n
			return nil
		},
	}
}

// MaxPolicyText is the longest text that a policy can have, in letters.
const MaxPolicyText = 300

func text(name, brief string, field func(*Policy) *string) Setting {
	return Setting{Name: name, Brief: brief, words: true,
		get: func(p *Policy) string { return *field(p) },
		set: func(p *Policy, v string) error {
			v = strings.TrimRight(strings.Join(strings.Fields(v), " "), " .")
			if n := len([]rune(v)); n == 0 || n > MaxPolicyText {
				return fmt.Errorf("%s is a text of at most %d letters", name, MaxPolicyText)
			}
			*field(p) = v + "."
			return nil
		},
	}
}

// SettingNamed finds a policy by name; hyphens and spaces do for underscores.
func SettingNamed(name string) (Setting, error) {
	name = strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
	all := Settings()
	if i := slices.IndexFunc(all, func(s Setting) bool { return s.Name == name }); i >= 0 {
		return all[i], nil
	}
	return Setting{}, ErrNoSetting
}

// Get prints the value as people write it.
func (s Setting) Get(p Policy) string { return s.get(&p) }

// Set reads a value as people write it. p is unchanged when there is an error.
func (s Setting) Set(p *Policy, value string) error {
	changed := *p
	if err := s.set(&changed, strings.TrimSpace(value)); err != nil {
		return err
	}
	*p = changed
	return nil
}
