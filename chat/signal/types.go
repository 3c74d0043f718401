package signal

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/chat"
)

// Options say how to reach the daemon and what to follow.
type Options struct {
	Socket  string // path of the daemon's unix socket; or
	Address string // host:port of its TCP port

	// Account is the bot's number or ACI. It may be empty where the daemon serves one account.
	Account string

	// Groups are the groups the bot is for. Their members are followed and invitations to
	// them are accepted; messages of other groups are dropped. If there are none, messages
	// of all groups are delivered and no roster is followed.
	Groups []chat.GroupID

	Log zerolog.Logger

	// Trouble, if set, is told what an operator should know. It must not block.
	Trouble func(Trouble)

	// Changed, if set, is told when the line comes and goes. It must not block.
	Changed func(State)

	// Dial, if set, replaces Socket and Address.
	Dial func(context.Context) (net.Conn, error)
}

// Handler is who the line works for.
type Handler interface {
	// Deliver makes a batch durable, all of it or nothing, and returns only then. The
	// deliveries are in the order they were read. If it fails, the same batch comes again,
	// unchanged, after Resume.
	Deliver(ctx context.Context, batch []Delivery) error

	// Roster returns the members of a group as far as they were delivered, none if the
	// group is new. It is asked once per group after the start of the line.
	Roster(ctx context.Context, group chat.GroupID) ([]chat.PersonID, error)
}

// Delivery is one thing that came in. Exactly one of the fields is set.
type Delivery struct {
	Message   *chat.Message
	Arrival   *Arrival
	Undecoded []byte // a line that could not be understood, phone numbers removed
}

// String never shows what came in.
func (d Delivery) String() string {
	switch {
	case d.Message != nil:
		return d.Message.String()
	case d.Arrival != nil:
		return fmt.Sprintf("arrival of %d messages", len(d.Arrival.Sent))
	}
	return fmt.Sprintf("undecoded line, %d bytes", len(d.Undecoded))
}

// GoString keeps %#v from showing it, too.
func (d Delivery) GoString() string { return d.String() }

// Arrival says that messages of the bot are on one of a person's devices, or were read
// there. It does not say in which conversation.
type Arrival struct {
	By   chat.PersonID
	Sent []chat.Timestamp
}

// State tells whether messages can come and go.
type State string

// The states of a line.
const (
	Offline State = "offline" // no connection to the daemon; the line tries again by itself
	Online  State = "online"  // messages come and go
	Paused  State = "paused"  // connected, sends go out, Signal keeps what comes in
)

// TroubleKind names a trouble in the log, the metrics and the bot's own words.
type TroubleKind string

// What may go wrong on a line that no retry puts right.
const (
	Undecryptable TroubleKind = "undecryptable" // a message could not be read; Detail is signal-cli's exception
	NotMember     TroubleKind = "not-member"    // the bot is not in the group
	Challenged    TroubleKind = "challenged"    // Signal wants a captcha; Detail is its token
	NotManual     TroubleKind = "not-manual"    // the daemon receives by itself: messages get lost while the bot is away
	Outdated      TroubleKind = "outdated"      // signal-cli is too old; Detail is its version
	NotDelivered  TroubleKind = "not-delivered" // Deliver failed; the line is paused until Resume
)

// Trouble is something that an operator should know of.
type Trouble struct {
	Kind   TroubleKind
	Person chat.PersonID // if it is about one
	Group  chat.GroupID  // if it is about one
	Detail string
}

// How long things may take. Signal's own timeouts are well below the daemon's deadlines,
// so a call that exceeds them has an unknown outcome and not just a slow one.
const (
	dialTimeout     = 10 * time.Second
	beatEvery       = 45 * time.Second // between two heartbeats
	quickTimeout    = 10 * time.Second // heartbeats, typing, subscribing
	callTimeout     = 60 * time.Second // everything else but sends
	sendTimeout     = 120 * time.Second
	linkTimeout     = 5 * time.Minute  // somebody has to find their phone and scan a code
	debounce        = 5 * time.Second  // after a group's change, before its members are asked for
	debounceAtMost  = 30 * time.Second // and from the first change on, if they keep coming
	namesAfter      = time.Second      // before names are asked for again, twice as long each time
	namesTries      = 3                // times, while the newcomers wait
	reviewEvery     = 6 * time.Hour    // between two reviews of all rosters and safety numbers
	backoffFirst    = 250 * time.Millisecond
	backoffLast     = 30 * time.Second
	readOnFor       = 5 * time.Second  // what came in before a connection broke
	steadyAfter     = 30 * time.Second // a connection that lasted so long was a good one
	quietFor        = 2 * time.Second  // without an envelope, before unsubscribing at the end
	quietAtMost     = 5 * time.Second
	handOverTimeout = 45 * time.Second // for everything there is to do at the end
)
