package config_test

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"communityconnect/config"
	"communityconnect/ledger"
)

var update = flag.Bool("update", false, "write the expected errors anew")

const (
	group   = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	council = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
)

// Every broken file fails with exactly the error that stands beside it.
func TestBrokenFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.toml")
	if err != nil || len(files) < 25 {
		t.Fatalf("found %d broken files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".toml"), func(t *testing.T) {
			doc, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = config.Parse("c.toml", doc)
			var wrong *config.Error
			if !errors.As(err, &wrong) {
				t.Fatalf("it was taken, or failed with %v", err)
			}
			for _, p := range wrong.Problems {
				if p.Line < 1 && string(doc) != "\n" || p.Line > 1+bytes.Count(doc, []byte("\n")) {
					t.Errorf("there is no line %d", p.Line)
				}
			}
			expected := strings.TrimSuffix(file, ".toml") + ".error"
			if *update {
				if err := os.WriteFile(expected, []byte(err.Error()+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, readErr := os.ReadFile(expected)
			if readErr != nil || string(want) != err.Error()+"\n" {
				t.Errorf("got:\n%v\nwant:\n%s%v", err, want, readErr)
			}
		})
	}
}

// The groups alone are enough.
func TestDefaults(t *testing.T) {
	c, err := config.Parse("/etc/cc/c.toml", []byte("[[community]]\ngroup = \""+group+"\"\ncouncil_group = \""+council+"\"\n"))
	want := config.Config{
		Signal: config.Signal{Socket: "/run/signal-cli/socket"},
		Communities: []config.Community{{
			Name: "Our community", Timezone: "UTC", Group: group, CouncilGroup: council, Database: "/etc/cc/community.db",
			Policy: config.Policy{Floor: -50 * ledger.Hour, Ceiling: 100 * ledger.Hour, NewcomerFloor: -12 * ledger.Hour, NewcomerCeiling: 24 * ledger.Hour, Vouchers: 1},
		}},
		Backup: config.Backup{Directory: "/etc/cc/backups"},
		LLM:    config.LLM{APIKeyEnv: "COMMUNITYCONNECT_LLM_KEY"},
	}
	if err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, %v", c, err)
	}
}

// Everything that can be said is read, however TOML lets one say it.
func TestFullFile(t *testing.T) {
	want, err := config.Read("testdata/full.toml")
	if err != nil {
		t.Fatal(err)
	}
	c := want.Communities[0]
	if len(want.Communities) != 2 || c.Name != "Riverside" || c.Database != "testdata/riverside.db" || c.Policy.Floor != -40*ledger.Hour ||
		c.Policy.NewcomerCeiling != 90 || c.Policy.Vouchers != 2 || want.Communities[1].Database != "/srv/hillside.db" ||
		want.Communities[1].Policy.NewcomerFloor != -5*ledger.Hour || want.Signal.Address != "127.0.0.1:7583" || want.Signal.Socket != "" ||
		want.Portal.URL != "https://credits.example.org" || len(want.Portal.TrustedProxies) != 2 || len(want.Backup.Recipients) != 1 ||
		want.LLM.BaseURL != "http://127.0.0.1:11434/v1" || want.LLM.Model != "small" {
		t.Errorf("got %+v", want)
	}
}

func TestMissingFile(t *testing.T) {
	if _, err := config.Read("testdata/none.toml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// What Write writes, Read reads.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawConfig(t)
		var doc bytes.Buffer
		if err := config.Write(&doc, want); err != nil {
			t.Fatal(err)
		}
		got, err := config.Parse("/etc/cc/c.toml", doc.Bytes())
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\ngot  %+v\nwant %+v, %v", doc.Bytes(), got, want, err)
		}
	})
}

// drawConfig makes up a config that is right.
func drawConfig(t *rapid.T) config.Config {
	word := rapid.StringMatching(`[^\s\p{C}"][^\p{C}\x7f]{0,20}[^\s\p{C}]`).Filter(func(s string) bool { return strings.TrimSpace(s) == s })
	limit := rapid.IntRange(0, int(ledger.MaxLimit))
	p := config.Policy{Floor: -ledger.Minutes(limit.Draw(t, "floor")), Ceiling: ledger.Minutes(limit.Draw(t, "ceiling")), Vouchers: rapid.IntRange(1, 2).Draw(t, "vouchers")}
	p.NewcomerFloor = -ledger.Minutes(rapid.IntRange(0, -int(p.Floor)).Draw(t, "newcomer floor"))
	p.NewcomerCeiling = ledger.Minutes(rapid.IntRange(0, int(p.Ceiling)).Draw(t, "newcomer ceiling"))
	c := config.Config{
		Communities: []config.Community{{
			Name: word.Draw(t, "name"), Timezone: rapid.SampledFrom([]string{"UTC", "Europe/Dublin", "Asia/Kathmandu"}).Draw(t, "zone"),
			Group: group, CouncilGroup: council, Database: "/var/lib/" + rapid.StringMatching(`[a-z ü"\\#]{0,12}`).Draw(t, "file") + ".db", Policy: p,
		}},
		Backup: config.Backup{Directory: "/var/backups", Identity: rapid.SampledFrom([]string{"", "/etc/key.txt"}).Draw(t, "identity")},
		LLM:    config.LLM{APIKeyEnv: config.DefaultKeyEnv},
	}
	if rapid.Bool().Draw(t, "by address") {
		c.Signal.Address = "127.0.0.1:7583"
	} else {
		c.Signal.Socket = "/run/" + rapid.StringMatching(`[a-z"'\\]{1,10}`).Draw(t, "socket")
	}
	if rapid.Bool().Draw(t, "account") {
		c.Signal.Account = rapid.StringMatching(`\+[1-9][0-9]{8,12}`).Draw(t, "number")
	}
	if rapid.Bool().Draw(t, "portal") {
		c.Portal = config.Portal{Address: "127.0.0.1:8080", URL: "https://credits.example.org", TrustedProxies: rapid.SampledFrom([][]string{nil, {"127.0.0.1", "10.0.0.0/8"}}).Draw(t, "proxies")}
	}
	if rapid.Bool().Draw(t, "llm") {
		c.LLM = config.LLM{BaseURL: "http://127.0.0.1:11434/v1", Model: word.Draw(t, "model"), APIKeyEnv: "KEY"}
	}
	return c
}

// Whatever bytes stand in the file, reading it ends with a config or with an *Error.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.toml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/full.toml") {
		doc, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		c, err := config.Parse("c.toml", doc)
		var wrong *config.Error
		if err != nil && !errors.As(err, &wrong) {
			t.Fatalf("%T: %v", err, err)
		}
		if err == nil && (len(c.Communities) == 0 || c.Communities[0].Group == "" || c.Communities[0].Database == "") {
			t.Fatalf("taken without a community: %+v", c)
		}
	})
}
