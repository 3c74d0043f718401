package signal_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// levels writes findings in short: "member fine, write fail".
func levels(found []signal.Finding) string {
	var out []string
	for _, f := range found {
		out = append(out, fmt.Sprintf("%s %s", f.Check, f.Level))
	}
	return strings.Join(out, ", ")
}

const basis = "reach fine, version fine, account fine"

// Each thing that an installation needs is found right or wrong.
func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		version string
		prepare func(*signaltest.Daemon) signal.Wanted
		want    string
	}{
		"all is well": {"", func(d *signaltest.Daemon) signal.Wanted {
			g, council := d.Group("Riverside", d.Person("Ann")), d.Group("Council", d.Person("Ben"))
			d.GroupRules(council, false, false, true, true)
			return signal.Wanted{Groups: []chat.GroupID{g}, Council: []chat.GroupID{council}}
		}, basis + ", member fine, write fine, member fine, write fine, link fine, adds fine"},
		"old": {"0.14.4.1+morph027+2", func(*signaltest.Daemon) signal.Wanted { return signal.Wanted{} },
			"reach fine, version warn, account fine"},
		"newer": {"1.0.0-SNAPSHOT", func(*signaltest.Daemon) signal.Wanted { return signal.Wanted{} }, basis},
		"open council": {"", func(d *signaltest.Daemon) signal.Wanted {
			g := d.Group("Council", d.Person("Ann"))
			d.GroupRules(g, true, true, true, true)
			return signal.Wanted{Council: []chat.GroupID{g}}
		}, basis + ", member fine, write fine, link warn, adds warn"},
		"an open community is fine": {"", func(d *signaltest.Daemon) signal.Wanted {
			g := d.Group("Riverside", d.Person("Ann"))
			d.GroupRules(g, true, true, true, true)
			return signal.Wanted{Groups: []chat.GroupID{g}}
		}, basis + ", member fine, write fine"},
		"only admins write": {"", func(d *signaltest.Daemon) signal.Wanted {
			g := d.Group("Riverside", d.Person("Ann"))
			d.GroupRules(g, false, false, false, false)
			return signal.Wanted{Groups: []chat.GroupID{g}}
		}, basis + ", member fine, write fail"},
		"the bot is an admin": {"", func(d *signaltest.Daemon) signal.Wanted {
			g := d.Group("Riverside", d.Person("Ann"))
			d.GroupRules(g, false, false, false, true)
			return signal.Wanted{Groups: []chat.GroupID{g}}
		}, basis + ", member fine, write fine"},
		"invited": {"", func(d *signaltest.Daemon) signal.Wanted {
			return signal.Wanted{Groups: []chat.GroupID{d.Invitation("Riverside", d.Person("Ann"))}}
		}, basis + ", member fine, write fine"},
		"thrown out": {"", func(d *signaltest.Daemon) signal.Wanted {
			g := d.Group("Riverside", d.Person("Ann"))
			d.Leave(g, d.Bot())
			return signal.Wanted{Groups: []chat.GroupID{g}}
		}, basis + ", member fail"},
		"unknown group": {"", func(*signaltest.Daemon) signal.Wanted {
			return signal.Wanted{Groups: []chat.GroupID{"AqYtczGG+gcQx0blHqnOIBPiDCWa7hKT8nGCvG5LgoE="}}
		}, basis + ", member fail"},
		"no group at all": {"", func(*signaltest.Daemon) signal.Wanted {
			return signal.Wanted{Groups: []chat.GroupID{"riverside"}}
		}, basis + ", member fail"},
		"Signal is away": {"", func(d *signaltest.Daemon) signal.Wanted {
			d.Fail("listGroups", 1, signaltest.Fault{Error: &signaltest.Error{Code: -3, Message: "no network"}})
			return signal.Wanted{Groups: []chat.GroupID{d.Group("Riverside")}}
		}, basis + ", member fail"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := signaltest.New(signaltest.Options{Version: c.version})
				defer d.Close()
				found := signal.Check(t.Context(), signal.Options{Dial: d.Dial}, c.prepare(d))
				if got := levels(found); got != c.want {
					t.Errorf("found %s, want %s", got, c.want)
				}
				for _, f := range found {
					if f.Text == "" || f.Level == signal.Fail && !strings.Contains(f.Text, ";") && !strings.Contains(f.Text, ":") {
						t.Errorf("%s says %q and not what to do", f.Check, f.Text)
					}
				}
			})
		})
	}
}

// A daemon that is not there, and one that serves somebody else, are told apart.
func TestCheckUnreached(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "socket")
	found := signal.Check(t.Context(), signal.Options{Socket: socket}, signal.Wanted{})
	if got := levels(found); got != "reach fail" || !strings.Contains(found[0].Text, socket) {
		t.Errorf("without a daemon: %v", found)
	}
	d := signaltest.New(signaltest.Options{})
	defer d.Close()
	if err := d.ListenUnix(socket); err != nil {
		t.Fatal(err)
	}
	found = signal.Check(t.Context(), signal.Options{Socket: socket, Account: "+15550000000"}, signal.Wanted{})
	if got := levels(found); got != "account fail" {
		t.Errorf("with another account: %v", found)
	}
	found = signal.Check(t.Context(), signal.Options{Socket: socket, Account: d.Number()}, signal.Wanted{})
	if got := levels(found); got != basis {
		t.Errorf("with the account: %v", found)
	}
	found = signal.Check(t.Context(), signal.Options{Socket: socket, Address: "127.0.0.1:1"}, signal.Wanted{})
	if got := levels(found); got != "reach fail" {
		t.Errorf("with two ways to reach it: %v", found)
	}
}

// A daemon for several accounts is told which one is meant, by number or by account
// identifier, and need not be told where there is only one.
func TestSeveralAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := signaltest.New(signaltest.Options{Accounts: true})
		defer d.Close()
		for _, account := range []string{"", d.Number(), string(d.Bot())} {
			c, err := signal.Dial(t.Context(), signal.Options{Dial: d.Dial, Account: account})
			if err != nil {
				t.Fatalf("as %q: %v", account, err)
			}
			if c.Self() != d.Bot() {
				t.Errorf("as %q it found another self", account)
			}
			c.Close()
		}
		if _, err := signal.Dial(t.Context(), signal.Options{Dial: d.Dial, Account: "+15550000000"}); err == nil {
			t.Error("it is content with another account")
		}
		d.Unlink()
		if _, err := signal.Dial(t.Context(), signal.Options{Dial: d.Dial}); err == nil {
			t.Error("it is content without an account")
		}
	})
}

// A daemon that does not list its own identity is asked in another way.
func TestUnlistedSelf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := signaltest.New(signaltest.Options{Unlisted: true})
		defer d.Close()
		d.Person("Ann")
		for _, account := range []string{d.Number(), string(d.Bot())} {
			c, err := signal.Dial(t.Context(), signal.Options{Dial: d.Dial, Account: account})
			if err != nil {
				t.Fatalf("as %q: %v", account, err)
			}
			if c.Self() != d.Bot() {
				t.Errorf("as %q it found another self", account)
			}
			c.Close()
		}
		for _, account := range []string{"", "+15550000000"} {
			if _, err := signal.Dial(t.Context(), signal.Options{Dial: d.Dial, Account: account}); err == nil {
				t.Errorf("it is content with %q", account)
			}
		}
	})
}

// An account can be linked and named from nothing.
func TestSetup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		d := signaltest.New(signaltest.Options{Accounts: true})
		defer d.Close()
		d.Unlink()
		s, err := signal.NewSetup(ctx, signal.Options{Dial: d.Dial})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if accounts, err := s.Accounts(ctx); err != nil || len(accounts) != 0 {
			t.Errorf("accounts %v, %v", accounts, err)
		}
		uri, err := s.StartLink(ctx)
		if err != nil || !strings.HasPrefix(uri, "sgnl://linkdevice") {
			t.Fatalf("the link is %q, %v", uri, err)
		}
		if number, err := s.FinishLink(ctx, uri, "Community Connect"); err != nil || number != d.Number() {
			t.Errorf("linked %q, %v", number, err)
		}
		if accounts, err := s.Accounts(ctx); err != nil || !slices.Equal(accounts, []string{d.Number()}) {
			t.Errorf("accounts %v, %v", accounts, err)
		}
		c, err := signal.Dial(ctx, signal.Options{Dial: d.Dial})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Rename(ctx, "Credits"); err != nil {
			t.Error(err)
		}
		if err := c.Rename(ctx, " "); err == nil {
			t.Error("a bot without a name")
		}
		if err := s.Register(ctx, d.Number(), "signalcaptcha://x", false); err != nil {
			t.Error(err)
		}
		d.Fail("register", 1, signaltest.Fault{Error: &signaltest.Error{Code: -1, Message: "Captcha required for verification (null)"}})
		if err := s.Register(ctx, d.Number(), "", false); err == nil || !strings.Contains(err.Error(), "Captcha required") {
			t.Errorf("without a captcha: %v", err)
		}
		if err := s.Verify(ctx, d.Number(), "123-456", "1234"); err != nil {
			t.Error(err)
		}
		if c := d.Complaints(); len(c) > 0 {
			t.Error(c)
		}
	})
}

// A daemon that was started for one account says what has to be different for linking.
func TestSetupWithOneAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := signaltest.New(signaltest.Options{})
		defer d.Close()
		s, err := signal.NewSetup(t.Context(), signal.Options{Dial: d.Dial})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := s.StartLink(t.Context()); err == nil || !strings.Contains(err.Error(), "without -a") {
			t.Errorf("it says %v", err)
		}
	})
}

// A line needs a way to the daemon and somebody to work for.
func TestNewLine(t *testing.T) {
	for _, opts := range []signal.Options{{}, {Socket: "a", Address: "b"}} {
		if _, err := signal.New(opts, &keeper{}); err == nil {
			t.Errorf("a line out of %+v", opts)
		}
	}
	if _, err := signal.New(signal.Options{Socket: "a"}, nil); err == nil {
		t.Error("a line for nobody")
	}
	line, err := signal.New(signal.Options{Socket: "a"}, &keeper{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := line.Groups(context.Background()); err == nil {
		t.Error("groups without a connection")
	}
	if found := line.Check(context.Background(), signal.Wanted{}); levels(found) != "reach fail" {
		t.Errorf("found %v", found)
	}
}
