package nlp

import "communityconnect/ledger"

// Utterance is one thing a person said, with what is known about the moment.
type Utterance struct {
	Text     string    // as the line delivers it: each mention is one U+FFFC
	Mentions []Mention // in any order; offsets that don't fit the text are ignored
	ReplyTo  *Quoted   // what it replies to; nil for none
	Direct   bool      // said to the bot alone, not in the group
	Sender   Sender    // may be left zero
}

// Mention is a person named in a text. Start and Length count UTF-16 code units.
type Mention struct {
	Name   string
	Start  int
	Length int
	Bot    bool // the mention addresses the bot
}

// Quoted is the message an utterance replies to.
type Quoted struct {
	Kind   QuotedKind
	Text   string
	Author string // a member's name; not read where Self or Bot is set
	Self   bool   // the sender's own message
	Bot    bool   // a message of the bot
}

// QuotedKind tells what kind of message was replied to.
type QuotedKind string

// The kinds of message a reply can be about.
const (
	QuotedOffer   QuotedKind = "offer"
	QuotedRequest QuotedKind = "request"
	QuotedPrompt  QuotedKind = "trade_prompt"
	QuotedDigest  QuotedKind = "digest"
	QuotedChatter QuotedKind = "chatter"
)

// Sender is what is known about who speaks. Everything in it is optional and only
// ever makes a reading surer.
type Sender struct {
	Members []string // names of members, so that a name in lower case is seen as one
	Posts   []string // texts of the sender's own open posts
}

// Intent is what somebody wants. The zero value is not used; None is "nothing for us".
type Intent string

// The intents. What each means is fixed by the labelling rules in testdata/README.md.
const (
	None       Intent = "none"
	Offer      Intent = "offer"
	Request    Intent = "request"
	Interest   Intent = "interest"
	LogTrade   Intent = "log_trade"
	Confirm    Intent = "confirm"
	Decline    Intent = "decline"
	Balance    Intent = "balance"
	History    Intent = "history"
	Browse     Intent = "browse"
	MyPosts    Intent = "my_posts"
	ClosePost  Intent = "close_post"
	FindPerson Intent = "find_person"
	Help       Intent = "help"
	Dispute    Intent = "dispute"
	Vouch      Intent = "vouch"
	Thanks     Intent = "thanks"
)

// Slots are the parts of an intent. An empty one means "nothing said".
type Slots struct {
	Title    string         `json:"title,omitempty"`
	Category string         `json:"category,omitempty"`
	Minutes  ledger.Minutes `json:"minutes,omitempty"`
	When     string         `json:"when,omitempty"` // the words said; see ResolveWhen
	Ref      string         `json:"ref,omitempty"`  // "reply", "#12", "@Name", or the words that pick it out
	Provider string         `json:"provider,omitempty"`
	Receiver string         `json:"receiver,omitempty"`
	What     string         `json:"what,omitempty"`
	With     string         `json:"with,omitempty"`
	Period   string         `json:"period,omitempty"`
	Query    string         `json:"query,omitempty"`
	Kind     string         `json:"kind,omitempty"` // "offer" or "request"
	Skill    string         `json:"skill,omitempty"`
	Topic    string         `json:"topic,omitempty"`
	Reason   string         `json:"reason,omitempty"`
	Name     string         `json:"name,omitempty"`
	To       string         `json:"to,omitempty"`
}

// Me is how Slots name the sender as a provider or receiver.
const Me = "me"

// Outcome says what a caller may do with a reading.
type Outcome uint8

// The outcomes, from silence up.
const (
	NotForUs Outcome = iota // stay silent
	Unsure                  // ask the author, in a direct message, whether this was meant
	Sure                    // act on it, as far as acts may follow from plain language
)

// Reading is what an utterance was understood to mean.
type Reading struct {
	Intent     Intent
	Slots      Slots
	Confidence float64 // 0 to 1; see the thresholds
	Outcome    Outcome
}

// The thresholds of confidence. In the group anything below SureInGroup is read as
// no speech act at all, or as one to ask about in private: a false alarm there is worse
// than a miss. UnsureFrom is for what is said to the bot.
const (
	SureInGroup   = 0.6
	UnsureInGroup = 0.5
	SureDirect    = 0.5
	UnsureFrom    = 0.3
)
