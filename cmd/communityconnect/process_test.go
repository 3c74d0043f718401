package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	ossignal "os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/chat/signal/signaltest"
	"communityconnect/config"
)

// asProgram makes the test binary be the program itself.
const asProgram = "COMMUNITYCONNECT_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(asProgram) != "":
		main()
	case os.Getenv(asHasty) != "":
		if err := runHastily(os.Getenv(asHasty)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// asHasty makes the test binary be the bot of the config that it names, which does not
// pace what it says. It closes the file hearsOn when it can be told to stop.
const (
	asHasty = "COMMUNITYCONNECT_TEST_AS_HASTY"
	hearsOn = 3 // the first of exec.Cmd's ExtraFiles
)

func runHastily(file string) error {
	conf, err := readConfig("run", file)
	if err != nil {
		return err
	}
	s := newService(conf, conf.Communities[0], zerolog.New(os.Stderr).Level(zerolog.WarnLevel))
	s.pace = bot.Pace{}
	ctx, stop := ossignal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := os.NewFile(hearsOn, "hears").Close(); err != nil {
		return err
	}
	return s.run(ctx)
}

// socketVillage is a village whose daemon listens on a socket, with a config file.
func socketVillage(t *testing.T, opts signaltest.Options) (v *village, file string) {
	t.Helper()
	v, _ = newVillage(t, opts, 1, "Ann", "Ben")
	return v, v.onSocket()
}

// onSocket lets the daemon listen on a socket, and returns a config file that says so.
func (v *village) onSocket() (file string) {
	v.t.Helper()
	return v.onSocketAs(func(int) string { return "riverside.db" })
}

// onSocketAs is onSocket for several communities, each with a database of its own.
func (v *village) onSocketAs(database func(i int) string) (file string) {
	v.t.Helper()
	dir := v.t.TempDir()
	v.conf.Signal.Socket = filepath.Join(dir, "socket")
	for i := range v.conf.Communities {
		v.conf.Communities[i].Database = database(i)
	}
	v.conf.Backup.Directory = "backups"
	v.conf.LLM.APIKeyEnv = "KEY"
	if err := v.ListenUnix(v.conf.Signal.Socket); err != nil {
		v.t.Fatal(err)
	}
	return v.writeConfig(dir)
}

func (v *village) writeConfig(dir string) string {
	v.t.Helper()
	var doc bytes.Buffer
	if err := config.Write(&doc, v.conf); err != nil {
		v.t.Fatal(err)
	}
	file := filepath.Join(dir, "riverside.toml")
	if err := os.WriteFile(file, doc.Bytes(), 0o600); err != nil {
		v.t.Fatal(err)
	}
	return file
}

// The program itself: systemd hears of it, it answers about its health, it refuses a
// second one, and SIGTERM ends it well.
func TestProgramRuns(t *testing.T) {
	v, file := socketVillage(t, signaltest.Options{})
	notices := listenAsSystemd(t)
	cmd := exec.Command(os.Args[0], "run", "--config", file, "--metrics", "127.0.0.1:0")
	log := &captured{}
	cmd.Env = append(os.Environ(), asProgram+"=1", "NOTIFY_SOCKET="+notices.LocalAddr().String(), "WATCHDOG_USEC=300000")
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })

	await := func(want string) {
		t.Helper()
		if err := notices.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
		for got := make([]byte, 4096); ; {
			n, err := notices.Read(got)
			if err != nil {
				t.Fatalf("systemd never heard %s: %v\n%s", want, err, log)
			}
			if strings.HasPrefix(string(got[:n]), want) {
				return
			}
		}
	}
	await("READY=1")
	await("STATUS=talking with Signal")
	await("WATCHDOG=1")
	if _, err := v.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	at := regexp.MustCompile(`"address":"([0-9.:]+)"`).FindStringSubmatch(log.String())
	if at == nil {
		t.Fatal(log)
	}
	if code, body := get(t, "http://"+at[1]+"/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("healthz: %d %s", code, body)
	}
	_, metrics := get(t, "http://"+at[1]+"/metrics")
	for _, want := range []string{"communityconnect_signal_online 1", "communityconnect_outbox_failed 0", `communityconnect_signal_info{version="0.14.6"} 1`, "go_goroutines"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics miss %s", want)
		}
	}
	if code, _, errOut := callFor("run", "--config", file); code != exitWrong || !strings.Contains(errOut, "another communityconnect is running on this file") {
		t.Errorf("a second one: %d %s", code, errOut)
	}
	v.Stop()
	await("STATUS=waiting for signal-cli")
	if code, body := get(t, "http://"+at[1]+"/healthz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "no connection with signal-cli") {
		t.Errorf("healthz without signal-cli: %d %s", code, body)
	}
	v.Start()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	await("STOPPING=1")
	select {
	case err := <-exited:
		if err != nil {
			t.Errorf("it ended with %v\n%s", err, log)
		}
	case <-time.After(time.Minute):
		t.Errorf("it does not end\n%s", log)
	}
	if !strings.Contains(log.String(), `"message":"stopped"`) {
		t.Error(log)
	}
	if out := must(t, "check", "--config", file); strings.Contains(out, "FAIL") {
		t.Error(out)
	}
}

func listenAsSystemd(t *testing.T) *net.UnixConn {
	t.Helper()
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "n"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func get(t *testing.T, url string) (code int, body string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// Calls whose words are wrong, and files that are, end before anything happens.
func TestRunRefuses(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.toml")
	if err := os.WriteFile(broken, []byte("[[community]]\nnmae = \"x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(dir, "none.toml")
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"run", exitWords, "needs --config FILE"},
		{"run --config " + none, exitWrong, "setup --config " + none + " writes one"},
		{"run --config " + dir, exitWrong, "can't be read"},
		{"run --config " + broken, exitWrong, `broken.toml:2: there is no key "nmae" in [community]; did you mean "name"?`},
		{"run --config " + broken + " --log-level loud", exitWords, "debug, info, warn and error"},
		{"run --config " + broken + " --metrics 0.0.0.0:9464", exitWords, "this machine alone"},
		{"run --config " + broken + " --metrics 9464", exitWords, "this machine alone"},
		{"run --config " + broken + " again", exitWords, `does not know what to do with "again"`},
		{"check", exitWords, "needs --config FILE"},
		{"check --config " + none, exitWrong, "something is wrong"},
		{"challenge --config " + broken, exitWords, "needs --captcha LINK"},
		{"challenge --config " + broken + " --captcha signalcaptcha://x", exitWrong, "broken.toml:2"},
		{"setup", exitWords, "needs --config FILE"},
	} {
		if code, _, errOut := callFor(strings.Fields(c.args)...); code != c.code || !strings.Contains(errOut, c.want) {
			t.Errorf("%s: %d %s", c.args, code, errOut)
		}
	}
}

// A log is for people on a terminal alone; here it is JSON, and only from its level on.
func TestLogger(t *testing.T) {
	var b bytes.Buffer
	log, err := logger(&b, "warn")
	if err != nil {
		t.Fatal(err)
	}
	log.Info().Msg("not this")
	log.Warn().Msg("this")
	if got := b.String(); !strings.HasPrefix(got, `{"level":"warn","time":`) || strings.Contains(got, "not this") {
		t.Error(got)
	}
	if fmt.Sprint(loopback("[::1]:9464"), loopback("localhost:1"), loopback("")) != "<nil> <nil> <nil>" {
		t.Error("an address of this machine is refused")
	}
}
