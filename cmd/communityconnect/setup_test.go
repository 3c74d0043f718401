package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communityconnect/chat/signal/signaltest"
	"communityconnect/config"
	"communityconnect/ledger"
)

// installed runs setup's questions with typed answers. The daemon listens at no usual
// place unless it is put there.
func installed(t *testing.T, file, answers string, places []config.Signal, flags map[string]string) (out string, err error) {
	t.Helper()
	var b bytes.Buffer
	i := &installation{
		ctx: t.Context(), path: file, d: newDialogue(strings.NewReader(answers), &b, flags["yes"] != ""),
		given: func(name string) string { return flags[name] }, places: places, zone: "Europe/Dublin", listen: time.Millisecond,
	}
	err = i.run()
	return b.String(), err
}

// socketDaemon is a daemon on a socket with two groups.
func socketDaemon(t *testing.T, opts signaltest.Options) (v *village, place config.Signal) {
	t.Helper()
	v, _ = newVillage(t, opts, 1, "Ann", "Ben")
	place = config.Signal{Socket: filepath.Join(t.TempDir(), "s")}
	fine(t, v.ListenUnix(place.Socket))
	return v, place
}

// A friendly hour: wrong answers are explained and asked again, the right ones end in a
// config that says what was answered.
func TestSetupByAnswers(t *testing.T) {
	v, place := socketDaemon(t, signaltest.Options{Accounts: true})
	v.Unlink()
	file := filepath.Join(t.TempDir(), "riverside.toml")
	answers := strings.Join([]string{
		"/nowhere/socket", "localhost", place.Socket, // where it listens
		"maybe", "2", // link a phone
		"+353879999999", v.Number(), // which account
		"9", "1", // the community's group
		"1", "2", // the council's
		"", // the name: the group's
		"Dublin", "Europe/Dublin",
		"a lot", "+10h", "-40h",
		"-80h", "",
	}, "\n") + "\n"
	out, err := installed(t, file, answers, []config.Signal{{Socket: "/nowhere/else"}}, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"does not answer at /nowhere/else", "nobody answers there", "please type 1 or 2", "sgnl://linkdevice", "█",
		"signal-cli has no account \"+353879999999\"", `no group "9"`, "needs a group of its own", `"Dublin" is no time zone`,
		`"a lot" is no limit`, "a floor lies below zero, like -10h", "a ceiling lies above zero, like +80h", "[+100h]", "Written to",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the dialogue misses %q:\n%s", want, out)
		}
	}
	c, err := config.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Communities[0]
	want := config.Community{
		Name: "Riverside", Timezone: "Europe/Dublin", Group: string(v.group), CouncilGroup: string(v.council),
		Database: filepath.Join(filepath.Dir(file), "riverside.db"), Policy: config.DefaultPolicy(),
	}
	want.Policy.Floor = -40 * ledger.Hour
	if got != want || c.Signal != (config.Signal{Socket: place.Socket, Account: v.Number()}) {
		t.Errorf("got %+v, want %+v", c, want)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the config is open to others: %v %v", info, err)
	}
	if code, _, errOut := callFor("check", "--config", file); code != exitFine {
		t.Error(errOut)
	}
}

// A daemon for one account needs no choice, and its place is found by itself.
func TestSetupFindsTheDaemon(t *testing.T) {
	v, _ := newVillage(t, signaltest.Options{}, 1, "Ann", "Ben")
	address, err := v.ListenTCP()
	fine(t, err)
	file := filepath.Join(t.TempDir(), "riverside.toml")
	out, err := installed(t, file, "1\n2\n\n\n\n\n", []config.Signal{{Socket: "/nowhere"}, {Address: address}}, nil)
	if err != nil || !strings.Contains(out, "signal-cli answers at "+address) {
		t.Fatalf("%v\n%s", err, out)
	}
	if c, err := config.Read(file); err != nil || c.Signal.Address != address || c.Communities[0].Timezone != "Europe/Dublin" {
		t.Errorf("%+v %v", c, err)
	}
}

// Nothing is written over without a yes, and what was there are the defaults.
func TestSetupAgain(t *testing.T) {
	v, place := socketDaemon(t, signaltest.Options{})
	file := filepath.Join(t.TempDir(), "riverside.toml")
	flags := map[string]string{"socket": place.Socket, "group": string(v.group), "council-group": string(v.council), "name": "Hillside", "floor": "-7h"}
	if out, err := installed(t, file, "Asia/Kathmandu\n+9h\n", nil, flags); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	before, err := os.ReadFile(file)
	fine(t, err)
	if _, err := installed(t, file, "what\nno\n", nil, nil); err == nil || !strings.Contains(err.Error(), "stays as it is") {
		t.Errorf("got %v", err)
	}
	if _, err := installed(t, file, "", nil, nil); err == nil || !strings.Contains(err.Error(), "--yes") {
		t.Errorf("with nobody to answer: %v", err)
	}
	if out, err := installed(t, file, "yes\n\n\n\n\n\n\n", nil, nil); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	after, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the same answers made another file: %v\n%s\n%s", err, before, after)
	}
	fine(t, os.WriteFile(file, []byte("[broken"), 0o600))
	if out, err := installed(t, file, "no\n", nil, nil); err == nil || !strings.Contains(out, "I can't read it") {
		t.Errorf("%v %s", err, out)
	}
}

// By flags alone it works without a terminal, and ends with the check.
func TestSetupByFlags(t *testing.T) {
	v, place := socketDaemon(t, signaltest.Options{Accounts: true})
	dir := t.TempDir()
	file := filepath.Join(dir, "riverside.toml")
	args := []string{
		"setup", "--config", file, "--socket", place.Socket, "--group", string(v.group), "--council-group", string(v.council),
		"--timezone", "Europe/Dublin", "--floor=-30h", "--ceiling", "60h", "--yes",
	}
	out := must(t, args...)
	if !strings.Contains(out, "ok    member") || strings.Contains(out, "FAIL") {
		t.Error(out)
	}
	c, err := config.Read(file)
	if err != nil || c.Communities[0].Name != "Riverside" || c.Communities[0].Policy.Ceiling != 60*ledger.Hour || c.Signal.Account != v.Number() {
		t.Errorf("%+v %v", c, err)
	}
	for want, wrong := range map[string][]string{
		"--timezone Dublin":                {"--timezone", "Dublin"},
		"--floor nonsense":                 {"--floor", "nonsense"},
		"needs a group of its own":         {"--council-group", string(v.group)},
		"both --socket and --address":      {"--address", "127.0.0.1:7583"},
		"signal-cli has no account":        {"--account", "+353879999999"},
		"signal-cli can't be reached":      {"--socket", "/nowhere"},
		"doesn't make a config":            {"--name", "a\x07b"},
		"flag provided but not defined":    {"--colour", "red"},
		"does not know what to do with \"": {"please"},
	} {
		code, _, errOut := callFor(append(append([]string{}, args...), wrong...)...)
		if code == exitFine || !strings.Contains(errOut, want) {
			t.Errorf("%q: %d %s", wrong, code, errOut)
		}
	}
}

// A group that nobody knows is looked for at Signal, and then named.
func TestSetupWithAnUnknownGroup(t *testing.T) {
	_, place := socketDaemon(t, signaltest.Options{})
	out, err := installed(t, filepath.Join(t.TempDir(), "r.toml"), "", nil, map[string]string{
		"socket": place.Socket, "group": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "yes": "yes",
	})
	if err == nil || !strings.Contains(err.Error(), "there is no group") || !strings.Contains(out, "Asking Signal") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Where there is no account and no group yet, it says how to get them and looks again.
func TestSetupWaitsForWhatIsMissing(t *testing.T) {
	v, place := socketDaemon(t, signaltest.Options{Accounts: true})
	v.Unlink()
	v.Leave(v.council, v.Bot())
	answers := newTyped()
	done := make(chan error, 1)
	out := &watched{want: "The bot needs two groups", seen: make(chan struct{})}
	file := filepath.Join(t.TempDir(), "r.toml")
	go func() {
		i := &installation{ctx: t.Context(), path: file, d: newDialogue(answers, out, false),
			given: func(string) string { return "" }, places: []config.Signal{place}, zone: "UTC", listen: time.Millisecond}
		done <- i.run()
	}()
	answers.press("1\n") // a number of its own: the steps
	register(t, v, place)
	answers.press("\n") // done
	answers.press("\n") // its number
	<-out.seen
	v.Invitation("The council")
	answers.press("\n") // the bot is invited
	answers.press("1\n2\n\n\n\n\n")
	if err := <-done; err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{"number of its own", "signal-cli -a +353870000000 register", "updateProfile", "The bot needs two groups", "(invited;"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it misses %q:\n%s", want, out.String())
		}
	}
	_, err := installed(t, filepath.Join(t.TempDir(), "x.toml"), "", []config.Signal{{Socket: "/nowhere"}}, map[string]string{"yes": "yes"})
	if err == nil || !strings.Contains(err.Error(), "can't be reached") {
		t.Errorf("got %v", err)
	}
}

// register gives the daemon an account, as the steps do by hand.
func register(t *testing.T, v *village, place config.Signal) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(context.Background(), "unix", place.Socket)
	fine(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, `{"jsonrpc":"2.0","id":1,"method":"verify","params":{"account":"`+v.Number()+`","verificationCode":"123-456"}}`+"\n")
	fine(t, err)
	_, err = conn.Read(make([]byte, 1024))
	fine(t, err)
}

// typed is a keyboard: what is typed comes when it is asked for.
type typed struct {
	*io.PipeReader
	keys *io.PipeWriter
}

func newTyped() *typed {
	r, w := io.Pipe()
	return &typed{r, w}
}

// press returns when the keys have been read.
func (k *typed) press(keys string) { _, _ = io.WriteString(k.keys, keys) }

// watched is output that tells when some words have been written.
type watched struct {
	captured
	want string
	seen chan struct{}
	told bool
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.captured.Write(p)
	if !w.told && strings.Contains(w.String(), w.want) {
		w.told = true
		close(w.seen)
	}
	return n, err
}
