package signal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"communityconnect/chat"
)

var (
	errUnreachable = errors.New("signal-cli cannot be reached")
	errAccount     = errors.New("signal-cli does not serve the account")
)

// Dial makes one connection to the daemon for a few calls, beside a running line or
// without one. It finds out which account the daemon serves, and fails if that is not the
// one in the options; with an empty account in the options and several in the daemon, too.
func Dial(ctx context.Context, opts Options) (*Client, error) {
	c, err := connect(ctx, opts)
	if err != nil {
		return nil, err
	}
	if err := c.introduce(ctx, opts.Account); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// connect makes a connection without asking anything.
func connect(ctx context.Context, opts Options) (*Client, error) {
	dial := opts.Dial
	if dial == nil {
		var err error
		if dial, err = dialer(opts); err != nil {
			return nil, err
		}
	}
	conn, err := dial(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreachable, err)
	}
	return newClient(conn, func([]byte, bool) {}, nil), nil
}

// introduce learns the daemon's version and the bot's own account.
func (c *Client) introduce(ctx context.Context, wanted string) error {
	var v struct {
		Version string `json:"version"`
	}
	if err := c.call(ctx, quickTimeout, "version", nil, &v); err != nil {
		return err
	}
	c.version = v.Version
	if err := c.findAccount(ctx, wanted); err != nil {
		return err
	}
	return c.findSelf(ctx, wanted)
}

// findAccount sets the account parameter, which only a daemon for several accounts takes.
func (c *Client) findAccount(ctx context.Context, wanted string) error {
	accounts, err := c.Accounts(ctx)
	var refused *CallError
	switch {
	case errors.As(err, &refused) && refused.Code == codeUnknownMethod:
		return nil // the daemon was started for one account
	case err != nil:
		return err
	case wanted == "" && len(accounts) == 1:
		c.account = accounts[0]
	case wanted == "" && len(accounts) == 0:
		return fmt.Errorf("%w: it has none yet; register or link one first", errAccount)
	case wanted == "":
		return fmt.Errorf("%w: it serves %d accounts; say which one is the bot's", errAccount, len(accounts))
	case isACI(wanted) || slices.Contains(accounts, wanted):
		c.account = wanted
	default:
		return fmt.Errorf("%w that is configured; register or link it first", errAccount)
	}
	return nil
}

// Accounts lists the numbers of the accounts that a daemon for several accounts serves. A
// daemon for one account refuses with a [*CallError] of code -32601.
func (c *Client) Accounts(ctx context.Context) ([]string, error) {
	var list []struct {
		Number string `json:"number"`
	}
	if err := c.call(ctx, callTimeout, "listAccounts", nil, &list); err != nil {
		return nil, err
	}
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.Number
	}
	return out, nil
}

// findSelf finds the bot's own account identifier. No method tells it, but the list of
// known identities has it: the entry of the account's number, or the one whose safety
// number with us is ours twice.
func (c *Client) findSelf(ctx context.Context, wanted string) error {
	if c.account != "" {
		wanted = c.account
	}
	ids, err := c.identities(ctx, "")
	if err != nil {
		return err
	}
	for _, id := range ids {
		named := wanted == "" || id.Number == wanted || id.UUID == wanted || id.Number == "" && !isACI(wanted)
		if !isACI(id.UUID) || !id.ownKey() {
			continue
		}
		if !named {
			return fmt.Errorf("%w that is configured; it serves another one", errAccount)
		}
		c.me = account{aci: chat.PersonID(id.UUID), number: id.Number}
		return nil
	}
	return c.lookUpSelf(ctx, wanted)
}

// lookUpSelf is for a daemon that does not list its own identity.
func (c *Client) lookUpSelf(ctx context.Context, wanted string) error {
	if isACI(wanted) {
		c.me = account{aci: chat.PersonID(wanted)}
		return nil
	}
	if wanted != "" {
		var list []identity
		err := c.call(ctx, callTimeout, "listContacts", map[string]any{"recipient": []string{wanted}, "allRecipients": true}, &list)
		if err != nil {
			return err
		}
		for _, id := range list {
			if id.Number == wanted && isACI(id.UUID) {
				c.me = account{aci: chat.PersonID(id.UUID), number: id.Number}
				return nil
			}
		}
	}
	return fmt.Errorf("%w: it does not say which one it is; configure the account's identifier (ACI) in the place of its number", errAccount)
}

// subscription is a connection's wish to receive.
type subscription struct {
	c  *Client
	on bool
	id jsontext.Value
}

func (s *subscription) start(ctx context.Context) error {
	if s.on {
		return nil
	}
	if err := s.c.call(ctx, quickTimeout, "subscribeReceive", nil, &s.id); err != nil {
		return err
	}
	s.on = true
	return nil
}

// stop returns when the daemon has said that nothing more comes.
func (s *subscription) stop(ctx context.Context) error {
	if !s.on {
		return nil
	}
	err := s.c.call(ctx, quickTimeout, "unsubscribeReceive", map[string]any{"subscription": s.id}, nil)
	var refused *CallError
	if err != nil && !errors.As(err, &refused) {
		return err
	}
	s.on = false
	return nil
}

// settle waits, not for long, until every call has its answer.
func (c *Client) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, quickTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		c.mu.Lock()
		waiting := len(c.pending)
		c.mu.Unlock()
		if waiting == 0 {
			return
		}
		select {
		case <-c.broken:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// lossReason names for the log why a connection ended or was not made.
func lossReason(err error) string {
	var refused *CallError
	switch {
	case errors.Is(err, errUnreachable):
		return "unreachable"
	case errors.Is(err, errAccount):
		return "account"
	case errors.As(err, &refused):
		return fmt.Sprintf("refused%d", refused.Code)
	case errors.Is(err, errNoAnswer), errors.Is(err, errNotWritten):
		return "no-answer"
	case errors.Is(err, io.EOF):
		return "closed-by-daemon"
	case errors.Is(err, net.ErrClosed):
		return "closed"
	}
	return "broken"
}
