package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"communityconnect/ledger"
)

// Config is the whole file, with the defaults filled in and every path resolved.
type Config struct {
	Signal      Signal
	Communities []Community // at least one
	Backup      Backup
	Portal      Portal
	LLM         LLM
}

// Signal is how to reach signal-cli's daemon: by a socket or by an address.
type Signal struct {
	Socket  string // path
	Address string // host:port
	Account string // the bot's number or account identifier; "" where the daemon serves one
}

// Community is one community and its two groups on Signal.
type Community struct {
	Name         string
	Timezone     string // IANA name
	Group        string // Signal's identifier, base64
	CouncilGroup string
	Database     string // path
	Account      string // the bot's on Signal, as in Signal; "" for that one
	Policy       Policy
}

// Policy is what a community starts with.
type Policy struct {
	Floor           ledger.Minutes
	Ceiling         ledger.Minutes
	NewcomerFloor   ledger.Minutes
	NewcomerCeiling ledger.Minutes
	Vouchers        int
}

// Backup is where backups go, and who can open them.
type Backup struct {
	Directory  string   // path
	Recipients []string // age public keys; none: not encrypted
	Identity   string   // path of a secret key for the monthly drill; "" where it is kept elsewhere
}

// Portal is the web pages. There are none where Address is empty.
type Portal struct {
	Address        string // host:port
	URL            string // what members see, without a slash at the end
	TrustedProxies []string
}

// LLM is a language model behind an OpenAI-compatible interface. There is none where
// BaseURL is empty.
type LLM struct {
	BaseURL   string
	Model     string
	APIKeyEnv string // the environment variable that holds the key
}

// The defaults that stand for themselves. Those that depend on other keys are with their
// readers.
const (
	DefaultSocket    = "/run/signal-cli/socket"
	DefaultName      = "Our community"
	DefaultTimezone  = "UTC"
	DefaultDatabase  = "community.db"
	DefaultDirectory = "backups"
	DefaultKeyEnv    = "COMMUNITYCONNECT_LLM_KEY"
)

// DefaultPolicy has the limits that a community starts with if its file says nothing:
// those of the founding paper for members, narrower ones for newcomers.
func DefaultPolicy() Policy {
	return Policy{
		Floor: -50 * ledger.Hour, Ceiling: 100 * ledger.Hour,
		NewcomerFloor: -12 * ledger.Hour, NewcomerCeiling: 24 * ledger.Hour,
		Vouchers: 1,
	}
}

// Problem is one thing that is wrong with a file.
type Problem struct {
	File string
	Line int // from 1; 0 where it is about no line
	Text string
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Error is everything that is wrong with a file, in the order of its lines.
type Error struct{ Problems []Problem }

func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Read reads and checks the file. A file that is not right fails with an *Error, one that
// can't be read with an error of os.
func Read(path string) (Config, error) {
	doc, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	return Parse(path, doc)
}

// Parse is Read for a file whose content is known.
func Parse(path string, doc []byte) (Config, error) {
	r, err := newReader(path, doc)
	if err != nil {
		return Config{}, err
	}
	c := r.config()
	if err := r.problem(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// beside resolves a path against the place of the file.
func beside(file, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}
