package signal

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Setup is a connection to a daemon that may not have the bot's account yet. Registering
// and linking need a daemon that was started without -a.
type Setup struct{ c *Client }

// NewSetup connects without asking for an account.
func NewSetup(ctx context.Context, opts Options) (*Setup, error) {
	c, err := connect(ctx, opts)
	if err != nil {
		return nil, err
	}
	return &Setup{c}, nil
}

// Close ends the connection.
func (s *Setup) Close() { s.c.Close() }

// Accounts lists the numbers of the accounts that the daemon serves, see [Client.Accounts].
func (s *Setup) Accounts(ctx context.Context) ([]string, error) { return s.c.Accounts(ctx) }

// Register asks Signal to register a number, which it confirms by a text message or, with
// voice, by a call. Signal nearly always wants a captcha first: the signalcaptcha:// link
// of https://signalcaptchas.org/registration/generate.html. A number that is in use on a
// phone is taken over and the phone is logged out.
func (s *Setup) Register(ctx context.Context, number, captcha string, voice bool) error {
	params := map[string]any{"account": number, "voice": voice}
	if captcha != "" {
		params["captcha"] = strings.TrimSpace(captcha)
	}
	return s.account("register", s.c.call(ctx, callTimeout, "register", params, nil))
}

// Verify completes a registration with the code that Signal sent, and the registration
// PIN if the number has one.
func (s *Setup) Verify(ctx context.Context, number, code, pin string) error {
	params := map[string]any{"account": number, "verificationCode": strings.TrimSpace(code)}
	if pin != "" {
		params["pin"] = pin
	}
	return s.account("verify", s.c.call(ctx, callTimeout, "verify", params, nil))
}

// StartLink returns the link that the account's phone has to scan as a QR code. Linked
// devices are thrown out after some weeks without use, and see the private chats of the
// phone's owner: an account of its own is better for a bot.
func (s *Setup) StartLink(ctx context.Context) (uri string, err error) {
	var out struct {
		URI string `json:"deviceLinkUri"`
	}
	err = s.c.call(ctx, callTimeout, "startLink", nil, &out)
	return out.URI, s.account("startLink", err)
}

// FinishLink waits until the phone has scanned the link, up to five minutes, and returns
// the account's number.
func (s *Setup) FinishLink(ctx context.Context, uri, deviceName string) (number string, err error) {
	var out struct {
		Number string `json:"number"`
	}
	params := map[string]any{"deviceLinkUri": uri, "deviceName": deviceName}
	err = s.c.call(ctx, linkTimeout, "finishLink", params, &out)
	return out.Number, s.account("finishLink", err)
}

// account explains a refusal to the operator, in signal-cli's own words: that a captcha is
// needed, that a code is wrong. Such an error is for a terminal and not for a log.
func (s *Setup) account(what string, err error) error {
	var refused *CallError
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Code == codeUnknownMethod:
		return fmt.Errorf("signal-cli does not do %s because it was started for one account; start its daemon without -a: %w", what, err)
	}
	return fmt.Errorf("signal-cli says: %s: %w", refused.Text, err)
}

// Rename sets the name that people see. Without a name an account cannot be in a group.
func (c *Client) Rename(ctx context.Context, name string) error {
	if name = strings.TrimSpace(name); name == "" {
		return errors.New("the bot needs a name")
	}
	return c.call(ctx, callTimeout, "updateProfile", map[string]any{"givenName": name}, nil)
}
